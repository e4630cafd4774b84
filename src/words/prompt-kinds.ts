// What a prompt is: the lenses, kinds, lengths and variables that writers keep to.
import type { Language } from "./phrasebook.ts"

/** What can be known of a student (the NBPTS list). */
export const lenses = ["interests", "abilities", "skills", "knowledge", "language", "family", "peers"] as const
export type Lens = (typeof lenses)[number]
/** The lenses the bot asks about by itself; family waits for consent and a person's choice. */
export const pickedLenses: readonly Lens[] = lenses.filter((lens) => lens !== "family")

/** When in the term a question fits. */
export const seasons = ["any", "start", "middle", "end"] as const
export type Season = (typeof seasons)[number]

export const nudgeKinds = ["opening", "opening_remember", "opening_unread", "reminder"] as const
export type NudgeKind = (typeof nudgeKinds)[number]
export const starterKinds = ["belief", "high_standard", "next_step"] as const
export type StarterKind = (typeof starterKinds)[number]

/** A question without its words, the same in every language. `follow`: only after that question was asked. */
export type Topic = { id: string; lens: Lens; season: Season; follow: string | null }
type Written = { id: string; version: number; language: Language; text: string }
export type Question = Topic & Written & { hint: string | null }
export type Nudge = Written & { kind: NudgeKind }
export type Starter = Written & { kind: StarterKind }

/**
 * What each text may name. In an opening, {day} is the day the student wrote, in a reminder the day the questions
 * close: "Thursday" or "12 March", without article or preposition.
 */
export const variables = {
  question: ["name"],
  opening: ["name"],
  opening_remember: ["name", "adult", "day"],
  opening_unread: ["name", "day"],
  reminder: ["name", "day"],
  starter: ["student"],
} as const satisfies Record<NudgeKind | "question" | "starter", readonly string[]>

/** The most characters of each text. A starter is picked from a list, whose labels have 70: it must be seen there whole. */
export const longest = { question: 240, hint: 120, nudge: 200, starter: 70 } as const

/** Puts values in place of {variables}, once over: a brace inside a value stays a brace. Throws on a variable that has no value. */
export function fill(text: string, vars: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined
    if (value === undefined) throw new Error(`nothing to put in place of {${name}}`)
    return value
  })
}
