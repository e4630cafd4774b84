// Decides what an adult is shown of a student they look up: as much as their standing allows, every look on the record.
// Refuses to show a word of the student's before it is asked for a second time.
import { lastContact } from "../../db/queries/outreach-contact.ts"
import { historyOf, type TieRow, tiesAround } from "../../db/queries/outreach-mentee.ts"
import { openReachOutsOf } from "../../db/queries/outreach-reach-out.ts"
import type { PersonCard } from "../../db/queries/people.ts"
import { calendarOf } from "../../db/queries/school.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { alertsAbout, noteButtons } from "../engagement/alert-blocks.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { findStudents, type Match, matchesMax, soughtBy, studentMeant, studentMeantWhole, wholly } from "../roster/find-person.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { type Allowed, allowed, refuse, told } from "./allowed.ts"
import { takeButton, talkedButton } from "./answer-reach-out.ts"
import { dayAt } from "./moments.ts"
import { say } from "./phrases.ts"
import { pictured, weeksTrend } from "./weeks.ts"

/** `/mentee NAME`, `/mentee @ACCOUNT`: one match is shown, several are listed, none and forbidden read alike. */
export async function mentee(turn: Turn, name: string): Promise<Answer> {
  if (turn.event.kind === "commanded" && turn.event.typing) return whileTyping(turn, name.trim())
  if (turn.actor.role !== "staff") return refuse(turn, "mentee", null)
  const sought = soughtBy(turn, name)
  if (sought === "") return answer(told(turn.actor.language, say(turn.actor.language, "menteeHow")))
  const found = await findStudents(turn, sought)
  const [only] = found
  if (!only) return refuse(turn, "mentee", await studentMeant(turn, sought))
  return found.length > 1 ? answer(whichOne(turn, found, "mentee")) : show(turn, only.id)
}

/** Nobody is shown and nothing goes on the record before a whole name stands there. Its answer cannot be pressed, so names are only read. */
async function whileTyping(turn: Turn, typed: string): Promise<Answer> {
  const { role, language } = turn.actor
  if (role !== "staff") return answer(told(language, say(language, "noSuchStudent")))
  if (typed === "") return answer(told(language, say(language, "menteeHow")))
  const found = await findStudents(turn, typed)
  const [whole, another] = wholly(found, typed)
  if (whole && !another) return show(turn, whole.id)
  if (found.length > 0) {
    const names = found.slice(0, matchesMax).map((one) => text(plain(cut(nameOf(one), limits.text))))
    return answer(told(language, say(language, "menteeTyping"), ...names, ...moreThan(found, language)))
  }
  const meant = await studentMeantWhole(turn, typed)
  return meant === null ? answer(told(language, say(language, "noSuchStudent"))) : refuse(turn, "mentee", meant)
}

export const menteePressed = (turn: Turn, press: Press): Promise<Answer> => show(turn, press.target)

/** The students that a name can mean, to press the right one. */
export function whichOne(turn: Turn, found: readonly Match[], action: "mentee" | "hello"): Message {
  const { language } = turn.actor
  const list = found.slice(0, matchesMax).map((one): Button => ({ action, id: one.id, label: cut(nameOf(one), limits.buttonLabel) }))
  const rows = [list.slice(0, limits.buttons), list.slice(limits.buttons)].filter((row) => row.length > 0)
  return told(language, say(language, "menteeWhich"), ...rows.map((row) => buttons(...row)), ...moreThan(found, language))
}

const nameOf = ({ name, grade }: Match): string => (grade === null ? showSafely(name) : `${showSafely(name)}, ${gradeShown(grade)}`)

const moreThan = (found: readonly Match[], language: Language): Block[] =>
  found.length > matchesMax ? [note(plain(say(language, "menteeMore")))] : []

async function show(turn: Turn, studentId: string): Promise<Answer> {
  const seen = await allowed(turn, studentId, "see_student")
  if (!seen) return refuse(turn, "mentee", isId(studentId) ? studentId : null)
  await record(turn, "mentee_viewed", seen.student.id)
  const whole = may(turn.actor, "see_weeks", seen.standing).allowed
  return answer(whole ? await wholeCard(turn, seen) : await classCard(turn, seen))
}

