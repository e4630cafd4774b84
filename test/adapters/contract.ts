// What every platform must keep, whoever the vendor is: one suite, over a real SDK or server and a vendor on loopback.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { Account, Address, PlatformName } from "../../src/platform/account.ts"
import { type Answer, ask, home, quiet, replace, say } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"
import { type Form, form, type Values } from "../../src/platform/form.ts"
import { limits } from "../../src/platform/limits.ts"
import { type Block, buttons, divider, type Message, message, note, quote, text } from "../../src/platform/message.ts"
import type { Found, Platform, Receive } from "../../src/platform/platform.ts"
import { prose, strong } from "../../src/platform/prose.ts"

/** A message as the vendor shows it to a person: its visible text, with mentions, links and markup drawn as that vendor draws them. */
export type Seen = { messageId: string; text: string }

/** What came of one deed: whether the vendor got its 2xx, and what the person saw of it once all was quiet. */
export type Outcome = {
  accepted: boolean
  /** Messages that are new to this person. */
  said: readonly Seen[]
  /** Messages whose words changed. */
  replaced: readonly Seen[]
  form: { title: string; labels: readonly string[]; errors: Values } | null
  home: string | null
}

export type Where = "direct" | "shared"

/** The vendor, driven as people drive it. Each deed waits for whatever the bot does after its acknowledgement. */
export type Vendor = {
  say(user: string, text: string, where?: Where): Promise<Outcome>
  edit(user: string, messageId: string, text: string): Promise<Outcome>
  remove(user: string, messageId: string): Promise<Outcome>
  press(user: string, messageId: string, press: { action: string; target: string; value: string | null }): Promise<Outcome>
  submit(user: string, form: { action: string; target: string }, values: Values): Promise<Outcome>
  command(user: string, command: string, text: string, where?: Where): Promise<Outcome>
  openHome(user: string): Promise<Outcome>
  arrive(user: string): Promise<Outcome>
  leave(user: string): Promise<Outcome>
  /** The workspace removed the app, and has it again. */
  disconnect(): Promise<Outcome>
  reconnect(): void
  /** The last deed again, as a vendor sends it that did not hear back. */
  redeliver(): Promise<Outcome>
  /** A well-formed deed that the vendor did not sign; the HTTP status. */
  forge(): Promise<number>
  /** What the bot itself wrote comes back as an event. */
  echo(): Promise<Outcome>
  /** The next request fails in the way that `failures` lists under this name, or its connection is cut. */
  failNext(name: string): void
  /** Everything the bot shows this person, oldest first; their direct conversation after all else. */
  inbox(user: string): Promise<readonly Seen[]>
  /** Requests that would show or change a message, since the start. */
  requests(): number
}

