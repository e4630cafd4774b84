// kill -9 of Rapport as people run it, while Slack is being written to: after a new start each message is there once, and nothing that was
// acknowledged is lost. Its own jobs, heartbeat and reading of people; the machine's clock.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { text } from "../adapters/slack/vendor/json.ts"
import { dmOf } from "../adapters/slack/vendor/state.ts"
import { type Rapport, startRapport, tidyProcesses } from "../support/process.ts"
import { deliveryIn, type Listed, openSlackSchool, type SlackSchool, toldTo, userOf } from "../support/slack-town.ts"

const listed: readonly Listed[] = [
  { key: "ada", name: "Ada Brook", role: "student", grade: "12", advisory: true },
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  { key: "linde", name: "Lena Linde", role: "teacher", office: "counsellor" },
  { key: "moss", name: "Mia Moss", role: "teacher", office: "counsellor" },
  { key: "ortega", name: "Ana Ortega", role: "teacher", office: "counsellor" },
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
]
/** The first step of the ladder: all three are told at once, at any hour. */
const counsellors = ["linde", "moss", "ortega"]

/** What becomes of the alert to each: taken and never answered, never taken, taken and answered. None of the three is recorded before the batch is. */
const atTheKill = new Map([
  [dmOf(userOf("linde")), "hang_after"],
  [dmOf(userOf("moss")), "hang"],
])

const timeout = 180_000
const soon = { timeout: 60_000, interval: 100 }

let school: SlackSchool
let rapport: Rapport
let hangs = false

beforeAll(async () => {
  school = await openSlackSchool({
    ...{ listed, now: () => new Date() },
    besides: [{ id: "U0STRANGER", name: "Some Body", email: "some.body@elsewhere.example" }],
    trouble: (method, args) => (hangs && method === "chat.postMessage" ? (atTheKill.get(text(args.channel) ?? "") ?? null) : null),
  })
  await school.setUp({ signedOn: "2020-02-03" })
}, timeout)
afterAll(async () => {
  await tidyProcesses()
  await school.close()
})

async function begin(): Promise<void> {
  rapport = startRapport(school.env)
  school.vendor.deliverTo(`${await rapport.ready()}/slack/events`)
}

const linked = async () => (await school.ask(sql`select user_id from address where route is not null`)).length
const alerts = () => school.ask<{ id: string; state: string }>(sql`select id, state from delivery where kind = 'safety_alert'`)
const statesOfAlerts = async () => (await alerts()).map(({ state }) => state)
/** Whatever day it is, other things may be owed too: only alerts are counted. */
async function alertsTo(key: string): Promise<number> {
  const ids = (await alerts()).map(({ id }) => id)
  return toldTo(school, key).filter((message) => ids.includes(deliveryIn(message) ?? "")).length
}
async function posts(): Promise<number> {
  const ids = (await alerts()).map(({ id }) => id)
  const carried = school.vendor.calls.filter(({ method }) => method === "chat.postMessage").map(({ args }) => deliveryIn(args) ?? "")
  return carried.filter((id) => ids.includes(id)).length
}
const toEach = async () => Promise.all(counsellors.map(alertsTo))

// One story: each step stands on the one before.
test("started for a connected workspace, it links everybody on the roster by itself and opens their conversations", { timeout }, async () => {
  await begin()
  await expect.poll(linked, soon).toBe(listed.length)
})

test("killed while its messages are with Slack, it sends each once: what Slack had is found, what it had not is sent", { timeout }, async () => {
  const said = await school.vendor.say("U0ADA", "My sister taught me to whistle.")
  expect(said.accepted).toBe(true)
  hangs = true
  expect((await school.vendor.say("U0STRANGER", "I want to kill myself")).accepted).toBe(true)
  await expect.poll(posts, soon).toBe(counsellors.length)
  expect(await statesOfAlerts()).toEqual(["sending", "sending", "sending"])
  expect(await toEach()).toEqual([1, 0, 1])

  expect((await rapport.end("SIGKILL")).signal).toBe("SIGKILL")
  hangs = false
  await begin()
  await expect.poll(statesOfAlerts, soon).toEqual(["sent", "sent", "sent"])
  expect(await toEach()).toEqual([1, 1, 1])
  expect(await posts()).toBe(counsellors.length + 1)
})

test("what was acknowledged before is there, and an event that Slack sends again acts no second time", { timeout }, async () => {
  expect((await school.vendor.redeliver()).accepted).toBe(true)
  const [kept] = await school.ask(
    sql`select (select count(*)::int from reply) as replies, (select count(*)::int from safety_event) as dangers, count(*)::int as alerts
        from delivery where kind = 'safety_alert'`,
  )
  expect(kept).toEqual({ replies: 1, dangers: 1, alerts: counsellors.length })
  expect((await rapport.end("SIGTERM")).code).toBe(0)
})
