// Decides to whom an adult may give an alert: somebody tied to the student, or a counsellor, who is here and whom no words about danger name.
// Refuses to tell them by a message of its own: it lies in their next list, brief or home view. It opens no words of the student's to them.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import type { AlertRow } from "../../db/queries/engagement-alerts.ts"
import { type Handable, handAlert, handableTo, unhandAlert } from "../../db/queries/engagement-hands.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type Form, form, refill } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import { buttons } from "../platform/message.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isAboutStudent } from "./alert.ts"
import { alertProse } from "./alert-blocks.ts"
import { allowedAlert, done, isTheirs, mayMove, namesOf, noSuchNote, refusal, refused, undoMs } from "./allowed-alert.ts"
import { ownerDueAt } from "./ladder.ts"
import { engagementPhrase as say } from "./phrases.ts"

/** Everybody else it can go to. What an adult noticed is words about the student: it goes to those who may read them. */
async function others(turn: Turn, alert: AlertRow): Promise<Handable[]> {
  const found = await handableTo(turn.tx, alert.subjectId, localDate(turn.now, alert.zone))
  return found.filter(({ id, as }) => id !== alert.ownerId && id !== turn.actor.personId && (alert.kind !== "raised" || as !== "class"))
}

function handForm(turn: Turn, alert: AlertRow, to: readonly Handable[]): Form {
  const { language } = turn.actor
  const options = to.slice(0, limits.options).map(({ id, name, as }) => {
    const role = say(language, `as_${as}`)
    return { value: id, label: `${cut(showSafely(name), limits.optionLabel - role.length - 2)}, ${role}` }
  })
  return form({
    ...{ action: "alert_hand", id: alert.id, title: say(language, "hand_title"), submit: say(language, "hand_send") },
    intro: [alertProse(alert, turn.now, language)],
    fields: [{ kind: "one_of", name: "who", label: say(language, "hand_to"), hint: say(language, "hand_hint"), options }],
  })
}

type Asked = { alert: AlertRow; to: readonly Handable[] } | { not: Answer }

async function handable(turn: Turn, id: string): Promise<Asked> {
  const alert = await allowedAlert(turn, id)
  if (!alert || !isAboutStudent(alert.kind)) return { not: noSuchNote(turn) }
  if (alert.state === "closed") return { not: refused(turn, "already_closed") }
  if (!(await mayMove(turn, alert))) return { not: refused(turn, "with_counsellors") }
  if (!isTheirs(turn, alert)) return { not: refused(turn, "anothers", namesOf(alert)) }
  const to = await others(turn, alert)
  return to.length === 0 ? { not: refused(turn, "nobody_to_hand") } : { alert, to }
}

export async function handAsked(turn: Turn, press: Press): Promise<Answer> {
  const asked = await handable(turn, press.target)
  return "not" in asked ? asked.not : ask(handForm(turn, asked.alert, asked.to))
}

/** The other adult has the owner's days from now. Of two who give it away at once the first is heard. */
export async function handed(turn: Turn, submission: Submission): Promise<Answer> {
  const { tx, schoolId, actor, now } = turn
  const asked = await handable(turn, submission.target)
  if ("not" in asked) return asked.not
  const { alert } = asked
  const to = asked.to.find(({ id }) => id === submission.values.who)
  if (!to) return ask(refill(handForm(turn, alert, asked.to), submission.values), { who: say(actor.language, "hand_pick") })
  const dueAt = await ownerDueAt(turn, alert.siteId)
  if (!(await handAlert(tx, alert, { by: actor.personId, to: to.id, dueAt, now }))) return refused(turn, "just_moved")
  await wakeBy(tx, schoolId, "sweep", dueAt)
  await record(turn, "alert_handed", alert.subjectId, { alert: alert.id, to: to.id })
  const undo = buttons({ action: "alert_unhand", id: alert.id, label: say(actor.language, "undo") })
  return answer(done(turn, say(actor.language, "handed", { about: showSafely(alert.subjectName), adult: showSafely(to.name) }), undo))
}

/** Takes it back within the hour, as long as the other adult has not touched it: also a teacher, who may do nothing else with it by now. */
export async function unhanded(turn: Turn, press: Press): Promise<Answer> {
  const { tx, schoolId, actor, now } = turn
  const alert = await allowedAlert(turn, press.target, "handedBy")
  if (!alert) return noSuchNote(turn)
  const dueAt = await unhandAlert(tx, alert.id, actor.personId, new Date(now.getTime() - undoMs))
  if (dueAt === null) return replace(refusal(turn, "not_taken_back"))
  await wakeBy(tx, schoolId, "sweep", dueAt)
  await record(turn, "alert_unhanded", alert.subjectId, { alert: alert.id })
  return replace(done(turn, say(actor.language, "unhanded", { about: showSafely(alert.subjectName) })))
}
