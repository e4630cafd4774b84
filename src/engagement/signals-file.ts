// A school's own list of who was there, or handed something in, in a week. Decides whether each line can be read;
// refuses to know whether the people exist.
import { complain, must, noProblems, type Refused, readTable, refused, said } from "../roster/csv.ts"
import { isDate, mondayOf } from "../scheduling/zone.ts"

/** `student` is a sourcedId or an e-mail, as the school wrote it; `week` a Monday; of `due` days or papers, `done` were attended or handed in. */
export type SignalLine = { line: number; student: string; week: string; kind: "attendance" | "submission"; due: number; done: number }
type ReadSignals = { kind: "read"; rows: SignalLine[] } | Refused

const mostDue = 1_000

/** "present", "absent", or a count such as 3/5. */
function countsIn(value: string): { done: number; due: number } | null {
  if (value === "present") return { done: 1, due: 1 }
  if (value === "absent") return { done: 0, due: 1 }
  const [, done, due] = /^(\d{1,4})\s*\/\s*(\d{1,4})$/.exec(value)?.map(Number) ?? []
  return done === undefined || due === undefined || due < 1 || due > mostDue || done > due ? null : { done, due }
}

/** Reads student, week, kind, value; a week is any day of it. All or nothing: one problem refuses the file. */
export function readSignals(csv: Uint8Array, file = "signals.csv"): ReadSignals {
  const problems = noProblems()
  const rows: SignalLine[] = []
  const first = new Map<string, number>()
  const columns = { student: must("student"), week: must("week"), kind: must("kind"), value: must("value") }
  readTable(file, csv, columns, problems, (row) => {
    const [student, day, kind] = [row.get("student"), row.get("week"), row.get("kind").toLowerCase()]
    if (student === "") row.complain("student", "is empty; write a sourcedId or an e-mail")
    if (!isDate(day)) return row.complain("week", `${said(day)} is not a day; write one of the week as YYYY-MM-DD`)
    if (kind !== "attendance" && kind !== "submission")
      return row.complain("kind", `${said(row.get("kind"))} is not a kind; write attendance or submission`)
    const counts = countsIn(row.get("value").toLowerCase())
    if (counts === null) return row.complain("value", `${said(row.get("value"))} says nothing; write present, absent, or a count such as 3/5`)
    const week = mondayOf(day)
    const key = JSON.stringify([student.toLowerCase(), week, kind])
    const before = first.get(key)
    if (before !== undefined) return row.complain(null, `is about the same student, week and kind as line ${before}`)
    first.set(key, row.line)
    rows.push({ line: row.line, student, week, kind, ...counts })
  })
  if (rows.length === 0 && problems.list.length === 0) complain(problems, { file, line: 1, column: null, says: "names no student" })
  return problems.list.length > 0 ? refused(problems) : { kind: "read", rows }
}
