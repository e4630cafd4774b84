// Decides whom the detector would have named, week by week, over recorded activity: the very functions that judge live, one course run as the group.
// Refuses to know a course's end, its results, or any week after the one it judges.
import { cleared, type Group, judge, type LastAlert, reasonFor, shouldOpen } from "./detect.ts"
import { groupQuiet, groupRate, tallies } from "./group-rate.ts"
import { type History, type Mark, markOf, weekAt } from "./history.ts"
import { type Assignments, assignments } from "./replay-assignments.ts"
import { alertSentence, quietSentence } from "./replay-sentence.ts"
import { type Breaks, firstWeek, runOf, type StudentCourse } from "./weekly-file.ts"

/** A line of what replay writes. `quiet` is the quiet list and no alert; `long` an alert that opens with five misses or more. */
export type ReplayedAlert = {
  course: StudentCourse
  week: number
  kind: "silence" | "never_started"
  level: "quiet" | "alert" | "long"
  reason: string
}

/** Weeks of the group beside which one is quiet: ten hold six with a chance even around a long break. */
const netSpan = 10

/** Nobody is named before a course has run for two weeks; what was missed before its start still counts from then on. */
const firstJudged = 1

// Any Monday: histories are dated, recorded weeks are numbered.
const start = "2001-01-01"
const mondays = Array.from({ length: 43 }, (_, i) => weekAt(start, i))
const mondayOfWeek = (week: number): string => mondays[week - firstWeek] ?? ""
/** The number of the recorded week that a history's Monday stands for. */
const weekOfMonday = (monday: string): number => mondays.indexOf(monday) + firstWeek

type Student = {
  course: StudentCourse
  /** Marks up to the week judged, and the same without breaks and what came before the course: no weeks to measure a group by. */
  weeks: string
  chances: string
  /** No chance before: the week they were first seen, or the course's first, whichever came first. */
  seen: boolean
  silence: LastAlert | null
  neverStarted: LastAlert | null
  /** The week of the last answer in the silence that is on the quiet list. */
  quietSince: string | null
}

export type ReplayOptions = { breaks: Breaks; signals: "submitted" | null }

/** Every course run of the file, in the order in which they stand there; within one week by week. */
export function replay(courses: readonly StudentCourse[], options: ReplayOptions): ReplayedAlert[] {
  const runs = Map.groupBy(courses, runOf)
  return [...runs.values()].flatMap((run) => replayRun(run, options))
}

const historyOf = (student: Student): History => ({ start, weeks: student.weeks })

function replayRun(run: readonly StudentCourse[], { breaks, signals }: ReplayOptions): ReplayedAlert[] {
  const found: ReplayedAlert[] = []
  const [first] = run
  if (!first) return found
  const closed = breaks.get(first.presentation)
  const known = signals === "submitted" ? assignments(run) : null
  const everyone = run.map(
    (course): Student => ({ course, weeks: "", chances: "", seen: false, silence: null, neverStarted: null, quietSince: null }),
  )
  for (let week = firstWeek; week < firstWeek + first.active.length; week++) {
    const students = everyone.filter(({ course }) => course.withdrewDay === null || course.withdrewDay > lastDayOf(week))
    for (const student of students) markWeek(student, week, closed?.has(week) ?? false)
    known?.closeWeek(
      week,
      students.filter(({ seen }) => seen).map(({ course }) => course),
    )
    takeOutQuietWeek(students, everyone, week)
    if (week >= firstJudged) judgeWeek(students, week, known, found)
  }
  return found
}

const lastDayOf = (week: number): number => 7 * week + 6

/** Activity is an answer. Silence is a miss where there was a chance: registered as the week began, no break, the course open or the student seen before. */
function markWeek(student: Student, week: number, closed: boolean): void {
  const { course } = student
  const active = course.active[week - firstWeek] === true
  const registered = course.registeredDay === null || course.registeredDay <= 7 * week
  const mark: Mark = active ? "a" : closed || !registered || (week < 0 && !student.seen) ? "." : "m"
  student.seen ||= active
  student.weeks += mark
  student.chances += closed || week < 0 ? "." : mark
}

const chancesOf = (students: readonly Student[]): History[] => students.map((student) => ({ start, weeks: student.chances }))

/** The net under the calendar. Those who have left stay in the weeks in which they were there: without them every earlier week looks better. */
function takeOutQuietWeek(students: readonly Student[], everyone: readonly Student[], week: number): void {
  if (!groupQuiet(tallies(chancesOf(everyone), mondayOfWeek(week), netSpan))) return
  const index = week - firstWeek
  for (const student of students) {
    if (student.chances[index] !== "m") continue
    student.weeks = `${student.weeks.slice(0, index)}g`
    student.chances = `${student.chances.slice(0, index)}g`
  }
}

function judgeWeek(students: readonly Student[], week: number, known: Assignments | null, found: ReplayedAlert[]): void {
  const monday = mondayOfWeek(week)
  const index = week - firstWeek
  const now = students.map((student) => student.chances[index])
  const group: Group = {
    rate: groupRate(chancesOf(students), monday),
    answeredThisWeek: now.filter((mark) => mark === "a").length,
    size: now.filter((mark) => mark === "a" || mark === "m" || mark === "g").length,
  }
  for (const student of students) {
    const one = judgeStudent(student, { week, monday, group, known })
    if (one) found.push({ course: student.course, week, ...one })
  }
}

type Now = { week: number; monday: string; group: Group; known: Assignments | null }

function judgeStudent(student: Student, { week, monday, group, known }: Now): Pick<ReplayedAlert, "kind" | "level" | "reason"> | null {
  const history = historyOf(student)
  const mark = markOf(history, week - firstWeek)
  if (mark === "a") {
    close(student, history, monday)
    return null
  }
  if (mark !== "m") return null
  const signals = known?.signalsOf(student.course, start) ?? null
  const about = { history, group, week: monday, signals }
  const judgement = judge(about)
  const numbered = { week, weekOf: weekOfMonday }
  switch (judgement.kind) {
    case "fine":
      return null
    case "quiet": {
      if (student.quietSince === judgement.since || student.silence?.since === judgement.since) return null
      student.quietSince = judgement.since
      return { kind: "silence", level: "quiet", reason: quietSentence(judgement, numbered) }
    }
    case "never_started":
    case "alert": {
      const last = judgement.kind === "alert" ? student.silence : student.neverStarted
      const reason = reasonFor(judgement, about)
      if (!reason || !shouldOpen(judgement, last, about)) return null
      const opened: LastAlert = { openedWeek: monday, closedWeek: null, since: judgement.kind === "alert" ? judgement.since : null }
      if (judgement.kind === "alert") student.silence = opened
      else student.neverStarted = opened
      return { kind: reason.kind, level: judgement.kind === "alert" ? judgement.level : "alert", reason: alertSentence(reason, numbered) }
    }
    default:
      return judgement satisfies never
  }
}

/** In replay nobody closes an alert but the student, by being there again. */
function close(student: Student, history: History, monday: string): void {
  const { silence } = student
  if (silence && silence.closedWeek === null && cleared(history, silence.since, monday)) student.silence = { ...silence, closedWeek: monday }
}
