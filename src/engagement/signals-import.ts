// Decides what a second source says of whom. A file is the newest word on its weeks and kinds; it raises precision, and never stands in for a reply.
// Refuses to know how the file was read, and what the detector makes of it.
import { writeDeed } from "../../db/queries/access.ts"
import { replaceSignals, type SignalRow } from "../../db/queries/engagement-signals.ts"
import { lockSchool, siteRows } from "../../db/queries/roster-apply.ts"
import { peopleMeant } from "../../db/queries/roster-caseload.ts"
import type { Scene } from "../deps.ts"
import { said } from "../roster/csv.ts"
import { localDate, mondayOf } from "../scheduling/zone.ts"
import type { SignalLine } from "./signals-file.ts"

type SignalProblem = { line: number; column: "student" | "week"; says: string }
type SignalsImported =
  | { kind: "imported"; weeks: number; students: number; changed: number; gone: number }
  | { kind: "refused"; problems: SignalProblem[] }

/** All or nothing; the same file again changes nothing. Weeks that were judged already stay as they were judged. */
export async function importSignals(
  scene: Pick<Scene, "tx" | "schoolId" | "now"> & { ids: () => string },
  list: readonly SignalLine[],
): Promise<SignalsImported> {
  const { tx, schoolId, now } = scene
  if (!(await lockSchool(tx, schoolId))) throw new Error("Signals are imported into a school that has no row.")
  const [site] = await siteRows(tx)
  const thisWeek = mondayOf(localDate(now, site?.zone ?? "UTC"))
  const meant = Map.groupBy(await peopleMeant(tx, [...new Set(list.map(({ student }) => student))]), (one) => one.said)

  const problems: SignalProblem[] = []
  const seen = new Map<string, number>()
  const signals = list.flatMap((row): SignalRow[] => {
    const refuse = (column: SignalProblem["column"], says: string): SignalRow[] => {
      problems.push({ line: row.line, column, says })
      return []
    }
    const [one, another] = meant.get(row.student) ?? []
    const word = said(row.student)
    if (!one) return refuse("student", `${word} is nobody in the roster; write a sourcedId or an e-mail of somebody who is`)
    if (another) return refuse("student", `${word} is the e-mail of several people; write the sourcedId`)
    if (one.role !== "student") return refuse("student", `${word} is staff, not a student`)
    if (row.week > thisWeek) return refuse("week", `the week of ${row.week} has not begun`)
    const key = `${one.id} ${row.week} ${row.kind}`
    const before = seen.get(key)
    if (before !== undefined) return refuse("student", `${word} is about the same student, week and kind as line ${before}, in other words`)
    seen.set(key, row.line)
    return [{ studentId: one.id, week: row.week, kind: row.kind, due: row.due, done: row.done }]
  })
  if (problems.length > 0) return { kind: "refused", problems }

  const { changed, gone } = await replaceSignals(tx, schoolId, signals)
  const detail = { rows: signals.length, changed, gone }
  await writeDeed(tx, { schoolId, id: scene.ids(), at: now, actorId: null, via: "terminal", act: "signals_import", subjectId: null, detail })
  const distinct = (of: "week" | "studentId"): number => new Set(signals.map((one) => one[of])).size
  return { kind: "imported", weeks: distinct("week"), students: distinct("studentId"), changed, gone }
}
