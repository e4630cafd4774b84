import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, type Rapport, rapportHere } from "./rapport.ts"

let database: TestDatabase
let rapport: Rapport
let folder: string
let schoolId: string
let students: string[]

beforeAll(async () => {
  database = await testDatabase()
  rapport = rapportHere(envOf(database.ownerUrl))
  folder = await mkdtemp(join(tmpdir(), "rapport-signals-"))
  const sample = join(import.meta.dirname, "../../sample")
  await rapport("roster", "import", sample, "--zone", "America/New_York", "--consent", "school", "--school", "Larkspur Valley")
  schoolId = (await withoutSchool(database.db, schoolIds))[0] ?? ""
  students = (await inSchool<{ key: string }>(sql`select sourced_id as key from person where role = 'student' order by 1 limit 2`)).map(
    ({ key }) => key,
  )
}, 120_000)
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const inSchool = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>): Promise<T[]> =>
  withSchool(database.db, schoolId, (tx) => rows<T>(tx, query))
const bring = async (lines: readonly string[], ...options: string[]) => {
  const path = join(folder, "attendance.csv")
  await writeFile(path, `student,week,kind,value\n${lines.join("\n")}\n`)
  return rapport("signals", "import", path, ...options)
}
const fine = () => [`${students[0]},2026-09-14,attendance,4/5`, `${students[1]},2026-09-16,attendance,absent`]
const kept = () => inSchool<{ week: string; due: number; done: number }>(sql`select week, due, done from signal order by done desc, week`)

// One story: each step stands on the one before.
describe("signals import", () => {
  test("names unknown students by their lines, and imports nothing of the file", async () => {
    expect(await bring([...fine(), "no-such-student,2026-09-14,attendance,present"])).toEqual({
      code: 1,
      out: "",
      err: 'attendance.csv:4: student: "no-such-student" is nobody in the roster; write a sourcedId or an e-mail of somebody who is\nNothing was changed.\n',
    })
    expect(await kept()).toEqual([])
  })

  test("names a week that a student has twice by both lines, and imports nothing of the file", async () => {
    const [first = "", second = ""] = fine()
    expect(await bring([first, second, `${students[0]},2026-09-18,attendance,absent`])).toEqual({
      code: 1,
      out: "",
      err: "attendance.csv:4: is about the same student, week and kind as line 2\nNothing was changed.\n",
    })
    expect(await kept()).toEqual([])
  })

  test("with --dry-run says what would change, and changes nothing", async () => {
    expect(await bring(fine(), "--dry-run")).toEqual({
      code: 0,
      out: "2 students, 1 week: 2 new or changed.\nThis was a dry run: nothing was changed.\n",
      err: "",
    })
    expect(await kept()).toEqual([])
  })

  test("brings in a fine file, by the Monday of each day", async () => {
    expect(await bring(fine())).toEqual({ code: 0, out: "2 students, 1 week: 2 new or changed.\n", err: "" })
    expect(await kept()).toEqual([
      { week: "2026-09-14", due: 5, done: 4 },
      { week: "2026-09-14", due: 1, done: 0 },
    ])
  })

  test("of the same file again changes nothing", async () => {
    const before = await kept()
    expect(await bring(fine())).toEqual({ code: 0, out: "2 students, 1 week: 0 new or changed.\n", err: "" })
    expect(await kept()).toEqual(before)
  })

  test("of a file that is not there says so", async () => {
    const path = join(folder, "nowhere.csv")
    expect(await rapport("signals", "import", path)).toEqual({ code: 1, out: "", err: `${path} is not there or cannot be read: name a CSV file.\n` })
  })
})
