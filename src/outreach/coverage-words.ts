// What a school is judged by, in sentences: the same in a chat and in a terminal. Refuses to say a figure that was not given to it.

import { formatDay } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import type { Figures } from "./coverage-figures.ts"
import { say } from "./coverage-phrases.ts"
import { closingsNeeded } from "./coverage-useful.ts"

export function readSentence({ read, weeks }: Figures, language: Language): string {
  const last = weeks.at(-1)
  if (!last) return say(language, "readNone")
  return say(language, "read", { ...read, day: formatDay(last.week, language) })
}

/** What the last term came to, then how it stands with this one. */
export function beliefSentences({ belief, asked }: Figures, language: Language): string[] {
  const term = belief === null ? "" : showSafely(belief.term)
  const total = belief?.shown.total ?? null
  const came = total ? [say(language, "believed", { ...total, term })] : belief ? [say(language, "believedFew", { term })] : []
  switch (asked.kind) {
    case "no_term":
      return [...came, say(language, "askedNoTerm")]
    case "from":
      return [...came, say(language, "askedFrom", { day: formatDay(asked.day, language) })]
    case "counted":
      return [...came, say(language, "askedCounted", { day: formatDay(asked.day, language) })]
    case "was":
      return came
    default:
      return asked satisfies never
  }
}

export function usefulSentence({ closed }: Figures, language: Language): string {
  const { useful, known, false: wrong } = closed
  const all = useful + known + wrong
  return all === 0 ? say(language, "usefulNone") : say(language, "useful", { closed: all, useful, known, wrong })
}

/** Another number of missed weeks, where this school's own closings speak for one; null before the first closing. */
export function suggestionSentence({ suggestion }: Figures, language: Language): string | null {
  if (suggestion === null) return null
  const { kind, misses } = suggestion
  switch (kind) {
    case "too_few":
      return say(language, "tooFew", { closed: suggestion.closed, needed: closingsNeeded })
    case "sooner":
      return say(language, "sooner", { misses, ...suggestion.at })
    case "keep":
    case "wait": {
      const { at, later, spared, lost } = suggestion
      return say(language, kind, { misses, next: misses + 1, ...at, later: later.closed, laterUseful: later.useful, spared, lost })
    }
    default:
      return kind satisfies never
  }
}

export function contactSentence({ contact }: Figures, language: Language): string {
  return contact.total ? say(language, "contact", contact.total) : say(language, "contactFew")
}
