// How payloads reach the app: signed HTTP, or envelopes over a WebSocket; and what came back. Refuses to know what they mean.
import { createHmac } from "node:crypto"
import type { WebSocket } from "ws"
import { json } from "./json.ts"
import type { Payload } from "./payloads.ts"

/** Whether Slack got its 2xx or its acknowledgement in time, and what rode in it. */
export type Delivered = { accepted: boolean; status: number | null; response: unknown }

export type Line = {
  /** `retry`: how often it was sent before. */
  deliver(payload: Payload, retry: number): Promise<Delivered>
}

const slackWaitsMs = 3_000

/** Slack's own signature over a body at a time in seconds; for whoever builds requests of their own. */
export const signed = (body: string | Buffer, secret: string, at = Math.floor(Date.now() / 1000)): Record<string, string> => ({
  "x-slack-request-timestamp": String(at),
  "x-slack-signature": `v0=${createHmac("sha256", secret).update(`v0:${at}:`).update(body).digest("hex")}`,
})

/** The body of one payload as HTTP carries it. */
export function encoded({ kind, body }: Payload): { body: string; type: string } {
  switch (kind) {
    case "event":
      return { body: JSON.stringify(body), type: "application/json" }
    case "interaction":
      return { body: new URLSearchParams({ payload: JSON.stringify(body) }).toString(), type: "application/x-www-form-urlencoded" }
    case "command":
      return {
        body: new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)])).toString(),
        type: "application/x-www-form-urlencoded",
      }
    default:
      return kind satisfies never
  }
}

export function httpLine(url: () => string, secret: string): Line {
  return {
    async deliver(payload, retry) {
      const { body, type } = encoded(payload)
      const again = retry === 0 ? {} : { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_error" }
      try {
        const response = await fetch(url(), {
          method: "POST",
          headers: { "content-type": type, "user-agent": "Slackbot 1.0", ...signed(body, secret), ...again },
          body,
          signal: AbortSignal.timeout(slackWaitsMs),
        })
        return { accepted: response.ok, status: response.status, response: parsed(await response.text()) }
      } catch {
        return { accepted: false, status: null, response: null }
      }
    },
  }
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body === "" ? null : body
  }
}

type Pending = { payload: Payload; retry: number; socket: WebSocket | null; taken: (response: unknown) => void }

export type SocketLine = Line & {
  /** A WebSocket has come in; it is greeted, and gets what nobody acknowledged. */
  connected(socket: WebSocket): void
  /** Tells the app to come again on another connection, as Slack does every few hours. */
  sayDisconnect(reason: "warning" | "refresh_requested"): void
  /** Ends every connection without a word. */
  cut(): void
  /** Stops reading, so that the app's close is never answered. */
  fallSilent(): void
  /** Sends once more whatever nobody acknowledged. */
  resend(): void
  connections(): number
  /** Resolves once the app is connected and has read its greeting. */
  opened(): Promise<void>
  /** Resolves once the app has read everything sent so far, and what it sent back is here. */
  heard(): Promise<void>
  /** Envelopes that wait for their acknowledgement. */
  waiting(): number
  /** A message of any shape, as only a broken vendor sends. */
  raw(message: string): void
}

/** `settled`: resolves once the app has nothing left to do; without it a refusal is known after Slack's three seconds. */
export function socketLine(settled: (() => Promise<void>) | null, nextId: () => string): SocketLine {
  const sockets: WebSocket[] = []
  const pending = new Map<string, Pending>()
  const waitingForOne: (() => void)[] = []
  const open = () => sockets.filter((socket) => socket.readyState === socket.OPEN)

  function send(item: Pending): void {
    const socket = open().at(-1) ?? null
    item.socket = socket
    if (socket === null) return
    const { kind, body } = item.payload
    const id = nextId()
    pending.set(id, item)
    socket.send(
      JSON.stringify({
        envelope_id: id,
        payload: body,
        type: kind === "event" ? "events_api" : kind === "interaction" ? "interactive" : "slash_commands",
        accepts_response_payload: kind !== "event",
        ...(kind === "event" ? { retry_attempt: item.retry, retry_reason: item.retry === 0 ? "" : "timeout" } : {}),
      }),
    )
  }

  function resendAll(whose: (item: Pending) => boolean): void {
    for (const [id, item] of [...pending]) {
      if (!whose(item)) continue
      pending.delete(id)
      item.retry += 1
      send(item)
      if (item.socket === null) pending.set(id, item)
    }
  }

  /** Resolves once everything sent so far was read by the app and what it answered has come back; never, if the connection ends. */
  async function heard(socket: WebSocket | null): Promise<void> {
    if (socket === null || socket.readyState !== socket.OPEN) return new Promise(() => {})
    await new Promise<void>((resolve) => {
      const mark = nextId()
      const onPong = (data: Buffer) => {
        if (data.toString() !== mark) return
        socket.off("pong", onPong)
        resolve()
      }
      socket.on("pong", onPong)
      socket.ping(mark)
    })
  }

  return {
    deliver(payload, retry) {
      return new Promise((resolve) => {
        let over = false
        const end = (delivered: Delivered) => {
          if (!over) resolve(delivered)
          over = true
        }
        const item: Pending = { payload, retry, socket: null, taken: (response) => end({ accepted: true, status: null, response }) }
        send(item)
        if (item.socket === null) pending.set(nextId(), item)
        const refused = (): void => {
          for (const [id, one] of pending) if (one === item) pending.delete(id)
          end({ accepted: false, status: null, response: null })
        }
        if (settled === null) {
          setTimeout(refused, slackWaitsMs).unref()
          return
        }
        const { socket } = item
        heard(socket)
          .then(settled)
          .then(() => heard(socket))
          .then(refused, refused)
      })
    },
    connected(socket) {
      sockets.push(socket)
      for (const resolve of waitingForOne.splice(0)) resolve()
      socket.on("message", (data: Buffer) => {
        const { envelope_id: id, payload } = json(parsed(data.toString()))
        const item = pending.get(String(id))
        if (item === undefined) return
        pending.delete(String(id))
        item.taken(Object.keys(json(payload)).length === 0 ? null : payload)
      })
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.splice(sockets.indexOf(socket), 1))
      socket.send(JSON.stringify({ type: "hello", num_connections: sockets.length, debug_info: {}, connection_info: { app_id: "A0RAPPORT" } }))
      resendAll(({ socket: old }) => old === null || old.readyState !== old.OPEN)
    },
    sayDisconnect(reason) {
      for (const socket of open()) socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: {} }))
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    fallSilent() {
      for (const socket of sockets) socket.pause()
    },
    resend: () => resendAll(() => true),
    connections: () => open().length,
    async opened() {
      if (open().length === 0) await new Promise<void>((resolve) => waitingForOne.push(resolve))
      await heard(open().at(-1) ?? null)
    },
    heard: () => heard(open().at(-1) ?? null),
    waiting: () => pending.size,
    raw(message) {
      for (const socket of open()) socket.send(message)
    },
  }
}
