import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { alertBlocks } from "../../../src/engagement/alert-blocks.ts"
import { logContact } from "../../../src/outreach/contacts.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import { message } from "../../../src/platform/message.ts"
import { addDays } from "../../../src/scheduling/zone.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type StaffName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, buttonsOf, deedsOf, formOf, newAdvisor, press as pressed, shown, submit } from "../outreach/steps.ts"
import { alertsIn, live, monday, sweep, tuesday } from "./weeks.ts"

let database: TestDatabase
let school: TestSchool
let alertId: string
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
  await live(school, { ada: "aammm", ben: "aaaaa", cleo: "aaaaa", dani: "aaasa" })
  alertId = (await alertsIn(school))[0]?.id ?? ""
})

/** The nth day after the alert was opened, a Tuesday night. */
const on = (days: number, time = "08:00"): Date => at(addDays(tuesday(4), days), time)
const wednesday = on(1)

const press = (who: PersonName, action: string, now = wednesday, target = alertId): Promise<Answer> => pressed(school, who, now, action, target)

const snooze = (who: PersonName, values: Readonly<Record<string, string>>, target = alertId): Promise<Answer> =>
  submit(school, who, wednesday, "alert_snooze", target, values)

const notes = (
  who: StaffName,
  now = wednesday,
  language: "en" | "es" = "en",
  list: "own" | "counsellors" = "own",
  limit = 2,
  home: "placed" | "typed" | "here" = "placed",
) => sceneFor(school, now, async (scene) => message("Notes", await alertBlocks(scene, school.people[who], { limit, list, home }, language)))

const state = async () => {
  const [one] = await alertsIn(school)
  return one && [one.state, one.closedAs ?? one.stage, one.owner]
}
const refused = "I do not find that note. It may have been closed, or it is not yours to close."

