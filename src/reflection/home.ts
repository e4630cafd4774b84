// Decides what a student sees of their own: this week's question, who reads, what they wrote and who read it, and how to pause or stop.
// Words only after a second press: somebody may be looking over a shoulder.

import { lastReplies, type RepliedRow, repliedById } from "../../db/queries/reflection.ts"
import { occurrenceNow, promptsSent } from "../../db/queries/reflection-occurrence.ts"
import { lastHello, metBefore } from "../../db/queries/reflection-student.ts"
import { replyWords } from "../../db/queries/reflection-words.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, divider, type Message, message, note, quote, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { fill } from "../words/prompts.ts"
import { capital, dayAt, dayName } from "./days.ts"
import { lineOf } from "./news-letters.ts"
import { nextSentence } from "./next-prompt.ts"
import { startButton } from "./pause.ts"
import { say } from "./phrases.ts"
import { firstContact, line, questionBlocks } from "./prompt-message.ts"
import { questionsOf } from "./questions.ts"
import { readerNames, standingLine } from "./readers.ts"
import { changeButton } from "./saved.ts"
import { type Here, stale, studentHere, studentsOnly } from "./student-here.ts"
import { talkButton } from "./talk-form.ts"

const listed = 5

export async function home(turn: Turn): Promise<Message> {
  const here = await studentHere(turn)
  const { language } = turn.actor
  if (!here) return message(say(language, "studentsOnly"), [line(language, "studentsOnly")])
  const names = readerNames(here.readers, language)
  const week = await thisWeek(turn, here)
  return message(say(language, "homeSummary"), [
    text(strong(say(language, "homeTitle"))),
    ...week,
    divider,
    line(language, "homeReads", { readers: names ?? say(language, "anAdult") }),
    // Where the questions stand above, so does this line.
    ...(week.some(({ kind }) => kind === "note") ? [] : [note(plain(standingLine(here.readers, language)))]),
    divider,
    ...(await written(turn, here)),
    ...(await greeted(turn, here)),
    divider,
    note(plain(say(language, "homeStop"))),
    buttons(
      talkButton(language, ""),
      ...(isResting(turn, here) ? [] : [{ action: "pause", id: "", label: say(language, "pauseButton"), form: true as const }]),
    ),
  ])
}

const isPaused = (turn: Turn, { student }: Here): boolean => student.pausedUntil !== null && localDate(turn.now, student.zone) < student.pausedUntil
const isResting = (turn: Turn, here: Here): boolean => here.student.stoppedAt !== null || isPaused(turn, here)

async function thisWeek(turn: Turn, here: Here): Promise<Block[]> {
  const { language } = here.place
  const { student } = here
  if (student.stoppedAt !== null) return [line(language, "homeStopped"), startButton(here, "startAgain")]
  const open = await occurrenceNow(turn.tx, student.id, turn.now)
  const rest =
    isPaused(turn, here) && student.pausedUntil !== null
      ? [line(language, "homePaused", { day: dayName(student.pausedUntil, here.place) }), startButton(here, "startAgain")]
      : []
  if (!open) return [...rest, text(plain(await nextSentence(turn, here, null, student.pausedUntil)))]
  if (open.state === "answered") return [...rest, line(language, "homeAnswered"), buttons(changeButton(language, open.id, "reflect_first"))]
  const sent = await promptsSent(turn.tx, student.id, open.id)
  const met = sent.before || sent.this || (await metBefore(turn.tx, student.id)).told
  const pair = await questionsOf(turn, open, student, language)
  return [
    ...rest,
    ...(met ? [] : firstContact(student.shortName, here.readers, language)),
    ...(open.state === "skipped" ? [line(language, "homeSkipped")] : []),
    ...questionBlocks(open, pair, student.shortName, here.readers, here.place),
  ]
}

