// Days and times as a student reads them: the weekday while it is near, else the date.
import { Temporal } from "temporal-polyfill"
import { never } from "../scheduling/hours.ts"
import { daysBetween, formatTime, localDate, localTime } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"

export type Place = { now: Date; zone: string; language: Language }

const locales = { en: "en-GB", es: "es" } as const
const near = 6

/** "Thursday" within six days of today, else "12 March", "12 de marzo". */
export function dayName(date: string, { now, zone, language }: Place): string {
  const isNear = Math.abs(daysBetween(localDate(now, zone), date)) <= near
  return Temporal.PlainDate.from(date).toLocaleString(locales[language], isNear ? { weekday: "long" } : { day: "numeric", month: "long" })
}

/** The same for an instant, by the student's own clock. */
export const dayAt = (at: Date, place: Place): string => dayName(localDate(at, place.zone), place)

/** `day` and `time` of an instant, to put into a sentence. */
export const moment = (at: Date, place: Place): { day: string; time: string } => ({
  day: dayAt(at, place),
  time: formatTime(localTime(at, place.zone), place.language),
})

/** Null where the calendar knows of no such day: then a sentence without one is said. */
export const knownDay = (at: Date, place: Place): string | null => (at >= never ? null : dayAt(at, place))
