// A student in Teams and an advisor in Slack: one school, one record, both real SDKs over HTTP against vendors on loopback. And people who are on
// both, who are written to in one place at a time.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { actionIn } from "../../adapters/slack/render.ts"
import { blockFaults } from "../adapters/slack/vendor/blocks.ts"
import { visibleText as drawnInSlack } from "../adapters/slack/vendor/draw.ts"
import { json, text } from "../adapters/slack/vendor/json.ts"
import type { Message as SlackMessage } from "../adapters/slack/vendor/state.ts"
import type { SlackVendor } from "../adapters/slack/vendor/vendor.ts"
import { cardFaults } from "../adapters/teams/vendor/cards.ts"
import type { TeamsVendor } from "../adapters/teams/vendor/vendor.ts"
import { type ChatTown, type Listed, openChatTown } from "../support/chat-town.ts"
import { at } from "../support/school.ts"
import { deliveryIn, slackPlace, toldTo, userOf } from "../support/slack-town.ts"
import { entraOf, type InTeams, inTeams, lockScreen, seen, teamsPlace } from "../support/teams-town.ts"

const student = (key: string, name: string): Listed => ({ key, name, role: "student", grade: "12", advisory: true })
const inBoth: readonly Listed[] = [student("ben", "Ben Hollow"), { key: "moss", name: "Mia Moss", role: "teacher", office: "counsellor" }]
const onlyTeams: readonly Listed[] = [
  student("ada", "Ada Brook"),
  student("cleo", "Cleo Marsh"),
  student("dani", "Dani Sol"),
  student("fay", "Fay Vale"),
]
const onlySlack: readonly Listed[] = [
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
]
const listed = [...onlyTeams, ...inBoth, ...onlySlack]
const steady = ["cleo", "dani", "fay", "ben"]

/** Everything students write in this story. */
const written = {
  first: "I taught my little cousin to ride a bicycle.",
  steady: "We are painting the mural in the gym.",
  inTeams: "My band plays at the spring fair.",
  inSlack: "We still look for a drummer.",
  late: "I had the flu, and then I did not know how to begin.",
}
const line = "Where did you practise?"

let town: ChatTown
let slack: SlackVendor
let teams: TeamsVendor
let there: InTeams

beforeAll(async () => {
  town = await openChatTown({
    ...{ listed, start: at("2027-02-01", "09:00") },
    async places(now) {
      const [one, other] = await Promise.all([
        slackPlace({ listed: [...onlySlack, ...inBoth], now }),
        teamsPlace({ listed: [...onlyTeams, ...inBoth], besides: [{ key: "gil", name: "Gil Grey" }], now }),
      ])
      slack = one.vendor
      teams = other.vendor
      return [one.place, other.place]
    },
  })
  there = inTeams(teams, () => town.settled())
}, 120_000)
afterAll(() => town.close())

const inSlack = {
  told: (key: string): readonly SlackMessage[] => toldTo({ vendor: slack }, key),
  latest(key: string): string {
    const message = inSlack.told(key).at(-1)
    return message ? drawnInSlack(message) : ""
  },
  async press(key: string, message: SlackMessage | undefined, action: string): Promise<void> {
    if (!message) throw new Error(`${key} has no such message`)
    const pressed = await slack.press(userOf(key), message, (element) => actionIn(text(element.action_id) ?? "") === action)
    expect(pressed.accepted).toBe(true)
    await town.settled()
  },
  async submit(key: string, values: Readonly<Record<string, string>>): Promise<void> {
    expect((await slack.submit(userOf(key), values)).accepted).toBe(true)
    await town.settled()
  },
  async say(key: string, words: string): Promise<void> {
    expect((await slack.say(userOf(key), words)).accepted).toBe(true)
    await town.settled()
  },
  async command(key: string, command: string, words: string): Promise<void> {
    expect((await slack.command(userOf(key), command, words)).accepted).toBe(true)
    await town.settled()
  },
}

