// Decides how one request goes over the wire: once, over connections that stay open, and for how long at most.
// Refuses to try twice, to follow anybody anywhere, and to know what is said.
import { Agent, type IncomingHttpHeaders, request as plain } from "node:http"
import { Agent as SecureAgent, request as secure } from "node:https"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"

export type Call = { method: string; url: string; headers: Readonly<Record<string, string>>; body: string | null; timeoutMs: number }

export type Heard = { status: number; headers: IncomingHttpHeaders; text: string }

// Shorter than any server keeps an idle connection: one that is closed while we write to it would leave a message in doubt.
const idleMs = 4_000
const kept = { keepAlive: true, maxSockets: 256, timeout: idleMs }
const agents = { "http:": new Agent(kept), "https:": new SecureAgent(kept) }
const mostBytes = 2_000_000

/** Of what never left, nothing can have arrived: there is no doubt, and it is tried again soon. */
const neverLeft: Failure = { reason: "busy", retryAfterMs: 30_000 }

/** Resolves with whatever was answered, an error or a redirection as well. Throws `DeliveryFailure` where nothing was. */
export function exchange({ method, url, headers, body, timeoutMs }: Call): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith("https:")
    const length = body === null ? {} : { "content-length": String(Buffer.byteLength(body)) }
    const call = (isSecure ? secure : plain)(url, { method, headers: { ...headers, ...length }, agent: agents[isSecure ? "https:" : "http:"] })
    let isThere = false
    const fail = (detail: string): void => {
      clearTimeout(timer)
      call.destroy()
      reject(new DeliveryFailure(isThere ? { reason: "uncertain", detail } : neverLeft))
    }
    const timer = setTimeout(() => fail("timeout"), timeoutMs)
    call.once("socket", (socket) => {
      if (!socket.connecting) isThere = true
      else socket.once(isSecure ? "secureConnect" : "connect", () => (isThere = true))
    })
    call.on("error", () => fail("request_failed"))
    call.once("response", (answer) => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on("data", (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes > mostBytes) fail("answer_too_long")
      })
      answer.once("error", () => fail("answer_cut_off"))
      answer.once("end", () => {
        clearTimeout(timer)
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString("utf8") })
      })
    })
    call.end(body ?? undefined)
  })
}
