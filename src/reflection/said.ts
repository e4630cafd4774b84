// Decides where words that a student simply typed belong: to the question they were shown, or to nobody's question and still to their adult.
// Refuses to judge them; the screen has seen them before.

import { lockPerson } from "../../db/queries/people.ts"
import { type Held, replyWithPart } from "../../db/queries/reflection.ts"
import { occurrenceOfMessage, spotNow } from "../../db/queries/reflection-occurrence.ts"
import type { Hot, Said, Turn } from "../deps.ts"
import { type Answer, quiet } from "../platform/answer.ts"
import { cleanText } from "../words/clean.ts"
import { changePart, holdSpot, keepReply } from "./keep-reply.ts"
import { shownNow } from "./next-prompt.ts"
import { say } from "./phrases.ts"
import { saved, type Where } from "./saved.ts"
import { isBlank, mayMeanStop } from "./short.ts"
import { isOpen, studentHere, studentsOnly, told } from "./student-here.ts"

type Spoken = Pick<Said, "messageId" | "text" | "inReplyTo">

/** Asks what `said` will ask of this student, as far as that is known before anything else is. */
export function foreseeSaid(tx: Hot, studentId: string, { messageId, inReplyTo }: Spoken, now: Date): void {
  void lockPerson(tx, studentId)
  if (inReplyTo === undefined) void spotNow(tx, studentId, messageId, now)
}

export async function said(turn: Turn, event: Spoken): Promise<Answer> {
  const words = cleanText(event.text)
  const part = event.messageId
  // Locked first: what is read behind the lock is what nobody else is changing.
  const locked = lockPerson(turn.tx, turn.actor.personId)
  const [here, spot] = await Promise.all([studentHere(turn), belongsTo(turn, event), locked])
  if (!here) return studentsOnly(turn)
  if (isBlank(words)) return told([say(here.place.language, "nothingSaid")])
  const { where } = spot
  const occurrence = where.kind === "open" ? where.occurrence : null
  const held = spot.held === undefined ? await holdSpot(turn, here.student, occurrence?.id ?? null, part) : spot.held
  const written = { occurrence, held, week: null, part, words, question: null, mood: null, wants: null }
  const kept = await keepReply(turn, here, written, turn.tx.atCommit)
  return saved(turn, here, kept, where, { stop: mayMeanStop(words) })
}

/** `held`: what is kept there already; undefined where it has not been looked for. */
type Spot = { where: Where; held: Held | null | undefined }

/** Beneath a prompt words are that prompt's, however new another one is; anywhere else they go to what is open now. */
async function belongsTo(turn: Turn, { inReplyTo, messageId }: Spoken): Promise<Spot> {
  const { platform, tenant } = turn.actor.account
  const above = inReplyTo === undefined ? null : await occurrenceOfMessage(turn.tx, turn.actor.personId, { platform, tenant, messageId: inReplyTo })
  if (above && !isOpen(turn, above)) return { where: { kind: "closed" }, held: undefined }
  if (above) return { where: { kind: "open", occurrence: above, action: "reflect_first" }, held: undefined }
  const now = await shownNow(turn, messageId)
  if (now === null) return { where: { kind: "loose" }, held: undefined }
  return { where: { kind: "open", occurrence: now.occurrence, action: "reflect_first" }, held: now.held }
}

/** An edit is a new version. One of a message that was never kept (too long, say) is kept now, as if just typed. */
export async function edited(turn: Turn, event: { messageId: string; text: string }): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return quiet
  const reply = await replyWithPart(turn.tx, here.student.id, event.messageId)
  if (!reply) return isBlank(event.text) ? quiet : said(turn, event)
  const words = cleanText(event.text)
  if (isBlank(words)) return deleted(turn, event)
  const kept = await changePart(turn, here, reply, event.messageId, words)
  return kept.changed ? told([say(here.place.language, "updated", { adult: here.adult })]) : quiet
}

/** What a student takes back is shown to nobody any more. */
export async function deleted(turn: Turn, event: { messageId: string }): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return quiet
  const reply = await replyWithPart(turn.tx, here.student.id, event.messageId)
  if (!reply) return quiet
  const kept = await changePart(turn, here, reply, event.messageId, null)
  return kept.changed ? told([say(here.place.language, "takenBack", { adult: here.adult })]) : quiet
}
