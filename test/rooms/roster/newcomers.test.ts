// Teams tells of everybody once, when the app is installed for them, and lists nobody: who they are is found at once, or else later.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { metBefore } from "../../../db/queries/reflection-student.ts"
import { askEnrolment } from "../../../db/queries/roster-enrol-wake.ts"
import { linkAccount } from "../../../db/queries/workspaces.ts"
import { createApp } from "../../../src/app.ts"
import { runLane } from "../../../src/delivery/lane.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import type { Failure } from "../../../src/platform/failure.ts"
import type { Message } from "../../../src/platform/message.ts"
import { dueEnrolments, type LookUp, openLookUp, runEnrolment } from "../../../src/roster/enrolments.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, sceneFor } from "../../support/school.ts"
import { shown } from "../conversation/knock.ts"
import { goLive } from "../delivery/vendor.ts"
import { addressesIn, type Chat, linksIn, mail, openChat } from "./chat.ts"

let database: TestDatabase
let chat: Chat
let lookUps: LookUp
let receive: (event: InboundEvent) => Promise<Answer>
let app: ReturnType<typeof createApp>
const sent: { user: string; message: Message }[] = []
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

// A Thursday afternoon.
const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  chat = await openChat(database.db, now, "teams")
  chat.vendor.people = async function* nobody() {}
  sent.length = 0
  const send = chat.vendor.send.bind(chat.vendor)
  chat.vendor.send = async (to, message, deliveryId) => {
    sent.push({ user: to.account.user, message })
    return send(to, message, deliveryId)
  }
  process(chat)
})

/** What a process has in memory. */
function process(of: Chat): void {
  lookUps = openLookUp(of.deps)
  app = createApp({ ...of.deps, lookUp: lookUps.lookUp })
  receive = app.receive
}

type Happened<E = InboundEvent> = E extends InboundEvent ? Omit<E, "id" | "at" | "from" | "where"> : never
const event = (user: string, happened: Happened): InboundEvent =>
  ({ id: randomUUID(), at: now, from: { account: { ...chat.workspace, user }, route: `r:${user}` }, where: "direct", ...happened }) as InboundEvent
const arrives = (user: string) => receive(event(user, { kind: "arrived" }))
const says = (user: string, text: string) => receive(event(user, { kind: "said", messageId: randomUUID(), text }))
const waiting = async () =>
  (await look<{ user: string }>(chat.school, sql`select user_id as "user" from newcomer where tenant = ${chat.workspace.tenant} order by 1`)).map(
    ({ user }) => user,
  )
const night = async () => {
  await withoutSchool(database.db, (tx) => askEnrolment(tx, chat.school.id, chat.workspace, chat.clock.at))
  return runEnrolment(chat.deps, { schoolId: chat.school.id, workspace: chat.workspace })
}
const deliver = () => runLane(chat.deps, app.letters, chat.school.id, chat.workspace)
const welcomes = () =>
  look<{ who: string; state: string; failure: string | null }>(
    chat.school,
    sql`select p.sourced_id as who, d.state, d.failure from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id where d.kind = 'welcome' order by 1`,
  )

