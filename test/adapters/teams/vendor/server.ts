// Teams' own servers on loopback: the connector by region, the identity provider and the token endpoint, with what goes wrong on request.
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Answered, callConnector, routed } from "./connector.ts"
import type { Identity } from "./identity.ts"
import { type Json, parsed } from "./json.ts"
import type { Call, State } from "./state.ts"
import { errorBody, loginErrors, type Trouble, troubleOf } from "./trouble.ts"

export const regions = ["amer", "emea"] as const
export type Region = (typeof regions)[number]

export type Server = {
  origin: string
  /** The next request of this kind, or the next that shows or changes a message, fails by this name. */
  fail(name: string, kind?: Call["kind"]): void
  close(): Promise<void>
}

/** What shows a message to somebody, or changes one. */
export const showing = (kind: Call["kind"]): boolean => kind === "send" || kind === "reply" || kind === "update" || kind === "delete"

export type ServerOptions = {
  identity: Identity
  secret: string
  /** Asked for every request; for journeys in which anything may fail at any time. */
  trouble: ((call: Call) => string | null) | null
}

export async function openServer(state: State, { identity, secret, trouble }: ServerOptions): Promise<Server> {
  const failing: { name: string; kind: Call["kind"] | null }[] = []

  function troubleFor(call: Call): string | null {
    const at = failing.findIndex(({ kind }) => (kind === null ? showing(call.kind) : call.kind === kind))
    const [named] = at < 0 ? [] : failing.splice(at, 1)
    return named?.name ?? trouble?.(call) ?? null
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const call = callOf(request, body, state, identity)
    state.calls.push(call)
    const answered = (): Answered => answeredBy(call)
    const name = troubleFor(call)
    if (name === null) reply(response, answered())
    else if (call.kind === "token" && loginErrors[name] !== undefined) reply(response, loginRefused(loginErrors[name]))
    else troubled(troubleOf(name), answered, request, response)
  }

  function answeredBy(call: Call): Answered {
    switch (call.kind) {
      case "metadata":
        return { status: 200, body: JSON.stringify(identity.metadata(origin)) }
      case "keys":
        return { status: 200, body: JSON.stringify(identity.keys()) }
      case "token":
        return given(state, call, identity, secret)
      default:
        return callConnector(state, call)
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy()
      throw error
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the loopback Teams has no port")
  const origin = `http://127.0.0.1:${address.port}`

  return {
    origin,
    fail(name, kind) {
      if (loginErrors[name] === undefined) troubleOf(name)
      failing.push({ name, kind: kind ?? null })
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

function callOf(request: IncomingMessage, body: string, state: State, identity: Identity): Call {
  const method = request.method ?? ""
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1")
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
  const read = isForm ? Object.fromEntries(new URLSearchParams(body)) : parsed(body)
  const call: Call = { method, path: pathname, kind: "unknown", region: null, conversation: null, activity: null, body: read, authorized: false }
  const [, place = "", ...rest] = pathname.split("/")
  if (place === "identity") {
    if (method !== "GET") return call
    if (pathname.endsWith("/openidconfiguration")) return { ...call, kind: "metadata" }
    return pathname.endsWith("/keys") ? { ...call, kind: "keys" } : call
  }
  if (place === "login") return method === "POST" && pathname.endsWith("/oauth2/v2.0/token") ? { ...call, kind: "token" } : call
  if (!regions.some((region) => region === place)) return call
  const authorized = state.anonymous || identity.knows(request.headers.authorization)
  return { ...call, ...routed(method, `/${rest.join("/")}`), region: place, authorized }
}

/** Client credentials, as Entra asks for them: a form, this app, its secret, the connector's scope, the app's own tenant. */
function given(state: State, { path, body }: Call, identity: Identity, secret: string): Answered {
  const asked: Json = typeof body === "object" && body !== null ? { ...body } : {}
  const tenant = path.split("/")[2] ?? ""
  if (asked.grant_type !== "client_credentials") return loginRefused({ status: 400, error: "unsupported_grant_type", code: 70_003 })
  if (![state.tenant, "botframework.com"].includes(tenant)) return loginRefused({ status: 400, error: "invalid_request", code: 90_002 })
  if (asked.client_id !== state.appId) return loginRefused({ status: 400, error: "unauthorized_client", code: 700_016 })
  if (asked.client_secret !== secret) return loginRefused({ status: 401, error: "invalid_client", code: 7_000_215 })
  if (asked.scope !== "https://api.botframework.com/.default") return loginRefused({ status: 400, error: "invalid_scope", code: 70_011 })
  const { access_token, expires_in } = identity.issue()
  return { status: 200, body: JSON.stringify({ token_type: "Bearer", expires_in, ext_expires_in: expires_in, access_token }) }
}

const loginRefused = ({ status, error, code }: { status: number; error: string; code: number }): Answered => ({
  status,
  body: JSON.stringify({ error, error_description: `AADSTS${code}: Refused. Trace ID: 0 Correlation ID: 0`, error_codes: [code] }),
})

function reply(response: ServerResponse, { status, body }: Answered): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(body)
}

function troubled(trouble: Trouble, answered: () => Answered, request: IncomingMessage, response: ServerResponse): void {
  if ("taken" in trouble && trouble.taken) answered()
  switch (trouble.kind) {
    case "status": {
      const { status, code, nested, retryAfter } = trouble
      response
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...(retryAfter === null ? {} : { "retry-after": retryAfter }) })
        .end(errorBody(code, nested))
      return
    }
    case "cut":
      request.socket.destroy()
      return
    case "hang":
      return
    case "page":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Teams is having a moment</title>")
      return
    case "elsewhere":
      response.writeHead(307, { location: "/emea/elsewhere" }).end()
      return
    default:
      trouble satisfies never
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
