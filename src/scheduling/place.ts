// Decides when one week's prompt opens, reminds, closes and is read, from rhythm, calendar and hours alone.
// Refuses to know who is asked, and the time now.
import { inTerm, nextSchoolDay, previousSchoolDay, type SchoolCalendar, schoolDayFrom, schoolDaysBetween, schoolDaysInWeek } from "./calendar.ts"
import { type Hours, withinHours } from "./hours.ts"
import { addDays, atLocal, localDate, mondayOf, weekdayOf } from "./zone.ts"

/** Weekdays 1 (Monday) .. 5, times HH:MM, all local. */
export type Rhythm = {
  weekday: number
  time: string
  closeWeekday: number
  closeTime: string
  remindWeekday: number
  remindTime: string
  readTime: "07:30"
}

/** `date` is the local date, and with plan and student the occurrence's key: a clock change can neither double nor drop it. */
export type PlacedPrompt = { kind: "placed"; date: string; opensAt: Date; remindAt: Date | null; closesAt: Date; readingAt: Date }
/** `break`: no school at all that week. `term_ends`: no school day after it on which to answer or to read. */
export type NotPlaced = { kind: "none"; why: "outside_term" | "break" | "short_week" | "term_ends" }
export type Placed = PlacedPrompt | NotPlaced

/**
 * The school's own five minutes, or else Thursday, a quarter of an hour before the school day ends. Reminder Monday,
 * close Tuesday, so that Wednesday's brief is complete; a Monday or Tuesday prompt gets the same two and three
 * school days instead, or it would run into the next one.
 */
export function defaultRhythm(school: { schoolDayEnds: string; weekday?: number | null; time?: string | null } = { schoolDayEnds: "15:00" }): Rhythm {
  const weekday = school.weekday ?? 4
  const early = weekday < 3
  return {
    weekday,
    time: school.time ?? quarterBefore(school.schoolDayEnds),
    remindWeekday: early ? weekday + 2 : 1,
    remindTime: "08:00",
    closeWeekday: early ? weekday + 3 : 2,
    closeTime: "18:00",
    readTime: "07:30",
  }
}

const quarterBefore = (time: string): string => {
  const minutes = Math.max(0, Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) - 15)
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
}

/** The day of the prompt: the wanted one, else the nearest school day before it in the week, else the nearest after. */
function dayOf(rhythm: Rhythm, calendar: SchoolCalendar, monday: string): { kind: "day"; date: string } | NotPlaced {
  const days = schoolDaysInWeek(calendar, monday, "students")
  if (days.length === 0) {
    const teaching = [0, 1, 2, 3, 4].some((n) => inTerm(calendar, addDays(monday, n)))
    return { kind: "none", why: teaching ? "break" : "outside_term" }
  }
  if (days.length < 2) return { kind: "none", why: "short_week" }
  const wanted = addDays(monday, rhythm.weekday - 1)
  const candidates = [...days.filter((day) => day <= wanted).reverse(), ...days.filter((day) => day > wanted)]
  // On the last day of all there is neither time to answer nor anyone to read: the prompt comes a day sooner.
  const date = candidates.find((day) => nextSchoolDay(calendar, day, "students") !== null && nextSchoolDay(calendar, day, "staff") !== null)
  return date === undefined ? { kind: "none", why: "term_ends" } : { kind: "day", date }
}

const opening = (rhythm: Rhythm, calendar: SchoolCalendar, hours: Hours, date: string): Date =>
  atLocal(date, withinHours(rhythm.time, hours), calendar.zone)

const firstAfter = (date: string, weekday: number): string => addDays(date, ((weekday - weekdayOf(date) + 6) % 7) + 1)

/**
 * Places the prompt of the week that `monday` names. The close is the closing weekday after the wanted day, always
 * on a school day after the prompt's: one that falls in a break waits for the first day back, and in no case passes
 * the next prompt's opening, so windows never overlap. Where no school day follows, it is the last one there is.
 */
export function place(rhythm: Rhythm, calendar: SchoolCalendar, hours: Hours, monday: string): Placed {
  const day = dayOf(rhythm, calendar, monday)
  if (day.kind === "none") return day
  const { date } = day
  const readDay = nextSchoolDay(calendar, date, "staff")
  const closesAt = closing(rhythm, calendar, hours, monday, date)
  if (readDay === null || closesAt === null) return { kind: "none", why: "term_ends" }
  return {
    kind: "placed",
    date,
    opensAt: opening(rhythm, calendar, hours, date),
    remindAt: reminder(rhythm, calendar, hours, monday, date, closesAt),
    closesAt,
    readingAt: atLocal(readDay, withinHours(rhythm.readTime, hours), calendar.zone),
  }
}

const later = (one: string, other: string): string => (one > other ? one : other)

function closing(rhythm: Rhythm, calendar: SchoolCalendar, hours: Hours, monday: string, date: string): Date | null {
  const nominal = later(firstAfter(addDays(monday, rhythm.weekday - 1), rhythm.closeWeekday), addDays(date, 1))
  const onOrAfter = schoolDayFrom(calendar, nominal, "students")
  const closeDay = onOrAfter ?? previousSchoolDay(calendar, nominal, "students")
  if (closeDay === null || closeDay <= date) return null
  const closesAt = atLocal(closeDay, rhythm.closeTime, calendar.zone)
  for (let week = addDays(monday, 7); week <= mondayOf(closeDay); week = addDays(week, 7)) {
    const next = dayOf(rhythm, calendar, week)
    if (next.kind === "none") continue
    const nextOpens = opening(rhythm, calendar, hours, next.date)
    return nextOpens < closesAt ? nextOpens : closesAt
  }
  return closesAt
}

// A reminder that leaves less than this is a reproach.
const leastMsAfterReminder = 2 * 3_600_000

/** The reminding weekday after the wanted day, or the first school day from then on; null where too little time would be left. */
function reminder(rhythm: Rhythm, calendar: SchoolCalendar, hours: Hours, monday: string, date: string, closesAt: Date): Date | null {
  const nominal = later(firstAfter(addDays(monday, rhythm.weekday - 1), rhythm.remindWeekday), addDays(date, 1))
  const day = schoolDayFrom(calendar, nominal, "students")
  if (day === null) return null
  const remindAt = atLocal(day, withinHours(rhythm.remindTime, hours), calendar.zone)
  return remindAt.getTime() + leastMsAfterReminder <= closesAt.getTime() ? remindAt : null
}

/** How many of the students' school days a window touches: the chance to answer, as silence counts it. The opening and the closing day count. */
export function openSchoolDays(opensAt: Date, closesAt: Date, calendar: SchoolCalendar): number {
  if (closesAt <= opensAt) return 0
  const lastMoment = new Date(closesAt.getTime() - 1)
  return schoolDaysBetween(calendar, localDate(opensAt, calendar.zone), localDate(lastMoment, calendar.zone), "students").length
}
