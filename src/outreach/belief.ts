// Decides when a student is asked, once a term and under an answer of theirs, whether an adult here believes in them, and keeps what they say.
// Refuses to show it to anybody: only counts of groups leave this table.
import { askBelief, type BeliefAnswer, keepBelief, termRows } from "../../db/queries/outreach-belief.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { type Block, type Button, buttons, divider, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { say } from "./belief-phrases.ts"
import { askingWeeks, termOn } from "./belief-term.ts"
import { moment } from "./moments.ts"

const calmMs = 7 * 86_400_000

/** What stands under the answer that was just kept; nothing but in the weeks after the middle of a term, and once. */
export async function beliefAsked(turn: Turn, occurrence: { id: string; week: string }): Promise<Block[]> {
  const { tx, now, actor } = turn
  if (actor.role !== "student" || actor.consent === "none") return []
  const term = termOn(await termRows(tx), localDate(now, actor.zone))
  if (!term) return []
  const { first, last } = askingWeeks(term)
  if (occurrence.week < first || occurrence.week > last) return []
  const asked = await askBelief(tx, { occurrenceId: occurrence.id, termId: term.id, now, calmSince: new Date(now.getTime() - calmMs) })
  if (!asked) return []
  const { language } = actor
  const offered = (["yes", "unsure", "no", "skip"] as const).map(
    (one): Button => ({ action: `belief_${one}`, id: term.id, label: say(language, one) }),
  )
  return [divider, text(plain(say(language, "asked"))), note(plain(say(language, "whoSees"))), buttons(...offered)]
}

/** One's own answer, or another one instead while the week's question is open. The deed does not say which. */
export const beliefAnswered =
  (chosen: BeliefAnswer) =>
  async (turn: Turn, press: Press): Promise<Answer> => {
    const { tx, now, actor } = turn
    const { language } = actor
    const about = say(language, "about")
    if (actor.role !== "student" || actor.consent === "none") return answer(message(about, [text(plain(say(language, "studentsOnly")))]))
    const until = await keepBelief(tx, actor.personId, press.target, chosen, now)
    if (!until) return answer(message(about, [text(plain(say(language, "over")))]))
    await record(turn, "belief_answered", actor.personId)
    const sentence = say(language, chosen === "skip" ? "skipped" : "kept", moment(until, actor.card.ownZone, language))
    return answer(message(about, [text(plain(sentence))]))
  }
