// Decides how the app stays connected without a public address: one WebSocket, opened again whenever it ends.
// Refuses to acknowledge anything by itself.
import { setTimeout as rest } from "node:timers/promises"
import type { App } from "@slack/bolt"
import { SocketModeReceiver } from "@slack/bolt"
import type { WebClientOptions } from "@slack/web-api"
import type { Report } from "./api.ts"
import type { Process } from "./bolt.ts"
import { failureOf } from "./failures.ts"

export type Socket = {
  /** In the background; what goes wrong is reported and tried again. */
  start(): void
  /** Within half a second, whether or not the other side still answers. */
  stop(): Promise<void>
}

type SocketOptions = { appToken: string; api: WebClientOptions; report: Report; process: Process }

const firstRestMs = 250
const longestRestMs = 30_000
const helloWithinMs = 15_000
const farewellMs = 200

export function openSocket({ appToken, api, report, process }: SocketOptions): Socket {
  const stopped = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const receiver = new SocketModeReceiver({
    appToken,
    ...(api.logger ? { logger: api.logger } : {}),
    // Its own reconnecting rejects with nobody listening when Slack cannot be reached, which ends the process.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...api, fetch: (url, init) => fetch(url, { ...init, signal: signals(init?.signal) }) } },
    processEventErrorHandler: async () => false,
  })
  // The receiver asks nothing of its app but this.
  receiver.init({ processEvent: process } as unknown as App)
  const { client } = receiver
  swallowUnreadable(client, report)

  const signals = (other: AbortSignal | null | undefined): AbortSignal => (other ? AbortSignal.any([other, stopped.signal]) : stopped.signal)

  /** One connection, from its opening to its end. */
  async function connect(): Promise<void> {
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    client.once("disconnected", end)
    // A door that opens and then says nothing is no connection.
    const impatient = setTimeout(() => hangUp(), helloWithinMs)
    try {
      await client.start()
      clearTimeout(impatient)
      if (stopped.signal.aborted) hangUp()
      await ended
    } finally {
      clearTimeout(impatient)
      client.off("disconnected", end)
    }
  }

  /** Said twice it does not wait for the other side's answer. */
  function hangUp(): void {
    void client.disconnect()
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stopped.signal.aborted) {
      try {
        await connect()
        failures = 0
      } catch (error) {
        failures += 1
        if (!stopped.signal.aborted) report("socket_failed", { code: codeOf(error) })
      }
      const restMs = Math.min(longestRestMs, firstRestMs * 2 ** failures)
      await rest(restMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }

  return {
    start() {
      running = run()
    },
    async stop() {
      stopped.abort()
      hangUp()
      await Promise.race([running, rest(farewellMs)])
      hangUp()
      await Promise.race([running, rest(farewellMs)])
    },
  }
}

const codeOf = (error: unknown): string => {
  const failure = failureOf(error)
  return failure.reason === "busy" ? "busy" : failure.detail
}

type Client = SocketModeReceiver["client"]

/** The client reads each frame in a promise that nobody holds: a frame it cannot read would end the process. */
function swallowUnreadable(client: Client, report: Report): void {
  const readers = client.listeners("ws_message")
  client.removeAllListeners("ws_message")
  client.on("ws_message", (...frame: unknown[]) => {
    for (const read of readers) Promise.resolve(read(...frame)).catch(() => report("slack_ignored", { code: "unreadable" }))
  })
}
