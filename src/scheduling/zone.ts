// Local dates and times of a school, and the instants they stand for, by one engine (Temporal).
// Refuses to know which days are school days.
import { Temporal } from "temporal-polyfill"
import type { Language } from "../words/phrasebook.ts"

const zoned = (at: Date, zone: string): Temporal.ZonedDateTime => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)

// Asking the engine where a zone stands costs far more than adding it up, and every message asks several times. What it said is kept for the
// quarter hour: no zone of the last fifty years changed its clocks inside one.
const quarterMs = 900_000
const askedMost = 20_000

function kept<Key>(answers: Map<Key, number>, key: Key, ask: () => number): number {
  const known = answers.get(key)
  if (known !== undefined) return known
  if (answers.size >= askedMost) answers.clear()
  const answer = ask()
  answers.set(key, answer)
  return answer
}

const offsets = new Map<string, number>()
const instants = new Map<string, number>()

/** The instant's local wall clock, written as if it were UTC. */
function wallClock(at: Date, zone: string): string {
  const quarter = Math.floor(at.getTime() / quarterMs)
  const offsetMs = kept(offsets, `${zone} ${quarter}`, () => zoned(at, zone).offsetNanoseconds / 1_000_000)
  return new Date(at.getTime() + offsetMs).toISOString()
}

/** YYYY-MM-DD at that instant in the zone. */
export const localDate = (at: Date, zone: string): string => wallClock(at, zone).slice(0, -"T00:00:00.000Z".length)

/** HH:MM at that instant in the zone. */
export const localTime = (at: Date, zone: string): string => wallClock(at, zone).slice(-"00:00:00.000Z".length, -":00.000Z".length)

/** The instant of a local date and HH:MM. A time that a clock change skips is moved past the gap; one that comes twice is its first. */
export const atLocal = (date: string, time: string, zone: string): Date => {
  const ask = () => Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds
  return new Date(kept(instants, `${date}T${time} ${zone}`, ask))
}

export const addDays = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString()

/** 1 (Monday) .. 7 (Sunday). */
export const weekdayOf = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek

/** The Monday that names this date's week. */
export const mondayOf = (date: string): string => addDays(date, 1 - weekdayOf(date))

/** Days from one date to another; negative where `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days

/** Whether the engine knows this zone by name ("America/New_York"); offsets such as "+05:00" are not places. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    zoned(new Date(0), zone)
    return true
  } catch {
    return false
  }
}

/** Whether this is a real YYYY-MM-DD: 2027-02-30 is not. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text
  } catch {
    return false
  }
}

const names = (language: Language, what: "weekday" | "month"): ((date: string) => string) => {
  const format = new Intl.DateTimeFormat(language, { [what]: "long", timeZone: "UTC" })
  return (date) => format.format(new Date(`${date}T00:00:00Z`))
}
const weekdays = { en: names("en", "weekday"), es: names("es", "weekday") }
const months = { en: names("en", "month"), es: names("es", "month") }

/** "Thursday 6 March", "jueves 6 de marzo". */
export function formatDay(date: string, language: Language): string {
  const day = Number(date.slice(8))
  const weekday = weekdays[language](date)
  const month = months[language](date)
  switch (language) {
    case "en":
      return `${weekday} ${day} ${month}`
    case "es":
      return `${weekday} ${day} de ${month}`
    default:
      return language satisfies never
  }
}

/** HH:MM as people say it: "2:45 pm", "2:45 p. m.". */
export function formatTime(time: string, language: Language): string {
  const hour = Number(time.slice(0, 2))
  const clock = `${hour % 12 || 12}:${time.slice(3, 5)}`
  switch (language) {
    case "en":
      return `${clock} ${hour < 12 ? "am" : "pm"}`
    case "es":
      return `${clock} ${hour < 12 ? "a." : "p."}\u00A0m.`
    default:
      return language satisfies never
  }
}
