// A school's first weeks in Slack, from the roster to a token that is taken back: signed HTTP, the real SDK, a Slack on loopback.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { actionIn } from "../../adapters/slack/render.ts"
import { blockFaults, viewFaults } from "../adapters/slack/vendor/blocks.ts"
import { drawView, visibleText } from "../adapters/slack/vendor/draw.ts"
import { json, list, text } from "../adapters/slack/vendor/json.ts"
import { dmOf, type Message } from "../adapters/slack/vendor/state.ts"
import { general } from "../adapters/slack/vendor/vendor.ts"
import { at } from "../support/school.ts"
import { deliveryIn, type Listed, openSlackTown, type SlackTown, tenant, toldTo, userOf } from "../support/slack-town.ts"

const listed: readonly Listed[] = [
  { key: "ada", name: "Ada Brook", role: "student", grade: "11", advisory: true },
  { key: "ben", name: "Ben Hollow", role: "student", grade: "12", advisory: true },
  { key: "cleo", name: "Cleo Marsh", role: "student", grade: "11", advisory: true },
  { key: "dani", name: "Dani Sol", role: "student", grade: "12", advisory: true },
  { key: "eve", name: "Eve Quill", role: "student", grade: "9", advisory: true },
  { key: "gus", name: "Gus Stone", role: "student", grade: "12", advisory: true },
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  { key: "tanner", name: "Tess Tanner", role: "teacher" },
  { key: "linde", name: "Lena Linde", role: "teacher", office: "counsellor" },
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
  { key: "soto", name: "Sol Soto", role: "teacher", office: "admin" },
]
const asked = ["ada", "ben", "cleo", "dani"]

/** Everything students write in this story. */
const written = {
  form: "I finally beat my brother at chess.",
  typed: "My rabbit learned to jump over a broom.",
  edited: "My rabbit learned to jump over TWO brooms.",
  regretted: "Forget that I like trains.",
  thread: "The swimming gala went badly.",
  stranger: "I want to kill myself",
  young: "he brought a knife to school",
}
const line = "Chess again on Friday?"

let town: SlackTown
/** Slack takes the token back once it has taken so many more deliveries. */
let takesMore = Number.POSITIVE_INFINITY

beforeAll(async () => {
  town = await openSlackTown({
    listed,
    start: at("2027-02-01", "09:00"),
    inSlack: {
      ada: { locale: "en-US", tz: "America/New_York" },
      dani: { locale: "es-ES", tz: "America/Denver" },
      gus: { guest: "single_channel" },
    },
    besides: [
      { id: "U0STRANGER", name: "Some Body", email: "some.body@elsewhere.example" },
      { id: "U0UNSEEN", name: "Un Seen", email: "ben@larch.example", emailConfirmed: false },
    ],
    trouble(method, { metadata }) {
      if (method === "chat.postMessage" && metadata !== undefined && takesMore-- <= 0) town.vendor.team.installed = false
      return null
    },
  })
}, 120_000)
afterAll(() => town.close())

const told = (key: string): readonly Message[] => toldTo(town, key)
const promptSummaries = ["Your two questions this week", "Tus dos preguntas de esta semana"]
const prompts = (key: string): readonly Message[] => told(key).filter((message) => promptSummaries.includes(message.text))
const promptsTo = (key: string): number => prompts(key).length
const seen = (message: Message | undefined): string => (message ? visibleText(message) : "")
const latest = (key: string): string => seen(told(key).at(-1))
const shows = ({ blocks }: Message, action: string): boolean =>
  blocks.some((block) => list(json(block).elements).some((element) => actionIn(text(json(element).action_id) ?? "") === action))

