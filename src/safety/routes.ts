// Decides who may see what was written and who may take it: those the ladder told, and counsellors; never an adult who is left out.
// Refuses to tell "not yours" from "not there".
import { type SafetyRow, safetyEventById, safetyWords, takeSafetyEvent, toldOf } from "../../db/queries/safety.ts"
import { record } from "../access/record.ts"
import type { Press, Routes, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { type Block, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { formatDay, formatTime, localDate, localTime } from "../scheduling/zone.ts"
import { alertMessage, mineMessage, nameOf, takenMessage } from "./alert.ts"
import { safetyPhrase } from "./phrases.ts"
import { quotesOf } from "./quotes.ts"
import { oweStudent } from "./raise.ts"
import { oweTaken } from "./tell.ts"

/** The event where the actor may act on it today; null, on the record, where they may not or where there is none. */
async function allowed(turn: Turn, press: Press): Promise<SafetyRow | null> {
  const { tx, actor } = turn
  const event = await safetyEventById(tx, press.target)
  if (event && actor.role === "staff" && !event.skipped.includes(actor.personId)) {
    if (actor.staffRoles.includes("counsellor")) return event
    if ((await toldOf(tx, event.id)).some(({ personId }) => personId === actor.personId)) return event
  }
  await record(turn, "safety_refused", event?.studentId ?? null, { tried: press.action })
  return null
}

function refusal({ actor }: Turn): Answer {
  const sentence = safetyPhrase(actor.language, "adult_not_yours")
  return answer(message(sentence, [text(plain(sentence))]))
}

/** "Show what was written": this message, and all that joined it. */
async function show(turn: Turn, press: Press): Promise<Answer> {
  const event = await allowed(turn, press)
  if (!event) return refusal(turn)
  await record(turn, "safety_shown", event.studentId, { event: event.id })
  return replace(await alertMessage(turn, event, turn.actor.language, { again: false, quotes: await quotes(turn, event) }))
}

// What is shown of one event and, shared out, of those that joined it: blocks and characters are few.
const shownMost = 8
const charactersMost = 8_000

async function quotes(turn: Turn, event: SafetyRow): Promise<Block[]> {
  const { tx, deps, schoolId, actor } = turn
  const { language, zone } = actor
  const all = await safetyWords(tx, deps.words, schoolId, event)
  const written = all.length <= shownMost ? all : [...all.slice(0, 1), ...all.slice(1 - shownMost)]
  const by = await nameOf(turn, event, language)
  return written.flatMap(({ at, words }) => {
    const when = { day: formatDay(localDate(at, zone), language), time: formatTime(localTime(at, zone), language) }
    const head = note(plain(safetyPhrase(language, "adult_shown", when)))
    if (words === null) return [head, note(plain(safetyPhrase(language, "adult_unreadable", { student: by })))]
    return [head, ...quotesOf(words, by, language, Math.floor(charactersMost / written.length))]
  })
}

/** "I have it": the first has it, and everybody who was told hears so, the student first. */
async function take(turn: Turn, press: Press): Promise<Answer> {
  const { tx, actor, now } = turn
  const event = await allowed(turn, press)
  if (!event) return refusal(turn)
  const first = event.state === "open" && (await takeSafetyEvent(tx, event, actor.personId, now))
  const after = (await safetyEventById(tx, event.id)) ?? event
  if (!first) return replace(await (after.takenBy === actor.personId ? mineMessage : takenMessage)(turn, after, actor.language))
  await record(turn, "safety_taken", event.studentId, { event: event.id })
  await oweStudent(turn, event, event.id, "taken")
  const others = (await toldOf(tx, event.id)).filter(({ personId, heard }) => heard && personId !== actor.personId)
  await oweTaken(
    turn,
    event.id,
    others.map(({ personId }) => personId),
  )
  return replace(await mineMessage(turn, after, actor.language))
}

export const routes: Routes = { pressed: { safety_show: show, safety_taken: take } }
