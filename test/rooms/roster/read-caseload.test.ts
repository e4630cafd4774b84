import { describe, expect, test } from "vitest"
import { readCaseload } from "../../../src/roster/caseload-file.ts"

const caseload = (text: string) => readCaseload(new TextEncoder().encode(text))

describe("a caseload file", () => {
  test("names who looks after whom, by sourcedId or e-mail, in any order of columns", () => {
    expect(caseload("adult,student,kind,from,to\nt-1,orla@example.org,Advisor,2026-08-31,\nt-1,s-2,class,,2026-12-18\n")).toEqual({
      kind: "read",
      rows: [
        { line: 2, student: "orla@example.org", adult: "t-1", kind: "advisor", from: "2026-08-31", to: null },
        { line: 3, student: "s-2", adult: "t-1", kind: "class", from: null, to: "2026-12-18" },
      ],
    })
  })
  test("needs no dates, and one student may have two advisors", () => {
    expect(caseload("student,adult,kind\ns,a,advisor\ns,b,advisor\n")).toMatchObject({ kind: "read", rows: [{ from: null }, { to: null }] })
  })
  test.each([
    ["s,a,mentor,,", 2, "kind", /advisor or class/],
    [",a,class,,", 2, "student", /sourcedId or an e-mail/],
    ["s,,class,,", 2, "adult", /sourcedId or an e-mail/],
    ["s,s,class,,", 2, "adult", /is the student/],
    ["s,a,class,31.8.2026,", 2, "from", /YYYY-MM-DD/],
    ["s,a,class,2026-09-02,2026-09-01", 2, "to", /before it begins/],
    ["s,a,class,,\nS,A,class,,", 3, null, /line 2/],
    ["s,a,class", 2, "from", /3 cells/],
    ["", 1, null, /names no student/],
  ])("refuses %j with its line and column", (rows, line, column, words) => {
    const result = caseload(`student,adult,kind,from,to\n${rows}\n`)
    expect(result).toMatchObject({ kind: "refused", problems: [{ file: "caseload.csv", line, column }] })
    expect(result.kind === "refused" && result.problems[0]?.says).toMatch(words)
  })
  test("refuses a header without the columns", () => {
    expect(caseload("pupil,adult,kind\n")).toMatchObject({ problems: [{ line: 1, column: "student" }] })
  })
})
