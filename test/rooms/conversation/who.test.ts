// Who is answered on a real platform, and what is kept of those who are not served there: strangers and the young.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { connectWorkspace, linkAccount } from "../../../db/queries/workspaces.ts"
import { createApp } from "../../../src/app.ts"
import { createLog } from "../../../src/log.ts"
import type { Account } from "../../../src/platform/account.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { kept, shown } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let tenant: string
let asked: Account[]
let receive: (event: InboundEvent) => Promise<Answer>
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
  tenant = `T-${randomUUID()}`
  asked = []
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "slack", tenant }, school.id))
  const { deps } = await sceneFor(school, now, async (scene) => scene)
  const log = createLog("silent", { write: () => {} })
  const lookUp = (account: Account) => void asked.push(account)
  const app = createApp({ ...deps, db: database.db, clock: { now: () => now }, log, wakeLanes: async () => {}, lookUp })
  receive = app.receive
})

type Happened<E = InboundEvent> = E extends InboundEvent ? Omit<E, "id" | "at" | "from" | "where"> : never
const from = (user: string, happened: Happened, more: Partial<Pick<InboundEvent, "id" | "where">> = {}): InboundEvent => {
  const account = { platform: "slack", tenant, user } as const
  return { id: randomUUID(), at: now, from: { account, route: `D-${user}` }, where: "direct", ...more, ...happened } as InboundEvent
}
const say = (user: string, text: string) => receive(from(user, { kind: "said", messageId: randomUUID(), text }))
const link = (user: string, who: PersonName) =>
  withoutSchool(database.db, (tx) => linkAccount(tx, { platform: "slack", tenant, user }, school.id, school.people[who]))
const danger = "I want to kill myself"

describe("an account that is linked to nobody", () => {
  test("is told that its e-mail is looked for, and it is, behind the answer", async () => {
    const before = await kept(school)
    const answer = shown(await say("U9", "Hello?"))
    expect(answer).toContain("I do not know this account yet. I am now looking for its e-mail on Larch Hill's list")
    expect(answer).toContain("ask the school office")
    expect(asked).toEqual([{ platform: "slack", tenant, user: "U9" }])
    expect(await kept(school)).toEqual(before)
  })

  test("hears it in Spanish at a school that speaks it", async () => {
    await look(school, sql`update school set language = 'es'`)
    expect(shown(await say("U9", "¿Hola?"))).toContain("Ahora busco su correo en la lista de Larch Hill")
  })

  test("is answered the same to a button, a form, a command and its home page", async () => {
    const events: Happened[] = [
      { kind: "pressed", action: "reading_open", target: "", value: null, messageId: "m" },
      { kind: "submitted", action: "reflect_first", target: randomUUID(), values: { words: "hi" } },
      { kind: "commanded", command: "/mentee", text: "Ada" },
      { kind: "opened_home" },
    ]
    for (const happened of events) expect(shown(await receive(from("U9", happened)))).toContain("I do not know this account yet")
    expect(asked).toHaveLength(4)
  })

  test("is not spoken to for having joined the workspace, and is looked up all the same", async () => {
    expect(await receive(from("U9", { kind: "arrived" }))).toEqual({ kind: "quiet" })
    expect(asked).toHaveLength(1)
  })

  test("is not looked up for leaving, nor twice for one event", async () => {
    expect(await receive(from("U9", { kind: "left" }))).toEqual({ kind: "quiet" })
    expect(asked).toEqual([])
    const event = from("U9", { kind: "said", messageId: "m", text: "Hello?" })
    await receive(event)
    expect(await receive(event)).toEqual({ kind: "quiet" })
    expect(asked).toHaveLength(1)
  })

  test("is heard when it writes of danger: help at once, and the ladder hears which account it was", async () => {
    expect(shown(await say("U9", danger))).toContain("988")
    const [event] = await look<{ account: string; student: string | null }>(school, sql`select account, student_id as student from safety_event`)
    expect(event).toEqual({ account: `slack/${tenant}/U9`, student: null })
    expect(await look(school, sql`select 1 from delivery where kind = 'safety_alert'`)).toHaveLength(1)
    expect(asked).toHaveLength(1)
  })

  test("of somebody who has left the school is not looked up: it is known", async () => {
    await link("U1", "ada")
    await look(school, sql`update person set status = 'ended' where id = ${school.people.ada}`)
    expect(shown(await say("U1", "Hello?"))).toContain("I only talk with people on Larch Hill's list")
    expect(asked).toEqual([])
  })
})

