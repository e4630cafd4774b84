// Decides which ties a school's own caseload list makes and ends. Refuses to know how the list was read.
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { type Change, lockSchool, siteRows } from "../../db/queries/roster-apply.ts"
import { type CaseloadTie, currentCaseloadTies, followCaseload, type Known, peopleMeant } from "../../db/queries/roster-caseload.ts"
import { withoutAdvisor } from "../../db/queries/roster-ties.ts"
import { localDate } from "../scheduling/zone.ts"
import type { RosterScene } from "./apply.ts"
import type { CaseloadRow } from "./caseload-file.ts"
import { said } from "./csv.ts"

export type CaseloadProblem = { line: number; column: "student" | "adult"; says: string }
export type CaseloadReport = { ties: Change; studentsWithoutAdvisor: readonly string[] }
export type CaseloadApplied =
  | { kind: "applied"; report: CaseloadReport }
  | { kind: "refused"; problems: CaseloadProblem[] }
  | { kind: "shrinks"; now: number; kept: number }

/** All or nothing; the list is whole, and the same list again changes nothing. A student's first advisor in the list is asked first. */
export async function applyCaseload(scene: RosterScene, list: readonly CaseloadRow[], options: { expectShrink: boolean }): Promise<CaseloadApplied> {
  const { tx, schoolId, now } = scene
  if (!(await lockSchool(tx, schoolId))) throw new Error("A caseload is applied to a school that has no row.")
  const [site] = await siteRows(tx)
  const today = localDate(now, site?.zone ?? "UTC")
  const meant = Map.groupBy(await peopleMeant(tx, [...new Set(list.flatMap((row) => [row.student, row.adult]))]), (one) => one.said)

  const problems: CaseloadProblem[] = []
  const seen = new Map<string, number>()
  const led = new Set<string>()
  const ties = list.flatMap((row): CaseloadTie[] => {
    const student = whoIs(row, "student", meant, problems)
    const adult = whoIs(row, "adult", meant, problems)
    if (student === null || adult === null) return []
    const key = JSON.stringify([student, adult, row.kind, row.from])
    const before = seen.get(key)
    if (before !== undefined) {
      problems.push({ line: row.line, column: "student", says: `says the same as line ${before}, in other words` })
      return []
    }
    seen.set(key, row.line)
    const lead = row.kind === "advisor" && !led.has(student)
    if (lead) led.add(student)
    return [{ studentId: student, adultId: adult, kind: row.kind, lead, from: row.from, to: row.to }]
  })
  if (problems.length > 0) return { kind: "refused", problems }

  const before = await currentCaseloadTies(tx, today)
  if (!options.expectShrink && ties.length * 2 < before) return { kind: "shrinks", now: before, kept: ties.length }
  const change = await followCaseload(tx, schoolId, today, ties)
  const detail = { ties_added: change.added, ties_changed: change.changed, ties_ended: change.ended }
  await writeDeed(tx, { schoolId, id: scene.ids(), at: now, actorId: null, via: "terminal", act: "caseload_import", subjectId: null, detail })
  for (const chore of ["plan", "sweep"] as const) await wakeBy(tx, schoolId, chore, now)
  return { kind: "applied", report: { ties: change, studentsWithoutAdvisor: await withoutAdvisor(tx, today) } }
}

function whoIs(
  row: CaseloadRow,
  column: "student" | "adult",
  meant: ReadonlyMap<string, readonly Known[]>,
  problems: CaseloadProblem[],
): string | null {
  const refuse = (says: string): null => {
    problems.push({ line: row.line, column, says })
    return null
  }
  const word = said(row[column])
  const [one, another] = meant.get(row[column]) ?? []
  if (!one) return refuse(`${word} is nobody in the roster; write a sourcedId or an e-mail of somebody who is`)
  if (another) return refuse(`${word} is the e-mail of several people; write the sourcedId`)
  if (!one.active) return refuse(`${word} has left, says the roster`)
  const wanted = column === "student" ? "student" : "staff"
  return one.role === wanted ? one.id : refuse(`${word} is ${one.role === "student" ? "a student, not an adult" : "staff, not a student"}`)
}
