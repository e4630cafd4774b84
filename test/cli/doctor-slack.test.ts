import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { botScopes } from "../../adapters/slack/scopes.ts"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { pauseWorkspace } from "../../db/queries/workspaces.ts"
import { openWords } from "../../db/words.ts"
import { openTokens } from "../../src/roster/tokens.ts"
import { openSlackVendor, type SlackVendor } from "../adapters/slack/vendor/vendor.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, type Run, rapportHere } from "./rapport.ts"

const sample = join(import.meta.dirname, "../../sample")
const emails = [...readFileSync(join(sample, "users.csv"), "utf8").matchAll(/[\w.-]+@example\.org/g)].map(([email]) => email)
const staff = emails.slice(0, 14)
const workspace = { platform: "slack", tenant: "T0LARKSPUR" } as const

let database: TestDatabase
let vendor: SlackVendor
let env: Record<string, string>

beforeAll(async () => {
  database = await testDatabase()
  vendor = await openSlackVendor({
    transport: "http",
    scopes: botScopes,
    people: [
      ...staff.slice(0, 12).map((email, i) => ({ id: `U0T${i}`, email: i === 0 ? ` ${email.toUpperCase()}` : email })),
      { id: "U0GUEST", email: staff[12] ?? "", guest: "single_channel" },
      { id: "U0UNPROVED", email: staff[13] ?? "", emailConfirmed: false },
      { id: "U0VISITOR", email: "visitor@elsewhere.example", guest: "multi_channel" },
      { id: "U0CLERK", email: "clerk@larkspur.example" },
      { id: "U0ROBOT", email: null, bot: true },
      { id: "U0GONE", email: emails[20] ?? "", deleted: true },
    ],
  })
  env = {
    ...envOf(database.ownerUrl),
    SLACK_API_URL: vendor.apiUrl,
    SLACK_BOT_TOKEN: vendor.team.botToken,
    SLACK_SIGNING_SECRET: vendor.signingSecret,
    PUBLIC_URL: "https://rapport.example.org",
  }
})
afterAll(async () => {
  await vendor.close()
  await database.close()
})

const rapport = (...args: string[]) => rapportHere(env)(...args)
const done = async (...args: string[]): Promise<void> => expect(await rapport(...args)).toMatchObject({ code: 0, err: "" })
const line = ({ out }: Run, of: string): string => out.split("\n").find((one) => new RegExp(`^(ok|to do|WRONG) +${of} {2,}`).test(one)) ?? ""
const schoolId = async (): Promise<string> =>
  (await withoutSchool(database.db, (tx) => rows<{ id: string }>(tx, sql`select school_id as id from workspace where platform = 'slack'`)))[0]?.id ??
  ""

