// Decides how an adult closes an alert, in a word that this school's own measure is made of, with a note where they like, and how they take it back.
// Refuses to know what they did about it.
import { alertById, closeAlert, reopenAlert } from "../../db/queries/engagement-alerts.ts"
import { keepNote, lockAlert, ownNote } from "../../db/queries/engagement-notes.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type Form, form, refill } from "../platform/form.ts"
import { type Block, buttons } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { cleanText, showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { isAboutStudent } from "./alert.ts"
import { allowedAlert, done, noSuchNote, noteMax, refusal, refused, undoMs } from "./allowed-alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

export const closingButtons = (id: string, language: Language): Block =>
  buttons(
    { action: "alert_useful", id, label: say(language, "useful") },
    { action: "alert_known", id, label: say(language, "known") },
    { action: "alert_false", id, label: say(language, "not_so") },
  )

/** `as`: useful, already known, or false. The first one to close it does; the answer carries an undo for an hour, and takes a note. */
export const alertClosed =
  (as: "useful" | "known" | "false") =>
  async (turn: Turn, press: Press): Promise<Answer> => {
    const { tx, actor, now } = turn
    const alert = await allowedAlert(turn, press.target)
    if (!alert) return noSuchNote(turn)
    if (!(await closeAlert(tx, alert, as, actor.personId, now))) {
      return refused(turn, (await alertById(tx, alert.id))?.state === "closed" ? "already_closed" : "just_moved")
    }
    await record(turn, "alert_closed", alert.subjectId, { alert: alert.id, as })
    const undo = { action: "alert_reopen", id: alert.id, label: say(actor.language, "undo") }
    const add = { action: "alert_note", id: alert.id, label: say(actor.language, "add_note"), form: true } as const
    const next = buttons(undo, ...(isAboutStudent(alert.kind) ? [add] : []))
    return answer(done(turn, say(actor.language, `closed_${as}`, { about: showSafely(alert.subjectName) }), next))
  }

/** Takes back what the same adult closed within the last hour. */
export async function alertReopened(turn: Turn, press: Press): Promise<Answer> {
  const { tx, actor, now } = turn
  const alert = await allowedAlert(turn, press.target)
  if (!alert) return noSuchNote(turn)
  const open = await reopenAlert(tx, alert.id, actor.personId, now, new Date(now.getTime() - undoMs))
  if (!open) return replace(refusal(turn, "not_reopened"))
  await record(turn, "alert_reopened", alert.subjectId, { alert: alert.id })
  return replace(done(turn, say(actor.language, "reopened", { about: showSafely(alert.subjectName) })))
}

const party = (turn: Turn, alertId: string) => ({ schoolId: turn.schoolId, alertId, personId: turn.actor.personId, role: "closed" }) as const

/** The alert about a student that this adult closed, where they may still act on it. */
async function closedByThem(turn: Turn, id: string) {
  const alert = await allowedAlert(turn, id)
  if (!alert || !isAboutStudent(alert.kind)) return { not: noSuchNote(turn) }
  return alert.state === "closed" && alert.closedBy === turn.actor.personId ? { alert } : { not: refused(turn, "no_closing_note") }
}

function noteForm(alert: { id: string; subjectName: string }, before: string | null, language: Language): Form {
  return form({
    ...{ action: "alert_note", id: alert.id, title: say(language, "note_title"), submit: say(language, "note_send") },
    intro: [plain(say(language, "note_readers", { about: showSafely(alert.subjectName) }))],
    fields: [{ kind: "paragraph", name: "words", label: say(language, "note_words"), max: noteMax, ...(before === null ? {} : { initial: before }) }],
  })
}

export async function noteAsked(turn: Turn, press: Press): Promise<Answer> {
  const found = await closedByThem(turn, press.target)
  if ("not" in found) return found.not
  return ask(noteForm(found.alert, await ownNote(turn.tx, turn.deps.words, party(turn, found.alert.id)), turn.actor.language))
}

export async function noted(turn: Turn, submission: Submission): Promise<Answer> {
  const { tx, deps, actor, now } = turn
  const found = await closedByThem(turn, submission.target)
  if ("not" in found) return found.not
  const { alert } = found
  const words = cleanText(submission.values.words ?? "").trim()
  if (words === "" || words.length > noteMax) {
    const error = words === "" ? say(actor.language, "note_empty") : say(actor.language, "note_long", { count: words.length, max: noteMax })
    return ask(refill(noteForm(alert, null, actor.language), submission.values), { words: error })
  }
  await lockAlert(tx, alert.id)
  await keepNote(tx, deps.words, party(turn, alert.id), words, now)
  await record(turn, "alert_noted", alert.subjectId, { alert: alert.id })
  const change = { action: "alert_note", id: alert.id, label: say(actor.language, "change_note"), form: true } as const
  return answer(done(turn, say(actor.language, "note_kept", { about: showSafely(alert.subjectName) }), buttons(change)))
}
