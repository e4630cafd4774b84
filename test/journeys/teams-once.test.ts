// More than a hundred deliveries through a connector that cuts, refuses and lies: none appears twice, what nobody can know is not repeated, an alert
// about danger reaches staff all the same, and what a person does is acted on once however often Teams tells it.
import { randomInt } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest"
import { seeded } from "../../src/words/seed.ts"
import { messageActivity } from "../adapters/teams/vendor/activities.ts"
import type { Call } from "../adapters/teams/vendor/state.ts"
import type { Listed } from "../support/chat-town.ts"
import { at } from "../support/school.ts"
import { entraOf, type InTeams, inTeams, openTeamsTown, type TeamsTown } from "../support/teams-town.ts"

/** Put the number of a failed run here to have it again. */
const seed = randomInt(2 ** 31)
const students = 120
const everybody = Array.from({ length: students }, (_, n) => `s${n + 1}`)
const counsellors = ["linde", "moss", "ortega"]

const listed: readonly Listed[] = [
  ...everybody.map((key): Listed => ({ key, name: `Given${key} Family${key}`, role: "student", grade: "12", advisory: true })),
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  ...counsellors.map((key): Listed => ({ key, name: `Given${key} Family${key}`, role: "teacher", office: "counsellor" })),
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
]

/** What may become of one request, with how many of a hundred; the rest goes well. `:taken`: Teams did it all the same. */
const troubles: readonly (readonly [string, number])[] = [
  ["cut_before", 7],
  ["cut_after", 7],
  ["429:1", 5],
  ["412", 5],
  ["500", 5],
  ["500:taken", 5],
  ["502", 3],
  ["504:taken", 3],
  ["408", 2],
  ["page", 2],
  ["403:BotDisabledByUser", 4],
  ["403:sub:MessageWritesBlocked", 3],
  ["404", 3],
  ["400", 2],
]
/** What the last request comes to, as its row says it in the end: nobody can know what became of most. */
const fates = [
  "well: sent null",
  ...["cut_before", "cut_after", "500", "500:taken", "502", "504:taken", "408", "page"].map((name) => `${name}: unknown unknowable`),
  ...["403:BotDisabledByUser: refused BotDisabledByUser", "403:sub:MessageWritesBlocked: refused MessageWritesBlocked"],
  ...["404: refused ConversationNotFound", "400: refused BadSyntax"],
]

/** The same for a seed, in whatever order the requests come: by conversation and by how many there were before. */
function chosen(at: string): string | null {
  let left = seeded(`${seed} ${at}`) % 100
  for (const [name, share] of troubles) {
    if (left < share) return name
    left -= share
  }
  return null
}

const tried = new Map<string, string[]>()
let weather: "fair" | "foul" = "fair"
/** What each of the next messages into somebody's conversation comes to. */
let planned: Readonly<Record<string, string[]>> = {}

function trouble({ kind, conversation }: Call): string | null {
  if (kind !== "send" || conversation === null) return null
  const own = planned[conversation]?.shift()
  if (own !== undefined) return own
  if (weather === "fair" || staff.has(conversation)) return null
  const before = tried.get(conversation) ?? []
  const name = chosen(`${conversation} ${before.length}`)
  tried.set(conversation, [...before, name ?? "well"])
  return name
}

let town: TeamsTown
let there: InTeams
let sends = 0
let staff: ReadonlySet<string> = new Set()

beforeAll(async () => {
  town = await openTeamsTown({
    ...{ listed, start: at("2027-02-01", "09:00"), trouble },
    between: (teams) => ({
      ...teams,
      send(...given) {
        sends += 1
        return teams.send(...given)
      },
    }),
  })
  there = inTeams(town.vendor, () => town.settled())
  staff = new Set(listed.filter(({ role }) => role === "teacher").map(({ key }) => conversationOf(key)))
  await town.setUp({ signedOn: "2027-02-01" })
  await Promise.all(listed.map(({ key }) => town.vendor.install(entraOf(key))))
  await town.settled()
  // They are greeted.
  await town.moveTo(at("2027-02-01", "10:00"))
}, 120_000)
afterAll(() => town.close())

