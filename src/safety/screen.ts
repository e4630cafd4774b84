// Decides whether words call for a person, and how soon. Refuses to know who wrote them, and what is done about it.
import { RE2Set } from "re2js"
import { english } from "./lists/en.ts"
import { type Entry, entriesOf, gluedOf, type Level, type Topic } from "./lists/entry.ts"
import { spanish } from "./lists/es.ts"
import { caught, type Net, weave } from "./lists/net.ts"
import { fold, unspaced } from "./normalise.ts"

export type Screened = { level: Level; topics: Topic[] }

type Lists = { entries: readonly Entry[]; net: Net; glued: readonly Entry[]; set: RE2Set }

const read = (): Lists => {
  const entries = [...entriesOf(english), ...entriesOf(spanish)]
  const glued = [...gluedOf(english), ...gluedOf(spanish)]
  const set = new RE2Set()
  for (const { words } of glued) set.add(fold(words).trim())
  set.compile()
  return { entries, net: weave(entries.map((entry) => entry.words)), glued, set }
}

let lists: Lists | undefined

/** Every entry that the text holds, of both lists at once: people write in both languages. Nothing is left out for length. */
function entriesIn(text: string): Entry[] {
  lists ??= read()
  const { entries, net, glued, set } = lists
  const folded = fold(text)
  const joined = unspaced(folded)
  return [...[...caught(net, folded)].flatMap((i) => entries[i] ?? []), ...(joined ? set.match(joined) : []).flatMap((i) => glued[i] ?? [])]
}

const verdict = (found: readonly Entry[]): Screened => ({
  level: found.some((entry) => entry.level === "urgent") ? "urgent" : found.length > 0 ? "concern" : "none",
  topics: [...new Set(found.map((entry) => entry.topic))].sort(),
})

/** What a student wrote, before it is stored and before any model. More words never lower the level. */
export const screen = (text: string): Screened => verdict(entriesIn(text))

const recent = 12
const tail = 600

/**
 * The same for words split over messages; `previous` is oldest first. What the earlier messages said by themselves
 * does not count again.
 */
export function screenTogether(previous: readonly string[], now: string): Screened {
  const before = previous.slice(-recent)
  const start = before.map((text) => text.slice(-tail))
  const together = [[...start, now].join(" "), [...start, now].join("")].flatMap(entriesIn)
  const heard = new Set(together.length > 0 ? [before.join(" "), before.join("")].flatMap(entriesIn) : [])
  return verdict([...entriesIn(now), ...together.filter((entry) => !heard.has(entry))])
}
