import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { repliedById } from "../../../db/queries/reflection.ts"
import { lineOf } from "../../../src/reflection/news-letters.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { answerFrom, deedsOf, expectRefused, formOf, messageOf, press, shown, submit } from "./steps.ts"

let database: TestDatabase
let school: TestSchool
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
})

const thursday = at("2027-02-04", "15:00")
const friday = at("2027-02-05", "08:00")

const held = (who: StudentName, replyId: string): Promise<string | null> =>
  sceneFor(school, friday, async (scene) => {
    const reply = await repliedById(scene.tx, school.people[who], replyId)
    return reply && lineOf(scene, reply)
  })

test("a line marks the answer read, rides in the receipt and counts as a contact", async () => {
  const id = await answerFrom(school, "ada", thursday, "I thanked Gia.")
  await answerFrom(school, "ben", at("2027-02-04", "15:10"), "I like maps.")
  const next = await submit(school, "rivera", friday, "reading_line", id, { words: "  That was kind of you.  " })
  expect(next.kind).toBe("replace")
  expect(shown(next)).toContain("Your line is on its way to Ada Brook.")
  expect(shown(next)).toContain("«That was kind of you.»")
  expect(shown(next)).toContain("«I like maps.»")
  expect(await held("ada", id)).toBe("That was kind of you.")
  expect((await owedIn(school, "ada")).map(({ kind }) => kind)).toEqual(["read_receipt"])
  expect(await look(school, sql`select kind, adult_id = ${school.people.rivera} as mine from contact`)).toEqual([{ kind: "reply", mine: true }])
  expect(await deedsOf(school)).toEqual(expect.arrayContaining(["rivera answer_read ada", "rivera line_sent ada"]))
})

test("once the receipt has left, a line is a message of its own, and a better one a new version", async () => {
  const id = await answerFrom(school, "ada", thursday, "I thanked Gia.")
  await press(school, "rivera", friday, "reading_read", id)
  await look(school, sql`update delivery set state = 'sent' where dedupe_key = ${`read:${id}`}`)
  const sent = await submit(school, "rivera", friday, "reading_line", id, { words: "First" })
  expect(sent.kind).toBe("say")
  expect(shown(sent)).toBe("Your line is on its way to Ada Brook.\n«First»")
  const form = formOf(await press(school, "rivera", friday, "reading_line", id))
  expect(form.fields.find(({ name }) => name === "words")?.initial).toBe("First")
  await submit(school, "rivera", friday, "reading_line", id, { words: "Second" })
  expect(await held("ada", id)).toBe("Second")
  const lines = (await owedIn(school, "ada")).filter(({ kind }) => kind === "line")
  expect(lines.map(({ dedupeKey, detail }) => ({ dedupeKey, detail }))).toEqual([
    { dedupeKey: `line:${id}:1`, detail: { version: 1 } },
    { dedupeKey: `line:${id}:2`, detail: { version: 2 } },
  ])
  expect(await look(school, sql`select count(*)::int as count from contact`)).toEqual([{ count: 1 }])
})

test("at night the student sees it in the morning, and the adult is told so", async () => {
  const id = await answerFrom(school, "ada", thursday, "Hi")
  const night = await submit(school, "rivera", at("2027-02-05", "22:10"), "reading_line", id, { words: "Good night" })
  expect(shown(night)).toContain("Your line is written. Ada Brook sees it on Monday 8 February, 7:30 am.")
})

test("a starter goes out in the student's language with their name; written words win over it", async () => {
  const dani = await answerFrom(school, "dani", thursday, "Me gusta dibujar.")
  const form = formOf(await press(school, "rivera", friday, "reading_line", dani))
  const [starter] = form.fields
  if (starter?.kind !== "one_of") throw new Error("no starters")
  expect(starter.options.length).toBeGreaterThanOrEqual(20)
  expect(starter.options.find(({ value }) => value === "belief-better-with-you")?.label).toMatch(/^This school is better with you in it, Dani/)
  expect(starter.hint).toContain("It goes out in Dani’s language, Spanish.")
  await submit(school, "rivera", friday, "reading_line", dani, { starter: "belief-better-with-you" })
  expect(await held("dani", dani)).toBe("Esta escuela es mejor contigo, Dani. Y esta es una razón.")
  const ben = await answerFrom(school, "ben", thursday, "I like maps.")
  expect(formOf(await press(school, "rivera", friday, "reading_line", ben)).fields[0]?.hint).toBe(
    "It is sent as it stands if you write nothing below.",
  )
  await submit(school, "rivera", friday, "reading_line", ben, { starter: "belief-better-with-you", words: "Show me one." })
  expect(await held("ben", ben)).toBe("Show me one.")
})

test("an empty form, an unknown starter and too long a line are asked again with what was typed", async () => {
  const id = await answerFrom(school, "ada", thursday, "Hi")
  const tried = async (values: Record<string, string>) => {
    const answer = await submit(school, "rivera", friday, "reading_line", id, values)
    return answer.kind === "ask" ? answer.errors : messageOf(answer)
  }
  expect(await tried({})).toEqual({ words: "Pick a beginning or write a few words." })
  expect(await tried({ words: "  \n " })).toEqual({ words: "Pick a beginning or write a few words." })
  expect(await tried({ starter: "no-such" })).toEqual({ starter: "Please pick one from the list." })
  expect(await tried({ words: "x".repeat(1_001) })).toEqual({ words: "This has 1,001 characters and a line holds 1,000." })
  expect(await owedIn(school, "ada")).toEqual([])
})

test("only who read it writes the line: a second reader is told whose it is", async () => {
  const id = await answerFrom(school, "cleo", thursday, "Hi")
  await press(school, "rivera", friday, "reading_read", id)
  const line = "Rosa Rivera read this one, so the line is theirs to write. Your hello can be in person."
  expectRefused(await press(school, "okafor", friday, "reading_line", id), line)
  expectRefused(await submit(school, "okafor", friday, "reading_line", id, { words: "Mine" }), line)
  expect(await held("cleo", id)).toBeNull()
})

test("two lines at once by two adults: one is kept, under the name of who read it", async () => {
  const id = await answerFrom(school, "cleo", thursday, "Hi")
  await Promise.all((["rivera", "okafor"] as const).map((who) => submit(school, who, friday, "reading_line", id, { words: `from ${who}` })))
  const [row] = await look<{ who: string; version: number }>(
    school,
    sql`select p.sourced_id as who, g.line_version as version from reading g join person p on p.id = g.read_by`,
  )
  expect(row?.version).toBe(1)
  expect(await held("cleo", id)).toBe(`from ${row?.who}`)
})

test("a class tie, a student, another school's adult may not write one", async () => {
  const id = await answerFrom(school, "ada", thursday, "Hi")
  const other = await seedSchool(database.db, { tenant: `t${serial++}` })
  for (const [where, who] of [
    [school, "tanner"],
    [school, "parr"],
    [school, "ben"],
    [other, "rivera"],
  ] as const)
    expectRefused(await submit(where, who, friday, "reading_line", id, { words: "Mine" }), "That answer is not on your list.")
  expect(await held("ada", id)).toBeNull()
})