async function written(turn: Turn, here: Here): Promise<Block[]> {
  const { language } = here.place
  const replies = await lastReplies(turn.tx, here.student.id, new Date(turn.now.getTime() + 1), listed)
  if (replies.length === 0) return [note(plain(say(language, "homeNothing")))]
  const show = replies.map(
    (reply): Button => ({
      action: "reflect_show",
      id: reply.id,
      label: say(language, "show", { day: dayAt(reply.createdAt, here.place) }),
    }),
  )
  return [
    text(strong(say(language, "homeLast"))),
    ...replies.map((reply) => text(plain(capital(readLine(turn, here, reply))))),
    buttons(...show.slice(0, limits.buttons)),
  ]
}

const helloShownMs = 28 * 86_400_000

/** What an adult noted about speaking with them is theirs to see, and to say otherwise. */
async function greeted(turn: Turn, { student, place }: Here): Promise<Block[]> {
  const hello = await lastHello(turn.tx, student.id, new Date(turn.now.getTime() - helloShownMs))
  if (hello === null) return []
  const key = hello.kind === "hello" || hello.kind === "hallway" ? "homeHello" : "homeTalked"
  return [line(place.language, key, { adult: showSafely(hello.adultName), day: dayAt(hello.at, place) })]
}

function readLine(turn: Turn, here: Here, reply: RepliedRow): string {
  const { language } = here.place
  const day = dayAt(reply.createdAt, here.place)
  if (reply.readAt === null || reply.readByName === null) return say(language, reply.readBefore ? "homeReadBefore" : "homeUnread", { day })
  const read = { day, adult: reply.readByName, read: dayAt(reply.readAt, here.place) }
  return say(language, lineOf(turn, reply) === null ? "homeRead" : "homeReadWithLine", read)
}

/** The second press: the student's own words, who read them and when, and the line that was written back. */
export async function show(turn: Turn, press: Press): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const reply = await repliedById(turn.tx, here.student.id, press.target)
  if (!reply) return stale(turn)
  const { language } = here.place
  const day = dayAt(reply.createdAt, here.place)
  const question = reply.promptId === null ? null : turn.deps.prompts.question(reply.promptId, language)
  const about = question ? [line(language, "shownAbout"), text(plain(fill(question.text, { name: here.student.shortName })))] : []
  const answered = lineOf(turn, reply)
  return answer(
    message(say(language, "shownSummary"), [
      ...about,
      line(language, "shownOn", { day }),
      ...(await wordsOf(turn, reply)),
      shownRead(here, reply),
      ...(answered === null || reply.lineBy === null
        ? []
        : [line(language, "lineFrom", { adult: reply.lineBy }), quote(cut(answered, limits.quote), reply.lineBy)]),
    ]),
  )
}

function shownRead(here: Here, reply: RepliedRow): Block {
  const { language } = here.place
  if (reply.readAt === null || reply.readByName === null) return line(language, reply.readBefore ? "shownReadBefore" : "shownUnread")
  return line(language, "shownRead", { adult: reply.readByName, day: dayAt(reply.readAt, here.place) })
}

// A message holds about this much; what is longer ends in a mark.
const shownChars = 15_000

async function wordsOf(turn: Turn, reply: RepliedRow): Promise<Block[]> {
  const { language } = turn.actor
  const parts = (await replyWords(turn.tx, turn.deps.words, turn.schoolId, [reply.id])).get(reply.id) ?? []
  let left = shownChars
  const blocks: Block[] = []
  for (const part of parts) {
    if (part.words === null) blocks.push(note(plain(say(language, part.unreadable ? "shownUnreadable" : "shownTakenBack"))))
    else {
      const words = cut(showSafely(part.words), Math.max(1, left))
      for (const piece of pieces(words)) blocks.push(quote(piece))
      left -= words.length
    }
    if (blocks.length >= limits.blocks - 12 || left <= 0) break
  }
  return blocks
}

/** Long words over several quotes, broken at spaces where there are any. */
export function pieces(words: string): string[] {
  const found: string[] = []
  let rest = words
  while (rest.length > limits.quote) {
    const space = rest.lastIndexOf(" ", limits.quote)
    const end = space > limits.quote / 2 ? space : limits.quote - 1
    // Never between the two halves of one sign.
    const at = /[\uD800-\uDBFF]/.test(rest[end - 1] ?? "") ? end - 1 : end
    found.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return rest === "" ? found : [...found, rest]
}