const workspace = () => ({ platform: "teams", tenant: town.vendor.tenant }) as const
const conversationOf = (key: string): string => town.vendor.people.get(entraOf(key))?.conversation ?? ""
const prompts = (key: string) => there.told(key).filter(({ summary }) => summary === "Your two questions this week")
const asked = (): string[] => everybody.filter((key) => prompts(key).length > 0)
const posts = (): number => town.vendor.calls.filter(({ kind }) => kind === "send").length

type Row = { who: string; state: string; attempts: number; failure: string | null; messageId: string | null }
const rowsOf = (kind: string) =>
  town.ask<Row>(
    sql`select p.sourced_id as who, d.state, d.attempt as attempts, d.failure, d.message_id as "messageId" from delivery d
        join person p on p.school_id = d.school_id and p.id = d.person_id where d.kind = ${kind} order by 1`,
  )

/** Of whatever the school owes: that of its staff leaves beside the questions. */
const triesOfAll = async (): Promise<number> => (await town.ask<{ n: number }>(sql`select sum(attempt)::int as n from delivery`))[0]?.n ?? -1

/** As if the worker that holds them had been gone for longer than a lease: leases go by the database's clock, which no test moves. */
const leasesRunOut = () => town.ask(sql`update delivery set lease_until = now() - interval '1 second' where state = 'sending'`)

/** When the lane itself says that it next has work. */
async function wake(): Promise<Date> {
  const [row] = await town.ask<{ at: Date }>(sql`select next_at as at from wake where kind = 'lane'`)
  return row?.at ?? town.clock.now()
}

const mostRounds = 300

/** Two workers at once, again and again, until everything of a kind has ended. */
async function workUntilOver(kind: string): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    await Promise.all([town.lane(workspace()), town.lane(workspace())])
    if ((await rowsOf(kind)).every(({ state }) => state !== "planned" && state !== "sending")) return
    await leasesRunOut()
    const next = await wake()
    if (next > town.clock.now() && next.getUTCFullYear() < 2040) await town.skipTo(next)
  }
  throw new Error(`After ${mostRounds} rounds it is not over.`)
}

test("a hundred and twenty questions are there at most once each, with one request for every try", { timeout: 120_000 }, async () => {
  await town.skipTo(at("2027-02-04", "14:45"))
  await town.plan()
  const before = { posts: posts(), sends, tries: await triesOfAll() }
  weather = "foul"
  await workUntilOver("prompt")
  weather = "fair"
  onTestFailed(() => console.error(`Seed ${seed}: ${[...tried.values()].map((tries) => tries.join(">")).join(" ")}`))

  const rows = await rowsOf("prompt")
  expect(rows).toHaveLength(students)
  const requests = posts() - before.posts
  expect({ tries: (await triesOfAll()) - before.tries, sends: sends - before.sends }).toEqual({ tries: requests, sends: requests })
  // Enough went wrong, and in enough ways, or this has shown nothing.
  const met = [...tried.values()].flat()
  expect(new Set(met).size).toBeGreaterThan(10)
  expect(requests).toBeGreaterThan(students)

  for (const { who, messageId } of rows) {
    const tries = tried.get(conversationOf(who)) ?? []
    const last = tries.at(-1) ?? ""
    // Only what certainly was not taken is tried again.
    expect(tries.slice(0, -1).filter((name) => name !== "429:1" && name !== "412")).toEqual([])
    const shown = prompts(who).map(({ conversation, id }) => `${conversation}/${id}`)
    const isThere = last === "well" || /taken|after/.test(last)
    expect({ who, shown: shown.length }).toEqual({ who, shown: isThere ? 1 : 0 })
    expect(messageId).toBe(last === "well" ? shown[0] : null)
  }
  const ends = rows.map(({ who, state, failure }) => `${tried.get(conversationOf(who))?.at(-1)}: ${state} ${failure}`)
  expect(new Set(ends).isSubsetOf(new Set(fates))).toBe(true)
  const inTrouble = await town.ask<{ n: number }>(sql`select count(*)::int as n from address where trouble is not null`)
  expect(inTrouble).toEqual([{ n: rows.filter(({ state, failure }) => state === "refused" && failure !== "BadSyntax").length }])
  expect(await town.ask(sql`select paused from workspace`)).toEqual([{ paused: null }])
})