describe("what an adult reads", () => {
  test("is a sentence that can be checked by hand, with three buttons and no odds", async () => {
    const note = await notes("rivera")
    expect(shown(note)).toBe(
      "Ada Brook has not answered since 21 January: 3 chances, while last week 3 of 4 in the advisory answered or skipped. The last answer was read on 22 January. Worth a hello.\n",
    )
    expect(buttonsOf(note).map(({ action, id }) => [action, id])).toEqual([
      ["hello", school.people.ada],
      ["alert_acknowledge", alertId],
      ["alert_more", alertId],
    ])
    expect(buttonsOf(note).map(({ label }) => label)).toEqual(["I said hello", "I have this", "More…"])
    const spanish = await notes("rivera", wednesday, "es")
    expect(shown(spanish)).toContain("Ada Brook no responde desde el 21 de enero")
    expect(buttonsOf(spanish).map(({ label }) => label)).toEqual(["Ya saludé", "Me encargo yo", "Más…"])
  })

  test("has the rest behind one button: closed in two taps, put away, handed on", async () => {
    const more = await press("rivera", "alert_more")
    expect(shown(more)).toMatch(/^Ada Brook has not answered since 21 January/)
    expect(buttonsOf(more).map(({ action, label }) => [action, label])).toEqual([
      ["alert_useful", "Close: useful"],
      ["alert_known", "Close: already knew"],
      ["alert_false", "Close: not so"],
      ["alert_snooze", "Put away until…"],
      ["alert_hand", "Hand on to…"],
    ])
    await look(school, sql`update alert set stage = 'counsellors', owner_id = null`)
    expect(actionsOf(await press("rivera", "alert_more"))).toEqual(["alert_useful", "alert_known", "alert_false"])
    expect(actionsOf(await press("linde", "alert_more"))).toContain("alert_hand")
    await press("linde", "alert_useful")
    expect(shown(await press("rivera", "alert_more"))).toBe("That note is closed already.")
  })

  test("names the week that the group's number is of, once that is not last week any more", async () => {
    expect(shown(await notes("rivera", on(6)))).toContain("while in the week of 8 February 3 of 4 in the advisory answered or skipped.")
  })

  test("says how long, once it is long", async () => {
    await live(school, { ada: "mm" }, 5)
    expect(shown(await notes("linde", on(14), "en", "counsellors"))).toMatch(
      /^Quiet 5 weeks\. Ada Brook has not answered since 21 January: 5 chances/,
    )
  })

  test("names no more than asked for, and says how many are left", async () => {
    await live(school, { ben: "mmm", dani: "mmm", cleo: "aaa" }, 5)
    const note = await notes("rivera", on(30), "en", "own", 1)
    expect(actionsOf(note).filter((action) => action === "hello")).toHaveLength(1)
    expect(shown(note)).toContain("1 more note on your home page.")
    expect(shown(await notes("rivera", on(30), "en", "own", 1, "typed"))).toContain("1 more note on your home page: type /home.")
    expect(shown(await notes("rivera", on(30), "es", "own", 1, "typed"))).toContain("en tu página de inicio: escribe /inicio.")
    expect(shown(await notes("rivera", on(30), "en", "own", 1, "here"))).toContain("1 more note: shown here as you close these.")
  })

  test("ends with this school's own share of useful ones, once thirty were closed", async () => {
    const close = (count: number, as: string) =>
      look(
        school,
        sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, stage, state, opened_at, due_at, closed_at, closed_as)
            select ${school.id}::uuid, gen_random_uuid(), gen_random_uuid(), 'silence', 'alert', ${monday(1)}::date, '{}', 'owner', 'closed', now(), now(), now(), ${as}
            from generate_series(1, ${count}::integer)`,
      )
    await close(18, "useful")
    await close(11, "false")
    await close(9, "answered")
    expect(shown(await notes("rivera"))).not.toContain("useful")
    await close(1, "known")
    expect(shown(await notes("rivera"))).toContain("18 of the last 30 such notes were useful.")
  })

  test("a hello settles it at once, and it is closed when that can no longer be taken back", async () => {
    await sceneFor(school, wednesday, (scene) =>
      logContact(scene, { studentId: school.people.ada, adultId: school.people.rivera, kind: "hello", source: "e1", at: wednesday }),
    )
    expect((await notes("rivera")).blocks).toEqual([])
    await sweep(school, on(1, "08:59"))
    expect(await state()).toEqual(["open", "owner", "rivera"])
    await sweep(school, on(1, "09:00"))
    expect(await state()).toEqual(["closed", "owner", "rivera"])
    expect(shown(await press("rivera", "alert_useful"))).toBe("Good to hear. The note about Ada Brook is closed.\n")
    expect(await state()).toEqual(["closed", "useful", "rivera"])
  })
})

describe("closing", () => {
  test.each([
    ["alert_useful", "useful"],
    ["alert_known", "known"],
    ["alert_false", "false"],
  ])("%s closes it as %s, on the record, and can be undone for an hour", async (action, as) => {
    const answer = await press("rivera", action)
    expect(actionsOf(answer)).toEqual(["alert_reopen", "alert_note"])
    expect(await state()).toEqual(["closed", as, "rivera"])
    expect((await notes("rivera")).blocks).toEqual([])
    expect(shown(await press("rivera", "alert_reopen", on(1, "08:59")))).toBe("The note about Ada Brook is open again.")
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(await deedsOf(school)).toEqual(["rivera alert_closed ada", "rivera alert_reopened ada"])
  })

  test("undone, it stays open: a hello from before does not close it again", async () => {
    await sceneFor(school, wednesday, (scene) =>
      logContact(scene, { studentId: school.people.ada, adultId: school.people.rivera, kind: "hello", source: "a hello", at: wednesday }),
    )
    await press("rivera", "alert_useful", on(1, "08:05"))
    await press("rivera", "alert_reopen", on(1, "08:10"))
    await sweep(school, on(1, "10:00"))
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(shown(await notes("rivera", on(1, "10:00")))).toContain("Ada Brook")
  })

  test("not after an hour, nor by another adult, nor once the student has written", async () => {
    await press("rivera", "alert_known")
    expect(shown(await press("rivera", "alert_reopen", on(1, "09:00")))).toContain("stays closed")
    expect(shown(await press("linde", "alert_reopen", on(1, "08:10")))).toContain("sigue cerrado")
    await look(school, sql`update history set last_answered_at = ${on(1, "08:05")} where student_id = ${school.people.ada}`)
    expect(shown(await press("rivera", "alert_reopen", on(1, "08:10")))).toContain("stays closed")
    expect(await state()).toEqual(["closed", "known", "rivera"])
  })

  test("two adults at once: one closes it, the other hears that it is closed", async () => {
    const answers = await Promise.all([press("rivera", "alert_useful"), press("linde", "alert_false")])
    expect(answers.filter((answer) => actionsOf(answer).includes("alert_reopen"))).toHaveLength(1)
    expect((await alertsIn(school)).map((one) => one.state)).toEqual(["closed"])
  })

  test.each<[string, PersonName]>([
    ["a class teacher", "tanner"],
    ["another advisor", "okafor"],
    ["the principal", "parr"],
    ["another student", "ben"],
    ["the student", "ada"],
  ])("%s is refused, on the record, as if there were no such note", async (_, who) => {
    for (const action of ["alert_useful", "alert_known", "alert_false", "alert_snooze", "alert_unsnooze", "alert_reopen"]) {
      expect(shown(await press(who, action))).toBe(refused)
      expect(shown(await press(who, action, wednesday, "00000000-0000-4000-8000-000000000000"))).toBe(refused)
      expect(shown(await press(who, action, wednesday, "' or 1=1"))).toBe(refused)
    }
    expect(shown(await snooze(who, { how_long: "week" }))).toBe(refused)
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(new Set(await deedsOf(school))).toEqual(new Set([`${who} alert_refused ada`, `${who} alert_refused nobody`]))
  })

  test("an advisor whose tie ended yesterday is refused", async () => {
    await newAdvisor(school, "ada", addDays(tuesday(4), 1))
    expect(shown(await press("rivera", "alert_useful"))).toBe(refused)
    expect(actionsOf(await press("okafor", "alert_useful"))).toContain("alert_reopen")
  })
})

describe("what a lock screen shows of an answer", () => {
  const summary = (answer: Answer) => (answer.kind === "say" || answer.kind === "replace" ? answer.message.summary : null)

  test("names nobody, whether it was done or not", async () => {
    expect(summary(await snooze("rivera", { how_long: "week" }))).toBe("Done.")
    expect(summary(await press("linde", "alert_unsnooze"))).toBe("Hecho.")
    expect(summary(await press("rivera", "alert_useful"))).toBe("Done.")
    expect(summary(await press("linde", "alert_known"))).toBe("Sobre tu petición")
    expect(summary(await press("rivera", "alert_reopen"))).toBe("Done.")
    expect(summary(await press("tanner", "alert_useful"))).toBe("About your request")
  })
})

describe("a snooze", () => {
  test("can be taken back, on the record, and its owner's days go on where they were", async () => {
    const answer = await snooze("rivera", { how_long: "two_weeks" })
    expect(actionsOf(answer)).toEqual(["alert_unsnooze"])
    expect(shown(await press("rivera", "alert_unsnooze", on(1, "09:00")))).toBe("The note about Ada Brook is back.")
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(await deedsOf(school)).toEqual(["rivera alert_snoozed ada", "rivera alert_unsnoozed ada"])
    expect(shown(await press("rivera", "alert_unsnooze", on(1, "09:01")))).toBe("That note is not put away any more.")
    await sweep(school, on(3, "07:30"))
    expect(await state()).toEqual(["open", "brief", "rivera"])
  })

  test("taken back after its owner's days ran out gives them anew", async () => {
    await snooze("rivera", { how_long: "two_weeks" })
    await sweep(school, on(6))
    await press("rivera", "alert_unsnooze", on(6, "09:00"))
    await sweep(school, on(7))
    expect(await state()).toEqual(["open", "owner", "rivera"])
    await sweep(school, on(9))
    expect(await state()).toEqual(["open", "brief", "rivera"])
  })

  test("of what lies on the counsellor list is a counsellor's alone, from the button to the form and back", async () => {
    await snooze("rivera", { how_long: "week" })
    await look(school, sql`update alert set stage = 'counsellors', owner_id = null`)
    const sentence = "That note is on the counsellor list now, so only a counsellor can do that."
    expect(shown(await press("rivera", "alert_unsnooze"))).toBe(sentence)
    expect((await alertsIn(school))[0]?.state).toBe("snoozed")
    await press("linde", "alert_unsnooze")
    expect(shown(await press("rivera", "alert_snooze"))).toBe(sentence)
    expect(shown(await snooze("rivera", { how_long: "week" }))).toBe(sentence)
    expect(await state()).toEqual(["open", "counsellors", null])
    expect(shown(await snooze("linde", { how_long: "week" }))).toContain("Aplazado.")
    expect((await alertsIn(school))[0]?.state).toBe("snoozed")
  })

  test.each<[Readonly<Record<string, string>>, number]>([
    [{ how_long: "week" }, 8],
    [{ how_long: "two_weeks" }, 15],
    [{ how_long: "day", day: "2027-03-01" }, 13],
  ])("of %j brings it back on the morning of that day, its days counted anew", async (values, days) => {
    expect(formOf(await press("rivera", "alert_snooze")).fields.map(({ name }) => name)).toEqual(["how_long", "day"])
    expect(shown(await snooze("rivera", values))).toContain("Put away.")
    expect((await notes("rivera")).blocks).toEqual([])
    await sweep(school, on(days, "07:29"))
    expect((await alertsIn(school))[0]?.state).toBe("snoozed")
    await sweep(school, on(days, "07:30"))
    expect(await state()).toEqual(["open", "owner", "rivera"])
    await sweep(school, on(days + 2, "07:30"))
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test.each(["", "2027-02-17", "2027-06-01", "2027-02-30", "soon"])("until %j is asked again, and nothing changes", async (day) => {
    const answer = await snooze("rivera", { how_long: "day", day })
    expect(answer.kind === "ask" && answer.errors).toEqual({ day: "Pick a day from tomorrow on, at most eight weeks away." })
    expect(formOf(answer).fields[0]).toMatchObject({ initial: "day" })
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("ends with the student's answer", async () => {
    await snooze("rivera", { how_long: "two_weeks" })
    await live(school, { ada: "a" }, 5)
    expect(await state()).toEqual(["closed", "answered", "rivera"])
  })
})

describe("the ladder", () => {
  test("goes from the owner to the brief after three staff days, to the counsellors after five more", async () => {
    for (const [days, time, expected] of [
      [3, "07:29", ["open", "owner", "rivera"]],
      [3, "07:30", ["open", "brief", "rivera"]],
      [10, "07:29", ["open", "brief", "rivera"]],
      [10, "07:30", ["open", "counsellors", null]],
      [60, "07:30", ["open", "counsellors", null]],
    ] as const) {
      await sweep(school, on(days, time))
      expect(await state()).toEqual(expected)
    }
    expect(actionsOf(await notes("linde", on(60), "es", "counsellors"))).toContain("hello")
    expect((await notes("rivera", on(60))).blocks).toEqual([])
  })

  test("does not climb over an adult who has said hello", async () => {
    await sweep(school, on(3))
    await sceneFor(school, on(10, "07:20"), (scene) =>
      logContact(scene, { studentId: school.people.ada, adultId: school.people.rivera, kind: "hallway", source: "e1", at: scene.now }),
    )
    await sweep(school, on(10, "07:30"))
    expect(await state()).toEqual(["open", "brief", "rivera"])
  })

  test("an ended tie hands it to the new advisor, with days of their own; without one, to the counsellors", async () => {
    await newAdvisor(school, "ada", addDays(tuesday(4), 5))
    await sweep(school, on(4))
    expect(await state()).toEqual(["open", "brief", "rivera"])
    await sweep(school, on(6))
    expect(await state()).toEqual(["open", "owner", "okafor"])
    await look(school, sql`update person set status = 'ended' where id = ${school.people.okafor}`)
    await sweep(school, on(7))
    expect(await state()).toEqual(["open", "counsellors", null])
  })

  test("an away owner's go to the cover, and come back", async () => {
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.tanner}, ${addDays(tuesday(4), 1)}, ${addDays(tuesday(4), 3)})`,
    )
    await sweep(school, on(1))
    expect(await state()).toEqual(["open", "owner", "tanner"])
    expect(actionsOf(await notes("tanner"))).toContain("hello")
    await sweep(school, on(4))
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("a new one goes to the cover from the start", async () => {
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.okafor}, ${monday(0)}, ${monday(20)})`,
    )
    await live(school, { ben: "mmm" }, 5)
    expect((await alertsIn(school)).filter((one) => one.about === "ben")).toMatchObject([{ owner: "okafor", stage: "owner" }])
  })
})
