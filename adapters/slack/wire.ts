// Decides how one request goes over the wire: as `fetch` does, for a third of its cost, over connections that stay open.
// Refuses to try twice or to follow anybody anywhere.
import { Agent, request as plain } from "node:http"
import { Agent as SecureAgent, request as secure } from "node:https"
import type { WebClientOptions } from "@slack/web-api"

type Fetch = NonNullable<WebClientOptions["fetch"]>
type Init = NonNullable<Parameters<Fetch>[1]>

// Shorter than any server keeps an idle connection: one that is closed while we write to it would leave a message in doubt.
const idleMs = 4_000
const kept = { keepAlive: true, maxSockets: 256, timeout: idleMs }
const agents = { "http:": new Agent(kept), "https:": new SecureAgent(kept) }
// Answers of a list of people are long; nothing of Slack's is longer.
const mostBytes = 20_000_000

/** A POST of text by node's own client; what is no text (an upload) goes by `fetch`. Rejects as `fetch` does. */
export const post: Fetch = async (url, init) => {
  const body = init?.body
  if (typeof body !== "string") return fetch(url, init)
  return new Promise((resolve, reject) => send(new URL(url), { ...init, body }, resolve, reject))
}

function send(url: URL, init: Init & { body: string }, resolve: (response: Response) => void, reject: (error: unknown) => void): void {
  const isSecure = url.protocol === "https:"
  const headers = { ...(init.headers as Record<string, string>), "content-length": String(Buffer.byteLength(init.body)) }
  const options = { method: init.method ?? "POST", headers, agent: isSecure ? agents["https:"] : agents["http:"], ...signalOf(init) }
  const call = (isSecure ? secure : plain)(url, options, (answer) => {
    const chunks: Buffer[] = []
    let bytes = 0
    answer.on("data", (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > mostBytes) call.destroy(new Error("The answer is too long."))
    })
    answer.once("error", reject)
    answer.once("aborted", () => reject(new Error("The answer was cut off.")))
    answer.once("end", () => {
      const status = answer.statusCode ?? 0
      if (status >= 300 && status < 400) return reject(new Error("The answer leads elsewhere."))
      const body = status === 204 || status === 304 ? null : Buffer.concat(chunks)
      resolve(new Response(body, { status, statusText: answer.statusMessage ?? "", headers: headersOf(answer.headers) }))
    })
  })
  call.once("error", reject)
  call.end(init.body)
}

const signalOf = ({ signal }: Init): { signal?: AbortSignal } => (signal ? { signal } : {})

const headersOf = (headers: NodeJS.Dict<string | string[]>): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one])))
