// Decides what a few typed signs are: nothing at all, or words that may ask for an end of the questions.
// Refuses to act on a guess: whoever may mean "stop" is offered the button, and their words are kept.

/** Nothing that a reader could see: spaces, control signs, marks of direction. An emoji is something. */
export const isBlank = (words: string): boolean => !/[^\s\p{Cc}\p{Cf}\p{DI}\u2800]/u.test(words)

const wordsMax = 6
const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()

// "para" and "alto" begin ordinary Spanish sentences as well.
const begins = /^(stop|unsubscribe|parar|detener|detente|basta|(para|alto)( ya| de| por favor|$))(?!\p{L})/u
const says = ["leave me alone", "stop asking", "dejame en paz", "dejame tranquil", "no me preguntes"]

export function mayMeanStop(words: string): boolean {
  const folded = fold(words)
  if (folded === "" || folded.split(" ").length > wordsMax) return false
  return begins.test(folded) || says.some((phrase) => folded.includes(phrase))
}
