// Decides how Slack is put together in a process: the adapter, its tokens and install links.
// Refuses to know what Slack sends.
import { createSlack, type Slack } from "../adapters/slack/entry.ts"
import { eventsPath } from "../adapters/slack/paths.ts"
import type { SlackConfig } from "./config-slack.ts"
import type { Deps } from "./deps.ts"
import type { Log } from "./log.ts"
import { DeliveryFailure } from "./platform/failure.ts"
import type { Installs } from "./platform/platform.ts"
import { createInstalls } from "./roster/connect.ts"
import { openTokens } from "./roster/tokens.ts"

export function openSlack(config: SlackConfig, deps: Pick<Deps, "db" | "ids" | "words" | "log" | "wakeLanes" | "clock">): Slack {
  const now = () => deps.clock.now()
  const { access } = config
  return createSlack({
    ...config,
    tokens: openTokens({ db: deps.db, words: deps.words, platform: "slack", now }),
    installs: access.kind === "oauth" ? createInstalls({ ...deps, now, platform: "slack", secret: access.stateSecret }) : noInstalls,
    now,
    report: (event, fields = {}) => deps.log.warn(event, fields),
  })
}

/** One bot token stands in the environment: nobody installs by link. */
const noInstalls: Installs = { invited: () => false, keep: async () => "not_invited" }

/** How Slack reaches us, for the person who started us. Nobody is asked for it. */
export function slackIsOn({ connection }: SlackConfig, publicUrl: string | null): string {
  if (connection.kind === "socket") return "Slack is on, by Socket Mode."
  return publicUrl === null
    ? `Slack is on: it sends events to ${eventsPath} on this server, which must be reachable by https.`
    : `Slack is on: it sends events to ${publicUrl}${eventsPath}.`
}

/** Puts on record why Slack turns the bot's token away, or that it does not answer; nothing else hangs on it. */
export async function tryToken(slack: Pick<Slack, "team">, log: Log): Promise<void> {
  try {
    await slack.team()
  } catch (error) {
    const failure = error instanceof DeliveryFailure ? error.failure : null
    if (failure === null) log.warn("slack_not_reached", { error })
    else if (failure.reason === "busy") log.warn("slack_not_reached", { code: failure.reason })
    else log.warn(failure.reason === "uncertain" ? "slack_not_reached" : "slack_token_refused", { code: failure.detail })
  }
}
