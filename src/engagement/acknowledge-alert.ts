// Decides what "I have this" does: it is on record, whoever else sees the alert sees who has it, and its owner's days are counted anew, once.
// Refuses to know what they will do, and to close anything by it.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { acknowledgeAlert, unacknowledgeAlert } from "../../db/queries/engagement-hands.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { buttons } from "../platform/message.ts"
import { never } from "../scheduling/hours.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { allowedAlert, done, mayMove, namesOf, noSuchNote, refusal, refused, undoMs } from "./allowed-alert.ts"
import { ownerDueAt } from "./ladder.ts"
import { engagementPhrase as say } from "./phrases.ts"

/** The owner's, or a counsellor's for one that nobody took: it becomes theirs. Of two at once the first has it. */
export async function acknowledged(turn: Turn, press: Press): Promise<Answer> {
  const { tx, schoolId, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  if (alert.state === "closed") return refused(turn, "already_closed")
  if (!(await mayMove(turn, alert))) return refused(turn, "with_counsellors")
  if (alert.ownerId !== actor.personId && alert.stage !== "counsellors") return refused(turn, "anothers", namesOf(alert))
  if (alert.acknowledgedAt !== null) return refused(turn, "had_before", namesOf(alert))
  const dueAt = await ownerDueAt(turn, alert.siteId)
  if (!(await acknowledgeAlert(tx, alert, actor.personId, dueAt, now))) return refused(turn, "just_moved")
  await wakeBy(tx, schoolId, "sweep", dueAt)
  await record(turn, "alert_acknowledged", alert.subjectId, { alert: alert.id })
  const undo = buttons({ action: "alert_unacknowledge", id: alert.id, label: say(actor.language, "undo") })
  const about = showSafely(alert.subjectName)
  const sentence =
    dueAt >= never
      ? say(actor.language, "acknowledged_open", { about })
      : say(actor.language, "acknowledged", { about, day: formatDay(localDate(dueAt, alert.zone), actor.language) })
  return answer(done(turn, sentence, undo))
}

/** Takes it back within the hour: all is as it was, its days too. */
export async function unacknowledged(turn: Turn, press: Press): Promise<Answer> {
  const { tx, schoolId, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  const dueAt = await unacknowledgeAlert(tx, alert.id, actor.personId, new Date(now.getTime() - undoMs))
  if (dueAt === null) return replace(refusal(turn, "not_taken_back"))
  await wakeBy(tx, schoolId, "sweep", dueAt)
  await record(turn, "alert_unacknowledged", alert.subjectId, { alert: alert.id })
  return replace(done(turn, say(actor.language, "unacknowledged", { about: showSafely(alert.subjectName) })))
}
