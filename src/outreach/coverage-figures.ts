// Decides what a school is judged by: answers read in time, students who know that an adult believes in them, notes that were useful, contacts.
// Refuses to count anything by person, and any group that five or more do not stand behind.
import { askedTerms, beliefParts, openUntil, type TermRow, termRows } from "../../db/queries/outreach-belief.ts"
import { type ClosedNote, closedNotes, contactParts, type ReadWeek, readWeeks } from "../../db/queries/outreach-coverage.ts"
import type { Scene } from "../deps.ts"
import { type History, markOf, weekIndex } from "../engagement/history.ts"
import { addDays, localDate, mondayOf } from "../scheduling/zone.ts"
import { askingWeeks, countedTerm, standsFrom, termOn } from "./belief-term.ts"
import { type Shown, shownParts, smallest } from "./coverage-parts.ts"
import { type Closing, closingsNeeded, type Suggestion, suggestion } from "./coverage-useful.ts"

/** Why students are not asked now, or when they are; `day` is local. */
export type Asked = { kind: "no_term" } | { kind: "from" | "counted"; day: string } | { kind: "was" }

export type Figures = {
  /** Every week from the first with an answer to the last that is complete; `read` null: too few answers for a share, or none. */
  weeks: { week: string; share: number | null }[]
  read: { answers: number; read: number; weeks: number }
  contact: Shown
  belief: { term: string; shown: Shown } | null
  asked: Asked
  closed: { useful: number; known: number; false: number }
  suggestion: Suggestion | null
}

/** About half a year. */
const weeksBack = 18
const contactMs = 28 * 86_400_000
/** Notes that came after another number of weeks, or of whose silence the end is not known yet, are left out of the suggestion. */
const notesLooked = 4 * closingsNeeded

export async function figuresOf(scene: Pick<Scene, "tx" | "now">, site: { id: string; zone: string }, noGroup: string): Promise<Figures> {
  const { tx, now } = scene
  const today = localDate(now, site.zone)
  const last = mondayOf(today)
  const [read, contact, notes, terms] = await Promise.all([
    readWeeks(tx, { siteId: site.id, first: addDays(last, -7 * weeksBack), last, now }),
    contactParts(tx, { siteId: site.id, today, since: new Date(now.getTime() - contactMs) }),
    closedNotes(tx, site.id, notesLooked),
    termRows(tx),
  ])
  const current = termOn(terms, today)
  const asking = await askings(scene, site, terms, current)
  const counted = countedTerm(
    asking.filter(({ asked }) => asked),
    today,
  )
  const belief = counted && { term: counted.title, shown: shownParts(await beliefParts(tx, site.id, counted.id), { guarded: true }) }
  const latest = notes.slice(0, closingsNeeded)
  const closedAs = (as: ClosedNote["as"]): number => latest.filter((note) => note.as === as).length
  return {
    weeks: everyWeek(read),
    read: { answers: total(read, "answers"), read: total(read, "read"), weeks: read.length },
    contact: shownParts(
      contact.map(({ name, ...counts }) => ({ name: name ?? noGroup, ...counts })),
      { guarded: false },
    ),
    belief,
    asked: askedNow(asking.find(({ id }) => id === current?.id) ?? null, today),
    closed: { useful: closedAs("useful"), known: closedAs("known"), false: closedAs("false") },
    suggestion: suggestion(notes.flatMap(closingOf)),
  }
}

const total = (weeks: readonly ReadWeek[], what: "answers" | "read"): number => weeks.reduce((sum, week) => sum + week[what], 0)

function everyWeek(read: readonly ReadWeek[]): Figures["weeks"] {
  const [first, last] = [read[0], read.at(-1)]
  if (!first || !last) return []
  const byWeek = new Map(read.map((one) => [one.week, one]))
  return Array.from({ length: weekIndex(first.week, last.week) + 1 }, (_, i) => addDays(first.week, 7 * i)).map((week) => {
    const one = byWeek.get(week)
    return { week, share: one && one.answers >= smallest ? one.read / one.answers : null }
  })
}

/** `asked`: somebody was, under this term. `closes`: the last day on which anybody may say something under it; null: none that matters. */
type Asking = TermRow & { asked: boolean; closes: string | null }

// Longer than any holidays, over which a question may stay open.
const daysOpenMost = 120

/** The terms in which anybody was asked, and the one of today. */
async function askings(
  { tx, now }: Pick<Scene, "tx" | "now">,
  site: { id: string; zone: string },
  terms: readonly TermRow[],
  current: TermRow | null,
) {
  const asked = new Map((await askedTerms(tx, site.id)).map(({ termId, until }) => [termId, until]))
  const earliest = addDays(localDate(now, site.zone), -daysOpenMost)
  const looked = terms.filter(({ id }) => asked.has(id) || id === current?.id)
  return Promise.all(
    looked.map(async (term): Promise<Asking> => {
      const { first, last } = askingWeeks(term)
      const open = last < earliest ? null : await openUntil(tx, { siteId: site.id, first, last, now })
      const ends = [asked.get(term.id), open].flatMap((end) => (end ? [localDate(end, site.zone)] : [])).sort()
      return { ...term, asked: asked.has(term.id), closes: ends.at(-1) ?? null }
    }),
  )
}

function askedNow(term: Asking | null, today: string): Asked {
  if (!term) return { kind: "no_term" }
  const { first } = askingWeeks(term)
  const stands = standsFrom(term, term.closes)
  if (today < first) return { kind: "from", day: first }
  return today < stands ? { kind: "counted", day: stands } : { kind: "was" }
}

/** None for a note whose silence may still grow, or whose weeks are gone. */
function closingOf({ as, facts, start, weeks }: ClosedNote): Closing[] {
  if (facts.kind !== "silence" || start === null || weeks === null) return []
  const { misses, over } = silenceAfter({ start, weeks }, facts.since)
  return over || misses > facts.needed ? [{ needed: facts.needed, reached: misses, as }] : []
}

/** The counted misses from the week after `since` to the next answer or skip; `over`: there was one. */
function silenceAfter(history: History, since: string): { misses: number; over: boolean } {
  let misses = 0
  for (let index = weekIndex(history.start, since) + 1; index < history.weeks.length; index++) {
    const mark = markOf(history, index)
    if (mark === "a" || mark === "s") return { misses, over: true }
    if (mark === "m") misses++
  }
  return { misses, over: false }
}
