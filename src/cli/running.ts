// The commands that run Rapport or one step of it: start, migrate, tick.
import { Argument, type Command, InvalidArgumentError } from "commander"
import type { Chore } from "../deps.ts"
import type { PlatformName } from "../platform/account.ts"
import type { Clock } from "../platform/clock.ts"
import type { Platform } from "../platform/platform.ts"
import type { Prompts } from "../words/prompts.ts"
import { many, print } from "./print.ts"
import { promptsFolder } from "./prompts.ts"
import { type Session, withDatabase, withPlace } from "./session.ts"
import { Trouble } from "./trouble.ts"

export function addRunning(program: Command): void {
  program
    .command("start")
    .description("run Rapport until it is stopped: the bot, its schedule and, with nothing configured, the playground")
    .addHelpText("after", "\nExample:\n  rapport start")
    .action(async () => (await import("../main.ts")).main())
  program
    .command("migrate")
    .description("bring the database to this version; safe to run again")
    .addHelpText("after", "\nExample:\n  rapport migrate")
    .action(migrateNow)
  program
    .command("tick")
    .addArgument(new Argument("<step>", "which step").choices(["plan", "deliver", "sweep"]))
    .description("one step of the schedule by hand: plan what is due, deliver it, or sweep what waits")
    .option("--at <time>", "as if it were this moment, as 2027-02-11T19:45:00Z", instantOption)
    .addHelpText("after", "\nExample:\n  rapport tick plan --at 2027-02-11T19:45:00Z")
    .action(tick)
}

function instantOption(value: string): Date {
  const at = new Date(value)
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError("Write a moment with its zone, as 2027-02-11T19:45:00Z.")
  return at
}

async function migrateNow(): Promise<void> {
  const [{ migrate }, { prepareJobs }] = await Promise.all([import("../../db/migrate.ts"), import("../jobs.ts")])
  await withPlace(async ({ ownerUrl }) => {
    const applied = await migrate(ownerUrl)
    await prepareJobs(ownerUrl)
    print(applied.length === 0 ? "The database is of this version already." : `The database is now of this version: ${applied.join(", ")}.`)
  })
}

async function tick(step: "plan" | "deliver" | "sweep", options: { at?: Date }): Promise<void> {
  const [{ createApp }, { choreNow, deliverDue }, { createLog }, { readPrompts }, { planSchool }] = await Promise.all([
    import("../app.ts"),
    import("../ticks.ts"),
    import("../log.ts"),
    import("../words/prompts.ts"),
    import("../scheduling/plan.ts"),
  ])
  await withDatabase(async (session) => {
    const at = options.at ?? session.now
    const clock: Clock = { now: () => at }
    const { db, words, ids, config } = session
    const { prompts } = readPrompts(promptsFolder)
    const base = { db, clock, ids, words, prompts, log: createLog("error"), wakeLanes: async () => {} }
    const app = createApp(base)
    if (config.playground && session.shared)
      throw new Trouble(`Rapport is running on this data and does each step by itself: stop it first to ${step} by hand.`)
    if (step !== "deliver") {
      const total = { occurrences: 0, missed: 0, owed: 0 }
      // Planning again changes nothing: the chore, which plans the briefs too, follows the count.
      const count: Chore = async (scene) => {
        const planned = await planSchool(scene)
        for (const key of ["occurrences", "missed", "owed"] as const) total[key] += planned[key]
        return planned.nextAt
      }
      await choreNow({ ...base, platforms: new Map() }, { ...app.chores, plan: [count, ...app.chores.plan] }, step)
      const { occurrences, missed, owed } = total
      print(
        step === "sweep"
          ? "Swept what waits."
          : `Planned what is due: ${many(occurrences, "prompt")}, ${missed} too late to send, ${many(owed, "message")} owed.`,
      )
      return
    }
    const { sent, refused, unknown, expired, later } = await deliverDue(
      { ...base, platforms: await platformsOf(session, clock, prompts) },
      app.letters,
    )
    print(`${many(sent, "message")} sent, ${refused} refused, ${unknown} unknown, ${expired} expired, ${later} put off.`)
  })
}

/** Platforms that send and hear nothing: the playground with nobody at its page, Slack and Teams with nobody at their door. */
async function platformsOf(session: Session, clock: Clock, prompts: Prompts): Promise<ReadonlyMap<PlatformName, Platform>> {
  const { config, db, ids } = session
  const now = () => clock.now()
  const chats = new Map<PlatformName, Platform>()
  if (config.slack !== null) chats.set("slack", (await import("./slack.ts")).slackHere(session, config.slack, now))
  if (config.teams !== null) chats.set("teams", (await import("./teams.ts")).teamsHere(session, config.teams, now))
  if (chats.size > 0) return chats
  if (!config.playground) return new Map()
  const { openTown } = await import("../playground.ts")
  const still = { ...clock, progress: () => null, moveTo: () => Promise.reject(new Error("This clock stands still.")) }
  const report = (error: unknown) => {
    throw error
  }
  const town = openTown({ dataDir: config.dataDir, db, clock: still, ids, prompts, work: async () => 0, nextWork: async () => null, report })
  return new Map([["playground", town.platform]])
}
