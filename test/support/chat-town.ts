// A school that is in Slack, in Teams or in both: its roster as files, its people in vendors on loopback, the commands its admin types; and
// Rapport's own parts over it, with a clock that only moves when told.
import { createHash, randomBytes, randomUUID } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { openWords } from "../../db/words.ts"
import { createApp } from "../../src/app.ts"
import { run } from "../../src/cli/run.ts"
import { type Config, readConfig } from "../../src/config.ts"
import { type LaneCount, runLane } from "../../src/delivery/lane.ts"
import type { Deps } from "../../src/deps.ts"
import { serve } from "../../src/http.ts"
import { createLog } from "../../src/log.ts"
import { openMovedClock } from "../../src/moved-clock.ts"
import { loadPrompts } from "../../src/open.ts"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import type { Platform } from "../../src/platform/platform.ts"
import { dueEnrolments, openLookUp, runEnrolment } from "../../src/roster/enrolments.ts"
import type { TeamsEndpoints } from "../../src/teams.ts"
import { deliverDue, nextWork, tickChore } from "../../src/ticks.ts"
import { type TestDatabase, testDatabase } from "./database.ts"

/** `key` names somebody everywhere: in the roster, in their e-mail, on each platform. `advisory`: they lead or are in the one advisory. */
export type Listed = {
  key: string
  name: string
  role: "student" | "teacher"
  grade?: string
  advisory?: true
  office?: "counsellor" | "principal" | "admin"
}

export const mailOf = (key: string): string => `${key}@larch.example`
const advisoryTitle = "Advisory Heron"

/** A vendor on loopback, as far as a school and Rapport's parts need it. */
export type Place = {
  name: Exclude<PlatformName, "playground">
  /** What every process is started with to find it. */
  env: Readonly<Record<string, string>>
  /** What no setting of the environment may say. */
  endpoints?: TeamsEndpoints
  /** Where it sends events to. */
  path: string
  deliverTo(url: string): void
  open(config: Config, deps: Deps): Platform & { settled(): Promise<void> }
  close(): Promise<void>
}

export type ChatSchool = {
  database: TestDatabase
  /** What every process of this school is started with. */
  env: Readonly<Record<string, string>>
  /** A command as the admin types it; its output. Throws where it fails. */
  rapport(...args: readonly string[]): Promise<string>
  /** The steps of the README from the roster to a plan that is on. */
  setUp(options: { signedOn: string }): Promise<void>
  ask<Row>(query: Parameters<typeof rows>[1]): Promise<Row[]>
  close(): Promise<void>
}

/** The school and its vendors, which it closes; no process runs yet. */
export async function openChatSchool(listed: readonly Listed[], places: readonly Place[], now: () => Date): Promise<ChatSchool> {
  const database = await testDatabase({ max: 20 })
  const folder = await mkdtemp(join(tmpdir(), "rapport-school-"))
  const env = {
    DATABASE_URL: database.ownerUrl,
    RAPPORT_KEY: createHash("sha256").update("a key for tests").digest("base64"),
    RAPPORT_DATA: folder,
    ...Object.assign({}, ...places.map((place) => place.env)),
  }
  const teams = places.find(({ name }) => name === "teams")?.endpoints ?? null
  async function rapport(...args: readonly string[]): Promise<string> {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await run(args, { env, now, out: (text) => void out.push(text), err: (text) => void err.push(text), watched: false, teams })
    if (code !== 0) throw new Error(`rapport ${args.join(" ")} ended with ${code}: ${err.join("")}`)
    return out.join("")
  }
  return {
    ...{ database, env, rapport },
    async setUp({ signedOn }) {
      const holding = (sought: Listed["office"]) => listed.flatMap(({ key, office }) => (office === sought ? [key] : []))
      await writeRoster(join(folder, "roster"), listed)
      await rapport("roster", "import", join(folder, "roster"), "--zone", "America/New_York", "--consent", "parent", "--school", "Larch Hill")
      for (const { name } of places) await rapport("connect", name)
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
      await Promise.all(places.map((place) => place.close()))
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

export type ChatTown = ChatSchool & {
  clock: { now(): Date }
  logged: string[]
  /** Moves the clock, doing whatever is due on the way. */
  moveTo(at: Date): Promise<void>
  /** Moves the clock and does nothing. */
  skipTo(at: Date): Promise<void>
  /** Whose people are to be read, is read. */
  enrol(): Promise<void>
  plan(): Promise<void>
  lane(workspace: Workspace): Promise<LaneCount>
  /** Everything that came in is answered, and every look-up has ended. */
  settled(): Promise<void>
}

export type TownOptions = {
  listed: readonly Listed[]
  start: Date
  /** Each is handed the town's clock. */
  places: (now: () => Date) => Promise<readonly Place[]>
  /** Stands between the lanes and a platform, to count what passes. */
  between?: (platform: Platform) => Platform
}

/** What `main.ts` puts together, but for its heartbeat and its jobs: they go by the machine's clock, so here the test does their work. */
export async function openChatTown({ listed, start, places: opened, between = (platform) => platform }: TownOptions): Promise<ChatTown> {
  const clockFolder = await mkdtemp(join(tmpdir(), "rapport-clock-"))
  const clock = openMovedClock({ file: join(clockFolder, "clock.json"), real: () => 0, start })
  const places = await opened(() => clock.now())
  const school = await openChatSchool(listed, places, () => clock.now())
  const { db } = school.database
  const read = readConfig(school.env)
  if (read.kind === "refused") throw new Error("The environment does not read.")
  const { config } = read
  const logged: string[] = []
  const platforms = new Map<PlatformName, Platform>()
  const deps: Deps = {
    ...{ db, clock, platforms, ids: randomUUID, prompts: loadPrompts(), wakeLanes: async () => {} },
    words: openWords({ key: Buffer.from(school.env.RAPPORT_KEY ?? "", "base64"), randomBytes }),
    log: createLog("debug", { write: (line: string) => void logged.push(line) }),
  }
  const chats = places.map((place) => ({ place, chat: place.open(config, deps) }))
  for (const { place, chat } of chats) platforms.set(place.name, between(chat))
  const enrolDeps = { ...deps, sleep: async () => {} }
  const { lookUp, settled } = openLookUp(enrolDeps)
  const app = createApp({ ...deps, lookUp })
  for (const { chat } of chats) chat.listen(app.receive)
  const served = await serve({
    ...{ routers: chats.map(({ chat }) => chat.router), host: "127.0.0.1", port: 0, ready: async () => true, home: null, localOnly: false },
    log: deps.log,
  })
  for (const { place } of chats) place.deliverTo(`${served.url}${place.path}`)

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
    async lane(workspace) {
      const [schoolId = ""] = await withoutSchool(db, schoolIds)
      return runLane(deps, app.letters, schoolId, workspace)
    },
    async settled() {
      for (const { chat } of chats) await chat.settled()
      await settled()
    },
    async close() {
      await served.stop()
      for (const { chat } of chats) await chat.stop()
      await school.close()
      await rm(clockFolder, { recursive: true, force: true })
    },
  }
}
