import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { buttonData, fieldInput, formData, selectInput } from "../../../adapters/teams/carried.ts"
import { receivedFrom } from "../../../adapters/teams/receive.ts"
import { deviceIn } from "../../../adapters/teams/receive-device.ts"
import type { Known, Received } from "../../../adapters/teams/reply.ts"
import { routeTo } from "../../../adapters/teams/route.ts"
import type { Body } from "../../../src/platform/body.ts"
import type { Happening } from "../../../src/platform/event.ts"

const now = new Date("2026-03-12T10:01:00Z")
const tenant = "00000000-0000-4000-8000-00000000f1c7"
const ana = "00000000-0000-4000-8000-000000000001"
const bea = "00000000-0000-4000-8000-000000000002"
const botId = "28:00000000-0000-4000-8000-00000000b071"
const serviceUrl = "https://smba.trafficmanager.net/amer/"
const own = "a:1fiction-ana"
const channel = "19:fiction@thread.tacv2;messageid=1773309500000"
const route = routeTo({ serviceUrl, conversationId: own, botId })
const nobody: Known = { direct: () => null, now }
const knows: Known = { direct: (one, user) => (one === tenant && user === ana ? route : null), now }

const bot = { id: botId, name: "Rapport" }
const person = { id: "29:1ana", name: "Ana Ruiz", aadObjectId: ana }
const activity = (over: object = {}): Body => ({
  type: "message",
  id: "1773309600000",
  timestamp: "2026-03-12T10:00:00.123Z",
  serviceUrl,
  channelId: "msteams",
  from: person,
  conversation: { id: own, conversationType: "personal", tenantId: tenant },
  recipient: bot,
  channelData: { tenant: { id: tenant } },
  ...over,
})
const said = (text: string, over: object = {}) => activity({ text, textFormat: "plain", ...over })
const inTeam = (text: string, mentions: readonly object[] = [], over: object = {}) =>
  said(`<at>Rapport</at>&nbsp;${text}`, {
    conversation: { id: channel, conversationType: "channel", isGroup: true, tenantId: tenant },
    channelData: { tenant: { id: tenant }, team: { id: "19:fiction@thread.tacv2" }, channel: { id: "19:fiction@thread.tacv2" } },
    entities: [{ type: "mention", text: "<at>Rapport</at>", mentioned: bot }, ...mentions],
    ...over,
  })
const mentionOf = (mentioned: { name: string }) => ({ type: "mention", text: `<at>${mentioned.name}</at>`, mentioned })
const update = (type: string, eventType: string, over: object = {}) => activity({ type, channelData: { eventType, tenant: { id: tenant } }, ...over })
const invoke = (name: string, value: unknown, over: object = {}) =>
  activity({ type: "invoke", name, value, id: "f:00000000-0000-4000-8000-0000000000aa", replyToId: "1773309500000", ...over })
const execute = (data: object, verb?: string) => invoke("adaptiveCard/action", { action: { type: "Action.Execute", verb, data }, trigger: "manual" })
const members = (over: object) => activity({ type: "conversationUpdate", id: "f:1", ...over })
const installation = (action: string, over: object = {}) => activity({ type: "installationUpdate", id: "f:2", action, ...over })
const query = (...parameters: object[]) =>
  invoke("composeExtension/query", { commandId: "mentee", parameters, queryOptions: { skip: 0, count: 25 } }, { replyToId: undefined })

function take(body: Body, known = nobody) {
  const received = receivedFrom(body, known)
  if (received.kind !== "event") throw new Error(received.kind === "ignored" ? `ignored: ${received.why}` : received.kind)
  return received
}
const why = (body: Body, known = nobody) => {
  const received = receivedFrom(body, known)
  return received.kind === "ignored" ? received.why : received.kind
}

