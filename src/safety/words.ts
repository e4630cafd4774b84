// Decides what is said at once, word for word, when words are about danger: to the student, and to the adult who is told.
// Refuses to know what was written, and who is told when.
import { createHash } from "node:crypto"
import { type Prose, plain, strong } from "../platform/prose.ts"
import { formatDay, formatTime, localDate, localTime } from "../scheduling/zone.ts"
import { type Language, languages, phrasebooks } from "../words/phrasebook.ts"
import { safetyPhrase } from "./phrases.ts"
import type { Reads } from "./staffed.ts"

export type Country = "US"
type Raised = "concern" | "urgent"

/** Where people answer day and night, the most immediate first; `schoolLine` is the school's own, as it wants it read. */
export function resourcesFor(country: Country, language: Language, schoolLine: string | null = null): Prose[] {
  switch (country) {
    case "US":
      return [
        strong(safetyPhrase(language, "resource_emergency")),
        plain(safetyPhrase(language, "resource_lifeline")),
        plain(safetyPhrase(language, "resource_text_line")),
        ...(schoolLine ? [plain(safetyPhrase(language, "resource_school", { line: schoolLine }))] : []),
      ]
    default:
      return country satisfies never
  }
}

const moment = (language: Language, at: Date, zone: string) => ({
  day: formatDay(localDate(at, zone), language),
  time: formatTime(localTime(at, zone), language),
})

/** Says when a person reads, for a student who writes while nobody is there. */
export const nightLine = (language: Language, at: Date, zone: string): Prose => plain(safetyPhrase(language, "night", moment(language, at, zone)))

function readsLine(level: Raised, language: Language, reads: Reads, zone: string): Prose {
  switch (reads.kind) {
    case "now":
      return plain(safetyPhrase(language, "student_reads_now"))
    case "at":
      if (level === "concern") return nightLine(language, reads.at, zone)
      return plain(safetyPhrase(language, "student_urgent_reads_at", moment(language, reads.at, zone)))
    case "unknown":
      return plain(safetyPhrase(language, "student_reads_unknown"))
    default:
      return reads satisfies never
  }
}

/** Paragraphs in order, `resourcesFor` among them. `responder` is null where the ladder has no one left. */
export function studentWords(
  level: Raised,
  language: Language,
  { responder, reads, zone, resources }: { responder: string | null; reads: Reads; zone: string; resources: readonly Prose[] },
): Prose[] {
  const who = { responder: responder ?? safetyPhrase(language, "responder_unnamed") }
  return [
    plain(`${safetyPhrase(language, `student_${level}_thanks`)} ${safetyPhrase(language, `student_${level}_who`, who)}`),
    readsLine(level, language, reads, zone),
    strong(safetyPhrase(language, `student_${level}_danger`)),
    ...resources,
    plain(`${safetyPhrase(language, "student_not_secret", who)} ${safetyPhrase(language, "student_write_on")}`),
  ]
}

/** Where all of the school is left out or gone: no promise, only where people answer. */
export const nobodyWords = (language: Language, resources: readonly Prose[]): Prose[] => [
  plain(safetyPhrase(language, "student_nobody")),
  strong(safetyPhrase(language, "student_urgent_danger")),
  ...resources,
]

/** To the student who writes on while people are being told. */
export const addedWords = (level: Raised, language: Language, responder: string | null, resources: readonly Prose[]): Prose[] => [
  plain(safetyPhrase(language, "student_added", { responder: responder ?? safetyPhrase(language, "responder_unnamed") })),
  ...(level === "urgent" ? [strong(safetyPhrase(language, "student_urgent_danger")), ...resources] : []),
]

/** To the student, once an adult has said "I have it". */
export const studentTaken = (language: Language, adult: string): Prose => plain(safetyPhrase(language, "student_taken", { adult }))

export type AdultWords = { summary: string; paragraphs: Prose[]; haveIt: string; show: string }

/** What an adult of the ladder is told. The summary shows on lock screens: no name, no words, no topic. `again`: somebody was told before. */
export function adultWords(
  level: Raised,
  language: Language,
  { student, leftOut, again }: { student: string; leftOut: boolean; again: boolean },
): AdultWords {
  return {
    summary: safetyPhrase(language, `adult_summary_${level}`),
    paragraphs: [
      strong(safetyPhrase(language, `adult_${level}`, { student })),
      ...(again ? [plain(safetyPhrase(language, "adult_again"))] : []),
      plain(safetyPhrase(language, "adult_next", { student })),
      ...(leftOut ? [plain(safetyPhrase(language, "adult_left_out", { student }))] : []),
      plain(safetyPhrase(language, "adult_duty")),
      plain(safetyPhrase(language, "adult_may_be_wrong")),
    ],
    haveIt: safetyPhrase(language, "button_have_it"),
    show: safetyPhrase(language, "button_show"),
  }
}

/** To the others who were told, once one has it. */
export const adultTaken = (language: Language, adult: string, student: string): Prose =>
  plain(safetyPhrase(language, "adult_taken", { adult, student }))

type Key = Parameters<typeof safetyPhrase>[1]
const phrasesSigned = (language: Language): [Key, string][] =>
  Object.entries(phrasebooks().get("safety")?.[language] ?? {}).flatMap(([key, words]) => (key.startsWith("needs_") ? [] : [[key as Key, words]]))

/** The fixed words as people read them, for whoever signs them off: `[name]` stands for what is filled in, and a count is shown as one and as two. */
export const fixedWords = (language: Language): string[] =>
  phrasesSigned(language).flatMap(([key, words]) => {
    const blanks = Object.fromEntries([...words.matchAll(/(?<=\{)[a-z]+(?=\})/gi)].map(([name]) => [name, `[${name}]`]))
    const counts = /\{count, /.test(words) ? [1, 2] : [1]
    return counts.map((count) => safetyPhrase(language, key, { ...blanks, count }))
  })

/** Names the fixed words as they are now; a sign-off holds for these and no others. */
export const fixedWordsVersion = (): string => {
  // The words are read once a process; the gate asks with every message.
  version ??= createHash("sha256")
    .update(JSON.stringify(languages.map((language) => phrasesSigned(language).map(([, words]) => words))))
    .digest("hex")
    .slice(0, 12)
  return version
}
let version: string | null = null
