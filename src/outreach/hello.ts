// Decides that a hello counts once, ticks the name in the brief, and can be taken back for an hour. Refuses to close an alert by itself.

import { settledBy } from "../../db/queries/engagement-alerts.ts"
import {
  briefById,
  type ContactRow,
  contactById,
  type LoggedName,
  loggedTogether,
  removeContact,
  type Told,
  tickNames,
} from "../../db/queries/outreach-contact.ts"
import { type PersonCard, personById } from "../../db/queries/people.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { isAboutStudent } from "../engagement/alert.ts"
import { allowedAlert, noSuchNote, undoMs } from "../engagement/allowed-alert.ts"
import { closingButtons } from "../engagement/close-alert.ts"
import { type Answer, say as answer, replace } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, type Message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate, mondayOf } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { allowed, done, refuse, told } from "./allowed.ts"
import { logContact } from "./contacts.ts"
import { say } from "./phrases.ts"

const bare: Told = { kind: "hello", direction: "out", about: null }

/** A press counts once a day and message, however often it is pressed. */
export async function hello(turn: Turn, press: Press): Promise<Answer> {
  const may = await allowed(turn, press.target, "act")
  if (!may) return refuse(turn, "hello", isId(press.target) ? press.target : null)
  return logged(turn, may.student, bare, `pressed:${press.messageId}:${localDate(turn.now, turn.actor.zone)}`)
}

/** The hello of one note: also of a teacher to whom it was given, whose ties log no other. A press counts once a day and note. */
export async function alertHello(turn: Turn, press: Press): Promise<Answer> {
  const alert = await allowedAlert(turn, press.target)
  const student = alert && isAboutStudent(alert.kind) ? await personById(turn.tx, alert.subjectId) : null
  if (!alert || !student) return noSuchNote(turn)
  return logged(turn, student, bare, `alert:${alert.id}:${localDate(turn.now, alert.zone)}`)
}

/** Logs a contact and says so, with a way back and, where an alert is open, a way to close it. Whether they may was asked before. */
export async function logged(turn: Turn, student: PersonCard, how: Told, source: string): Promise<Answer> {
  const { language, personId } = turn.actor
  const id = await logContact(turn, { ...how, studentId: student.id, adultId: personId, source: `${personId}:${source}`, at: turn.now })
  if (id === null) return answer(told(language, say(language, "helloBefore")))
  await tickNames(turn.tx, personId, [student.id], thisWeek(turn), turn.now)
  await record(turn, "hello_logged", student.id, { contactId: id, kind: how.kind })
  return answer(await loggedView(turn, [{ id, studentId: student.id, studentName: student.name, at: turn.now, about: how.about }], how))
}

const thisWeek = (turn: Turn): string => mondayOf(localDate(turn.now, turn.actor.zone))

const undoButton = (contactId: string, label: string): Button => ({ action: "hello_undo", id: contactId, label: cut(label, limits.buttonLabel) })

const undoOf = ({ actor }: Turn, student: string): string => say(actor.language, "helloUndoName", { student: showSafely(student) })

/**
 * What was logged, and how; a way to say more of it, and for an hour a way back. `together`: all that one press logged, where no more than some of
 * it is spoken of.
 */
export async function loggedView(
  turn: Turn,
  names: readonly LoggedName[],
  { kind, direction }: Pick<Told, "kind" | "direction">,
  together: readonly LoggedName[] = names,
): Promise<Message> {
  const { language } = turn.actor
  const [first, another] = together
  const students = new Intl.ListFormat(language).format(names.map(({ studentName }) => showSafely(studentName)))
  const sentence = say(language, "helloLogged", { kind: say(language, `kind.${kind}`), direction, students })
  const undo = together
    .filter(({ at }) => canUndo(turn, at))
    .map(({ id, studentName }) => undoButton(id, another ? undoOf(turn, studentName) : say(language, "helloUndo")))
  const more: Button[] = first ? [{ action: "hello_more", id: first.id, label: say(language, "helloMore"), form: true }] : []
  const alert = first && !another ? await closing(turn, first) : []
  return done(language, sentence, ...alert, buttons(...more, ...undo.slice(0, limits.buttons - more.length)))
}

const canUndo = (turn: Turn, at: Date): boolean => turn.now.getTime() - at.getTime() <= undoMs

/** The open alert that this hello settles, to say how useful it was. */
async function closing(turn: Turn, { id, studentName }: LoggedName): Promise<Block[]> {
  const { language, personId } = turn.actor
  const [alert] = await settledBy(turn.tx, id, personId)
  return alert ? [text(plain(say(language, "helloAlert", { student: showSafely(studentName) }))), closingButtons(alert.id, language)] : []
}

/** Every name of the adult's own brief that is not done yet, as far as they are still theirs. */
export async function helloAll(turn: Turn, press: Press): Promise<Answer> {
  const { language, personId } = turn.actor
  const brief = isId(press.target) ? await briefById(turn.tx, press.target) : null
  if (turn.actor.role !== "staff" || brief?.adultId !== personId) return refuse(turn, "brief", null, "notYours")
  const greeted: LoggedName[] = []
  for (const { studentId, doneAt } of brief.names) {
    const may = doneAt === null ? await allowed(turn, studentId, "act") : null
    if (!may) continue
    const id = await logContact(turn, { studentId, adultId: personId, kind: "hello", source: `${personId}:brief:${brief.id}`, at: turn.now })
    if (id === null) continue
    await record(turn, "hello_logged", studentId, { contactId: id, kind: "hello" })
    greeted.push({ id, studentId, studentName: may.student.name, at: turn.now, about: null })
  }
  if (greeted.length === 0) return answer(told(language, say(language, "helloAllBefore")))
  const studentIds = greeted.map(({ studentId }) => studentId)
  await tickNames(turn.tx, personId, studentIds, brief.week, turn.now)
  return answer(await loggedView(turn, greeted, { kind: "hello", direction: "out" }))
}

/** Takes a logged hello back: the adult's own, within the hour. */
export async function helloUndo(turn: Turn, press: Press): Promise<Answer> {
  const { language, personId } = turn.actor
  const contact: ContactRow | null = isId(press.target) ? await contactById(turn.tx, press.target) : null
  if (turn.actor.role !== "staff" || contact?.adultId !== personId) return refuse(turn, "hello", contact?.studentId ?? null, "notYours")
  if (!canUndo(turn, contact.at)) return answer(told(language, say(language, "helloUndoLate")))
  const together = await loggedTogether(turn.tx, contact.id)
  if (await removeContact(turn.tx, contact)) await record(turn, "hello_undone", contact.studentId, { kind: contact.kind })
  const student = await personById(turn.tx, contact.studentId)
  const left = together.filter(({ id }) => id !== contact.id).map(({ id, studentName }) => undoButton(id, undoOf(turn, studentName)))
  return replace(
    done(
      language,
      say(language, "helloUndone", { student: showSafely(student?.name ?? "") }),
      ...(left.length > 0 ? [buttons(...left.slice(0, limits.buttons))] : []),
    ),
  )
}
