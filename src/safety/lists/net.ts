// Decides which entries occur in a row of words, in one pass over it. Refuses to know what the entries mean.
import { fold, readings } from "../normalise.ts"

type Place = { entry: number; word: string; ends: boolean; next: Map<string, Place[]>; later: Map<string, Place[]> }
type Piece = { first: Place[]; last: Place[]; empty: boolean }

type Edges = Map<string, [from: Place, to: Place][]>

/** Every entry as places of words; `next` must follow at once, `later` within the gap. Edges are kept by the word they lead to as well. */
export type Net = { starts: Map<string, Place[]>; next: Edges; later: Edges; stems: ReadonlySet<string>; words: ReadonlySet<string> }

const gap = 4
const longestStem = 16

/** Throws on an entry that is not written as `List` says. */
export function weave(entries: readonly string[]): Net {
  const starts = new Map<string, Place[]>()
  const words = new Set<string>()
  const stems = new Set<string>()
  entries.forEach((written, entry) => {
    const piece = read(written, entry, (word) => (word.endsWith("~") ? stems : words).add(word))
    if (piece.empty) throw new Error(`the entry may be nothing at all: ${written}`)
    for (const place of piece.first) into(starts, place)
    for (const place of piece.last) place.ends = true
  })
  const [next, later] = edgesFrom([...starts.values()].flat())
  return { starts, next, later, stems, words }
}

function edgesFrom(places: readonly Place[]): [next: Edges, later: Edges] {
  const [next, later]: [Edges, Edges] = [new Map(), new Map()]
  const seen = new Set(places)
  for (const from of seen)
    for (const [edges, map] of [
      [next, from.next],
      [later, from.later],
    ] as const)
      for (const [word, tos] of map) {
        for (const to of tos) seen.add(to)
        const there = edges.get(word) ?? []
        for (const to of tos) there.push([from, to])
        edges.set(word, there)
      }
  return [next, later]
}

const into = (map: Map<string, Place[]>, place: Place): void => {
  const there = map.get(place.word)
  if (there) there.push(place)
  else map.set(place.word, [place])
}

const nothing: Piece = { first: [], last: [], empty: true }

function then(a: Piece, b: Piece, kind: "next" | "later"): Piece {
  for (const from of a.last) for (const to of b.first) into(from[kind], to)
  return {
    first: a.empty ? [...a.first, ...b.first] : a.first,
    last: b.empty ? [...b.last, ...a.last] : b.last,
    empty: a.empty && b.empty,
  }
}

function read(written: string, entry: number, note: (word: string) => void): Piece {
  const signs = written.replaceAll("(", " ( ").replaceAll(")?", " )? ").replaceAll(")", " ) ").replaceAll(" ) ?", " )?").replaceAll("|", " | ")
  const tokens = signs.split(" ").filter(Boolean)
  let at = 0
  const choice = (): Piece => {
    let all = row()
    while (tokens[at] === "|") {
      at += 1
      const other = row()
      all = { first: [...all.first, ...other.first], last: [...all.last, ...other.last], empty: all.empty || other.empty }
    }
    return all
  }
  const row = (): Piece => {
    let before: Piece | null = null
    let piece = nothing
    const close = (): Piece => (before ? then(before, piece, "later") : piece)
    for (;;) {
      const token = tokens[at]
      if (token === undefined || token === "|" || token === ")" || token === ")?") return close()
      at += 1
      if (token === "_") {
        before = close()
        piece = nothing
      } else if (token === "(") {
        const inner = choice()
        const end = tokens[at]
        if (end !== ")" && end !== ")?") throw new Error(`a bracket is open in: ${written}`)
        at += 1
        piece = then(piece, end === ")?" ? { ...inner, empty: true } : inner, "next")
      } else {
        const word = fold(token.replace("~", "")).trim() + (token.endsWith("~") ? "~" : "")
        note(word)
        const place: Place = { entry, word, ends: false, next: new Map(), later: new Map() }
        piece = then(piece, { first: [place], last: [place], empty: false }, "next")
      }
    }
  }
  const whole = choice()
  if (at < tokens.length) throw new Error(`a bracket too many in: ${written}`)
  return whole
}

/** The net's own words that a written word may stand for. */
function meanings(net: Net, word: string): string[] {
  const found: string[] = []
  for (const reading of readings(word)) {
    if (net.words.has(reading)) found.push(reading)
    for (let size = 2; size <= Math.min(reading.length, longestStem); size += 1) {
      const stem = `${reading.slice(0, size)}~`
      if (net.stems.has(stem)) found.push(stem)
    }
  }
  return found
}

/** Indexes of the entries that occur in folded text. Time grows with the text, whatever is in it. */
export function caught(net: Net, folded: string): Set<number> {
  const hits = new Set<number>()
  const known = new Map<string, string[]>()
  const meaningsOf = (word: string): string[] => {
    const before = known.get(word)
    if (before) return before
    const made = meanings(net, word)
    known.set(word, made)
    return made
  }
  let live = new Set<Place>()
  const waiting = new Map<Place, number>()
  wordsOf(folded, (word) => meaningsOf(word).length > 0).forEach((word, i) => {
    // What was set first ends first.
    for (const [place, until] of waiting) {
      if (until >= i) break
      waiting.delete(place)
    }
    const reached = new Set<Place>()
    for (const meaning of meaningsOf(word)) {
      for (const place of net.starts.get(meaning) ?? []) reached.add(place)
      step(live, net.next, "next", meaning, reached)
      step(waiting, net.later, "later", meaning, reached)
    }
    for (const place of reached) {
      if (place.ends) hits.add(place.entry)
      if (place.later.size === 0) continue
      waiting.delete(place)
      waiting.set(place, i + gap + 1)
    }
    live = reached
  })
  return hits
}

type Held = { readonly size: number; has(place: Place): boolean; keys(): Iterable<Place> }

/** From the places held, or from the edges that lead to the word: whichever are fewer. */
function step(held: Held, edges: Edges, kind: "next" | "later", word: string, reached: Set<Place>): void {
  const leading = edges.get(word)
  if (!leading || held.size === 0) return
  if (leading.length < held.size) {
    for (const [from, to] of leading) if (held.has(from)) reached.add(to)
  } else for (const from of held.keys()) for (const to of from[kind].get(word) ?? []) reached.add(to)
}

/** A word with signs in it that reads as nothing ("die!but") is the words beside the signs. */
function wordsOf(folded: string, reads: (word: string) => boolean): string[] {
  return folded
    .trim()
    .split(" ")
    .flatMap((word) => (/[@$!|*]/.test(word) && !reads(word) ? word.split(/[@$!|*]/).filter(Boolean) : [word]))
}
