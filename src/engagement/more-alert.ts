// Decides what else can be done with an alert, behind one button: closing it with a word, putting it away, giving it to somebody else.
// Refuses to do any of it.
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { type Button, buttons, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { isAboutStudent } from "./alert.ts"
import { alertProse } from "./alert-blocks.ts"
import { allowedAlert, isTheirs, noSuchNote, refused } from "./allowed-alert.ts"
import { closingButtons } from "./close-alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

export async function alertMore(turn: Turn, press: Press): Promise<Answer> {
  const { actor, now } = turn
  const { language } = actor
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  if (alert.state === "closed") return refused(turn, "already_closed")
  await record(turn, "alert_viewed", alert.subjectId, { alert: alert.id })
  const movable = alert.stage !== "counsellors" || actor.staffRoles.includes("counsellor")
  const moves: Button[] = [
    { action: "alert_snooze", id: alert.id, label: say(language, "snooze"), form: true },
    ...(isAboutStudent(alert.kind) && isTheirs(turn, alert)
      ? [{ action: "alert_hand", id: alert.id, label: say(language, "hand"), form: true } as const]
      : []),
  ]
  return answer(
    message(say(language, "summary_more"), [
      text(alertProse(alert, now, language)),
      note(plain(say(language, "more_close"))),
      closingButtons(alert.id, language),
      ...(movable ? [note(plain(say(language, "more_move"))), buttons(...moves)] : []),
    ]),
  )
}
