// How a student's weeks look to an adult: facts that can be counted by hand. A week that was no chance, or ours, is a gap, never a miss.
import { type History, type Mark, read, weekAt } from "../engagement/history.ts"
import { limits } from "../platform/limits.ts"
import { type Block, type Trend, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import type { SchoolCalendar } from "../scheduling/calendar.ts"
import { addDays, mondayOf } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"

/** Where no term is known: about half a year. */
const weeksWithoutTerm = 18

const height: Readonly<Record<Mark, number | null>> = { a: 1, s: 0.5, m: 0, ".": null, o: null, g: null, u: null }
const isMark = (letter: string): letter is Mark => letter in height

/** This term's weeks up to today, at most as many as a trend holds: the Mondays of the first and the last. */
export function weeksSoFar(today: string, calendar: SchoolCalendar): { first: string; last: string } {
  const term = calendar.terms.find(({ start, end }) => start <= today && today <= end)
  const last = mondayOf(today)
  const earliest = addDays(last, -7 * (limits.trendPoints - 1))
  const begins = mondayOf(term?.start ?? addDays(last, -7 * (weeksWithoutTerm - 1)))
  return { first: begins < earliest ? earliest : begins, last }
}

export function weeksTrend(history: History | null, today: string, calendar: SchoolCalendar, language: Language): Trend {
  const { first, last } = weeksSoFar(today, calendar)
  const marks = Array.from(read(history ?? { start: first, weeks: "" }, first, last)).filter(isMark)
  const count = (wanted: Mark): number => marks.filter((mark) => mark === wanted).length
  const [answered, skipped, missed] = [count("a"), count("s"), count("m")]
  return {
    kind: "trend",
    of: "student",
    title: say(language, "weeksTitle"),
    points: marks.map((mark, i) => ({ label: shortDay(weekAt(first, i), language), value: height[mark] })),
    max: 1,
    sentence: say(language, "weeksSentence", { chances: answered + skipped + missed, answered, skipped, missed }),
  }
}

/** One bar alone is no picture of anything: a single week is said in words. */
export const pictured = (trend: Trend): Block => (trend.points.filter(({ value }) => value !== null).length < 2 ? text(plain(trend.sentence)) : trend)

const formats = {
  en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
  es: new Intl.DateTimeFormat("es", { day: "numeric", month: "short", timeZone: "UTC" }),
} as const

export const shortDay = (date: string, language: Language): string => formats[language].format(new Date(`${date}T00:00:00Z`))
