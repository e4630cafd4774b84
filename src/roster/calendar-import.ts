// Decides which days a school is closed, for students and for staff, from an ICS file or a typed list, and says why.
// Refuses to know where the file lay; it fetches nothing, and a file with a problem gives no days at all.
import type { DayOff, Term } from "../scheduling/calendar.ts"
import { addDays, daysBetween, isDate, weekdayOf } from "../scheduling/zone.ts"
import { titleSays } from "./calendar-phrases.ts"
import { caps, icsEvents, type Problem } from "./ics-events.ts"

/** `reason` is the event's title, `why` the words in it that decided. Weekends are left out: they are off anyway. */
export type InferredDay = DayOff & { why: string }
export type InferredTerm = Term & { why: string }
export type IgnoredEvent = { line: number; summary: string; date: string | null; why: string }
export type { Problem } from "./ics-events.ts"

/** An open weekday that looks like a slip of whoever kept the calendar; a person decides. */
export type Doubt = { date: string; says: string }

/** Where `problems` has an entry, `days` and `terms` are empty: all or nothing. */
export type CalendarReading = { days: InferredDay[]; terms: InferredTerm[]; ignored: IgnoredEvent[]; doubts: Doubt[]; problems: Problem[] }

/**
 * Infers the closed days of an ICS file from its events' titles. `today` (YYYY-MM-DD) bounds rules that never end to
 * the time around it. Terms are inferred where the file names both a first and a last day of school.
 */
export function readCalendar(ics: string, options: { today: string }): CalendarReading {
  const { events, problems } = icsEvents(ics, options.today)
  const days = new Map<string, InferredDay>()
  const ignored: IgnoredEvent[] = []
  const marks: { kind: "first_day" | "last_day"; date: string }[] = []
  for (const event of events) {
    const date = event.dates[0] ?? null
    const ignore = (why: string): number => ignored.push({ line: event.line, summary: event.summary, date, why })
    if (event.cancelled) ignore("it was cancelled")
    else if (date === null) ignore("it has a time of day, or no date left after exceptions, so it closes no day")
    else {
      const says = titleSays(event.summary)
      switch (says.kind) {
        case "closed":
          for (const day of event.dates) {
            if (weekdayOf(day) > 5) continue
            const found = { date: day, students: true, staff: says.who === "all", reason: event.summary, why: says.why }
            days.set(day, merged(days.get(day), found))
          }
          break
        case "first_day":
        case "last_day":
          for (const day of event.dates) marks.push({ kind: says.kind, date: day })
          ignore(says.why)
          break
        case "nothing":
          ignore(says.why)
          break
        default:
          return says satisfies never
      }
    }
  }
  if (problems.length === 0 && events.length === 0) problems.push({ line: 1, says: "The calendar has no events." })
  if (problems.length > 0) return { days: [], terms: [], ignored, doubts: [], problems }
  const closed = sorted(days)
  return { days: closed, terms: termsOf(marks), ignored, doubts: doubtsOf(closed), problems }
}

/** Two events on one day: where either says that staff work, they do. */
function merged(one: InferredDay | undefined, other: InferredDay): InferredDay {
  if (one === undefined || (one.reason === other.reason && one.why === other.why)) return other
  return {
    date: one.date,
    students: one.students || other.students,
    staff: one.staff && other.staff,
    reason: `${one.reason}; ${other.reason}`,
    why: `${one.why}; ${other.why}`,
  }
}

const sorted = (days: ReadonlyMap<string, InferredDay>): InferredDay[] => Array.from(days.values()).sort((a, b) => (a.date < b.date ? -1 : 1))

/** A single open weekday between two days of one and the same break. */
function doubtsOf(days: readonly InferredDay[]): Doubt[] {
  return days.flatMap((day, i) => {
    const next = days[i + 1]
    if (next === undefined || next.reason !== day.reason) return []
    const between = Array.from({ length: Math.min(7, daysBetween(day.date, next.date)) }, (_, n) => addDays(day.date, n + 1))
    const open = between.filter((date) => date < next.date && weekdayOf(date) <= 5)
    const [date] = open
    if (date === undefined || open.length > 1) return []
    return [{ date, says: `${date} is open, though "${day.reason}" is on the school days before and after it. Close it if that is a slip.` }]
  })
}

