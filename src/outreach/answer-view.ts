// How one answer of a student looks to the adult who reads it: as it was written, and never a word more.

import type { ReadingRow } from "../../db/queries/outreach-reading.ts"
import type { ReplyPart } from "../../db/queries/reflection-words.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, note, quote, text } from "../platform/message.ts"
import { plain, prose, strong } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { fill, type Prompts } from "../words/prompts.ts"
import { dayAt } from "./moments.ts"
import { say } from "./phrases.ts"

/** A message holds 11,000 characters and 45 blocks; what stands around the words needs some. */
const alone = { characters: 9_000, blocks: 25 }

export function headBlocks(row: ReadingRow, prompts: Prompts, language: Language): Block[] {
  const student = showSafely(row.studentName)
  return [
    text(prose`${strong(say(language, "wroteOn", { student, day: dayAt(row.createdAt, row.zone, language) }))}`),
    note(plain(cut(whatWasAsked(row, prompts, language), limits.text))),
  ]
}

/** The question they picked; where they just typed, the two they had before them. */
function whatWasAsked(row: ReadingRow, prompts: Prompts, language: Language): string {
  const ask = (id: string | null): string[] => {
    const question = id === null ? null : prompts.question(id, language)
    return question ? [fill(question.text, { name: showSafely(row.studentName) })] : []
  }
  const [picked] = ask(row.promptId)
  if (picked !== undefined) return say(language, "theQuestion", { question: picked })
  const [first, second] = row.promptId === null ? [...ask(row.firstPrompt), ...ask(row.secondPrompt)] : []
  if (first === undefined) return say(language, "noQuestion")
  return second === undefined ? say(language, "underOne", { question: first }) : say(language, "underTwo", { first, second })
}

/** The words in order, split over quotes where they are long; no more than `room`, and a note where that cuts. */
export function wordBlocks(parts: readonly ReplyPart[], student: string, language: Language, room: typeof alone = alone): Block[] {
  const by = showSafely(student)
  const blocks: Block[] = []
  let left = room.characters
  let hidden = 0
  for (const part of parts) {
    if (part.words === null) {
      blocks.push(note(plain(say(language, part.unreadable ? "unreadable" : "takenBack", { student: by }))))
      continue
    }
    const words = showSafely(part.words)
    const shown = words.length <= left ? words : left > 0 ? cut(words, left).slice(0, -1) : ""
    hidden += words.length - shown.length
    left -= shown.length
    for (const piece of pieces(shown)) blocks.push(quote(piece, by))
  }
  const fitting = blocks.slice(0, room.blocks)
  for (const block of blocks.slice(room.blocks)) hidden += block.kind === "quote" ? block.words.length : 0
  return hidden > 0 ? [...fitting, note(plain(say(language, "cutShort", { count: hidden, student: by })))] : fitting
}

/** At most `limits.quote` each, parted at a line or a word where there is one. */
function pieces(words: string): string[] {
  const found: string[] = []
  let rest = words
  while (rest.length > limits.quote) {
    const window = rest.slice(0, limits.quote)
    const line = window.lastIndexOf("\n")
    const space = line > limits.quote / 2 ? line : window.lastIndexOf(" ")
    const end = space > limits.quote / 2 ? space + 1 : cut(rest, limits.quote).length - 1
    found.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return rest === "" ? found : [...found, rest]
}

const moods = { 1: "mood1", 2: "mood2", 3: "mood3", 4: "mood4", 5: "mood5" } as const
const isMood = (mood: number | null): mood is keyof typeof moods => mood !== null && mood in moods

/** What they tapped beside their words: how they are, and whether they asked for a person. */
export function tapBlocks(row: ReadingRow, language: Language): Block[] {
  const taps: string[] = []
  if (isMood(row.mood)) taps.push(say(language, "mood", { mood: say(language, moods[row.mood]) }))
  if (row.wants === "mentor") taps.push(say(language, "wantsMentor"))
  if (row.wants === "someone") taps.push(say(language, "wantsSomeone"))
  return taps.map((tap) => note(plain(tap)))
}