describe("somebody whom the app was installed for", () => {
  test("is linked by their verified e-mail, in whatever case it is written, and is written to where they were met", async () => {
    chat.joins("u1", "ada", { email: ` ${mail("ada").toUpperCase()} ` })
    expect(await arrives("u1")).toEqual({ kind: "quiet" })
    await lookUps.settled()
    expect(await linksIn(chat)).toEqual({ u1: "ada" })
    expect(await addressesIn(chat)).toEqual([{ user: "u1", route: "r:u1", usedAt: null, trouble: null }])
    expect(await waiting()).toEqual([])
  })

  test("is greeted once it is known who they are: staff in their hours, and never twice", async () => {
    chat.joins("u2", "rivera")
    await arrives("u2")
    await lookUps.settled()
    chat.clock.at = at("2027-02-04", "22:00")
    expect(await deliver()).toMatchObject({ sent: 0, later: 1 })
    chat.clock.at = at("2027-02-05", "07:30")
    expect(await deliver()).toMatchObject({ sent: 1 })
    expect(sent.map(({ user }) => user)).toEqual(["u2"])
    expect(shown({ kind: "say", message: sent[0]?.message as Message })).toContain("Hi Rosa Rivera! I keep every student at Larch Hill known")
    await night()
    expect(await deliver()).toMatchObject({ sent: 0 })
    expect(await welcomes()).toEqual([{ who: "rivera", state: "sent", failure: null }])
  })

  test("is not greeted as a student before the school is live: the first question opens with the same words", async () => {
    chat.joins("u1", "ada")
    await arrives("u1")
    await lookUps.settled()
    await deliver()
    expect(sent).toEqual([])
    expect(await welcomes()).toEqual([{ who: "ada", state: "expired", failure: "not_live" }])
  })

  test("reads the first words of all as a student, once the school is live; the first question does not repeat them", async () => {
    await goLive(chat.school)
    chat.joins("u1", "ada")
    await arrives("u1")
    await lookUps.settled()
    await deliver()
    expect(sent.map(({ user }) => user)).toEqual(["u1"])
    const { message } = sent[0] ?? {}
    expect(message?.summary).not.toContain("Ada")
    expect(shown({ kind: "say", message: message as Message })).toMatch(/Ada[\s\S]*Rosa Rivera[\s\S]*stop/)
    const met = () => sceneFor(chat.school, now, ({ tx }) => metBefore(tx, chat.school.people.ada))
    expect(await met()).toEqual({ told: true, asked: false })
  })

  test("is not greeted as a student without consent, nor once they have said stop", async () => {
    await goLive(chat.school)
    await look(chat.school, sql`update person set stopped_at = ${now} where sourced_id = 'ben'`)
    for (const [user, who] of [
      ["u1", "finn"],
      ["u2", "ben"],
    ] as const) {
      chat.joins(user, who)
      await arrives(user)
    }
    await lookUps.settled()
    await deliver()
    expect(sent).toEqual([])
    expect((await welcomes()).map(({ who, failure }) => [who, failure])).toEqual([
      ["ben", "stopped"],
      ["finn", "consent"],
    ])
  })

  test("is not greeted where they have used another platform: they know", async () => {
    await look(
      chat.school,
      sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
          values (${chat.school.id}, 'slack', 'T1', 'U1', ${chat.school.people.rivera}, 'D1', ${now})`,
    )
    chat.joins("u2", "rivera")
    await arrives("u2")
    await lookUps.settled()
    // By whichever lane it would go.
    await runLane(chat.deps, app.letters, chat.school.id, { platform: "slack", tenant: "T1" })
    await deliver()
    expect(sent).toEqual([])
  })

  test("but is nobody of the school's hears nothing, and is kept by their id alone", async () => {
    chat.joins("u9", null, { email: "parent@elsewhere.example" })
    expect(await arrives("u9")).toEqual({ kind: "quiet" })
    await lookUps.settled()
    await deliver()
    expect(sent).toEqual([])
    expect(await linksIn(chat)).toEqual({})
    const [row] = await look<Record<string, unknown>>(chat.school, sql`select * from newcomer where tenant = ${chat.workspace.tenant}`)
    expect(Object.keys(row ?? {}).sort()).toEqual(["at", "greet", "platform", "route", "school_id", "tenant", "user_id"])
  })

  test("is found in the night once the roster has them, by another process that never met them, and greeted then", async () => {
    await look(chat.school, sql`update person set email = null where sourced_id = 'rivera'`)
    chat.joins("u2", "rivera")
    await arrives("u2")
    await lookUps.settled()
    expect(await night()).toBe("done")
    expect(await linksIn(chat)).toEqual({})
    expect(await waiting()).toEqual(["u2"])
    await look(chat.school, sql`update person set email = ${mail("rivera")} where sourced_id = 'rivera'`)
    process(chat)
    expect(await night()).toBe("done")
    expect(await linksIn(chat)).toEqual({ u2: "rivera" })
    // By the route that is kept: no conversation is opened for it.
    expect(chat.vendor.calls).toEqual([])
    await deliver()
    expect(sent.map(({ user }) => user)).toEqual(["u2"])
  })

  test("is forgotten where the app is taken from them, by their own word or by the vendor's", async () => {
    for (const user of ["u8", "u9"]) chat.joins(user, null)
    for (const user of ["u8", "u9"]) await arrives(user)
    await lookUps.settled()
    await receive(event("u8", { kind: "left" }))
    expect(await waiting()).toEqual(["u9"])
    chat.onProfile = () => ({ reason: "unreachable", detail: "BotNotInConversationRoster" })
    expect(await night()).toBe("done")
    expect(await waiting()).toEqual([])
  })

  test("is never linked as a guest", async () => {
    chat.joins("u1", "ada", { guest: true })
    await arrives("u1")
    await lookUps.settled()
    await night()
    expect(await linksIn(chat)).toEqual({})
  })
})

describe("the app installed for somebody who is known", () => {
  const installs = (user: string, route = `r:${user}`) => {
    const arrived = event(user, { kind: "arrived" })
    return receive({ ...arrived, from: { ...arrived.from, route } })
  }
  beforeEach(() => withoutSchool(database.db, (tx) => linkAccount(tx, { ...chat.workspace, user: "u2" }, chat.school.id, chat.school.people.rivera)))

  test("by night greets them in school hours, once, and not again when it is installed again", async () => {
    chat.clock.at = at("2027-02-04", "23:00")
    expect(await installs("u2")).toEqual({ kind: "quiet" })
    expect(await deliver()).toMatchObject({ sent: 0, later: 1 })
    chat.clock.at = at("2027-02-05", "07:30")
    expect(await deliver()).toMatchObject({ sent: 1 })
    expect(shown({ kind: "say", message: sent[0]?.message as Message })).toContain("Hi Rosa Rivera!")
    await receive(event("u2", { kind: "left" }))
    expect(await installs("u2")).toEqual({ kind: "quiet" })
    expect(await deliver()).toMatchObject({ sent: 0 })
    expect(await welcomes()).toEqual([{ who: "rivera", state: "sent", failure: null }])
  })

  test("greets nobody who was spoken with, and no student before the school is live", async () => {
    await withoutSchool(database.db, (tx) => linkAccount(tx, { ...chat.workspace, user: "u1" }, chat.school.id, chat.school.people.ada))
    await says("u2", "help")
    for (const user of ["u1", "u2"]) expect(await installs(user)).toEqual({ kind: "quiet" })
    await deliver()
    expect(sent).toEqual([])
    expect(await welcomes()).toEqual([{ who: "rivera", state: "expired", failure: "met" }])
  })

  test("is no use of theirs, nor is its removal", async () => {
    await installs("u2")
    expect(await addressesIn(chat)).toEqual([{ user: "u2", route: "r:u2", usedAt: null, trouble: null }])
    await says("u2", "help")
    chat.clock.at = at("2027-02-05", "15:00")
    await receive(event("u2", { kind: "left" }))
    await installs("u2")
    expect(await addressesIn(chat)).toEqual([{ user: "u2", route: "r:u2", usedAt: now, trouble: null }])
  })

  test("after it was gone writes to them again, by the new conversation", async () => {
    await says("u2", "help")
    await receive(event("u2", { kind: "left" }))
    expect(await addressesIn(chat)).toMatchObject([{ user: "u2", route: null, trouble: "left" }])
    await installs("u2", "r:anew")
    expect(await addressesIn(chat)).toMatchObject([{ user: "u2", route: "r:anew", trouble: null }])
  })

  test("takes no other conversation for theirs, as where an admin installs it for somebody and Teams names the admin", async () => {
    await says("u2", "help")
    await installs("u2", "r:a-student")
    expect(await addressesIn(chat)).toMatchObject([{ user: "u2", route: "r:u2" }])
  })
})

test("more than fit into memory, coming at once, are all found: the rest by a run that is asked for at the end", async () => {
  const users = Array.from({ length: 1_060 }, (_, n) => `n${String(n).padStart(4, "0")}`)
  await look(
    chat.school,
    sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id, email)
        select ${chat.school.id}::uuid, gen_random_uuid(), u, 'staff', u, 'Many', ${chat.school.sites.east}::uuid, u || '@larch.example'
        from unnest(${sql.param(users)}::text[]) u`,
  )
  for (const user of users)
    chat.people.set(user, { account: { ...chat.workspace, user }, email: `${user}@larch.example`, zone: null, language: null, guest: false })
  // Nobody is looked up before all have come.
  const held = Promise.withResolvers<void>()
  const profile = chat.vendor.profile.bind(chat.vendor)
  chat.vendor.profile = async (account) => {
    await held.promise
    return profile(account)
  }
  for (let from = 0; from < users.length; from += 20) await Promise.all(users.slice(from, from + 20).map(arrives))
  held.resolve()
  await lookUps.settled()
  expect(await waiting()).toHaveLength(60)
  expect(await dueEnrolments(chat.deps)).toContainEqual({ schoolId: chat.school.id, workspace: chat.workspace })
  expect(await runEnrolment(chat.deps, { schoolId: chat.school.id, workspace: chat.workspace })).toBe("done")
  expect(Object.keys(await linksIn(chat))).toHaveLength(1_060)
  expect(await waiting()).toEqual([])
}, 60_000)

describe("a run over newcomers", () => {
  const fails = (failure: Failure) => {
    chat.onProfile = () => failure
  }
  beforeEach(async () => {
    chat.joins("u2", "rivera", { email: null })
    await arrives("u2")
    await lookUps.settled()
    chat.joins("u2", "rivera")
  })

  test("waits as long as the vendor says", async () => {
    let asked = 0
    chat.onProfile = () => (asked++ === 0 ? { reason: "busy", retryAfterMs: 7_000 } : null)
    expect(await night()).toBe("done")
    expect(chat.slept).toEqual([7_000])
    expect(await linksIn(chat)).toEqual({ u2: "rivera" })
  })

  test("leaves a vendor alone that stays busy, and forgets nobody", async () => {
    fails({ reason: "busy", retryAfterMs: 1_000 })
    expect(await night()).toBe("done")
    expect(chat.slept).toHaveLength(10)
    expect(await waiting()).toEqual(["u2"])
  })

  test("passes over whom nothing was heard of, and pauses where the whole workspace refuses us", async () => {
    fails({ reason: "uncertain", detail: "http_502" })
    expect(await night()).toBe("done")
    expect(await waiting()).toEqual(["u2"])
    fails({ reason: "denied", detail: "AADSTS7000215" })
    expect(await night()).toBe("failed")
    expect(await waiting()).toEqual(["u2"])
  })

  test.each(["MessageWritesBlocked", "http_403", "ConversationNotFound", "no_service_url"])(
    "forgets nobody for what may be said of everybody in one strange night: %s",
    async (detail) => {
      fails({ reason: "unreachable", detail })
      expect(await night()).toBe("done")
      expect(await waiting()).toEqual(["u2"])
      fails({ reason: "unreachable", detail: "not_installed" })
      expect(await night()).toBe("done")
      expect(await waiting()).toEqual([])
    },
  )

  test("opens the conversation anew where the kept route leads nowhere, and writes there from then on", async () => {
    const profile = chat.vendor.profile.bind(chat.vendor)
    chat.vendor.profile = async (account, route) => (route === "r:u2" ? null : profile(account, route))
    expect(await night()).toBe("done")
    expect(await linksIn(chat)).toEqual({ u2: "rivera" })
    expect(chat.vendor.calls).toEqual(["reach u2"])
    expect(await addressesIn(chat)).toMatchObject([{ user: "u2", route: "opened:u2" }])
  })

  test("keeps nothing of whoever was nobody's for more than a year", async () => {
    chat.joins("u2", null)
    chat.clock.at = at("2028-02-03", "15:00")
    await night()
    expect(await waiting()).toEqual(["u2"])
    chat.clock.at = at("2028-02-06", "15:00")
    await night()
    expect(await waiting()).toEqual([])
  })

  test("drops whom an admin has linked by hand meanwhile, and whoever the mark came too late for", async () => {
    await withoutSchool(database.db, (tx) => linkAccount(tx, { ...chat.workspace, user: "u2" }, chat.school.id, chat.school.people.okafor))
    expect(await night()).toBe("done")
    expect(await waiting()).toEqual([])
    expect(await linksIn(chat)).toEqual({ u2: "okafor" })
    expect(await welcomes()).toEqual([])
  })
})

test("whoever writes before they are known is told so, looked up, and answered the next time", async () => {
  chat.joins("u2", "rivera")
  expect(shown(await says("u2", "help"))).toContain("I do not know this account yet")
  await lookUps.settled()
  expect(shown(await says("u2", "help"))).toContain("Here is what you can type")
  expect(await welcomes()).toEqual([])
})

test("of Slack, which lists everybody, no newcomer is kept", async () => {
  chat = await openChat(database.db, now, "slack")
  process(chat)
  await arrives("U9")
  await says("U9", "Hello?")
  await lookUps.settled()
  expect(await waiting()).toEqual([])
})
