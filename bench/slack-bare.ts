// What Bolt alone costs: a process of its own with an empty handler, or with one prepared durable insert an event before its acknowledgement.
// usage: node bench/slack-bare.ts [DATABASE_URL]; prints its port.
import type { AddressInfo } from "node:net"
import { App, HTTPReceiver, LogLevel } from "@slack/bolt"
import postgres from "postgres"
import { signingSecret } from "./load.ts"

const [url] = process.argv.slice(2)
const db = url === undefined ? null : postgres(url, { max: 10, onnotice: () => {} })
if (db) {
  await db`drop table if exists bare_event`
  await db`create table bare_event (event_id text primary key, channel text not null, ts text not null, words text not null, at timestamptz not null default now())`
}

const receiver = new HTTPReceiver({ signingSecret, endpoints: "/slack/events", processBeforeResponse: true, logLevel: LogLevel.ERROR })
const app = new App({
  receiver,
  processBeforeResponse: true,
  convoStore: false,
  ignoreSelf: false,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-bare", botId: "B0BENCH", botUserId: "U0BOT" }),
})
app.use(async ({ body, payload }) => {
  if (!db || !("event_id" in body)) return
  const { channel = "", ts = "", text = "" } = payload as { channel?: string; ts?: string; text?: string }
  await db`insert into bare_event (event_id, channel, ts, words) values (${String(body.event_id)}, ${channel}, ${ts}, ${text})`
})
const server = await app.start({ port: 0, host: "127.0.0.1" })
process.on("SIGTERM", () => process.exit(0))
process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
