// Decides that a hello counts once, ticks the name in the brief, and can be taken back for an hour. Refuses to close an alert by itself.

import { openAlertsAbout } from "../../db/queries/engagement-alerts.ts"
import {
  briefById,
  type ContactKind,
  type ContactRow,
  contactById,
  loggedTogether,
  removeContact,
  tickNames,
} from "../../db/queries/outreach-contact.ts"
import { type PersonCard, personById } from "../../db/queries/people.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate, mondayOf } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { allowed, done, refuse, told } from "./allowed.ts"
import { logContact } from "./contacts.ts"
import { say } from "./phrases.ts"

const undoMs = 3_600_000

/** A press counts once a day and message, however often it is pressed. */
export async function hello(turn: Turn, press: Press): Promise<Answer> {
  const may = await allowed(turn, press.target, "act")
  if (!may) return refuse(turn, "hello", isId(press.target) ? press.target : null)
  return logged(turn, may.student, "hello", `pressed:${press.messageId}:${localDate(turn.now, turn.actor.zone)}`)
}

/** Logs a contact and says so, with a way back and, where an alert is open, a way to close it. Whether they may was asked before. */
export async function logged(turn: Turn, student: PersonCard, kind: ContactKind, source: string): Promise<Answer> {
  const { language, personId } = turn.actor
  const id = await logContact(turn, { studentId: student.id, adultId: personId, kind, source: `${personId}:${source}`, at: turn.now })
  if (id === null) return answer(told(language, say(language, "helloBefore")))
  await tickNames(turn.tx, personId, [student.id], thisWeek(turn), turn.now)
  await record(turn, "hello_logged", student.id, { contactId: id, kind })
  const sentence = say(language, "helloLogged", { kind: say(language, `kind.${kind}`), student: student.name })
  return answer(done(language, sentence, ...(await closing(turn, student)), buttons(undoButton(id, say(language, "helloUndo")))))
}

const thisWeek = (turn: Turn): string => mondayOf(localDate(turn.now, turn.actor.zone))

const undoButton = (contactId: string, label: string): Button => ({ action: "hello_undo", id: contactId, label: cut(label, limits.buttonLabel) })

/** The open alert about this student, offered to be closed. */
async function closing(turn: Turn, student: PersonCard): Promise<Block[]> {
  const { language } = turn.actor
  const [alert] = await openAlertsAbout(turn.tx, student.id)
  if (!alert) return []
  return [
    text(plain(say(language, "helloAlert", { student: student.name }))),
    buttons(
      { action: "alert_useful", id: alert.id, label: say(language, "closeUseful") },
      { action: "alert_known", id: alert.id, label: say(language, "closeKnown") },
      { action: "alert_false", id: alert.id, label: say(language, "closeFalse") },
    ),
  ]
}

/** Every name of the adult's own brief that is not done yet, as far as they are still theirs. */
export async function helloAll(turn: Turn, press: Press): Promise<Answer> {
  const { language, personId } = turn.actor
  const brief = isId(press.target) ? await briefById(turn.tx, press.target) : null
  if (turn.actor.role !== "staff" || brief?.adultId !== personId) return refuse(turn, "brief", null, "notYours")
  const greeted: { id: string; studentId: string; name: string }[] = []
  for (const { studentId, doneAt } of brief.names) {
    const may = doneAt === null ? await allowed(turn, studentId, "act") : null
    if (!may) continue
    const id = await logContact(turn, { studentId, adultId: personId, kind: "hello", source: `${personId}:brief:${brief.id}`, at: turn.now })
    if (id === null) continue
    await record(turn, "hello_logged", studentId, { contactId: id, kind: "hello" })
    greeted.push({ id, studentId, name: showSafely(may.student.name) })
  }
  if (greeted.length === 0) return answer(told(language, say(language, "helloAllBefore")))
  const studentIds = greeted.map(({ studentId }) => studentId)
  await tickNames(turn.tx, personId, studentIds, brief.week, turn.now)
  const names = new Intl.ListFormat(language).format(greeted.map(({ name }) => name))
  const undo = greeted.map(({ id, name }) => undoButton(id, say(language, "helloUndoName", { student: name })))
  return answer(done(language, say(language, "helloAll", { names }), buttons(...undo.slice(0, limits.buttons))))
}

/** The others that were logged by the same press. */
const undoable = (turn: Turn, { id, adultId, at }: ContactRow): Promise<{ id: string; studentName: string }[]> =>
  loggedTogether(turn.tx, { adultId, at, but: id })

/** Takes a logged hello back: the adult's own, within the hour. */
export async function helloUndo(turn: Turn, press: Press): Promise<Answer> {
  const { language, personId } = turn.actor
  const contact: ContactRow | null = isId(press.target) ? await contactById(turn.tx, press.target) : null
  if (turn.actor.role !== "staff" || contact?.adultId !== personId) return refuse(turn, "hello", contact?.studentId ?? null, "notYours")
  if (turn.now.getTime() - contact.at.getTime() > undoMs) return answer(told(language, say(language, "helloUndoLate")))
  if (await removeContact(turn.tx, contact)) await record(turn, "hello_undone", contact.studentId, { kind: contact.kind })
  const student = await personById(turn.tx, contact.studentId)
  const left = (await undoable(turn, contact)).map(({ id, studentName }) => undoButton(id, say(language, "helloUndoName", { student: studentName })))
  return replace(
    done(
      language,
      say(language, "helloUndone", { student: showSafely(student?.name ?? "") }),
      ...(left.length > 0 ? [buttons(...left.slice(0, limits.buttons))] : []),
    ),
  )
}
