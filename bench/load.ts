// Signed Slack events over kept-open connections: at a steady rate whatever the answers take, or as many as a server takes.
import { createHmac } from "node:crypto"
import { Agent, request } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { benchChannel, benchTenant, benchUser } from "./school.ts"

export const signingSecret = "0123456789abcdef0123456789abcdef"

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

/** `from`: the first of its students; two servers that write of the same ones would be in each other's way. */
export type Target = { url: string; from: number; students: number }

const words = "I helped my cousin fix her bike and it worked."
let events = 0

/** One student's words as Slack writes them down; every event is new. */
function nextEvent({ from, students }: Target): string {
  const n = ++events
  const student = from + (n % students)
  const seconds = Math.floor(Date.now() / 1_000)
  const ts = `${seconds}.${String(n).padStart(6, "0").slice(-6)}`
  return JSON.stringify({
    token: "unused",
    team_id: benchTenant,
    api_app_id: "A0BENCH",
    type: "event_callback",
    event_id: `Ev0BENCH${process.pid}-${n}`,
    event_time: seconds,
    authorizations: [{ enterprise_id: null, team_id: benchTenant, user_id: "U0BOT", is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
    event: {
      type: "message",
      user: benchUser(student),
      client_msg_id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
      team: benchTenant,
      ts,
      text: words,
      blocks: [{ type: "rich_text", block_id: "b", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }] }],
      channel: benchChannel(student),
      event_ts: ts,
      channel_type: "im",
    },
  })
}

function post(agent: Agent, url: string, body: string): Promise<number> {
  const stamp = String(Math.floor(Date.now() / 1_000))
  const signature = `v0=${createHmac("sha256", signingSecret).update(`v0:${stamp}:${body}`).digest("hex")}`
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "X-Slack-Request-Timestamp": stamp,
    "X-Slack-Signature": signature,
  }
  return new Promise((resolve) => {
    const call = request(url, { method: "POST", agent, headers }, (response) => {
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
      post(agent, target.url, nextEvent(target)).then((status) => {
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
      const status = await post(agent, target.url, nextEvent(target))
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
