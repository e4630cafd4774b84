// Decides how an adult logs a hello in their own words: by a name after the command, or by a form. Refuses to ask what was said.
import type { Told } from "../../db/queries/outreach-contact.ts"
import { studentsSeenBy } from "../../db/queries/roster-find.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask } from "../platform/answer.ts"
import { type Field, type FieldErrors, type Form, form, refill } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import { findStudents, type Match, soughtBy, studentMeant } from "../roster/find-person.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { allowed, isCounsellor, refuse } from "./allowed.ts"
import { contactFields, toldIn } from "./contact-fields.ts"
import { logged } from "./hello.ts"
import { whichOne } from "./mentee.ts"
import { say } from "./phrases.ts"

export async function outreach(turn: Turn, name: string): Promise<Answer> {
  if (turn.actor.role !== "staff") return refuse(turn, "outreach", null)
  const sought = soughtBy(turn, name)
  if (sought === "") return ask(await outreachForm(turn, null))
  const found = await greetable(turn, await findStudents(turn, sought))
  const [only] = found
  if (!only) return refuse(turn, "outreach", await studentMeant(turn, sought))
  if (found.length > 1) return answer(whichOne(turn, found, "hello"))
  return logFor(turn, only.id, { kind: "hello", direction: "out", about: null })
}

export async function openOutreach(turn: Turn, press: Press): Promise<Answer> {
  if (turn.actor.role !== "staff") return refuse(turn, "outreach", null)
  const may = press.target === "" ? null : await allowed(turn, press.target, "act")
  return ask(await outreachForm(turn, may?.student ?? null))
}

/** A class tie sees a student and yet does not act for them. */
async function greetable(turn: Turn, found: readonly Match[]): Promise<Match[]> {
  const may = await Promise.all(found.map(async (one) => ((await allowed(turn, one.id, "act")) ? one : null)))
  return may.filter((one) => one !== null)
}

async function logFor(turn: Turn, studentId: string, told: Told): Promise<Answer> {
  const may = await allowed(turn, studentId, "act")
  if (!may) return refuse(turn, "outreach", isId(studentId) ? studentId : null)
  return logged(turn, may.student, told, `event:${turn.event.id}`)
}

/** A list while the adult's own students fit into one; else, as for most counsellors, a name. */
async function outreachForm(turn: Turn, chosen: { id: string; name: string } | null): Promise<Form> {
  const { tx, actor, now } = turn
  const { language } = actor
  const adult = { id: actor.personId, counsellor: isCounsellor(turn), day: localDate(now, actor.zone) }
  const seen = chosen ? [chosen] : await studentsSeenBy(tx, adult, null, limits.options + 1)
  const students = seen.filter((one) => !("tie" in one) || adult.counsellor || one.tie === "advisor")
  const options = students.map(({ id, name }) => ({ value: id, label: cut(showSafely(name), limits.optionLabel) }))
  const who: Field =
    seen.length > limits.options || options.length === 0
      ? { kind: "line", name: "who", label: say(language, "outreachWho"), hint: say(language, "outreachWhoHint"), max: 100 }
      : { kind: "one_of", name: "who", label: say(language, "outreachWho"), options, ...(chosen ? { initial: chosen.id } : {}) }
  return form({
    action: "outreach",
    id: chosen?.id ?? "",
    title: say(language, "outreachTitle"),
    submit: say(language, "outreachSubmit"),
    intro: [],
    fields: [who, ...contactFields(language, {}, true)],
  })
}

export async function submitOutreach(turn: Turn, submission: Submission): Promise<Answer> {
  const { language } = turn.actor
  if (turn.actor.role !== "staff") return refuse(turn, "outreach", null)
  const { who = "" } = submission.values
  const read = toldIn(submission.values, language)
  const found = isId(who) ? [{ id: who }] : await greetable(turn, await findStudents(turn, who))
  const [only] = found
  if ("told" in read && only && found.length === 1) return logFor(turn, only.id, read.told)
  const errors: FieldErrors = {
    ...("errors" in read ? read.errors : {}),
    ...(found.length === 1 ? {} : { who: say(language, found.length > 1 ? "outreachSeveral" : "outreachUnknown") }),
  }
  if (found.length === 0) await refuse(turn, "outreach", await studentMeant(turn, who))
  return ask(refill(await outreachForm(turn, null), submission.values), errors)
}
