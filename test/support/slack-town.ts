// A school that is in Slack: its roster as files, its people in a Slack on loopback, the commands its admin types; and Rapport's own parts over it,
// with a clock that only moves when told.
import { createHash, randomBytes, randomUUID } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { botScopes } from "../../adapters/slack/scopes.ts"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { openWords } from "../../db/words.ts"
import { createApp } from "../../src/app.ts"
import { run } from "../../src/cli/run.ts"
import { readConfig } from "../../src/config.ts"
import { type LaneCount, runLane } from "../../src/delivery/lane.ts"
import type { Deps } from "../../src/deps.ts"
import { serve } from "../../src/http.ts"
import { createLog } from "../../src/log.ts"
import { openMovedClock } from "../../src/moved-clock.ts"
import { loadPrompts } from "../../src/open.ts"
import type { PlatformName } from "../../src/platform/account.ts"
import type { Platform } from "../../src/platform/platform.ts"
import { dueEnrolments, openLookUp, runEnrolment } from "../../src/roster/enrolments.ts"
import { openSlack } from "../../src/slack.ts"
import { deliverDue, nextWork, tickChore } from "../../src/ticks.ts"
import { json, text } from "../adapters/slack/vendor/json.ts"
import { dmOf, type Message, type Person } from "../adapters/slack/vendor/state.ts"
import { openSlackVendor, type SlackVendor, type VendorOptions } from "../adapters/slack/vendor/vendor.ts"
import { type TestDatabase, testDatabase } from "./database.ts"

/** `key` names somebody everywhere: in the roster, in their e-mail, in Slack. `advisory`: they lead or are in the one advisory. */
export type Listed = {
  key: string
  name: string
  role: "student" | "teacher"
  grade?: string
  advisory?: true
  office?: "counsellor" | "principal" | "admin"
}

const mailOf = (key: string): string => `${key}@larch.example`
export const userOf = (key: string): string => `U0${key.toUpperCase()}`
const advisoryTitle = "Advisory Heron"
export const tenant = "T0LARKSPUR"

type SlackSchoolOptions = {
  listed: readonly Listed[]
  /** What Slack says of them beside their name and e-mail, by key. */
  inSlack?: Readonly<Record<string, Partial<Person>>>
  /** Who is in the workspace and not on the roster. */
  besides?: VendorOptions["people"]
  now: () => Date
  trouble?: VendorOptions["trouble"]
}

export type SlackSchool = {
  database: TestDatabase
  vendor: SlackVendor
  /** What every process of this school is started with. */
  env: Readonly<Record<string, string>>
  /** A command as the admin types it; its output. Throws where it fails. */
  rapport(...args: readonly string[]): Promise<string>
  /** The steps of the README from the roster to a plan that is on. */
  setUp(options: { signedOn: string }): Promise<void>
  ask<Row>(query: Parameters<typeof rows>[1]): Promise<Row[]>
  close(): Promise<void>
}

