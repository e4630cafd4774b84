// Decides, before anything is done to an alert, whether this adult may: its student's or group's advisor, a counsellor, or a teacher it was given to;
// nobody whom words about danger name. Refuses to tell "not yours" from "not there".
import { type AlertRow, advisesIn, alertById } from "../../db/queries/engagement-alerts.ts"
import { standingOf } from "../../db/queries/people.ts"
import { leftOutOf } from "../../db/queries/safety.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { type Block, type Message, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isAboutStudent } from "./alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

/** For how long what was done to an alert can be taken back. */
export const undoMs = 3_600_000
/** Characters of what an adult writes about one. */
export const noteMax = 600

/** By whom a note is in somebody's hands without any other tie: they have it, or it is they who gave it away. */
type Hand = "ownerId" | "handedBy"

/** The alert where the actor may act on it; null, on the record, where they may not or where there is none. */
export async function allowedAlert(turn: Turn, id: string, hand: Hand = "ownerId"): Promise<AlertRow | null> {
  const alert = await alertById(turn.tx, id)
  if (alert && (await mayAct(turn, alert, hand))) return alert
  await record(turn, "alert_refused", alert?.subjectId ?? null)
  return null
}

async function mayAct({ tx, actor, now }: Turn, alert: AlertRow, hand: Hand): Promise<boolean> {
  const day = localDate(now, alert.zone)
  if (isAboutStudent(alert.kind) && (await leftOutOf(tx, alert.subjectId)).includes(actor.personId)) return false
  const standing = isAboutStudent(alert.kind)
    ? { ...(await standingOf(tx, actor.personId, alert.subjectId, day)), entrusted: alert.handedAt !== null && alert[hand] === actor.personId }
    : { advisorSince: (await advisesIn(tx, actor.personId, alert.subjectId, day)) ? day : null, classTie: false }
  return may(actor, "act_on_note", standing).allowed
}

/** Once nobody took it in time it is the counsellors': whoever let it lie cannot put it away or give it on for them. A refusal is on the record. */
export async function mayMove(turn: Turn, alert: AlertRow): Promise<boolean> {
  const allowed = alert.stage !== "counsellors" || turn.actor.staffRoles.includes("counsellor")
  if (!allowed) await record(turn, "alert_refused", alert.subjectId, { alert: alert.id })
  return allowed
}

/** Only its owner gives an alert away, or a counsellor. */
export const isTheirs = ({ actor }: Pick<Turn, "actor">, alert: AlertRow): boolean =>
  alert.ownerId === actor.personId || actor.staffRoles.includes("counsellor")

/** Whom an alert is about and whose it is, to put into a sentence. */
export const namesOf = ({ subjectName, ownerName }: AlertRow) => ({ about: showSafely(subjectName), adult: showSafely(ownerName ?? "") })

/** What was done, and whatever belongs under it. A lock screen shows the summary, so that names nobody. */
export const done = ({ actor }: Pick<Turn, "actor">, sentence: string, ...blocks: readonly Block[]): Message =>
  message(say(actor.language, "summary_done"), [text(plain(sentence)), ...blocks])

type Refusal =
  | "no_such_note"
  | "already_closed"
  | "not_reopened"
  | "not_unsnoozed"
  | "with_counsellors"
  | "just_moved"
  | "not_taken_back"
  | "nobody_to_hand"
  | "no_closing_note"
  | "no_notes"
  | "had_before"
  | "anothers"

/** Why nothing was done. */
export const refusal = ({ actor }: Pick<Turn, "actor">, key: Refusal, vars: Readonly<Record<string, string>> = {}): Message =>
  message(say(actor.language, "summary_refused"), [text(plain(say(actor.language, key, vars)))])

export const refused = (turn: Turn, key: Refusal, vars: Readonly<Record<string, string>> = {}): Answer => answer(refusal(turn, key, vars))

export const noSuchNote = (turn: Turn): Answer => refused(turn, "no_such_note")
