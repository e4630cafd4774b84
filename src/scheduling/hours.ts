// Decides when a person may be written to: school days, within the school's hours, for students and staff apart.
// Refuses to know what is written; safety does not ask here.
import { addSchoolDays, isSchoolDay, nextSchoolDay, type SchoolCalendar, schoolDaysBetween, type Who } from "./calendar.ts"
import { atLocal, localDate } from "./zone.ts"

/** HH:MM, local; `open` is allowed, `close` is not. */
export type Hours = { open: string; close: string }
export const defaultHours: Hours = { open: "07:30", close: "18:00" }

/**
 * The due time of what no known school day can carry: it waits until the calendar says more, and is counted as
 * waiting. A real instant, so that rows keep their order.
 */
export const never: Date = new Date("9999-12-31T00:00:00Z")

/** Whether `at` is within hours on a school day. Students go by students' days, staff by theirs. */
export function isAllowed(at: Date, calendar: SchoolCalendar, hours: Hours, who: Who): boolean {
  const date = localDate(at, calendar.zone)
  return isSchoolDay(calendar, date, who) && atLocal(date, hours.open, calendar.zone) <= at && at < atLocal(date, hours.close, calendar.zone)
}

/** `at` where it is allowed, else the next opening; `never` where the calendar knows of no further school day. */
export function nextAllowed(at: Date, calendar: SchoolCalendar, hours: Hours, who: Who): Date {
  if (at >= never || hours.open >= hours.close) return never
  if (isAllowed(at, calendar, hours, who)) return at
  const date = localDate(at, calendar.zone)
  const opens = atLocal(date, hours.open, calendar.zone)
  if (isSchoolDay(calendar, date, who) && at < opens) return opens
  const next = nextSchoolDay(calendar, date, who)
  return next === null ? never : atLocal(next, hours.open, calendar.zone)
}

/** An HH:MM moved into hours: an early one to the opening, a late one to a quarter of an hour before the close (or the opening, in shorter hours). */
export function withinHours(time: string, hours: Hours): string {
  if (time < hours.open) return hours.open
  if (time < hours.close) return time
  const minutes = Number(hours.close.slice(0, 2)) * 60 + Number(hours.close.slice(3)) - 15
  const late = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
  return late > hours.open ? late : hours.open
}

/** Minutes between two instants that lie within hours on school days. */
export function openMinutes(from: Date, to: Date, calendar: SchoolCalendar, hours: Hours, who: Who): number {
  let total = 0
  for (const day of schoolDaysBetween(calendar, localDate(from, calendar.zone), localDate(to, calendar.zone), who)) {
    const opens = Math.max(from.getTime(), atLocal(day, hours.open, calendar.zone).getTime())
    const closes = Math.min(to.getTime(), atLocal(day, hours.close, calendar.zone).getTime())
    total += Math.max(0, closes - opens)
  }
  return total / 60_000
}

/** When a ladder step falls due: at `time` on the nth school day after `at`'s local date; `never` where the calendar ends first. */
export function dueAfterSchoolDays(at: Date, n: number, calendar: SchoolCalendar, who: Who, time: string): Date {
  const day = addSchoolDays(calendar, localDate(at, calendar.zone), n, who)
  return day === null ? never : atLocal(day, time, calendar.zone)
}
