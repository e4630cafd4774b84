// Slack: all of Rapport beside Bolt alone, which does nothing, inserts one row, or writes the rows that Rapport writes.
import { randomBytes } from "node:crypto"
import { acknowledged, students } from "./acknowledged.ts"
import { openVendor, type Server, started } from "./processes.ts"
import type { Measured } from "./run.ts"
import { channelOf, signingSecret, slackChat, slackEvents } from "./slack-events.ts"

export async function slack(): Promise<Measured> {
  // Takes each message, and says where it is.
  let n = 0
  const vendor = await openVendor((request, response) => {
    request.resume()
    request.once("end", () => {
      response.writeHead(200, { "Content-Type": "application/json" })
      const team = request.url?.endsWith("auth.test") ? { team_id: slackChat.tenant, user_id: "U0BOT", bot_id: "B0BOT" } : {}
      response.end(JSON.stringify({ ok: true, channel: channelOf(1), ts: `${++n}.000100`, ...team }))
    })
  })
  try {
    return await acknowledged({
      chat: slackChat,
      parts: "D0STUDENT%",
      others: [
        () => bare("Bolt, empty handler", []),
        (url) => bare("Bolt, one plain durable insert", ["insert", url]),
        (url) => bare("Bolt, one prepared durable insert of the same rows", ["rows", url]),
      ],
      rapport: (url) => rapport(url, `${vendor.origin}/api/`),
    })
  } finally {
    await vendor.stop()
  }
}

async function bare(name: string, args: readonly string[]): Promise<Server> {
  const { where, stop } = await started({ script: import.meta.resolve("./slack-bare.ts"), args, said: /^(\d+)$/ })
  return { name, url: `http://127.0.0.1:${where}/slack/events`, next: slackEvents(students + 1, students), stop }
}

async function rapport(databaseUrl: string, apiUrl: string): Promise<Server> {
  const { where, stop } = await started({
    script: import.meta.resolve("../src/main.ts"),
    env: {
      DATABASE_URL: databaseUrl,
      RAPPORT_KEY: randomBytes(32).toString("base64"),
      SLACK_BOT_TOKEN: "xoxb-bench",
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: apiUrl,
      PORT: "0",
      LOG_LEVEL: "error",
    },
    said: /Rapport is ready at (\S+)/,
  })
  return { name: "Rapport", url: `${where.replace("localhost", "127.0.0.1")}/slack/events`, next: slackEvents(1, students), stop }
}
