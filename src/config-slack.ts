// Decides how Slack is set up by the environment: what each value must look like, what is missing, what contradicts itself.
import { z } from "zod"
import { isSafeAddress } from "./web-address.ts"

/** How Slack reaches us, and how we are let in there: one workspace by its token, or any by an install link. */
export type SlackConfig = {
  /** Null: Slack's own. */
  apiUrl: string | null
  connection: { kind: "http"; signingSecret: string } | { kind: "socket"; appToken: string }
  access: { kind: "token"; botToken: string } | { kind: "oauth"; clientId: string; clientSecret: string; stateSecret: string; publicUrl: string }
}

const newKey = 'make one with "openssl rand -base64 32"'
const trimmed = z.string().trim()
const secret = trimmed.optional()

export const slackShape = {
  SLACK_BOT_TOKEN: trimmed
    .startsWith("xoxb-", {
      error: 'SLACK_BOT_TOKEN must begin with xoxb-: copy the "Bot User OAuth Token" from the app\'s page "OAuth & Permissions".',
    })
    .optional(),
  SLACK_APP_TOKEN: trimmed
    .startsWith("xapp-", {
      error:
        'SLACK_APP_TOKEN must begin with xapp-: make one on the app\'s page "Basic Information" under "App-Level Tokens", with connections:write.',
    })
    .optional(),
  SLACK_API_URL: trimmed
    .refine(isSafeAddress, { error: "SLACK_API_URL must be an https address, or http on this machine: unset it to use Slack's own." })
    .optional(),
  SLACK_STATE_SECRET: trimmed.min(32, { error: `SLACK_STATE_SECRET must be at least 32 characters: ${newKey}.` }).optional(),
  SLACK_SIGNING_SECRET: secret,
  SLACK_CLIENT_ID: secret,
  SLACK_CLIENT_SECRET: secret,
}

const byToken = "SLACK_BOT_TOKEN"
const byLink = ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET"] as const
const slackNames: readonly string[] = [byToken, ...byLink, "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"]

const onBasicPage = 'copy it from the app\'s page "Basic Information", under "App Credentials"'
const toInstall: Readonly<Record<(typeof byLink)[number] | "PUBLIC_URL", string>> = {
  SLACK_CLIENT_ID: onBasicPage,
  SLACK_CLIENT_SECRET: onBasicPage,
  SLACK_STATE_SECRET: newKey,
  PUBLIC_URL: "set it to the https address where this server is reached",
}

/** What was given, without what is empty. */
type Given = Readonly<Record<string, string | undefined>>
const has = (given: Given, name: string): boolean => given[name] !== undefined
const joined = (names: readonly string[]): string => names.join(" and ")

export const namesSlack = (given: Given): boolean => slackNames.some((name) => has(given, name))

/** What is missing or contradicts itself among the settings of Slack; each value by itself is the schema's business. */
export function slackProblems(given: Given): string[] {
  const names = slackNames.filter((name) => has(given, name))
  if (names.length === 0) return []
  const link = byLink.filter((name) => has(given, name))
  const problems: string[] = []
  if (has(given, byToken) && link.length > 0)
    problems.push(
      `${byToken} connects one workspace, ${joined(link)} any workspace by an install link: keep one of the two, and unset what belongs to the other.`,
    )
  else if (link.length > 0) {
    const missing = ([...byLink, "PUBLIC_URL"] as const).filter((name) => !has(given, name))
    problems.push(...missing.map((name) => `${name} is needed to install by link: ${toInstall[name]}.`))
  } else if (!has(given, byToken))
    problems.push(
      `${joined(names)} ${names.length === 1 ? "is" : "are"} not enough for Slack: set SLACK_BOT_TOKEN to connect one workspace, or SLACK_CLIENT_ID with its secrets to install by link.`,
    )
  if (!has(given, "SLACK_SIGNING_SECRET") && !has(given, "SLACK_APP_TOKEN"))
    problems.push(
      "Slack has no way to reach Rapport: set SLACK_SIGNING_SECRET where Slack calls PUBLIC_URL, or SLACK_APP_TOKEN for Socket Mode, which needs no public address.",
    )
  return problems
}

type Read = z.infer<z.ZodObject<typeof slackShape>> & { PUBLIC_URL?: string | undefined }

/** Once nothing is missing. With both secrets given Socket Mode is used: only one of the two can be how Slack reaches us. */
export function slackIn(read: Read): SlackConfig | null {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret, PUBLIC_URL: publicUrl } = read
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_STATE_SECRET: stateSecret } = read
  const access: SlackConfig["access"] | null = botToken
    ? { kind: "token", botToken }
    : clientId && clientSecret && stateSecret && publicUrl
      ? { kind: "oauth", clientId, clientSecret, stateSecret, publicUrl }
      : null
  const connection: SlackConfig["connection"] | null = appToken
    ? { kind: "socket", appToken }
    : signingSecret
      ? { kind: "http", signingSecret }
      : null
  return access && connection && { apiUrl: read.SLACK_API_URL ?? null, connection, access }
}