/** What the port promises of an event and is not so; empty for what is ignored with a code. */
function missing(received: Received): readonly string[] {
  if (received.kind === "unknown_invoke") return []
  if (received.kind === "ignored") return /^[a-z_]+$/.test(received.why) ? [] : [received.why]
  const { event, reply } = received
  const { account } = event.from
  const again = JSON.parse(JSON.stringify(event)) as object
  const promises: Readonly<Record<string, boolean>> = {
    id: event.id !== "",
    at: !Number.isNaN(event.at.getTime()),
    account: account.platform === "teams" && [account.tenant, account.user].every((id) => /^[a-z0-9_-]+$/.test(id)),
    route: event.from.route === (reply.route ?? `user:${account.user}`),
    reply: reply.where === event.where && reply.tenant === account.tenant && reply.user === account.user,
    direct: event.where === "shared" || reply.route === routeTo(reply),
    origin: reply.origin === null || reply.origin.conversationId === reply.conversationId,
    plain: isDeepStrictEqual({ ...again, at: event.at }, event) && isDeepStrictEqual(JSON.parse(JSON.stringify(reply)), reply),
    words: wordsOf[event.kind].every((name) => typeof Reflect.get(event, name) === "string"),
    values: event.kind !== "submitted" || Object.values(event.values).every((value) => typeof value === "string"),
  }
  return Object.keys(promises).filter((name) => !promises[name])
}

const wordsOf: Readonly<Record<Happening["kind"], readonly string[]>> = {
  said: ["messageId", "text"],
  edited: ["messageId", "text"],
  deleted: ["messageId"],
  pressed: ["action", "target", "messageId"],
  submitted: ["action", "target"],
  commanded: ["command", "text"],
  opened_home: [],
  arrived: [],
  left: [],
  disconnected: [],
}

