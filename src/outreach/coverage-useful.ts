// Decides whether another number of missed weeks would serve this school better, from how adults closed its own notes. It suggests, and changes nothing.
// Refuses to judge by what happened elsewhere, or by fewer closings than make a figure.

/** A note closed with a word on its use. `needed`: after how many missed weeks it came; `reached`: how many that silence came to in the end. */
export type Closing = { needed: number; reached: number; as: "useful" | "known" | "false" }

export const closingsNeeded = 30

/** `at`: notes that came after `misses` weeks. `later`: those of them whose silence went on for one more week. */
type Looked = { misses: number; at: { closed: number; useful: number }; later: { closed: number; useful: number } }

export type Suggestion =
  | { kind: "too_few"; misses: number; closed: number }
  | ({ kind: "keep" | "wait"; spared: number; lost: number } & Looked)
  | ({ kind: "sooner" } & Looked)

const soonest = 3
const latest = 5

/**
 * The latest closings first. Looks at the last thirty that came after the number of weeks most notes came after. Waiting a week is suggested
 * where fewer than half were useful, and it would have spared a third of the notes and kept three quarters of the useful ones; a week sooner
 * where four of five were useful. Null: no note was closed with a word yet.
 */
export function suggestion(closings: readonly Closing[]): Suggestion | null {
  const misses = commonest(closings.map(({ needed }) => needed))
  if (misses === null) return null
  const at = closings.filter(({ needed }) => needed === misses).slice(0, closingsNeeded)
  if (at.length < closingsNeeded) return { kind: "too_few", misses, closed: at.length }
  const later = at.filter(({ reached }) => reached > misses)
  const looked = { misses, at: counted(at), later: counted(later) }
  const spared = looked.at.closed - looked.later.closed
  const lost = looked.at.useful - looked.later.useful
  const wait = misses < latest && looked.at.useful * 2 < at.length && spared * 3 >= at.length && lost * 4 <= looked.at.useful
  if (wait) return { kind: "wait", ...looked, spared, lost }
  if (misses > soonest && looked.at.useful * 5 >= at.length * 4) return { kind: "sooner", ...looked }
  return { kind: "keep", ...looked, spared, lost }
}

const counted = (closings: readonly Closing[]) => ({ closed: closings.length, useful: closings.filter(({ as }) => as === "useful").length })

/** The smaller of two that are as common. */
function commonest(numbers: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const [first] = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
  return first?.[0] ?? null
}
