import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { botScopes } from "../../adapters/slack/scopes.ts"
import { rows, withoutSchool } from "../../db/client.ts"
import { pauseWorkspace } from "../../db/queries/workspaces.ts"
import { schoolInvited } from "../../src/roster/connect.ts"
import { loadSample } from "../../src/sample.ts"
import { openSlackVendor, type SlackVendor } from "../adapters/slack/vendor/vendor.ts"
import { fixturePath } from "../fixtures/roster/files.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, rapportHere } from "./rapport.ts"

const sample = join(import.meta.dirname, "../../sample")
const zones = ["--zone", "America/New_York", "--zone", "lvs-prairie=America/Chicago"]
let database: TestDatabase
let vendor: SlackVendor
let env: Record<string, string>

beforeAll(async () => {
  database = await testDatabase()
  vendor = await openSlackVendor({ transport: "http", people: [], scopes: botScopes })
  env = {
    ...envOf(database.ownerUrl),
    SLACK_API_URL: vendor.apiUrl,
    SLACK_BOT_TOKEN: vendor.team.botToken,
    SLACK_SIGNING_SECRET: vendor.signingSecret,
  }
})
afterAll(async () => {
  await vendor.close()
  await database.close()
})

const rapport = (...args: string[]) => rapportHere(env)(...args)
const fails = async (...args: string[]): Promise<string> => {
  const run = await rapport(...args)
  expect(run).toMatchObject({ code: 1, out: "" })
  return run.err
}
const done = async (...args: string[]): Promise<string> => {
  const run = await rapport(...args)
  expect(run).toMatchObject({ code: 0, err: "" })
  return run.out
}
const state = () =>
  withoutSchool(database.db, (tx) =>
    rows<{ kind: string }>(
      tx,
      sql`select 'workspace ' || tenant || coalesce(' ' || paused, '') as kind from workspace where platform = 'slack'
      union all select kind || ' ' || tenant from wake where platform = 'slack' order by 1`,
    ),
  ).then((found) => found.map(({ kind }) => kind))

// One story: each step stands on the one before.
describe("rapport connect slack, by a bot token", () => {
  test("has nothing to connect to before there is a school", async () => {
    expect(await fails("connect", "slack")).toContain("There is no school here yet")
    expect(await state()).toEqual([])
  })

  test("says which variable to correct where Slack refuses, and changes nothing", async () => {
    await done("roster", "import", sample, ...zones, "--consent", "school", "--school", "Larkspur Valley")
    env = { ...env, SLACK_BOT_TOKEN: "xoxb-other" }
    expect(await fails("connect", "slack")).toMatch(
      /^Slack does not know this token \(invalid_auth\): .* correct SLACK_BOT_TOKEN\. Nothing was changed\.\n$/,
    )
    env = { ...env, SLACK_BOT_TOKEN: vendor.team.botToken }
    vendor.fail("account_inactive", "auth.test")
    expect(await fails("connect", "slack")).toContain("The app was removed from the workspace (account_inactive): install it again")
    vendor.fail("http:503", "auth.test")
    expect(await fails("connect", "slack")).toContain("Slack does not answer (http_503)")
    vendor.fail("rate:40", "auth.test")
    expect(await fails("connect", "slack")).toContain("try again in 40 seconds")
    env = { ...env, SLACK_API_URL: "http://127.0.0.1:1/api/" }
    expect(await fails("connect", "slack")).toContain("Slack does not answer (request_failed)")
    env = { ...env, SLACK_API_URL: vendor.apiUrl }
    expect(await state()).toEqual([])
  })

  test("connects the token's workspace, leaves a mark that its people are to be looked up, and says what is still to do", async () => {
    const out = await done("connect", "slack")
    expect(out).toContain("The Slack workspace Larkspur (T0LARKSPUR) is now connected to Larkspur Valley.")
    expect(out).toMatch(/No student is asked anything yet: \d things to do before that, see "rapport golive"\./)
    expect(await state()).toEqual(["enrol T0LARKSPUR", "lane T0LARKSPUR", "workspace T0LARKSPUR"])
    expect(vendor.calls.map(({ method }) => method).filter((method) => method !== "auth.test")).toEqual([])
  })

  test("may be said twice", async () => {
    expect(await done("connect", "slack")).toContain("is connected already to Larkspur Valley")
    expect(await state()).toHaveLength(3)
  })

  test("ends a pause", async () => {
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, { platform: "slack", tenant: "T0LARKSPUR" }, "token_revoked"))
    expect(await state()).toContain("workspace T0LARKSPUR token_revoked")
    expect(await done("connect", "slack")).toContain("is now connected")
    expect(await state()).toContain("workspace T0LARKSPUR")
  })

  test("does not take a workspace from another school, and asks which is meant", async () => {
    await done("roster", "import", fixturePath("sds-2.1"), "--school", "Two Pines")
    expect(await fails("connect", "slack")).toContain("There are several schools here: add --school")
    expect(await fails("connect", "slack", "--school", "two pines")).toMatch(
      /^The Slack workspace Larkspur \(T0LARKSPUR\) belongs to another school here/,
    )
    expect(await done("connect", "slack", "--school", "Larkspur Valley")).toContain("is connected already")
  })
})

