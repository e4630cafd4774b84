// Decides in which weeks an earlier week's answers are first read, beside the week's own: after days off that follow right upon a prompt.
// Refuses to know what is sent then.
import type { SchoolCalendar } from "./calendar.ts"
import type { Hours } from "./hours.ts"
import { place, type Rhythm } from "./place.ts"
import { addDays, localDate, mondayOf } from "./zone.ts"

// No break within a school year is longer.
const weeksBack = 4

/**
 * The day in the week of `monday` on which the answers to an earlier week's prompt are first read, where this week's own are read in it too; else null.
 * No staff day of that week is sooner. An adult then has the earlier answers in their brief, which comes that day: two messages a week, and not three.
 */
export function carriedInto(rhythm: Rhythm, calendar: SchoolCalendar, hours: Hours, monday: string): string | null {
  const readOn = (week: string): string | null => {
    const placed = place(rhythm, calendar, hours, week)
    return placed.kind === "placed" ? localDate(placed.readingAt, calendar.zone) : null
  }
  const own = readOn(monday)
  if (own === null || mondayOf(own) !== monday) return null
  for (let n = 1; n <= weeksBack; n++) {
    const day = readOn(addDays(monday, -7 * n))
    if (day !== null) return mondayOf(day) === monday ? day : null
  }
  return null
}
