import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { alertBlocks } from "../../../src/engagement/alert-blocks.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import { type Message, message } from "../../../src/platform/message.ts"
import { addDays } from "../../../src/scheduling/zone.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type StaffName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, buttonsOf, press as pressed, shown, submit } from "../outreach/steps.ts"
import { alertsIn, live, sweep, togetherOn, tuesday } from "./weeks.ts"

let database: TestDatabase
let school: TestSchool
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
  await live(school, { ada: "aaaaa", ben: "aaaaa", cleo: "aaaaa", dani: "aaasa" })
})

const on = (days: number, time = "08:00"): Date => at(addDays(tuesday(4), days), time)

const press = (who: PersonName, action: string, target: string, now = on(1)): Promise<Answer> => pressed(school, who, now, action, target)

const raise = (who: PersonName, words: string, now = on(1)): Promise<Answer> => submit(school, who, now, "alert_raise", school.people.ben, { words })

const notes = (who: StaffName, now = on(1), list: "own" | "counsellors" = "own"): Promise<Message> =>
  sceneFor(school, now, async (scene) => message("Notes", await alertBlocks(scene, school.people[who], { limit: 5, list, home: "placed" }, "en")))

const raisedOne = async () => {
  const one = (await alertsIn(school)).find(({ kind }) => kind === "raised")
  if (!one) throw new Error("nothing was raised")
  return one
}

describe("a hello and what somebody noticed", () => {
  test("a hello of anybody's leaves a note that they may not have read", async () => {
    await raise("tanner", "He sits alone since Monday.")
    const answer = await press("rivera", "hello", school.people.ben)
    expect(actionsOf(answer)).toEqual(["hello_more", "hello_undo"])
    await press("linde", "hello", school.people.ben)
    expect(shown(await notes("rivera"))).toContain("noticed something about Ben Hollow")
    await sweep(school, on(2))
    expect(await raisedOne()).toMatchObject({ state: "open", stage: "owner", owner: "rivera" })
    await sweep(school, on(6, "07:30"))
    expect(await raisedOne()).toMatchObject({ state: "open", stage: "brief" })
  })

  test("so does one tap for all of a brief", async () => {
    await raise("tanner", "He sits alone since Monday.")
    const [brief] = await look<{ id: string }>(
      school,
      sql`insert into brief (school_id, id, adult_id, week, at) values (${school.id}, gen_random_uuid(), ${school.people.rivera}, '2027-02-08', ${on(1)}) returning id`,
    )
    await look(
      school,
      sql`insert into brief_name (school_id, brief_id, student_id, rank) values (${school.id}, ${brief?.id ?? ""}, ${school.people.ben}, 1)`,
    )
    await press("rivera", "hello_all", brief?.id ?? "")
    await sweep(school, on(2))
    expect((await raisedOne()).state).toBe("open")
  })

  test("its own hello settles it, ticks the name in the brief, and can be taken back", async () => {
    await raise("tanner", "He sits alone since Monday.")
    const { id } = await raisedOne()
    expect(buttonsOf(await notes("rivera"))[0]).toMatchObject({ action: "alert_hello", id })
    const answer = await press("rivera", "alert_hello", id)
    expect((await notes("rivera")).blocks).toEqual([])
    await press("rivera", "hello_undo", buttonsOf(answer).at(-1)?.id ?? "")
    expect(shown(await notes("rivera"))).toContain("Ben Hollow")
    await press("rivera", "alert_hello", id)
    await sweep(school, on(1, "09:00"))
    expect(await raisedOne()).toMatchObject({ state: "closed", closedAs: null })
  })
})

describe("two who notice something about the same student", () => {
  test("one who takes theirs back leaves what the other is saying at that moment", async () => {
    await raise("tanner", "He looks tired.")
    const { id } = await raisedOne()
    await togetherOn(school, id, [() => press("tanner", "alert_unraise", id, on(1, "08:10")), () => raise("linde", "He left early.", on(1, "08:10"))])
    const read = shown(await press("linde", "alert_notes", school.people.ben))
    expect(read).toContain("«He left early.»")
    expect(read).not.toContain("tired")
  })

  test("a second one brings back a note that was put away, with days of its own from then on", async () => {
    await raise("tanner", "He looks tired.")
    const { id } = await raisedOne()
    await look(school, sql`update alert set state = 'snoozed', snoozed_until = ${addDays(tuesday(4), 30)} where id = ${id}`)
    await raise("linde", "He left early.", on(13))
    await sweep(school, on(13, "12:00"))
    expect(await raisedOne()).toMatchObject({ state: "open", stage: "owner", owner: "rivera" })
    await sweep(school, on(20))
    expect(await raisedOne()).toMatchObject({ state: "open", stage: "brief", owner: "rivera" })
  })

  test("are both named, in Spanish too", async () => {
    const spanish = () =>
      sceneFor(school, on(1), async (scene) =>
        shown(message("Avisos", await alertBlocks(scene, school.people.rivera, { limit: 5, home: "placed" }, "es"))),
      )
    await raise("tanner", "He looks tired.")
    expect(await spanish()).toContain("se notó algo sobre Ben Hollow, según Tess Tanner.")
    await raise("linde", "He left early.", on(1, "08:10"))
    expect(await spanish()).toContain("se notó algo sobre Ben Hollow, según Tess Tanner y Lena Linde.")
  })
})

describe("words about danger in a note", () => {
  test.each([
    [
      "tanner",
      "Ben told me he wants to kill himself tonight",
      "If somebody may be in danger, go to Lena Linde now, in person or by phone. A note here is read in days.",
    ],
    [
      "linde",
      "Ben dice que quiere matarse",
      "Si alguien puede estar en peligro, habla ya con orientación, en persona o por teléfono. Un aviso aquí se lee en días.",
    ],
  ] as const)("are kept, and %s is sent to a person first, not thanked", async (who, words, go) => {
    const answer = await raise(who, words)
    expect(shown(answer).split("\n")[0]).toBe(go)
    expect(shown(answer)).not.toMatch(/Thank you|Gracias/)
    expect(actionsOf(answer)).toEqual(["alert_unraise"])
    expect(shown(await press("rivera", "alert_notes", school.people.ben))).toContain(`«${words}»`)
  })

  test("go to nobody whom words about danger of that student name", async () => {
    await look(
      school,
      sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, skipped, opened_at)
          values (${school.id}, gen_random_uuid(), 's-1', ${school.people.ben}, 'concern', '[]', '', ${JSON.stringify([school.people.linde])}::jsonb, now())`,
    )
    expect(shown(await raise("tanner", "He wants to kill himself"))).toMatch(/^If somebody may be in danger, go to a counsellor now/)
  })
})
