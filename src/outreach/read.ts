// Decides who may read an answer and that the first one to read it is who the student hears of: one tap marks one read.
// Refuses to know what a line in reply says; `line.ts` does.
import { lockReading, markRead, type ReadingRow, readingById, readSince, type Waiting } from "../../db/queries/outreach-reading.ts"
import { personById } from "../../db/queries/people.ts"
import { replyWords } from "../../db/queries/reflection-words.ts"
import { calendarOf } from "../../db/queries/school.ts"
import { record } from "../access/record.ts"
import { owe } from "../delivery/owe.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { type Block, buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { hoursOf } from "../roster/settings.ts"
import { nextAllowed } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import { allowed, isCounsellor, refuse, told } from "./allowed.ts"
import { headBlocks, tapBlocks, wordBlocks } from "./answer-view.ts"
import { keptUntil } from "./held.ts"
import { say } from "./phrases.ts"
import { type Reader, readButton, waitingList } from "./waiting.ts"

/** The reply, where the actor may read it; null where they may not, or there is none. */
export async function readable(turn: Turn, replyId: string): Promise<ReadingRow | null> {
  const row = isId(replyId) ? await readingById(turn.tx, replyId, turn.actor.personId) : null
  const may = row && (await allowed(turn, row.studentId, "read_words"))
  if (!row || !may) return null
  return may.since === null || localDate(row.createdAt, row.zone) >= may.since ? row : null
}

export const refuseReading = async (turn: Turn, replyId: string): Promise<Answer> => {
  const row = isId(replyId) ? await readingById(turn.tx, replyId, turn.actor.personId) : null
  return refuse(turn, "words", row?.studentId ?? null, "notOnYourList")
}

const reader = (turn: Turn): Reader => ({ id: turn.actor.personId, counsellor: isCounsellor(turn), zone: turn.actor.zone })

/** Opens the list: at the first unread answer, or the first of the student that `target` names. */
export async function readingOpen(turn: Turn, press: Press): Promise<Answer> {
  const opened = await firstUnread(turn, press.target)
  return opened ? replace(opened) : refuse(turn, "reading", null, "staffOnly")
}

/** The same in a message of its own: the one that was pressed holds names or alerts as well, and stays. */
export async function readingApart(turn: Turn, press: Press): Promise<Answer> {
  const opened = await firstUnread(turn, press.target)
  return opened ? answer(opened) : refuse(turn, "reading", null, "staffOnly")
}

/** Null for everybody but staff. */
async function firstUnread(turn: Turn, studentId: string): Promise<Message | null> {
  if (turn.actor.role !== "staff") return null
  const list = await waitingList(turn, reader(turn))
  const row = list.find((one) => one.studentId === studentId) ?? list[0]
  return row ? view(turn, list, row) : told(turn.actor.language, say(turn.actor.language, "nothingWaiting"))
}

/** Marks one read and shows the next. */
export async function readingRead(turn: Turn, press: Press): Promise<Answer> {
  const row = await readable(turn, press.target)
  if (!row) return refuseReading(turn, press.target)
  await lockReading(turn.tx, row.replyId)
  const now = await readingById(turn.tx, row.replyId, turn.actor.personId)
  const before = now?.readBy ?? null
  if (before === null) await markAsRead(turn, row)
  return replace(await nextAfter(turn, row, await readByOther(turn, before)))
}

/** Leaves one for later and shows the next. */
export async function readingLater(turn: Turn, press: Press): Promise<Answer> {
  const row = await readable(turn, press.target)
  return row ? replace(await nextAfter(turn, row)) : refuseReading(turn, press.target)
}

/** The first reader: on the record, and owed to the student. True where it was the first. Call it with the reading locked. */
export async function markAsRead(turn: Turn, row: ReadingRow): Promise<boolean> {
  const { tx, now, actor, settings } = turn
  if (!(await markRead(tx, row.replyId, actor.personId, now))) return false
  await record(turn, "answer_read", row.studentId, { replyId: row.replyId })
  const student = await personById(tx, row.studentId)
  if (!student) return true
  const dueAt = nextAllowed(now, await calendarOf(tx, student.siteId), hoursOf(settings), "students")
  const key = `read:${row.replyId}`
  await owe(turn, { kind: "read_receipt", dedupeKey: key, personId: student.id, subjectId: row.replyId, dueAt, expiresAt: keptUntil(dueAt) })
  return true
}

async function readByOther(turn: Turn, readBy: string | null): Promise<Block[]> {
  if (readBy === null || readBy === turn.actor.personId) return []
  const adult = await personById(turn.tx, readBy)
  return adult ? [note(plain(say(turn.actor.language, "alreadyReadBy", { adult: adult.name })))] : []
}

const sittingMs = 30 * 60_000

/** What follows an answer: the next one, or how the list stands. `top` goes above it. */
export async function nextAfter(turn: Turn, row: ReadingRow, top: readonly Block[] = []): Promise<Message> {
  const { language } = turn.actor
  const list = await waitingList(turn, reader(turn))
  const next = list.find((one) => comesAfter(one, row))
  if (next) return view(turn, list, next, top)
  const done = await readSince(turn.tx, turn.actor.personId, new Date(turn.now.getTime() - sittingMs))
  const end = list.length > 0 ? say(language, "stillWaiting", { count: list.length }) : say(language, "allRead", { count: done })
  return message(end, [...top, text(plain(end)), ...(list.length > 0 ? [readButton(language)] : [])])
}

const comesAfter = (one: ReadingRow, other: ReadingRow): boolean =>
  one.createdAt > other.createdAt || (one.createdAt.getTime() === other.createdAt.getTime() && one.replyId > other.replyId)

/** One answer, its words shown: on the record. */
async function view(turn: Turn, list: readonly Waiting[], row: Waiting, top: readonly Block[] = []): Promise<Message> {
  const { tx, deps, schoolId, actor } = turn
  const { language } = actor
  await record(turn, "words_viewed", row.studentId, { replyId: row.replyId })
  const words = (await replyWords(tx, deps.words, schoolId, [row.replyId])).get(row.replyId) ?? []
  const done = await readSince(tx, actor.personId, new Date(turn.now.getTime() - sittingMs))
  const place = { number: done + 1, total: done + list.length }
  const last = !list.some((one) => comesAfter(one, row))
  return message(say(language, "readingSummary", place), [
    ...top,
    note(plain(say(language, "readingProgress", place))),
    ...headBlocks(row, deps.prompts, language),
    ...wordBlocks(words, row.studentName, language),
    ...tapBlocks(row, language),
    ...whyHere(turn, row),
    buttons(
      { action: "reading_read", id: row.replyId, label: say(language, last ? "readLast" : "readNext"), style: "primary" },
      { action: "reading_line", id: row.replyId, label: say(language, "replyLine"), form: true },
      { action: "reading_later", id: row.replyId, label: say(language, "later") },
    ),
  ])
}

function whyHere(turn: Turn, row: Waiting): Block[] {
  const { language } = turn.actor
  if (row.stage === "counsellors") return [note(plain(say(language, "onList")))]
  return row.stage === "second" && row.ownerId === turn.actor.personId ? [note(plain(say(language, "passedOn")))] : []
}
