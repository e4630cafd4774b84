// Decides how an adult closes an alert, in a word that this school's own measure is made of, and how they take it back.
// Refuses to know what they did about it.
import { closeAlert, reopenAlert } from "../../db/queries/engagement-alerts.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { buttons } from "../platform/message.ts"
import { showSafely } from "../words/clean.ts"
import { allowedAlert, done, noSuchNote, refusal, refused } from "./allowed-alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

const undoMs = 3_600_000

/** `as`: useful, already known, or false. The first one to close it does; the answer carries an undo for an hour. */
export const alertClosed =
  (as: "useful" | "known" | "false") =>
  async (turn: Turn, press: Press): Promise<Answer> => {
    const { tx, actor, now } = turn
    const alert = await allowedAlert(turn, press.target)
    if (!alert) return noSuchNote(turn)
    if (!(await closeAlert(tx, alert.id, as, actor.personId, now))) return refused(turn, "already_closed")
    await record(turn, "alert_closed", alert.subjectId, { alert: alert.id, as })
    const undo = buttons({ action: "alert_reopen", id: alert.id, label: say(actor.language, "undo") })
    return answer(done(turn, say(actor.language, `closed_${as}`, { about: showSafely(alert.subjectName) }), undo))
  }

/** Takes back what the same adult closed within the last hour. */
export async function alertReopened(turn: Turn, press: Press): Promise<Answer> {
  const { tx, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  const open = await reopenAlert(tx, alert.id, actor.personId, new Date(now.getTime() - undoMs))
  if (!open) return replace(refusal(turn, "not_reopened"))
  await record(turn, "alert_reopened", alert.subjectId, { alert: alert.id })
  return replace(done(turn, say(actor.language, "reopened", { about: showSafely(alert.subjectName) })))
}
