// Decides which two questions an occurrence asks, once: chosen when they are first shown, and the same from then on.
// Refuses to know how a choice is made: `src/growth` does.
import { keepQuestions, type OccurrenceRow, whatIsKnown } from "../../db/queries/reflection-occurrence.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { chooseTwo, seasonOf, type ToChoose } from "../growth/choose.ts"
import { localDate } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { lenses, type Question } from "../words/prompts.ts"

export type Pair = { first: Question; second: Question }

export async function questionsOf(scene: Scene, occurrence: OccurrenceRow, student: { siteId: string }, language: Language): Promise<Pair> {
  const asked = (id: string | null): Question | null => (id === null ? null : scene.deps.prompts.question(id, language))
  const [first, second] = [asked(occurrence.firstPrompt), asked(occurrence.secondPrompt)]
  if (first && second) return { first, second }

  const known = await whatIsKnown(scene.tx, occurrence.studentId, occurrence.id)
  const calendar = await calendarOf(scene.tx, student.siteId)
  const date = localDate(occurrence.opensAt, calendar.zone)
  const chosen = chooseTwo({
    questions: scene.deps.prompts.questions(),
    asked: known.asked,
    known: knownByLens(known.known),
    cares: [],
    familyAllowed: false,
    season: seasonOf(calendar.terms.find((term) => term.start <= date && date <= term.end) ?? null, date),
    seed: occurrence.id,
  })
  const pair = { first: asked(chosen.first.id), second: asked(chosen.second.id) }
  if (!pair.first || !pair.second) throw new Error("A question that was chosen is not written in this language.")
  await keepQuestions(scene.tx, occurrence.id, { first: pair.first.id, second: pair.second.id, why: chosen.why })
  return { first: pair.first, second: pair.second }
}

const knownByLens = (known: readonly { lens: string; count: number; lastWeek: string | null }[]): ToChoose["known"] => {
  const by = Object.fromEntries(lenses.map((lens) => [lens, { count: 0, lastWeek: null as string | null }])) as {
    [lens in (typeof lenses)[number]]: { count: number; lastWeek: string | null }
  }
  for (const { lens, count, lastWeek } of known) if (lens in by) by[lens as keyof typeof by] = { count, lastWeek }
  return by
}
