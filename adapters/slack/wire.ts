// Decides how one request goes over the wire: as `fetch` does, for a third of its cost, over connections that stay open.
// Refuses to try twice or to follow anybody anywhere.
import { Agent, request as plain } from "node:http"
import { Agent as SecureAgent, request as secure } from "node:https"
import type { WebClientOptions } from "@slack/web-api"

type Fetch = NonNullable<WebClientOptions["fetch"]>
type Init = NonNullable<Parameters<Fetch>[1]>
/** What the SDK reads of an answer. */
type Answer = Pick<Response, "ok" | "status" | "statusText" | "url" | "text" | "arrayBuffer"> & { headers: Pick<Headers, "get" | "entries"> }

// Shorter than any server keeps an idle connection: one that is closed while we write to it would leave a message in doubt.
const idleMs = 4_000
const kept = { keepAlive: true, maxSockets: 256, timeout: idleMs }
const agents = { "http:": new Agent(kept), "https:": new SecureAgent(kept) }
// Answers of a list of people are long; nothing of Slack's is longer.
const mostBytes = 20_000_000

/**
 * A POST of text by node's own client; what is no text (an upload) goes by `fetch`. Rejects as `fetch` does, also after `timeoutMs`: a timer, since a
 * signal for each request costs more than the rest of it.
 */
export async function post(url: string | URL, init: Init | undefined, timeoutMs: number): Promise<Response> {
  const body = init?.body
  if (typeof body !== "string") {
    const given = init?.signal ? [init.signal] : []
    return fetch(url, { ...init, signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...given]) })
  }
  const answer = await new Promise<Answer>((resolve, reject) => send(new URL(url), { ...init, body }, timeoutMs, resolve, reject))
  return answer as Response
}

function send(url: URL, init: Init & { body: string }, timeoutMs: number, resolve: (answer: Answer) => void, reject: (error: unknown) => void): void {
  const isSecure = url.protocol === "https:"
  const headers = { ...(init.headers as Record<string, string>), "content-length": String(Buffer.byteLength(init.body)) }
  const signal = init.signal ? { signal: init.signal } : {}
  const options = { method: init.method ?? "POST", headers, agent: isSecure ? agents["https:"] : agents["http:"], ...signal }
  const late = setTimeout(() => call.destroy(new Error("There was no answer in time.")), timeoutMs)
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
      const body = Buffer.concat(chunks)
      resolve({
        ...{ ok: status >= 200 && status < 300, status, statusText: answer.statusMessage ?? "", url: url.href, headers: headersOf(answer.headers) },
        text: async () => body.toString(),
        arrayBuffer: async () => new Uint8Array(body).buffer,
      })
    })
  })
  call.once("error", reject)
  call.once("close", () => clearTimeout(late))
  call.end(init.body)
}

const headersOf = (given: NodeJS.Dict<string | string[]>): Answer["headers"] => ({
  get: (name) => {
    const value = given[name.toLowerCase()]
    return value === undefined ? null : [value].flat().join(", ")
  },
  entries: () =>
    new Headers(Object.entries(given).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]))).entries(),
})
