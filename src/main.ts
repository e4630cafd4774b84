// The composition root: configuration, database, platforms, rooms, HTTP, jobs and heartbeat, in that order, and back again on SIGTERM.
// Decides nothing else.
import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { EmbeddedTrouble } from "../db/embedded.ts"
import { isMigrated, MigrationTrouble } from "../db/migrate.ts"
import { databaseTrouble } from "../db/trouble.ts"
import { KeyTrouble } from "../db/words.ts"
import { createApp } from "./app.ts"
import { type Config, readConfig } from "./config.ts"
import { databaseClock, refresh } from "./database-clock.ts"
import type { Deps } from "./deps.ts"
import { openEnrolling } from "./enrolling.ts"
import { startHeartbeat } from "./heartbeat.ts"
import { PortTrouble, serve } from "./http.ts"
import { type Jobs, prepareJobs, startJobs } from "./jobs.ts"
import { createLog, type Log } from "./log.ts"
import { type MovedClock, openMovedClock } from "./moved-clock.ts"
import { type Opened, open, StartTrouble } from "./open.ts"
import type { PlatformName } from "./platform/account.ts"
import type { Platform } from "./platform/platform.ts"
import { openTown, type Town } from "./playground.ts"
import { screen } from "./safety/screen.ts"
import { loadSample, sampleStart } from "./sample.ts"
import { openSlack, slackIsOn, tryToken } from "./slack.ts"
import type { TeamsEndpoints } from "./teams.ts"
import { deliverDue, dueLanes, nextWork, tickChore, workLane } from "./ticks.ts"

/** What ends each part, all at once; the database is closed after them. */
type Stops = { open: (() => Promise<unknown>)[]; stopping: boolean }

export type Running = { url: string; sampleLoaded: boolean; keyFile: Opened["keyFile"]; stop(): Promise<void> }

// SIGTERM ends everything within 5 s: what is being answered, sent or worked on has 3 s of them.
const graceMs = 3_000
const mostMs = 4_700
// A lease is 15 s and what a dead worker held is made good within 30: a minute between two looks would be too long.
const beatEvery = "*/10 * * * * *"

/** Vendors that stand elsewhere than their own addresses; only tests have such. */
type Outside = { teams?: TeamsEndpoints }

/** Everything, until `stop`. Throws what `sentenceOf` can word. */
export async function start(config: Config, outside: Outside = {}): Promise<Running> {
  const log = createLog(config.logLevel)
  const opened = await open(config, log)
  const stops: Stops = { open: [], stopping: false }
  const stop = async () => {
    stops.stopping = true
    const ends = stops.open.map((end) => end().catch((error: unknown) => log.error("stop_failed", { error })))
    await Promise.race([Promise.all(ends), sleep(graceMs, null, { ref: false })])
    await opened.close()
  }
  try {
    return { ...(await run({ config, outside }, opened, log, stops)), keyFile: opened.keyFile, stop: once(stop) }
  } catch (error) {
    await stop()
    const sentence = databaseTrouble(error, opened.url)
    throw sentence === null ? error : new StartTrouble(sentence)
  }
}

