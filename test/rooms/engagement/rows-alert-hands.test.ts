import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import { alertBlocks, alertsAbout } from "../../../src/engagement/alert-blocks.ts"
import { outcomeBlocks } from "../../../src/engagement/outcomes.ts"
import { briefLetter } from "../../../src/outreach/brief-letter.ts"
import { staffHome } from "../../../src/outreach/home.ts"
import { planBriefs } from "../../../src/outreach/plan-briefs.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import { type Message, message } from "../../../src/platform/message.ts"
import { addDays } from "../../../src/scheduling/zone.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import {
  at,
  look,
  owedIn,
  type PersonName,
  type StaffName,
  type StudentName,
  sceneFor,
  seedSchool,
  type TestSchool,
  turnFor,
} from "../../support/school.ts"
import { actionsOf, buttonsOf, deedsOf, formOf, newAdvisor, press as pressed, shown, submit as submitted } from "../outreach/steps.ts"
import { alertsIn, live, monday, sweep, togetherOn, tuesday } from "./weeks.ts"

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

/** The nth day after the alert was opened, a Tuesday night. Its owner's three days end on the Friday morning, `on(3, "07:30")`. */
const on = (days: number, time = "08:00"): Date => at(addDays(tuesday(4), days), time)

const press = (who: PersonName, action: string, now = on(1), target = alertId): Promise<Answer> => pressed(school, who, now, action, target)

const submit = (who: PersonName, action: string, values: Readonly<Record<string, string>>, now = on(1), target = alertId): Promise<Answer> =>
  submitted(school, who, now, action, target, values)

const hand = (who: PersonName, to: StaffName, now = on(1), target = alertId) => submit(who, "alert_hand", { who: school.people[to] }, now, target)
const raise = (who: PersonName, words: string, about: StudentName = "ben", now = on(1)) =>
  submit(who, "alert_raise", { words }, now, school.people[about])

const notes = (who: StaffName, now = on(1), list: "own" | "counsellors" = "own", language: "en" | "es" = "en"): Promise<Message> =>
  sceneFor(school, now, async (scene) => message("Notes", await alertBlocks(scene, school.people[who], { limit: 5, list, home: "placed" }, language)))
const page = (reader: StaffName, about: StudentName = "ada", now = on(1)): Promise<Message> =>
  sceneFor(school, now, async (scene) => message("Page", await alertsAbout(scene, school.people[about], school.people[reader], "en")))
const news = (who: StaffName, now: Date, language: "en" | "es" = "en"): Promise<string> =>
  sceneFor(school, now, async (scene) => shown(message("News", await outcomeBlocks(scene, school.people[who], language))))

const state = async (kind = "silence") => {
  const one = (await alertsIn(school)).find((each) => each.kind === kind)
  return one && [one.state, one.closedAs ?? one.stage, one.owner]
}
const idOf = async (kind: string): Promise<string> => (await alertsIn(school)).find((each) => each.kind === kind)?.id ?? ""
const options = (answer: Answer): string[] =>
  formOf(answer).fields.flatMap((field) => (field.kind === "one_of" ? field.options.map(({ label }) => label) : []))
const refused = "I do not find that note. It may have been closed, or it is not yours to close."
const told = {
  ...{ rivera: refused, okafor: refused, tanner: refused, parr: refused },
  linde: "No encuentro ese aviso. Puede que ya esté cerrado o que no te corresponda cerrarlo.",
}
const toCounsellors = () => look(school, sql`update alert set stage = 'counsellors', owner_id = null`)
const away = (who: StaffName, cover: StaffName, from: number, until: number) =>
  look(
    school,
    sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
        values (${school.id}, gen_random_uuid(), ${school.people[who]}, ${school.people[cover]}, ${addDays(tuesday(4), from)}, ${addDays(tuesday(4), until)})`,
  )
const named = (who: StaffName) =>
  look(
    school,
    sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, skipped, opened_at)
        values (${school.id}, gen_random_uuid(), ${`s-${serial++}`}, ${school.people.ada}, 'concern', '[]', '', ${JSON.stringify([school.people[who]])}::jsonb, now())`,
  )

