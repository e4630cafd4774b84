import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { Router } from "express"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { keepAddress } from "../../../db/queries/people.ts"
import { connectWorkspace, linkAccount } from "../../../db/queries/workspaces.ts"
import { type Letters, runLane } from "../../../src/delivery/lane.ts"
import { owe } from "../../../src/delivery/owe.ts"
import { createLog } from "../../../src/log.ts"
import type { Address, PlatformName } from "../../../src/platform/account.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { message } from "../../../src/platform/message.ts"
import type { Platform } from "../../../src/platform/platform.ts"
import { gateOf, servesStudents } from "../../../src/safety/gate.ts"
import { fixedWordsVersion } from "../../../src/safety/words.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, sceneFor, type TestSchool } from "../../support/school.ts"
import { shown } from "../reflection/shown.ts"
import { eventsIn, freshSchool, knock, set, told } from "./rows-steps.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const tenant = (school: TestSchool): string => `T-${school.tenant}`

/** The same school on a real platform: a few of its people have accounts there, used last. */
async function onSlack(people: readonly PersonName[] = ["ada", "rivera"]): Promise<TestSchool> {
  const school = await freshSchool(database.db, [["linde"], ["parr"]])
  await set(school, "slack.minimum_age", 0)
  await withoutSchool(database.db, async (tx) => {
    await connectWorkspace(tx, { platform: "slack", tenant: tenant(school) }, school.id)
    for (const who of people) await linkAccount(tx, { platform: "slack", tenant: tenant(school), user: who }, school.id, school.people[who])
  })
  await sceneFor(school, now, async ({ tx }) => {
    for (const who of people) {
      const account = { platform: "slack", tenant: tenant(school), user: who } as const
      await keepAddress(tx, { schoolId: school.id, ...account, personId: school.people[who], route: `D-${who}`, now })
    }
  })
  return school
}

async function open(school: TestSchool): Promise<void> {
  await set(school, "safety.hours", { weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "07:30", close: "16:00" }], breaks: { kind: "covered" } })
  await set(school, "safety.signoff", { by: "lena linde", on: "2027-01-08", version: fixedWordsVersion() })
  await set(school, "consent.basis", "school")
  await set(school, "family.notice", "2027-01-09")
}

type Happened = { kind: "said"; messageId: string; text: string } | { kind: "opened_home" } | { kind: "deleted"; messageId: string }
const fromSlack = (school: TestSchool, who: PersonName, happened: Happened): InboundEvent => {
  const account = { platform: "slack", tenant: tenant(school), user: who } as const
  return { id: randomUUID(), at: now, from: { account, route: `D-${who}` }, where: "direct", ...happened }
}
const type = (school: TestSchool, who: PersonName, text: string) =>
  knock(school, now, fromSlack(school, who, { kind: "said", messageId: randomUUID(), text }))

describe("the gate", () => {
  test("reads what is missing from the school's own rows, each with its command", async () => {
    const school = await onSlack()
    const gate = () => sceneFor(school, now, (scene) => gateOf(scene))
    expect((await gate()).missing.map(({ key }) => key)).toEqual(["safety.hours", "safety.signoff", "consent.basis", "family.notice"])
    await open(school)
    expect(await gate()).toEqual({ ready: true, missing: [] })
    for (const by of ["Dana Wren", "Ada Brook"]) {
      await set(school, "safety.signoff", { by, on: "2027-01-08", version: fixedWordsVersion() })
      expect((await gate()).missing.map(({ key }) => key)).toEqual(["safety.signoff"])
    }
    await set(school, "safety.signoff", { by: school.people.rivera, on: "2027-01-08", version: fixedWordsVersion() })
    expect((await gate()).ready).toBe(true)
    await look(school, sql`update person set status = 'ended' where id = ${school.people.parr}`)
    expect((await gate()).missing.map(({ key }) => key)).toEqual(["safety.ladder"])
  })

  test("never holds the playground", async () => {
    const school = await onSlack()
    const serves = (platform: PlatformName) => sceneFor(school, now, (scene) => servesStudents(scene, platform))
    expect([await serves("playground"), await serves("slack"), await serves("teams")]).toEqual([true, false, false])
  })
})

