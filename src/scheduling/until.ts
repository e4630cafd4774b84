// Decides which day somebody means by what they typed after "until". Refuses to guess: a day it cannot read is asked again.

import { languages } from "../words/phrasebook.ts"
import { addDays, daysBetween, isDate, mondayOf, weekdayOf } from "./zone.ts"

/** `date` is YYYY-MM-DD, within the bounds. `last`: the latest day that may be picked. */
export type Until = { kind: "date"; date: string } | { kind: "empty" } | { kind: "unclear" } | { kind: "past" } | { kind: "far"; last: string }

/** A term: eighteen weeks. */
export const pauseDaysMax = 126

/** The first and the last day that may be meant, in days from today. */
export type Bounds = { first: number; last: number }
const aPause: Bounds = { first: 1, last: pauseDaysMax }

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[.,]/g, " ").replace(/\s+/g, " ").trim()

const named = (what: "weekday" | "month", length: "long" | "short", dates: readonly string[]): ReadonlyMap<string, number> =>
  new Map(
    languages.flatMap((language) => {
      const format = new Intl.DateTimeFormat(language, { [what]: length, timeZone: "UTC" })
      return dates.map((date, i) => [fold(format.format(new Date(`${date}T00:00:00Z`))), i + 1] as const)
    }),
  )
const everyMonth = Array.from({ length: 12 }, (_, i) => `2027-${String(i + 1).padStart(2, "0")}-01`)
const everyWeekday = Array.from({ length: 7 }, (_, i) => `2027-02-${String(i + 1).padStart(2, "0")}`)
const months = new Map([...named("month", "long", everyMonth), ...named("month", "short", everyMonth)])
const weekdays = named("weekday", "long", everyWeekday)

const tomorrow = new Set(["tomorrow", "manana"])
const nextWeek = new Set(["next week", "la proxima semana", "proxima semana", "la semana que viene", "la semana proxima"])
const lead = /^(until|till|til|hasta|on|el|the|next|el proximo|proximo) /

export function parseUntil(text: string, today: string, bounds: Bounds = aPause): Until {
  let words = fold(text)
  if (words === "" || words === "until" || words === "hasta") return { kind: "empty" }
  if (words.startsWith("until ") || words.startsWith("hasta ")) words = words.slice(6)
  if (nextWeek.has(words)) return checked(addDays(mondayOf(today), 7), today, bounds)
  while (lead.test(words)) words = words.replace(lead, "")
  if (words === "today" || words === "hoy") return checked(today, today, bounds)
  if (tomorrow.has(words)) return checked(addDays(today, 1), today, bounds)
  const weekday = weekdays.get(words)
  if (weekday !== undefined) return checked(addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1), today, bounds)
  if (/^\d{4}-\d{2}-\d{2}$/.test(words)) return isDate(words) ? checked(words, today, bounds) : { kind: "unclear" }
  const date = dayAndMonth(words, today)
  return date === null ? { kind: "unclear" } : checked(date, today, bounds)
}

/** "14 march", "march 14th", "14 de marzo de 2027". Without a year, the next such day. */
function dayAndMonth(words: string, today: string): string | null {
  const parts = words.split(" ").filter((part) => part !== "de" && part !== "del" && part !== "of")
  const [a = "", b = "", year, ...rest] = parts
  if (rest.length > 0 || (year !== undefined && !/^\d{4}$/.test(year))) return null
  const month = months.get(b) ?? months.get(a)
  const number = /^(\d{1,2})(st|nd|rd|th)?$/.exec(months.has(b) ? a : b)?.[1]
  if (month === undefined || number === undefined) return null
  const at = (in_: string): string => `${in_}-${String(month).padStart(2, "0")}-${number.padStart(2, "0")}`
  if (year !== undefined) return real(at(year))
  const thisYear = real(at(today.slice(0, 4)))
  if (thisYear === null || thisYear > today) return thisYear
  // A day that has just been was meant as it is written; one long past is next year's.
  return daysBetween(thisYear, today) < 60 ? thisYear : real(at(String(Number(today.slice(0, 4)) + 1)))
}

const real = (date: string): string | null => (isDate(date) ? date : null)

function checked(date: string, today: string, bounds: Bounds): Until {
  if (date < addDays(today, bounds.first)) return { kind: "past" }
  const last = addDays(today, bounds.last)
  return date > last ? { kind: "far", last } : { kind: "date", date }
}
