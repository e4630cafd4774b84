// Starting and stopping as people do it: from nothing, again, asked to stop at bad moments, and with each thing wrong that can be.
import { cp, readFile, symlink, writeFile } from "node:fs/promises"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { SlackConfig } from "../../src/config-slack.ts"
import type { TeamsConfig } from "../../src/config-teams.ts"
import { createLog } from "../../src/log.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { slackIsOn } from "../../src/slack.ts"
import { teamsIsOn, tryTeamsToken } from "../../src/teams.ts"
import { openSlackVendor } from "../adapters/slack/vendor/vendor.ts"
import { emptyDatabase } from "../support/database.ts"
import {
  dataFolder,
  deliveredIn,
  lookInto,
  nodeMain,
  npmStart,
  openPage,
  root,
  serverOn,
  startRapport,
  tidyProcesses,
  until,
} from "../support/process.ts"

const timeout = 120_000
const stopMs = 5_000

afterAll(tidyProcesses, timeout)

const key = Buffer.alloc(32, 7).toString("base64")

describe("from nothing", () => {
  const folder = dataFolder()

  test("npm start makes the sample school, answers, and ends at one SIGTERM", { timeout }, async () => {
    const rapport = startRapport({ RAPPORT_DATA: folder }, npmStart)
    const origin = await rapport.ready()
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    expect((await fetch(`${origin}/livez`)).status).toBe(200)
    expect((await fetch(origin)).url).toBe(`${origin}/playground`)
    const page = await openPage(origin, folder)
    const people = await page.people()
    expect(people.filter(({ role }) => role === "student")).toHaveLength(60)
    await page.move("next_week")
    await page.still()
    const { out, afterMs } = await rapport.end("SIGTERM")
    expect(out).toContain("The sample school, Larkspur Valley, has been loaded")
    expect(out).toContain(`The key that seals people's words was made at ${join(folder, "key")}`)
    expect(afterMs).toBeLessThan(stopMs)
    await expect(fetch(origin)).rejects.toThrow("fetch failed")
    expect(serverOn(folder)).toBeNull()
  })

  test("a second start goes on where the first ended", { timeout }, async () => {
    const before = deliveredIn(folder).length
    const rapport = startRapport({ RAPPORT_DATA: folder })
    const page = await openPage(await rapport.ready(), folder)
    expect((await page.now()) > new Date("2026-09-08T00:00:00Z")).toBe(true)
    const sql = lookInto(folder)
    const [row] =
      await sql`select (select count(*)::int from school) as schools, (select count(*)::int from person where role = 'student') as students,
      (select count(*)::int from delivery where state = 'sent') as sent`
    expect(row).toEqual({ schools: 1, students: 60, sent: before })
    expect(before).toBeGreaterThan(60)

    // Two ways of holding on at once: a page that listens, and a send whose record waits for us.
    await sql.unsafe(`
      create function wait_for_the_test() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
      create trigger waits before update on delivery for each row when (new.state = 'sent') execute function wait_for_the_test()`)
    const gate = await sql.reserve()
    await gate`select pg_advisory_lock(4711)`
    await page.listen()
    await page.move("next_week")
    await until(
      "messages are on their way",
      60_000,
      async () => (await sql`select 1 from pg_locks where locktype = 'advisory' and not granted`).length > 0,
    )
    const { code, signal, out, afterMs } = await rapport.end("SIGTERM", true)
    expect([code, signal]).toEqual([0, null])
    expect(out).not.toContain("has been loaded")
    expect(afterMs).toBeLessThan(stopMs)
    expect(serverOn(folder)).toBeNull()
    await sql.end({ timeout: 0 })
  })

  test("a port that is taken is one sentence, and the bundled Postgres is stopped again", { timeout }, async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
    const { port } = other.address() as AddressInfo
    expect(await refusal({ RAPPORT_DATA: folder, PORT: String(port) })).toEqual([
      `Port ${port} is taken by another program: stop that one, or choose another port: PORT=${port + 1} npm start.`,
    ])
    expect(serverOn(folder)).toBeNull()
    await new Promise((resolve) => other.close(resolve))
  })
})

