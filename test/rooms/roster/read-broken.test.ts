import { describe, expect, test } from "vitest"
import { must, noProblems, readTable } from "../../../src/roster/csv.ts"
import { readRoster } from "../../../src/roster/read-roster.ts"
import { bytesOf, type RosterFixture, read, textsOf } from "../../fixtures/roster/files.ts"

type Case = [says: string, form: RosterFixture, file: string, from: string | RegExp, to: string, line: number, column: string | null, words: RegExp]

const cases: Case[] = [
  ["a column twice", "oneroster-1.1", "users.csv", "middleName", "Email", 1, "email", /twice/],
  ["a column missing", "oneroster-1.1", "users.csv", "familyName", "surname", 1, "familyName", /missing/],
  ["semicolons for commas", "sds-2.1", "classes.csv", /,/g, ";", 1, null, /commas/],
  ["a row too short", "oneroster-1.1", "users.csv", "u-3,,,false,o-1", "u-3,,,false", 4, "password", /17 cells .* 18/],
  ["a row too long", "sds-2.1", "roles.csv", "3,901", "3,901,901", 5, "cell 9", /9 cells .* 8/],
  ["a sourcedId twice", "oneroster-1.1", "users.csv", "u-3,", "u-2,", 4, "sourcedId", /already stands in line 3/],
  ["a sourcedId missing", "oneroster-1.2", "classes.csv", "c-2,", ",", 3, "sourcedId", /empty/],
  ["a sourcedId with a mark that turns text", "sds-2.1", "orgs.csv", "902,", "90\u202e2,", 4, "sourcedId", /cannot be a key/],
  ["an enrolment of nobody", "oneroster-1.1", "enrollments.csv", "u-3,student", "u-33,student", 4, "userSourcedId", /"u-33" is not in users.csv/],
  ["an enrolment in nothing", "sds-2.1", "enrollments.csv", "71,1", "79,1", 4, "classSourcedId", /"79" is not in classes.csv/],
  ["a role of nobody", "oneroster-1.2", "roles.csv", "r-3,,,u-2", "r-3,,,u-22", 4, "userSourcedId", /not in users.csv/],
  ["a role at no school", "sds-2.1", "roles.csv", "1,901", "1,999", 2, "orgSourcedId", /not in orgs.csv/],
  ["a user at no school", "oneroster-1.1", "users.csv", '"o-1,d-1"', '"o-1,d-9"', 2, "orgSourcedIds", /"d-9" is not in orgs.csv/],
  ["a class in no term", "oneroster-1.1", "classes.csv", "o-1,q-1,,,2", "o-1,q-7,,,2", 3, "termSourcedIds", /"q-7" is not in academicSessions.csv/],
  ["a date in another fashion", "oneroster-1.1", "enrollments.csv", "2026-09-14", "9/14/2026", 3, "beginDate", /"9\/14\/2026" is not a date/],
  ["a day that is in no calendar", "oneroster-1.1", "academicSessions.csv", "2026-12-18", "2026-11-31", 3, "endDate", /not a date/],
  ["an end before its beginning", "oneroster-1.2", "roles.csv", "2027-06-30", "2025-06-30", 3, "endDate", /before it begins/],
  ["a session without an end", "oneroster-1.1", "academicSessions.csv", "2026-12-18", "", 3, "endDate", /empty/],
  ["a student who teaches", "oneroster-1.1", "enrollments.csv", "u-2,student,,2026", "u-2,teacher,,2026", 3, "role", /a student, not a teacher/],
  ["a teacher who is enrolled", "sds-2.1", "enrollments.csv", "70,2,teacher", "70,2,student", 3, "role", /staff, not a student/],
  ["nobody's name", "sds-2.1", "users.csv", "Noor,Hask", ",", 4, "givenName", /empty/],
  ["a name without end", "oneroster-1.1", "orgs.csv", "Harborlight Middle School", "a".repeat(201), 3, "name", /longer than 200/],
  ["a quotation mark that never closes", "oneroster-1.1", "users.csv", "Tomás", '"Tomás', 4, "givenName", /never closes/],
  ["a quotation mark inside a cell", "oneroster-1.1", "users.csv", "Tomás", 'Tom"ás', 4, "givenName", /in the middle of a cell/],
  ["text behind a quotation mark", "oneroster-1.1", "users.csv", "Tomás", '"Tom"ás', 4, "givenName", /closing quotation mark/],
  ["a quote bomb", "oneroster-1.1", "users.csv", "Orla", `"${"x".repeat(300_000)}`, 3, "givenName", /far too long/],
  ["a version from the past", "oneroster-1.1", "manifest.csv", "oneroster.version,1.1", "oneroster.version,1.0", 3, "value", /1\.1 and 1\.2/],
  ["a manifest that knows another mode", "oneroster-1.1", "manifest.csv", "file.users,bulk", "file.users,all", 16, "value", /bulk, delta or absent/],
  ["an empty file", "sds-2.1", "users.csv", /[\s\S]*/, "", 1, null, /empty/],
]