describe("rapport connect slack, by an install link", () => {
  const secret = "s".repeat(32)
  const oauth = () => {
    const { SLACK_BOT_TOKEN: _, ...rest } = env
    return {
      ...rest,
      SLACK_CLIENT_ID: vendor.clientId,
      SLACK_CLIENT_SECRET: vendor.clientSecret,
      SLACK_STATE_SECRET: secret,
      PUBLIC_URL: "https://rapport.example.org",
    }
  }

  test("prints one that names the school and is good for 24 hours, without asking Slack", async () => {
    const before = vendor.calls.length
    const run = await rapportHere(oauth())("connect", "slack", "--school", "Two Pines")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out).toContain("good for one workspace")
    const link = /^https:\/\/rapport\.example\.org\/slack\/install\?link=(\S+)$/m.exec(run.out)?.[1] ?? ""
    const key = { platform: "slack", secret } as const
    const at = (time: string) => schoolInvited(key, decodeURIComponent(link), new Date(time))
    const [school] = await withoutSchool(database.db, (tx) =>
      rows<{ id: string }>(tx, sql`select school_id as id from wake where platform = 'slack' limit 1`),
    )
    expect(at("2026-11-25T14:59:00Z")).toMatch(/^[0-9a-f-]{36}$/)
    expect(at("2026-11-25T14:59:00Z")).not.toBe(school?.id)
    expect(at("2026-11-25T15:01:00Z")).toBeNull()
    expect(vendor.calls).toHaveLength(before)
  })
})

describe("rapport connect slack refuses", () => {
  test("to guess what it is to connect with", async () => {
    const run = await rapportHere(envOf(database.ownerUrl))("connect", "slack")
    expect(run.err).toContain("Slack is not set up here: set SLACK_BOT_TOKEN")
    expect(run.code).toBe(1)
  })

  test("settings that do not fit together", async () => {
    const run = await rapportHere({ ...envOf(database.ownerUrl), SLACK_BOT_TOKEN: "xoxb-1" })("connect", "slack")
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining("Slack has no way to reach Rapport") })
  })

  test("the invented school", { timeout: 60_000 }, async () => {
    const other = await testDatabase()
    try {
      await loadSample({ db: other.db, ids: randomUUID })
      const run = await rapportHere({ ...env, DATABASE_URL: other.ownerUrl })("connect", "slack")
      expect(run).toMatchObject({ code: 1, err: expect.stringContaining("is the invented school") })
    } finally {
      await other.close()
    }
  })

  test("another platform", async () => {
    expect(await rapport("connect", "irc")).toMatchObject({ code: 2, out: "" })
  })
})
