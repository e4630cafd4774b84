// Slack's own servers on loopback: the Web API, response_urls, uploads and the WebSocket door, with what goes wrong on request.
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { WebSocketServer } from "ws"
import { isJson, type Json, json, list, text } from "./json.ts"
import type { SocketLine } from "./line.ts"
import type { State } from "./state.ts"
import { type Trouble, troubleOf } from "./trouble.ts"
import { type Answered, type ApiOptions, botMessage, callApi, messageFault, rewrite } from "./web-api.ts"

export type Server = {
  origin: string
  /** The next call of this method, or of any that shows or changes a message, fails by this name. */
  fail(name: string, method?: string): void
  close(): Promise<void>
}

/** What shows a message to somebody, or changes one. */
export const showing = (method: string): boolean =>
  method.startsWith("chat.") || method.startsWith("views.") || method === "response_url" || method === "files.completeUploadExternal"

export type ServerOptions = {
  api: Omit<ApiOptions, "socketUrl" | "uploadUrl">
  line: SocketLine | null
  /** Where uploads are sent instead. */
  uploadOrigin: string | null
  /** Asked for every call; for journeys in which anything may fail at any time. */
  trouble: ((method: string, args: Json) => string | null) | null
}

export async function openServer(state: State, options: ServerOptions): Promise<Server> {
  const failing: { name: string; method: string | null }[] = []
  const api: ApiOptions = {
    ...options.api,
    socketUrl: () => `${origin.replace("http:", "ws:")}/socket?ticket=${state.next()}`,
    uploadUrl: (file) => `${options.uploadOrigin ?? origin}/upload/${file}`,
  }

  function troubleFor(method: string, args: Json): Trouble | null {
    const at = failing.findIndex((one) => (one.method === null ? showing(method) : one.method === method))
    const [named] = at < 0 ? [] : failing.splice(at, 1)
    const name = named?.name ?? options.trouble?.(method, args) ?? null
    return name === null ? null : troubleOf(name)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin)
    const body = await bodyOf(request)
    const [, place = "", rest = ""] = url.pathname.split("/")
    if (place === "upload") {
      const file = state.files.get(rest)
      const content = await uploadedIn(request, body)
      const fits = file !== undefined && content.length === file.bytes
      if (fits) file.content = content
      response.writeHead(fits ? 200 : 400).end("OK")
      return
    }
    const method = place === "api" ? rest : place === "response" ? "response_url" : ""
    const args = argsOf(request, body)
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? text(args.token)
    state.calls.push({ method, args, token })
    const answered = () => (place === "response" ? respond(state, rest, args) : callApi(state, method, args, token, api))
    const trouble = troubleFor(method, args)
    if (trouble !== null) return troubled(trouble, answered, request, response)
    reply(response, answered())
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy()
      throw error
    })
  })
  server.keepAliveTimeout = 60_000
  const door = new WebSocketServer({ noServer: true })
  server.on("upgrade", (request, socket, head) => {
    if (options.line === null || !(request.url ?? "").startsWith("/socket?ticket=")) {
      socket.destroy()
      return
    }
    const { line } = options
    door.handleUpgrade(request, socket, head, (connection) => line.connected(connection))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the loopback Slack has no port")
  const origin = `http://127.0.0.1:${address.port}`

  return {
    origin,
    fail(name, method) {
      failing.push({ name, method: method ?? null })
    },
    async close() {
      for (const connection of door.clients) connection.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}

function reply(response: ServerResponse, { body, headers = {} }: Answered): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(body))
}

function troubled(trouble: Trouble, answered: () => Answered, request: IncomingMessage, response: ServerResponse): void {
  if ("taken" in trouble && trouble.taken) answered()
  switch (trouble.kind) {
    case "code":
      reply(response, { body: { ok: false, error: trouble.code } })
      return
    case "rate":
      response.writeHead(429, trouble.retryAfter === null ? {} : { "retry-after": trouble.retryAfter }).end()
      return
    case "http":
      response.writeHead(trouble.status, { "content-type": "text/html" }).end("<html>Sorry!</html>")
      return
    case "cut":
      request.socket.destroy()
      return
    case "hang":
      return
    case "page":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Slack is having a moment</title>")
      return
    default:
      trouble satisfies never
  }
}

/** A response_url works five times within half an hour; what it shows is for the one person alone unless it says otherwise. */
function respond(state: State, id: string, args: Json): Answered {
  const known = state.responseUrls.get(id)
  if (known === undefined || known.uses >= 5) return { body: { ok: false, error: known === undefined ? "invalid_url" : "used_url" } }
  known.uses += 1
  if (args.delete_original === true) {
    if (known.message) known.message.deleted = true
    return { body: { ok: true } }
  }
  const fault = messageFault(args)
  if (fault !== null) return fault
  if (args.replace_original === true && known.message !== null) rewrite(known.message, args)
  else state.messages.push(botMessage(state, known.channel, args, args.response_type === "in_channel" ? null : known.user))
  return { body: { ok: true } }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** One file, as the part of a form or as it is. */
async function uploadedIn(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers["content-type"] ?? ""
  if (!type.startsWith("multipart/form-data")) return body
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData()
  for (const [, part] of form) if (typeof part !== "string") return Buffer.from(await part.arrayBuffer())
  return Buffer.alloc(0)
}

const nested = new Set(["blocks", "metadata", "view", "files", "attachments"])

/** Slack takes a form with JSON in some of its fields, or JSON all through. */
function argsOf(request: IncomingMessage, body: Buffer): Json {
  const type = request.headers["content-type"] ?? ""
  if (type.startsWith("application/json")) return json(parsed(body.toString()))
  if (!type.startsWith("application/x-www-form-urlencoded")) return {}
  return Object.fromEntries(
    [...new URLSearchParams(body.toString())].map(([name, value]): [string, unknown] => [name, nested.has(name) ? (parsed(value) ?? value) : value]),
  )
}

function parsed(source: string): unknown {
  try {
    const value: unknown = JSON.parse(source)
    return isJson(value) || list(value).length > 0 || Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