async function press(key: string, message: Message | undefined, action: string): Promise<void> {
  if (!message) throw new Error(`${key} has no such message`)
  const pressed = await town.vendor.press(userOf(key), message, (element) => actionIn(text(element.action_id) ?? "") === action)
  expect(pressed.accepted).toBe(true)
  await town.settled()
}
async function submit(key: string, values: Readonly<Record<string, string>>): Promise<void> {
  expect((await town.vendor.submit(userOf(key), values)).accepted).toBe(true)
  await town.settled()
}
async function say(user: string, words: string, thread?: string): Promise<Message> {
  const { accepted, message } = await town.vendor.say(user, words, thread === undefined ? {} : { thread })
  expect(accepted).toBe(true)
  await town.settled()
  return message
}
/** In a channel where everybody is; what the asker alone sees of it. */
async function inChannel(key: string, command: string, words: string): Promise<string> {
  const before = town.vendor.state.messages.length
  expect((await town.vendor.command(userOf(key), command, words, general)).accepted).toBe(true)
  await town.settled()
  const more = town.vendor.state.messages.slice(before)
  expect(more.map(({ channel, ephemeral }) => ({ channel, ephemeral }))).toEqual([{ channel: general, ephemeral: userOf(key) }])
  return seen(more[0])
}
async function homeOf(key: string): Promise<string> {
  expect((await town.vendor.openHome(userOf(key))).accepted).toBe(true)
  await town.settled()
  const view = town.vendor.home(userOf(key))?.view ?? {}
  expect(viewFaults(view)).toEqual([])
  return drawView(view)
}
const count = async (query: ReturnType<typeof sql>): Promise<number> => (await town.ask<{ n: number }>(query))[0]?.n ?? -1
const replies = () => count(sql`select count(*)::int as n from reply`)
const strangersKept = () =>
  count(sql`select (select count(*) from account where user_id in ('U0STRANGER', 'U0UNSEEN', 'U0GUS'))::int
    + (select count(*) from address where user_id in ('U0STRANGER', 'U0UNSEEN', 'U0GUS'))::int as n`)
const deeds = async (act: string): Promise<string[]> =>
  (
    await town.ask<{ actor: string | null; subject: string | null }>(
      sql`select a.sourced_id as actor, s.sourced_id as subject from deed d left join person a on a.school_id = d.school_id and a.id = d.actor_id
          left join person s on s.school_id = d.school_id and s.id = d.subject_id where d.act = ${act} order by d.at, 1, 2`,
    )
  ).map(({ actor, subject }) => `${actor} ${subject}`)

/** What holds at every moment of the story. */
function nothingAmiss(): void {
  const fromBot = town.vendor.state.messages.filter((message) => message.fromBot)
  for (const message of fromBot) expect(blockFaults(message.blocks, "message")).toEqual([])
  const shown = town.vendor.calls.map(({ args }) => text(args.text) ?? "").concat(fromBot.map((message) => message.text))
  for (const words of Object.values(written)) expect(shown.filter((one) => one.includes(words))).toEqual([])
  const delivered = fromBot.map(deliveryIn).filter((id) => id !== null)
  expect(new Set(delivered).size).toBe(delivered.length)
  for (const words of Object.values(written)) expect(town.logged.filter((one) => one.includes(words))).toEqual([])
  expect(town.logged.filter((one) => /"level":(50|60)/.test(one) && !one.includes("workspace_paused"))).toEqual([])
}