export type Harness = {
  readonly platform: Platform
  readonly vendor: Vendor
  readonly tenant: string
  /** Two people of the tenant who have the bot, and an id that nobody has. */
  readonly users: { first: string; second: string; nobody: string }
  /** The vendor's own ways to refuse a send, and what each must come to. */
  readonly failures: readonly { name: string; failure: Failure }[]
  /** Names for `failNext`: the connection ends before, or after, the vendor took the message. */
  readonly cuts: { before: string; after: string }
  /** Whether the vendor can be asked if a message arrived. */
  readonly remembers: boolean
  /** Whether the vendor tells that a workspace removed the app. Where it does not, the next send is refused for the whole workspace. */
  readonly tellsRemoval: boolean
  /** Whether the vendor lists a workspace's people. Where it does not, each is met when they get the app or write. */
  readonly listsPeople: boolean
  /** The bot's process ends and starts again; the vendor stays. `platform` is then the new one. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** `over`: the way in, where a platform has several. */
export function describePlatform(name: PlatformName, open: (receive: Receive) => Promise<Harness>, over: string | null = null): void {
  describe(`the ${name} platform${over === null ? "" : ` over ${over}`}`, () => {
    const events: InboundEvent[] = []
    let answer: (event: InboundEvent) => Answer = () => quiet
    let harness: Harness
    let deliveries = 0

    beforeAll(async () => {
      harness = await open(async (event) => {
        events.push(event)
        return answer(event)
      })
    })
    afterAll(() => harness.close())
    beforeEach(() => {
      events.length = 0
      answer = () => quiet
    })

    const account = (user: string): Account => ({ platform: name, tenant: harness.tenant, user })
    const nextDelivery = () => `00000000-0000-4000-8000-${String(++deliveries).padStart(12, "0")}`
    const reach = () => harness.platform.reach(account(harness.users.first))
    const only = (): InboundEvent => {
      expect(events).toHaveLength(1)
      const [event] = events
      if (!event) throw new Error("no event came")
      return event
    }
    const failureOf = async (sending: Promise<unknown>): Promise<Failure> => {
      const error = await sending.then(
        () => null,
        (reason: unknown) => reason,
      )
      if (!(error instanceof DeliveryFailure)) throw new Error(`expected a DeliveryFailure, got ${String(error)}`)
      return error.failure
    }
    /** What every event carries, whatever it tells. */
    const neutral = (user: string, where: Where) => ({
      id: expect.stringMatching(/./),
      at: expect.any(Date),
      from: { account: account(user), route: expect.stringMatching(/./) },
      where,
    })
    const last = async (user: string): Promise<Seen> => {
      const seen = (await harness.vendor.inbox(user)).at(-1)
      if (!seen) throw new Error(`${user} has no messages`)
      return seen
    }

    test("is named as the port names it", () => {
      expect(harness.platform.name).toBe(name)
    })

    describe("what comes in", () => {
      test("an unsigned event is refused and never reaches the core", async () => {
        expect(await harness.vendor.forge()).toBe(401)
        expect(events).toEqual([])
      })

      test("the bot's own message is dropped", async () => {
        expect((await harness.vendor.echo()).accepted).toBe(true)
        expect(events).toEqual([])
      })

      test("a redelivery keeps the event's id", async () => {
        await harness.vendor.say(harness.users.first, "once")
        await harness.vendor.redeliver()
        expect(events).toHaveLength(2)
        expect(events[1]).toEqual({ ...events[0], at: expect.any(Date) })
      })

      test("two deeds never share an id", async () => {
        await harness.vendor.say(harness.users.first, "same words")
        await harness.vendor.say(harness.users.first, "same words")
        expect(new Set(events.map(({ id }) => id)).size).toBe(2)
      })

      test("words arrive as they were typed, edits and deletions name the same message", async () => {
        const { first } = harness.users
        const typed = "I & my <robot> *win* _today_ &lt;3 🎉\nsecond line"
        await harness.vendor.say(first, typed)
        const said = only()
        expect(said).toEqual({ ...neutral(first, "direct"), kind: "said", messageId: expect.stringMatching(/./), text: typed })
        if (said.kind !== "said") return
        events.length = 0
        await harness.vendor.edit(first, said.messageId, "better words")
        expect(only()).toEqual({ ...neutral(first, "direct"), kind: "edited", messageId: said.messageId, text: "better words" })
        events.length = 0
        await harness.vendor.remove(first, said.messageId)
        expect(only()).toEqual({ ...neutral(first, "direct"), kind: "deleted", messageId: said.messageId })
      })

      test("a press carries its action, its one id and its message", async () => {
        const receipt = await harness.platform.send(
          await reach(),
          message("A choice", [buttons({ action: "pick", id: "row-1", label: "This" })]),
          nextDelivery(),
        )
        await harness.vendor.press(harness.users.first, receipt.messageId, { action: "pick", target: "row-1", value: null })
        expect(only()).toEqual({
          ...neutral(harness.users.first, "direct"),
          kind: "pressed",
          action: "pick",
          target: "row-1",
          value: null,
          messageId: receipt.messageId,
        })
      })

      test("a choice from a list carries its value", async () => {
        const receipt = await harness.platform.send(await reach(), message("A list", [select]), nextDelivery())
        await harness.vendor.press(harness.users.first, receipt.messageId, { action: "pick", target: "row-2", value: "b" })
        expect(only()).toMatchObject({ kind: "pressed", action: "pick", target: "row-2", value: "b" })
      })

      test("a form handed in carries what was filled, and leaves out what was not", async () => {
        answer = (event) => (event.kind === "submitted" ? quiet : ask(everyField))
        await openForm()
        events.length = 0
        await harness.vendor.submit(harness.users.first, { action: "fill", target: "form-1" }, { words: "a\nb", choice: "b", day: "2026-03-12" })
        expect(only()).toEqual({
          ...neutral(harness.users.first, "direct"),
          kind: "submitted",
          action: "fill",
          target: "form-1",
          values: { words: "a\nb", choice: "b", day: "2026-03-12" },
        })
      })

      test("a command carries its name without decoration, its text, and whether others were there", async () => {
        await harness.vendor.command(harness.users.first, "mentee", "Ana María")
        const event = only()
        expect(event).toEqual({ ...neutral(harness.users.first, "direct"), kind: "commanded", command: "mentee", text: "Ana María" })
        events.length = 0
        await harness.vendor.command(harness.users.first, "mentee", "Ana", "shared")
        expect(only()).toMatchObject({ kind: "commanded", where: "shared" })
      })

      test("opening home, arriving and leaving are told", async () => {
        const { second } = harness.users
        await harness.vendor.openHome(second)
        expect(only()).toEqual({ ...neutral(second, "direct"), kind: "opened_home" })
        events.length = 0
        await harness.vendor.leave(second)
        expect(only()).toEqual({ ...neutral(second, "direct"), kind: "left" })
        events.length = 0
        await harness.vendor.arrive(second)
        expect(only()).toEqual({ ...neutral(second, "direct"), kind: "arrived" })
      })

      test("a workspace that removed the app is told by its name, or else refuses what is sent to it", async () => {
        const { tellsRemoval, tenant } = harness
        const to = await reach()
        await harness.vendor.disconnect()
        expect(events).toMatchObject(tellsRemoval ? [{ kind: "disconnected", workspace: { platform: name, tenant } }] : [])
        const learned = tellsRemoval ? "told" : (await failureOf(harness.platform.send(to, plainMessage, nextDelivery()))).reason
        expect(learned).toBe(tellsRemoval ? "told" : "denied")
        harness.vendor.reconnect()
      })

      test("an event is plain data: it survives JSON", async () => {
        await harness.vendor.say(harness.users.first, "plain")
        const event = only()
        expect({ ...JSON.parse(JSON.stringify(event)), at: event.at }).toEqual(event)
      })
    })

    describe("what goes back", () => {
      test("quiet shows nothing, and the vendor hears that it was taken", async () => {
        const outcome = await harness.vendor.say(harness.users.first, "hello")
        expect(outcome).toEqual({ accepted: true, said: [], replaced: [], form: null, home: null })
      })

      test("an answer is a message", async () => {
        answer = () => say(message("Answer", [text(prose`Heard you, ${"friend"}.`)]))
        const outcome = await harness.vendor.say(harness.users.first, "hello")
        expect(outcome.accepted).toBe(true)
        expect(outcome.said.map((seen) => seen.text)).toEqual([expect.stringContaining("Heard you, friend.")])
      })

      test("a replacement changes the message that was pressed", async () => {
        const receipt = await harness.platform.send(await reach(), message("Before", [text(prose`Before.`)]), nextDelivery())
        answer = () => replace(message("After", [text(prose`After.`)]))
        const outcome = await harness.vendor.press(harness.users.first, receipt.messageId, { action: "pick", target: "row-1", value: null })
        expect(outcome.replaced.map((seen) => [seen.messageId, seen.text])).toEqual([[receipt.messageId, expect.stringContaining("After.")]])
        expect((await last(harness.users.first)).text).not.toContain("Before.")
      })

      test("a form shows every kind of field", async () => {
        answer = () => ask(everyField)
        const outcome = await openForm()
        expect(outcome.form).toMatchObject({ title: "Everything", errors: {} })
        for (const field of everyField.fields) expect(outcome.form?.labels.join("\n")).toContain(field.label)
      })

      test("errors stand by their fields, and the form stays", async () => {
        answer = (event) => ask(everyField, event.kind === "submitted" ? { words: "Say a little more.", day: "That day is over." } : {})
        await openForm()
        const outcome = await harness.vendor.submit(harness.users.first, { action: "fill", target: "form-1" }, { words: "x", choice: "a" })
        expect(outcome.accepted).toBe(true)
        expect(outcome.form?.errors).toEqual({ words: "Say a little more.", day: "That day is over." })
      })

      test("an answer to a form is a message", async () => {
        answer = (event) => (event.kind === "submitted" ? say(message("Thanks", [text(prose`Thank you.`)])) : ask(everyField))
        await openForm()
        const outcome = await harness.vendor.submit(harness.users.first, { action: "fill", target: "form-1" }, { words: "x", choice: "a" })
        expect(outcome.said.map((seen) => seen.text)).toEqual([expect.stringContaining("Thank you.")])
      })

      test("the home view is shown", async () => {
        answer = () => home(message("Home", [text(prose`Your ${strong("own")} page.`)]))
        const outcome = await harness.vendor.openHome(harness.users.first)
        expect(outcome.home ?? outcome.said.map((seen) => seen.text).join("\n")).toContain("Your own page.")
      })

      test("in a shared place the answer is for the asker alone", async () => {
        const before = await harness.vendor.inbox(harness.users.second)
        answer = () => say(message("Private", [text(prose`Only for you.`)]))
        const outcome = await harness.vendor.command(harness.users.first, "mentee", "Ana", "shared")
        expect(outcome.said.map((seen) => seen.text)).toEqual([expect.stringContaining("Only for you.")])
        expect(await harness.vendor.inbox(harness.users.second)).toEqual(before)
      })

      test("what must come again is shown once and then refused until it is taken", async () => {
        answer = () => ({ ...say(message("Please wait", [text(prose`Call this number.`)])), again: true })
        const first = await harness.vendor.say(harness.users.first, "words that could not be kept")
        expect([first.accepted, first.said.length]).toEqual([false, 1])
        const second = await harness.vendor.redeliver()
        expect([second.accepted, second.said.length]).toEqual([false, 0])
        answer = () => quiet
        expect((await harness.vendor.redeliver()).accepted).toBe(true)
        expect(new Set(events.map(({ id }) => id)).size).toBe(1)
      })

      test("an event that the core could not take is refused, so that it comes again", async () => {
        answer = () => {
          throw new Error("the database is away")
        }
        expect((await harness.vendor.say(harness.users.first, "hello")).accepted).toBe(false)
        answer = () => quiet
        expect((await harness.vendor.redeliver()).accepted).toBe(true)
        expect(new Set(events.map(({ id }) => id)).size).toBe(1)
      })
    })

    describe("what is sent", () => {
      test("is exactly one request, and its receipt names what the person sees", async () => {
        const to = await reach()
        const before = harness.vendor.requests()
        const receipt = await harness.platform.send(to, message("Hello", [text(prose`Good morning.`)]), nextDelivery())
        expect(harness.vendor.requests() - before).toBe(1)
        expect(receipt.address.account).toEqual(account(harness.users.first))
        expect(await last(harness.users.first)).toEqual({ messageId: receipt.messageId, text: expect.stringContaining("Good morning.") })
      })

      test("every block shows its words", async () => {
        await harness.platform.send(await reach(), everyBlock, nextDelivery())
        const seen = (await last(harness.users.first)).text
        for (const words of everyBlockWords) expect(seen).toContain(words)
      })

      test.each(fullest)("the fullest $name is within the vendor's limits and whole", async ({ value, words }) => {
        const receipt = await harness.platform.send(await reach(), value, nextDelivery())
        const seen = await last(harness.users.first)
        expect(seen.messageId).toBe(receipt.messageId)
        for (const word of words) expect(seen.text).toContain(word)
      })

      test.each(hostile)("hostile words stay words: %s", async (words) => {
        const value = message("A quote", [
          text(prose`Hello ${words}!`),
          quote(words, words),
          { kind: "facts", facts: [{ label: words, value: words }] },
        ])
        await harness.platform.send(await reach(), value, nextDelivery())
        const seen = (await last(harness.users.first)).text
        expect(seen.split(words).length - 1).toBeGreaterThanOrEqual(5)
      })

      test("an address survives JSON and a restart", async () => {
        const kept = JSON.stringify(await reach())
        await harness.restart()
        const address: Address = JSON.parse(kept)
        await harness.platform.send(address, message("Hello again", [text(prose`After the restart.`)]), nextDelivery())
        expect((await last(harness.users.first)).text).toContain("After the restart.")
      })

      test("nobody can be reached who is not there", async () => {
        expect(await failureOf(harness.platform.reach(account(harness.users.nobody)))).toMatchObject({ reason: "unreachable" })
      })

      test("each failure of the vendor is told by its reason, after exactly one request", async () => {
        const to = await reach()
        for (const { name: failureName, failure } of harness.failures) {
          const before = harness.vendor.requests()
          harness.vendor.failNext(failureName)
          expect([failureName, await failureOf(harness.platform.send(to, plainMessage, nextDelivery()))]).toEqual([failureName, failure])
          expect([failureName, harness.vendor.requests() - before]).toEqual([failureName, 1])
        }
      })

      test("the listed failures cover every reason", () => {
        const reasons = new Set(harness.failures.map(({ failure }) => failure.reason))
        expect([...reasons].sort()).toEqual(["busy", "denied", "invalid", "uncertain", "unreachable"])
      })

      test("what was sent is found by its delivery, after a restart too", async () => {
        const to = await reach()
        const delivery = nextDelivery()
        const receipt = await harness.platform.send(to, plainMessage, delivery)
        await harness.restart()
        const found = await harness.platform.find(to, delivery, new Date(0))
        expect(nameOf(found)).toBe(harness.remembers ? receipt.messageId : "unknowable")
      })

      test("a cut after the vendor took it is uncertain, and found", async () => {
        const to = await reach()
        const delivery = nextDelivery()
        harness.vendor.failNext(harness.cuts.after)
        expect(await failureOf(harness.platform.send(to, plainMessage, delivery))).toMatchObject({ reason: "uncertain" })
        const found = await harness.platform.find(to, delivery, new Date(0))
        expect(nameOf(found)).toBe(harness.remembers ? (await last(harness.users.first)).messageId : "unknowable")
      })

      test("a cut before the vendor took it is uncertain, and absent", async () => {
        const to = await reach()
        const delivery = nextDelivery()
        const before = await harness.vendor.inbox(harness.users.first)
        harness.vendor.failNext(harness.cuts.before)
        expect(await failureOf(harness.platform.send(to, plainMessage, delivery))).toMatchObject({ reason: "uncertain" })
        expect(await harness.platform.find(to, delivery, new Date(0))).toBe(harness.remembers ? "absent" : "unknowable")
        expect(await harness.vendor.inbox(harness.users.first)).toEqual(before)
      })

      test("a stranger's delivery is not found", async () => {
        expect(await harness.platform.find(await reach(), nextDelivery(), new Date(0))).toBe(harness.remembers ? "absent" : "unknowable")
      })
    })

    test("everyone in the tenant is listed, and nobody of another", async () => {
      const listed: string[] = []
      for await (const profile of harness.platform.people(harness.tenant)) {
        expect(profile.account).toEqual(account(profile.account.user))
        listed.push(profile.account.user)
      }
      const { first, second } = harness.users
      expect(listed.filter((user) => !harness.listsPeople || user === first || user === second).sort()).toEqual(
        harness.listsPeople ? [first, second].sort() : [],
      )
      const others: unknown[] = []
      for await (const profile of harness.platform.people("another-tenant")) others.push(profile)
      expect(others).toEqual([])
    })

    test("one account is described alike, and nobody is not", async () => {
      const { first, nobody } = harness.users
      const listed = []
      for await (const profile of harness.platform.people(harness.tenant)) if (profile.account.user === first) listed.push(profile)
      const described = await harness.platform.profile(account(first))
      expect(described).toMatchObject({ account: account(first), guest: false })
      expect(listed).toEqual(harness.listsPeople ? [described] : [])
      expect(await harness.platform.profile(account(nobody))).toBeNull()
    })

    async function openForm(): Promise<Outcome> {
      const receipt = await harness.platform.send(
        await reach(),
        message("A form", [buttons({ action: "open", id: "row-1", label: "Open", form: true })]),
        nextDelivery(),
      )
      return harness.vendor.press(harness.users.first, receipt.messageId, { action: "open", target: "row-1", value: null })
    }
  })
}

const nameOf = (found: Found): string => (typeof found === "string" ? found : found.messageId)

const plainMessage = message("Plain", [text(prose`Plain.`)])

const select: Block = {
  kind: "select",
  action: "pick",
  id: "row-2",
  label: "Which one",
  options: [
    { value: "a", label: "Apple" },
    { value: "b", label: "Pear" },
  ],
  chosen: null,
}

const everyField: Form = form({
  action: "fill",
  id: "form-1",
  title: "Everything",
  submit: "Hand in",
  intro: [prose`One of ${strong("each")}.`],
  fields: [
    { kind: "paragraph", name: "words", label: "Some words", hint: "A few are plenty", max: 3_000 },
    { kind: "one_of", name: "choice", label: "A choice", options: select.options },
    { kind: "line", name: "line", label: "One line", optional: true, max: 100 },
    { kind: "day", name: "day", label: "A day", optional: true },
  ],
})

const everyBlock = message("Every block", [
  text(prose`A text with ${strong("emphasis")}.`),
  note(prose`A small note.`),
  quote("Words of someone", "Someone, on Monday"),
  { kind: "facts", facts: [{ label: "Advisor", value: "Avery Lindqvist" }] },
  divider,
  buttons({ action: "pick", id: "row-1", label: "Do it", style: "primary" }, { action: "pick", id: "row-2", label: "Rather not", style: "danger" }),
  select,
  {
    kind: "trend",
    of: "student",
    title: "This term",
    points: [
      { label: "1", value: 1 },
      { label: "2", value: null },
    ],
    max: 1,
    sentence: "Answered 1 of 1.",
  },
  {
    kind: "trend",
    as: "strip",
    of: "group",
    title: "By week",
    points: [
      { label: "1", value: 0.5 },
      { label: "2", value: null },
      { label: "3", value: 0 },
    ],
    max: 1,
    sentence: "Read 4 of 8.",
  },
])
const everyBlockWords = [
  "A text with",
  "emphasis",
  "A small note.",
  "Words of someone",
  "Someone, on Monday",
  "Advisor",
  "Avery Lindqvist",
  "Do it",
  "Rather not",
  "Which one",
  "This term",
  "Answered 1 of 1.",
  "By week",
  "Read 4 of 8.",
]

const long = (size: number, mark: string) => `${"word ".repeat(Math.ceil(size / 5)).slice(0, size - mark.length - 1)} ${mark}`
const times = <Made>(count: number, make: (i: number) => Made): Made[] => Array.from({ length: count }, (_, i) => make(i))

/** Each block as large as `limits` lets it be: what no vendor would take is found here. */
const fullest: readonly { name: string; value: Message; words: readonly string[] }[] = [
  { name: "text", value: message("Text", [text(prose`${long(limits.text, "END")}`)]), words: ["END"] },
  { name: "note", value: message("Note", [note(prose`${long(limits.text, "END")}`)]), words: ["END"] },
  { name: "quote", value: message("Quote", [quote(long(limits.quote, "END"), "Someone")]), words: ["END", "Someone"] },
  {
    name: "list of facts",
    value: message("Facts", [{ kind: "facts", facts: times(limits.facts, (i) => ({ label: `Fact ${i}`, value: long(limits.fact - 7, `F${i}`) })) }]),
    words: ["Fact 0", "F0", `F${limits.facts - 1}`],
  },
  {
    name: "row of buttons",
    value: message("Buttons", [
      buttons(
        ...times(limits.buttons, (i) => ({
          action: "a".repeat(limits.action),
          id: `${i}`.repeat(limits.id),
          label: long(limits.buttonLabel, `B${i}`),
        })),
      ),
    ]),
    words: ["B0", `B${limits.buttons - 1}`],
  },
  {
    name: "select",
    value: message("Select", [
      {
        kind: "select",
        action: "pick",
        id: "x".repeat(limits.id),
        label: "Who",
        options: times(limits.options, (i) => ({ value: `${i}`, label: long(limits.optionLabel, `O${i}`) })),
        chosen: null,
      },
    ]),
    words: ["Who"],
  },
  {
    name: "trend",
    value: message("Trend", [
      {
        kind: "trend",
        of: "student",
        title: "This term",
        points: times(limits.trendPoints, (i) => ({ label: `${i}`, value: i % 5 === 4 ? null : i % 3 })),
        max: 3,
        sentence: long(limits.fact, "END"),
      },
    ]),
    words: ["This term", "END"],
  },
  {
    name: "strip",
    value: message("Strip", [
      {
        kind: "trend",
        as: "strip",
        of: "group",
        title: "This year",
        points: times(limits.trendPoints, (i) => ({ label: `30 sept ${i}`, value: i % 5 === 4 ? null : 1 / (i + 1) })),
        max: 1,
        sentence: long(limits.fact, "END"),
        picture: long(limits.buttonLabel, "SHOW"),
      },
    ]),
    words: ["This year", "END"],
  },
  {
    name: "stack of blocks",
    value: message(
      "Many",
      times(limits.blocks, (i) => text(prose`Line ${i}.`)),
    ),
    words: ["Line 0.", `Line ${limits.blocks - 1}.`],
  },
  {
    name: "message",
    value: message(
      "Most",
      times(Math.floor(limits.messageChars / limits.text), (i) => text(prose`${long(limits.text, `T${i}`)}`)),
    ),
    words: ["T0", `T${Math.floor(limits.messageChars / limits.text) - 1}`],
  },
]

/** What somebody may type or be called, to be read as more than words somewhere. */
export const hostile = [
  "<!channel>",
  "<@U012AB3CD>",
  "<at>Everyone</at>",
  "<https://evil.example|Grades>",
  "[Grades](https://evil.example)",
  "**bold** _it_ ~no~ `code`",
  "<script>alert(1)</script>",
  "&lt;!here&gt; &amp;",
  "{{DATE(2026-01-01,SHORT)}}",
  "{{DATE(2026-01-01T00:00:00Z, SHORT)}}",
  "# Title",
]
