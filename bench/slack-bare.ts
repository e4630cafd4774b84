// What Bolt alone costs, in a process of its own: with an empty handler, with one plain durable insert an event, or with one prepared durable
// statement that writes the rows that Rapport writes of a student's words, into the same tables with the same indexes.
// usage: node bench/slack-bare.ts [insert|rows DATABASE_URL]; prints its port.
import { randomBytes, randomUUID } from "node:crypto"
import type { AddressInfo } from "node:net"
import { App, HTTPReceiver, LogLevel } from "@slack/bolt"
import postgres from "postgres"
import { signingSecret } from "./slack-events.ts"

const statement = `with seen as (
    insert into event_seen (school_id, platform, tenant, event_id, at) values ($1, 'slack', $2, $3, now())
  ), part as (
    insert into reply_part (school_id, reply_id, part, version, words, at) values ($1, $4, $7, 1, $8, now())
  ), listed as (
    insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at) values ($1, $4, $5, $9, 'first', now() + interval '2 days') on conflict do nothing
  ), week as (
    insert into history (school_id, student_id, start, weeks, last_answered_at) values ($1, $5, $10::date, 'a', now())
    on conflict (school_id, student_id) do update set last_answered_at = excluded.last_answered_at
  ), question as (
    update occurrence set state = 'answered', answered_at = now() where school_id = $1 and id = $6 and state <> 'answered'
  ), deed as (
    insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail) values ($1, $11, now(), $5, 'slack', 'reply', $5, jsonb_build_object('reply', $4::uuid))
  )
  insert into reply (school_id, id, student_id, occurrence_id, created_at, changed_at) values ($1, $4, $5, $6, now(), now())
  on conflict (school_id, id) do update set changed_at = excluded.changed_at`

type Said = { eventId: string; user: string; channel: string; ts: string; words: string }
type Write = (said: Said) => Promise<unknown>

const [mode, url = ""] = process.argv.slice(2)
const writers: Readonly<Record<string, () => Promise<Write>>> = { insert, rows }
const write = mode === undefined ? null : await writers[mode]?.()

const receiver = new HTTPReceiver({ signingSecret, endpoints: "/slack/events", processBeforeResponse: true, logLevel: LogLevel.ERROR })
const app = new App({
  receiver,
  processBeforeResponse: true,
  convoStore: false,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-bare", botId: "B0BENCH", botUserId: "U0BOT" }),
})
app.message(async ({ body, message }) => {
  if (!write || message.subtype !== undefined) return
  await write({ eventId: body.event_id, user: message.user, channel: message.channel, ts: message.ts, words: message.text ?? "" })
})
const server = await app.start({ port: 0, host: "127.0.0.1" })
process.on("SIGTERM", () => process.exit(0))
process.stdout.write(`${(server.address() as AddressInfo).port}\n`)

function connect(): postgres.Sql {
  return postgres(url, { max: 10, onnotice: () => {} })
}

async function insert(): Promise<Write> {
  const db = connect()
  await db`create table if not exists bare_event (event_id text primary key, channel text not null, ts text not null, words text not null, at timestamptz not null default now())`
  return ({ eventId, channel, ts, words }) =>
    db`insert into bare_event (event_id, channel, ts, words) values (${eventId}, ${channel}, ${ts}, ${words})`
}

/** Everything that needs no reading is known beforehand: whose account it is, which question is open, who reads it. */
async function rows(): Promise<Write> {
  const db = connect()
  const known = await db`select a.user_id, a.school_id, a.person_id, a.tenant, o.id as occurrence_id, o.week, gen_random_uuid() as reply_id,
      (select t.adult_id from tie t where t.school_id = a.school_id and t.student_id = a.person_id limit 1) as owner_id
    from account a join occurrence o on o.school_id = a.school_id and o.student_id = a.person_id and o.closes_at > now()`
  const by = new Map(known.map((row) => [String(row.user_id), row]))
  return async ({ eventId, user, channel, ts, words }) => {
    const of = by.get(user)
    if (!of) return
    const sealed = Buffer.concat([randomBytes(29), Buffer.from(words)])
    await db.unsafe(
      statement,
      [
        ...[of.school_id, of.tenant, eventId, of.reply_id, of.person_id, of.occurrence_id, `${channel}/${ts}`, sealed, of.owner_id, of.week],
        randomUUID(),
      ],
      { prepare: true },
    )
  }
}