const prompt = "Your two questions this week"
const promptsIn = (key: string) => ({
  teams: there.told(key).filter(({ summary }) => summary === prompt).length,
  slack: inSlack.told(key).filter((message) => message.text === prompt).length,
})
const homeOf = async (key: string): Promise<string> => {
  await there.say(key, "/home")
  return there.latest(key)
}
const count = async (query: ReturnType<typeof sql>): Promise<number> => (await town.ask<{ n: number }>(query))[0]?.n ?? -1
const words = Object.values(written)

/** What holds at every moment of the story. */
async function nothingAmiss(): Promise<void> {
  const bySlack = slack.state.messages.filter((message) => message.fromBot)
  const byTeams = teams.state.messages.filter((message) => message.by === null)
  for (const message of bySlack) expect(blockFaults(message.blocks, "message")).toEqual([])
  for (const card of byTeams.flatMap((message) => message.cards)) expect(cardFaults(card, "message")).toEqual([])

  // Each delivery was sent once, on one platform, and is the message that its row names.
  const sent = await town.ask<{ platform: string; id: string; messageId: string }>(
    sql`select platform, id, message_id as "messageId" from delivery where state = 'sent'`,
  )
  const carried = bySlack.flatMap((message) => deliveryIn(message) ?? [])
  expect(carried.toSorted()).toEqual(sent.flatMap(({ platform, id }) => (platform === "slack" ? [id] : [])).toSorted())
  const inTeamsOnce = sent.flatMap(({ platform, messageId }) => (platform === "teams" ? [messageId] : []))
  expect(new Set(inTeamsOnce).size).toBe(inTeamsOnce.length)
  const all = byTeams.map(({ conversation, id }) => `${conversation}/${id}`)
  for (const messageId of inTeamsOnce) expect(all).toContain(messageId)
  expect(await count(sql`select count(*)::int as n from delivery where state in ('sending', 'unknown')`)).toBe(0)

  const given = [...slack.calls.map(({ args }) => text(args.text) ?? ""), ...bySlack.map((message) => message.text), ...byTeams.map(lockScreen)]
  for (const one of words) expect(given.filter((shown) => shown.includes(one))).toEqual([])
  for (const one of words) expect(town.logged.filter((logged) => logged.includes(one))).toEqual([])
  expect(town.logged.filter((logged) => /"level":(40|50|60)/.test(logged))).toEqual([])
}

/** The advisor reads whatever waits, each answer by a press of its own, in the one message that the morning brought. */
async function readsAll(): Promise<void> {
  const list = inSlack.told("rivera").findLast((message) => /waiting to be read|^Answer \d/.test(message.text))
  if (list && /waiting to be read/.test(list.text)) await inSlack.press("rivera", list, "reading_open")
  for (let n = 0; n < mostWaiting && list && /^Answer \d/.test(list.text); n++) await inSlack.press("rivera", list, "reading_read")
  expect(list && drawnInSlack(list)).toMatch(/^All read/)
}
const mostWaiting = 8

