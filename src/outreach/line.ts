// Decides that one line in reply reaches the student under the name of who read them: with the receipt, or as a message of its own.
// Refuses to judge the words.
import { keepLine, lockReading, type ReadingRow, readingById, receiptLeft } from "../../db/queries/outreach-reading.ts"
import { type PersonCard, personById } from "../../db/queries/people.ts"
import { calendarOf } from "../../db/queries/school.ts"
import { record } from "../access/record.ts"
import { owe } from "../delivery/owe.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type FieldErrors, type Form, form, refill, type Values } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import { quote, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { hoursOf } from "../roster/settings.ts"
import { never, nextAllowed } from "../scheduling/hours.ts"
import { cleanText, showSafely } from "../words/clean.ts"
import { type Language, languageOf } from "../words/phrasebook.ts"
import { fill } from "../words/prompts.ts"
import { done, told } from "./allowed.ts"
import { logContact } from "./contacts.ts"
import { keptUntil } from "./held.ts"
import { moment } from "./moments.ts"
import { say } from "./phrases.ts"
import { markAsRead, nextAfter, readable, refuseReading } from "./read.ts"

/** More than this is no line any more: it asks for a talk. */
const lineMax = 1_000

export async function openLine(turn: Turn, press: Press): Promise<Answer> {
  const row = await readable(turn, press.target)
  const student = row && (await personById(turn.tx, row.studentId))
  if (!row || !student) return refuseReading(turn, press.target)
  return (await readByAnother(turn, row)) ?? ask(lineForm(turn, row, student))
}

/** Only who read it may write under their name. */
async function readByAnother(turn: Turn, row: ReadingRow): Promise<Answer | null> {
  if (row.readBy === null || row.readBy === turn.actor.personId) return null
  const adult = await personById(turn.tx, row.readBy)
  return answer(told(turn.actor.language, say(turn.actor.language, "lineOthers", { adult: adult?.name ?? "" })))
}

function lineForm(turn: Turn, row: ReadingRow, student: PersonCard): Form {
  const { language } = turn.actor
  const held = row.line === null ? null : turn.deps.words.open(turn.schoolId, row.replyId, row.lineVersion, row.line)
  const options = turn.deps.prompts.starters(language).map(({ id, text: words }) => ({
    value: id,
    label: cut(fill(words, { student: student.shortName }), limits.optionLabel),
  }))
  return form({
    action: "reading_line",
    id: row.replyId,
    title: say(language, "lineTitle"),
    submit: say(language, "lineSubmit"),
    intro: [plain(say(language, "lineIntro", { student: student.name }))],
    fields: [
      { kind: "one_of", name: "starter", label: say(language, "lineStarter"), hint: starterHint(student, language), optional: true, options },
      {
        ...{ kind: "paragraph", name: "words", label: say(language, "lineWords"), hint: say(language, "lineWordsHint"), optional: true },
        max: lineMax,
        ...(held === null ? {} : { initial: held }),
      },
    ],
  })
}

/** Where the two speak different languages, the adult hears in which one a starter goes out. */
function starterHint(student: PersonCard, language: Language): string {
  const theirs = languageOf(student.language)
  const hint = say(language, "lineStarterHint")
  if (theirs === language) return hint
  const name = new Intl.DisplayNames(language, { type: "language" }).of(theirs) ?? theirs
  return cut(`${say(language, "lineStarterIn", { student: showSafely(student.shortName), language: name })} ${hint}`, limits.formLabel)
}

/** Words win over a starter. A starter goes out in the student's language, as the school's writers put it. */
function lineFrom(turn: Turn, student: PersonCard, values: Values): { words: string } | { errors: FieldErrors } {
  const { language } = turn.actor
  const typed = cleanText(values.words ?? "").trim()
  if (typed.length > lineMax) return { errors: { words: say(language, "lineLong", { count: typed.length, max: lineMax }) } }
  if (typed !== "") return { words: typed }
  if (values.starter === undefined) return { errors: { words: say(language, "lineEmpty") } }
  const starter = turn.deps.prompts.starters(languageOf(student.language)).find(({ id }) => id === values.starter)
  return starter ? { words: fill(starter.text, { student: student.shortName }) } : { errors: { starter: say(language, "pickOne") } }
}

export async function submitLine(turn: Turn, submission: Submission): Promise<Answer> {
  const { tx, now, deps, schoolId, actor } = turn
  if (!(await readable(turn, submission.target))) return refuseReading(turn, submission.target)
  await lockReading(tx, submission.target)
  const row = await readingById(tx, submission.target, turn.actor.personId)
  const student = row && (await personById(tx, row.studentId))
  if (!row || !student) return refuseReading(turn, submission.target)
  const others = await readByAnother(turn, row)
  if (others) return others
  const line = lineFrom(turn, student, submission.values)
  if ("errors" in line) return ask(refill(lineForm(turn, row, student), submission.values), line.errors)

  const first = await markAsRead(turn, row)
  const version = row.lineVersion + 1
  await keepLine(tx, row.replyId, version, deps.words.seal(schoolId, row.replyId, version, line.words), now)
  const seenAt = await sendLine(turn, row, student, version)
  await record(turn, "line_sent", student.id, { replyId: row.replyId, version })
  await logContact(turn, { studentId: student.id, adultId: actor.personId, kind: "reply", source: `line:${row.replyId}`, at: now })
  const sentence = onItsWay(turn, student, seenAt)
  const shown = quote(cut(showSafely(line.words), limits.quote), actor.name)
  return first ? replace(await nextAfter(turn, row, [text(plain(sentence)), shown])) : answer(done(actor.language, sentence, shown))
}

/** With the receipt while that has not left; else as a message of its own. Returns when the student sees it. */
async function sendLine(turn: Turn, row: ReadingRow, student: PersonCard, version: number): Promise<Date> {
  const { tx, now, settings } = turn
  const dueAt = nextAllowed(now, await calendarOf(tx, student.siteId), hoursOf(settings), "students")
  if (await receiptLeft(tx, row.replyId)) {
    const dedupeKey = `line:${row.replyId}:${version}`
    const detail = { version }
    await owe(turn, { kind: "line", dedupeKey, personId: student.id, subjectId: row.replyId, detail, dueAt, expiresAt: keptUntil(dueAt) })
  }
  return dueAt
}

function onItsWay(turn: Turn, student: PersonCard, seenAt: Date): string {
  const { language, zone } = turn.actor
  if (seenAt <= turn.now) return say(language, "lineSent", { student: student.name })
  if (seenAt >= never) return say(language, "lineKept", { student: student.name })
  return say(language, "lineHeld", { student: student.name, ...moment(seenAt, zone, language) })
}
