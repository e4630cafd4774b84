// Greets a student whom the app was installed for before anybody knew who they were: the first words of all, in school hours.
// Refuses to greet whoever has been spoken with meanwhile.
import { spokenWith } from "../../db/queries/delivery-spoken.ts"
import { metBefore } from "../../db/queries/reflection-student.ts"
import { ownCalendar } from "../../db/queries/school.ts"
import type { Letter } from "../deps.ts"
import { message } from "../platform/message.ts"
import { hoursOf } from "../roster/settings.ts"
import { nextAllowed } from "../scheduling/hours.ts"
import { say } from "./phrases.ts"
import { languageFor } from "./prompt-letter.ts"
import { firstContact } from "./prompt-message.ts"
import { readersOf } from "./readers.ts"

export const welcomeStudent: Letter = async (scene, due, recipient) => {
  if (recipient.consent === "none") return { kind: "drop", why: "consent" }
  if (recipient.stoppedAt !== null) return { kind: "drop", why: "stopped" }
  const met = await metBefore(scene.tx, recipient.id)
  if (met.told || met.asked || (await spokenWith(scene.tx, recipient.id))) return { kind: "drop", why: "met" }
  const sendAt = nextAllowed(scene.now, await ownCalendar(scene.tx, recipient), hoursOf(scene.settings), "students")
  // The first question opens with the same words.
  if (sendAt >= due.expiresAt) return { kind: "drop", why: "too_late" }
  if (sendAt > scene.now) return { kind: "later", dueAt: sendAt }
  const language = await languageFor(scene, recipient)
  return {
    kind: "message",
    message: message(say(language, "homeSummary"), firstContact(recipient.shortName, await readersOf(scene, recipient), language)),
  }
}