// One story: each step stands on the one before.
describe("a student in Teams and an advisor in Slack", () => {
  test("each is met where they are: Slack lists its people, and Teams tells of those for whom the app is installed", async () => {
    await town.setUp({ signedOn: "2027-02-01" })
    await town.enrol()
    for (const { key } of [...onlyTeams, ...inBoth]) await there.install(key)
    await there.install("gil")
    const linked = await town.ask<{ who: string; platform: string; user: string }>(
      sql`select p.sourced_id as who, a.platform, a.user_id as "user" from account a join person p on p.school_id = a.school_id and p.id = a.person_id`,
    )
    expect(linked.map(({ who, platform, user }) => `${who} ${platform} ${user}`).toSorted()).toEqual(
      [
        ...[...onlySlack, ...inBoth].map(({ key }) => `${key} slack ${userOf(key)}`),
        ...[...onlyTeams, ...inBoth].map(({ key }) => `${key} teams ${entraOf(key)}`),
      ].toSorted(),
    )
    // Nobody by that e-mail is on the roster.
    expect(there.told("gil")).toEqual([])
  })

  test("who arrived is greeted once, in Teams, however often the arrival is told", async () => {
    await there.install("ada")
    await there.redeliver()
    await town.moveTo(at("2027-02-01", "10:00"))
    expect(there.told("ada").map(seen)).toEqual([expect.stringMatching(/^Hi Ada! I am Rapport/)])
    await there.redeliver()
    await town.moveTo(at("2027-02-01", "11:00"))
    expect(there.told("ada")).toHaveLength(1)
    await nothingAmiss()
  })

  test("the questions come in Teams, and the student answers there by typing", async () => {
    await town.moveTo(at("2027-02-04", "14:44"))
    expect(promptsIn("ada")).toEqual({ teams: 0, slack: 0 })
    await town.moveTo(at("2027-02-04", "14:46"))
    expect(promptsIn("ada")).toEqual({ teams: 1, slack: 0 })
    await there.say("ada", written.first)
    await there.redeliver()
    expect(there.latest("ada")).toMatch(/^Got it, Ada\. Rosa Rivera reads this by /)
    expect(await count(sql`select count(*)::int as n from reply`)).toBe(1)
    await town.moveTo(at("2027-02-04", "15:00"))
    for (const key of steady) await there.say(key, written.steady)
    await nothingAmiss()
  })

  test("the advisor has the list in Slack, reads each answer there and writes a line to one", async () => {
    await town.moveTo(at("2027-02-05", "08:00"))
    const list = inSlack.told("rivera").at(-1)
    expect(list?.text).toBe("5 answers are waiting to be read")
    await inSlack.press("rivera", list, "reading_open")
    expect(list && drawnInSlack(list)).toContain(written.first)
    await inSlack.press("rivera", list, "reading_line")
    await inSlack.submit("rivera", { words: line })
    await readsAll()
    await nothingAmiss()
  })

  test("the student sees in Teams who read it, and the line", async () => {
    await town.moveTo(at("2027-02-05", "08:05"))
    const receipt = there.told("ada").at(-1)
    expect(receipt?.summary).toBe("Rosa Rivera read what you wrote on Thursday.")
    expect(seen(receipt)).toContain(line)
    expect(await homeOf("ada")).toContain("Thursday: read by Rosa Rivera today, with a line for you")
    expect(there.latest("ada")).not.toContain(written.first)
    await nothingAmiss()
  })

  test("three silent weeks later, and not sooner, the advisor is told in Slack, with the arithmetic", async () => {
    for (const [thursday, friday] of [
      ["2027-02-11", "2027-02-12"],
      ["2027-02-18", "2027-02-19"],
      ["2027-02-25", "2027-02-26"],
    ] as const) {
      await town.moveTo(at(thursday, "15:00"))
      for (const key of steady) await there.say(key, written.steady)
      await town.moveTo(at(friday, "08:00"))
      await readsAll()
      expect(await count(sql`select count(*)::int as n from alert`)).toBe(0)
    }
    await town.moveTo(at("2027-03-03", "12:00"))
    const alerts = await town.ask(
      sql`select p.sourced_id as who, a.kind from alert a join person p on p.school_id = a.school_id and p.id = a.subject_id`,
    )
    expect(alerts).toEqual([{ who: "ada", kind: "silence" }])
    expect(inSlack.latest("rivera")).toContain(
      "Ada Brook has not answered since 4 February: 3 chances, while last week 4 of 5 in the advisory answered or skipped. The last answer was read on 5 February. Worth a hello.",
    )
    // The student hears of no alert, on either platform.
    expect(promptsIn("ada")).toEqual({ teams: 4, slack: 0 })
    for (const message of there.told("ada")) expect(seen(message)).not.toContain("chances")
    await nothingAmiss()
  })

  test("the advisor notes a hello from Slack, and the student sees it at home in Teams", async () => {
    expect(await homeOf("ada")).not.toContain("said hello")
    const brief = inSlack.told("rivera").at(-1)
    const pressed = await slack.press(
      userOf("rivera"),
      brief ?? "home",
      (element) => actionIn(text(element.action_id) ?? "") === "hello" && text(json(element.text).text) === "I said hello",
    )
    expect(pressed.accepted).toBe(true)
    await town.settled()
    expect(
      await town.ask(
        sql`select p.sourced_id as who, c.kind from contact c join person p on p.school_id = c.school_id and p.id = c.student_id where c.kind <> 'reply'`,
      ),
    ).toEqual([{ who: "ada", kind: "hello" }])
    expect(await homeOf("ada")).toContain("Rosa Rivera noted today that they said hello to you.")
    await nothingAmiss()
  })

  test("the hello closes the note, the student answers again in Teams, and the advisor reads it in Slack", async () => {
    await town.moveTo(at("2027-03-04", "15:00"))
    await there.say("ada", written.late)
    expect(
      await town.ask(sql`select a.state, p.sourced_id as by from alert a left join person p on p.school_id = a.school_id and p.id = a.closed_by`),
    ).toEqual([{ state: "closed", by: "rivera" }])
    await town.moveTo(at("2027-03-05", "08:00"))
    expect(inSlack.latest("rivera")).toContain("Ada Brook")
    await readsAll()
    await nothingAmiss()
  })
})