describe("a broken copy is refused and says where", () => {
  test.each(cases)("%s", (_, form, file, from, to, line, column, words) => {
    const texts = textsOf(form)
    const broken = (texts[file] ?? "").replace(from, to)
    expect(broken).not.toBe(texts[file])
    const result = read({ ...texts, [file]: broken })
    expect(result.kind).toBe("refused")
    const first = result.kind === "refused" ? result.problems[0] : undefined
    expect(first).toMatchObject({ file, line, column })
    expect(result).toMatchObject({ problems: [{ file }] })
    expect(first?.says).toMatch(words)
  })

  test("several problems are all named, with their lines", () => {
    const texts = textsOf("oneroster-1.1")
    const enrolments = (texts["enrollments.csv"] ?? "").replace("c-1,o-1,u-1", "c-9,o-1,u-1").replace("2026-11-30", "soon")
    expect(read({ ...texts, "enrollments.csv": enrolments })).toMatchObject({
      problems: [
        { line: 2, column: "classSourcedId" },
        { line: 6, column: "endDate" },
      ],
      more: 0,
    })
  })

  test("a thousand problems are a hundred and a count", () => {
    const texts = textsOf("sds-2.1")
    const rows = Array.from({ length: 1_000 }, (_, i) => `70,ghost-${i},student`).join("\n")
    const result = read({ ...texts, "enrollments.csv": `classSourcedId,userSourcedId,role\n${rows}` })
    expect(result).toMatchObject({ kind: "refused", more: 900 })
    expect(result.kind === "refused" && result.problems).toHaveLength(100)
  })

  test("a line is counted as an editor counts it, after cells of several lines and empty lines", () => {
    const texts = textsOf("oneroster-1.1")
    const users = (texts["users.csv"] ?? "").replace("Petra", '"Pe\ntra"').replace("u-3,", "\n\nu-2,")
    expect(read({ ...texts, "users.csv": users })).toMatchObject({ problems: [{ line: 7, column: "sourcedId" }] })
  })

  test("a file in another encoding names its first line that is not UTF-8", () => {
    const texts = textsOf("oneroster-1.1")
    const files = bytesOf(texts)
    files.set("users.csv", Buffer.from(texts["users.csv"] ?? "", "latin1"))
    expect(readRoster({ files })).toMatchObject({ problems: [{ file: "users.csv", line: 4, says: expect.stringContaining("UTF-8") }] })
  })

  test("a set without the files that make it one says which", () => {
    const { "roles.csv": _roles, ...sds } = textsOf("sds-2.1")
    expect(read(sds)).toMatchObject({ problems: [{ file: "roles.csv", line: 1 }] })
    expect(read({ "student.csv": "" })).toMatchObject({ problems: [{ file: "manifest.csv", says: expect.stringContaining("no roster here") }] })
    const { "enrollments.csv": _enrolments, ...announced } = textsOf("oneroster-1.1")
    expect(read(announced)).toMatchObject({ problems: [{ file: "manifest.csv", line: 11, says: "enrollments.csv is announced but missing" }] })
  })

  test("what a problem quotes from a cell is short and cannot turn the line it is printed on", () => {
    const texts = textsOf("sds-2.1")
    const result = read({ ...texts, "enrollments.csv": `classSourcedId,userSourcedId,role\n70,\u202e${"z".repeat(500)},student\n` })
    const says = result.kind === "refused" ? (result.problems[0]?.says ?? "") : ""
    expect(says.length).toBeLessThan(120)
    expect(says).not.toContain("\u202e")
  })
})

describe("a very large file", () => {
  test("is read row by row up to its cap, and refused with the line beyond it", () => {
    const bytes = new TextEncoder().encode(`key\n${Array.from({ length: 50_000 }, (_, i) => i).join("\n")}`)
    let rows = 0
    const problems = noProblems()
    readTable(
      "big.csv",
      bytes,
      { key: must("key") },
      problems,
      () => {
        rows += 1
      },
      50_000,
    )
    expect([rows, problems.list]).toEqual([50_000, []])
    readTable("big.csv", bytes, { key: must("key") }, problems, () => {}, 40_000)
    expect(problems.list).toEqual([{ file: "big.csv", line: 40_002, column: null, says: "has more than 40,000 rows" }])
  })
})