test("the answers of everybody who was asked, each told three times at the same moment, are kept and answered once each", {
  timeout: 120_000,
}, async () => {
  const { vendor } = town
  const [, ...writers] = asked()
  expect(writers.length).toBeGreaterThan(60)
  const bearer = `Bearer ${await vendor.identity.token(vendor.serviceUrl())}`
  const before = new Map(writers.map((key) => [key, there.told(key).length]))
  const waiting = [...writers]
  const statuses: (number | null)[] = []
  async function worker(): Promise<void> {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const person = vendor.people.get(entraOf(key))
      if (!person) throw new Error(`nobody is ${key}`)
      const activity = messageActivity(vendor.state, vendor.serviceUrl(), person, `17000000${key.slice(1)}`, `My answer is ${key}.`)
      statuses.push(...(await Promise.all([1, 2, 3].map(() => vendor.post(activity, bearer)))).map(({ status }) => status))
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  await town.settled()
  expect(new Set(statuses)).toEqual(new Set([200]))
  const [kept] = await town.ask(
    sql`select count(*)::int as replies, count(distinct student_id)::int as students, (select count(*)::int from reply_part) as parts,
          (select count(*)::int from reading) as readings from reply`,
  )
  expect(kept).toEqual({ replies: writers.length, students: writers.length, parts: writers.length, readings: writers.length })
  expect(writers.map((key) => there.told(key).length - (before.get(key) ?? 0))).toEqual(writers.map(() => 1))
})

test("a press that Teams tells again after fifteen seconds, and again at once, skips the week once and says so once", async () => {
  const [key = ""] = asked()
  const [prompt] = prompts(key)
  await there.press(key, prompt, "reflect_skip")
  const told = there.told(key).length
  const skips = () => town.ask(sql`select count(*)::int as n from occurrence where state = 'skipped'`)
  expect(await skips()).toEqual([{ n: 1 }])
  await town.skipTo(new Date(town.clock.now().getTime() + 15_000))
  await Promise.all([there.redeliver(), there.redeliver()])
  expect(await skips()).toEqual([{ n: 1 }])
  expect(there.told(key)).toHaveLength(told)
})

test("an alert about danger reaches every counsellor, though what became of its first tries is unknown", { timeout: 60_000 }, async () => {
  planned = {
    [conversationOf("linde")]: ["cut_after", "500"],
    [conversationOf("moss")]: ["cut_before", "500:taken", "cut_before"],
    [conversationOf("ortega")]: ["429:30", "412"],
  }
  const before = Object.fromEntries(counsellors.map((key) => [key, there.told(key).length]))
  const [writer = ""] = asked()
  await there.say(writer, "I want to kill myself")
  expect(there.latest(writer)).toContain("988")
  await workUntilOver("safety_alert")
  const states = await rowsOf("safety_alert")
  expect(states.map(({ who, state }) => `${who} ${state}`)).toEqual(counsellors.map((key) => `${key} sent`))
  const given = Object.fromEntries(counsellors.map((key) => [key, there.told(key).length - (before[key] ?? 0)]))
  // Once more for each try that Teams took without a word.
  expect(given).toEqual({ linde: 2, moss: 2, ortega: 1 })
  expect(Object.values(planned).flat()).toEqual([])
})