describe("I have this", () => {
  test("is on record, seen by whoever else sees the alert, and asked for once", async () => {
    const answer = await press("rivera", "alert_acknowledge", on(2))
    expect(shown(answer)).toContain(
      "Good: you have it, and whoever else sees the note about Ada Brook sees that. If it is still open on Tuesday 23 February, you find it again in the brief after that.",
    )
    expect(actionsOf(answer)).toEqual(["alert_unacknowledge"])
    expect(shown(await notes("rivera", on(2)))).toMatch(/Worth a hello\.\nYou have said “I have this” on /)
    expect(actionsOf(await notes("rivera", on(2)))).toEqual(["hello", "alert_more"])
    expect(shown(await page("linde"))).toMatch(/\nRosa Rivera has said “I have this” on /)
    expect(shown(await press("rivera", "alert_acknowledge", on(2)))).toBe("Rosa Rivera has said so before: the note about Ada Brook is in hand.")
    expect(await deedsOf(school)).toEqual(["rivera alert_acknowledged ada"])
  })

  test("gives its owner their days anew, and then the ladder goes on as before", async () => {
    await press("rivera", "alert_acknowledge", on(2))
    for (const [day, time, expected] of [
      [7, "07:29", ["open", "owner", "rivera"]],
      [7, "07:30", ["open", "brief", "rivera"]],
      [14, "07:30", ["open", "counsellors", null]],
    ] as const) {
      await sweep(school, on(day, time))
      expect(await state()).toEqual(expected)
    }
    expect(actionsOf(await notes("linde", on(14), "counsellors"))).toContain("alert_acknowledge")
  })

  test("taken back within the hour leaves all as it was, its days too; later it stays", async () => {
    await press("rivera", "alert_acknowledge", on(2))
    expect(shown(await press("rivera", "alert_unacknowledge", on(2, "08:59")))).toBe("Taken back. The note about Ada Brook is as it was.")
    expect(actionsOf(await notes("rivera"))).toContain("alert_acknowledge")
    await sweep(school, on(3, "07:30"))
    expect(await state()).toEqual(["open", "brief", "rivera"])
    await press("rivera", "alert_acknowledge", on(3))
    expect(shown(await press("rivera", "alert_unacknowledge", on(3, "09:00")))).toContain("cannot be taken back any more")
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("of one on the counsellor list is a counsellor's, who becomes its owner; the advisor is told so", async () => {
    await toCounsellors()
    expect(shown(await press("rivera", "alert_acknowledge"))).toContain("on the counsellor list now")
    await press("linde", "alert_acknowledge")
    expect(await state()).toEqual(["open", "owner", "linde"])
    expect((await notes("linde", on(1), "counsellors")).blocks).toEqual([])
    await sweep(school, on(2))
    expect(await state()).toEqual(["open", "owner", "linde"])
    await press("linde", "alert_unacknowledge", on(1, "08:30"))
    expect(await state()).toEqual(["open", "counsellors", null])
  })

  test("is for its owner alone: a counsellor hears whose it is", async () => {
    expect(shown(await press("linde", "alert_acknowledge"))).toContain("lo tiene Rosa Rivera")
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("by two counsellors at once is one's", async () => {
    await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.parr}, 'counsellor')`)
    await toCounsellors()
    const answers = await Promise.all([press("linde", "alert_acknowledge"), press("parr", "alert_acknowledge")])
    expect(answers.filter((answer) => actionsOf(answer).includes("alert_unacknowledge"))).toHaveLength(1)
    expect((await deedsOf(school)).filter((deed) => deed.includes("acknowledged"))).toHaveLength(1)
  })
})

describe("handing it on", () => {
  test("offers who is tied to the student or counsels, is here, and is not named by words about danger", async () => {
    expect(options(await press("rivera", "alert_hand"))).toEqual(["Lena Linde, counsellor", "Tess Tanner, class teacher"])
    await away("tanner", "okafor", 1, 3)
    await named("linde")
    expect(shown(await press("rivera", "alert_hand"))).toBe("There is nobody else here today to hand that note to.")
  })

  test("gives it to the other adult, with days of their own, and says who gave it", async () => {
    const answer = await hand("rivera", "linde", on(3))
    expect(shown(answer)).toContain("Handed on. Lena Linde finds the note about Ada Brook")
    expect(actionsOf(answer)).toEqual(["alert_unhand"])
    expect((await notes("rivera", on(3))).blocks).toEqual([])
    expect(shown(await notes("linde", on(3)))).toMatch(/\nHanded to you by Rosa Rivera on /)
    expect(shown(await page("rivera"))).toMatch(/\nHanded to Lena Linde by Rosa Rivera on /)
    await sweep(school, on(7))
    expect(await state()).toEqual(["open", "owner", "linde"])
    expect(await deedsOf(school)).toEqual(["rivera alert_handed ada"])
  })

  test("lets a class teacher settle that note, and read no word by it", async () => {
    await hand("rivera", "tanner")
    expect(actionsOf(await notes("tanner"))).toEqual(["alert_hello", "alert_acknowledge", "alert_more"])
    expect(shown(await press("tanner", "alert_notes", on(1), school.people.ada))).toBe(refused)
    expect(actionsOf(await press("tanner", "alert_hello"))).toEqual(["alert_useful", "alert_known", "alert_false", "hello_more", "hello_undo"])
    expect(shown(await press("tanner", "alert_hello"))).toBe("That one was logged already.")
    expect((await notes("tanner")).blocks).toEqual([])
    await sweep(school, on(1, "09:00"))
    expect(await state()).toEqual(["closed", "owner", "tanner"])
  })

  test("to a teacher ends with their tie, with their leaving, and while they are away", async () => {
    await hand("rivera", "tanner")
    await away("tanner", "okafor", 2, 3)
    await sweep(school, on(2))
    expect(await state()).toEqual(["open", "owner", "rivera"])
    await hand("rivera", "tanner", on(6))
    await look(school, sql`update tie set to_date = ${addDays(tuesday(4), 7)} where adult_id = ${school.people.tanner}`)
    expect(shown(await press("tanner", "alert_useful", on(8)))).toBe(refused)
    await sweep(school, on(8))
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("can be taken back within the hour while nobody has touched it", async () => {
    await hand("rivera", "tanner")
    expect(shown(await press("linde", "alert_unhand"))).toContain("ya no se puede deshacer")
    expect(shown(await press("rivera", "alert_unhand", on(1, "08:59")))).toBe("Taken back. The note about Ada Brook is as it was.")
    expect(await state()).toEqual(["open", "owner", "rivera"])
    await hand("rivera", "tanner")
    expect(shown(await press("rivera", "alert_unhand", on(1, "09:00")))).toContain("cannot be taken back")
    await press("tanner", "alert_acknowledge")
    expect(shown(await press("rivera", "alert_unhand", on(1, "08:10")))).toContain("cannot be taken back")
    expect(await state()).toEqual(["open", "owner", "tanner"])
  })

  test("to two adults at once goes to one of them", async () => {
    const answers = await Promise.all([hand("rivera", "tanner"), hand("rivera", "linde"), hand("rivera", "tanner")])
    expect(answers.filter((answer) => answer.kind === "say" && actionsOf(answer).includes("alert_unhand"))).toHaveLength(1)
  })

  test("beside a closing is one of the two", async () => {
    const answers = await togetherOn(school, alertId, [() => hand("rivera", "tanner"), () => press("linde", "alert_useful")])
    const done = answers.flatMap(actionsOf).filter((action) => action === "alert_unhand" || action === "alert_reopen")
    expect(done).toHaveLength(1)
    expect(await state()).toEqual(done[0] === "alert_unhand" ? ["open", "owner", "tanner"] : ["closed", "useful", "rivera"])
  })

  test("by a teacher who had it by hand can be taken back by them, who may do nothing else with it then", async () => {
    await hand("rivera", "tanner")
    await hand("tanner", "linde", on(1, "09:30"))
    expect(shown(await press("tanner", "alert_more", on(1, "09:40")))).toBe(refused)
    expect(shown(await press("tanner", "alert_unhand", on(1, "09:40")))).toBe("Taken back. The note about Ada Brook is as it was.")
    expect(await state()).toEqual(["open", "owner", "tanner"])
    await hand("tanner", "linde", on(1, "09:50"))
    await look(school, sql`update tie set to_date = ${tuesday(4)} where adult_id = ${school.people.tanner}`)
    expect(shown(await press("tanner", "alert_unhand", on(1, "09:55")))).toBe(refused)
  })

  test("is its owner's to do, or a counsellor's: another advisor hears whose it is", async () => {
    await look(school, sql`update alert set subject_id = ${school.people.cleo}`)
    expect(shown(await press("okafor", "alert_hand"))).toBe("The note about Cleo Marsh is with Rosa Rivera. You can still say hello, or close it.")
    expect(actionsOf(await press("okafor", "alert_more"))).not.toContain("alert_hand")
    expect(options(await press("linde", "alert_hand"))).toEqual(["Obi Okafor, tutoría", "Tess Tanner, docente de clase"])
  })

  test.each(["", "soon", "00000000-0000-4000-8000-000000000000"])("to %j is asked again, and nothing changes", async (who) => {
    const answer = await submit("rivera", "alert_hand", { who })
    expect(answer.kind === "ask" && Object.keys(answer.errors)).toEqual(["who"])
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("is not for a notice about a group", async () => {
    await look(
      school,
      sql`update alert set kind = 'group_dip', subject_id = ${school.groups.maple}, facts = '{"kind":"group_dip","quiet":3,"size":4}'`,
    )
    expect(actionsOf(await notes("rivera"))).toEqual(["alert_acknowledge", "alert_more"])
    expect(actionsOf(await press("rivera", "alert_more"))).not.toContain("alert_hand")
    expect(shown(await hand("rivera", "linde"))).toBe(refused)
  })
})

describe("a note at closing", () => {
  test("comes after the one tap, is sealed, and is read by advisors and counsellors behind a second press", async () => {
    expect(actionsOf(await press("rivera", "alert_useful"))).toContain("alert_note")
    expect(formOf(await press("rivera", "alert_note")).fields.map(({ name }) => name)).toEqual(["words"])
    expect(shown(await submit("rivera", "alert_note", { words: "Her timetable clashes with practice." }))).toBe(
      "Kept with the note about Ada Brook.\n",
    )
    expect(formOf(await press("rivera", "alert_note")).fields[0]).toMatchObject({ initial: "Her timetable clashes with practice." })
    expect(JSON.stringify(await look(school, sql`select words::text from alert_party`))).not.toContain("practice")
    for (const who of ["rivera", "linde"] as const)
      expect(shown(await press(who, "alert_notes", on(1), school.people.ada))).toContain("«Her timetable clashes with practice.»")
    for (const who of ["tanner", "okafor", "parr", "ada", "ben"] as const)
      expect(shown(await press(who, "alert_notes", on(1), school.people.ada))).toBe(refused)
  })

  test("is hidden from a new advisor of later, and once the alert is open again", async () => {
    await press("rivera", "alert_useful")
    await submit("rivera", "alert_note", { words: "All is well." })
    await newAdvisor(school, "ada", addDays(tuesday(4), 3))
    const none = "There are no notes of adults for you to read here."
    expect(shown(await press("okafor", "alert_notes", on(3), school.people.ada))).toBe(none)
    await look(school, sql`update alert set state = 'open', closed_by = null, closed_as = null, closed_at = null`)
    expect(shown(await press("linde", "alert_notes", on(3), school.people.ada))).toContain("no hay notas")
  })

  test("is for whoever closed it, with words in it", async () => {
    expect(shown(await press("rivera", "alert_note"))).toContain("whoever closed it")
    await press("rivera", "alert_useful")
    expect(shown(await submit("linde", "alert_note", { words: "x" }))).toContain("quien cerró")
    for (const words of ["", "  \n", "x".repeat(601)]) {
      const answer = await submit("rivera", "alert_note", { words })
      expect(answer.kind === "ask" && Object.keys(answer.errors)).toEqual(["words"])
    }
    expect(await look(school, sql`select from alert_party where role = 'closed'`)).toEqual([])
  })
})

describe("raising one by hand", () => {
  test("says to whom it goes, and that danger does not go here; the advisor finds it with who noticed", async () => {
    const asked = formOf(await press("tanner", "alert_raise", on(1), school.people.ben))
    expect(JSON.stringify(asked.intro)).toContain("Rosa Rivera finds it in their next list, brief or home view.")
    expect(JSON.stringify(asked.intro)).toContain("If somebody may be hurt, go to Lena Linde now")
    expect(shown(await raise("tanner", "He sits alone since Monday."))).toContain("Thank you. Rosa Rivera finds your note about Ben Hollow")
    expect(await state("raised")).toEqual(["open", "owner", "rivera"])
    const note = await notes("rivera")
    expect(shown(note)).toMatch(/^Tess Tanner noticed something about Ben Hollow on .*Worth a hello\.\n/)
    expect(actionsOf(note).slice(0, 4)).toEqual(["alert_hello", "alert_notes", "alert_acknowledge", "alert_more"])
    expect(shown(await press("rivera", "alert_notes", on(1), school.people.ben))).toContain("«He sits alone since Monday.»")
    expect(JSON.stringify(await notes("rivera"))).not.toContain("alone")
  })

  test("by the advisor goes to the counsellors; so does one whom words about danger would keep from the advisor", async () => {
    await raise("rivera", "Something is off.")
    expect(await state("raised")).toEqual(["open", "counsellors", null])
    await look(school, sql`update alert set state = 'closed'`)
    await named("rivera")
    await raise("tanner", "Something is off.", "ada")
    expect((await alertsIn(school)).filter((one) => one.state === "open").map((one) => [one.kind, one.owner])).toEqual([["raised", null]])
  })

  test("by two adults at once is one note, with what both noticed", async () => {
    await Promise.all([raise("tanner", "He looks tired."), raise("linde", "He left early.")])
    expect((await alertsIn(school)).filter((one) => one.kind === "raised")).toHaveLength(1)
    expect(shown(await notes("rivera"))).toMatch(/(Tess Tanner and Lena Linde|Lena Linde and Tess Tanner) noticed something about Ben Hollow/)
    const read = shown(await press("rivera", "alert_notes", on(1), school.people.ben))
    expect(read).toContain("«He looks tired.»")
    expect(read).toContain("«He left early.»")
  })

  test("can be taken back within the hour by who raised it, while nobody took it up", async () => {
    await raise("tanner", "Never mind.")
    const id = await idOf("raised")
    expect(shown(await press("okafor", "alert_unraise", on(1), id))).toBe(refused)
    expect(shown(await press("rivera", "alert_unraise", on(1), id))).toContain("cannot be taken back")
    expect(shown(await press("tanner", "alert_unraise", on(1, "08:30"), id))).toBe("Taken back: your note about Ben Hollow is gone.")
    expect(await look(school, sql`select from alert_party`)).toEqual([])
    expect(await state("raised")).toBeUndefined()
    await raise("tanner", "Again.")
    expect(shown(await press("tanner", "alert_unraise", on(1, "09:00"), await idOf("raised")))).toContain("cannot be taken back")
  })

  test("outlives an answer, a stop and consent that ended: it is no silence", async () => {
    await raise("tanner", "He sits alone.")
    await live(school, { ben: "a" }, 5)
    await look(school, sql`update person set stopped_at = now(), consent = 'none' where id = ${school.people.ben}`)
    await sweep(school, on(8))
    expect((await state("raised"))?.[0]).toBe("open")
    expect(shown(await notes("linde", on(60), "counsellors"))).toBe("")
    await look(school, sql`update person set status = 'ended' where id = ${school.people.ben}`)
    await sweep(school, on(9))
    expect((await state("raised"))?.[0]).toBe("closed")
  })

  test("is closed and opened again like any other, whatever the student wrote meanwhile", async () => {
    await raise("tanner", "He sits alone.")
    const id = await idOf("raised")
    await press("rivera", "alert_useful", on(1), id)
    await look(school, sql`update history set last_answered_at = ${on(1, "08:05")}`)
    await press("rivera", "alert_reopen", on(1, "08:10"), id)
    expect(await state("raised")).toEqual(["open", "owner", "rivera"])
    await press("rivera", "alert_false", on(1, "08:20"), id)
    await raise("tanner", "Again.")
    expect(shown(await press("rivera", "alert_reopen", on(1, "08:30"), id))).toContain("stays closed")
  })

  test("is not handed to a teacher, who could not read what was noticed", async () => {
    await raise("tanner", "He sits alone.")
    expect(options(await press("rivera", "alert_hand", on(1), await idOf("raised")))).toEqual(["Lena Linde, counsellor"])
  })

  test.each<[string, PersonName]>([
    ["a teacher of others", "okafor"],
    ["the principal", "parr"],
    ["the student", "ben"],
    ["another student", "ada"],
  ])("by %s is refused, on the record", async (_, who) => {
    for (const target of [school.people.ben, "00000000-0000-4000-8000-000000000000", "' or 1=1", school.people.rivera]) {
      expect(shown(await press(who, "alert_raise", on(1), target))).toBe(refused)
      expect(shown(await submit(who, "alert_raise", { words: "x" }, on(1), target))).toBe(refused)
    }
    expect(await state("raised")).toBeUndefined()
    expect((await deedsOf(school)).every((deed) => deed.startsWith(`${who} alert_refused`))).toBe(true)
  })

  test("with nothing, or too much, is asked again with what was typed", async () => {
    for (const words of ["", "x".repeat(601)]) {
      const answer = await raise("tanner", words)
      expect(answer.kind === "ask" && Object.keys(answer.errors)).toEqual(["words"])
    }
    expect(await state("raised")).toBeUndefined()
  })

  test("shows hostile names and words as they were written", async () => {
    await look(school, sql`update person set given_name = '<!channel> *Ben*', preferred_name = null where id = ${school.people.ben}`)
    await raise("tanner", "<@U1> _look_ <https://x.test|here>")
    const read = await press("rivera", "alert_notes", on(1), school.people.ben)
    expect(JSON.stringify(read)).toContain('"kind":"quote","words":"<@U1> _look_ <https://x.test|here>"')
    expect(shown(await notes("rivera"))).toContain("noticed something about <!channel> *Ben* Hollow")
  })
})

describe("what became of it", () => {
  test("reaches whoever raised it, once, in words that name the outcome", async () => {
    await raise("tanner", "He sits alone.")
    expect(await news("tanner", on(2))).toBe("")
    await press("rivera", "alert_useful", on(2), await idOf("raised"))
    expect(await news("rivera", on(2))).toBe("")
    expect(await news("tanner", on(2, "09:00"))).toMatch(/^What became of your notes\nBen Hollow: Rosa Rivera closed the note on .* It was useful\.$/)
    expect(await news("tanner", on(2, "09:30"))).toContain("Ben Hollow")
    expect(await news("tanner", on(2, "10:01"))).toBe("")
  })

  test("reaches whoever handed it on, or let it lie until the counsellors had it", async () => {
    await hand("rivera", "linde")
    await press("linde", "alert_false", on(2))
    expect(await news("rivera", on(3))).toMatch(/Ada Brook: Lena Linde looked into it and closed the note on .* It was not so\./)
    expect(await news("linde", on(3), "es")).toBe("")
  })

  test("of one that went up the ladder, and was then answered by the student", async () => {
    await sweep(school, on(3, "07:30"))
    await sweep(school, on(10, "07:30"))
    expect(await state()).toEqual(["open", "counsellors", null])
    await look(school, sql`update alert set state = 'closed', closed_as = 'answered', closed_at = ${on(11)}`)
    expect(await news("rivera", on(12), "es")).toMatch(/^Qué fue de tus avisos\nAda Brook: vuelve a responder desde el /)
  })

  test("says nothing after two weeks, nor to whoever no longer sees the student, nor to whom words about danger name", async () => {
    await hand("rivera", "linde")
    await press("linde", "alert_known", on(2))
    expect(await news("rivera", on(17))).toBe("")
    await named("rivera")
    expect(await news("rivera", on(3))).toBe("")
    await look(school, sql`delete from safety_event`)
    await newAdvisor(school, "ada", addDays(tuesday(4), 3))
    expect(await news("rivera", on(3))).toBe("")
    expect(await news("rivera", on(2, "20:00"))).toContain("Ada Brook: Lena Linde knew already")
  })
})

describe("where it rides along", () => {
  const brief = async (who: StaffName, now: Date): Promise<string> => {
    await sceneFor(school, now, planBriefs)
    const due = (await owedIn(school, who)).filter(({ kind }) => kind === "brief").at(-1)
    return sceneFor(school, now, async (scene) => {
      const recipient = await personById(scene.tx, school.people[who])
      if (!recipient || !due) throw new Error(`${who} is owed no brief`)
      const composed = await briefLetter(scene, due, recipient)
      if (composed.kind !== "message") throw new Error(`expected a message, got ${JSON.stringify(composed)}`)
      return shown(message(composed.message.summary, composed.message.blocks))
    })
  }
  const home = (who: StaffName, now: Date) => turnFor(school, who, now, { kind: "opened_home" }, async (turn) => shown(await staffHome(turn)))

  test("a teacher who was given a note has a brief that week, with that and nothing else; another week they have none", async () => {
    await hand("rivera", "tanner", on(1, "07:20"))
    const read = await brief("tanner", on(1, "07:30"))
    expect(read).toContain("Ada Brook has not answered since 21 January")
    expect(read).toContain("Handed to you by Rosa Rivera on ")
    expect(read).not.toContain("Ben Hollow")
    expect(await home("tanner", on(1))).toContain("Handed to you by Rosa Rivera on ")
    await press("linde", "alert_useful", on(2))
    await sceneFor(school, on(8, "07:30"), planBriefs)
    expect((await look(school, sql`select from brief where adult_id = ${school.people.tanner}`)).length).toBe(1)
  })

  test("how a note ended stands in the brief, and on the home page of a teacher who has none", async () => {
    await raise("tanner", "He sits alone.", "ben", on(0, "09:00"))
    await hand("rivera", "linde", on(0, "09:00"))
    await press("linde", "alert_useful", on(0, "10:00"))
    await press("rivera", "alert_known", on(0, "10:00"), await idOf("raised"))
    expect(await brief("rivera", on(1, "07:30"))).toMatch(/What became of your notes\nAda Brook: Lena Linde closed the note on .* It was useful\./)
    expect(await home("tanner", on(1))).toMatch(/What became of your notes\nBen Hollow: Rosa Rivera knew already/)
    expect(await home("tanner", on(2))).not.toContain("Ben Hollow")
  })

  test("what somebody noticed takes from the three of the brief, and stands in it", async () => {
    await raise("tanner", "He sits alone.", "ben", on(1, "07:20"))
    const read = await brief("rivera", on(1, "07:30"))
    expect(read).toContain("Tess Tanner noticed something about Ben Hollow on ")
    expect(read).not.toContain("alone")
    expect(
      await look(school, sql`select from brief_name n join brief b on b.id = n.brief_id where b.adult_id = ${school.people.rivera}`),
    ).toHaveLength(1)
  })
})

describe("every new button and form", () => {
  const presses = [
    "alert_more",
    "alert_hello",
    "alert_acknowledge",
    "alert_unacknowledge",
    "alert_hand",
    "alert_unhand",
    "alert_note",
    "alert_unraise",
  ]
  test.each<[string, PersonName]>([
    ["a class teacher who was given nothing", "tanner"],
    ["another advisor", "okafor"],
    ["the principal", "parr"],
    ["another student", "ben"],
    ["the student", "ada"],
  ])("refuses %s, on the record, as if there were no such note", async (_, who) => {
    for (const target of [alertId, "00000000-0000-4000-8000-000000000000", "' or 1=1"]) {
      for (const action of presses) expect(shown(await press(who, action, on(1), target))).toBe(refused)
      expect(shown(await submit(who, "alert_hand", { who: school.people.linde }, on(1), target))).toBe(refused)
      expect(shown(await submit(who, "alert_note", { words: "x" }, on(1), target))).toBe(refused)
    }
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(new Set(await deedsOf(school)).size).toBeLessThanOrEqual(2)
  })

  test.each<[string, StaffName]>([
    ["its owner", "rivera"],
    ["a counsellor", "linde"],
  ])("refuses %s once words about danger name them, though it was open before", async (_, who) => {
    await named(who)
    for (const action of ["alert_useful", "alert_snooze", ...presses.slice(0, 7)]) expect(shown(await press(who, action))).toBe(told[who])
    expect(shown(await hand(who, "okafor"))).toBe(told[who])
    expect(await state()).toEqual(["open", "owner", "rivera"])
    expect(shown(await page(who))).toBe("")
  })

  test("refuses an advisor whose tie ended yesterday", async () => {
    await newAdvisor(school, "ada", addDays(tuesday(4), 1))
    for (const action of presses.slice(0, 6)) expect(shown(await press("rivera", action))).toBe(refused)
    expect(shown(await hand("rivera", "linde"))).toBe(refused)
  })
})

describe("words about danger that name an adult", () => {
  test("take an open alert from its owner: unseen at once, and moved on in the morning", async () => {
    await named("rivera")
    expect((await notes("rivera")).blocks).toEqual([])
    await sweep(school, on(2, "06:00"))
    expect(await state()).toEqual(["open", "counsellors", null])
    expect(actionsOf(await notes("linde", on(2), "counsellors"))).toContain("alert_more")
  })

  test("take it from whoever was given it by hand, back to the advisor", async () => {
    await hand("rivera", "tanner")
    await named("tanner")
    expect((await notes("tanner")).blocks).toEqual([])
    await sweep(school, on(2, "06:00"))
    expect(await state()).toEqual(["open", "owner", "rivera"])
  })

  test("take it off the counsellor list of the one they name alone", async () => {
    await toCounsellors()
    expect(actionsOf(await notes("linde", on(1), "counsellors"))).toContain("alert_more")
    await named("linde")
    expect((await notes("linde", on(1), "counsellors")).blocks).toEqual([])
    await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.parr}, 'counsellor')`)
    expect(actionsOf(await notes("parr", on(1), "counsellors"))).toContain("alert_more")
  })
})

describe("clocks that jump, and ties that are not what they were", () => {
  test("three weeks forward move an alert one step, with that step's days before the next", async () => {
    await sweep(school, on(21))
    expect(await state()).toEqual(["open", "brief", "rivera"])
    await sweep(school, on(21, "12:00"))
    expect(await state()).toEqual(["open", "brief", "rivera"])
  })

  test("a day back undoes nothing, opens nothing twice, and moves nothing", async () => {
    await sweep(school, on(3, "07:30"))
    await sweep(school, on(2, "07:30"))
    expect((await alertsIn(school)).map((one) => [one.state, one.stage, one.owner])).toEqual([["open", "brief", "rivera"]])
    expect(shown(await press("rivera", "alert_useful", on(-1)))).toContain("is closed.")
  })

  test("a student with two advisors has one owner, and is on one list", async () => {
    await live(school, { cleo: "mmm" }, 5)
    const owners = (await alertsIn(school)).filter((one) => one.about === "cleo").map((one) => one.owner)
    expect(owners).toEqual(["rivera"])
    expect(shown(await notes("rivera", on(22)))).toContain("Cleo Marsh")
    expect((await notes("okafor", on(22))).blocks).toEqual([])
  })

  test("a student with no advisor is on the counsellor list from the start", async () => {
    await look(school, sql`update tie set to_date = ${monday(4)} where student_id = ${school.people.ben} and kind = 'advisor'`)
    await live(school, { ben: "mmm" }, 5)
    expect((await alertsIn(school)).filter((one) => one.about === "ben")).toMatchObject([{ stage: "counsellors", owner: null }])
  })

  test("the longest silence is first, after what somebody noticed", async () => {
    await live(school, { ada: "m", dani: "mmm", ben: "mmmm" }, 5)
    await look(school, sql`update alert set owner_id = ${school.people.rivera}, stage = 'owner', state = 'open'`)
    await raise("tanner", "Tired.", "cleo", on(30))
    const said = buttonsOf(await notes("rivera", on(30))).filter(({ action }) => action === "hello" || action === "alert_hello")
    const names = said.map(({ id }) => Object.entries(school.people).find(([, known]) => known === id)?.[0] ?? id)
    expect(names).toEqual([await idOf("raised"), "ada", "ben", "dani"])
  })
})
