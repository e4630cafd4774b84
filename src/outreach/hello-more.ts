// Decides that an adult may say more of a hello they logged: how it was, who came to whom, once what it was about. Refuses to know what was said.
import { contactById, type LoggedName, loggedTogether, type Told, tellContacts } from "../../db/queries/outreach-contact.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, ask, replace } from "../platform/answer.ts"
import { type Field, type Form, form, refill } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { refuse } from "./allowed.ts"
import { contactFields, toldIn } from "./contact-fields.ts"
import { loggedView } from "./hello.ts"
import { say } from "./phrases.ts"

type Logged = { contactId: string; before: Told; together: LoggedName[] }

/** Their own, and no line in reply: that one says itself what it was. Null for anything else. */
async function ownContact(turn: Turn, contactId: string): Promise<Logged | null> {
  const contact = isId(contactId) ? await contactById(turn.tx, contactId) : null
  if (turn.actor.role !== "staff" || contact?.adultId !== turn.actor.personId || contact.kind === "reply") return null
  return { contactId, before: contact, together: await loggedTogether(turn.tx, contactId) }
}

async function refused(turn: Turn, contactId: string): Promise<Answer> {
  const contact = isId(contactId) ? await contactById(turn.tx, contactId) : null
  return refuse(turn, "hello", contact?.studentId ?? null, "notYours")
}

const everybody = "all"

function moreForm(turn: Turn, { contactId, before, together }: Logged): Form {
  const { language } = turn.actor
  const names = together.map(({ id, studentName }) => ({ value: id, label: cut(showSafely(studentName), limits.optionLabel) }))
  const who: Field = {
    ...{ kind: "one_of", name: "who", label: say(language, "outreachWho"), initial: everybody },
    options: [{ value: everybody, label: say(language, "helloMoreAll") }, ...names],
  }
  return form({
    ...{ action: "hello_more", id: contactId, title: say(language, "helloMoreTitle"), submit: say(language, "helloMoreSubmit"), intro: [] },
    fields: [
      ...(together.length > 1 ? [who] : []),
      ...contactFields(
        language,
        before,
        together.some(({ about }) => about === null),
      ),
    ],
  })
}

export async function openHelloMore(turn: Turn, press: Press): Promise<Answer> {
  const one = await ownContact(turn, press.target)
  return one ? ask(moreForm(turn, one)) : refused(turn, press.target)
}

export async function submitHelloMore(turn: Turn, submission: Submission): Promise<Answer> {
  const { language, personId } = turn.actor
  const one = await ownContact(turn, submission.target)
  if (!one) return refused(turn, submission.target)
  const { who = everybody } = submission.values
  const chosen = one.together.filter(({ id }) => who === everybody || id === who)
  const read = toldIn(submission.values, language)
  if ("errors" in read || chosen.length === 0) {
    const errors = { ...("errors" in read ? read.errors : {}), ...(chosen.length === 0 ? { who: say(language, "pickOne") } : {}) }
    return ask(refill(moreForm(turn, one), submission.values), errors)
  }
  const { told } = read
  const ids = await tellContacts(
    turn.tx,
    personId,
    chosen.map(({ id }) => id),
    told,
  )
  const kept = chosen.filter(({ id }) => ids.includes(id))
  if (kept.length === 0) return refused(turn, submission.target)
  // What it was about is counted for the adult alone, so the deed does not say it.
  for (const { id, studentId } of kept) await record(turn, "hello_told", studentId, { contactId: id, kind: told.kind })
  return replace(await loggedView(turn, kept, told, await loggedTogether(turn.tx, submission.target)))
}
