// Decides which settings this process runs with, and which it refuses. Refuses to know where they came from.
import { resolve } from "node:path"
import { z } from "zod"
import { namesSlack, type SlackConfig, slackIn, slackProblems, slackShape } from "./config-slack.ts"
import { namesTeams, type TeamsConfig, teamsIn, teamsProblems, teamsShape } from "./config-teams.ts"
import { type LogLevel, logLevels } from "./log.ts"
import { isLoopback, isSafeAddress, isWholeHost, pathRefused } from "./web-address.ts"

export type Config = {
  database: { kind: "embedded" } | { kind: "given"; url: string; ownerUrl: string }
  /** Absolute. */
  dataDir: string
  /** Base64 of 32 bytes; null only beside the embedded database, which keeps a key file. */
  key: string | null
  host: string
  port: number
  playground: boolean
  /** Where people, Slack and Teams reach this server from outside, without a slash at its end; null where nobody said. */
  publicUrl: string | null
  slack: SlackConfig | null
  teams: TeamsConfig | null
  logLevel: LogLevel
}

export type ReadConfig = { kind: "ok"; config: Config } | { kind: "refused"; problems: string[] }

type Environment = Readonly<Record<string, string | undefined>>

const newKey = 'make one with "openssl rand -base64 32"'

const postgresUrl = (name: string) =>
  z.string().refine((text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ""), {
    error: `${name} must look like postgres://user:password@host:5432/database.`,
  })

const trimmed = z.string().trim()

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
  ...slackShape,
  ...teamsShape,
  LOG_LEVEL: z.enum(logLevels, { error: `LOG_LEVEL must be one of ${logLevels.join(", ")}.` }).default("info"),
})

/** Every problem at once, each one sentence. An empty variable counts as unset. */
export function readConfig(env: Environment): ReadConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""))
  const read = schema.safeParse(given)
  const problems = read.success ? [] : read.error.issues.map((issue) => issue.message)

  problems.push(...slackProblems(given), ...teamsProblems(given))
  const connected = namesSlack(given) || namesTeams(given)
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
      teams: teamsIn(data),
      logLevel: data.LOG_LEVEL,
    },
  }
}
