// The command that says whose workspace a school's is: the one of the settings, or for Slack by a link to install with.
import { Argument, type Command } from "commander"
import { installPath } from "../../adapters/slack/paths.ts"
import { neededFor } from "../../adapters/slack/scopes.ts"
import { withSchool } from "../../db/client.ts"
import { askEnrolment } from "../../db/queries/roster-enrol-wake.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import type { SlackConfig } from "../config-slack.ts"
import type { Workspace } from "../platform/account.ts"
import { connectByHand, installLink } from "../roster/connect.ts"
import { gateOf } from "../safety/gate.ts"
import { listed, many, print } from "./print.ts"
import { inSchool, isSample, type Session, theSchool, withDatabase } from "./session.ts"
import { refusalSays } from "./slack-refusal.ts"
import { Trouble } from "./trouble.ts"

type Options = { school?: string; tenant?: string }

export function addConnect(program: Command): void {
  program
    .command("connect")
    .addArgument(new Argument("<platform>", "which platform").choices(["slack", "teams"]))
    .description("connect a workspace to a school: the one of the settings, or for Slack any by a link to install with")
    .option("--tenant <id>", "for Teams, where the app is of many tenants: which one")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", "\nExamples:\n  rapport connect slack\n  rapport connect teams")
    .action(connect)
}

async function connect(platform: "slack" | "teams", options: Options): Promise<void> {
  await withDatabase(async (session) => {
    const { slack, teams } = session.config
    if (platform === "slack" && slack === null)
      throw new Trouble(
        "Slack is not set up here: set SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN (see .env.example), then connect again.",
      )
    if (platform === "teams" && teams === null)
      throw new Trouble(
        "Teams is not set up here: set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId (see .env.example), then connect again.",
      )
    const school = await theSchool(session, options.school)
    // Nobody real is behind an anonymous Teams: there the invented school is right.
    if ((platform === "slack" || teams?.kind !== "anonymous") && (await isSample(session, school)))
      throw new Trouble(`${school.name} is the invented school: import your own roster where it is not, then connect that.`)
    if (platform === "slack" && slack !== null)
      print(...(slack.access.kind === "oauth" ? link(session, school, slack.access) : await byToken(session, school, slack)))
    if (platform === "teams" && teams !== null)
      print(...(await (await import("./teams-connect.ts")).connectTeams(session, school, teams, options.tenant)))
    const { ready, missing } = await inSchool(session, school.id, (scene) => gateOf(scene))
    if (!ready) print(`No student is asked anything yet: ${many(missing.length, "thing")} to do before that, see "rapport golive".`)
  })
}

function link({ now }: Session, school: SchoolRow, access: Extract<SlackConfig["access"], { kind: "oauth" }>): string[] {
  const made = installLink({ platform: "slack", secret: access.stateSecret }, { schoolId: school.id, now })
  return [
    `Whoever opens this link within 24 hours, and may install apps, connects their Slack workspace to ${school.name}:`,
    `${access.publicUrl}${installPath}?link=${encodeURIComponent(made)}`,
    "It is good for one workspace: give it to nobody else. It works while Rapport runs.",
  ]
}

async function byToken(session: Session, school: SchoolRow, slack: SlackConfig): Promise<string[]> {
  if (slack.access.kind !== "token") throw new Error("Only a token names its workspace.")
  const { checkSlack } = await import("../../adapters/slack/check.ts")
  const { token } = await checkSlack({ apiUrl: slack.apiUrl, botToken: slack.access.botToken, appToken: null })
  if (token.kind === "refused") throw new Trouble(`${refusalSays(token.failure, "bot")} Nothing was changed.`)
  if (token.kind === "not_asked") throw new Error("Slack was not asked.")
  const workspace: Workspace = { platform: "slack", tenant: token.tenant }
  const called = `The Slack workspace ${token.name} (${token.tenant})`
  const { db, ids, now } = session
  const taken = await connectByHand({ db, ids, now: () => now, wakeLanes: async () => {} }, workspace, school.id)
  if (taken === "elsewhere")
    throw new Trouble(`${called} belongs to another school here: nothing was changed. Use --school, or the token of another workspace.`)
  if (taken === "kept") await withSchool(db, school.id, (tx) => askEnrolment(tx, school.id, workspace, now))
  return [
    `${called} is ${taken === "kept" ? "connected already" : "now connected"} to ${school.name}.`,
    'While Rapport runs, it now looks people up by their e-mail, without writing to them. "rapport doctor" says who was found.',
    ...(token.missing.length === 0
      ? []
      : [`But the app lacks ${listed(token.missing.map((scope) => `${scope} (for ${neededFor(scope).join(", ")})`))}: see "rapport doctor".`]),
  ]
}
