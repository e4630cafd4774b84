// Decides for how long an adult may put an alert away; it comes back on its own, with its owner's days counted anew.
// Refuses to know why.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { type AlertRow, snoozeAlert, unsnoozeAlert } from "../../db/queries/engagement-alerts.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type Form, form, refill, type Values } from "../platform/form.ts"
import { buttons } from "../platform/message.ts"
import { hoursOf } from "../roster/settings.ts"
import { addDays, atLocal, formatDay, isDate, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { alertProse } from "./alert-blocks.ts"
import { allowedAlert, done, mayMove, noSuchNote, refusal, refused } from "./allowed-alert.ts"
import { ownerDueAt } from "./ladder.ts"
import { engagementPhrase as say } from "./phrases.ts"

const longestDays = 56

function snoozeForm(alert: AlertRow, now: Date, language: Language): Form {
  const options = [
    { value: "week", label: say(language, "snooze_week") },
    { value: "two_weeks", label: say(language, "snooze_two_weeks") },
    { value: "day", label: say(language, "snooze_day") },
  ]
  return form({
    ...{ action: "alert_snooze", id: alert.id, title: say(language, "snooze_title"), submit: say(language, "snooze_send") },
    intro: [alertProse(alert, now, language)],
    fields: [
      { kind: "one_of", name: "how_long", label: say(language, "snooze_how_long"), options, initial: "week" },
      { kind: "day", name: "day", label: say(language, "snooze_which"), optional: true },
    ],
  })
}

export async function snoozeAsked(turn: Turn, press: Press): Promise<Answer> {
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  if (!(await mayMove(turn, alert))) return refused(turn, "with_counsellors")
  return alert.state === "closed" ? refused(turn, "already_closed") : ask(snoozeForm(alert, turn.now, turn.actor.language))
}

/** The first day on which the note is back; null where what was picked is no such day. */
function dayPicked(values: Values, today: string): string | null {
  switch (values.how_long) {
    case "week":
      return addDays(today, 7)
    case "two_weeks":
      return addDays(today, 14)
    default: {
      const { day = "" } = values
      return isDate(day) && day > today && day <= addDays(today, longestDays) ? day : null
    }
  }
}

export async function snoozed(turn: Turn, submission: Submission): Promise<Answer> {
  const { tx, schoolId, actor, now, settings } = turn
  const alert = await allowedAlert(turn, submission.target)
  if (!alert) return noSuchNote(turn)
  if (!(await mayMove(turn, alert))) return refused(turn, "with_counsellors")
  const until = dayPicked(submission.values, localDate(now, alert.zone))
  if (until === null) {
    return ask(refill(snoozeForm(alert, now, actor.language), submission.values), { day: say(actor.language, "snooze_pick_day") })
  }
  if (!(await snoozeAlert(tx, alert.id, until))) return refused(turn, "already_closed")
  await wakeBy(tx, schoolId, "sweep", atLocal(until, hoursOf(settings).open, alert.zone))
  await record(turn, "alert_snoozed", alert.subjectId, { alert: alert.id, until })
  const about = showSafely(alert.subjectName)
  const undo = buttons({ action: "alert_unsnooze", id: alert.id, label: say(actor.language, "undo") })
  return answer(done(turn, say(actor.language, "snoozed", { about, day: formatDay(until, actor.language) }), undo))
}

/** Takes a snooze back. Its owner's days go on where they were; where they ran out meanwhile, they are counted anew. */
export async function unsnoozed(turn: Turn, press: Press): Promise<Answer> {
  const { tx, schoolId, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  if (!(await mayMove(turn, alert))) return refused(turn, "with_counsellors")
  const dueAt = await unsnoozeAlert(tx, alert.id, await ownerDueAt(turn, alert.siteId), now)
  if (dueAt === null) return replace(refusal(turn, "not_unsnoozed"))
  await wakeBy(tx, schoolId, "sweep", dueAt)
  await record(turn, "alert_unsnoozed", alert.subjectId, { alert: alert.id })
  return replace(done(turn, say(actor.language, "unsnoozed", { about: showSafely(alert.subjectName) })))
}
