// Decides what a text says once its disguises are taken off. Refuses to know what is being looked for.

// Letters of other scripts that look Latin, each followed by what it looks like.
const twins = "аa вb сc ԁd еe һh іi јj кk ӏl мm нh оo рp ѕs тt уy хx αa βb εe ηn ιi κk νv οo ρp τt υu χx ıi łl øo đd ɑa ɡg ɩi ʟl"
const latin: ReadonlyMap<string, string> = new Map([
  ...twins.split(" ").map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]),
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
])

// Format characters hide inside words without being seen; so do the fillers below, which Unicode calls letters, marks or symbols.
const unseen = /[\p{Cf}\p{Mn}\p{Me}\p{Co}\p{Cs}\u115F\u1160\u3164\u2800]/u
const control = /\p{Cc}/u
const letterOrDigit = /[\p{L}\p{N}]/u
const standsForLetter = new Set("@$!|*")

const glyph = (point: string): string => {
  if (unseen.test(point)) return ""
  if (control.test(point)) return point === "\n" || point === "\r" || point === "\t" ? " " : ""
  if (letterOrDigit.test(point)) return latin.get(point) ?? point
  if (point === "'" || point === "’" || point === "‘" || point === "`" || point === "´" || point === "ʼ") return ""
  return standsForLetter.has(point) ? point : " "
}

const known = new Map<string, string>()
const glyphOf = (point: string): string => {
  const before = known.get(point)
  if (before !== undefined) return before
  const made = glyph(point)
  if (known.size < 4_096) known.set(point, made)
  return made
}

/**
 * Words in small plain letters, one space between them and one at each end. Accents, apostrophes and unseen characters
 * are gone, look-alike letters are Latin, and a repeated character counts once ("killll" and "kil" read alike), so
 * whoever compares with it folds both sides. `@ $ ! | *` stay only where a letter follows.
 */
export function fold(text: string): string {
  let folded = " "
  let last = " "
  let held = ""
  const put = (char: string): void => {
    if (char === last) return
    folded += char
    last = char
  }
  for (const point of text.normalize("NFKC").toLowerCase().normalize("NFKD")) {
    for (const char of glyphOf(point)) {
      if (standsForLetter.has(char)) {
        held += char
        continue
      }
      if (char === " ") put(" ")
      else for (const kept of held) put(kept)
      held = ""
      put(char)
    }
  }
  put(" ")
  return folded
}

const stands: Readonly<Record<string, string>> = { "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", $: "s" }
const standsForSeveral: Readonly<Record<string, string>> = { "1": "il", "!": "il", "|": "il", "*": "aeiou" }
const mostReadings = 64
const longestDisguise = 24

/** What a folded word may stand for: itself, and, where digits or signs take the place of letters, those letters. */
export function readings(word: string): string[] {
  if (word.length > longestDisguise || !/[\d@$!|*]/.test(word)) return [word]
  let made = [""]
  for (const char of word) {
    const several = standsForSeveral[char]
    const letters = several && made.length * several.length <= mostReadings ? several : (several?.[0] ?? stands[char] ?? char)
    made = made.flatMap((start) => Array.from(letters, (letter) => (start.endsWith(letter) ? start : start + letter)))
  }
  return [word, ...made]
}

const longWord = 7
const reach = 5

/**
 * Words with their spaces taken out, for what was written "k i l l" or "killmyself": each run of single letters with
 * the words about it, and each long word alone, a space between them. Empty where there is none.
 */
export function unspaced(folded: string): string {
  const words = folded.trim().split(" ")
  const pieces = words.filter((word) => word.length >= longWord)
  let alone = 0
  let from = 0
  let until = -1
  const close = (): void => {
    if (until >= 0) pieces.push(words.slice(from, until + 1).join(""))
  }
  words.forEach((word, i) => {
    alone = word.length === 1 ? alone + 1 : 0
    if (alone < 3) return
    if (i - 2 - reach > until) {
      close()
      from = Math.max(0, i - 2 - reach)
    }
    until = i + reach
  })
  close()
  return pieces.map(lettered).join(" ")
}

/** As letters only, a repeat counted once: what ends one word may begin the next. */
function lettered(word: string): string {
  let kept = ""
  let last = ""
  for (const char of word) {
    const letter = standsForSeveral[char]?.[0] ?? stands[char] ?? char
    if (letter !== last) kept += letter
    last = letter
  }
  return kept
}
