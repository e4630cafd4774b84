import { type DayOff, offByDate, type SchoolCalendar, type Term } from "../../../src/scheduling/calendar.ts"
import { addDays } from "../../../src/scheduling/zone.ts"

type Off = string | { from: string; to?: string; students?: boolean; staff?: boolean }

/** A calendar from days off: a date is off for all, an object says for whom and how long. */
export function school(options: { zone?: string; off?: readonly Off[]; terms?: readonly Term[] } = {}): SchoolCalendar {
  const days: DayOff[] = []
  for (const off of options.off ?? []) {
    const { from, to = from, students = true, staff = true } = typeof off === "string" ? { from: off } : off
    for (let date = from; date <= to; date = addDays(date, 1)) days.push({ date, students, staff, reason: "closed" })
  }
  return { zone: options.zone ?? "America/New_York", off: offByDate(days), terms: options.terms ?? [] }
}

export const zones = ["America/New_York", "America/Chicago"] as const
