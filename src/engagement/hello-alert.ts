// Decides that a hello settles a note that was given to somebody by hand: also a teacher's, whose ties log no other.
// Refuses to close it at once: the hello can be taken back for an hour.
import { insertContact } from "../../db/queries/outreach-contact.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { buttons } from "../platform/message.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isAboutStudent } from "./alert.ts"
import { allowedAlert, done, noSuchNote } from "./allowed-alert.ts"
import { closingButtons } from "./close-alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

/** Counts once a day and note, however often it is pressed. */
export async function alertHello(turn: Turn, press: Press): Promise<Answer> {
  const { tx, schoolId, deps, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert || !isAboutStudent(alert.kind)) return noSuchNote(turn)
  const source = `${actor.personId}:alert:${alert.id}:${localDate(now, alert.zone)}`
  const told = { kind: "hello", direction: "out", about: null } as const
  const id = await insertContact(tx, { schoolId, id: deps.ids(), studentId: alert.subjectId, adultId: actor.personId, ...told, source, at: now })
  const about = showSafely(alert.subjectName)
  if (id === null) return answer(done(turn, say(actor.language, "greeted_before", { about })))
  await record(turn, "hello_logged", alert.subjectId, { contactId: id, kind: "hello" })
  const undo = buttons({ action: "hello_undo", id, label: say(actor.language, "undo") })
  if (alert.state === "closed") return answer(done(turn, say(actor.language, "greeted_closed", { about }), undo))
  return answer(done(turn, say(actor.language, "greeted", { about }), closingButtons(alert.id, actor.language), undo))
}
