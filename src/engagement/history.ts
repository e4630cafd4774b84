// One student's weeks as one string, a character a week: what each chance to answer came to.
// Refuses to know why a week was no chance, and what anyone should do about it.

/**
 * "." no chance (break, pause, not delivered, short week), "o" open now, "m" counted miss, "g" group-quiet week (the net),
 * "u" miss that is ours (no adult had read the answer before it), "s" skipped, "a" answered.
 */
export type Mark = "." | "o" | "m" | "g" | "u" | "s" | "a"

/** `start` is the Monday of the first week. In `weeks`, "-" is a week nothing was ever said about; `read` shows it as no chance. */
export type History = { start: string; weeks: string }

const untold = "-"
/**
 * Weakest first: the stronger mark of a week stays, so any order of events ends in the same history. "." beats a miss,
 * because a day closed after the fact takes the chance back; a student's own reply or skip beats everything.
 */
export const strength = "-omgu.sa"

const day = 86_400_000
// The same few weeks are asked for again and again, over many students.
const mondays = new Map<string, number>()
const mondaysKept = 2_000
const monday = (week: string): number => {
  const kept = mondays.get(week)
  if (kept !== undefined) return kept
  const at = Date.parse(`${week}T00:00:00Z`)
  if (Number.isNaN(at) || new Date(at).getUTCDay() !== 1) throw new RangeError(`${week} is not a Monday`)
  if (mondays.size < mondaysKept) mondays.set(week, at)
  return at
}

/** Weeks from `start` to `week`, negative before it. Both are Mondays, YYYY-MM-DD; throws RangeError on any other day. */
export const weekIndex = (start: string, week: string): number => (monday(week) - monday(start)) / (7 * day)

export const weekAt = (start: string, index: number): string => new Date(monday(start) + index * 7 * day).toISOString().slice(0, 10)

/** A history that starts in `week` and says nothing yet. */
export const begin = (week: string): History => ({ start: weekAt(week, 0), weeks: "" })

/** The history with `week` marked, or the same history where what it holds is stronger. A week before the start moves the start. */
export function mark(history: History, week: string, as: Mark): History {
  const index = weekIndex(history.start, week)
  if (index < 0) return { start: week, weeks: as + untold.repeat(-index - 1) + history.weeks }
  const held = history.weeks[index]
  if (held !== undefined && strength.indexOf(held) >= strength.indexOf(as)) return history
  const before = history.weeks.slice(0, index).padEnd(index, untold)
  return { start: history.start, weeks: before + as + history.weeks.slice(index + 1) }
}

const isMark = (letter: string | undefined): letter is Mark => letter !== undefined && letter !== untold && strength.includes(letter)

/** What one week came to; a week outside the history was no chance. */
export function markOf(history: History, index: number): Mark {
  const letter = history.weeks[index]
  return isMark(letter) ? letter : "."
}

/** Answered or skipped: either is a word from the student. */
export const engaged = (mark: Mark): boolean => mark === "a" || mark === "s"

/** One mark a week from `from` to `to`, both included. Empty where `to` is before `from`. */
export function read(history: History, from: string, to: string): string {
  const first = weekIndex(history.start, from)
  const last = weekIndex(history.start, to)
  let marks = ""
  for (let index = first; index <= last; index++) marks += markOf(history, index)
  return marks
}
