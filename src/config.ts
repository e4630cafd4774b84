// Decides which settings this process runs with, and which it refuses. Refuses to know where they came from.
import { resolve } from "node:path"
import { z } from "zod"
import { type LogLevel, logLevels } from "./log.ts"

export type Config = {
  database: { kind: "embedded" } | { kind: "given"; url: string; ownerUrl: string }
  /** Absolute. */
  dataDir: string
  /** Base64 of 32 bytes; null only beside the embedded database, which keeps a key file. */
  key: string | null
  host: string
  port: number
  playground: boolean
  /** Where people and Slack reach this server from outside, without a slash at its end; null where nobody said. */
  publicUrl: string | null
  slack: SlackConfig | null
  logLevel: LogLevel
}

/** How Slack reaches us, and how we are let in there: one workspace by its token, or any by an install link. */
export type SlackConfig = {
  /** Null: Slack's own. */
  apiUrl: string | null
  connection: { kind: "http"; signingSecret: string } | { kind: "socket"; appToken: string }
  access: { kind: "token"; botToken: string } | { kind: "oauth"; clientId: string; clientSecret: string; stateSecret: string; publicUrl: string }
}

export type ReadConfig = { kind: "ok"; config: Config } | { kind: "refused"; problems: string[] }

type Environment = Readonly<Record<string, string | undefined>>

const newKey = 'make one with "openssl rand -base64 32"'

const postgresUrl = (name: string) =>
  z.string().refine((text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ""), {
    error: `${name} must look like postgres://user:password@host:5432/database.`,
  })

const trimmed = z.string().trim()
const secret = trimmed.optional()

/** An address others may be sent to: https, or http on this machine, and nothing after its path. */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") return false
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1")))
}

/** An address with nothing behind its host: Rapport puts its own paths there. */
export const isWholeHost = (text: string): boolean => /^\/*$/.test(URL.parse(text)?.pathname ?? "")

/** What is said of one with a path; `name` is where it was given. */
export const pathRefused = (name: string): string =>
  `${name} must be the address alone, without a path, such as https://rapport.example.org: Rapport puts /slack/events behind it itself.`

const schema = z.object({
  DATABASE_URL: postgresUrl("DATABASE_URL").optional(),
  DATABASE_OWNER_URL: postgresUrl("DATABASE_OWNER_URL").optional(),
  RAPPORT_DATA: z.string().default(".rapport"),
  RAPPORT_KEY: z
    .string()
    .refine((text) => /^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim()), {
      error: `RAPPORT_KEY must be 32 random bytes in base64 (44 characters): ${newKey}.`,
    })
    .optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, { error: "HOST must be an address or a name to listen on, such as 127.0.0.1." })
    .default("127.0.0.1"),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, { error: "PORT must be a whole number from 0 to 65535." })
    .transform(Number)
    .default(3000),
  PLAYGROUND: z.enum(["on", "off"], { error: 'PLAYGROUND must be "on" or "off".' }).optional(),
  PUBLIC_URL: trimmed
    .refine(isSafeAddress, {
      abort: true,
      error: "PUBLIC_URL must be the https address of this server, such as https://rapport.example.org (http only on this machine).",
    })
    .refine(isWholeHost, { error: pathRefused("PUBLIC_URL") })
    .transform((text) => (URL.parse(text)?.href ?? text).replace(/\/+$/, ""))
    .optional(),
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
  LOG_LEVEL: z.enum(logLevels, { error: `LOG_LEVEL must be one of ${logLevels.join(", ")}.` }).default("info"),
})

const byToken = "SLACK_BOT_TOKEN"
const byLink = ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET"] as const
const slackNames: readonly string[] = [byToken, ...byLink, "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"]
const teamsNames = /^(MicrosoftApp|TEAMS_)/

const onBasicPage = 'copy it from the app\'s page "Basic Information", under "App Credentials"'
const toInstall: Readonly<Record<(typeof byLink)[number] | "PUBLIC_URL", string>> = {
  SLACK_CLIENT_ID: onBasicPage,
  SLACK_CLIENT_SECRET: onBasicPage,
  SLACK_STATE_SECRET: newKey,
  PUBLIC_URL: "set it to the https address where this server is reached",
}

const has = (given: Environment, name: string): boolean => given[name] !== undefined
const joined = (names: readonly string[]): string => names.join(" and ")

/** What is missing or contradicts itself among the settings of Slack; each value by itself is the schema's business. */
function slackProblems(given: Environment): string[] {
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

type Read = z.infer<typeof schema>

/** Once nothing is missing. With both secrets given Socket Mode is used: only one of the two can be how Slack reaches us. */
function slackIn(read: Read): SlackConfig | null {
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

/** Every problem at once, each one sentence. An empty variable counts as unset. */
export function readConfig(env: Environment): ReadConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""))
  const read = schema.safeParse(given)
  const problems = read.success ? [] : read.error.issues.map((issue) => issue.message)

  const teams = Object.keys(given).filter((name) => teamsNames.test(name))
  if (teams.length > 0) {
    problems.push(
      `${teams.join(", ")} would connect Microsoft Teams, which this version of Rapport cannot do yet: unset ${teams.length === 1 ? "it" : "them"}.`,
    )
  }
  problems.push(...slackProblems(given))
  const connected = teams.length > 0 || slackNames.some((name) => has(given, name))
  if (given.PLAYGROUND === "on" && connected) {
    problems.push("PLAYGROUND=on lets anyone be anyone, so it never runs beside a connected platform: set PLAYGROUND=off.")
  }
  const playground = given.PLAYGROUND === undefined ? !connected : given.PLAYGROUND === "on"
  if (playground && given.HOST !== undefined && !isLoopback(given.HOST)) {
    problems.push(`The playground lets anyone be anyone, so it listens on this machine only: unset HOST (now ${given.HOST}), or set PLAYGROUND=off.`)
  }
  if (given.DATABASE_URL === undefined && given.DATABASE_OWNER_URL !== undefined) {
    problems.push("DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither for the bundled Postgres.")
  }
  if (given.DATABASE_URL !== undefined && given.RAPPORT_KEY === undefined) {
    problems.push(`RAPPORT_KEY is needed beside DATABASE_URL, because it seals what people write: ${newKey} and keep a copy apart from the database.`)
  }

  if (!read.success || problems.length > 0) return { kind: "refused", problems }
  const { data } = read
  return {
    kind: "ok",
    config: {
      database:
        data.DATABASE_URL === undefined
          ? { kind: "embedded" }
          : { kind: "given", url: data.DATABASE_URL, ownerUrl: data.DATABASE_OWNER_URL ?? data.DATABASE_URL },
      dataDir: resolve(data.RAPPORT_DATA),
      key: data.RAPPORT_KEY?.trim() ?? null,
      host: data.HOST,
      port: data.PORT,
      playground,
      publicUrl: data.PUBLIC_URL ?? null,
      slack: slackIn(data),
      logLevel: data.LOG_LEVEL,
    },
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
}