/** Pairs first days with last days: the earliest first day (grades may start apart) to the latest last day before the next first one. */
function termsOf(marks: readonly { kind: "first_day" | "last_day"; date: string }[]): InferredTerm[] {
  const terms: InferredTerm[] = []
  let start: string | null = null
  let end: string | null = null
  const close = (): void => {
    if (start !== null && end !== null) terms.push({ start, end, why: "from its first and last day of school" })
  }
  for (const mark of [...marks].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    if (mark.kind === "last_day") end = start === null ? null : mark.date
    else if (start === null || end !== null) {
      close()
      start = mark.date
      end = null
    }
  }
  close()
  return terms
}

const typedWho: Readonly<Record<string, { students: boolean; staff: boolean } | "term">> = {
  all: { students: true, staff: true },
  students: { students: true, staff: false },
  staff: { students: false, staff: true },
  term: "term",
}

/**
 * Reads a list that a person typed, a day or a range a line: `2026-11-26..2026-11-27 all Thanksgiving`,
 * `2026-10-09 students Teacher workday`, `2026-08-24..2027-06-10 term`. Empty lines and lines that start with # are passed over.
 */
export function readTypedList(text: string): CalendarReading {
  const days = new Map<string, InferredDay>()
  const terms: InferredTerm[] = []
  const problems: Problem[] = []
  text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .forEach((raw, i) => {
      const line = i + 1
      const typed = raw.trim()
      if (typed === "" || typed.startsWith("#")) return
      const read = typedLine(typed)
      switch (read.kind) {
        case "problem":
          problems.push({ line, says: read.says })
          break
        case "term":
          terms.push({ start: read.start, end: read.end, why: `typed on line ${line}` })
          break
        case "days":
          for (const date of read.dates) {
            const before = days.get(date)
            if (before) problems.push({ line, says: `${date} is listed twice ("${before.reason}" and "${read.reason}"). Keep one.` })
            else days.set(date, { date, students: read.students, staff: read.staff, reason: read.reason, why: `typed on line ${line}` })
          }
          break
        default:
          read satisfies never
      }
    })
  if (problems.length === 0 && days.size === 0 && terms.length === 0) problems.push({ line: 1, says: "The list is empty." })
  return problems.length > 0
    ? { days: [], terms: [], ignored: [], doubts: [], problems }
    : { days: sorted(days), terms, ignored: [], doubts: [], problems }
}

type TypedLine =
  | { kind: "days"; dates: string[]; students: boolean; staff: boolean; reason: string }
  | { kind: "term"; start: string; end: string }
  | { kind: "problem"; says: string }

function typedLine(typed: string): TypedLine {
  const problem = (says: string): TypedLine => ({ kind: "problem", says })
  const [range = "", word = "", ...rest] = typed.split(/\s+/)
  const [start = "", end = start, more] = range.split("..")
  for (const date of [start, end])
    if (!isDate(date)) return problem(`"${date}" is not a date. Write it as 2026-11-26, or 2026-11-26..2026-11-27 for several days.`)
  if (more !== undefined) return problem(`"${range}" has more than two dates. Write one range a line.`)
  if (end < start) return problem(`${range} ends before it starts.`)
  const who = Object.hasOwn(typedWho, word.toLowerCase()) ? typedWho[word.toLowerCase()] : undefined
  if (who === undefined) return problem(`"${word}" does not say who is off. Write all, students or staff after the date, or term.`)
  if (who === "term") return { kind: "term", start, end }
  const count = daysBetween(start, end) + 1
  if (count > caps.days) return problem(`${range} is ${count} days; at most ${caps.days} are taken in one line.`)
  const reason = rest.join(" ")
  if (reason === "") return problem("Say why school is closed, after who is off: people will read it.")
  const dates = Array.from({ length: count }, (_, i) => addDays(start, i)).filter((date) => weekdayOf(date) <= 5)
  return { kind: "days", dates, ...who, reason }
}