describe("one person on both platforms", () => {
  test("is asked in one place each week: where they wrote last", async () => {
    // The first came where nothing had been written yet, and was answered in Teams.
    expect(promptsIn("ben")).toEqual({ teams: 4, slack: 1 })
    await town.moveTo(at("2027-03-09", "12:00"))
    await inSlack.say("ben", "/rapport help")
    await town.moveTo(at("2027-03-11", "14:50"))
    expect(promptsIn("ben")).toEqual({ teams: 4, slack: 2 })
    await nothingAmiss()
  })

  test("answers in Slack and in Teams, on one record", async () => {
    await inSlack.say("ben", written.inSlack)
    await there.say("ben", written.inTeams)
    expect(there.latest("ben")).toMatch(/^Added\./)
    const replies = await town.ask(
      sql`select count(distinct r.id)::int as replies, count(*)::int as parts from reply r join person p on p.school_id = r.school_id and p.id = r.student_id
          join reply_part q on q.school_id = r.school_id and q.reply_id = r.id where p.sourced_id = 'ben' and r.created_at > ${at("2027-03-11", "00:00")}`,
    )
    expect(replies).toEqual([{ replies: 1, parts: 2 }])
    await town.moveTo(at("2027-03-12", "08:00"))
    const list = inSlack.told("rivera").at(-1)
    await inSlack.press("rivera", list, "reading_open")
    const shown = list ? drawnInSlack(list) : ""
    expect([written.inSlack, written.inTeams].every((one) => shown.includes(one))).toBe(true)
    await nothingAmiss()
  })

  test("chooses with a sentence where they are written to, whatever they use afterwards", async () => {
    await inSlack.say("ben", "Write to me here")
    expect(inSlack.latest("ben")).toBe("From now on I write to you here, in Slack, and no longer in Teams. To change it back, type the same there.")
    await there.say("ben", "And one more thing: we found a drummer.")
    const before = promptsIn("ben")
    await town.moveTo(at("2027-03-18", "15:00"))
    expect(promptsIn("ben")).toEqual({ ...before, slack: before.slack + 1 })
    await there.say("ben", "/rapport here")
    expect(there.latest("ben")).toContain("here, in Teams, and no longer in Slack")
    await inSlack.say("ben", "/rapport help")
    await town.moveTo(at("2027-03-25", "15:00"))
    expect(promptsIn("ben")).toEqual({ teams: before.teams + 1, slack: before.slack + 1 })
    await nothingAmiss()
  })

  test("an adult chooses by the slash command, and danger is told them there and nowhere else", async () => {
    await there.say("moss", "hello")
    await inSlack.command("moss", "/rapport", "here")
    await there.say("moss", "hello")
    const before = { slack: inSlack.told("moss").length, teams: there.told("moss").length }
    await there.say("ada", "I want to kill myself")
    expect(there.latest("ada")).toContain("988")
    await town.moveTo(at("2027-03-25", "15:02"))
    expect({ slack: inSlack.told("moss").length, teams: there.told("moss").length }).toEqual({ ...before, slack: before.slack + 1 })
    expect(inSlack.latest("moss")).toContain("Ada Brook wrote something you need to see now.")
    await nothingAmiss()
  })
})
