// Decides, before anything is done to an alert, whether this adult may: its student's or group's advisor, a counsellor, or its owner today.
// Refuses to tell "not yours" from "not there".
import { type AlertRow, advisesIn, alertById } from "../../db/queries/engagement-alerts.ts"
import { standingOf } from "../../db/queries/people.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, message, text } from "../platform/message.ts"
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

/** One sentence, and whatever belongs under it. */
export const told = (sentence: string, ...blocks: readonly Block[]): Answer =>
  answer(message(cut(sentence, limits.summary), [text(plain(sentence)), ...blocks]))

export const noSuchNote = (turn: Turn): Answer => told(say(turn.actor.language, "no_such_note"))
