// Decides how a student's words are kept: one reply to a question, in parts, every change a version, then passed on to be read.
// Refuses to know how the words came (a form, a message, an edit) and who reads them when.

import { changeReply, heldLoose, heldTo, insertReply, nothingToRead, type ReplyRow } from "../../db/queries/reflection.ts"
import { type OccurrenceRow, settleOccurrence } from "../../db/queries/reflection-occurrence.ts"
import { lockStudent } from "../../db/queries/reflection-student.ts"
import { replyWords, saysAlready, writePart, writeVersion } from "../../db/queries/reflection-words.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { keepAnswer } from "../engagement/keep.ts"
import { assignReading, type FirstReader, readingDue } from "../outreach/assign.ts"
import { atLocal, localDate, mondayOf } from "../scheduling/zone.ts"
import type { Question } from "../words/prompts.ts"

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

/** Who wrote, and who reads it. */
type Author = { student: { id: string; siteId: string; zone: string }; readers: FirstReader }

/** Two rounds with the database: what is there, and what is to be there; nothing within a round waits for another's answer. */
export async function keepReply(turn: Turn, { student, readers }: Author, written: Written): Promise<Kept> {
  const { tx, now, schoolId, deps } = turn
  const { occurrence, part, words } = written
  const [, held, readBy] = await Promise.all([
    lockStudent(tx, student.id),
    occurrence ? heldTo(tx, occurrence.id, part) : heldLoose(tx, student.id, part, atLocal(localDate(now, student.zone), "00:00", student.zone)),
    readingDue(turn, student.siteId, now),
  ])
  const replyId = held?.id ?? deps.ids()
  const at = { schoolId, replyId, part, now }
  const last = held ?? { version: 0, sealed: null }
  const changed = words !== null && !saysAlready(deps.words, at, last, words)
  const change = {
    ...{ promptId: written.question?.id ?? null, lens: written.question?.lens ?? null },
    ...{ mood: written.mood, wants: written.wants, now },
  }
  const [isThere] = await Promise.all([
    held
      ? changeReply(tx, replyId, change).then(() => true)
      : insertReply(tx, { schoolId, id: replyId, studentId: student.id, occurrenceId: occurrence?.id ?? null, ...change }),
    changed && writeVersion(tx, deps.words, at, last.version + 1, words),
    occurrence && occurrence.state !== "answered" && settleOccurrence(tx, occurrence.id, "answered", now),
    changed && assignReading(turn, { replyId, studentId: student.id, readers, dueAt: readBy, again: true }),
    keepAnswer(turn, student.id, written.week ?? occurrence?.week ?? mondayOf(localDate(now, student.zone)), "a", now),
    record(turn, held ? "reply_changed" : "reply", student.id, { reply: replyId }),
  ])
  if (!isThere) throw new Error("A reply came to be while its student was locked.")
  return { replyId, first: !held, changed, readBy }
}

/** A message that was kept before, in new words; null takes it back. */
export async function changePart(turn: Turn, { student, readers }: Author, reply: ReplyRow, part: string, words: string | null): Promise<Kept> {
  const { tx, now, schoolId } = turn
  await lockStudent(tx, student.id)
  const changed = await writePart(tx, turn.deps.words, { schoolId, replyId: reply.id, part, now }, words)
  await changeReply(tx, reply.id, { promptId: null, lens: null, mood: null, wants: null, now })
  const left = (await replyWords(tx, turn.deps.words, schoolId, [reply.id])).get(reply.id) ?? []
  const empty = left.every((one) => one.words === null)
  if (empty) await nothingToRead(tx, reply.id)
  const readBy = await readingDue(turn, student.siteId, now)
  if (changed && words !== null && !empty)
    await assignReading(turn, { replyId: reply.id, studentId: student.id, readers, dueAt: readBy, again: true })
  if (changed) await record(turn, words === null ? "reply_taken_back" : "reply_changed", student.id, { reply: reply.id })
  return { replyId: reply.id, first: false, changed, readBy }
}
