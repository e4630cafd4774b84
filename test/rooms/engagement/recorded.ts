// Recorded weeks for the tests of replay and score: the invented file, the real one where it is, and single rows written by hand.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type ReplayedAlert, replay } from "../../../src/engagement/replay.ts"
import { type AlertList, type Score, score } from "../../../src/engagement/score.ts"
import { type Breaks, firstWeek, readBreaks, readWeekly, type StudentCourse, studentCourseKey } from "../../../src/engagement/weekly-file.ts"

const root = join(import.meta.dirname, "../../..")
export const inventedFolder = join(root, "test/fixtures/engagement")
const realFolder = join(root, "../shared/data/oulad")
/** The development split lies beside the repository, where it lies at all. */
export const realIsThere = existsSync(join(realFolder, "oulad_weekly_dev.csv.gz"))

export type Recorded = { courses: StudentCourse[]; breaks: Breaks }

function recorded(folder: string, weekly: string): Recorded {
  const read = readWeekly(weekly, readFileSync(join(folder, weekly)))
  if (read.kind === "refused") throw new Error(read.problems.map(({ line, says }) => `${weekly}:${line}: ${says}`).join("\n"))
  const breaks = readBreaks("breaks.csv", readFileSync(join(folder, "breaks.csv")), read.courses)
  if (breaks.kind === "refused") throw new Error(breaks.problems.map(({ line, says }) => `breaks.csv:${line}: ${says}`).join("\n"))
  return { courses: read.courses, breaks: breaks.breaks }
}

export const invented = (): Recorded => recorded(inventedFolder, "weekly.csv")
let known: Recorded | null = null
export const real = (): Recorded => {
  known ??= recorded(realFolder, "oulad_weekly_dev.csv.gz")
  return known
}

export const alertsOf = (found: readonly ReplayedAlert[]): AlertList => Map.groupBy(found, ({ course }) => studentCourseKey(course))

export const scoreOf = ({ courses, breaks }: Recorded, signals: "submitted" | null): Score =>
  score(courses, alertsOf(replay(courses, { breaks, signals })))

/** What is recorded up to week `last` and nothing of later: no activity, nothing handed in, no withdrawal, no result. */
export const blankedAfter = (courses: readonly StudentCourse[], last: number): StudentCourse[] =>
  courses.map((course) => ({
    ...course,
    result: "Pass",
    withdrewDay: course.withdrewDay !== null && course.withdrewDay > 7 * last + 6 ? null : course.withdrewDay,
    active: course.active.map((one, i) => one && firstWeek + i <= last),
    handedIn: course.handedIn.map((one, i) => (firstWeek + i <= last ? one : 0)),
  }))

/** A row by hand: `weeks` from week 0 on, "a" for activity; before it nothing. */
export const row = (id: string, weeks: string, more: Partial<StudentCourse> = {}): StudentCourse => {
  const active = [...Array.from({ length: -firstWeek }, () => false), ...Array.from(weeks, (letter) => letter === "a")]
  return {
    ...{ line: 2, id, module: "ASH", presentation: "2031J", registeredDay: -30, withdrewDay: null, result: "Pass" },
    ...{ active, handedIn: active.map(() => 0) },
    ...more,
  }
}
