// Decides, before anything is done to an alert, whether this adult may: its student's or group's advisor, a counsellor, or its owner today.
// Refuses to tell "not yours" from "not there".
import { type AlertRow, advisesIn, alertById } from "../../db/queries/engagement-alerts.ts"
import { standingOf } from "../../db/queries/people.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { type Block, type Message, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { isAboutStudent } from "./alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

/** The alert where the actor may act on it; null, on the record, where they may not or where there is none. */
export async function allowedAlert(turn: Turn, id: string): Promise<AlertRow | null> {
  const alert = await alertById(turn.tx, id)
  if (alert && (await mayAct(turn, alert))) return alert
  await record(turn, "alert_refused", alert?.subjectId ?? null)
  return null
}

async function mayAct({ tx, actor, now }: Turn, alert: AlertRow): Promise<boolean> {
  const day = localDate(now, alert.zone)
  const standing = isAboutStudent(alert.kind)
    ? await standingOf(tx, actor.personId, alert.subjectId, day)
    : { advisorSince: (await advisesIn(tx, actor.personId, alert.subjectId, day)) ? day : null, classTie: false }
  return may(actor, "act", standing).allowed
}

/** What was done, and whatever belongs under it. A lock screen shows the summary, so that names nobody. */
export const done = ({ actor }: Pick<Turn, "actor">, sentence: string, ...blocks: readonly Block[]): Message =>
  message(say(actor.language, "summary_done"), [text(plain(sentence)), ...blocks])

type Refusal = "no_such_note" | "already_closed" | "not_reopened" | "not_unsnoozed" | "snooze_with_counsellors"

/** Why nothing was done. */
export const refusal = ({ actor }: Pick<Turn, "actor">, key: Refusal): Message =>
  message(say(actor.language, "summary_refused"), [text(plain(say(actor.language, key)))])

export const refused = (turn: Turn, key: Refusal): Answer => answer(refusal(turn, key))

export const noSuchNote = (turn: Turn): Answer => refused(turn, "no_such_note")
