// Decides what a list of alerts was worth, against what is known afterwards: who left, who went silent for good, who passed.
// Refuses to know how the alerts were made.
import { may, must, noProblems, type Refused, readTable, refused, said } from "../roster/csv.ts"
import { firstWeek, runOf, type StudentCourse, studentCourseKey } from "./weekly-file.ts"

/** Percentages are 0..100; null where there is nothing to take a share of. `breakLoad`: false alerts at Christmas over those of ordinary weeks. */
export type Score = {
  alertsPer100PerWeek: number | null
  precision: number | null
  recall: number | null
  timely: number | null
  passersBothered: number | null
  breakLoad: number | null
  counts: {
    studentCourses: number
    monitoredWeeks: number
    alerts: number
    hits: number
    lost: number
    lostNoticed: number
    lostTimely: number
    passers: number
    passersBothered: number
    falseAtChristmas: number
    falseInOrdinaryWeeks: number
    quietList: number
    neverStarted: number
    notMonitored: number
  }
}

type Listed = { kind: "silence" | "never_started"; level: "quiet" | "alert" | "long"; week: number }
/** What was listed, by student and course run. */
export type AlertList = ReadonlyMap<string, readonly Listed[]>

const weeksAhead = 4
const leastSilentWeeks = 4
const timelySilentWeeks = 3
const kinds = ["silence", "never_started"] as const
const levels = ["quiet", "alert", "long"] as const

/** Reads what replay wrote, against the weekly file it is about. */
export function readAlerts(file: string, bytes: Uint8Array, courses: readonly StudentCourse[]): { kind: "read"; alerts: AlertList } | Refused {
  const problems = noProblems()
  const known = new Map(courses.map((course) => [studentCourseKey(course), course]))
  const alerts = new Map<string, Listed[]>()
  const columns = {
    ...{ id_student: must("id_student"), module: must("module"), presentation: must("presentation"), week: must("week") },
    ...{ kind: must("kind"), level: must("level"), reason: may("reason") },
  }
  readTable(file, bytes, columns, problems, (row) => {
    const key = studentCourseKey({ id: row.get("id_student"), module: row.get("module"), presentation: row.get("presentation") })
    const course = known.get(key)
    const week = Number(row.get("week"))
    const kind = kinds.find((one) => one === row.get("kind"))
    const level = levels.find((one) => one === row.get("level"))
    if (!course) row.complain("id_student", `${said(key)} is not in the weekly file; score alerts against the file they were made from`)
    else if (!/^-?\d{1,2}$/.test(row.get("week")) || week < firstWeek || week >= firstWeek + course.active.length)
      row.complain(
        "week",
        `${said(row.get("week"))} is not a week of ${runOf(course)}; it has ${firstWeek} to ${firstWeek + course.active.length - 1}`,
      )
    else if (!kind) row.complain("kind", `${said(row.get("kind"))} is no kind; write ${kinds.join(" or ")}`)
    else if (!level) row.complain("level", `${said(row.get("level"))} is no level; write ${levels.join(", ")}`)
    else {
      const listed = alerts.get(key) ?? []
      if (listed.some((one) => one.week === week && one.kind === kind)) row.complain("week", `week ${week} stands twice for ${key}; keep one row`)
      listed.push({ kind, level, week })
      alerts.set(key, listed)
    }
  })
  return problems.list.length > 0 ? refused(problems) : { kind: "read", alerts }
}

/** What came of one student: the first and last week of activity, and the silent week from which they were gone for good. */
type Outcome = { firstActive: number; weeks: number; goneFrom: number | null }

function outcomeOf({ active, result }: StudentCourse): Outcome {
  const weeks = firstWeek + active.length
  const first = active.indexOf(true)
  const goneFrom = firstWeek + active.lastIndexOf(true) + 1
  const silentWeeks = weeks - goneFrom
  const gone = (result === "Withdrawn" && silentWeeks > 0) || (result === "Fail" && silentWeeks >= leastSilentWeeks)
  return { firstActive: first === -1 ? Number.POSITIVE_INFINITY : firstWeek + first, weeks, goneFrom: gone ? goneFrom : null }
}

const lastDayOf = (week: number): number => 7 * week + 6

/** Still registered at the week's end, active at least once by then, and four more weeks of course left to judge by. */
const monitored = ({ withdrewDay }: StudentCourse, { firstActive, weeks }: Outcome, week: number): boolean =>
  week >= 1 && week + weeksAhead < weeks && firstActive <= week && (withdrewDay === null || withdrewDay > lastDayOf(week))

const withdrawsSoon = ({ withdrewDay }: StudentCourse, week: number): boolean =>
  withdrewDay !== null && withdrewDay > lastDayOf(week) && withdrewDay <= lastDayOf(week + weeksAhead)

const isHit = (course: StudentCourse, { goneFrom }: Outcome, week: number): boolean =>
  withdrawsSoon(course, week) || (goneFrom !== null && goneFrom <= week + weeksAhead)

