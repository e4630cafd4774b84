import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { readSignals } from "../../../src/engagement/signals-file.ts"
import { importSignals } from "../../../src/engagement/signals-import.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { alertsIn, historyIn, live, monday, said, sweepTime } from "./weeks.ts"

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

const csv = (...lines: string[]) => new TextEncoder().encode(["student,week,kind,value", ...lines].join("\n"))
const read = (...lines: string[]) => readSignals(csv(...lines), "signals.csv")
const problems = (...lines: string[]) => {
  const found = read(...lines)
  return found.kind === "refused" ? found.problems.map(({ line, column, says }) => `${line}: ${column ?? "line"}: ${says}`) : []
}
const bring = (...lines: string[]) => {
  const found = read(...lines)
  if (found.kind === "refused") throw new Error(found.problems[0]?.says)
  return sceneFor(school, sweepTime(6), (scene) => importSignals({ ...scene, ids: randomUUID }, found.rows))
}
const kept = () =>
  look<{ said: string }>(
    school,
    sql`select p.sourced_id || ' ' || s.week || ' ' || s.kind || ' ' || s.done || '/' || s.due as said from signal s join person p on p.id = s.student_id order by 1`,
  ).then((rows) => rows.map((row) => row.said))

describe("a signals file", () => {
  test("says present, absent or a count, of any day of a week", () => {
    expect(read("ada,2027-01-13,Attendance,present", "ben,2027-01-11,attendance,absent", "ada,2027-01-17,submission, 3/5 ")).toMatchObject({
      kind: "read",
      rows: [
        { line: 2, student: "ada", week: monday(0), kind: "attendance", done: 1, due: 1 },
        { line: 3, student: "ben", week: monday(0), done: 0, due: 1 },
        { line: 4, week: monday(0), kind: "submission", done: 3, due: 5 },
      ],
    })
  })

  test.each([
    ["no student", ",2027-01-11,attendance,present", "2: student: is empty; write a sourcedId or an e-mail"],
    ["no day", "ada,week 3,attendance,present", '2: week: "week 3" is not a day; write one of the week as YYYY-MM-DD'],
    ["another kind", "ada,2027-01-11,grades,present", '2: kind: "grades" is not a kind; write attendance or submission'],
    ["another value", "ada,2027-01-11,attendance,5/3", '2: value: "5/3" says nothing; write present, absent, or a count such as 3/5'],
  ])("is refused for %s", (_, line, says) => {
    expect(problems(line)).toEqual([says])
  })

  test("is refused where it says a week twice, whichever days of it were written", () => {
    expect(problems("ada,2027-01-11,attendance,present", "ben,2027-01-11,attendance,present", "ada,2027-01-15,attendance,absent")).toEqual([
      "4: line: is about the same student, week and kind as line 2",
    ])
  })

  test("is refused where it names nobody", () => {
    expect(problems()).toEqual(["1: line: names no student"])
  })
})

describe("an import", () => {
  test("refuses unknown students, staff and weeks to come by their lines, and keeps nothing", async () => {
    expect(
      await bring(
        "ada,2027-01-11,attendance,present",
        "nobody,2027-01-11,attendance,present",
        "rivera,2027-01-11,attendance,present",
        "ben,2027-05-11,attendance,present",
      ),
    ).toEqual({
      kind: "refused",
      problems: [
        { line: 3, column: "student", says: '"nobody" is nobody in the roster; write a sourcedId or an e-mail of somebody who is' },
        { line: 4, column: "student", says: '"rivera" is staff, not a student' },
        { line: 5, column: "week", says: "the week of 2027-05-10 has not begun" },
      ],
    })
    expect(await kept()).toEqual([])
  })

  test("refuses a student who is named by key and by e-mail in one week", async () => {
    await look(school, sql`update person set email = 'ada@example.org' where sourced_id = 'ada'`)
    expect(await bring("ada,2027-01-11,attendance,present", "Ada@example.org,2027-01-12,attendance,absent")).toMatchObject({
      kind: "refused",
      problems: [{ line: 3, column: "student" }],
    })
  })

  test("of the same file again changes nothing", async () => {
    const lines = ["ada,2027-01-11,attendance,4/5", "ben,2027-01-11,attendance,absent"]
    expect(await bring(...lines)).toEqual({ kind: "imported", weeks: 1, students: 2, changed: 2, gone: 0 })
    expect(await bring(...lines)).toEqual({ kind: "imported", weeks: 1, students: 2, changed: 0, gone: 0 })
  })

  test("of a newer file takes the place of its weeks and kinds, and of no others", async () => {
    await bring(
      "ada,2027-01-11,attendance,present",
      "ben,2027-01-11,attendance,present",
      "ada,2027-01-18,attendance,present",
      "ada,2027-01-11,submission,1/2",
    )
    expect(await bring("ada,2027-01-11,attendance,absent")).toEqual({ kind: "imported", weeks: 1, students: 1, changed: 1, gone: 1 })
    expect(await kept()).toEqual(["ada 2027-01-11 attendance 0/1", "ada 2027-01-11 submission 1/2", "ada 2027-01-18 attendance 1/1"])
  })

  test("is on record, as counts", async () => {
    await bring("ada,2027-01-11,attendance,present")
    expect(await look(school, sql`select act, detail from deed where act = 'signals_import'`)).toEqual([
      { act: "signals_import", detail: { rows: 1, changed: 1, gone: 0 } },
    ])
  })
})

describe("the sweep beside a second source", () => {
  test("names whoever was not there in the one week known two misses sooner, and says which weeks", async () => {
    await bring(`ada,${monday(2)},attendance,absent`)
    await live(school, { ada: "amm", ben: "amm" })
    expect(await said(school)).toEqual(["silence ada rivera"])
    expect((await alertsIn(school))[0]?.facts).toMatchObject({ needed: 1, signals: { present: [], absent: [monday(2)] } })
  })

  test("waits longer for whoever missed nothing", async () => {
    await bring(`ada,${monday(1)},attendance,5/5`, `ada,${monday(1)},submission,2/2`)
    await live(school, { ada: "ammm", ben: "ammm" })
    expect(await said(school)).toEqual(["silence ben rivera"])
  })

  test("takes one day in five, or one kind that was mostly missed, for away, and three days in five for neither", async () => {
    await bring(
      ...[`ada,${monday(2)},attendance,1/5`, `ben,${monday(2)},attendance,5/5`, `ben,${monday(2)},submission,0/2`],
      `cleo,${monday(2)},attendance,3/5`,
    )
    await live(school, { ada: "amm", ben: "amm", cleo: "ammm" })
    const found = new Map((await alertsIn(school)).map(({ about, facts }) => [about, facts]))
    expect([found.get("ada"), found.get("ben")]).toEqual([1, 2].map(() => expect.objectContaining({ needed: 1 })))
    expect(found.get("cleo")).toMatchObject({ needed: 3 })
  })

  test("never stands in for a reply, or for a miss", async () => {
    await bring(
      ...[1, 2, 3, 4, 5].map((n) => `ada,${monday(n)},attendance,present`),
      `ben,${monday(1)},attendance,absent`,
      `ben,${monday(2)},attendance,absent`,
    )
    await live(school, { ada: "am", ben: "aa" })
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "am" })
    expect(await said(school)).toEqual([])
  })
})
