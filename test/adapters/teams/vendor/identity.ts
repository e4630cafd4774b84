// The identity provider: the keys that Teams signs with, real tokens, every kind of bad one, and the tokens that it gives the bot.
import { createHash, randomUUID } from "node:crypto"
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose"
import type { Json } from "./json.ts"

export const badTokens = [
  "expired",
  "not_yet",
  "foreign_key",
  "unknown_key",
  "alg_none",
  "symmetric",
  "tampered",
  "other_channel",
  "wrong_audience",
  "no_audience",
  "wrong_issuer",
  "emulator",
  "no_issuer",
  "wrong_service_url",
  "no_service_url",
  "no_claims",
  "garbage",
] as const
export type BadToken = (typeof badTokens)[number]

export type Identity = {
  readonly issuer: string
  metadata(origin: string): Json
  keys(): Json
  /** As Teams signs each request, good for an hour. */
  token(serviceUrl: string): Promise<string>
  bad(kind: BadToken, serviceUrl: string): Promise<string>
  /** A token of the bot's own, and the seconds it is good for. */
  issue(): { access_token: string; expires_in: number }
  /** Whether a request of the bot's carries a token that was given to it. */
  knows(authorization: string | undefined): boolean
  /** Every token of the bot's is void from now on. */
  revoke(): void
}

const signedFor = "msteams"

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
type Key = Pair & { kid: string; endorsements: readonly string[] }

async function keyFor(endorsements: readonly string[]): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true })
  return { kid: createHash("sha1").update(randomUUID()).digest("base64url"), publicKey, privateKey, endorsements }
}

export async function openIdentity(options: { appId: string; tenant: string; issuer: string; tokenSeconds: number }): Promise<Identity> {
  const { appId, issuer } = options
  const [own, other, foreign] = await Promise.all([keyFor([signedFor, "cortana"]), keyFor(["webchat"]), keyFor([signedFor])])
  const published = await Promise.all(
    [own, other].map(async ({ kid, publicKey, endorsements }) => ({ ...(await exportJWK(publicKey)), use: "sig", kid, x5t: kid, endorsements })),
  )
  const given = new Set<string>()
  const kept = new Map<string, { token: Promise<string>; until: number }>()

  const claimsFor = (serviceUrl: string, from = Date.now()): JWTPayload => {
    const seconds = Math.floor(from / 1000)
    return { serviceurl: serviceUrl, nbf: seconds - 300, exp: seconds + 3_600, iss: issuer, aud: appId }
  }
  const signed = (claims: JWTPayload, key: Key = own, kid = key.kid): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid, x5t: kid, typ: "JWT" }).sign(key.privateKey)

  return {
    issuer,
    metadata: (origin) => ({
      issuer,
      authorization_endpoint: "https://invalid.botframework.com",
      jwks_uri: `${origin}/identity/v1/.well-known/keys`,
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["private_key_jwt"],
    }),
    keys: () => ({ keys: published }),
    token(serviceUrl) {
      const now = Date.now()
      const known = kept.get(serviceUrl)
      if (known !== undefined && known.until > now) return known.token
      const token = signed(claimsFor(serviceUrl, now))
      kept.set(serviceUrl, { token, until: now + 1_800_000 })
      return token
    },
    async bad(kind, serviceUrl) {
      const good = claimsFor(serviceUrl)
      const without = (name: string): JWTPayload => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
      switch (kind) {
        case "expired":
          return signed(claimsFor(serviceUrl, Date.now() - 2 * 3_600_000))
        case "not_yet":
          return signed({ ...good, nbf: Math.floor(Date.now() / 1000) + 1_800 })
        case "foreign_key":
          return signed(good, foreign, own.kid)
        case "unknown_key":
          return signed(good, foreign)
        case "alg_none":
          return new UnsecuredJWT(good).encode()
        case "symmetric":
          // The public key as a shared secret: what a library falls for that lets a token choose how it is read.
          return new SignJWT(good)
            .setProtectedHeader({ alg: "HS256", kid: own.kid, typ: "JWT" })
            .sign(new TextEncoder().encode(await exportSPKI(own.publicKey)))
        case "tampered": {
          const [head = "", , signature = ""] = (await signed({ ...good, serviceurl: "https://smba.trafficmanager.net/other/" })).split(".")
          return [head, Buffer.from(JSON.stringify(good)).toString("base64url"), signature].join(".")
        }
        case "other_channel":
          return signed(good, other)
        case "wrong_audience":
          return signed({ ...good, aud: "00000000-0000-4000-8000-00000000beef" })
        case "no_audience":
          return signed(without("aud"))
        case "wrong_issuer":
          return signed({ ...good, iss: "https://sts.evil.example/" })
        case "emulator":
          // Left alone, the SDK believes this issuer too, and asks login.botframework.com for its keys.
          return signed({ ...good, iss: "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", ver: "1.0", appid: appId })
        case "no_issuer":
          return signed(without("iss"))
        case "wrong_service_url":
          return signed({ ...good, serviceurl: "https://smba.trafficmanager.net/other/" })
        case "no_service_url":
          return signed(without("serviceurl"))
        case "no_claims":
          return signed({})
        case "garbage":
          return "not.a.token"
        default:
          return kind satisfies never
      }
    },
    issue() {
      const claims = { aud: "https://api.botframework.com", iss: `https://sts.windows.net/${options.tenant}/`, appid: appId, jti: randomUUID() }
      const token = new UnsecuredJWT(claims).encode()
      given.add(token)
      return { access_token: token, expires_in: options.tokenSeconds }
    },
    knows: (authorization) => given.has(/^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? ""),
    revoke: () => given.clear(),
  }
}