describe("a student on a real platform", () => {
  test("is told in one sentence that the school has not switched it on, and nothing is kept", async () => {
    const school = await onSlack()
    expect(shown(await type(school, "ada", "I drew a crane"))).toMatch(/^Hi Ada Brook! Your school has not switched me on yet/)
    expect((await knock(school, now, fromSlack(school, "ada", { kind: "opened_home" }))).kind).toBe("home")
    expect(await knock(school, now, fromSlack(school, "ada", { kind: "deleted", messageId: "m" }))).toEqual({ kind: "quiet" })
    expect(await look(school, sql`select 1 from reply`)).toEqual([])
  })

  test("is heard all the same where words are about danger", async () => {
    const school = await onSlack()
    expect(shown(await type(school, "ada", "I want to kill myself"))).toContain("I am bringing in Lena Linde now.")
    expect(await eventsIn(school)).toHaveLength(1)
    expect(await told(school)).toEqual({ 1: ["linde"] })
    expect(await look(school, sql`select 1 from reply`)).toEqual([])
  })

  test("is served once the gate is open, and staff always were", async () => {
    const school = await onSlack()
    expect(shown(await type(school, "rivera", "help"))).toContain("mentee NAME")
    await open(school)
    expect(shown(await type(school, "ada", "I drew a crane"))).toContain("I have kept your words")
  })
})

describe("the lane of a real platform", () => {
  const letter = async () => ({ kind: "message", message: message("a letter", []) }) as const
  const letters: Letters = {
    ...{ welcome: letter, prompt: letter, reminder: letter, read_receipt: letter, line: letter, reach_out: letter, reach_out_news: letter },
    ...{ reading_list: letter, brief: letter, safety_resources: letter, safety_alert: letter, notice: letter, workspace_paused: letter },
  }

  async function run(school: TestSchool): Promise<Record<string, string>> {
    const sent: Address[] = []
    const slack: Platform = {
      name: "slack",
      router: Router(),
      listen: () => {},
      send: async (to) => {
        sent.push(to)
        return { address: to, messageId: randomUUID() }
      },
      reach: async (account) => ({ account, route: "D" }),
      find: async () => "absent",
      people: async function* () {},
      profile: async () => null,
      stop: async () => {},
    }
    await sceneFor(school, now, async (scene) => {
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + 3_600_000) }
      await owe(
        scene,
        { kind: "prompt", dedupeKey: "prompt:1", personId: school.people.ada, ...times },
        { kind: "safety_resources", dedupeKey: "safety_resources:1", personId: school.people.ada, urgent: true, ...times },
        { kind: "brief", dedupeKey: "brief:1", personId: school.people.rivera, ...times },
      )
    })
    const deps = await sceneFor(school, now, async (scene) => scene.deps)
    const platforms = new Map([["slack", slack] as const])
    const lane = { ...deps, db: database.db, clock: { now: () => now }, platforms, log: createLog("silent"), wakeLanes: async () => {} }
    await runLane(lane, letters, school.id, { platform: "slack", tenant: tenant(school) })
    const rows = await look<{ kind: string; end: string }>(
      school,
      sql`select kind, coalesce(failure, state) as end from delivery where platform = 'slack'`,
    )
    expect(sent).toHaveLength(rows.filter(({ end }) => end === "sent").length)
    return Object.fromEntries(rows.map(({ kind, end }) => [kind, end]))
  }

  test("drops what is owed to students before the school is ready, but for where help is to be had", async () => {
    expect(await run(await onSlack())).toEqual({ prompt: "not_live", safety_resources: "sent", brief: "sent" })
  })

  test("sends it all once the school is ready", async () => {
    const school = await onSlack()
    await open(school)
    expect(await run(school)).toEqual({ prompt: "sent", safety_resources: "sent", brief: "sent" })
  })
})
