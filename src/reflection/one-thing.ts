// Decides which of a student's own sentences the next question opens with. Refuses to quote words that may mean danger, or to change any.
import { cut } from "../platform/limits.ts"
import { screen } from "../safety/screen.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"

const longest = 200
const tellingFrom = 20

/** One whole sentence of it, the first that says something; cut between words only where a sentence is very long. Null: better none. */
export function oneThing(words: string, language: Language): string | null {
  if (screen(words).level !== "none") return null
  const sentences = [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(showSafely(words))]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
  const telling = sentences.find((sentence) => sentence.length >= tellingFrom && sentence.length <= longest)
  const chosen = telling ?? sentences.find((sentence) => sentence.length <= longest) ?? sentences[0]
  if (chosen === undefined) return null
  if (chosen.length <= longest) return chosen
  const short = cut(chosen, longest)
  const space = short.lastIndexOf(" ")
  return space > longest / 2 ? `${short.slice(0, space)}…` : short
}
