// What Slack says when it is asked how things stand: is the token known, whose is it, what may it do, does Socket Mode open.
// Refuses to know what anybody should do about it: facts and codes only.
import { WebClient } from "@slack/web-api"
import type { Failure } from "../../src/platform/failure.ts"
import { clientOptions, organisationWide } from "./api.ts"
import { failureOf } from "./failures.ts"
import { botScopes } from "./scopes.ts"

export type CheckOptions = { apiUrl: string | null; botToken: string | null; appToken: string | null }

export type TokenCheck =
  | { kind: "known"; tenant: string; name: string; missing: readonly string[]; surplus: readonly string[] }
  | { kind: "refused"; failure: Failure }
  | { kind: "not_asked" }
export type SocketCheck = { kind: "opens" } | { kind: "refused"; failure: Failure } | { kind: "not_asked" }

export type SlackCheck = { token: TokenCheck; socket: SocketCheck }

/** Asks once for each token that is given; nothing is written, and no connection is opened. Never throws. */
export async function checkSlack({ apiUrl, botToken, appToken }: CheckOptions): Promise<SlackCheck> {
  const [token, socket] = await Promise.all([checkToken(apiUrl, botToken), checkSocket(apiUrl, appToken)])
  return { token, socket }
}

async function checkToken(apiUrl: string | null, token: string | null): Promise<TokenCheck> {
  if (token === null) return { kind: "not_asked" }
  try {
    const told = await clientOf(apiUrl, token).auth.test()
    if (told.is_enterprise_install === true) return { kind: "refused", failure: { reason: "denied", detail: organisationWide } }
    const tenant = told.team_id
    const granted = told.response_metadata?.scopes ?? []
    return {
      kind: "known",
      tenant: tenant ?? "",
      name: told.team ?? tenant ?? "",
      missing: botScopes.filter((scope) => !granted.includes(scope)),
      surplus: granted.filter((scope) => !botScopes.includes(scope)),
    }
  } catch (error) {
    return { kind: "refused", failure: failureOf(error) }
  }
}

async function checkSocket(apiUrl: string | null, token: string | null): Promise<SocketCheck> {
  if (token === null) return { kind: "not_asked" }
  try {
    await clientOf(apiUrl, token).apps.connections.open()
    return { kind: "opens" }
  } catch (error) {
    return { kind: "refused", failure: failureOf(error) }
  }
}

const clientOf = (apiUrl: string | null, token: string): WebClient =>
  new WebClient(token, clientOptions({ apiUrl, report: () => {}, timeoutMs: 10_000 }))
