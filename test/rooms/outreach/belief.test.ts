// Once a term, under an answer, free to skip, and seen by no adult.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { beliefAsked } from "../../../src/outreach/belief.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import { said } from "../../../src/reflection/said.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, type StudentName, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { buttonsOf, press, shown } from "./steps.ts"

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

const before = [
  { thursday: "2027-02-04", tuesday: "2027-02-09" },
  { thursday: "2027-02-11", tuesday: "2027-02-16" },
] as const
// The term runs from 11 January to 4 June: its middle is 24 March.
const asking = { thursday: "2027-04-01", tuesday: "2027-04-06" }
const friday = at("2027-04-02", "09:00")

/** The student has answered that many questions before, and has this week's. */
async function asked(who: StudentName, week = asking, answered = 2): Promise<string> {
  for (const one of before.slice(0, answered)) {
    const { occurrenceId } = await promptFor(school, who, one)
    await look(school, sql`update occurrence set state = 'answered', answered_at = opens_at where id = ${occurrenceId}`)
  }
  return (await promptFor(school, who, week)).occurrenceId
}
let message = 0
const types = (who: StudentName, now = friday, text = "We built the bridge model."): Promise<Answer> => {
  const messageId = `m-${message++}`
  return turnFor(school, who, now, { kind: "said", messageId, text }, (turn) => said(turn, { messageId, text }))
}
const offered = (answer: Answer) => buttonsOf(answer).filter(({ action }) => action.startsWith("belief_"))
const kept = () => look<{ answer: string | null }>(school, sql`select answer from belief`)
const termId = async () => (await look<{ id: string }>(school, sql`select id from term`))[0]?.id ?? ""

describe("a student is asked whether an adult here believes in them", () => {
  test("under the third answer or a later one, in the week after the middle of the term, with who sees it", async () => {
    await asked("ada")
    const answer = await types("ada")
    expect(offered(answer).map(({ label }) => label)).toEqual(["Yes", "Not sure", "No", "Skip"])
    expect(shown(answer)).toContain("An adult at this school believes in me.")
    expect(shown(answer)).toContain("No adult here is shown what you say")
    expect(await kept()).toEqual([{ answer: null }])
  })

  test("in their own language", async () => {
    await asked("dani")
    expect(offered(await types("dani")).map(({ label }) => label)).toEqual(["Sí", "No lo sé", "No", "Pasar"])
  })

  test("not again in the weeks that follow, whether or not they said anything", async () => {
    await asked("ada")
    await types("ada")
    await promptFor(school, "ada", { thursday: "2027-04-08", tuesday: "2027-04-13" })
    expect(offered(await types("ada", at("2027-04-09", "09:00")))).toEqual([])
  })

  test("in a later week, where they were silent in the first", async () => {
    await asked("ada", { thursday: "2027-04-22", tuesday: "2027-04-27" })
    expect(offered(await types("ada", at("2027-04-23", "09:00")))).toHaveLength(4)
  })

  test.each([
    ["before the middle of the term", { thursday: "2027-03-25", tuesday: "2027-03-30" }, "2027-03-26"],
    ["when four weeks of asking are over", { thursday: "2027-04-29", tuesday: "2027-05-04" }, "2027-04-30"],
  ])("not %s", async (_when, week, day) => {
    await asked("ada", week)
    expect(offered(await types("ada", at(day, "09:00")))).toEqual([])
  })

  test("not before their third answer", async () => {
    await asked("ada", asking, 1)
    expect(offered(await types("ada"))).toEqual([])
    expect(await kept()).toEqual([])
  })

  test("not where the calendar has no term for that day", async () => {
    await look(school, sql`delete from term where school_id = ${school.id}`)
    await asked("ada")
    expect(offered(await types("ada"))).toEqual([])
  })

  test("not in a week of words about danger, nor while such words are open", async () => {
    await asked("ada")
    await asked("ben")
    const raised = (who: StudentName, day: string, state: string) =>
      look(
        school,
        sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, state, opened_at)
            values (${school.id}, gen_random_uuid(), ${`${who}${day}`}, ${school.people[who]}, 'concern', '[]', 'x'::bytea, ${state}, ${at(day, "12:00")})`,
      )
    await raised("ada", "2027-03-30", "taken")
    await raised("ben", "2027-03-01", "open")
    await asked("cleo")
    await raised("cleo", "2027-03-01", "taken")
    expect(offered(await types("ada"))).toEqual([])
    expect(offered(await types("ben"))).toEqual([])
    expect(offered(await types("cleo"))).toHaveLength(4)
  })

  test("not beside words that may mean that the questions are to end", async () => {
    await asked("ada")
    const answer = await types("ada", friday, "stop asking please")
    expect(offered(answer)).toEqual([])
  })

  test("once, by whichever of several answers at the same moment comes first", async () => {
    const occurrenceId = await asked("ada")
    const ask = () =>
      turnFor(school, "ada", friday, { kind: "said", messageId: "m", text: "x" }, (turn) =>
        beliefAsked(turn, { id: occurrenceId, week: "2027-03-29" }),
      )
    const answers = await Promise.all(Array.from({ length: 6 }, ask))
    expect(answers.filter((blocks) => blocks.length > 0)).toHaveLength(1)
    expect(await kept()).toHaveLength(1)
  })
})

describe("what they say", () => {
  const say = async (who: PersonName, which: string, now = friday) => shown(await press(school, who, now, `belief_${which}`, await termId()))

  test("is kept, and thanked for without repeating it", async () => {
    await asked("ada")
    await types("ada")
    expect(await say("ada", "no")).toBe(
      "Thank you. No adult here is shown which one you picked: the school only sees counts of five or more. You can still change it until Tuesday 6 April, 6:00 pm.",
    )
    expect(await kept()).toEqual([{ answer: "no" }])
  })

  test("can be changed until the week closes, and not after", async () => {
    await asked("ada")
    await types("ada")
    await say("ada", "no")
    await say("ada", "skip", at("2027-04-06", "17:59"))
    expect(await kept()).toEqual([{ answer: "skip" }])
    expect(await say("ada", "yes", at("2027-04-06", "18:00"))).toContain("closed now")
    expect(await kept()).toEqual([{ answer: "skip" }])
  })

  test("is one answer, however often it is pressed at the same moment", async () => {
    await asked("ada")
    await types("ada")
    await Promise.all(["yes", "no", "unsure", "yes"].map((which) => say("ada", which)))
    expect(await kept()).toHaveLength(1)
  })

  test("is taken from nobody who was not asked: another student, an adult, a student without consent", async () => {
    await asked("ada")
    await types("ada")
    expect(await say("ben", "yes")).toContain("closed now")
    for (const who of ["rivera", "parr", "finn"] as const) expect(await say(who, "yes")).toMatch(/for students|para estudiantes/)
    expect(await kept()).toEqual([{ answer: null }])
  })

  test("stands in no deed: only that they answered", async () => {
    await asked("ada")
    await types("ada")
    await say("ada", "no")
    const deeds = await look<{ detail: object }>(school, sql`select detail from deed where act = 'belief_answered'`)
    expect(deeds).toEqual([{ detail: {} }])
  })
})

test("no look-up reads it: one file of queries knows the table", () => {
  const folder = join(import.meta.dirname, "..", "..", "..", "db", "queries")
  const knowing = readdirSync(folder).filter((file) => /\b(from|join|into|update) belief\b/.test(readFileSync(join(folder, file), "utf8")))
  expect(knowing).toEqual(["outreach-belief.ts"])
})
