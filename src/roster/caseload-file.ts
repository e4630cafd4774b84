// A school's own list of who looks after whom, for rosters without an advisory. Decides whether each line can be read;
// refuses to know whether the people exist.
import { complain, may, must, noProblems, type Refused, readTable, refused, said, spanIn } from "./csv.ts"

/** `student` and `adult` hold a sourcedId or an e-mail, as the school wrote it; both days count, null is open; `line` is for later problems. */
export type CaseloadRow = { line: number; student: string; adult: string; kind: "advisor" | "class"; from: string | null; to: string | null }
export type ReadCaseload = { kind: "read"; rows: CaseloadRow[] } | Refused

/** Reads student, adult, kind, from, to. All or nothing: one problem refuses the file. */
export function readCaseload(csv: Uint8Array, file = "caseload.csv"): ReadCaseload {
  const problems = noProblems()
  const rows: CaseloadRow[] = []
  const first = new Map<string, number>()
  const columns = { student: must("student"), adult: must("adult"), kind: must("kind"), from: may("from"), to: may("to") }
  readTable(file, csv, columns, problems, (row) => {
    const student = row.get("student")
    const adult = row.get("adult")
    const kind = row.get("kind").toLowerCase()
    if (student === "") row.complain("student", "is empty; write a sourcedId or an e-mail")
    if (adult === "") row.complain("adult", "is empty; write a sourcedId or an e-mail")
    if (student !== "" && student === adult) row.complain("adult", `${said(adult)} is the student`)
    if (kind !== "advisor" && kind !== "class") return row.complain("kind", `${said(row.get("kind"))} is not a kind; write advisor or class`)
    const tie = { line: row.line, student, adult, kind, ...spanIn(row, "from", "to") } as const
    const key = JSON.stringify([student.toLowerCase(), adult.toLowerCase(), kind, tie.from])
    const before = first.get(key)
    if (before !== undefined) return row.complain(null, `says the same as line ${before}`)
    first.set(key, row.line)
    rows.push(tie)
  })
  if (rows.length === 0 && problems.list.length === 0) complain(problems, { file, line: 1, column: null, says: "names no student" })
  return problems.list.length > 0 ? refused(problems) : { kind: "read", rows }
}
