// Decides how a student's words are kept: one reply to a question, in parts, every change a version, then passed on to be read.
// Refuses to know how the words came (a form, a message, an edit) and who reads them when.

import { changeReply, insertReply, looseReply, nothingToRead, type ReplyRow, replyTo, unreadAgain } from "../../db/queries/reflection.ts"
import { type OccurrenceRow, settleOccurrence } from "../../db/queries/reflection-occurrence.ts"
import { lockStudent } from "../../db/queries/reflection-student.ts"
import { replyWords, writePart } from "../../db/queries/reflection-words.ts"
import { calendarOf } from "../../db/queries/school.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { keepAnswer } from "../engagement/keep.ts"
import { assignReading } from "../outreach/assign.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"
import { atLocal, localDate, mondayOf } from "../scheduling/zone.ts"
import type { Lens, Question } from "../words/prompts.ts"

/** `form` and `form_second` are the answers to the first and the second question; a message's part is its id. */
export type Written = {
  occurrence: OccurrenceRow | null
  /** The week it counts for; null: the occurrence's, or this one. */
  week: string | null
  part: string
  words: string | null
  question: Question | null
  mood: number | null
  wants: "no" | "mentor" | "someone" | null
}

/** `first`: the reply is new; `changed`: it says something that it did not say before. Read by `readBy`, or it goes on to the next adult. */
export type Kept = { replyId: string; first: boolean; changed: boolean; readBy: Date }

export async function keepReply(turn: Turn, student: { id: string; siteId: string; zone: string }, written: Written): Promise<Kept> {
  const { tx, now } = turn
  await lockStudent(tx, student.id)
  const { id, first } = await replyFor(turn, student, written)
  const changed = written.words !== null && (await keepPart(turn, id, written.part, written.words))
  await changeReply(tx, id, {
    promptId: written.question?.id ?? null,
    lens: written.question?.lens ?? null,
    mood: written.mood,
    wants: written.wants,
    now,
  })
  if (written.occurrence) await settleOccurrence(tx, written.occurrence.id, "answered", now)
  const readBy = await toBeRead(turn, student, id, changed)
  await keepAnswer(turn, student.id, written.week ?? written.occurrence?.week ?? mondayOf(localDate(now, student.zone)), "a", now)
  await record(turn, first ? "reply" : "reply_changed", student.id, { reply: id })
  return { replyId: id, first, changed, readBy }
}

/** A message that was kept before, in new words; null takes it back. */
export async function changePart(
  turn: Turn,
  student: { id: string; siteId: string; zone: string },
  reply: ReplyRow,
  part: string,
  words: string | null,
): Promise<Kept> {
  const { tx, now } = turn
  await lockStudent(tx, student.id)
  const changed = await keepPart(turn, reply.id, part, words)
  await changeReply(tx, reply.id, { promptId: null, lens: null, mood: null, wants: null, now })
  const left = (await replyWords(tx, turn.deps.words, turn.schoolId, [reply.id])).get(reply.id) ?? []
  const empty = left.every((one) => one.words === null)
  if (empty) await nothingToRead(tx, reply.id)
  const readBy = await toBeRead(turn, student, reply.id, changed && words !== null && !empty)
  if (changed) await record(turn, words === null ? "reply_taken_back" : "reply_changed", student.id, { reply: reply.id })
  return { replyId: reply.id, first: false, changed, readBy }
}

const keepPart = (turn: Turn, replyId: string, part: string, words: string | null): Promise<boolean> =>
  writePart(turn.tx, turn.deps.words, { schoolId: turn.schoolId, replyId, part, now: turn.now }, words)

/** One reply an occurrence. Without a question, what is written on one day and not read yet belongs together. */
async function replyFor(turn: Turn, student: { id: string; zone: string }, written: Written): Promise<{ id: string; first: boolean }> {
  const { tx, schoolId, now } = turn
  const { occurrence, question } = written
  const today = atLocal(localDate(now, student.zone), "00:00", student.zone)
  const known = occurrence ? await replyTo(tx, occurrence.id) : await looseReply(tx, student.id, today)
  if (known) return { id: known.id, first: false }
  const lens: Lens | null = question?.lens ?? null
  const id = await insertReply(tx, {
    schoolId,
    id: turn.deps.ids(),
    studentId: student.id,
    occurrenceId: occurrence?.id ?? null,
    promptId: question?.id ?? null,
    lens,
    now,
  })
  if (id !== null) return { id, first: true }
  const other = occurrence && (await replyTo(tx, occurrence.id))
  if (!other) throw new Error("A reply was neither written nor found.")
  return { id: other.id, first: false }
}

/** Passes it on, and where it had been read already, asks for it to be read once more. Says by when. */
async function toBeRead(turn: Turn, student: { id: string; siteId: string }, replyId: string, changed: boolean): Promise<Date> {
  const calendar = await calendarOf(turn.tx, student.siteId)
  const dueAt = dueAfterSchoolDays(turn.now, turn.settings["reading.school_days"], calendar, "staff", hoursOf(turn.settings).open)
  if (!changed) return dueAt
  await assignReading(turn, { replyId, studentId: student.id, at: turn.now })
  await unreadAgain(turn.tx, replyId, dueAt)
  return dueAt
}
