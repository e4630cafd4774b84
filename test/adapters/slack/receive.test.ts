import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { receivedFrom } from "../../../adapters/slack/receive.ts"
import type { Known, Received } from "../../../adapters/slack/reply.ts"
import type { Happening } from "../../../src/platform/event.ts"

const now = new Date("2026-03-12T10:00:00Z")
const nobody: Known = { dmOf: () => null, now }
const knows = (channel: string): Known => ({ dmOf: (tenant, user) => (tenant === "T0FICTION" && user === "U0FICTION1" ? channel : null), now })

const bot = { enterprise_id: null, team_id: "T0FICTION", user_id: "U0FICTBOT", is_bot: true, is_enterprise_install: false }
const envelope = (event: object, over: object = {}) => ({
  type: "event_callback",
  team_id: "T0FICTION",
  api_app_id: "A0FICTION",
  event_id: "Ev0FICTION1",
  event_time: 1_773_309_600,
  authorizations: [bot],
  event,
  ...over,
})
const message = (over: object = {}) => ({
  type: "message",
  channel: "D0FICTION1",
  channel_type: "im",
  user: "U0FICTION1",
  text: "hello",
  ts: "1773309600.000100",
  ...over,
})
const press = (over: object = {}, action: object = {}) => ({
  type: "block_actions",
  team: { id: "T0FICTION", domain: "larkspur" },
  user: { id: "U0FICTION1", username: "ana", team_id: "T0FICTION" },
  trigger_id: "111.222.abc",
  container: { type: "message", channel_id: "D0FICTION1", message_ts: "1773309600.000100", is_ephemeral: false },
  response_url: "https://hooks.slack.example/actions/T0FICTION/1/abc",
  actions: [{ type: "button", action_id: "pick#0", block_id: "b", value: "row-1", action_ts: "1773309601.5", ...action }],
  ...over,
})
const command = (over: object = {}) => ({
  command: "/mentee",
  text: "Ana",
  team_id: "T0FICTION",
  user_id: "U0FICTION1",
  channel_id: "C0FICTION1",
  trigger_id: "111.222.abc",
  response_url: "https://hooks.slack.example/commands/T0FICTION/1/abc",
  is_enterprise_install: "false",
  ...over,
})
const submission = (over: object = {}, view: object = {}) => ({
  type: "view_submission",
  team: { id: "T0FICTION" },
  user: { id: "U0FICTION1" },
  trigger_id: "111.222.abc",
  view: {
    id: "V0FICTION1",
    type: "modal",
    callback_id: "fill",
    private_metadata: JSON.stringify({ id: "form-1", where: "direct", channel: "D0FICTION1", thread: null, origin: null }),
    state: { values: { words: { value: { type: "plain_text_input", value: "a" } } } },
    ...view,
  },
  ...over,
})

function eventOf(received: Received) {
  if (received.kind !== "event") throw new Error(received.kind === "ignored" ? `ignored: ${received.why}` : "a picture's press")
  return received
}
const take = (body: unknown, known = nobody) => eventOf(receivedFrom(body, known))
const why = (body: unknown, known = nobody) => {
  const received = receivedFrom(body, known)
  return received.kind === "ignored" ? received.why : "taken"
}

