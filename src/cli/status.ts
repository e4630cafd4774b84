// The command that says how a school stands. Counts and names of things, never anybody's words.
import type { Command } from "commander"
import { withoutSchool } from "../../db/client.ts"
import { siteRows } from "../../db/queries/roster-apply.ts"
import { withoutAdvisor } from "../../db/queries/roster-ties.ts"
import { deliveryCounts, type StatusRow, statusOf, unreachedPeople, wakesOf } from "../../db/queries/status.ts"
import type { PlatformName } from "../platform/account.ts"
import { localDate } from "../scheduling/zone.ts"
import { namedPeople } from "./finding.ts"
import { judgedLines } from "./judged.ts"
import { many, print, some, table } from "./print.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"

type StatusOptions = { school?: string; all?: true }

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("how a school stands and what it is judged by, in counts, and who cannot be written to")
    .option("--school <name>", "which school, where there are several")
    .option("--all", "name everybody who cannot be written to, not only the first 20, and every group that may be counted")
    .addHelpText("after", "\nExample:\n  rapport status")
    .action(status)
}

async function status(options: StatusOptions): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const wakes = await withoutSchool(session.db, (tx) => wakesOf(tx, school.id))
    await inSchool(session, school.id, async (scene) => {
      const [site] = await siteRows(scene.tx)
      const today = localDate(session.now, site?.zone ?? "UTC")
      const counts = await statusOf(scene.tx, today)
      const alone = await withoutAdvisor(scene.tx, today)
      const deliveries = await deliveryCounts(scene.tx)
      const unreached = await unreachedPeople(scene.tx)
      const states = [...new Set(deliveries.map((row) => row.state))]
      print(`${school.name}, ${session.now.toISOString().slice(0, 16).replace("T", " ")} UTC`, "")
      print(
        ...table([
          ["students", `${counts.students}, of them ${counts.noConsent} without consent`],
          ["staff", `${counts.staff}, of them ${many(counts.counsellors, "counsellor")}`],
          ["without an advisor", alone.length === 0 ? "0" : `${alone.length}: ${some(alone, 10)}`],
          ["not on the bot", `${counts.notOnBot}${counts.notOnBot === 0 ? "" : ": they get nothing, which is never their silence"}`],
          ["on the playground only", String(counts.playgroundOnly)],
          ["cannot be written to", String(counts.inTrouble)],
          ["groups asked each week", String(counts.plansOn)],
          ["answers unread", String(counts.unread)],
          ["alerts", alertStates(counts)],
          ["wishes for a person open", String(counts.reachOuts)],
          ["safety, not yet taken", String(counts.safetyOpen)],
        ]),
        "",
        ...(await judgedLines(scene, options.all === true)),
        ...namedPeople(
          "Cannot be written to:",
          unreached.map(({ name, role, places }) => [name, role, reasonFor(places)]),
          options.all === true,
        ),
        ...(unreached.length === 0 ? [] : [""]),
        deliveries.length === 0 ? "No message has been owed yet." : "Messages:",
        ...table(
          states.map((state) => [
            state,
            String(sum(deliveries.filter((row) => row.state === state).map((row) => row.count))),
            why(deliveries, state),
          ]),
          "  ",
        ),
        "",
        ...table(
          wakes.map((wake) => [
            `next ${wake.kind}`,
            wake.at.getUTCFullYear() > 9_000 ? "nothing to do" : `${wake.at.toISOString().slice(0, 16).replace("T", " ")} UTC`,
          ]),
        ),
      )
    })
  })
}

const alertStates = ({ alerts, alertsOnList, alertsSnoozed, alertsClosed }: StatusRow): string => {
  const of = [
    ...(alertsOnList > 0 ? [`${alertsOnList} on the counsellor list`] : []),
    ...(alertsSnoozed > 0 ? [`${alertsSnoozed} put away until a day`] : []),
  ]
  return `${alerts} open${of.length === 0 ? "" : `, ${of.join(", ")}`}; ${alertsClosed} closed`
}

const places: Readonly<Record<PlatformName, string>> = { slack: "Slack", teams: "Teams", playground: "the playground" }

/** Whether they left, blocked us or never had us, in each place where they are known. */
const reasonFor = (known: readonly { platform: PlatformName; trouble: string }[]): string =>
  known.length === 0 ? "not on the bot" : known.map(({ platform, trouble }) => `${troubleSays(trouble)} (${places[platform]})`).join(", ")

function troubleSays(trouble: string): string {
  switch (trouble) {
    case "left":
      return "removed the app, or left"
    case "BotDisabledByUser":
    case "MessageWritesBlocked":
    case "ConversationBlockedByUser":
      return "blocked the app"
    case "not_installed":
    case "BotNotInConversationRoster":
    case "ForbiddenOperationException":
      return "the app is not installed for them"
    default:
      return `refuses us: ${trouble}`
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0)

const why = (rows: readonly { state: string; failure: string | null; count: number }[], state: string): string =>
  rows
    .filter((row) => row.state === state && row.failure !== null)
    .map((row) => `${row.count} ${row.failure?.replaceAll("_", " ")}`)
    .join(", ")
