// What an admin does about a refusal of Slack's: one sentence a code, naming the variable or the page.
import { appTokenScope } from "../../adapters/slack/scopes.ts"
import type { Failure } from "../platform/failure.ts"
import { many } from "./print.ts"

/** `bot`: the token of the environment. `install`: the one an install link brought. `app`: the token of Socket Mode. */
export type Asked = "bot" | "install" | "app"

const again: Readonly<Record<Asked, string>> = {
  bot: 'copy the "Bot User OAuth Token" from the app\'s page "OAuth & Permissions" and correct SLACK_BOT_TOKEN',
  install: 'run "rapport connect slack" and open its link to install it again',
  app: `make a token on the app's page "Basic Information" under "App-Level Tokens", with ${appTokenScope}, and correct SLACK_APP_TOKEN`,
}

/** Codes by which Slack turns a token away for good, as a workspace's pause keeps them. */
export const tokenCodes: readonly string[] = [
  ...["invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "token_expired"],
  ...["account_inactive", "disconnected", "no_token"],
]

export function refusalSays(failure: Failure, asked: Asked): string {
  if (failure.reason === "busy") return `Slack asks us to wait: try again in ${many(Math.ceil(failure.retryAfterMs / 1_000), "second")}.`
  const { detail } = failure
  switch (detail) {
    case "invalid_auth":
    case "not_authed":
    case "not_allowed_token_type":
      return `Slack does not know this token (${detail}): ${again[asked]}.`
    case "token_revoked":
    case "token_expired":
      return `Slack has taken this token back (${detail}): install the app again, then ${again[asked]}.`
    case "account_inactive":
    case "disconnected":
      return `The app was removed from the workspace (${detail}): install it again, then ${again[asked]}.`
    case "no_token":
      return `There is no token for this workspace (${detail}): ${again[asked]}.`
    case "organisation_wide":
      return `The app was installed for a whole organisation (${detail}): install it in one workspace of it, then ${again[asked]}.`
    case "messages_tab_disabled":
      return `People may not write to the app (${detail}): switch the Messages Tab on, on the app's page "App Home".`
    case "missing_scope":
    case "no_permission":
      return `This token may not do what is asked (${detail}): ${asked === "app" ? again.app : "make the app again from the manifest, or add the scope, and install it again"}.`
    default:
      return failure.reason === "uncertain"
        ? `Slack does not answer (${detail}): look whether this machine reaches https://slack.com, and at https://slack-status.com.`
        : `Slack refuses (${detail}): https://docs.slack.dev says what it means.`
  }
}