test("a workspace that nobody connected does not greet whoever joins it", async () => {
  const event = from("U9", { kind: "arrived" })
  expect(await receive({ ...event, from: { ...event.from, account: { ...event.from.account, tenant: "T-NOBODY" } } })).toEqual({ kind: "quiet" })
  expect(asked).toEqual([])
})

describe("a student too young for Slack", () => {
  const count = async () => {
    const [row] = await look<{ addresses: number }>(school, sql`select count(*) as addresses from address where tenant = ${tenant}`)
    return { ...(await kept(school)), slack: row?.addresses }
  }
  beforeEach(() => link("U1", "ada"))

  test("is told so in one sentence, whatever they do, and nothing of it is kept", async () => {
    const { occurrenceId } = await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
    const before = await count()
    const events: Happened[] = [
      { kind: "said", messageId: "m1", text: "I built a crane." },
      { kind: "submitted", action: "reflect_first", target: occurrenceId, values: { words: "I built a crane.", wants: "someone" } },
      { kind: "pressed", action: "reflect_first", target: occurrenceId, value: null, messageId: "m" },
      { kind: "commanded", command: "/reflect", text: "" },
      { kind: "opened_home" },
    ]
    for (const happened of events)
      expect(shown(await receive(from("U1", happened)))).toBe(
        "Hi Ada Brook! Slack has a minimum age, so your school has not switched me on here for your grade, and I keep nothing that you write. If something is on your mind, talk to an adult you trust at school.",
      )
    expect((await receive(from("U1", { kind: "edited", messageId: "m1", text: "I built a tower." }))).kind).toBe("quiet")
    expect(await count()).toEqual(before)
    expect(asked).toEqual([])
  })

  test("is not spoken to for having joined the workspace, nor is any other student before the school is live", async () => {
    expect(await receive(from("U1", { kind: "arrived" }))).toEqual({ kind: "quiet" })
    await look(school, sql`update person set grade = '11' where id = ${school.people.ada}`)
    expect(shown(await say("U1", "Hello?"))).toContain("has not switched me on yet")
    expect(await receive(from("U1", { kind: "arrived" }))).toEqual({ kind: "quiet" })
  })

  test("hears it in their language", async () => {
    await link("U2", "dani")
    expect(shown(await say("U2", "Hola"))).toContain("Slack tiene una edad mínima")
  })

  test("is heard when they write of danger, by name, and help goes to where they wrote", async () => {
    expect(shown(await say("U1", danger))).toContain("988")
    expect(await look(school, sql`select student_id as id from safety_event`)).toEqual([{ id: school.people.ada }])
    const owed = await look(school, sql`select state, platform, tenant from delivery where kind = 'safety_resources'`)
    expect(owed).toEqual([{ state: "planned", platform: "slack", tenant }])
    expect(await kept(school)).toMatchObject({ replies: 0, parts: 0 })
  })

  test("is served in the playground as before, and there their messages go", async () => {
    const answer = await receive({ ...from("ada", { kind: "said", messageId: "m1", text: "I built a crane." }), ...playground("ada") })
    expect(shown(answer)).not.toContain("minimum age")
    expect(await kept(school)).toMatchObject({ replies: 1 })
  })

  const playground = (user: string): Pick<InboundEvent, "from"> => ({
    from: { account: { platform: "playground", tenant: school.tenant, user }, route: `direct:${user}` },
  })

  test("is one of those that are served once old enough, or where the school keeps nobody off", async () => {
    for (const change of [
      sql`update person set grade = '11' where id = ${school.people.ada}`,
      sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, 'slack.minimum_age', '0', ${now})`,
    ]) {
      await look(school, sql`update person set grade = '10' where id = ${school.people.ada}`)
      expect(shown(await say("U1", "Hello?"))).toContain("minimum age")
      await look(school, change)
      expect(shown(await say("U1", "Hello?"))).toContain("has not switched me on yet")
    }
  })

  test("is never a member of staff", async () => {
    await link("U3", "rivera")
    expect(shown(await receive(from("U3", { kind: "commanded", command: "/rapport", text: "help" })))).not.toContain("minimum age")
  })
})