describe("with Slack", () => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>

  beforeAll(async () => {
    database = await emptyDatabase()
  })
  afterAll(() => database.drop())

  const begin = (slack: Readonly<Record<string, string>>) =>
    startRapport({ RAPPORT_DATA: dataFolder(), DATABASE_URL: database.ownerUrl, RAPPORT_KEY: key, ...slack })

  test("it says where Slack sends events, and a token that Slack takes is no line", { timeout }, async () => {
    const vendor = await openSlackVendor({ transport: "http", people: [] })
    const here = { SLACK_API_URL: vendor.apiUrl, SLACK_BOT_TOKEN: vendor.team.botToken, SLACK_SIGNING_SECRET: vendor.signingSecret }
    const rapport = begin({ ...here, PUBLIC_URL: "https://rapport.example.org/" })
    await rapport.ready()
    await until("Slack was asked who the token is", 30_000, () => vendor.calls.some(({ method }) => method === "auth.test"))
    const { code, out } = await rapport.end("SIGTERM")
    expect(code).toBe(0)
    expect(out).toContain("Slack is on: it sends events to https://rapport.example.org/slack/events.\n")
    expect(out).not.toContain("slack_token_refused")
    expect(vendor.calls.filter(({ method }) => method === "auth.test")).toHaveLength(1)
    await vendor.close()
  })

  test("a token that Slack refuses is a line with the reason, and Rapport goes on", { timeout }, async () => {
    const vendor = await openSlackVendor({ transport: "socket", people: [] })
    const rapport = begin({ SLACK_API_URL: vendor.apiUrl, SLACK_BOT_TOKEN: "xoxb-of-somebody-else", SLACK_APP_TOKEN: vendor.appToken })
    let written = ""
    rapport.child.stdout?.on("data", (text: string) => (written += text))
    const origin = await rapport.ready()
    const line = await until("the refusal is on record", 30_000, () => /^.*slack_token_refused.*(?=\n)/m.exec(written)?.[0])
    expect(JSON.parse(line)).toMatchObject({ event: "slack_token_refused", code: "invalid_auth", level: 40 })
    expect((await fetch(`${origin}/readyz`)).status).toBe(200)
    const { code, out } = await rapport.end("SIGTERM")
    expect(code).toBe(0)
    expect(out).toContain("Slack is on, by Socket Mode.\n")
    expect(out).not.toContain("xoxb-of-somebody-else")
    await vendor.close()
  })

  test("without a public address it says what must be reachable", () => {
    const access = { kind: "token", botToken: "xoxb-1" } as const
    const slack: SlackConfig = { apiUrl: null, connection: { kind: "http", signingSecret: "signed" }, access }
    expect(slackIsOn(slack, null)).toBe("Slack is on: it sends events to /slack/events on this server, which must be reachable by https.")
  })
})

describe("with Teams", () => {
  test("anonymous, it warns on every start, serves this machine alone, and shuts out whatever was forwarded", { timeout }, async () => {
    const database = await emptyDatabase()
    for (const _ of [1, 2]) {
      const rapport = startRapport({
        ...{ RAPPORT_DATA: dataFolder(), DATABASE_URL: database.ownerUrl, RAPPORT_KEY: key },
        ...{ TEAMS_ANONYMOUS: "loopback", HOST: "localhost" },
      })
      const origin = await rapport.ready()
      expect((await fetch(`${origin}/readyz`)).status).toBe(200)
      expect((await fetch(`${origin}/api/messages`, { method: "POST", headers: { "x-forwarded-for": "203.0.113.9" } })).status).toBe(403)
      expect((await fetch(`${origin}/playground`)).status).toBe(404)
      const { code, out } = await rapport.end("SIGTERM")
      expect(code).toBe(0)
      expect(out).toContain("WARNING: Teams is on without an app (TEAMS_ANONYMOUS=loopback)")
      expect(out).toMatch(/"event":"teams_anonymous"/)
    }
    await database.drop()
  })

  test("it says where Teams sends events", () => {
    const teams: TeamsConfig = { kind: "registered", appId: "a", type: "SingleTenant", password: "p", tenantId: "t" }
    expect(teamsIsOn(teams, "https://rapport.example.org")).toBe("Teams is on: it sends events to https://rapport.example.org/api/messages.")
    expect(teamsIsOn(teams, null)).toBe("Teams is on: it sends events to /api/messages on this server, which must be reachable by https.")
  })

  test("a password that is refused is a line with the reason, and a Microsoft that does not answer another", async () => {
    const lines: string[] = []
    const log = createLog("warn", { write: (line) => void lines.push(line) })
    for (const failure of [{ reason: "denied", detail: "AADSTS7000215" } as const, { reason: "busy", retryAfterMs: 30_000 } as const])
      await tryTeamsToken({ tryToken: () => Promise.reject(new DeliveryFailure(failure)) }, log)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: "teams_token_refused", code: "AADSTS7000215" },
      { event: "teams_not_reached", code: "busy" },
    ])
  })

  test("without an app it does not start", { timeout }, async () => {
    expect(await refusal({ MicrosoftAppTenantId: "0a1b2c3d-0000-4000-8000-00000000000b", MicrosoftAppPassword: "hush" })).toEqual([
      expect.stringMatching(/^MicrosoftAppId is needed for Teams: .*so Rapport does not start/),
    ])
  })
})

