// Greets a member of staff whom the app was installed for before anybody knew who they were, in school hours.
// Refuses to greet whoever has been spoken with meanwhile.
import { spokenWith } from "../../db/queries/delivery-spoken.ts"
import { ownCalendar, schoolRow } from "../../db/queries/school.ts"
import type { Letter } from "../deps.ts"
import { cut, limits } from "../platform/limits.ts"
import { message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { hoursOf } from "../roster/settings.ts"
import { nextAllowed } from "../scheduling/hours.ts"
import { languageOf } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"

export const welcomeStaff: Letter = async (scene, due, recipient) => {
  if (await spokenWith(scene.tx, recipient.id)) return { kind: "drop", why: "met" }
  const sendAt = nextAllowed(scene.now, await ownCalendar(scene.tx, recipient), hoursOf(scene.settings), "staff")
  if (sendAt >= due.expiresAt) return { kind: "drop", why: "too_late" }
  if (sendAt > scene.now) return { kind: "later", dueAt: sendAt }
  const school = await schoolRow(scene.tx)
  const language = languageOf(recipient.language, languageOf(school?.language ?? null))
  const hello = say(language, "greetStaff", { name: recipient.name, school: school?.name ?? "" })
  return { kind: "message", message: message(cut(hello, limits.summary), [text(plain(hello))]) }
}
