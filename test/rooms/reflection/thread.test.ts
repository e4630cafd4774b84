// Words beneath a message of the bot's: a prompt's belong to its question, another message's to whatever is open.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { student } from "../../../src/reflection/student.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type Prompted, promptFor, type StudentName, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { shown } from "./shown.ts"

let database: TestDatabase
let schools = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

// Two questions whose windows overlap, as two sites' or a moved week's can.
const older = { thursday: "2027-02-04", tuesday: "2027-02-10" }
const newer = { thursday: "2027-02-09", tuesday: "2027-02-16" }
const bothOpen = at("2027-02-10", "10:00")
const oneOpen = at("2027-02-11", "10:00")
const noneOpen = at("2027-02-17", "10:00")

type Story = { school: TestSchool; first: Prompted; second: Prompted }
async function twoPrompts(): Promise<Story> {
  const school = await seedSchool(database.db, { tenant: `tenant-${++schools}` })
  const [first, second] = [await promptFor(school, "ada", older), await promptFor(school, "ada", newer)]
  await arrived(school, first.deliveryId, "D1/1")
  await arrived(school, second.deliveryId, "D1/2")
  return { school, first, second }
}
const arrived = (school: TestSchool, deliveryId: string, messageId: string) =>
  look(school, sql`update delivery set message_id = ${messageId} where id = ${deliveryId}`)

const write = async (
  school: TestSchool,
  inReplyTo: string | null,
  when: Date,
  who: StudentName = "ada",
  text = "A paper crane.",
): Promise<string> => {
  const happened = { kind: "said", messageId: randomUUID(), text, ...(inReplyTo === null ? {} : { inReplyTo }) } as const
  return shown(await turnFor(school, who, when, happened, (turn, event) => student.said(turn, event)))
}

const belongs = (school: TestSchool) =>
  look<{ occurrenceId: string | null; parts: number }>(
    school,
    sql`select r.occurrence_id as "occurrenceId", (select count(*)::int from reply_part p where p.reply_id = r.id) as parts from reply r order by created_at`,
  )

describe("words beneath a prompt", () => {
  test("answer that prompt, also where another is newer", async () => {
    const { school, first, second } = await twoPrompts()
    expect(await write(school, "D1/1", bothOpen)).toContain("Got it, Ada.")
    expect(await write(school, "D1/1", bothOpen)).toContain("Added.")
    expect(await belongs(school)).toEqual([{ occurrenceId: first.occurrenceId, parts: 2 }])
    const states = await look<{ id: string; state: string }>(school, sql`select id, state from occurrence order by opens_at`)
    expect(states).toEqual([
      { id: first.occurrenceId, state: "answered" },
      { id: second.occurrenceId, state: "open" },
    ])
  })

  test("answer it beneath its reminder as well", async () => {
    const { school, first } = await twoPrompts()
    await look(
      school,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, platform, tenant, user_id, due_at, expires_at, state, message_id)
          values (${school.id}, ${randomUUID()}, 'reminder', 'reminder:1', ${school.people.ada}, ${first.occurrenceId}, 'playground', ${school.tenant}, 'ada',
            ${bothOpen}, ${bothOpen}, 'sent', 'D1/3')`,
    )
    await write(school, "D1/3", bothOpen)
    expect(await belongs(school)).toEqual([{ occurrenceId: first.occurrenceId, parts: 1 }])
  })

  test("that has closed are kept without a question, leave the open one open, and hear so each time", async () => {
    const { school, second } = await twoPrompts()
    expect(await write(school, "D1/1", oneOpen)).toContain(
      "Those questions have closed, but I have kept your words. Rosa Rivera reads them by Monday.",
    )
    expect(await write(school, "D1/1", oneOpen)).toContain("Those questions have closed")
    expect(await belongs(school)).toEqual([{ occurrenceId: null, parts: 2 }])
    expect(await look(school, sql`select state from occurrence where id = ${second.occurrenceId}`)).toEqual([{ state: "open" }])
    const dani = await promptFor(school, "dani", older)
    await arrived(school, dani.deliveryId, "D2/1")
    expect(await write(school, "D2/1", noneOpen, "dani")).toContain("Esas preguntas ya se cerraron, pero he guardado tus palabras.")
  })
})

describe("words beneath anything else go where words without a thread go", () => {
  test("a receipt", async () => {
    const { school, second } = await twoPrompts()
    await look(
      school,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, platform, tenant, user_id, due_at, expires_at, state, message_id)
          values (${school.id}, ${randomUUID()}, 'read_receipt', 'read:1', ${school.people.ada}, ${randomUUID()}, 'playground', ${school.tenant}, 'ada',
            ${bothOpen}, ${bothOpen}, 'sent', 'D1/4')`,
    )
    await write(school, "D1/4", bothOpen)
    expect(await belongs(school)).toEqual([{ occurrenceId: second.occurrenceId, parts: 1 }])
  })

  test("no message of ours, no message at all, and one of the same name elsewhere", async () => {
    const { school, second } = await twoPrompts()
    await look(school, sql`update delivery set tenant = 'elsewhere' where message_id = 'D1/1'`)
    for (const inReplyTo of ["D1/99", "", "D1/1", null]) await write(school, inReplyTo, bothOpen)
    expect(await belongs(school)).toEqual([{ occurrenceId: second.occurrenceId, parts: 4 }])
    expect(await write(school, "D1/99", noneOpen)).toContain("No question is open right now")
  })

  test("another student's prompt", async () => {
    const { school } = await twoPrompts()
    await promptFor(school, "ben", older)
    expect(await write(school, "D1/1", oneOpen, "ben")).toContain("No question is open right now")
  })
})

describe("a message without words", () => {
  test.each(["", "   ", "\u200b"])("(%j) keeps nothing, beneath a prompt or not, and is told kindly what can be read", async (text) => {
    const { school } = await twoPrompts()
    for (const inReplyTo of ["D1/1", null])
      expect(await write(school, inReplyTo, bothOpen, "ada", text)).toBe("I can only read words. If it matters, write it in your own words.")
    expect(await write(school, null, bothOpen, "dani", text)).toBe("Solo sé leer palabras. Si es importante para ti, escríbelo con tus palabras.")
    expect(await belongs(school)).toEqual([])
  })

  test("that comes of an edit takes the words back, as deleting them does", async () => {
    const { school } = await twoPrompts()
    const edit = (text: string) =>
      turnFor(school, "ada", bothOpen, { kind: "edited", messageId: "w1", text }, (turn, event) => student.edited(turn, event))
    expect((await edit("  ")).kind).toBe("quiet")
    await edit("A paper crane.")
    expect(shown(await edit("  "))).toContain("Taken back.")
  })
})