/** Starts it where it cannot go on, and returns what it says: nothing else is written, and no stack. */
async function refusal(env: Readonly<Record<string, string>>, command = nodeMain()): Promise<string[]> {
  const { code, out, err } = await startRapport({ RAPPORT_DATA: dataFolder(), ...env }, command).ended
  expect({ code, out }).toEqual({ code: 1, out: "" })
  expect(err).not.toMatch(/^\s+at /m)
  return err.trimEnd().split("\n")
}

describe("what is wrong is said in one sentence, with exit code 1:", () => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>

  beforeAll(async () => {
    database = await emptyDatabase()
  })
  afterAll(() => database.drop())

  const changed = (parts: { password?: string; host?: string }): string => Object.assign(new URL(database.ownerUrl), parts).href

  test("a database that nobody answers for", { timeout }, async () => {
    expect(await refusal({ DATABASE_URL: changed({ host: "127.0.0.1:1" }), RAPPORT_KEY: key })).toEqual([
      "No Postgres answers at 127.0.0.1:1: start it, or correct DATABASE_URL.",
    ])
  })

  test("a port that is taken: then no connection to Slack is opened either", { timeout }, async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
    const { port } = other.address() as AddressInfo
    const vendor = await openSlackVendor({ transport: "socket", people: [] })
    const slack = { SLACK_API_URL: vendor.apiUrl, SLACK_BOT_TOKEN: vendor.team.botToken, SLACK_APP_TOKEN: vendor.appToken }
    const here = await emptyDatabase()
    expect(await refusal({ DATABASE_URL: here.ownerUrl, RAPPORT_KEY: key, PORT: String(port), ...slack })).toEqual([
      expect.stringMatching(new RegExp(`^Port ${port} is taken by another program: `)),
    ])
    expect(vendor.calls).toEqual([])
    await here.drop()
    await vendor.close()
    await new Promise((resolve) => other.close(resolve))
  })

  test("a password that is wrong, for migrations or for the app", { timeout }, async () => {
    const wrong = changed({ password: "guess" })
    const said = [`Postgres at ${new URL(wrong).host} refused the user rapport: correct the user or password in DATABASE_URL.`]
    expect(await refusal({ DATABASE_URL: wrong, RAPPORT_KEY: key })).toEqual(said)
    expect(await refusal({ DATABASE_URL: wrong, DATABASE_OWNER_URL: database.ownerUrl, RAPPORT_KEY: key })).toEqual(said)
  })

  test("a migration that stopped half way", { timeout }, async () => {
    const half = await emptyDatabase()
    const owner = postgres(half.ownerUrl, { max: 1 })
    await owner`create table person (id uuid)`
    await owner.end()
    expect(await refusal({ DATABASE_URL: half.ownerUrl, RAPPORT_KEY: key })).toEqual([
      "This database holds tables that Rapport did not make, or a migration that stopped half way: give Rapport an empty database.",
    ])
    await half.drop()
  })

  test("a prompt with a variable that nobody knows, by file and line", { timeout }, async () => {
    const tree = dataFolder()
    for (const part of ["src", "adapters", "db", "prompts", "sample", "package.json"])
      await cp(join(root, part), join(tree, part), { recursive: true })
    await symlink(join(root, "node_modules"), join(tree, "node_modules"))
    const prompt = join(tree, "prompts/reflection/interests-five-minutes.en.md")
    await writeFile(prompt, (await readFile(prompt, "utf8")).replace(/\s*$/, " {nickname}\n"))
    const [said = "", ...more] = await refusal({}, nodeMain(tree))
    expect(said).toMatch(/^prompts\/reflection\/interests-five-minutes\.en\.md:9:? .*\{nickname\}/)
    expect(more).toEqual([])
  })

  test("settings that are malformed, unsafe or not yet possible, all at once", { timeout }, async () => {
    const said = await refusal({ RAPPORT_KEY: "short", PLAYGROUND: "on", HOST: "0.0.0.0", SLACK_BOT_TOKEN: "xoxb-example" })
    expect(said).toEqual([
      expect.stringMatching(/^RAPPORT_KEY must be 32 random bytes .*\.$/),
      expect.stringMatching(/^Slack has no way to reach Rapport: .*\.$/),
      expect.stringMatching(/^PLAYGROUND=on lets anyone be anyone, .*\.$/),
      expect.stringMatching(/^The playground lets anyone be anyone, .*\.$/),
    ])
  })
})