const inTime = (course: StudentCourse, { goneFrom }: Outcome, week: number): boolean =>
  withdrawsSoon(course, week) || (goneFrom !== null && week < goneFrom + timelySilentWeeks)

const atChristmas = (week: number): boolean => week >= 10 && week <= 13
const ordinary = (week: number): boolean => (week >= 5 && week <= 9) || (week >= 15 && week <= 20)

/**
 * An alert is a silence above the quiet list, in a week in which the student is monitored. Students never active are never monitored, so
 * the line about those who never started counts for nothing here, and neither does the quiet list: both are counted beside.
 */
export function score(courses: readonly StudentCourse[], alerts: AlertList): Score {
  const counts: Score["counts"] = {
    ...{
      studentCourses: courses.length,
      monitoredWeeks: 0,
      alerts: 0,
      hits: 0,
      lost: 0,
      lostNoticed: 0,
      lostTimely: 0,
      passers: 0,
      passersBothered: 0,
    },
    ...{ falseAtChristmas: 0, falseInOrdinaryWeeks: 0, quietList: 0, neverStarted: 0, notMonitored: 0 },
  }
  let [christmasWeeks, ordinaryWeeks] = [0, 0]
  for (const course of courses) {
    const outcome = outcomeOf(course)
    const listed = alerts.get(studentCourseKey(course)) ?? []
    counts.quietList += listed.filter(({ kind, level }) => kind === "silence" && level === "quiet").length
    counts.neverStarted += listed.filter(({ kind }) => kind === "never_started").length
    const silences = listed.filter(({ kind, level }) => kind === "silence" && level !== "quiet").map(({ week }) => week)
    const weeks = Array.from({ length: Math.max(0, outcome.weeks) }, (_, week) => week).filter((week) => monitored(course, outcome, week))
    const counted = silences.filter((week) => monitored(course, outcome, week))
    const hits = counted.filter((week) => isHit(course, outcome, week))
    counts.monitoredWeeks += weeks.length
    counts.alerts += counted.length
    counts.hits += hits.length
    counts.notMonitored += silences.length - counted.length
    if (weeks.length > 0 && (course.result === "Pass" || course.result === "Distinction")) {
      counts.passers++
      if (counted.length > 0) counts.passersBothered++
    } else if (weeks.some((week) => isHit(course, outcome, week))) {
      counts.lost++
      if (hits.length > 0) counts.lostNoticed++
      if (hits.some((week) => inTime(course, outcome, week))) counts.lostTimely++
    }
    if (!course.presentation.endsWith("J")) continue
    christmasWeeks += weeks.filter(atChristmas).length
    ordinaryWeeks += weeks.filter(ordinary).length
    const wrong = counted.filter((week) => !isHit(course, outcome, week))
    counts.falseAtChristmas += wrong.filter(atChristmas).length
    counts.falseInOrdinaryWeeks += wrong.filter(ordinary).length
  }
  const share = (part: number, of: number, times = 100): number | null => (of === 0 ? null : (times * part) / of)
  const usual = share(counts.falseInOrdinaryWeeks, ordinaryWeeks, 1)
  const christmas = share(counts.falseAtChristmas, christmasWeeks, 1)
  return {
    alertsPer100PerWeek: share(counts.alerts, counts.monitoredWeeks),
    precision: share(counts.hits, counts.alerts),
    recall: share(counts.lostNoticed, counts.lost),
    timely: share(counts.lostTimely, counts.lost),
    passersBothered: share(counts.passersBothered, counts.passers),
    breakLoad: usual === null || christmas === null ? null : share(christmas, usual, 1),
    counts,
  }
}

type Target = { of: Exclude<keyof Score, "counts">; words: string; unit: "" | "%"; atMost: boolean; must: number; aim: number; withSignal: number }

/** What the development split asks for: must, aim, and aim with a second signal. Break load is asked of a replay with the breaks marked. */
export const targets: readonly Target[] = [
  { of: "alertsPer100PerWeek", words: "new alerts per 100 students a week", unit: "", atMost: true, must: 2.5, aim: 2.5, withSignal: 2.3 },
  { of: "precision", words: "precision: alerts that were right", unit: "%", atMost: false, must: 38, aim: 40, withSignal: 47 },
  { of: "recall", words: "recall: lost students noticed", unit: "%", atMost: false, must: 58, aim: 61, withSignal: 64 },
  { of: "timely", words: "timely: noticed early enough", unit: "%", atMost: false, must: 48, aim: 50, withSignal: 52 },
  { of: "passersBothered", words: "passers bothered", unit: "%", atMost: true, must: 28, aim: 23, withSignal: 15 },
  { of: "breakLoad", words: "break load: false alerts at Christmas, against usual", unit: "", atMost: true, must: 0.3, aim: 0.25, withSignal: 0.25 },
]

/** The measures that miss what they must reach. One that nothing could be said of misses nothing. */
export const missed = (scored: Score): Target["of"][] =>
  targets
    .filter(({ of, atMost, must: bound }) => {
      const value = scored[of]
      return value !== null && (atMost ? value > bound : value < bound)
    })
    .map(({ of }) => of)
