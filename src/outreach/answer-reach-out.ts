// Decides who has a student's wish to talk, and when it is answered. The student hears each step, and who.
// Refuses to know what they talked about.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { closeReachOut, lockReachOut, type ReachOutRow, reachOutById, takeReachOut, wasOwed } from "../../db/queries/outreach-reach-out.ts"
import { personById, standingOf } from "../../db/queries/people.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { type Button, buttons } from "../platform/message.ts"
import { localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { done, refuse, told } from "./allowed.ts"
import { logContact } from "./contacts.ts"
import { say } from "./phrases.ts"
import { newsKey, tellStudent, timesFor } from "./reach-out.ts"

export const takeButton = (id: string, language: Language): Button => ({
  action: "reach_out_taken",
  id,
  label: say(language, "reachOutTake"),
  style: "primary",
})
export const talkedButton = (id: string, language: Language): Button => ({ action: "reach_out_answered", id, label: say(language, "reachOutTalked") })

/** Theirs to answer: it was given to them, or they may act for this student today. The row is locked. */
async function mine(turn: Turn, id: string): Promise<ReachOutRow | null> {
  if (!isId(id) || turn.actor.role !== "staff") return null
  await lockReachOut(turn.tx, id)
  const one = await reachOutById(turn.tx, id)
  const student = one && (await personById(turn.tx, one.studentId))
  if (!one || !student?.active) return null
  if (one.ownerId === turn.actor.personId) return one
  const standing = await standingOf(turn.tx, turn.actor.personId, student.id, localDate(turn.now, student.zone))
  return may(turn.actor, "act", standing).allowed ? one : null
}

async function refused(turn: Turn, id: string): Promise<Answer> {
  const one = isId(id) ? await reachOutById(turn.tx, id) : null
  return refuse(turn, "reach_out", one?.studentId ?? null, "notYours")
}

async function closedBefore(turn: Turn, one: ReachOutRow): Promise<Answer> {
  if (one.state === "withdrawn")
    return replace(told(turn.actor.language, say(turn.actor.language, "reachOutWithdrawn", { student: one.studentName })))
  const adult = one.answeredBy === null ? null : await personById(turn.tx, one.answeredBy)
  return replace(told(turn.actor.language, say(turn.actor.language, "reachOutClosedBefore", { adult: adult?.name ?? "", student: one.studentName })))
}

/** "I'll reach out": it is theirs, for one school day more, once; the student hears who will come. */
export async function reachOutTaken(turn: Turn, press: Press): Promise<Answer> {
  const { tx, actor } = turn
  const { language, personId } = actor
  const one = await mine(turn, press.target)
  if (!one) return refused(turn, press.target)
  if (one.state !== "open") return closedBefore(turn, one)
  const talked = buttons(talkedButton(one.id, language))
  const news = `taken:${personId}` as const
  const takenBefore = one.ownerId !== null && (await wasOwed(tx, newsKey(one.id, `taken:${one.ownerId}`)))
  if (one.ownerId === personId && takenBefore) return replace(told(language, say(language, "reachOutHad"), talked))
  if (takenBefore || (await wasOwed(tx, newsKey(one.id, news))))
    return answer(told(language, say(language, "reachOutOthers", { adult: one.ownerName ?? say(language, "theCounsellors") })))
  const { byWhen } = await timesFor(turn, personId, actor.siteId)
  await takeReachOut(tx, one.id, personId, byWhen)
  await wakeBy(tx, turn.schoolId, "sweep", byWhen)
  await tellStudent(turn, one.id, one.studentId, news)
  await record(turn, "reach_out_taken", one.studentId, { reachOutId: one.id })
  return replace(done(language, say(language, "reachOutTaken", { student: one.studentName }), talked))
}

/** "We talked": closed, a contact, and the student can say where it is not so. */
export async function reachOutAnswered(turn: Turn, press: Press): Promise<Answer> {
  const { tx, now, actor } = turn
  const one = await mine(turn, press.target)
  if (!one) return refused(turn, press.target)
  if (!(await closeReachOut(tx, one.id, actor.personId, now))) return closedBefore(turn, one)
  const contact = { studentId: one.studentId, adultId: actor.personId, source: `reach_out:${one.id}`, at: now }
  await logContact(turn, { ...contact, kind: "chat", direction: "in" })
  await tellStudent(turn, one.id, one.studentId, "answered")
  await record(turn, "reach_out_answered", one.studentId, { reachOutId: one.id })
  return replace(done(actor.language, say(actor.language, "reachOutClosed", { student: one.studentName })))
}