async function run({ config, outside }: { config: Config; outside: Outside }, opened: Opened, log: Log, stops: Stops) {
  const { db } = opened
  const sampleLoaded = config.playground && (await loadSample({ db, ids: randomUUID }))
  const moved = config.playground ? playgroundClock(config, sampleLoaded) : null
  const clock = moved ?? (await databaseClock(db))

  const platforms = new Map<PlatformName, Platform>()
  let jobs: Jobs | null = null
  const deps: Deps = {
    ...opened.deps,
    clock,
    platforms,
    // While the playground's clock moves, its own stops deliver in order.
    wakeLanes: async (workspaces) => {
      if (moved?.progress() == null) await jobs?.wake(workspaces).catch((error: unknown) => log.warn("wake_lost", { error }))
    },
  }
  const slack = config.slack && openSlack(config.slack, deps)
  if (slack) platforms.set("slack", slack)
  // Its SDK takes half a second to load, which nobody without Teams waits for.
  const teams = config.teams && (await import("./teams.ts")).openTeams(config.teams, deps, outside.teams)
  if (teams) platforms.set("teams", teams)
  const anonymous = config.teams?.kind === "anonymous"
  const enrolling = openEnrolling(deps)
  stops.open.push(() => enrolling.stop())
  screen("")
  const app = createApp({ ...deps, lookUp: enrolling.lookUp })
  const tick = async () => {
    await refresh(clock)
    await tickChore(deps, app.chores, "plan")
    await tickChore(deps, app.chores, "sweep")
  }
  let town: Town | null = null
  if (moved) {
    let working: Promise<unknown> = Promise.resolve()
    const workOnce = async () => {
      await tick()
      const { sent, refused, unknown } = await deliverDue(deps, app.letters)
      return sent + refused + unknown
    }
    const work = async () => {
      // A moving clock stays where its last stop was.
      if (stops.stopping) throw new Error("Rapport is stopping.")
      const done = workOnce()
      working = done
      return done
    }
    stops.open.push(() => working)
    const report = (error: unknown) => {
      if (!stops.stopping) log.error("playground_failed", { error })
    }
    town = openTown({
      dataDir: config.dataDir,
      db,
      clock: moved,
      ids: randomUUID,
      prompts: deps.prompts,
      work,
      nextWork: () => nextWork(deps),
      report,
    })
    platforms.set("playground", town.platform)
  }

  const served = await serve({
    routers: [...platforms.values()].map((platform) => platform.router),
    host: anonymous ? "127.0.0.1" : config.host,
    port: config.port,
    ready: async () => jobs !== null && (await isMigrated(db)),
    home: town ? "/playground" : null,
    localOnly: town !== null,
    anonymous,
    log,
  })
  stops.open.push(() => served.stop())
  // With the port, not before it: a platform may open a connection of its own. Nobody can have asked anything in between.
  for (const platform of platforms.values()) {
    stops.open.push(() => platform.stop())
    platform.listen(app.receive)
  }

  await prepareJobs(opened.ownerUrl)
  const started = await startJobs({ url: opened.url, log, work: async (workspace) => void (await workLane(deps, app.letters, workspace)) })
  jobs = started
  stops.open.push(() => started.stop())
  const beat = async () => {
    if (moved?.progress() != null) return
    await town?.live()
    await tick()
    const due = await dueLanes(deps)
    await started.wake(due.map(({ workspace }) => workspace))
    await enrolling.begin()
  }
  // As at any later beat: one school's trouble must not keep the others from being served.
  await beat().catch((error: unknown) => log.error("tick_failed", { error }))
  const heartbeat = startHeartbeat(beat, log, beatEvery)
  stops.open.push(() => heartbeat.stop())
  log.info("ready", { port: Number(new URL(served.url).port) })
  if (slack) void tryToken(slack, log)
  if (anonymous) log.warn("teams_anonymous")
  else if (teams) void (await import("./teams.ts")).tryTeamsToken(teams, log)
  return { url: served.url, sampleLoaded }
}

const playgroundClock = (config: Config, sampleLoaded: boolean): MovedClock =>
  openMovedClock({
    file: join(config.dataDir, "playground", "clock.json"),
    real: Date.now,
    start: sampleLoaded ? sampleStart() : null,
  })

const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | null = null
  return () => (running ??= work())
}

/** What to tell the person at the terminal; null for what is nobody's fault but ours. */
export function sentenceOf(error: unknown): string | null {
  const known = [StartTrouble, EmbeddedTrouble, MigrationTrouble, KeyTrouble, PortTrouble]
  return error instanceof Error && known.some((kind) => error instanceof kind) ? error.message : null
}

/** `npm start`: reads the environment, runs until SIGTERM or SIGINT, and says where it is. */
export async function main(): Promise<void> {
  const read = readConfig(process.env)
  if (read.kind === "refused") return fail(read.problems.join("\n"))
  const asked = Promise.withResolvers<void>()
  // Kept for good: npm hands on a signal that the terminal has sent already, and a second one must not cut the first short.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => asked.resolve())
  try {
    const running = await start(read.config)
    await welcome(running, read.config)
    await asked.promise
    setTimeout(() => process.exit(1), mostMs)
    await running.stop()
    process.exit(0)
  } catch (error) {
    const sentence = sentenceOf(error)
    if (sentence === null) throw error
    fail(sentence)
    // Whatever is still open after its stop must not keep the process.
    process.exit()
  }
}

async function welcome(running: Running, config: Config): Promise<void> {
  const lines = [
    `Rapport is ready at ${running.url}${config.playground ? "/playground" : ""}`,
    ...(config.slack ? [slackIsOn(config.slack, config.publicUrl)] : []),
    ...(config.teams ? [(await import("./teams.ts")).teamsIsOn(config.teams, config.publicUrl)] : []),
    ...(running.sampleLoaded ? ["The sample school, Larkspur Valley, has been loaded: everybody in it is invented."] : []),
    ...(running.keyFile?.made
      ? [`The key that seals people's words was made at ${running.keyFile.path}: keep a copy of it apart from the data.`]
      : []),
  ]
  process.stdout.write(`${lines.join("\n")}\n`)
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

if (import.meta.main) await main()
