// Decides in which weeks of a term students are asked whether an adult here believes in them, and from when on the counts may be seen.
// Refuses to know who is asked.
import { addDays, daysBetween, mondayOf } from "../scheduling/zone.ts"

export type TermDays = { id: string; starts: string; ends: string }

const weeksAsked = 4
/** The last question of these weeks closes in the week after. */
const weeksUntilCounted = weeksAsked + 1

/** Mondays: the first week after the middle of the term, the last one in which anybody is asked; `counted`: when the counts stand at the earliest. */
export type Asking = { first: string; last: string; counted: string }

export function askingWeeks({ starts, ends }: Pick<TermDays, "starts" | "ends">): Asking {
  const middle = addDays(starts, Math.ceil(daysBetween(starts, ends) / 2))
  const monday = mondayOf(middle)
  const first = monday === middle ? monday : addDays(monday, 7)
  return { first, last: addDays(first, 7 * (weeksAsked - 1)), counted: addDays(first, 7 * weeksUntilCounted) }
}

/** The term that holds this day: of several the shortest, as a roster may list a year beside its terms. Null: the calendar knows of none. */
export function termOn<Term extends Pick<TermDays, "starts" | "ends">>(terms: readonly Term[], day: string): Term | null {
  const holding = terms.filter(({ starts, ends }) => starts <= day && day <= ends)
  const length = ({ starts, ends }: Term): number => daysBetween(starts, ends)
  return holding.sort((a, b) => length(a) - length(b) || a.starts.localeCompare(b.starts))[0] ?? null
}

/** When a term's counts stand: `closes` is the last day on which anybody may still say something, or something else. Null: no question is open. */
export function standsFrom(term: Pick<TermDays, "starts" | "ends">, closes: string | null): string {
  const { counted } = askingWeeks(term)
  return closes !== null && closes >= counted ? addDays(closes, 1) : counted
}

/**
 * Of the terms in which anybody was asked, the one asked last whose counts stand on this day; null: there is none. Counts that are seen never change
 * after: whoever looked twice would know what one student said in between.
 */
export function countedTerm<Term extends Pick<TermDays, "starts" | "ends"> & { closes: string | null }>(
  terms: readonly Term[],
  day: string,
): Term | null {
  const stand = terms.filter((term) => standsFrom(term, term.closes) <= day)
  return stand.sort((a, b) => askingWeeks(b).counted.localeCompare(askingWeeks(a).counted) || b.starts.localeCompare(a.starts))[0] ?? null
}
