// Decides what a student hears back: who read them, the line that was written, and what became of asking for a person.
// Refuses to hold these back for a pause or a stop: they answer what the student wrote.
import type { PersonCard } from "../../db/queries/people.ts"
import { type RepliedRow, repliedById } from "../../db/queries/reflection.ts"
import { reachOutNews } from "../../db/queries/reflection-student.ts"
import { ownCalendar } from "../../db/queries/school.ts"
import type { Composed, Due, Letter, Scene } from "../deps.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, message, quote } from "../platform/message.ts"
import { hoursOf } from "../roster/settings.ts"
import { nextAllowed } from "../scheduling/hours.ts"
import { showSafely } from "../words/clean.ts"
import { dayAt, type Place } from "./days.ts"
import { say } from "./phrases.ts"
import { languageFor } from "./prompt-letter.ts"
import { line as sentence } from "./prompt-message.ts"
import { counsellorNames, readersOf } from "./readers.ts"

type Held = Exclude<Composed, { kind: "message" }>

/** Null where it may be said now. */
async function held(scene: Scene, due: Due, recipient: PersonCard): Promise<Held | null> {
  if (recipient.consent === "none") return { kind: "drop", why: "consent" }
  const sendAt = nextAllowed(scene.now, await ownCalendar(scene.tx, recipient), hoursOf(scene.settings), "students")
  if (sendAt >= due.expiresAt) return { kind: "drop", why: "too_late" }
  return sendAt > scene.now ? { kind: "later", dueAt: sendAt } : null
}

const gone: Composed = { kind: "drop", why: "gone" }

/** The adult's line, as they wrote it. Null where there is none. */
export function lineOf(scene: Scene, reply: RepliedRow): string | null {
  if (reply.line === null) return null
  return showSafely(scene.deps.words.open(scene.schoolId, reply.id, reply.lineVersion, reply.line))
}

const lineQuote = (words: string, by: string): Block => quote(cut(words, limits.quote), by)

const placeOf = async (scene: Scene, recipient: PersonCard): Promise<Place> => ({
  now: scene.now,
  zone: recipient.ownZone,
  language: await languageFor(scene, recipient),
})

export const readReceipt: Letter = async (scene, due, recipient) => {
  const hold = await held(scene, due, recipient)
  if (hold) return hold
  const reply = due.subjectId === null ? null : await repliedById(scene.tx, recipient.id, due.subjectId)
  if (!reply || reply.readAt === null || reply.readByName === null) return gone
  const words = lineOf(scene, reply)
  if (recipient.stoppedAt !== null && words === null && reply.createdAt < recipient.stoppedAt) return { kind: "drop", why: "stopped" }
  const place = await placeOf(scene, recipient)
  const { language } = place
  const adult = reply.readByName
  const read = { adult, day: dayAt(reply.createdAt, place) }
  return {
    kind: "message",
    message: message(cut(say(language, "receipt", read), limits.summary), [
      sentence(language, "receipt", read),
      ...(words === null ? [] : [sentence(language, "lineFrom", { adult }), lineQuote(words, adult)]),
    ]),
  }
}

export const line: Letter = async (scene, due, recipient) => {
  const hold = await held(scene, due, recipient)
  if (hold) return hold
  const reply = due.subjectId === null ? null : await repliedById(scene.tx, recipient.id, due.subjectId)
  const words = reply && lineOf(scene, reply)
  if (!reply || !words || reply.lineBy === null) return gone
  if (typeof due.detail.version === "number" && due.detail.version < reply.lineVersion) return { kind: "drop", why: "newer" }
  const place = await placeOf(scene, recipient)
  const { language } = place
  const adult = reply.lineBy
  return {
    kind: "message",
    message: message(cut(say(language, "lineSummary", { adult }), limits.summary), [
      sentence(language, "receipt", { adult, day: dayAt(reply.createdAt, place) }),
      sentence(language, "lineFrom", { adult }),
      lineQuote(words, adult),
    ]),
  }
}

export const reachOutNewsLetter: Letter = async (scene, due, recipient) => {
  const hold = await held(scene, due, recipient)
  if (hold) return hold
  const asked = due.subjectId === null ? null : await reachOutNews(scene.tx, due.subjectId, due.id)
  if (!asked || asked.studentId !== recipient.id) return gone
  const language = await languageFor(scene, recipient)
  const counsellors = counsellorNames(await readersOf(scene, recipient), language)
  const told = (key: "newsTaken" | "newsAnswered", name: string | null): Block => sentence(language, key, { adult: name ?? counsellors })
  const block = (): Block | null => {
    if (asked.state === "withdrawn") return null
    if (asked.state === "answered") return told("newsAnswered", asked.answeredByName)
    if (asked.told === "taken") return told("newsTaken", asked.ownerName)
    if (asked.stage !== "counsellors") return null
    return sentence(language, asked.told === "again" ? "newsAgain" : "newsCounsellors", { counsellors })
  }
  const news = block()
  return news ? { kind: "message", message: message(say(language, "newsSummary"), [news]) } : gone
}
