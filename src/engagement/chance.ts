// Decides until when a question must have arrived to have been a real chance to answer.
// Refuses to know whether it was answered.
import { previousSchoolDay, type SchoolCalendar, schoolDayFrom } from "../scheduling/calendar.ts"
import { defaultGraceHours } from "../scheduling/due.ts"
import type { Hours } from "../scheduling/hours.ts"
import { addDays, atLocal, localDate } from "../scheduling/zone.ts"

const hourMs = 3_600_000

/**
 * The last instant at which a question that closes at `closesAt` may be sent and still be a chance: it then touches two of the students' school
 * days and stays open for four hours within hours (as for a late prompt). Null where there are no two such days: no chance for anyone.
 */
export function fairUntil(closesAt: Date, calendar: SchoolCalendar, hours: Hours): Date | null {
  const closeDate = localDate(new Date(closesAt.getTime() - 1), calendar.zone)
  const last = schoolDayFrom(calendar, closeDate, "students") === closeDate ? closeDate : previousSchoolDay(calendar, closeDate, "students")
  const before = last === null ? null : previousSchoolDay(calendar, last, "students")
  if (last === null || before === null) return null
  const endOfBefore = new Date(atLocal(addDays(before, 1), "00:00", calendar.zone).getTime() - 1)
  let wanted = defaultGraceHours * hourMs
  for (let day: string | null = last; day !== null; day = previousSchoolDay(calendar, day, "students")) {
    const opens = atLocal(day, hours.open, calendar.zone).getTime()
    const closes = Math.min(closesAt.getTime(), atLocal(day, hours.close, calendar.zone).getTime())
    const open = Math.max(0, closes - opens)
    if (open >= wanted) return new Date(Math.min(closes - wanted, endOfBefore.getTime()))
    wanted -= open
  }
  return null
}