/** The school and its Slack; no process runs yet. */
export async function openSlackSchool({ listed, inSlack = {}, besides = [], now, trouble }: SlackSchoolOptions): Promise<SlackSchool> {
  const database = await testDatabase({ max: 20 })
  const folder = await mkdtemp(join(tmpdir(), "rapport-slack-"))
  const people = listed.map(({ key, name }) => ({ id: userOf(key), name, email: mailOf(key), ...inSlack[key] }))
  const vendor = await openSlackVendor({
    ...{ transport: "http", scopes: botScopes, now, people: [...people, ...besides] },
    ...(trouble ? { trouble } : {}),
  })
  const env = {
    DATABASE_URL: database.ownerUrl,
    RAPPORT_KEY: createHash("sha256").update("a key for tests").digest("base64"),
    RAPPORT_DATA: folder,
    SLACK_API_URL: vendor.apiUrl,
    SLACK_BOT_TOKEN: vendor.team.botToken,
    SLACK_SIGNING_SECRET: vendor.signingSecret,
  }
  async function rapport(...args: readonly string[]): Promise<string> {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await run(args, { env, now, out: (text) => void out.push(text), err: (text) => void err.push(text), watched: false })
    if (code !== 0) throw new Error(`rapport ${args.join(" ")} ended with ${code}: ${err.join("")}`)
    return out.join("")
  }
  return {
    ...{ database, vendor, env, rapport },
    async setUp({ signedOn }) {
      const holding = (sought: Listed["office"]) => listed.flatMap(({ key, office }) => (office === sought ? [key] : []))
      await writeRoster(join(folder, "roster"), listed)
      await rapport("roster", "import", join(folder, "roster"), "--zone", "America/New_York", "--consent", "parent", "--school", "Larch Hill")
      await rapport("connect", "slack")
      for (const { key, office } of listed) if (office) await rapport("staff", "grant", key, office)
      await rapport("settings", "safety.ladder", `${holding("counsellor").join(", ")}; ${holding("principal").join(", ")}`)
      await rapport("settings", "safety.hours", "mon-fri 07:30-16:00; breaks covered")
      await rapport("settings", "safety.signoff", `${holding("principal")[0]}, ${signedOn}`)
      await rapport("settings", "consent.basis", "parent")
      await rapport("settings", "family.notice", signedOn)
      await rapport("golive")
      await rapport("plan", "on", advisoryTitle)
    },
    async ask<Row>(query: Parameters<typeof rows>[1]) {
      const [schoolId = ""] = await withoutSchool(database.db, schoolIds)
      return withSchool(database.db, schoolId, (tx) => rows<Row>(tx, query))
    },
    async close() {
      await vendor.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** OneRoster 1.1: one site, the spring term of 2027 and some years around it, one advisory. */
async function writeRoster(folder: string, listed: readonly Listed[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const inAdvisory = listed.filter(({ advisory }) => advisory)
  const file = (name: string, head: string, lines: readonly string[]) => writeFile(join(folder, `${name}.csv`), [head, ...lines, ""].join("\n"))
  const bulk = ["academicSessions", "classes", "enrollments", "orgs", "users"].map((name) => `file.${name},bulk`)
  await file("manifest", "propertyName,value", ["manifest.version,1.0", "oneroster.version,1.1", ...bulk])
  await file("orgs", "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId", ["o-1,,,Larch Hill High,school,,"])
  await file("academicSessions", "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear", [
    "y-1,,,All years,schoolYear,2020-01-06,2039-12-16,,2027",
    "t-1,,,One long term,term,2020-01-06,2039-12-16,y-1,2027",
  ])
  await file(
    "users",
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    listed.map(({ key, name, role, grade = "" }) => {
      const [given = "", family = ""] = name.split(" ")
      return `${key},,,true,o-1,${role},${key},,${given},${family},,,${mailOf(key)},,,,${grade},`
    }),
  )
  await file(
    "classes",
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    [`g-1,,,${advisoryTitle},,,,homeroom,,o-1,t-1,,,1`],
  )
  await file(
    "enrollments",
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    inAdvisory.map(({ key, role }) => `e-${key},,,g-1,o-1,${key},${role},${role === "teacher"},,`),
  )
}

export type SlackTown = SlackSchool & {
  clock: { now(): Date }
  logged: string[]
  /** Moves the clock, doing whatever is due on the way. */
  moveTo(at: Date): Promise<void>
  /** Moves the clock and does nothing. */
  skipTo(at: Date): Promise<void>
  /** Whose people are to be read, is read. */
  enrol(): Promise<void>
  plan(): Promise<void>
  lane(): Promise<LaneCount>
  /** Everything that came in is answered, and every look-up has ended. */
  settled(): Promise<void>
}

type TownOptions = Omit<SlackSchoolOptions, "now"> & {
  start: Date
  /** How long one call to Slack may take. */
  timeoutMs?: number
  /** Stands between the lanes and Slack, to count what passes. */
  between?: (slack: Platform) => Platform
}

/** What `main.ts` puts together, but for its heartbeat and its jobs: they go by the machine's clock, so here the test does their work. */
export async function openSlackTown({ start, timeoutMs, between = (slack) => slack, ...options }: TownOptions): Promise<SlackTown> {
  const clockFolder = await mkdtemp(join(tmpdir(), "rapport-clock-"))
  const clock = openMovedClock({ file: join(clockFolder, "clock.json"), real: () => 0, start })
  const school = await openSlackSchool({ ...options, now: () => clock.now() })
  const { db } = school.database
  const read = readConfig(school.env)
  if (read.kind === "refused" || read.config.slack === null) throw new Error("The environment does not read.")
  const logged: string[] = []
  const platforms = new Map<PlatformName, Platform>()
  const deps: Deps = {
    ...{ db, clock, platforms, ids: randomUUID, prompts: loadPrompts(), wakeLanes: async () => {} },
    words: openWords({ key: Buffer.from(school.env.RAPPORT_KEY ?? "", "base64"), randomBytes }),
    log: createLog("debug", { write: (line: string) => void logged.push(line) }),
  }
  // `openSlack` hands on whatever stands in its configuration.
  const slack = openSlack({ ...read.config.slack, ...(timeoutMs === undefined ? {} : { timeoutMs }) }, deps)
  platforms.set("slack", between(slack))
  const enrolDeps = { ...deps, sleep: async () => {} }
  const { lookUp, settled } = openLookUp(enrolDeps)
  const app = createApp({ ...deps, lookUp })
  slack.listen(app.receive)
  const served = await serve({
    ...{ routers: [slack.router], host: "127.0.0.1", port: 0, ready: async () => true, home: null, localOnly: false },
    log: deps.log,
  })
  school.vendor.deliverTo(`${served.url}/slack/events`)

  const enrol = async () => {
    for (const due of await dueEnrolments(deps)) await runEnrolment(enrolDeps, due)
  }
  const plan = async () => {
    await tickChore(deps, app.chores, "plan")
    await tickChore(deps, app.chores, "sweep")
  }
  const work = async () => {
    await enrol()
    await plan()
    await deliverDue(deps, app.letters)
  }
  return {
    ...school,
    ...{ clock, logged, enrol, plan },
    moveTo: (at) => clock.moveTo(at, { work, next: () => nextWork(deps) }),
    skipTo: (at) => clock.moveTo(at, { work: async () => {}, next: async () => null }),
    async lane() {
      const [schoolId = ""] = await withoutSchool(db, schoolIds)
      return runLane(deps, app.letters, schoolId, { platform: "slack", tenant })
    },
    async settled() {
      await slack.settled()
      await settled()
    },
    async close() {
      await served.stop()
      await slack.stop()
      await school.close()
      await rm(clockFolder, { recursive: true, force: true })
    },
  }
}

/** What the bot wrote into this person's own conversation, oldest first. */
export const toldTo = ({ vendor }: Pick<SlackSchool, "vendor">, key: string): readonly Message[] =>
  vendor.seenBy(userOf(key)).filter((message) => message.fromBot && message.ephemeral === null && message.channel === dmOf(userOf(key)))

/** The delivery that a message, or a call that posts one, carries; null where it is an answer. */
export function deliveryIn({ metadata }: { readonly metadata?: unknown }): string | null {
  return text(json(json(metadata).event_payload).delivery_id)
}
