// Decides what the room's owed messages say when their time comes: resources and news to a student, alerts to adults.
// Refuses to hold any of them for the hour; what somebody has in hand is not asked of others any more.
import { type SafetyRow, safetyEventById } from "../../db/queries/safety.ts"
import type { Composed, Due, Letter, Scene } from "../deps.ts"
import { message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { type Language, languageOf } from "../words/phrasebook.ts"
import { alertMessage, takenMessage, takerOf } from "./alert.ts"
import { safetyPhrase } from "./phrases.ts"
import { resourcesFor, studentTaken } from "./words.ts"

const drop = (why: string): Composed => ({ kind: "drop", why })

const eventOf = (scene: Scene, due: Due): Promise<SafetyRow | null> =>
  due.subjectId === null ? Promise.resolve(null) : safetyEventById(scene.tx, due.subjectId)

const resourcesMessage = (language: Language) =>
  message(
    safetyPhrase(language, "student_summary"),
    [plain(safetyPhrase(language, "student_keep")), ...resourcesFor("US", language), plain(safetyPhrase(language, "student_write_on"))].map(text),
  )

const resources: Letter = async (scene, due, recipient) => {
  const language = languageOf(recipient.language)
  const event = await eventOf(scene, due)
  if (!event || event.studentId !== recipient.id) return drop("gone")
  if (due.detail.what !== "taken") return { kind: "message", message: resourcesMessage(language) }
  if (event.takenBy === null) return drop("not_taken")
  const words = studentTaken(language, await takerOf(scene, event))
  return { kind: "message", message: message(safetyPhrase(language, "student_summary_taken"), [text(words)]) }
}

const alert: Letter = async (scene, due, recipient) => {
  const language = languageOf(recipient.language)
  const event = await eventOf(scene, due)
  if (!event || recipient.role !== "staff") return drop("gone")
  if (event.skipped.includes(recipient.id)) return drop("left_out")
  if (due.detail.what === "taken") return { kind: "message", message: await takenMessage(scene, event, language) }
  if (event.state !== "open") return drop("taken")
  return { kind: "message", message: await alertMessage(scene, event, language, { again: due.detail.again === true, quotes: [] }) }
}

export const letters = { safety_resources: resources, safety_alert: alert } as const
