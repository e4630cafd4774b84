// What tests of use cases do again and again: an answer that lies on a list, a press, a form, a command, and what an answer shows.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { expect } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import { writeReply } from "../../../db/queries/reflection.ts"
import { writePart } from "../../../db/queries/reflection-words.ts"
import { routes } from "../../../src/app.ts"
import type { Scene } from "../../../src/deps.ts"
import { assignReading, readingDue } from "../../../src/outreach/assign.ts"
import type { Account } from "../../../src/platform/account.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { Form } from "../../../src/platform/form.ts"
import { type Block, type Button, type Message, message } from "../../../src/platform/message.ts"
import { proseText } from "../../../src/platform/prose.ts"
import { readersOf } from "../../../src/reflection/readers.ts"
import { look, type PersonName, type StudentName, sceneFor, type TestSchool, turnFor } from "../../support/school.ts"

const written = { promptId: "peers-thank-someone", lens: "peers", mood: null, wants: null } as const

/** A reply as the reflection room keeps it, on its first reader's list. Returns its id. */
export const answerFrom = (school: TestSchool, who: StudentName, at: Date, words: string | null | readonly string[]): Promise<string> =>
  sceneFor(school, at, async (scene) => {
    const { tx, deps, schoolId } = scene
    const id = randomUUID()
    const studentId = school.people[who]
    await writeReply(tx, { ...{ schoolId, id, studentId, occurrenceId: null, part: null, now: at }, ...written })
    const parts = words === null || typeof words === "string" ? [words] : words
    for (const [i, part] of parts.entries()) await writePart(tx, deps.words, { schoolId, replyId: id, part: `m${i}`, now: at }, part)
    await assign(scene, id, studentId, at)
    return id
  })

export async function assign(scene: Scene, replyId: string, studentId: string, at: Date): Promise<string | null> {
  const student = await personById(scene.tx, studentId)
  if (!student) throw new Error("nobody has this id")
  const readers = await readersOf(scene, student)
  return assignReading(scene, { replyId, studentId, readers, dueAt: await readingDue(scene, student.siteId, at, at) })
}

const named = <Handler>(handlers: Readonly<Record<string, Handler>>, name: string): Handler | undefined => handlers[name]

export const press = (school: TestSchool, who: PersonName, now: Date, action: string, target: string, messageId = "m-1"): Promise<Answer> =>
  turnFor(school, who, now, { kind: "pressed", action, target, value: null, messageId }, async (turn, event) => {
    const handler = named(routes.pressed, action)
    if (!handler) throw new Error(`nothing answers ${action}`)
    return checked(await handler(turn, event))
  })

export const submit = (
  school: TestSchool,
  who: PersonName,
  now: Date,
  action: string,
  target: string,
  values: Readonly<Record<string, string>>,
): Promise<Answer> =>
  turnFor(school, who, now, { kind: "submitted", action, target, values }, async (turn, event) => {
    const handler = named(routes.submitted, action)
    if (!handler) throw new Error(`nothing takes the form ${action}`)
    return checked(await handler(turn, event))
  })

/** `about`: the account that the words mentioned. */
export const command = (school: TestSchool, who: PersonName, now: Date, name: string, text: string, about?: Account): Promise<Answer> =>
  turnFor(school, who, now, { kind: "commanded", command: name, text, ...(about ? { about } : {}) }, async (turn) => {
    const handler = named(routes.commanded, name)
    if (!handler) throw new Error(`no command is called ${name}`)
    return checked(await handler(turn, text))
  })

const studentNames = /\b(?:Ada|Brook|Ben|Benjamin|Hollow|Cleo|Marsh|Dani|Daniela|Sol|Finn|Quill|Eli|Stone|Gia|Vale)\b/

/** No answer may be over the caps of a platform, and none names a student where a lock screen shows it. */
function checked(answer: Answer): Answer {
  if (answer.kind === "quiet" || answer.kind === "ask") return answer
  const { summary, blocks } = messageOf(answer)
  expect(summary).not.toMatch(studentNames)
  message(summary, blocks)
  return answer
}

export function messageOf(answer: Answer): Message {
  if (answer.kind === "say" || answer.kind === "replace") return answer.message
  if (answer.kind === "home") return answer.view
  throw new Error(`expected a message, got ${answer.kind}`)
}

export function formOf(answer: Answer): Form {
  if (answer.kind !== "ask") throw new Error(`expected a form, got ${answer.kind}`)
  return answer.form
}

/** Everything a message shows but its buttons, a line a block. Quotes stand in «». */
export const shown = (value: Answer | Message): string => {
  const { blocks } = "kind" in value ? messageOf(value) : value
  return blocks.map(lineOf).join("\n")
}

function lineOf(block: Block): string {
  switch (block.kind) {
    case "text":
    case "note":
      return proseText(block.prose)
    case "quote":
      return `«${block.words}»`
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${value}`).join("\n")
    case "trend":
      return block.sentence
    case "divider":
    case "buttons":
    case "select":
      return ""
    default:
      return block satisfies never
  }
}

export const buttonsOf = (value: Answer | Message): Button[] =>
  ("kind" in value ? messageOf(value) : value).blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []))

export const actionsOf = (value: Answer | Message): string[] => buttonsOf(value).map(({ action }) => action)

export const refusal = "I know no student by that name among yours."

/** What was done to whom, in order: `act who`. */
export const deedsOf = async (school: TestSchool): Promise<string[]> => {
  const rows = await look<{ act: string; actor: string | null; subject: string | null }>(
    school,
    sql`select act, actor_id as actor, subject_id as subject from deed order by at, act`,
  )
  const nameOf = (id: string | null) => Object.entries(school.people).find(([, known]) => known === id)?.[0] ?? (id === null ? "nobody" : "someone")
  return rows.map(({ act, actor, subject }) => `${nameOf(actor)} ${act} ${nameOf(subject)}`)
}

/** Rivera's lead of Maple passes to Okafor on a day; hers ended the day before. */
export const newAdvisor = (school: TestSchool, who: StudentName, day: string): Promise<unknown> =>
  look(
    school,
    sql`with ended as (update tie set to_date = ${day}::date - 1 where student_id = ${school.people[who]} and adult_id = ${school.people.rivera} and kind = 'advisor')
        insert into tie (school_id, id, student_id, adult_id, kind, lead, source, from_date)
        values (${school.id}, ${randomUUID()}, ${school.people[who]}, ${school.people.okafor}, 'advisor', true, 'caseload', ${day})`,
  )

export const expectRefused = (answer: Answer, sentence: string = refusal): void => {
  expect(shown(answer)).toBe(sentence)
  expect(buttonsOf(answer)).toEqual([])
}
