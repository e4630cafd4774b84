// Decides how a student's words are kept: one reply to a question, in parts, every change a version, then passed on to be read.
// Refuses to know how the words came (a form, a message, an edit) and who reads them when.

import { lockPerson } from "../../db/queries/people.ts"
import { changeReply, type Held, heldLoose, heldTo, nothingToRead, type ReplyRow, writeReply } from "../../db/queries/reflection.ts"
import type { OccurrenceRow } from "../../db/queries/reflection-occurrence.ts"
import { nextVersion, replyWords, writePart } from "../../db/queries/reflection-words.ts"
import { record } from "../access/record.ts"
import type { Hot, Turn } from "../deps.ts"
import { keepAnswer } from "../engagement/keep.ts"
import { assignReading, type FirstReader, readingDue } from "../outreach/assign.ts"
import { atLocal, localDate, mondayOf } from "../scheduling/zone.ts"
import type { Question } from "../words/prompts.ts"

/** `form` and `form_second` are the answers to the first and the second question; a message's part is its id. */
export type Written = {
  occurrence: OccurrenceRow | null
  /** What was there before, as `holdSpot` found it. */
  held: Held | null
  /** The week it counts for; null: the occurrence's, or this one. */
  week: string | null
  part: string
  words: string | null
  question: Question | null
  mood: number | null
  wants: "no" | "mentor" | "someone" | null
}

/**
 * `first`: the reply is new; `changed`: it says something that it did not say before. Read by `readBy`, or it goes on to the next adult; null where
 * that was said before.
 */
export type Kept = { replyId: string; first: boolean; changed: boolean; readBy: Date | null }

/** Who wrote, and who reads it. */
type Author = { student: { id: string; siteId: string; zone: string }; readers: FirstReader }

/** What is there already where these words belong; from here on nobody else writes for this student. */
export async function holdSpot(turn: Turn, student: Author["student"], occurrenceId: string | null, part: string): Promise<Held | null> {
  const { tx, now } = turn
  const midnight = () => atLocal(localDate(now, student.zone), "00:00", student.zone)
  const [, held] = await Promise.all([
    lockPerson(tx, student.id),
    occurrenceId === null ? heldLoose(tx, student.id, part, midnight()) : heldTo(tx, occurrenceId, part),
  ])
  return held
}

/**
 * Call it with the student locked and what was there then; nothing of what it writes waits for another's answer. `by`: what writes it, which may be
 * the commit where nothing reads it again.
 */
export async function keepReply(turn: Turn, { student, readers }: Author, written: Written, by: Hot = turn.tx): Promise<Kept> {
  const { now, schoolId, deps } = turn
  const { occurrence, held, part, words } = written
  const further = held !== null && occurrence?.state === "answered" && written.question === null && written.mood === null && written.wants === null
  const waits = listed(held, readers)
  const readBy = further && waits ? null : await readingDue(turn, student.siteId, now, occurrence?.opensAt ?? null)
  const replyId = held?.id ?? deps.ids()
  const next = words === null ? null : nextVersion(deps.words, { schoolId, replyId, part }, held ?? { version: 0, sealed: null }, words)
  const reply = {
    ...{ schoolId, id: replyId, studentId: student.id, occurrenceId: occurrence?.id ?? null },
    ...{ promptId: written.question?.id ?? null, lens: written.question?.lens ?? null, mood: written.mood, wants: written.wants, now },
    part: next && { name: part, ...next },
    further,
  }
  const writing = { ...turn, tx: by }
  await Promise.all([
    writeReply(by, reply),
    next && readBy && !waits && assignReading(writing, { replyId, studentId: student.id, readers, dueAt: readBy, again: true }),
    counted(occurrence, now) || keepAnswer(writing, student.id, written.week ?? occurrence?.week ?? mondayOf(localDate(now, student.zone)), "a", now),
    record(writing, held ? "reply_changed" : "reply", student.id, { reply: replyId }),
  ])
  return { replyId, first: !held, changed: next !== null, readBy }
}

/** Somebody is to read it already, and nobody is left out who might be the one. */
const listed = (held: Held | null, { leftOut }: FirstReader): boolean => held?.waits === true && leftOut.length === 0

const countedForMs = 3_600_000

/** The student's week and the alerts about them had this answer just now: a further message of the hour says nothing new to them. */
const counted = (occurrence: OccurrenceRow | null, now: Date): boolean =>
  occurrence?.state === "answered" && occurrence.answeredAt !== null && now.getTime() - occurrence.answeredAt.getTime() < countedForMs

/** A message that was kept before, in new words; null takes it back. */
export async function changePart(turn: Turn, { student, readers }: Author, reply: ReplyRow, part: string, words: string | null): Promise<Kept> {
  const { tx, now, schoolId } = turn
  await lockPerson(tx, student.id)
  const changed = await writePart(tx, turn.deps.words, { schoolId, replyId: reply.id, part, now }, words)
  await changeReply(tx, reply.id, { promptId: null, lens: null, mood: null, wants: null, now })
  const left = (await replyWords(tx, turn.deps.words, schoolId, [reply.id])).get(reply.id) ?? []
  const empty = left.every((one) => one.words === null)
  if (empty) await nothingToRead(tx, reply.id)
  const readBy = await readingDue(turn, student.siteId, now, null)
  if (changed && words !== null && !empty)
    await assignReading(turn, { replyId: reply.id, studentId: student.id, readers, dueAt: readBy, again: true })
  if (changed) await record(turn, words === null ? "reply_taken_back" : "reply_changed", student.id, { reply: reply.id })
  return { replyId: reply.id, first: false, changed, readBy }
}