// One story: each step stands on the one before.
describe("a school in Slack", () => {
  test("reads its roster, connects its workspace, and is ready: each verified e-mail is one person, guests and strangers are nobody", async () => {
    await town.setUp({ signedOn: "2027-02-01" })
    await town.enrol()
    const linked = await town.ask<{ user: string; who: string; zone: string | null; language: string | null; route: string | null }>(
      sql`select a.user_id as "user", p.sourced_id as who, p.zone, p.chat_language as language, d.route from account a
          join person p on p.school_id = a.school_id and p.id = a.person_id left join address d on d.school_id = a.school_id and d.user_id = a.user_id
          order by p.sourced_id`,
    )
    const everybody = listed.map(({ key }) => key).filter((key) => key !== "gus")
    expect(linked.map(({ user, who }) => `${user} ${who}`)).toEqual(everybody.toSorted().map((key) => `${userOf(key)} ${key}`))
    expect(linked.find(({ who }) => who === "dani")).toEqual({
      ...{ user: "U0DANI", who: "dani", zone: "America/Denver", language: "es", route: dmOf("U0DANI") },
    })
    // Where they live is their site's zone; what Slack gives to everybody is taken from nobody.
    expect(linked.filter(({ zone }) => zone !== null).map(({ who }) => who)).toEqual(["dani"])
    expect(await strangersKept()).toBe(0)
    const opened = town.vendor.calls.filter(({ method }) => method === "conversations.open").map(({ args }) => text(args.users) ?? "")
    expect(opened.toSorted()).toEqual(
      everybody
        .filter((key) => key !== "eve")
        .map(userOf)
        .toSorted(),
    )
    expect(town.vendor.requests()).toBe(0)
  })

  test("asks nobody before the time", async () => {
    await town.moveTo(at("2027-02-04", "14:44"))
    for (const key of [...asked, "eve", "gus"]) expect(told(key)).toEqual([])
  })

  test("asks each student once, in their own conversation and language; who is too young or nobody's gets nothing", async () => {
    await town.moveTo(at("2027-02-04", "15:00"))
    expect(asked.map((key) => [told(key).length, promptsTo(key)])).toEqual(asked.map(() => [1, 1]))
    expect(["ada", "dani"].map((key) => told(key)[0]?.text)).toEqual(promptSummaries)
    expect(seen(told("dani")[0])).toContain("¡Hola, Dani!")
    for (const key of ["eve", "gus"]) expect(town.vendor.seenBy(userOf(key))).toEqual([])
    nothingAmiss()
  })

  test("a student answers by the form: its error stands by the field, then it closes and is kept", async () => {
    await press("ada", prompts("ada")[0], "reflect_first")
    expect(drawView(town.vendor.modal(userOf("ada"))?.view ?? {})).toContain("Rosa Rivera reads this.")
    await submit("ada", { words: " ", wants: "no" })
    expect(town.vendor.modal(userOf("ada"))?.errors).toEqual({
      words: "Write a few words first. If you would rather not this week, close this and press Skip.",
    })
    expect(await replies()).toBe(0)
    await submit("ada", { words: written.form, mood: "4", wants: "no" })
    expect(town.vendor.modal(userOf("ada"))).toBeNull()
    expect(latest("ada")).toMatch(/^Got it, Ada\. Rosa Rivera reads this by /)
    expect(await replies()).toBe(1)
    nothingAmiss()
  })

  test("another types, changes one message and takes one back", async () => {
    await town.moveTo(at("2027-02-04", "15:05"))
    const { ts } = await say("U0BEN", written.typed)
    expect(latest("ben")).toMatch(/^Got it, Ben\./)
    expect((await town.vendor.edit("U0BEN", ts, written.edited)).accepted).toBe(true)
    await town.settled()
    expect(latest("ben")).toBe("Changed. Rosa Rivera reads the new version.")
    const second = await say("U0BEN", written.regretted)
    expect(latest("ben")).toMatch(/^Added\./)
    expect((await town.vendor.remove("U0BEN", second.ts)).accepted).toBe(true)
    await town.settled()
    expect(latest("ben")).toMatch(/^Taken back\./)
    expect(await replies()).toBe(2)
    const parts = await town.ask<{ versions: number; gone: boolean }>(
      sql`select max(version)::int as versions, bool_or(words is null) as gone from reply_part where part like ${`${dmOf("U0BEN")}/%`} group by part order by part`,
    )
    expect(parts).toEqual([
      { versions: 2, gone: false },
      { versions: 2, gone: true },
    ])
    nothingAmiss()
  })

  test("a third writes in the prompt's thread, and is answered there", async () => {
    await town.moveTo(at("2027-02-04", "15:10"))
    const [prompt] = prompts("cleo")
    await say("U0CLEO", written.thread, prompt?.ts)
    expect(told("cleo").at(-1)).toMatchObject({ thread: prompt?.ts })
    expect(latest("cleo")).toMatch(/^Got it, Cleo\./)
    const [reply] = await town.ask<{ own: boolean }>(
      sql`select d.message_id = ${`${prompt?.channel}/${prompt?.ts}`} as own from reply r join person p on p.school_id = r.school_id and p.id = r.student_id
          join delivery d on d.school_id = r.school_id and d.subject_id = r.occurrence_id and d.kind = 'prompt' where p.sourced_id = 'cleo'`,
    )
    expect(reply).toEqual({ own: true })
    nothingAmiss()
  })

  test("what Slack delivers twice is kept once", async () => {
    const before = { replies: await replies(), told: told("cleo").length }
    expect((await town.vendor.redeliver()).accepted).toBe(true)
    await town.settled()
    expect({ replies: await replies(), told: told("cleo").length }).toEqual(before)
  })

  test("the advisor gets the list next morning, without a word of the answers, reads them one by one and writes a line", async () => {
    await town.moveTo(at("2027-02-05", "08:00"))
    const letter = told("rivera").at(-1)
    expect(letter?.text).toBe("3 answers are waiting to be read")
    expect(seen(letter)).toContain("Ada Brook, Ben Hollow, and Cleo Marsh")
    for (const words of Object.values(written)) expect(seen(letter)).not.toContain(words)

    // One message from here on: each press changes it.
    const reading = letter
    await press("rivera", reading, "reading_open")
    expect(seen(reading)).toContain(written.form)
    await press("rivera", reading, "reading_line")
    await submit("rivera", { words: line })
    expect(town.vendor.modal(userOf("rivera"))).toBeNull()
    // The pressed message is now the next answer: as it was changed, without what was taken back.
    expect(seen(reading)).toContain(written.edited)
    expect(seen(reading)).not.toContain(written.regretted)
    expect(seen(reading)).not.toContain(written.form)
    await press("rivera", reading, "reading_read")
    expect(seen(reading)).toContain(written.thread)
    await press("rivera", reading, "reading_read")
    expect(seen(reading)).toMatch(/^All read/)
    expect(told("rivera").at(-1)).toBe(letter)
    nothingAmiss()
  })

  test("each student hears that they were read, and by whom; the line comes with it", async () => {
    await town.moveTo(at("2027-02-05", "08:05"))
    const read = ["ada", "ben", "cleo"]
    expect(read.map((key) => told(key).at(-1)?.text)).toEqual(read.map(() => "Rosa Rivera read what you wrote on Thursday."))
    expect(latest("ada")).toContain(line)
    expect(latest("ben")).not.toContain(line)
    expect(told("dani")).toHaveLength(1)
    nothingAmiss()
  })

  test("a look-up in a channel is for the asker alone, by mention and by name, and on the record; without a tie it is refused", async () => {
    expect(await inChannel("rivera", "mentee", "@U0ADA")).toMatch(/^Ada Brook\n/)
    expect(await inChannel("rivera", "mentee", "Ada Brook")).toMatch(/^Ada Brook\n/)
    const refused = await inChannel("tanner", "mentee", "@U0ADA")
    expect(refused).not.toContain("Ada")
    expect(await inChannel("tanner", "mentee", "Nobody At All")).toBe(refused)
    expect(await deeds("mentee_viewed")).toEqual(["rivera ada", "rivera ada"])
    expect(await deeds("mentee_refused")).toEqual(["tanner ada", "tanner null"])
    nothingAmiss()
  })

  test("the home of a student and of an adult shows what each may see", async () => {
    const student = await homeOf("ada")
    expect(student).toContain("read by Rosa Rivera")
    expect(student).not.toContain(written.form)
    const adult = await homeOf("rivera")
    expect(adult).not.toBe("")
    expect(adult).not.toContain(written.form)
    expect(await homeOf("dani")).toContain("Tus reflexiones")
  })

  test("a guest and a stranger get one polite answer, and nothing of theirs is kept", async () => {
    const before = await replies()
    for (const user of ["U0GUS", "U0STRANGER", "U0UNSEEN"]) {
      await say(user, "Hello, who are you?")
      const answers = town.vendor.seenBy(user).filter((message) => message.fromBot)
      expect(answers.map(seen)).toEqual([expect.stringContaining("I do not know this account yet.")])
    }
    expect(await replies()).toBe(before)
    expect(await strangersKept()).toBe(0)
    nothingAmiss()
  })

  test("a stranger's words about danger are answered at once with where help is, and the ladder hears which account wrote", async () => {
    await say("U0STRANGER", written.stranger)
    const answer = seen(town.vendor.seenBy("U0STRANGER").at(-1))
    expect(answer).toContain("988")
    expect(answer).toContain("Lena Linde")
    expect(await strangersKept()).toBe(0)
    await town.moveTo(at("2027-02-05", "08:06"))
    expect(latest("linde")).toContain(`slack/${tenant}/U0STRANGER (not on the school's list) wrote something you need to see now.`)
    expect(latest("linde")).not.toContain(written.stranger)
    nothingAmiss()
  })

  test("a student who is too young for Slack is told so and nothing is kept; danger is heard all the same", async () => {
    const before = await replies()
    await say("U0EVE", "I like comics.")
    expect(latest("eve")).toContain("Slack has a minimum age")
    const address = () => count(sql`select count(*)::int as n from address where user_id = 'U0EVE'`)
    expect([await replies(), await address()]).toEqual([before, 0])
    await say("U0EVE", written.young)
    expect(latest("eve")).toContain("988")
    expect(await replies()).toBe(before)
    await town.moveTo(at("2027-02-05", "08:07"))
    expect(latest("linde")).toContain("Eve Quill wrote something you need to see now.")
    nothingAmiss()
  })

  test("whoever has the alert is known to the others", async () => {
    await press("linde", told("linde").at(-1), "safety_taken")
    await press("linde", told("linde").at(-2), "safety_taken")
    await town.moveTo(at("2027-02-05", "09:30"))
    expect(told("parr").filter((message) => shows(message, "safety_taken"))).toEqual([])
    nothingAmiss()
  })

  test("the token is taken back in the middle of the next questions: the workspace rests once, the admin is owed one notice, rows are kept", async () => {
    await town.moveTo(at("2027-02-11", "14:40"))
    takesMore = 2
    await town.moveTo(at("2027-02-11", "14:50"))
    expect(asked.map(promptsTo).toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2])
    expect((await town.vendor.revoke()).accepted).toBe(true)
    await town.settled()
    const calls = town.vendor.calls.length
    await town.moveTo(at("2027-02-11", "15:10"))
    expect(town.vendor.calls.length, "nobody asks a Slack that refuses").toBe(calls)
    const [paused] = await town.ask(sql`select paused from workspace`)
    expect(paused).toEqual({ paused: "account_inactive" })
    const notices = await town.ask(
      sql`select p.sourced_id as who, d.state from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id where d.kind = 'workspace_paused'`,
    )
    expect(notices).toEqual([{ who: "soto", state: "planned" }])
    expect(await count(sql`select count(*)::int as n from delivery where kind = 'prompt' and state = 'planned' and user_id is not null`)).toBe(2)
    nothingAmiss()
  })

  test("connected again, what was owed goes out, each once", async () => {
    takesMore = Number.POSITIVE_INFINITY
    town.vendor.team.installed = true
    expect(await town.rapport("connect", "slack")).toContain("is now connected to Larch Hill")
    await town.moveTo(at("2027-02-11", "15:12"))
    expect([...asked, "eve", "gus"].map(promptsTo)).toEqual([2, 2, 2, 2, 0, 0])
    expect(told("soto")).toEqual([])
    expect(await count(sql`select count(*)::int as n from delivery where state in ('sending', 'unknown')`)).toBe(0)
    const sent = await town.ask<{ id: string }>(sql`select id from delivery where state = 'sent' order by id`)
    const carried = town.vendor.state.messages.filter(({ fromBot }) => fromBot).flatMap((message) => deliveryIn(message) ?? [])
    expect(carried.toSorted()).toEqual(sent.map(({ id }) => id).toSorted())
    nothingAmiss()
  })
})
