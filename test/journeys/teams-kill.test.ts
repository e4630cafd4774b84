// kill -9 of Rapport while Teams is being written to: after a new start everybody who must know of danger knows, and nothing that was acknowledged is
// lost or acted on twice. Its own jobs, heartbeat and looking up of people; the machine's clock.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type ChatSchool, type Listed, openChatSchool } from "../support/chat-town.ts"
import { type Rapport, root, startRapport, tidyProcesses } from "../support/process.ts"
import { entraOf, teamsPlace } from "../support/teams-town.ts"

const counsellors = ["linde", "moss", "ortega"]
const listed: readonly Listed[] = [
  { key: "ada", name: "Ada Brook", role: "student", grade: "12", advisory: true },
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  ...counsellors.map((key): Listed => ({ key, name: `Given${key} Family${key}`, role: "teacher", office: "counsellor" })),
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
]
/** What becomes of the alert to each: taken and never answered, never taken, taken and answered. None of the three is recorded before the batch is. */
const atTheKill: Readonly<Record<string, string>> = { linde: "hang_after", moss: "hang" }

const timeout = 180_000
const soon = { timeout: 60_000, interval: 100 }

let school: ChatSchool
let teams: Awaited<ReturnType<typeof teamsPlace>>
let rapport: Rapport
let hangs = false

const conversationOf = (key: string): string => teams.vendor.people.get(entraOf(key))?.conversation ?? ""

beforeAll(async () => {
  const now = () => new Date()
  teams = await teamsPlace({
    ...{ listed, now, besides: [{ key: "stranger", name: "Some Body" }] },
    trouble({ kind, conversation }) {
      const key = hangs && kind === "send" ? counsellors.find((one) => conversationOf(one) === conversation) : undefined
      return key === undefined ? null : (atTheKill[key] ?? null)
    },
  })
  school = await openChatSchool(listed, [teams.place], now)
  await school.setUp({ signedOn: "2020-02-03" })
}, timeout)
afterAll(async () => {
  await tidyProcesses()
  await school.close()
})

/** By the entry that says where Teams is, which no setting of the environment may. */
async function begin(): Promise<void> {
  const { endpoints } = teams.place
  rapport = startRapport(school.env, { program: process.execPath, args: ["bench/teams-rapport.ts", JSON.stringify({ endpoints })], cwd: root })
  teams.place.deliverTo(`${await rapport.ready()}${teams.place.path}`)
}

const linked = async () => (await school.ask(sql`select user_id from address where route is not null`)).length
const statesOfAlerts = async () =>
  (await school.ask<{ state: string }>(sql`select state from delivery where kind = 'safety_alert'`)).map(({ state }) => state)
/** Whatever day it is, other things may be owed too: only alerts are counted. */
const alertsTo = (key: string): number =>
  teams.vendor.seenBy(entraOf(key)).filter(({ by, activity }) => by === null && JSON.stringify(activity).includes("safety_taken")).length
const tried = (): number => teams.vendor.calls.filter(({ kind, body }) => kind === "send" && JSON.stringify(body).includes("safety_taken")).length

// One story: each step stands on the one before.
test("started for a connected tenant, it links everybody for whom the app is installed", { timeout }, async () => {
  await begin()
  for (const { key } of listed) expect((await teams.vendor.install(entraOf(key))).accepted).toBe(true)
  await expect.poll(linked, soon).toBe(listed.length)
})

test("killed while its messages are with Teams, it tells everybody of danger, again where nobody can know whether they were told", {
  timeout,
}, async () => {
  expect((await teams.vendor.say(entraOf("ada"), "My sister taught me to whistle.")).accepted).toBe(true)
  hangs = true
  expect((await teams.vendor.say(entraOf("stranger"), "I want to kill myself")).accepted).toBe(true)
  await expect.poll(tried, soon).toBe(counsellors.length)
  expect(await statesOfAlerts()).toEqual(["sending", "sending", "sending"])
  expect(counsellors.map(alertsTo)).toEqual([1, 0, 1])

  expect((await rapport.end("SIGKILL")).signal).toBe("SIGKILL")
  hangs = false
  await begin()
  await expect.poll(statesOfAlerts, soon).toEqual(["sent", "sent", "sent"])
  expect(counsellors.map(alertsTo)).toEqual([2, 1, 2])
  expect(tried()).toBe(counsellors.length * 2)
})

test("what was acknowledged before is there, and an event that Teams sends again acts no second time", { timeout }, async () => {
  expect((await teams.vendor.redeliver()).accepted).toBe(true)
  const [kept] = await school.ask(
    sql`select (select count(*)::int from reply) as replies, (select count(*)::int from safety_event) as dangers, count(*)::int as alerts
        from delivery where kind = 'safety_alert'`,
  )
  expect(kept).toEqual({ replies: 1, dangers: 1, alerts: counsellors.length })
  expect((await rapport.end("SIGTERM")).code).toBe(0)
})
