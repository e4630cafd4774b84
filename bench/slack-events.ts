// A school on Slack, and its students' words as Slack writes them down and signs them. Every event is new.
import { createHmac } from "node:crypto"
import type { Event } from "./load.ts"
import { benchWords, type Chat } from "./school.ts"

export const signingSecret = "0123456789abcdef0123456789abcdef"
const team = "T0BENCH"

export const slackChat: Chat = {
  platform: "slack",
  tenant: team,
  student: (n) => ({ user: `U0STUDENT${n}`, route: channelOf(n) }),
  advisor: (n) => ({ user: `U0ADVISOR${n}`, route: `D0ADVISOR${n}` }),
}

/** The nth student's direct conversation. */
export const channelOf = (n: number): string => `D0STUDENT${n}`

let events = 0

/** The words of one of `students`, beginning with the student `from`, by turns. */
export function slackEvents(from: number, students: number): () => Event {
  return () => {
    const n = ++events
    const seconds = Math.floor(Date.now() / 1_000)
    const body = bodyOf(n, from + (n % students), seconds)
    const stamp = String(seconds)
    const signature = `v0=${createHmac("sha256", signingSecret).update(`v0:${stamp}:${body}`).digest("hex")}`
    return { body, headers: { "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature } }
  }
}

function bodyOf(n: number, student: number, seconds: number): string {
  const ts = `${seconds}.${String(n).padStart(6, "0").slice(-6)}`
  return JSON.stringify({
    token: "unused",
    team_id: team,
    api_app_id: "A0BENCH",
    type: "event_callback",
    event_id: `Ev0BENCH${process.pid}-${n}`,
    event_time: seconds,
    authorizations: [{ enterprise_id: null, team_id: team, user_id: "U0BOT", is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
    event: {
      type: "message",
      user: slackChat.student(student).user,
      client_msg_id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
      team,
      ts,
      text: benchWords,
      blocks: [{ type: "rich_text", block_id: "b", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: benchWords }] }] }],
      channel: channelOf(student),
      event_ts: ts,
      channel_type: "im",
    },
  })
}