// One story: each step stands on the one before.
describe("doctor on Slack", () => {
  test("asks Slack before there is any school, and names each wrong setting by itself", async () => {
    const run = await rapport("doctor")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(line(run, "slack")).toMatch(/^ok .*one workspace, by its bot token; Slack reaches us over https$/)
    expect(line(run, "slack token")).toMatch(/^ok .*the workspace Larkspur \(T0LARKSPUR\)$/)
    expect(line(run, "slack scopes")).toMatch(/^ok .*exactly those that are used$/)
    expect(line(run, "roster")).toMatch(/^to do/)
    const wrong = await rapportHere({ ...env, SLACK_BOT_TOKEN: "xoxp-1", SLACK_STATE_SECRET: "short" })("doctor")
    expect(wrong.code).toBe(1)
    expect(wrong.out.match(/WRONG +environment/g)).toHaveLength(3)
    expect(wrong.err).toBe("3 things to put right first.\n")
    expect(wrong.out).not.toContain("xoxp-1")
  })

  test("says that the workspace is to be connected", async () => {
    await done("roster", "import", sample, "--zone", "America/New_York", "--consent", "school", "--school", "Larkspur Valley")
    const run = await rapport("doctor")
    expect(run.code).toBe(0)
    expect(line(run, "workspace")).toMatch(/^to do .*T0LARKSPUR is connected to no school yet: run "rapport connect slack"$/)
    expect(line(run, "people")).toBe("")
    expect(line(run, "accounts")).toMatch(/^to do .*nobody can be written to yet: run "rapport connect slack"$/)
  })

  test("says whose the workspace is, that no event has come, who was found and who was not, and counts the rest", async () => {
    await done("connect", "slack")
    const run = await rapport("doctor")
    expect(run.code).toBe(0)
    expect(line(run, "workspace")).toMatch(/^ok .*T0LARKSPUR is connected to Larkspur Valley$/)
    expect(line(run, "slack events")).toMatch(
      /^to do .*none has come yet: .*SLACK_SIGNING_SECRET is the "Signing Secret".*the Request URL https:\/\/rapport\.example\.org\/slack\/events is verified, with the bot events message\.im, app_home_opened/,
    )
    const { PUBLIC_URL: _, ...unaddressed } = env
    expect(line(await rapportHere(unaddressed)("doctor"), "slack events")).toContain(
      "the Request URL your https address with /slack/events (PUBLIC_URL is not set) is verified",
    )
    expect(line(run, "people")).toMatch(
      /^to do .*12 of \d+ in the roster are found in Slack; 12 of them will be linked while Rapport runs; \d+ are not \(see below\)/,
    )
    expect(line(run, "strangers")).toMatch(/^ok .*2 guests, and 2 accounts that the roster does not know/)
    expect(line(run, "age")).toMatch(/^ok .*\d+ students kept off Slack, younger than 16 \(slack\.minimum_age\)$/)
    expect(line(run, "slack addresses")).toMatch(/^ok .*none refuses us$/)
    expect(line(run, "golive")).toMatch(/^to do/)
    expect(run.out).toContain("Sending messages to this app has been turned off")
    const listed = run.out.split("\n").filter((one) => /^ {2}\S.* (student|staff) +/.test(one))
    expect(listed).toHaveLength(20)
    expect(run.out).toMatch(/^ {2}and \d+ more: add --all$/m)
    expect(run.out).toMatch(/^ {2}\S.* +staff +only a guest there$/m)
    expect(run.out).toMatch(/^ {2}\S.* +staff +nobody there has that e-mail$/m)
    expect(run.out).not.toContain("@")
  })

  test("names everybody when asked, and nobody twice", async () => {
    const run = await rapport("doctor", "--all")
    const listed = run.out.split("\n").filter((one) => /^ {2}\S.* (student|staff) +/.test(one))
    const [, missed] = /; (\d+) are not /.exec(line(run, "people")) ?? []
    expect(listed).toHaveLength(Number(missed))
    expect(new Set(listed).size).toBe(listed.length)
    expect(run.out).not.toContain("more: add --all")
  })

  test("counts whoever was linked by hand as found, and nobody who may not be there", async () => {
    const found = async () => Number(/(\d+) of \d+ in the roster/.exec(line(await rapport("doctor"), "people"))?.[1])
    const before = await found()
    await done("link", staff[13] ?? "", "slack:T0LARKSPUR/U0UNPROVED")
    expect(await found()).toBe(before + 1)
    const nextLook = () =>
      withoutSchool(database.db, (tx) => rows<{ at: Date }>(tx, sql`select next_at as at from wake where kind = 'enrol'`)).then(
        (found) => found[0]?.at,
      )
    await withoutSchool(database.db, (tx) => rows(tx, sql`update wake set next_at = '2027-01-01' where kind = 'enrol'`))
    await done("settings", "slack.minimum_age", "0")
    // Whoever is no longer too young is looked up again at once.
    expect(await nextLook()).toEqual(new Date("2026-11-24T15:00:00Z"))
    const everybody = await rapport("doctor")
    expect(line(everybody, "people")).toContain("of 74 in the roster")
    expect(line(everybody, "age")).toBe("")
    await done("settings", "slack.minimum_age", "default")
  })

  test("takes nobody by an e-mail that two people of the roster share", async () => {
    const share = (email: string) =>
      schoolId().then((school) =>
        withSchool(database.db, school, (tx) => rows(tx, sql`update person set email = ${email} where sourced_id = 't-02'`)),
      )
    await share(` ${(staff[0] ?? "").toUpperCase()}`)
    const run = await rapport("doctor")
    expect(run.out.match(/^ {2}\S.* +staff +somebody else in the roster has the same e-mail$/gm)).toHaveLength(2)
    await share(staff[1] ?? "")
    expect((await rapport("doctor")).out).not.toContain("the same e-mail")
  })

  test("says when the last event came, and how many addresses refuse us", async () => {
    const school = await schoolId()
    await withSchool(database.db, school, async (tx) => {
      await rows(
        tx,
        sql`insert into event_seen (school_id, platform, tenant, event_id, at) values (${school}, 'slack', 'T0LARKSPUR', 'Ev1', '2026-11-24T14:55:10Z')`,
      )
      await rows(tx, sql`update address set trouble = 'user_disabled' where platform = 'slack' and user_id = 'U0UNPROVED'`)
    })
    const run = await rapport("doctor")
    expect(line(run, "slack events")).toMatch(/^ok .*the last one came 2026-11-24 14:55 UTC$/)
    expect(line(run, "slack addresses")).toMatch(/^to do .*1 address refuses us/)
  })

  test("says that the running Rapport has an older token where this one is known and the workspace is paused, and ends with 1", async () => {
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, workspace, "token_revoked"))
    const run = await rapport("doctor")
    expect(run.code).toBe(1)
    expect(line(run, "workspace")).toMatch(
      /^WRONG .*T0LARKSPUR is paused, .*started with an older one \(token_revoked\): stop it, start it with this one, then run "rapport connect slack"$/,
    )
    await done("connect", "slack")
    expect((await rapport("doctor")).code).toBe(0)
  })

  test("says which variable to correct where Slack refuses the token, and asks nothing more", async () => {
    vendor.fail("invalid_auth", "auth.test")
    const run = await rapport("doctor")
    expect(run.code).toBe(1)
    expect(line(run, "slack token")).toMatch(/^WRONG .*correct SLACK_BOT_TOKEN\.$/)
    expect(line(run, "people")).toBe("")
    vendor.fail("missing_scope", "users.list")
    expect(line(await rapport("doctor"), "people")).toMatch(/^WRONG .*\(missing_scope\)/)
    vendor.fail("rate:40", "users.list")
    expect(line(await rapport("doctor"), "people")).toMatch(/^WRONG .*try again in 40 seconds\.$/)
  })

  test("names scopes that are missing with what they are for, and looks at Socket Mode", async () => {
    const crooked = await openSlackVendor({
      transport: "socket",
      people: [],
      scopes: [...botScopes.filter((scope) => scope !== "im:history"), "channels:read"],
    })
    try {
      const socket = { ...env, SLACK_API_URL: crooked.apiUrl, SLACK_APP_TOKEN: crooked.appToken }
      const run = await rapportHere(socket)("doctor")
      expect(run.code).toBe(1)
      expect(line(run, "slack scopes")).toContain("add im:history (for conversations.history, message.im) on the app's page")
      expect(line(run, "socket mode")).toMatch(/^ok .*opens$/)
      const wrong = await rapportHere({ ...socket, SLACK_APP_TOKEN: "xapp-other" })("doctor")
      expect(line(wrong, "socket mode")).toMatch(/^WRONG .*connections:write, and correct SLACK_APP_TOKEN\.$/)
    } finally {
      await crooked.close()
    }
  })

  test("says that a connected workspace gets nothing where Slack is not set up, and that another school's is not this one's", async () => {
    const run = await rapportHere({ ...envOf(database.ownerUrl), PLAYGROUND: "off" })("doctor")
    expect(run.code).toBe(1)
    expect(line(run, "slack")).toMatch(/^WRONG .*T0LARKSPUR is connected, but Slack is not set up here/)
    const elsewhere = await withoutSchool(database.db, (tx) =>
      rows(tx, sql`update workspace set school_id = ${randomUUID()} where platform = 'slack' returning tenant`),
    )
    expect(elsewhere).toHaveLength(1)
    expect(line(await rapport("doctor"), "workspace")).toMatch(/^WRONG .*belongs to another school here/)
  })
})

