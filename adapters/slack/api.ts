// Decides how Slack is called: with whose token, once, and for how long at most. Refuses to know what is said.
import { LogLevel } from "@slack/bolt"
import type { Installation } from "@slack/oauth"
import { WebClient, type WebClientOptions } from "@slack/web-api"
import { type Body, bodyIn, isBody, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Tokens } from "../../src/platform/platform.ts"
import { failureOf } from "./failures.ts"
import { post } from "./wire.ts"

export type Report = (event: string, fields?: Readonly<Record<string, string | number>>) => void

export type Access =
  | { kind: "token"; botToken: string }
  | { kind: "oauth"; clientId: string; clientSecret: string; stateSecret: string; publicUrl: string }

export type Api = {
  /** The client that speaks in this tenant. Throws `DeliveryFailure`: nothing was sent then. */
  client(tenant: string): Promise<WebClient>
  /** The workspace of the one bot token, asked for once; null with OAuth. Throws `DeliveryFailure`. */
  team(): Promise<string | null>
  /** A token that was taken back is not used again. */
  forget(tenant: string): void
  /** One POST to a response_url of Slack's own. Throws `DeliveryFailure`. */
  respond(url: string, body: Body): Promise<void>
}

export type ApiOptions = {
  apiUrl: string | null
  access: Access
  tokens: Pick<Tokens, "get">
  now: () => Date
  report: Report
  timeoutMs: number
}

const tokenKeptMs = 60_000
const mostTenants = 500

/** Our code for an installation of a whole organisation: Slack then wants a workspace named in calls that we make for one. */
export const organisationWide = "organisation_wide"

/** What every client is made with: one request a call, nothing waited for, nothing written down. */
export const clientOptions = ({ apiUrl, report, timeoutMs }: Pick<ApiOptions, "apiUrl" | "report" | "timeoutMs">): WebClientOptions => ({
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  // Kept by the wire.
  timeout: 0,
  allowAbsoluteUrls: false,
  logger: silentLogger(report),
  fetch: onlySlack(apiUrl, timeoutMs),
  ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
})

/** An upload goes wherever an answer of Slack's says, and the SDK sends the token along: to Slack's own hosts, or nowhere. */
const onlySlack = (apiUrl: string | null, timeoutMs: number): NonNullable<WebClientOptions["fetch"]> => {
  const own = new URL(apiUrl ?? "https://slack.com/api/")
  return async (url, init) => {
    const { origin, protocol, hostname } = new URL(url)
    const known = origin === own.origin || (protocol === "https:" && hostname.endsWith(`.${own.hostname}`))
    if (!known) throw new DeliveryFailure({ reason: "invalid", detail: "foreign_host" })
    return post(url, init, timeoutMs)
  }
}

type Logger = NonNullable<WebClientOptions["logger"]>

/** The SDK's messages hold urls, bodies and names: only that there was one is told. */
export const silentLogger = (report: Report): Logger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => report("slack_sdk_error"),
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
})

export function createApi(options: ApiOptions): Api {
  const { access, tokens, now, apiUrl, timeoutMs } = options
  const made = clientOptions(options)
  const clients = new Map<string, WebClient>()
  const kept = new Map<string, { token: string; until: number }>()
  let team: Promise<string | null> | null = null

  function clientWith(token: string): WebClient {
    const known = clients.get(token)
    if (known) return known
    dropOldest(clients)
    const client = new WebClient(token, made)
    clients.set(token, client)
    return client
  }

  async function askTeam(botToken: string): Promise<string> {
    try {
      const { team_id: tenant, is_enterprise_install: whole } = await clientWith(botToken).auth.test()
      if (whole === true) throw new DeliveryFailure({ reason: "denied", detail: organisationWide })
      if (tenant === undefined) throw new DeliveryFailure({ reason: "denied", detail: "no_team" })
      return tenant
    } catch (error) {
      throw unsent(error)
    }
  }

  async function ownTeam(): Promise<string | null> {
    if (access.kind === "oauth") return null
    team ??= askTeam(access.botToken).catch((error: unknown) => {
      team = null
      throw error
    })
    return team
  }

  async function storedToken(tenant: string): Promise<string> {
    const known = kept.get(tenant)
    if (known && known.until > now().getTime()) return known.token
    const stored = await tokens.get(tenant).catch(() => {
      throw new DeliveryFailure({ reason: "busy", retryAfterMs: 1_000 })
    })
    const token = stored === null ? null : botTokenIn(stored)
    if (token === null) throw new DeliveryFailure({ reason: "denied", detail: "no_token" })
    kept.delete(tenant)
    dropOldest(kept)
    kept.set(tenant, { token, until: now().getTime() + tokenKeptMs })
    return token
  }

  return {
    team: ownTeam,
    async client(tenant) {
      if (access.kind === "oauth") return clientWith(await storedToken(tenant))
      if ((await ownTeam()) !== tenant) throw new DeliveryFailure({ reason: "denied", detail: "no_token" })
      return clientWith(access.botToken)
    },
    forget(tenant) {
      const known = kept.get(tenant)
      if (known) clients.delete(known.token)
      kept.delete(tenant)
    },
    async respond(url, body) {
      if (!isSlacks(url, apiUrl)) throw new DeliveryFailure({ reason: "invalid", detail: "response_url" })
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify(body),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(() => {
        throw new DeliveryFailure({ reason: "uncertain", detail: "request_failed" })
      })
      const answered = await response.text().catch(() => "")
      if (!response.ok) throw new DeliveryFailure({ reason: response.status >= 500 ? "uncertain" : "invalid", detail: `http_${response.status}` })
      if (/"ok"\s*:\s*false/.test(answered)) throw new DeliveryFailure({ reason: "invalid", detail: "response_url_refused" })
    },
  }
}

/** Before anything was sent, doubt is only a reason to try again. */
function unsent(error: unknown): DeliveryFailure {
  const failure = failureOf(error)
  return new DeliveryFailure(failure.reason === "denied" || failure.reason === "busy" ? failure : { reason: "busy", retryAfterMs: 5_000 })
}

/** A url comes back to us inside what people press: it is only ever called where Slack itself listens. */
function isSlacks(url: string, apiUrl: string | null): boolean {
  if (!URL.canParse(url)) return false
  const { origin } = new URL(url)
  return apiUrl === null ? origin === "https://hooks.slack.com" : origin === new URL(apiUrl).origin
}

/** The bot's token in an installation as `install.ts` keeps it. */
export function botTokenIn(stored: string): string | null {
  try {
    const installation: unknown = JSON.parse(stored)
    return isBody(installation) ? textIn(bodyIn(installation, "bot" satisfies keyof Installation), "token") : null
  } catch {
    return null
  }
}

/** Keeps a map under its bound; its first entry is its oldest. */
function dropOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (map.size >= mostTenants && oldest !== undefined) map.delete(oldest)
}
