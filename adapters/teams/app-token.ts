// Decides how the app proves to Teams who it is: one token for all that it sends, kept until shortly before it ends.
// Refuses to know what is sent with it.
import { AuthenticationConstants, JwtTokenProviderFactory, ManagedIdentityAppCredentials } from "botframework-connector"
import { isBody, memberIn, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { loginRefusalOf } from "./failures.ts"
import { exchange, type Heard } from "./wire.ts"

export type RegisteredApp = {
  kind: "registered"
  appId: string
  type: "SingleTenant" | "MultiTenant" | "UserAssignedMSI"
  password: string | null
  tenantId: string | null
}
export type App = RegisteredApp | { kind: "anonymous"; tenant: string }

export type AppToken = {
  /** The token to send with, asked for once at a time; null where none is wanted. Throws `DeliveryFailure`: nothing was sent then. */
  get(): Promise<string | null>
  /** Teams took what was sent with it. */
  taken(token: string): void
  /** Teams refused it: the next call asks for another. True where it was new: another will be refused as well. */
  refused(token: string): boolean
}

/** Where tokens come from. */
type Source = {
  get: () => Promise<string>
  /** The next call asks for another. */
  forget: () => void
}

export type AppTokenOptions = { app: App; loginUrl: string | null; now: () => Date; timeoutMs: number }

const scope = AuthenticationConstants.ToChannelFromBotOAuthScope
/** A new one is asked for while the old one still holds. */
const earlyMs = 5 * 60_000
const newMs = 60_000

type Token = { value: string; renewAt: number; endsAt: number }

export function createAppToken({ app, loginUrl, now, timeoutMs }: AppTokenOptions): AppToken {
  if (app.kind === "anonymous") return { get: async () => null, taken: () => undefined, refused: () => true }
  return judging(app.type === "UserAssignedMSI" ? managedIdentity(app.appId) : bySecret({ app, loginUrl, now, timeoutMs }), now)
}

/** One that was taken before, or kept for a while, may be refused for its age or by Teams' mistake: that says nothing against the app. */
function judging({ get, forget }: Source, now: () => Date): AppToken {
  let newest: { value: string; at: number; taken: boolean } | null = null
  return {
    async get() {
      const value = await get()
      if (newest?.value !== value) newest = { value, at: now().getTime(), taken: false }
      return value
    },
    taken(token) {
      if (newest?.value === token) newest.taken = true
    },
    refused(token) {
      // Several may be sent at once with one token: the first refusal has asked for another by now.
      if (newest?.value !== token) return false
      const isNew = !newest.taken && now().getTime() - newest.at < newMs
      newest = null
      forget()
      return isNew
    },
  }
}

function bySecret({ app, loginUrl, now, timeoutMs }: AppTokenOptions & { app: RegisteredApp }): Source {
  const url = `${(loginUrl ?? usualLogin(app)).replace(/\/$/, "")}/oauth2/v2.0/token`
  let token: Token | null = null
  let asking: Promise<Token> | null = null

  async function ask({ appId, password }: RegisteredApp): Promise<Token> {
    const heard = await exchange({
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: appId,
        client_secret: password ?? "",
        scope: `${scope}/.default`,
      }).toString(),
      timeoutMs,
    }).catch(() => {
      throw new DeliveryFailure({ reason: "busy", retryAfterMs: 30_000 })
    })
    if (heard.status !== 200) throw new DeliveryFailure(loginRefusalOf(heard, now()))
    return tokenIn(heard, now())
  }

  async function renewed(): Promise<Token> {
    asking ??= ask(app).finally(() => {
      asking = null
    })
    token = await asking
    return token
  }

  return {
    async get() {
      const time = now().getTime()
      if (token !== null && time < token.renewAt) return token.value
      try {
        return (await renewed()).value
      } catch (error) {
        // An identity provider that is away for a minute holds up nobody whose token still holds.
        if (token !== null && time < token.endsAt) return token.value
        throw error
      }
    },
    forget() {
      token = null
    },
  }
}

/** As the SDK has it: an app of many tenants is at home in the bot framework's own. */
const usualLogin = ({ type, tenantId }: RegisteredApp): string =>
  `${AuthenticationConstants.ToChannelFromBotLoginUrlPrefix}${type === "SingleTenant" ? (tenantId ?? "") : AuthenticationConstants.DefaultChannelAuthTenant}`

function tokenIn({ text }: Heard, now: Date): Token {
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // Read below as no token.
  }
  const value = isBody(body) ? textIn(body, "access_token") : null
  const seconds = Number(isBody(body) ? memberIn(body, "expires_in") : Number.NaN)
  if (value === null || value === "" || !(seconds > 0)) throw new DeliveryFailure({ reason: "busy", retryAfterMs: 30_000 })
  const lifeMs = seconds * 1_000
  return { value, renewAt: now.getTime() + Math.max(lifeMs - earlyMs, lifeMs / 2), endsAt: now.getTime() + lifeMs - 1_000 }
}

/** The machine's own identity, by the SDK: it keeps the token, and knows where each of Azure's hosts gives one. */
function managedIdentity(appId: string): Source {
  const credentials = new ManagedIdentityAppCredentials(appId, scope, new JwtTokenProviderFactory())
  let isRefused = false
  return {
    async get() {
      try {
        const token = await credentials.getToken(isRefused)
        isRefused = false
        return token
      } catch (error) {
        throw new DeliveryFailure(hasNone(error) ? { reason: "denied", detail: "no_managed_identity" } : { reason: "busy", retryAfterMs: 30_000 })
      }
    },
    forget() {
      isRefused = true
    },
  }
}

/** As the SDK's own names say it: this machine has no such identity, or it was turned away. */
const hasNone = (error: unknown): boolean =>
  error instanceof Error &&
  ["CredentialUnavailableError", "AggregateAuthenticationError", "AuthenticationRequiredError", "AuthenticationError"].includes(error.name)
