// Decides whether a request really comes from Teams, by the token that it carries. Asks for the issuer's keys once a day.
// Refuses a token that reads wrong without asking anybody, and leaves the last word to the SDK.
import { createPublicKey, type KeyObject, verify } from "node:crypto"
import { AuthenticationConstants, type BotFrameworkAuthentication } from "botframework-connector"
import { JwtTokenExtractor } from "botframework-connector/lib/auth/jwtTokenExtractor.js"
import { type Activity, Channels } from "botframework-schema"
import { type Body, isBody, memberIn, textIn } from "../../src/platform/body.ts"
import type { Passed } from "./guard.ts"

export type Proven = { kind: "proven" } | { kind: "refused"; status: 401 | 503; why: string }

/** Whether what the guard let through comes from Teams. 503: the issuer's keys cannot be had now; Teams sends again. */
export type Prove = (passed: Passed) => Promise<Proven>

export type ProveOptions = {
  appId: string
  issuer: string
  metadataUrl: string
  authentication: BotFrameworkAuthentication
  timeoutMs: number
}

/** Teams sends with one token for an hour; proven once, it is proven for a while. */
const provenMs = 5 * 60_000
const mostProven = 2_000
/** As the SDK tolerates, which judges by the machine's own clock too. */
const skewSeconds = 5 * 60

const algorithms: Readonly<Record<string, string>> = { RS256: "RSA-SHA256", RS384: "RSA-SHA384", RS512: "RSA-SHA512" }

export function createProve({ appId, issuer, metadataUrl, authentication, timeoutMs }: ProveOptions): Prove {
  // The SDK keeps keys by their address for the whole process: these are the same that it checks with.
  const extractor = new JwtTokenExtractor({ issuer: [issuer] }, metadataUrl, AuthenticationConstants.AllowedSigningAlgorithms)
  const proven = new Map<string, { serviceUrl: string; until: number }>()
  let turn: Promise<unknown> = Promise.resolve()

  /** One at a time: the SDK would fetch the keys anew for each of the first thousand events. It waits for them for ever; we do not. */
  async function keyOf(kid: string): Promise<Key | null> {
    const asked = turn.then(() => extractor.openIdMetadata.getKey(kid))
    // The SDK takes keys that it could not read for keys read just now, and asks no more for an hour.
    turn = asked.catch(() => Object.assign(extractor.openIdMetadata, { lastUpdated: 0 }))
    const found = await within(timeoutMs, asked, () => {
      turn = Promise.resolve()
    })
    return found === null ? null : { key: createPublicKey(found.key), endorsements: found.endorsements ?? [] }
  }

  function keep(authorization: string, serviceUrl: string, endsAt: number): void {
    const [oldest] = proven.keys()
    if (proven.size >= mostProven && oldest !== undefined) proven.delete(oldest)
    proven.set(authorization, { serviceUrl, until: Math.min(endsAt, Date.now() + provenMs) })
  }

  return async ({ activity, authorization }) => {
    const serviceUrl = textIn(activity, "serviceUrl") ?? ""
    const known = proven.get(authorization)
    if (known !== undefined && known.serviceUrl === serviceUrl && Date.now() < known.until) return { kind: "proven" }
    const token = tokenIn(authorization)
    if (token === null) return refused(401, "unreadable_token")
    const why = wrongIn(token, { appId, issuer, serviceUrl })
    if (why !== null) return refused(401, why)
    let found: Key | null
    try {
      found = await keyOf(token.kid)
    } catch {
      return refused(503, "keys_unreachable")
    }
    if (found === null) return refused(401, "unknown_key")
    // Both are checked before the SDK does, which writes a line of its own to the error stream for each bad one.
    if (!verify(algorithms[token.algorithm], Buffer.from(token.signed), found.key, token.signature)) return refused(401, "bad_signature")
    if (found.endorsements.length > 0 && !found.endorsements.includes(Channels.Msteams)) return refused(401, "foreign_key")
    try {
      await authentication.authenticateRequest(activity as unknown as Activity, authorization)
    } catch {
      return refused(401, "refused_by_sdk")
    }
    keep(authorization, serviceUrl, token.endsAt)
    return { kind: "proven" }
  }
}

const refused = (status: 401 | 503, why: string): Proven => ({ kind: "refused", status, why })

type Key = { key: KeyObject; endorsements: readonly string[] }

type Token = { algorithm: string; kid: string; claims: Body; endsAt: number; signed: string; signature: Buffer }

/** Null for what is no signed token with an end. */
function tokenIn(authorization: string): Token | null {
  const [header = "", payload = "", signature = "", ...more] = authorization.slice("Bearer ".length).split(".")
  const head = jsonIn(header)
  const claims = jsonIn(payload)
  const kid = textIn(head, "kid")
  const algorithm = textIn(head, "alg")
  const end = numberIn(claims, "exp")
  if (more.length > 0 || claims === null || kid === null || algorithm === null || end === null) return null
  return { algorithm, kid, claims, endsAt: end * 1_000, signed: `${header}.${payload}`, signature: Buffer.from(signature, "base64url") }
}

function jsonIn(part: string): Body | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
    return isBody(value) ? value : null
  } catch {
    return null
  }
}

const numberIn = (claims: Body | null, name: string): number | null => {
  const value = memberIn(claims, name)
  return typeof value === "number" && Number.isFinite(value) ? value : null
}

/** What a token says against itself, before any key is asked for. */
function wrongIn({ algorithm, claims, endsAt }: Token, expected: { appId: string; issuer: string; serviceUrl: string }): string | null {
  const seconds = Date.now() / 1_000
  if (!Object.hasOwn(algorithms, algorithm)) return "bad_algorithm"
  if (textIn(claims, "iss") !== expected.issuer) return "foreign_issuer"
  if (textIn(claims, "aud") !== expected.appId) return "foreign_audience"
  if (endsAt / 1_000 < seconds - skewSeconds) return "expired_token"
  if ((numberIn(claims, "nbf") ?? 0) > seconds + skewSeconds) return "early_token"
  return textIn(claims, AuthenticationConstants.ServiceUrlClaim) === expected.serviceUrl ? null : "foreign_service_url"
}

async function within<Result>(ms: number, promise: Promise<Result>, late: () => void): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late()
      reject(new Error("late"))
    }, ms)
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    clearTimeout(timer)
  }
}