describe("whatever Teams, or somebody else, sends", () => {
  const bodies = [
    said("hello", { attachments: [{ contentType: "text/html", content: "<p>hello</p>" }], replyToId: "1" }),
    said("/away until friday"),
    inTeam("mentee <at>Bea</at>", [mentionOf({ ...person, name: "Bea" })]),
    update("messageUpdate", "editMessage", { text: "better" }),
    update("messageDelete", "softDeleteMessage"),
    activity({ value: buttonData("pick", "row-1"), replyToId: "1773309500000" }),
    execute(buttonData("pick", "row-1"), "pick"),
    invoke("task/fetch", { data: { msteams: { type: "task/fetch" }, ...buttonData("open", "row-1") }, context: { theme: "default" } }),
    invoke("task/submit", { data: { ...formData("fill", "form-1", null), [fieldInput("words")]: "a" } }),
    query({ name: "name", value: "Ana" }),
    members({ membersAdded: [bot] }),
    installation("remove"),
  ]

  test("anything at all is ignored with a code or is a complete event", () => {
    const anything = fc.oneof(
      fc.dictionary(fc.string(), fc.anything({ withNullPrototype: true, withDate: true, withBigInt: true })),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc
        .tuple(
          fc.constantFrom(...bodies),
          fc.constantFrom("text", "value", "entities", "attachments", "from", "conversation", "name", "type"),
          fc.jsonValue(),
        )
        .map(([body, name, value]) => ({ ...body, [name]: value })),
    )
    fc.assert(
      fc.property(anything, (body) => {
        expect(missing(receivedFrom(body, nobody))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test("an activity with any one member gone, emptied or of another type", () => {
    const strange: readonly unknown[] = [
      undefined,
      null,
      "",
      0,
      -1,
      1e300,
      true,
      [],
      {},
      [null],
      "x".repeat(600),
      "🎉",
      "a/b",
      { __proto__: null },
      [[]],
    ]
    const paths = (value: unknown, at: readonly string[] = []): (readonly string[])[] =>
      typeof value !== "object" || value === null ? [at] : [at, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...at, name]))]
    const changed = (value: unknown, [name, ...rest]: readonly string[], into: unknown): unknown => {
      if (name === undefined) return into
      const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
      Reflect.set(copy, name, changed(Reflect.get(copy, name), rest, into))
      return copy
    }
    const tried = bodies.flatMap((body) =>
      paths(body)
        .filter((path) => path.length > 0)
        .flatMap((path) => strange.map((into) => changed(body, path, into) as Body)),
    )
    for (const known of [nobody, knows]) expect(tried.flatMap((body) => missing(receivedFrom(body, known)))).toEqual([])
    expect(tried.length).toBeGreaterThan(2_000)
  })

  test("JSON ten thousand deep where anything is walked", () => {
    const nested = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`) as unknown
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`) as unknown
    for (const one of [nested, deep]) {
      expect(take(said("hello", { entities: one, attachments: one, channelData: one })).event).toMatchObject({ kind: "said", text: "hello" })
      expect(why(activity({ value: one }))).not.toBe("incomplete")
      expect(why(execute({ a: one }))).toBe("unknown_press")
    }
  })

  test("members of an object's prototype are no members of an activity", () => {
    expect(why(JSON.parse('{"__proto__":{"type":"message"}}') as Body)).toBe("unknown_type")
    expect(why(Object.create(said("hello")) as Body)).toBe("unknown_type")
    expect(why(activity({ type: "toString" }))).toBe("unknown_type")
    expect(why(invoke("constructor", {}))).toBe("unknown_invoke")
    expect(take(invoke("task/submit", { data: JSON.parse('{"a":"fill","f:__proto__":"x"}') as object })).event).toMatchObject({ kind: "submitted" })
  })

  test.each([
    [activity({ type: "typing" }), "typing"],
    [activity({ type: "messageReaction", reactionsAdded: [{ type: "like" }] }), "reaction"],
    [activity({ type: "event", name: "application/vnd.microsoft.readReceipt" }), "other_event"],
    [activity({ type: "endOfConversation" }), "unknown_type"],
    [activity({ type: undefined }), "unknown_type"],
    [said("hi", { from: { id: "29:1ana" } }), "no_account"],
    [said("hi", { from: { ...person, aadObjectId: "a b" } }), "no_account"],
    [said("hi", { from: bot }), "own_message"],
    [said("hi", { from: { ...person, id: "28:another" } }), "own_message"],
    [said("hi", { from: { ...person, role: "bot" } }), "own_message"],
    [said("hi", { from: { ...person, id: "local-bot" }, recipient: { id: "local-bot" } }), "own_message"],
    [said("hi", { conversation: { id: own, conversationType: "personal" }, channelData: {} }), "incomplete"],
    [said("hi", { id: undefined }), "incomplete"],
    [said("hi", { recipient: undefined }), "incomplete"],
    [update("messageUpdate", "somethingElse"), "other_change"],
    [execute({ t: "row" }), "unknown_press"],
    [invoke("task/fetch", { data: {} }), "unknown_press"],
    [invoke("task/submit", {}), "unknown_form"],
    [invoke("task/fetch", {}, { from: { id: "29:1" } }), "no_account"],
    [invoke("task/fetch", {}, { id: undefined }), "incomplete"],
    [activity({ value: { other: 1 } }), "unknown_press"],
    [members({ channelData: { eventType: "channelCreated", tenant: { id: tenant } } }), "other_update"],
    [installation("somethingElse"), "unknown_installation"],
  ])("%# is not heard: %s", (body, code) => expect(why(body as Body)).toBe(code))

  test.each([
    "composeExtension/submitAction",
    "composeExtension/fetchTask",
    "signin/verifyState",
    "config/fetch",
    "message/submitAction",
    "application/search",
    "",
  ])("the invoke %j is unknown", (name) => expect(receivedFrom(invoke(name, {}), nobody)).toEqual({ kind: "unknown_invoke" }))
})

describe("a message", () => {
  test("is said in the personal conversation, and its answer goes there", () => {
    expect(take(said("hello"))).toEqual({
      kind: "event",
      event: {
        id: `${own}/1773309600000`,
        at: new Date("2026-03-12T10:00:00.123Z"),
        from: { account: { platform: "teams", tenant, user: ana }, route },
        where: "direct",
        kind: "said",
        messageId: `${own}/1773309600000`,
        text: "hello",
      },
      reply: {
        tenant,
        user: ana,
        route,
        serviceUrl,
        botId,
        conversationId: own,
        activityId: "1773309600000",
        as: "message",
        origin: null,
        where: "direct",
        typed: "hello",
      },
    })
  })

  test("keeps tenant and account in small letters, wherever Teams says the tenant", () => {
    const shouted = said("hi", {
      from: { ...person, aadObjectId: ana.toUpperCase() },
      conversation: { id: own, conversationType: "personal", tenantId: tenant.toUpperCase() },
    })
    expect(take(shouted).event.from.account).toEqual({ platform: "teams", tenant, user: ana })
    expect(take(said("hi", { conversation: { id: own, conversationType: "personal" } })).reply.tenant).toBe(tenant)
  })

  test("of two people in one millisecond is two events", () => {
    const other = said("hello", {
      from: { ...person, aadObjectId: bea },
      conversation: { id: "a:1fiction-bea", conversationType: "personal", tenantId: tenant },
    })
    expect(take(other).event.id).not.toBe(take(said("hello")).event.id)
  })

  test("sent again is the same event", () => expect(take(said("hello")).event).toEqual(take(said("hello", { localTimestamp: "later" })).event))

  test("by a new address is answered at the new address", () => {
    const moved = said("hi", { serviceUrl: "https://smba.trafficmanager.net/emea/" })
    expect(take(moved, knows).reply.route).toBe(routeTo({ serviceUrl: "https://smba.trafficmanager.net/emea/", conversationId: own, botId }))
  })

  test.each([
    [{ replyToId: "1773300000000" }],
    [{ entities: [{ type: "quotedReply", quotedReply: { messageId: "1773300000000" } }] }],
    [
      {
        attachments: [
          {
            contentType: "text/html",
            content: '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1773300000000">x</blockquote><p>hi</p>',
          },
        ],
      },
    ],
  ])("says what it replies to: %j", (over) => {
    expect(take(said("hi", over)).event).toMatchObject({ text: "hi", inReplyTo: `${own}/1773300000000` })
  })

  test("without a time is of now, and one without words is said all the same", () => {
    expect(take(said("hi", { timestamp: undefined })).event.at).toEqual(now)
    expect(take(said("hi", { timestamp: "yesterday" })).event.at).toEqual(now)
    expect(take(said("", { attachments: [{ contentType: "image/png" }] })).event).toMatchObject({ kind: "said", text: "" })
    expect(take(activity()).event).toMatchObject({ kind: "said", text: "" })
  })

  test("between two people is not direct, whatever Teams calls it", () => {
    const between = { id: "19:x_y@unq.gbl.spaces", conversationType: "personal", tenantId: tenant }
    expect(why(said("hi", { conversation: between }))).toBe("not_addressed")
    expect(take(said("hi", { conversation: { id: own, tenantId: tenant } })).event.where).toBe("direct")
    expect(why(said("hi", { conversation: { id: channel, tenantId: tenant } }))).toBe("not_addressed")
  })
})

describe("a change", () => {
  const messageId = `${own}/1773309600000`

  test.each(["editMessage", "undeleteMessage"])("by %s is edited, with the words that it has now", (eventType) => {
    expect(take(update("messageUpdate", eventType, { text: "better &amp; longer" }))).toMatchObject({
      event: { id: `edited/${messageId}/2026-03-12T10:00:00.123Z`, kind: "edited", messageId, text: "better & longer", where: "direct" },
      reply: { as: "message", typed: "better & longer" },
    })
  })

  test("taken back is deleted", () => {
    const { event } = take(update("messageDelete", "softDeleteMessage"))
    expect(event).toMatchObject({ id: `deleted/${messageId}/2026-03-12T10:00:00.123Z`, kind: "deleted", messageId })
    expect(event).not.toHaveProperty("text")
  })

  test("after a change is another event, the same one sent again is not", () => {
    const edit = (timestamp: string) => take(update("messageUpdate", "editMessage", { text: "x", timestamp })).event.id
    expect(edit("2026-03-12T10:00:01.000Z")).not.toBe(edit("2026-03-12T10:00:02.000Z"))
    expect(edit("2026-03-12T10:00:01.000Z")).toBe(edit("2026-03-12T10:00:01.000Z"))
    const untimed = update("messageUpdate", "editMessage", { text: "x", timestamp: undefined })
    expect(receivedFrom(untimed, nobody)).toMatchObject({ event: { id: `edited/${messageId}` } })
  })
})

describe("a command", () => {
  test.each([
    ["/help", "help", ""],
    ["/away until 2026-03-20", "away", "until 2026-03-20"],
    ["/Reflexión  hoy\nsí", "Reflexión", "hoy\nsí"],
    ["&nbsp;/mentee Ana", "mentee", "Ana"],
  ])("%j typed in the personal conversation", (typed, command, text) => {
    expect(take(said(typed))).toMatchObject({ event: { kind: "commanded", command, text, where: "direct" }, reply: { as: "message", origin: null } })
  })

  test.each(["help", "home", "inicio", "/", "/ help", "1/2", "Home"])("%j without a slash before a word is said", (typed) => {
    expect(take(said(typed)).event).toMatchObject({ kind: "said", text: typed })
  })

  test.each(["/home", "/inicio", "/HOME"])("%s opens the home", (typed) => {
    expect(take(said(typed)).event).toMatchObject({ kind: "opened_home", where: "direct" })
  })

  test("carries what was typed, for a button in its stead", () => expect(take(said("/away today")).reply.typed).toBe("/away today"))

  test("in a team reaches the bot by its mention, and is answered in the personal conversation", () => {
    expect(take(inTeam("/mentee Ana"), knows)).toMatchObject({
      event: { kind: "commanded", command: "mentee", text: "Ana", where: "shared", from: { route } },
      reply: { where: "shared", route, conversationId: channel, activityId: "1773309600000" },
    })
    expect(take(inTeam("help")).event).toMatchObject({ kind: "said", text: "help", where: "shared", from: { route: `user:${ana}` } })
    expect(take(inTeam("help")).reply.route).toBeNull()
    expect(take(inTeam("/home")).event).toMatchObject({ kind: "commanded", command: "home" })
  })

  test("that mentions somebody in a team is about them, without their mention", () => {
    const named = mentionOf({ ...person, id: "29:1bea", name: "Bea Lee", aadObjectId: bea } as { name: string })
    const about = { platform: "teams", tenant, user: bea }
    expect(take(inTeam("mentee <at>Bea Lee</at>", [named])).event).toMatchObject({ kind: "commanded", command: "mentee", text: "", about })
    expect(take(inTeam("/mentee <at>Bea Lee</at> now", [named])).event).toMatchObject({ kind: "commanded", command: "mentee", text: "now", about })
    const unknown = mentionOf({ name: "Bea Lee" })
    const { event } = take(inTeam("mentee <at>Bea Lee</at>", [unknown]))
    expect(event).toMatchObject({ kind: "commanded", command: "mentee", text: "Bea Lee" })
    expect(event).not.toHaveProperty("about")
    expect(take(inTeam("<at>Bea Lee</at>", [named])).event).toMatchObject({ kind: "said", text: "Bea Lee" })
  })

  test("that nobody addressed to the bot is not heard", () => {
    expect(why(inTeam("help", [], { entities: [] }))).toBe("not_addressed")
    expect(why(inTeam("help", [], { entities: [mentionOf({ ...person, name: "Rapport" })] }))).toBe("not_addressed")
  })
})

describe("a press", () => {
  const pressed = { kind: "pressed", action: "pick", target: "row-1", value: null, messageId: `${own}/1773309500000`, where: "direct" }
  const origin = { conversationId: own, activityId: "1773309500000" }

  test("by Action.Execute carries its action, its one id and its message", () => {
    expect(take(execute(buttonData("pick", "row-1"), "pick"))).toMatchObject({
      event: { id: `${own}/f:00000000-0000-4000-8000-0000000000aa`, ...pressed },
      reply: { as: "execute", origin, typed: null },
    })
    expect(take(execute({ t: "row-1" }, "pick")).event).toMatchObject(pressed)
    expect(take(execute(buttonData("pick", ""), "pick")).event).toMatchObject({ target: "" })
  })

  test("by Action.Submit comes as a message without words", () => {
    const submit = activity({ value: buttonData("pick", "row-1"), replyToId: "1773309500000" })
    expect(take(submit)).toMatchObject({ event: { id: `${own}/1773309600000`, ...pressed }, reply: { as: "submit_action", origin } })
    expect(take(activity({ value: buttonData("pick", "row-1") }))).toMatchObject({
      event: { messageId: `${own}/1773309600000` },
      reply: { origin: null },
    })
    expect(take(said("my words", { value: buttonData("pick", "row-1") })).event).toMatchObject({ kind: "said", text: "my words" })
  })

  test("of a list carries what was chosen in that list, or null", () => {
    const chosen = (over: object) =>
      take(execute({ ...buttonData("pick", "row-1", selectInput(3)), [selectInput(1)]: "other", ...over }, "pick")).event
    expect(chosen({ [selectInput(3)]: "b" })).toMatchObject({ ...pressed, value: "b" })
    expect(chosen({ [selectInput(3)]: "" })).toMatchObject({ value: null })
    expect(chosen({})).toMatchObject({ value: null })
    expect(take(execute({ a: "pick", t: "row-1", v: "c" })).event).toMatchObject({ value: "c" })
  })

  test("that asks for a dialog is a press", () => {
    const data = { type: "task/fetch", ...buttonData("pick", "row-1") }
    expect(take(invoke("task/fetch", { data, context: { theme: "dark" } }))).toMatchObject({ event: pressed, reply: { as: "task_fetch", origin } })
  })
})

describe("a form handed in", () => {
  const submit = (over: object, more: object = {}) =>
    invoke("task/submit", { data: { ...formData("fill", "form-1", null), ...over }, context: {} }, more)

  test("carries its values by the names of its fields; what is empty is absent", () => {
    const typed = {
      [fieldInput("words")]: " two\nlines ",
      [fieldInput("day")]: "2026-03-20",
      [fieldInput("who")]: "",
      [fieldInput("a")]: "b",
      x: "y",
    }
    expect(take(submit(typed))).toMatchObject({
      event: { kind: "submitted", action: "fill", target: "form-1", where: "direct" },
      reply: { as: "task_submit", origin: { conversationId: own, activityId: "1773309500000" } },
    })
    expect(take(submit(typed)).event).toHaveProperty("values", { words: " two\nlines ", day: "2026-03-20", a: "b" })
    expect(take(submit({ [fieldInput("n")]: 7, [fieldInput("l")]: ["x"] })).event).toHaveProperty("values", {})
  })

  test("says which message it came from, in this conversation and no other", () => {
    const origin = { conversationId: own, activityId: "1773309400000" }
    const data = { data: { ...formData("fill", "form-1", origin), [fieldInput("words")]: "a" } }
    expect(take(invoke("task/submit", data, { replyToId: undefined })).reply.origin).toEqual(origin)
    expect(take(submit({}, { replyToId: undefined })).reply.origin).toBeNull()
    expect(take(submit({ o: "a:other/1773309400000" }, { replyToId: undefined })).reply.origin).toBeNull()
  })
})

describe("a look-up from the message extension", () => {
  test("is the command mentee, and never direct", () => {
    expect(take(query({ name: "name", value: "  Ana R&amp;D " }), knows)).toMatchObject({
      event: { kind: "commanded", command: "mentee", text: "Ana R&D", where: "shared", from: { route } },
      reply: { as: "query", where: "shared", route, origin: null },
    })
    const elsewhere = { conversation: { id: "19:x_y@unq.gbl.spaces", conversationType: "personal", tenantId: tenant } }
    expect(take({ ...query({ name: "name", value: "Ana" }), ...elsewhere }).event).toMatchObject({ from: { route: `user:${ana}` } })
  })

  test("that has only just opened asks for nobody yet", () => {
    expect(take(query({ name: "initialRun", value: "true" })).event).toMatchObject({ command: "mentee", text: "" })
    expect(take(query()).event).toMatchObject({ command: "mentee", text: "" })
  })
})

describe("coming and going", () => {
  const direct = { tenant, user: ana, route }
  const inChannel = { conversation: { id: channel, conversationType: "channel", tenantId: tenant } }

  test("the bot added to a personal conversation is an arrival, told once", () => {
    const arrived = members({ membersAdded: [bot] })
    expect(take(arrived).event).toMatchObject({ id: `arrived/${own}/2026-03-12T10:00:00.123Z`, kind: "arrived", where: "direct", from: { route } })
    expect(take(installation("add")).event).toMatchObject({ id: `arrived/${own}/2026-03-12T10:00:00.123Z`, kind: "arrived", from: { route } })
    const here = { direct: () => route, now: nobody.now }
    for (const again of [arrived, installation("add")]) expect(receivedFrom(again, here)).toEqual({ kind: "ignored", why: "told_before", direct })
    expect(receivedFrom(installation("add-upgrade"), nobody)).toEqual({ kind: "ignored", why: "upgraded", direct })
    expect(take(members({ membersAdded: [bot], timestamp: undefined })).event.id).toBe(`arrived/${own}/f:1`)
    expect(why(members({ membersAdded: [bot], timestamp: undefined, id: undefined }))).toBe("incomplete")
  })

  test("installed by somebody else it is of the person who is there, not of who installed it", () => {
    const byAdmin = members({ from: { ...person, aadObjectId: bea }, membersAdded: [{ id: "29:1ana", aadObjectId: ana }, bot] })
    expect(take(byAdmin).event.from.account.user).toBe(ana)
    expect(take(members({ from: bot, membersAdded: [bot, { id: "29:1ana", aadObjectId: ana }] })).event.from.account.user).toBe(ana)
    expect(why(members({ from: bot, membersAdded: [bot] }))).toBe("no_account")
  })

  test("by somebody who has a conversation of their own, and with nobody named, it is for somebody else", () => {
    const elsewhere = {
      direct: () => routeTo({ serviceUrl: "https://smba.trafficmanager.net/emea/", conversationId: "a:admin", botId: bot.id }),
      now: nobody.now,
    }
    for (const byAdmin of [installation("add"), installation("remove"), members({ membersAdded: [bot] })])
      expect(receivedFrom(byAdmin, elsewhere)).toEqual({ kind: "ignored", why: "of_another" })
    expect(receivedFrom(members({ membersAdded: [person, bot] }), elsewhere)).toMatchObject({ event: { kind: "arrived", from: { route } } })
    const moved = {
      direct: () => routeTo({ serviceUrl: "https://smba.trafficmanager.net/emea/", conversationId: own, botId: bot.id }),
      now: nobody.now,
    }
    expect(receivedFrom(installation("remove"), moved)).toMatchObject({ event: { kind: "left" } })
  })

  test("removed it is left, told once", () => {
    expect(take(installation("remove")).event).toMatchObject({ id: `left/${own}/2026-03-12T10:00:00.123Z`, kind: "left", where: "direct" })
    expect(receivedFrom(members({ membersRemoved: [bot] }), nobody)).toEqual({ kind: "ignored", why: "told_by_installation" })
    expect(why(installation("remove-upgrade"))).toBe("upgraded")
  })

  test("people in a personal conversation are nothing new", () => {
    expect(receivedFrom(members({ membersAdded: [person] }), nobody)).toEqual({ kind: "ignored", why: "members", direct })
  })

  test.each([
    [members({ ...inChannel, membersAdded: [bot] }), "members_of_team"],
    [members({ ...inChannel, membersRemoved: [person] }), "members_of_team"],
    [
      members({ conversation: { id: "19:x@thread.v2", conversationType: "groupChat", tenantId: tenant }, membersAdded: [bot, person] }),
      "members_of_team",
    ],
    [installation("add", inChannel), "installed_in_team"],
    [installation("remove", inChannel), "installed_in_team"],
  ])("%# in a team is nobody's: %s", (body, code) => expect(receivedFrom(body as Body, nobody)).toEqual({ kind: "ignored", why: code }))
})

describe("a device", () => {
  const client = { type: "clientInfo", locale: "es-MX", country: "MX", platform: "iOS", timezone: "America/Mexico_City" }

  test("says its zone and its language", () => {
    expect(deviceIn(said("hi", { locale: "en-US", localTimezone: "America/New_York", entities: [{ type: "mention" }, client] }))).toEqual({
      zone: "America/Mexico_City",
      language: "es-MX",
    })
    expect(deviceIn(said("hi", { locale: "en-US", localTimezone: "America/New_York" }))).toEqual({ zone: "America/New_York", language: "en-US" })
    expect(deviceIn(said("hi"))).toEqual({ zone: null, language: null })
  })

  test.each(["", "../etc/passwd", "x".repeat(200), "America/New York", "<b>"])("does not say %j", (strange) => {
    expect(deviceIn(said("hi", { locale: strange, entities: [{ ...client, locale: strange, timezone: strange }] }))).toEqual({
      zone: null,
      language: null,
    })
  })
})