/** Rosters write "09"; people say 9. */
const gradeShown = (grade: string): string => grade.replace(/^0+(?=\d)/, "")

type Fact = { label: string; value: string }
const fact = (label: string, value: string): Fact => ({ label, value: cut(showSafely(value), limits.fact - label.length) })

const heading = (student: PersonCard): Block => text(strong(cut(showSafely(student.name), limits.text)))

/** What a class tie may see: the name they go by, pronouns, last contact. */
async function classCard(turn: Turn, { student }: Allowed): Promise<Message> {
  return message(say(turn.actor.language, "menteeSummary"), [
    heading(student),
    { kind: "facts", facts: [...pronounsOf(turn, student), await contactFact(turn, student)] },
    buttons(...(await noteButtons(turn, student.id, false, turn.actor.language))),
  ])
}

const pronounsOf = (turn: Turn, student: PersonCard): Fact[] =>
  student.pronouns === null ? [] : [fact(say(turn.actor.language, "pronouns"), student.pronouns)]

async function contactFact(turn: Turn, student: PersonCard): Promise<Fact> {
  const { language, zone } = turn.actor
  const last = await lastContact(turn.tx, student.id)
  const label = say(language, "lastContact")
  if (!last) return fact(label, say(language, "noContact"))
  const vars = { day: dayAt(last.at, zone, language), kind: say(language, `kind.${last.kind}`), adult: last.adultName }
  return fact(label, say(language, "lastContactOf", vars))
}

async function wholeCard(turn: Turn, seen: Allowed): Promise<Message> {
  const { tx, now, actor } = turn
  const { language } = actor
  const { student } = seen
  const today = localDate(now, student.zone)
  const ties = await tiesAround(tx, student.id, today)
  const history = await historyOf(tx, student.id)
  const actions: Button[] = [{ action: "hello", id: student.id, label: say(language, "saidHello"), style: "primary" }]
  const reads = may(actor, "read_words", seen.standing).allowed
  if (reads) actions.push({ action: "mentee_words", id: student.id, label: say(language, "showAnswers") })
  actions.push(...(await noteButtons(turn, student.id, reads, language)))
  return message(say(language, "menteeSummary"), [
    heading(student),
    {
      kind: "facts",
      facts: [
        ...pronounsOf(turn, student),
        ...(student.grade === null ? [] : [fact(say(language, "grade"), gradeShown(student.grade))]),
        fact(say(language, "advisor"), namesIn(ties, "advisor") || say(language, "nobody")),
        ...(namesIn(ties, "class") ? [fact(say(language, "teacher"), namesIn(ties, "class"))] : []),
        await contactFact(turn, student),
      ],
    },
    pictured(weeksTrend(history, today, await calendarOf(tx, student.siteId), language)),
    ...(await alertsAbout(turn, student.id, actor.personId, language)).slice(0, notesMax),
    ...(await openWishes(turn, student)),
    buttons(...actions),
  ])
}

const namesIn = (ties: readonly TieRow[], kind: TieRow["kind"]): string =>
  ties
    .filter((tie) => tie.kind === kind)
    .map(({ name, group }) => (group === null ? name : `${name} (${group})`))
    .join(", ")

const notesMax = 4
const wishesMax = 3

async function openWishes(turn: Turn, student: PersonCard): Promise<Block[]> {
  const { language, zone } = turn.actor
  const open = await openReachOutsOf(turn.tx, student.id)
  return open.slice(0, wishesMax).flatMap(({ id, createdAt, ownerName }) => {
    const adult = showSafely(ownerName ?? say(language, "theCounsellors"))
    const sentence = say(language, "openReachOut", { day: dayAt(createdAt, zone, language), adult })
    return [text(plain(sentence)), buttons(takeButton(id, language), talkedButton(id, language))]
  })
}
