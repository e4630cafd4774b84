// Events over kept-open connections: at a steady rate whatever the answers take, or as many as a server takes.
// Refuses to know what an event is: a target makes each one anew.
import { Agent, request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"

export type Load = {
  sent: number
  /** Answered with 200. */
  accepted: number
  seconds: number
  /** Milliseconds from the moment an event was due to be sent until its acknowledgement. */
  p50: number
  p99: number
  worst: number
}

export type Event = { body: string; headers: Readonly<Record<string, string>> }

/** `next`: one more, as its platform signs it. Two servers that hear of the same students would be in each other's way. */
export type Target = { url: string; next: () => Event }

function post(agent: Agent, url: string, { body, headers }: Event): Promise<number> {
  const all = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...headers }
  return new Promise((resolve) => {
    const call = request(url, { method: "POST", agent, headers: all }, (response) => {
      response.resume()
      response.once("end", () => resolve(response.statusCode ?? 0))
    })
    call.once("error", () => resolve(0))
    call.end(body)
  })
}

/** `perSecond` events a second, each sent when it is due even while others wait. */
export async function atRate(target: Target, perSecond: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const took: number[] = []
  const open: Promise<void>[] = []
  let accepted = 0
  const begun = performance.now()
  const total = perSecond * seconds
  for (let i = 0; i < total; i++) {
    const due = begun + (i * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 1) await sleep(early)
    open.push(
      post(agent, target.url, target.next()).then((status) => {
        took.push(performance.now() - due)
        if (status === 200) accepted += 1
      }),
    )
  }
  await Promise.all(open)
  agent.destroy()
  return summed(total, accepted, begun, took)
}

/** As many as are acknowledged with `atOnce` in flight. */
export async function saturate(target: Target, atOnce: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const took: number[] = []
  let sent = 0
  let accepted = 0
  const begun = performance.now()
  const until = begun + seconds * 1_000
  const sender = async () => {
    while (performance.now() < until) {
      const since = performance.now()
      sent += 1
      const status = await post(agent, target.url, target.next())
      took.push(performance.now() - since)
      if (status === 200) accepted += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  agent.destroy()
  return summed(sent, accepted, begun, took)
}

function summed(sent: number, accepted: number, begun: number, took: number[]): Load {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { sent, accepted, seconds: (performance.now() - begun) / 1_000, p50: at(0.5), p99: at(0.99), worst: at(1) }
}
