// Decides which of a student's last answers an adult sees on the second press: from the first day they may read on, on the record.
// Refuses to mark them read: that takes a tap of its own.
import { type ReadingRow, readingsOf } from "../../db/queries/outreach-reading.ts"
import { personById } from "../../db/queries/people.ts"
import { replyWords } from "../../db/queries/reflection-words.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { type Block, buttons, divider, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import { allowed, refuse } from "./allowed.ts"
import { headBlocks, wordBlocks } from "./answer-view.ts"
import { dayAt } from "./moments.ts"
import { say } from "./phrases.ts"

const repliesMax = 3
const room = { characters: 3_000, blocks: 8 }

export async function menteeWords(turn: Turn, press: Press): Promise<Answer> {
  const { tx, deps, schoolId, actor } = turn
  const { language } = actor
  const seen = await allowed(turn, press.target, "read_words")
  if (!seen) return refuse(turn, "words", isId(press.target) ? press.target : null)
  const { student, since } = seen
  const last = await readingsOf(tx, student.id, actor.personId, repliesMax)
  const rows = last.filter(({ createdAt, zone }) => since === null || localDate(createdAt, zone) >= since)
  await record(turn, "words_viewed", student.id, { count: rows.length })
  const words = await replyWords(
    tx,
    deps.words,
    schoolId,
    rows.map(({ replyId }) => replyId),
  )
  const title = say(language, "answersTitle", { student: student.name })
  const shown = await Promise.all(
    rows.map(
      async (row): Promise<Block[]> => [
        divider,
        ...headBlocks(row, deps.prompts, language),
        ...wordBlocks(words.get(row.replyId) ?? [], row.studentName, language, room),
        await readNote(turn, row),
      ],
    ),
  )
  const unread = rows.some(({ readAt }) => readAt === null)
  return answer(
    message(say(language, "answersSummary"), [
      text(plain(title)),
      ...(rows.length === 0 ? [note(plain(say(language, "answersNone")))] : []),
      ...(since === null ? [] : [note(plain(say(language, "answersSince", { day: formatDay(since, language) })))]),
      ...shown.flat(),
      ...(unread ? [buttons({ action: "reading_open", id: student.id, label: say(language, "readAnswers"), style: "primary" })] : []),
    ]),
  )
}

async function readNote(turn: Turn, row: ReadingRow): Promise<Block> {
  const { language, zone } = turn.actor
  if (row.readBy === null || row.readAt === null) return note(plain(say(language, "notReadYet")))
  const adult = (await personById(turn.tx, row.readBy))?.name ?? ""
  return note(plain(say(language, "readBy", { adult, day: dayAt(row.readAt, zone, language) })))
}