describe("doctor on Slack by install links", () => {
  const oauth = () => {
    const { SLACK_BOT_TOKEN: _, ...rest } = env
    return { ...rest, SLACK_CLIENT_ID: vendor.clientId, SLACK_CLIENT_SECRET: vendor.clientSecret, SLACK_STATE_SECRET: "s".repeat(32) }
  }

  test("looks with the token that the link brought, and says where there is none", async () => {
    const run = await rapportHere(oauth())("doctor")
    expect(line(run, "workspace")).toMatch(/^to do .*none is connected to Larkspur Valley: run "rapport connect slack" and open its link$/)
    const [school] = await withoutSchool(database.db, (tx) =>
      rows<{ id: string }>(tx, sql`select distinct school_id as id from wake where kind = 'plan'`),
    )
    await withoutSchool(database.db, (tx) => rows(tx, sql`update workspace set school_id = ${school?.id ?? ""} where platform = 'slack'`))
    const without = await rapportHere(oauth())("doctor")
    expect(without.code).toBe(1)
    expect(line(without, "slack token")).toMatch(/^WRONG .*none is kept for T0LARKSPUR/)
    const words = openWords({ key: Buffer.from(env.RAPPORT_KEY ?? "", "base64"), randomBytes: (size) => Buffer.alloc(size, 7) })
    const tokens = openTokens({ db: database.db, words, platform: "slack", now: () => new Date("2026-11-24T15:00:00Z") })
    await tokens.put("T0LARKSPUR", JSON.stringify({ team: { id: "T0LARKSPUR" }, bot: { token: vendor.team.botToken } }))
    const kept = await rapportHere(oauth())("doctor")
    expect(kept.code).toBe(0)
    expect(line(kept, "slack token")).toMatch(/^ok .*the workspace Larkspur \(T0LARKSPUR\)$/)
    expect(line(kept, "people")).toMatch(/13 of \d+ in the roster/)
  })
})
