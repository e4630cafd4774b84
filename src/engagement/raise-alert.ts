// Decides who may say that they noticed something about a student, and whose note it becomes: one a student, whoever else says so too.
// Refuses to let words about danger wait here: its form says where those go, and the answer says it again.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { alertById, unsnoozeAlert } from "../../db/queries/engagement-alerts.ts"
import { askedAbout, keepNote, openRaised, ownNote, type RaisedRow, raisedAbout, unraise } from "../../db/queries/engagement-notes.ts"
import { counsellors, type PersonCard, peopleById, personById, standingOf } from "../../db/queries/people.ts"
import { activeStaff, leftOutOf } from "../../db/queries/safety.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type Form, form, refill } from "../platform/form.ts"
import { buttons, message, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { screen } from "../safety/screen.ts"
import { localDate, mondayOf } from "../scheduling/zone.ts"
import { cleanText, showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { done, noSuchNote, noteMax, refusal, undoMs } from "./allowed-alert.ts"
import { ownerDueAt } from "./ladder.ts"
import { engagementPhrase as say } from "./phrases.ts"

async function seen(turn: Turn, studentId: string): Promise<PersonCard | null> {
  const student = isId(studentId) ? await personById(turn.tx, studentId) : null
  const standing =
    student?.role === "student" && student.active
      ? await standingOf(turn.tx, turn.actor.personId, student.id, localDate(turn.now, student.zone))
      : null
  if (student && standing && may(turn.actor, "raise_note", standing).allowed) return student
  await record(turn, "alert_refused", isId(studentId) ? studentId : null)
  return null
}

/** Who gets it: whoever has the open one, or is asked about the student; never the one who raises it. Null: the counsellors. */
const ownerOf = async (turn: Turn, student: PersonCard, open: RaisedRow | null): Promise<string | null> =>
  open ? open.ownerId : askedAbout(turn.tx, turn.schoolId, student.id, localDate(turn.now, student.zone), turn.actor.personId)

const party = (turn: Turn, alertId: string) => ({ schoolId: turn.schoolId, alertId, personId: turn.actor.personId, role: "raised" }) as const

type To = { to: "counsellors" | "own" | "other"; adult: string }

async function named(turn: Turn, ownerId: string | null): Promise<To> {
  if (ownerId === null) return { to: "counsellors", adult: "" }
  if (ownerId === turn.actor.personId) return { to: "own", adult: "" }
  return { to: "other", adult: showSafely((await personById(turn.tx, ownerId))?.name ?? "") }
}

async function raiseForm(turn: Turn, student: PersonCard): Promise<Form> {
  const { tx, deps, actor } = turn
  const { language } = actor
  const open = await raisedAbout(tx, student.id)
  const before = open && (await ownNote(tx, deps.words, party(turn, open.id)))
  const about = showSafely(student.name)
  return form({
    ...{ action: "alert_raise", id: student.id, title: say(language, "raise_title"), submit: say(language, "raise_send") },
    intro: [
      plain(say(language, "raise_goes", { about, ...(await named(turn, await ownerOf(turn, student, open))) })),
      plain(say(language, "raise_danger", { responder: await responders(turn, student.id) })),
      plain(say(language, "raise_readers", { about })),
    ],
    fields: [
      { kind: "paragraph", name: "words", label: say(language, "raise_words"), max: noteMax, ...(before === null ? {} : { initial: before }) },
    ],
  })
}

const namesMost = 3

/** The first step of the school's ladder, or the counsellors until it has one; by name while they are few. */
async function responders(turn: Turn, studentId: string): Promise<string> {
  const { tx, settings, actor } = turn
  const out = [...(await leftOutOf(tx, studentId)), actor.personId]
  const ladder = await activeStaff(tx, (settings["safety.ladder"]?.steps[0]?.personIds ?? []).filter(isId))
  const known = ladder.size > 0 ? ladder : new Map([...(await peopleById(tx, await counsellors(tx)))].map(([id, { name }]) => [id, name]))
  const names = [...known].filter(([id]) => !out.includes(id)).map(([, name]) => showSafely(name))
  if (names.length === 0 || names.length > namesMost) return say(actor.language, "the_counsellors")
  return new Intl.ListFormat(actor.language, { type: "disjunction" }).format(names)
}

export async function raiseAsked(turn: Turn, press: Press): Promise<Answer> {
  const student = await seen(turn, press.target)
  return student ? ask(await raiseForm(turn, student)) : noSuchNote(turn)
}

export async function raised(turn: Turn, submission: Submission): Promise<Answer> {
  const { tx, deps, actor, now } = turn
  const student = await seen(turn, submission.target)
  if (!student) return noSuchNote(turn)
  const words = cleanText(submission.values.words ?? "").trim()
  if (words === "" || words.length > noteMax) {
    const error = words === "" ? say(actor.language, "note_empty") : say(actor.language, "note_long", { count: words.length, max: noteMax })
    return ask(refill(await raiseForm(turn, student), submission.values), { words: error })
  }
  const open = (await raisedAbout(tx, student.id)) ?? (await opened(turn, student))
  await wake(turn, open.id, student.siteId)
  await keepNote(tx, deps.words, party(turn, open.id), words, now)
  await record(turn, "alert_raised", student.id, { alert: open.id })
  const undo = buttons({ action: "alert_unraise", id: open.id, label: say(actor.language, "undo") })
  const about = showSafely(student.name)
  if (screen(words).level === "none") return answer(done(turn, say(actor.language, "raised", { about, ...(await named(turn, open.ownerId)) }), undo))
  const go = strong(say(actor.language, "raised_go", { responder: await responders(turn, student.id) }))
  return answer(message(say(actor.language, "summary_done"), [text(go), text(plain(say(actor.language, "raised_danger", { about }))), undo]))
}

/** Back to whoever has it, where they had put it away; with days of their own. */
async function wake(turn: Turn, id: string, siteId: string): Promise<void> {
  const dueAt = await unsnoozeAlert(turn.tx, id, await ownerDueAt(turn, siteId), turn.now)
  if (dueAt !== null) await wakeBy(turn.tx, turn.schoolId, "sweep", dueAt)
}

/** Opens one, unless somebody else does at this moment: then theirs. */
async function opened(turn: Turn, student: PersonCard): Promise<RaisedRow> {
  const { tx, schoolId, deps, now } = turn
  const on = localDate(now, student.zone)
  const [ownerId, dueAt] = [await ownerOf(turn, student, null), await ownerDueAt(turn, student.siteId)]
  await openRaised(tx, { schoolId, id: deps.ids(), studentId: student.id, ownerId, week: mondayOf(on), on, dueAt, now })
  await wakeBy(tx, schoolId, "sweep", dueAt)
  const open = await raisedAbout(tx, student.id)
  if (!open) throw new Error("A raised note was neither opened nor found.")
  return open
}

/** Takes back what they said within the hour, as long as nobody has taken it up. A teacher too, who may do nothing else with the note. */
export async function unraised(turn: Turn, press: Press): Promise<Answer> {
  const { tx, actor, now } = turn
  const alert = await alertById(tx, press.target)
  const student = alert?.kind === "raised" ? await seen(turn, alert.subjectId) : null
  if (!alert || !student) {
    if (!alert) await record(turn, "alert_refused", null)
    return noSuchNote(turn)
  }
  if (!(await unraise(tx, alert.id, actor.personId, new Date(now.getTime() - undoMs)))) return replace(refusal(turn, "not_taken_back"))
  await record(turn, "alert_unraised", student.id, { alert: alert.id })
  return replace(done(turn, say(actor.language, "unraised", { about: showSafely(student.name) })))
}
