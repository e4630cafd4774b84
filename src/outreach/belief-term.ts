// Decides in which weeks of a term students are asked whether an adult here believes in them, and from when on the counts may be seen.
// Refuses to know who is asked.
import { addDays, daysBetween, mondayOf } from "../scheduling/zone.ts"

export type TermDays = { id: string; starts: string; ends: string }

const weeksAsked = 4
/** The last question of these weeks closes in the week after. */
const weeksUntilCounted = weeksAsked + 1

/** Mondays: the first week after the middle of the term, the last one in which anybody is asked; `counted`: the day from which the counts stand. */
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

/** The latest term whose counts stand on this day; null: none was asked about yet. */
export function countedTerm<Term extends Pick<TermDays, "starts" | "ends">>(terms: readonly Term[], day: string): Term | null {
  const counted = terms.filter((term) => askingWeeks(term).counted <= day)
  return counted.sort((a, b) => b.ends.localeCompare(a.ends) || b.starts.localeCompare(a.starts))[0] ?? null
}
