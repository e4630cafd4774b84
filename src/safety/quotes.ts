// Decides how much of what was written one message shows, and how it is parted. Refuses to leave anything out in silence.
import { limits } from "../platform/limits.ts"
import { type Block, note, quote } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { safetyPhrase } from "./phrases.ts"

const room = 9_000

/** The words in quotes, whole where they fit; else their start and end, and how much lies in between. */
export function quotesOf(written: string, by: string, language: Language, most: number = room): Block[] {
  const words = showSafely(written)
  if (words.length <= most) return pieces(words).map((piece) => quote(piece, by))
  const half = Math.max(limits.quote / 10, Math.floor(most / 2))
  const [start, end] = [words.slice(0, half).toWellFormed(), words.slice(-half).toWellFormed()]
  const hidden = safetyPhrase(language, "adult_shown_cut", { count: words.length - 2 * half })
  return [...pieces(start).map((piece) => quote(piece, by)), note(plain(hidden)), ...pieces(end).map((piece) => quote(piece, by))]
}

/** As long as a quote may be, never inside a character. */
function pieces(words: string): string[] {
  const found: string[] = []
  let piece = ""
  for (const point of words) {
    if (piece.length + point.length > limits.quote) {
      found.push(piece)
      piece = ""
    }
    piece += point
  }
  return piece === "" && found.length > 0 ? found : [...found, piece]
}
