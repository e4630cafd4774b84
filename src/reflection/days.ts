// Days and times as a student reads them: the weekday while it is near, else the date.
import { never } from "../scheduling/hours.ts"
import { daysBetween, formatTime, localDate, localTime } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"

export type Place = { now: Date; zone: string; language: Language }

// Made once: a formatter costs a hundred times what it formats.
const formats = (locale: string) => ({
  weekday: new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }),
  date: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" }),
})
const shown = { en: formats("en-GB"), es: formats("es") } as const
const near = 6

const nearest = { en: ["today", "tomorrow"], es: ["hoy", "mañana"] } as const

/** "today", "tomorrow", "Thursday" within six days of today, else "12 March", "12 de marzo". Put the sentence it stands in through `easyDays`. */
export function dayName(date: string, { now, zone, language }: Place): string {
  const away = daysBetween(localDate(now, zone), date)
  const word = nearest[language][away]
  if (word !== undefined) return word
  const isNear = Math.abs(away) <= near
  return shown[language][isNear ? "weekday" : "date"].format(new Date(`${date}T00:00:00Z`))
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

/** Sentences are written for "on Thursday" and "del jueves": today and tomorrow take no such word. */
export const easyDays = (sentence: string, language: Language): string =>
  language === "en"
    ? sentence.replace(/\b([Oo])n (today|tomorrow)\b/g, (_, on: string, day: string) => (on === "O" ? capital(day) : day))
    : sentence
        .replace(/\bdel (hoy|mañana)\b/g, "de $1")
        .replace(/\b([Ee])l (hoy|mañana)\b/g, (_, el: string, day: string) => (el === "E" ? capital(day) : day))

/** Days are small in Spanish, and so are these two: some lines begin with one. */
export const capital = (line: string): string => line.charAt(0).toUpperCase() + line.slice(1)
