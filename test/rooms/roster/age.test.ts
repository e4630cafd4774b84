import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { keptOffSlack, tooYoung as tooYoungRow } from "../../../db/queries/roster-age.ts"
import { keptOff, tooYoung } from "../../../src/roster/age.ts"
import { settingsFrom } from "../../../src/roster/settings.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"

let database: TestDatabase
let school: TestSchool
const now = at("2027-02-04", "15:00")
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
})
afterAll(() => database.close())

describe("a student's age by their grade", () => {
  test.each([
    ["10", 16, true],
    ["11", 16, false],
    ["12", 16, false],
    ["09", 15, true],
    ["10", 15, false],
    [" 11 ", 16, false],
    ["13", 18, false],
    ["12", 18, true],
    ["20", 25, false],
    ["19", 25, true],
  ] as const)("grade %s and a minimum of %i: too young is %s", (grade, minimum, young) => {
    expect(tooYoung(grade, minimum)).toBe(young)
  })

  test.each(["K", "KG", "PK", "UG", "", " ", "-1", "1e1", "11th", "1.5", "123", "١١", null])(
    "grade %j is no number of years, and counts as too young",
    (grade) => {
      expect(tooYoung(grade, 16)).toBe(true)
      expect(tooYoung(grade, 1)).toBe(true)
    },
  )

  test("a minimum of 0 keeps nobody off, whatever the grade", () => {
    for (const grade of ["PK", "1", "12", null]) expect(tooYoung(grade, 0)).toBe(false)
  })
})

describe("the database judges a row", () => {
  const grades = [
    "0",
    "1",
    "09",
    "9",
    "10",
    "11",
    " 11 ",
    "12",
    "13",
    "99",
    "100",
    "K",
    "PK",
    "UG",
    "",
    " ",
    "-1",
    "1e1",
    "11th",
    "1.5",
    "١١",
    "\t11",
    null,
  ]

  test("exactly as the rule does, for every grade and every age", async () => {
    for (const minimum of [0, 1, 14, 15, 16, 17, 18, 25]) {
      const found = await look<{ grade: string | null; young: boolean }>(
        school,
        sql`select p.grade, ${tooYoungRow("p", minimum)} as young from (select 'student' as role, value as grade
              from jsonb_array_elements_text(${JSON.stringify(grades)}::jsonb)) p`,
      )
      expect(found.map(({ grade, young }) => [grade, young])).toEqual(grades.map((grade) => [grade, tooYoung(grade, minimum)]))
    }
  })

  test("and never a member of staff", async () => {
    const found = await look(school, sql`select 1 from (select 'staff' as role, null::text as grade) p where ${tooYoungRow("p", 16)}`)
    expect(found).toEqual([])
  })
})

describe("who is kept off a platform", () => {
  const settings = settingsFrom({})
  test("is a young student on Slack, where the school has not said otherwise", () => {
    expect(settings["slack.minimum_age"]).toBe(16)
    expect(keptOff("slack", { role: "student", grade: "10" }, settings)).toBe(true)
    expect(keptOff("slack", { role: "student", grade: "11" }, settings)).toBe(false)
    expect(keptOff("slack", { role: "staff", grade: null }, settings)).toBe(false)
    expect(keptOff("slack", { role: "student", grade: "PK" }, settingsFrom({ "slack.minimum_age": 0 }))).toBe(false)
  })
  test("is nobody anywhere else", () => {
    for (const platform of ["teams", "playground"] as const) expect(keptOff(platform, { role: "student", grade: "1" }, settings)).toBe(false)
  })
  test("what is no age at all leaves the default in force", () => {
    for (const value of ["soon", -1, 26, 15.5]) expect(settingsFrom({ "slack.minimum_age": value })["slack.minimum_age"]).toBe(16)
  })
  test("are counted for whoever asks how the school stands; who has left is not", async () => {
    await look(school, sql`update person set grade = '11' where id = ${school.people.ada}`)
    await look(school, sql`update person set status = 'ended' where id = ${school.people.ben}`)
    const counts = await sceneFor(school, now, async ({ tx }) => [await keptOffSlack(tx, 16), await keptOffSlack(tx, 0), await keptOffSlack(tx, 17)])
    expect(counts).toEqual([5, 0, 6])
  })
})

test("an empty list of rows is judged without a fault", async () => {
  expect(await sceneFor(school, now, ({ tx }) => rows(tx, sql`select 1 from person p where false and ${tooYoungRow("p", 16)}`))).toEqual([])
})
