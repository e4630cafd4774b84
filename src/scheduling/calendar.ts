// Decides which days are school days, for students and for staff apart.
// Refuses to know where the days came from, and what is sent on them.
import { addDays, daysBetween, weekdayOf } from "./zone.ts"

export type Who = "students" | "staff"

/** True means off. A teacher workday is off for students and not for staff. */
export type DayOff = { date: string; students: boolean; staff: boolean; reason: string }
export type Term = { start: string; end: string }

/** Saturday and Sunday are always off. No terms means that they are not known: then only weekends and `off` close a day. */
export type SchoolCalendar = { zone: string; off: ReadonlyMap<string, DayOff>; terms: readonly Term[] }

/** Days off by date; of two entries for one day, whoever is off in either is off. */
export function offByDate(days: readonly DayOff[]): ReadonlyMap<string, DayOff> {
  const off = new Map<string, DayOff>()
  for (const day of days) {
    const known = off.get(day.date)
    off.set(day.date, known ? { ...known, students: known.students || day.students, staff: known.staff || day.staff } : day)
  }
  return off
}

/** Whether a date lies in a term, both ends counted; true where no terms are known. */
export const inTerm = (calendar: SchoolCalendar, date: string): boolean =>
  calendar.terms.length === 0 || calendar.terms.some((term) => term.start <= date && date <= term.end)

export function isSchoolDay(calendar: SchoolCalendar, date: string, who: Who): boolean {
  if (weekdayOf(date) > 5 || !inTerm(calendar, date)) return false
  return !calendar.off.get(date)?.[who]
}

/** Ends always: past the outermost term there is nothing to find, and without terms some weekday is not listed as off. */
function search(calendar: SchoolCalendar, date: string, step: 1 | -1, who: Who): string | null {
  const { terms } = calendar
  for (let day = addDays(date, step); ; day = addDays(day, step)) {
    if (isSchoolDay(calendar, day, who)) return day
    if (terms.length > 0 && terms.every((term) => (step === 1 ? term.end < day : day < term.start))) return null
  }
}

/** The first school day after `date`; null where the calendar knows of none. */
export const nextSchoolDay = (calendar: SchoolCalendar, date: string, who: Who): string | null => search(calendar, date, 1, who)

/** The last school day before `date`; null where the calendar knows of none. */
export const previousSchoolDay = (calendar: SchoolCalendar, date: string, who: Who): string | null => search(calendar, date, -1, who)

/** `date` itself where it is a school day, else the next one. */
export const schoolDayFrom = (calendar: SchoolCalendar, date: string, who: Who): string | null =>
  isSchoolDay(calendar, date, who) ? date : nextSchoolDay(calendar, date, who)

/** The nth school day after `date` (before, where n is negative). Zero: `date` itself, or the next school day. Null where the calendar ends first. */
export function addSchoolDays(calendar: SchoolCalendar, date: string, n: number, who: Who): string | null {
  if (n === 0) return schoolDayFrom(calendar, date, who)
  let day: string | null = date
  for (let i = 0; i < Math.abs(n) && day !== null; i++) day = search(calendar, day, n > 0 ? 1 : -1, who)
  return day
}

/** School days from one date to another, both counted. */
export function schoolDaysBetween(calendar: SchoolCalendar, from: string, to: string, who: Who): string[] {
  const days: string[] = []
  for (let i = 0; i <= daysBetween(from, to); i++) {
    const day = addDays(from, i)
    if (isSchoolDay(calendar, day, who)) days.push(day)
  }
  return days
}

export const schoolDaysInWeek = (calendar: SchoolCalendar, monday: string, who: Who): string[] =>
  schoolDaysBetween(calendar, monday, addDays(monday, 4), who)
