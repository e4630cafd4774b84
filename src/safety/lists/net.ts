// Decides which entries occur in a row of words, in one pass over it. Refuses to know what the entries mean.
import { fold, readings } from "../normalise.ts"

type Place = { entry: number; word: string; ends: boolean; next: Map<string, Place[]>; later: Map<string, Place[]> }
type Piece = { first: Place[]; last: Place[]; empty: boolean }

/** Every entry as places of words; `next` must follow at once, `later` within the gap. */
export type Net = { starts: Map<string, Place[]>; stems: ReadonlySet<string>; words: ReadonlySet<string> }

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
  return { starts, stems, words }
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
    const reached = new Set<Place>()
    for (const meaning of meaningsOf(word)) {
      for (const place of net.starts.get(meaning) ?? []) reached.add(place)
      for (const from of live) for (const place of from.next.get(meaning) ?? []) reached.add(place)
      for (const from of waiting.keys()) for (const place of from.later.get(meaning) ?? []) reached.add(place)
    }
    for (const [place, until] of waiting) if (until <= i) waiting.delete(place)
    for (const place of reached) {
      if (place.ends) hits.add(place.entry)
      if (place.later.size > 0) waiting.set(place, i + gap + 1)
    }
    live = reached
  })
  return hits
}

/** A word with signs in it that reads as nothing ("die!but") is the words beside the signs. */
function wordsOf(folded: string, reads: (word: string) => boolean): string[] {
  return folded
    .trim()
    .split(" ")
    .flatMap((word) => (/[@$!|*]/.test(word) && !reads(word) ? word.split(/[@$!|*]/).filter(Boolean) : [word]))
}
