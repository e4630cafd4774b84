// Decides whether a prompt or its reminder is still owed at the moment it is sent, and how it opens: by remembering.
// Refuses to know how it is delivered, and who else is asked.
import type { PersonCard } from "../../db/queries/people.ts"
import { lastReplies } from "../../db/queries/reflection.ts"
import { type OccurrenceRow, occurrenceById, promptsSent } from "../../db/queries/reflection-occurrence.ts"
import { metBefore } from "../../db/queries/reflection-student.ts"
import { replyWords } from "../../db/queries/reflection-words.ts"
import { ownCalendar, schoolRow } from "../../db/queries/school.ts"
import type { Composed, Due, Letter, Scene } from "../deps.ts"
import { type Block, divider, message, quote, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { hoursOf } from "../roster/settings.ts"
import { defaultGraceHours } from "../scheduling/due.ts"
import { nextAllowed, openMinutes } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"
import { type Language, languageOf } from "../words/phrasebook.ts"
import { fill } from "../words/prompts.ts"
import { dayAt, easyDays, type Place } from "./days.ts"
import { oneThing } from "./one-thing.ts"
import { say } from "./phrases.ts"
import { firstContact, questionBlocks } from "./prompt-message.ts"
import { questionsOf } from "./questions.ts"
import { type Readers, readersOf } from "./readers.ts"

/** A student's language: their own, else the school's. */
export const languageFor = async (scene: Scene, recipient: PersonCard): Promise<Language> =>
  languageOf(recipient.language, languageOf((await schoolRow(scene.tx))?.language ?? null))

const onTimeMs = 30 * 60_000
// A reminder that leaves less than this is a reproach.
const leastHoursAfterReminder = 2

type Judged = { kind: "ask"; occurrence: OccurrenceRow; firstEver: boolean } | Exclude<Composed, { kind: "message" }>

const drop = (why: string): Judged => ({ kind: "drop", why })

/** Everything is looked at again: days may have passed since this was planned. */
async function judge(scene: Scene, due: Due, recipient: PersonCard): Promise<Judged> {
  const occurrence = due.subjectId === null ? null : await occurrenceById(scene.tx, due.subjectId)
  if (!occurrence) return drop("gone")
  if (recipient.consent === "none") return drop("consent")
  if (recipient.stoppedAt !== null) return drop("stopped")
  if (recipient.pausedUntil !== null && localDate(scene.now, recipient.zone) < recipient.pausedUntil) return drop("paused")
  if (occurrence.state !== "open") return drop(occurrence.state)
  const sent = await promptsSent(scene.tx, recipient.id, occurrence.id)
  const reminds = due.kind === "reminder"
  if (reminds && !sent.this) return drop("not_delivered")

  const calendar = await ownCalendar(scene.tx, recipient)
  const hours = hoursOf(scene.settings)
  const sendAt = nextAllowed(scene.now, calendar, hours, "students")
  if (sendAt >= occurrence.closesAt || sendAt >= due.expiresAt) return drop("too_late")
  const least = reminds ? leastHoursAfterReminder : sendAt.getTime() > due.dueAt.getTime() + onTimeMs ? defaultGraceHours : 0
  if (openMinutes(sendAt, occurrence.closesAt, calendar, hours, "students") < least * 60) return drop("too_late")
  if (sendAt > scene.now) return { kind: "later", dueAt: sendAt }
  return { kind: "ask", occurrence, firstEver: !sent.before }
}

export const prompt: Letter = async (scene, due, recipient) => {
  const judged = await judge(scene, due, recipient)
  if (judged.kind !== "ask") return judged
  const language = await languageFor(scene, recipient)
  const place: Place = { now: scene.now, zone: recipient.ownZone, language }
  const readers = await readersOf(scene, recipient)
  const pair = await questionsOf(scene, judged.occurrence, recipient, language)
  return {
    kind: "message",
    message: message(say(language, "promptSummary"), [
      ...(judged.firstEver ? await firstOpening(scene, recipient, readers, language) : await opening(scene, judged.occurrence, recipient, place)),
      ...questionBlocks(judged.occurrence, pair, recipient.shortName, readers, place),
    ]),
  }
}

/** The first words of all come once: not again where the student has met the bot before. */
async function firstOpening(scene: Scene, student: PersonCard, readers: Readers, language: Language): Promise<Block[]> {
  const { told } = await metBefore(scene.tx, student.id)
  return [...(told ? [] : [...firstContact(student.shortName, readers, language), divider]), text(strong(say(language, "firstAsk")))]
}

export const reminder: Letter = async (scene, due, recipient) => {
  const judged = await judge(scene, due, recipient)
  if (judged.kind !== "ask") return judged
  const { occurrence } = judged
  const language = await languageFor(scene, recipient)
  const place: Place = { now: scene.now, zone: recipient.ownZone, language }
  const nudge = scene.deps.prompts.nudge("reminder", language, occurrence.id)
  const words = easyDays(fill(nudge.text, { name: recipient.shortName, day: dayAt(occurrence.closesAt, place) }), language)
  const pair = await questionsOf(scene, occurrence, recipient, language)
  return {
    kind: "message",
    message: message(say(language, "reminderSummary"), [
      text(plain(words)),
      ...questionBlocks(occurrence, pair, recipient.shortName, await readersOf(scene, recipient), place),
    ]),
  }
}

/** Who read the last answer and one thing from it; honest words where nobody has; a plain opening where there was none. */
async function opening(scene: Scene, occurrence: OccurrenceRow, student: PersonCard, place: Place): Promise<Block[]> {
  const { prompts, words } = scene.deps
  const { language } = place
  const name = student.shortName
  const nudge = (kind: Parameters<typeof prompts.nudge>[0], vars: Readonly<Record<string, string>>): Block =>
    text(plain(easyDays(fill(prompts.nudge(kind, language, occurrence.id).text, vars), language)))
  const [last] = await lastReplies(scene.tx, student.id, occurrence.opensAt, 1)
  if (!last) return [nudge("opening", { name })]
  const day = dayAt(last.createdAt, place)
  if (last.readAt === null || last.readByName === null) return [last.readBefore ? nudge("opening", { name }) : nudge("opening_unread", { name, day })]

  const parts = (await replyWords(scene.tx, words, scene.schoolId, [last.id])).get(last.id) ?? []
  const thing = oneThing(parts.flatMap((part) => part.words ?? []).join("\n"), language)
  const adult = last.readByName
  if (thing === null) return [text(plain(say(language, "remembered", { adult, day })))]
  return [nudge("opening_remember", { name, adult, day }), quote(thing)]
}