/** What the port promises of an event and is not so; empty for what is ignored with a code. */
function missing(received: Received): readonly string[] {
  if (received.kind === "ignored") return /^[a-z_]+$/.test(received.why) ? [] : [received.why]
  if (received.kind === "picture") return isDeepStrictEqual(JSON.parse(JSON.stringify(received)), received) ? [] : ["plain"]
  const { event, reply } = received
  const { account, route } = event.from
  const again = JSON.parse(JSON.stringify(event)) as object
  const promises: Readonly<Record<string, boolean>> = {
    id: typeof event.id === "string" && event.id !== "",
    at: !Number.isNaN(event.at.getTime()),
    account: account.platform === "slack" && /^[\w.-]+$/.test(account.tenant) && (account.user !== "" || event.kind === "disconnected"),
    route: route !== "",
    reply: reply.where === event.where && reply.tenant === account.tenant && reply.user === account.user,
    plain: isDeepStrictEqual({ ...again, at: event.at }, event) && isDeepStrictEqual(JSON.parse(JSON.stringify(reply)), reply),
    words: wordsOf[event.kind].every((name) => typeof Reflect.get(event, name) === "string"),
    values: event.kind !== "submitted" || Object.values(event.values).every((value) => typeof value === "string"),
    workspace: event.kind !== "disconnected" || event.workspace.tenant === reply.tenant,
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

describe("whatever Slack, or somebody else, sends", () => {
  const bodies = [
    envelope(message()),
    envelope(message({ subtype: "message_changed", message: message(), previous_message: message({ text: "before" }) })),
    envelope(message({ subtype: "message_deleted", deleted_ts: "1.2", previous_message: message() })),
    envelope({ type: "app_home_opened", user: "U0FICTION1", channel: "D0FICTION1", tab: "home" }),
    envelope({ type: "team_join", user: { id: "U0FICTION1" } }),
    envelope({ type: "user_change", user: { id: "U0FICTION1", deleted: true } }),
    envelope({ type: "tokens_revoked", tokens: { bot: ["U0FICTBOT"] } }),
    press(),
    press({}, { type: "static_select", selected_option: { value: "b" } }),
    command(),
    submission(),
  ]

  test("anything at all is ignored with a code or is a complete event", () => {
    const anything = fc.anything({ withNullPrototype: true, withDate: true, withBigInt: true, withMap: true })
    fc.assert(
      fc.property(fc.oneof(anything, fc.jsonValue()), (body) => {
        expect(missing(receivedFrom(body, nobody))).toEqual([])
      }),
    )
  })

  test("a payload with any one member gone, emptied or of another type", () => {
    const strange: readonly unknown[] = [
      undefined,
      null,
      "",
      0,
      -1,
      1e300,
      Number.NaN,
      true,
      [],
      {},
      [null],
      "x".repeat(300),
      "🎉",
      { __proto__: null },
      [[]],
    ]
    const paths = (value: unknown, at: readonly string[] = []): (readonly string[])[] =>
      typeof value !== "object" || value === null ? [at] : [at, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...at, name]))]
    const changed = (value: unknown, [name, ...rest]: readonly string[], into: unknown): unknown => {
      if (name === undefined) return into
      const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) }
      Reflect.set(copy, name, changed(Reflect.get(copy, name), rest, into))
      return copy
    }
    const tried = bodies.flatMap((body) => paths(body).flatMap((path) => strange.map((into) => changed(body, path, into))))
    expect(tried.flatMap((body) => missing(receivedFrom(body, knows("D0FICTION1"))))).toEqual([])
    expect(tried.length).toBeGreaterThan(2_000)
  })

  test("JSON ten thousand deep, in every place where depth is walked", () => {
    const deep = JSON.parse(`${'{"elements":['.repeat(10_000)}1${"]}".repeat(10_000)}`) as unknown
    const nested = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`) as unknown
    for (const one of [deep, nested]) {
      expect(why(one)).not.toBe("taken")
      expect(take(envelope(message({ blocks: [one] }))).event).toMatchObject({ kind: "said", text: "hello" })
      expect(take(submission({}, { state: { values: { words: { value: one } } } })).event).toMatchObject({ values: {} })
      expect(why(envelope(one as object))).not.toBe("taken")
      expect(why(press({ actions: one }))).toBe("incomplete")
    }
  })

  test("members of an object's prototype are no members of a payload", () => {
    expect(why(JSON.parse('{"__proto__":{"type":"event_callback"}}'))).toBe("unknown_type")
    expect(why(Object.create(envelope(message())))).toBe("unknown_type")
    expect(why({ type: "constructor" })).toBe("unknown_type")
    expect(why(envelope({ type: "toString" }))).toBe("unknown_type")
  })

  test.each([null, undefined, "", 7, [], [1], true])("%o is no payload", (body) => {
    expect(why(body)).toBe("no_payload")
  })

  test("ssl_check never acts, whatever stands beside it", () => {
    expect(why({ ssl_check: "1", token: "x" })).toBe("ssl_check")
    for (const body of bodies) for (const ssl of ["1", 1, true, "true", ["1", "1"], "0"]) expect(why({ ...body, ssl_check: ssl })).toBe("ssl_check")
  })

  test.each(["view_closed", "shortcut", "message_action", "block_suggestion", "url_verification", "app_rate_limited", "x"])(
    "a payload of type %s is unknown",
    (type) => {
      expect(why({ ...command(), type })).toBe("unknown_type")
    },
  )
})

describe("a message", () => {
  test("is said in the bot's own direct conversation, and its answer goes there", () => {
    expect(take(envelope(message()))).toEqual({
      kind: "event",
      event: {
        id: "Ev0FICTION1",
        at: new Date("2026-03-12T10:00:00Z"),
        from: { account: { platform: "slack", tenant: "T0FICTION", user: "U0FICTION1" }, route: "D0FICTION1" },
        where: "direct",
        kind: "said",
        messageId: "D0FICTION1/1773309600.000100",
        text: "hello",
      },
      reply: {
        tenant: "T0FICTION",
        user: "U0FICTION1",
        channel: "D0FICTION1",
        thread: null,
        triggerId: null,
        responseUrl: null,
        origin: null,
        submission: false,
        where: "direct",
        typed: "hello",
      },
    })
  })

  test("in a thread names what it replies to, and is answered there; the thread's first message does not", () => {
    const { event, reply } = take(envelope(message({ thread_ts: "1773300000.000100" })))
    expect(event).toMatchObject({ inReplyTo: "D0FICTION1/1773300000.000100" })
    expect(reply.thread).toBe("1773300000.000100")
    const first = take(envelope(message({ thread_ts: "1773309600.000100" })))
    expect(first.event).not.toHaveProperty("inReplyTo")
    expect(first.reply.thread).toBeNull()
  })

  test.each(["file_share", "thread_broadcast", "me_message"])("of subtype %s is said", (subtype) => {
    expect(take(envelope(message({ subtype }))).event).toMatchObject({ kind: "said", text: "hello" })
  })

  test("without words is said all the same", () => {
    expect(take(envelope(message({ subtype: "file_share", text: "" }))).event).toMatchObject({ kind: "said", text: "" })
    expect(take(envelope(message({ text: undefined }))).event).toMatchObject({ kind: "said", text: "" })
  })

  test.each([
    [{ channel_type: "channel", channel: "C0FICTION1" }, "not_direct"],
    [{ channel_type: "mpim" }, "not_direct"],
    [{ channel_type: undefined }, "not_direct"],
    [{ user: "U0FICTBOT" }, "own_message"],
    [{ bot_id: "B0FICTION1", app_id: "A0FICTION" }, "own_message"],
    [{ bot_id: "B0FICTION2", app_id: "A0OTHERAPP" }, "other_bot"],
    [{ bot_profile: { id: "B0FICTION2" } }, "other_bot"],
    [{ subtype: "bot_message", user: undefined }, "other_bot"],
    [{ user: "USLACKBOT" }, "other_bot"],
    [{ user: undefined }, "incomplete"],
    [{ ts: undefined }, "incomplete"],
    [{ channel: undefined }, "incomplete"],
    [{ subtype: "channel_join" }, "other_subtype"],
    [{ subtype: "message_replied" }, "other_subtype"],
    [{ subtype: "message_changed" }, "incomplete"],
    [{ subtype: "message_deleted" }, "incomplete"],
  ])("%o is not heard: %s", (over, code) => {
    expect(why(envelope(message(over)))).toBe(code)
  })

  test("of an event without an id or a workspace is not heard", () => {
    expect(why(envelope(message(), { event_id: undefined }))).toBe("incomplete")
    expect(why(envelope(message(), { event_id: "" }))).toBe("incomplete")
    expect(why(envelope(message(), { team_id: undefined, authorizations: [] }))).toBe("incomplete")
    expect(why(envelope(message(), { event: null }))).toBe("incomplete")
  })

  test("belongs to the workspace where the app is installed, never to an organisation", () => {
    const tenant = (over: object) => take(envelope(message(), over)).reply.tenant
    expect(tenant({ team_id: "T0ELSEWHERE" })).toBe("T0FICTION")
    expect(tenant({ authorizations: undefined })).toBe("T0FICTION")
    expect(tenant({ enterprise_id: "E0FICTION" })).toBe("T0FICTION")
    const whole = { ...bot, team_id: null, enterprise_id: "E0FICTION", is_enterprise_install: true }
    expect(tenant({ enterprise_id: "E0FICTION", authorizations: [whole] })).toBe("T0FICTION")
    expect(why(envelope(message(), { team_id: null, enterprise_id: "E0FICTION", authorizations: [whole] }))).toBe("incomplete")
  })

  test.each([undefined, null, "soon", 0, -5, 1e15, Number.NaN])("at the time %s is of now", (event_time) => {
    expect(take(envelope(message(), { event_time })).event.at).toEqual(now)
  })

  test("changed is edited only where the words changed", () => {
    const change = (after: object, before: object | undefined) =>
      envelope(
        message({ subtype: "message_changed", user: undefined, ts: "9.9", message: message(after), previous_message: before && message(before) }),
      )
    expect(take(change({ text: "better &amp; longer" }, {})).event).toMatchObject({
      kind: "edited",
      messageId: "D0FICTION1/1773309600.000100",
      text: "better & longer",
    })
    expect(take(change({}, undefined)).event).toMatchObject({ kind: "edited", text: "hello" })
    expect(why(change({ attachments: [{ title: "Unfurled" }] }, {}))).toBe("same_words")
    expect(why(change({ bot_id: "B1", text: "x" }, {}))).toBe("other_bot")
    expect(why(change({ user: "U0FICTBOT", text: "x" }, {}))).toBe("own_message")
  })

  test("deleted is told by who wrote it, also where a thread keeps its place", () => {
    const deleted = { kind: "deleted", messageId: "D0FICTION1/1773309600.000100" }
    const gone = { subtype: "message_deleted", user: undefined, ts: "9.9", deleted_ts: "1773309600.000100" }
    expect(take(envelope(message({ ...gone, previous_message: message() }))).event).toMatchObject(deleted)
    const stone = { subtype: "tombstone", user: "USLACKBOT", text: "This message was deleted." }
    expect(take(envelope(message({ subtype: "message_changed", message: message(stone), previous_message: message() }))).event).toMatchObject(deleted)
    expect(why(envelope(message({ ...gone, previous_message: message({ bot_id: "B1", app_id: "A0FICTION" }) })))).toBe("own_message")
  })
})

describe("people who come and go", () => {
  test("a home that opens is answered by its view, in a conversation that is then known", () => {
    const { event, reply } = take(envelope({ type: "app_home_opened", user: "U0FICTION1", channel: "D0FICTION1", tab: "home" }))
    expect(event).toMatchObject({ kind: "opened_home", where: "direct", from: { route: "D0FICTION1" } })
    expect(reply).toMatchObject({ channel: "D0FICTION1", origin: { kind: "home" } })
  })

  test("the messages tab says nothing but which conversation is the bot's own", () => {
    const opened = { type: "app_home_opened", user: "U0FICTION1", channel: "D0FICTION1", tab: "messages" }
    expect(receivedFrom(envelope(opened), nobody)).toEqual({
      kind: "ignored",
      why: "messages_tab",
      direct: { tenant: "T0FICTION", user: "U0FICTION1", channel: "D0FICTION1" },
    })
    expect(receivedFrom(envelope({ ...opened, channel: undefined }), nobody)).toEqual({ kind: "ignored", why: "messages_tab" })
  })

  test("arriving and leaving are of people, at the conversation that is known of them", () => {
    const join = (user: object) => envelope({ type: "team_join", user: { id: "U0FICTION1", ...user } })
    const change = (user: object) => envelope({ type: "user_change", user: { id: "U0FICTION1", ...user } })
    expect(take(join({})).event).toMatchObject({ kind: "arrived", from: { route: "user:U0FICTION1" } })
    expect(take(join({}), knows("D0FICTION1"))).toMatchObject({ event: { from: { route: "D0FICTION1" } }, reply: { channel: "D0FICTION1" } })
    expect(take(change({ deleted: true })).event).toMatchObject({ kind: "left" })
    expect(why(change({ deleted: false }))).toBe("profile_changed")
    for (const robot of [{ is_bot: true }, { is_workflow_bot: true }, { id: "USLACKBOT" }]) {
      expect(why(join(robot))).toBe("other_bot")
      expect(why(change({ ...robot, deleted: true }))).toBe("other_bot")
    }
    expect(why(join({ id: undefined }))).toBe("incomplete")
  })

  test("a removed app is the whole workspace's, one person's revoked token is nobody's", () => {
    const removed = { kind: "disconnected", workspace: { platform: "slack", tenant: "T0FICTION" } }
    expect(take(envelope({ type: "app_uninstalled" }, { authorizations: undefined })).event).toMatchObject(removed)
    expect(take(envelope({ type: "tokens_revoked", tokens: { bot: ["U0FICTBOT"] } })).event).toMatchObject(removed)
    expect(why(envelope({ type: "tokens_revoked", tokens: { oauth: ["U0FICTION1"], bot: [] } }))).toBe("user_tokens_revoked")
    expect(why(envelope({ type: "tokens_revoked" }))).toBe("user_tokens_revoked")
    const organisation = { enterprise_id: "E0FICTION", team_id: null, authorizations: [], is_enterprise_install: true }
    expect(why(envelope({ type: "app_uninstalled" }, organisation))).toBe("incomplete")
  })
})

describe("a press", () => {
  test("carries its action, its one id and its message, and may open a form or change what was pressed", () => {
    const { event, reply } = take(press())
    expect(event).toEqual({
      id: "111.222.abc",
      at: new Date(1_773_309_601_500),
      from: { account: { platform: "slack", tenant: "T0FICTION", user: "U0FICTION1" }, route: "D0FICTION1" },
      where: "direct",
      kind: "pressed",
      action: "pick",
      target: "row-1",
      value: null,
      messageId: "D0FICTION1/1773309600.000100",
    })
    expect(reply).toMatchObject({
      channel: "D0FICTION1",
      triggerId: "111.222.abc",
      responseUrl: "https://hooks.slack.example/actions/T0FICTION/1/abc",
      origin: { kind: "message", channel: "D0FICTION1", ts: "1773309600.000100" },
    })
  })

  test("of a list carries what was chosen, or null where the choice was taken back", () => {
    const chosen = { type: "static_select", block_id: "3:row-2", value: undefined, selected_option: { value: "b" } }
    expect(take(press({}, chosen)).event).toMatchObject({ action: "pick", target: "row-2", value: "b" })
    expect(take(press({}, { ...chosen, selected_option: null })).event).toMatchObject({ value: null })
  })

  test("in an answer that only the asker saw is in a shared place", () => {
    const ephemeral = (channel: string) => ({
      container: { type: "message", channel_id: channel, message_ts: "1773309600.000100", is_ephemeral: true },
    })
    const { event, reply } = take(press(ephemeral("C0FICTION1")))
    expect(event).toMatchObject({ where: "shared", from: { route: "user:U0FICTION1" }, messageId: "C0FICTION1/1773309600.000100" })
    expect(reply).toMatchObject({
      channel: null,
      origin: { kind: "ephemeral", responseUrl: "https://hooks.slack.example/actions/T0FICTION/1/abc" },
    })
    // A direct conversation between two people is shared too; the bot's own is known by its id alone.
    expect(take(press(ephemeral("D0TWOPEOPL")), knows("D0FICTION1"))).toMatchObject({
      event: { where: "shared", from: { route: "D0FICTION1" } },
      reply: { channel: "D0FICTION1" },
    })
    expect(take(press(ephemeral("D0FICTION1")), knows("D0FICTION1")).event.where).toBe("direct")
    expect(take(press({ ...ephemeral("C0FICTION1"), response_url: undefined })).reply.origin).toBeNull()
  })

  test("in a thread is answered in the thread", () => {
    const container = { type: "message", channel_id: "D0FICTION1", message_ts: "1773309600.000100", thread_ts: "1773300000.000100" }
    expect(take(press({ container })).reply.thread).toBe("1773300000.000100")
    expect(take(press({ container: { ...container, thread_ts: "1773309600.000100" } })).reply.thread).toBeNull()
  })

  test("in the home view has no message to change, and is direct only where the conversation is known", () => {
    const home = press({ container: { type: "view", view_id: "V0FICTION1" }, view: { id: "V0FICTION1", type: "home" }, response_url: undefined })
    expect(take(home)).toMatchObject({
      event: { where: "shared", from: { route: "user:U0FICTION1" }, messageId: "V0FICTION1" },
      reply: { origin: { kind: "home" }, responseUrl: null },
    })
    expect(take(home, knows("D0FICTION1"))).toMatchObject({
      event: { where: "direct", from: { route: "D0FICTION1" } },
      reply: { channel: "D0FICTION1" },
    })
  })

  test.each([
    [press({ actions: [] }), "incomplete"],
    [press({}, { action_id: "" }), "incomplete"],
    [press({}, { type: "overflow" }), "incomplete"],
    [press({ trigger_id: undefined }), "incomplete"],
    [press({ user: {} }), "incomplete"],
    [press({ team: null, user: { id: "U0FICTION1" } }), "incomplete"],
    [press({ container: { type: "message_attachment" } }), "unknown_place"],
    [press({ container: { type: "message", channel_id: "D0FICTION1" } }), "unknown_place"],
    [press({ container: { type: "view", view_id: "V1" }, view: { type: "modal" } }), "unknown_place"],
  ])("that is not whole is ignored (%#)", (body, code) => {
    expect(why(body)).toBe(code)
  })

  test("an action that nobody knows is told as it came", () => {
    expect(take(press({}, { action_id: "x/y:z", value: undefined })).event).toMatchObject({ action: "x/y:z", target: "" })
  })

  test("in an organisation is the workspace's; without any it is ignored", () => {
    const body = press({ enterprise: { id: "E0FICTION", name: "District" } })
    expect(take(body).reply.tenant).toBe("T0FICTION")
    expect(why({ ...body, team: null, user: { id: "U0FICTION1" }, is_enterprise_install: true })).toBe("incomplete")
  })
})

describe("a form handed in", () => {
  test("is answered where it was asked, by what it carried", () => {
    const { event, reply } = take(submission())
    expect(event).toMatchObject({
      kind: "submitted",
      at: now,
      action: "fill",
      target: "form-1",
      values: { words: "a" },
      where: "direct",
      from: { route: "D0FICTION1" },
    })
    expect(reply).toMatchObject({ submission: true, channel: "D0FICTION1", triggerId: "111.222.abc", responseUrl: null, origin: null })
  })

  test("keeps what was written even where it says nothing of itself", () => {
    const { event, reply } = take(submission({}, { private_metadata: "" }), knows("D0FICTION1"))
    expect(event).toMatchObject({ target: "", values: { words: "a" }, where: "shared", from: { route: "D0FICTION1" } })
    expect(reply.channel).toBe("D0FICTION1")
  })

  test("of no action is nobody's", () => {
    expect(why(submission({}, { callback_id: "" }))).toBe("incomplete")
    expect(why(submission({ view: null }))).toBe("incomplete")
    expect(why(submission({ trigger_id: undefined }))).toBe("incomplete")
  })
})

describe("a command", () => {
  test("in a channel is shared, and answered to the asker alone", () => {
    const { event, reply } = take(command())
    expect(event).toEqual({
      id: "111.222.abc",
      at: now,
      from: { account: { platform: "slack", tenant: "T0FICTION", user: "U0FICTION1" }, route: "user:U0FICTION1" },
      where: "shared",
      kind: "commanded",
      command: "mentee",
      text: "Ana",
    })
    expect(reply).toMatchObject({ channel: null, responseUrl: "https://hooks.slack.example/commands/T0FICTION/1/abc", triggerId: "111.222.abc" })
  })

  test("is direct only in the conversation that is known to be the bot's own with this person", () => {
    const inDm = command({ channel_id: "D0FICTION1", channel_name: "directmessage" })
    expect(take(inDm).event).toMatchObject({ where: "shared", from: { route: "user:U0FICTION1" } })
    expect(take(inDm, knows("D0OTHERONE"))).toMatchObject({
      event: { where: "shared", from: { route: "D0OTHERONE" } },
      reply: { channel: "D0OTHERONE" },
    })
    expect(take(inDm, knows("D0FICTION1"))).toMatchObject({ event: { where: "direct", from: { route: "D0FICTION1" } }, reply: { where: "direct" } })
  })

  test("that mentions somebody is about that account, and its text is not", () => {
    expect(take(command({ text: "<@U012AB3CD|ana>" })).event).toMatchObject({
      text: "",
      about: { platform: "slack", tenant: "T0FICTION", user: "U012AB3CD" },
    })
    expect(take(command({ text: "<@U012AB3CD> said hello" })).event).toMatchObject({ text: "said hello", about: { user: "U012AB3CD" } })
    expect(take(command({ text: "Ana" })).event).not.toHaveProperty("about")
  })

  test("comes as a form's words, without any prototype", () => {
    expect(take(Object.assign(Object.create(null), command())).event).toMatchObject({ command: "mentee" })
    expect(take(command({ enterprise_id: "E0FICTION", is_enterprise_install: "true" })).reply.tenant).toBe("T0FICTION")
  })

  test("without a name, a person or a trigger is none", () => {
    for (const over of [{ command: "" }, { command: "/" }, { user_id: undefined }, { trigger_id: "" }, { team_id: undefined }])
      expect(why(command(over))).toBe("incomplete")
  })
})
