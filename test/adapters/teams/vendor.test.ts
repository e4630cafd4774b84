// The loopback Teams is as strict as Teams: what it lets through and how it draws it is what the other tests stand on.
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { cardFaults, mostCardBytes } from "./vendor/cards.ts"
import { adaptive, errorsIn } from "./vendor/dialogs.ts"
import { drawCard, drawMarkdown, visibleText } from "./vendor/draw.ts"
import { badTokens } from "./vendor/identity.ts"
import { type Json, json, parsed, text } from "./vendor/json.ts"
import { openTeamsVendor, type TeamsVendor } from "./vendor/vendor.ts"

const avery = "0a0e5c1e-0000-4000-8000-00000000a001"
const jo = "0a0e5c1e-0000-4000-8000-00000000b002"
const gone = "0a0e5c1e-0000-4000-8000-00000000c003"

let vendor: TeamsVendor
let app: Server
/** What the app heard, and what it answers next. */
const heard: Json[] = []
let answer: { status: number; body: unknown } = { status: 200, body: null }

beforeAll(async () => {
  vendor = await openTeamsVendor({
    people: [
      { id: avery, name: "Avery Lindqvist", email: "avery@larkspur.example" },
      { id: jo, name: "Jo Okafor", locale: "es-ES", zone: "America/Denver", device: "iOS", role: "guest" },
      { id: gone, installed: false },
    ],
    now: () => new Date("2026-03-10T15:00:00.000Z"),
  })
  app = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      heard.push(json(parsed(Buffer.concat(chunks).toString())))
      response.writeHead(answer.status).end(answer.body === null ? undefined : JSON.stringify(answer.body))
    })
  }).listen(0, "127.0.0.1")
  await once(app, "listening")
  const address = app.address()
  vendor.deliverTo(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/api/messages`)
})
afterAll(async () => {
  app.close()
  app.closeAllConnections()
  await vendor.close()
})
beforeEach(() => {
  heard.length = 0
  answer = { status: 200, body: null }
})

const run = (words: string, extra: Json = {}): Json => ({ type: "TextRun", text: words, ...extra })
const rich = (...inlines: Json[]): Json => ({ type: "RichTextBlock", inlines })
const execute = (extra: Json = {}): Json => ({ type: "Action.Execute", title: "Go", verb: "go", data: { t: "row-1" }, ...extra })
const submit = (extra: Json = {}): Json => ({ type: "Action.Submit", title: "Go", data: { a: "go", t: "row-1" }, ...extra })
const choices = (extra: Json = {}): Json => ({ type: "Input.ChoiceSet", id: "v", choices: [{ title: "One", value: "1" }], ...extra })
const card = (body: readonly unknown[], actions?: readonly unknown[], extra: Json = {}): Json => ({
  type: "AdaptiveCard",
  version: "1.5",
  body,
  ...(actions === undefined ? {} : { actions }),
  ...extra,
})
const chart = (extra: Json = {}): Json => ({ type: "Chart.VerticalBar", title: "T", data: [{ x: "1", y: 1 }], fallback: rich(run("▁")), ...extra })

test.each<[string, Json]>([
  ["text", card([rich(run("words", { weight: "Bolder", color: "Attention" }))])],
  [
    "every kind",
    card([{ type: "Container", style: "emphasis", items: [rich(run("w"))] }, choices(), chart(), { type: "ActionSet", actions: [execute()] }]),
  ],
  ["what is newer with something in its stead", card([{ type: "Badge", text: "new", fallback: "drop" }])],
  ["a fallback with the ids of what it stands for", card([], [execute({ id: "x", fallback: submit({ id: "x" }) })])],
])("takes %s", (_what, value) => {
  expect(cardFaults(value, "message")).toEqual([])
})

test.each<[string, unknown]>([
  ["words", "a card"],
  ["no card", { type: "Card", version: "1.5" }],
  ["no version", { ...card([]), version: undefined }],
  ["a newer version", card([], undefined, { version: "1.6" })],
  ["a kind that is none", card([{ type: "Hologram" }])],
  ["a chart without a fallback", card([chart({ fallback: undefined })])],
  ["a bar of no number", card([chart({ data: [{ x: "1", y: null }] })])],
  ["an empty rich text", card([rich()])],
  ["a run that is none", card([rich({ type: "TextBlock", text: "x" })])],
  ["an input without an id", card([{ type: "Input.Text" }])],
  ["one id twice", card([choices(), choices()])],
  ["no choices", card([choices({ choices: [] })])],
  ["a choice without a title", card([choices({ choices: [{ title: "", value: "1" }] })])],
  ["one value twice", card([choices({ choices: [1, 2].map(() => ({ title: "One", value: "1" })) })])],
  ["a choice that is not there", card([choices({ value: "2" })])],
  ["a required input that says nothing", card([{ type: "Input.Text", id: "i", isRequired: true }])],
  ["a day that is none", card([{ type: "Input.Date", id: "i", value: "12/03/2026" }])],
  ["more typed than fits", card([{ type: "Input.Text", id: "i", maxLength: 2, value: "three" }])],
  ["an action without a title", card([], [execute({ title: "" })])],
  ["an action without a verb", card([], [execute({ verb: undefined })])],
  ["data that is no object", card([], [execute({ data: "row-1" })])],
  ["data that an input would overwrite", card([choices({ id: "t" })], [execute()])],
  ["another style", card([], [execute({ style: "danger" })])],
  [
    "seven buttons",
    card(
      [],
      Array.from({ length: 7 }, () => execute()),
    ),
  ],
  ["an address of no https", card([], [{ type: "Action.OpenUrl", title: "Go", url: "javascript:alert(1)" }])],
  ["another way of msteams", card([], [submit({ data: { msteams: { type: "task/open" } } })])],
  ["more than 28 kB", card([rich(run("é".repeat(mostCardBytes / 2)))])],
])("refuses %s", (_what, value) => {
  expect(cardFaults(value, "message")).not.toEqual([])
})

test("a dialog has no Execute", () => {
  expect(cardFaults(card([], [execute()]), "dialog")).not.toEqual([])
  expect(cardFaults(card([], [submit()]), "dialog")).toEqual([])
})

describe("draws as Teams does", () => {
  test.each([
    ["**bold** _it_ ~~no~~ `code`", "bold it no code"],
    ["[Grades](https://evil.example)", "Grades"],
    ["a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"],
    ["<at>Everyone</at>", "@Everyone"],
    ["snake_case_name 2*3*4", "snake_case_name 234"],
  ])("%s", (source, drawn) => {
    expect(drawMarkdown(source)).toBe(drawn)
    expect(drawCard(card([{ type: "TextBlock", text: source }]))).toBe(drawn)
    expect(drawCard(card([{ type: "FactSet", facts: [{ title: "F", value: source }] }]))).toBe(`F ${drawn}`)
    expect(drawCard(card([choices({ choices: [{ title: source, value: "1" }], style: "expanded" })]))).toBe(drawn)
  })

  test("markup in rich text, labels, titles and closed lists is words, but for a whole date", () => {
    const words = "**bold** [a](https://b) &amp; <at>x</at> {{DATE(2026-01-01,SHORT)}}"
    expect(drawCard(card([rich(run(words))]))).toBe(words)
    expect(drawCard(card([choices({ label: words, choices: [{ title: words, value: "1" }] })]))).toBe(`${words}: ${words}`)
    expect(drawCard(card([], [execute({ title: words })]))).toBe(`[${words}]`)
    expect(drawCard(card([rich(run("on {{DATE(2026-01-01T00:00:00Z, SHORT)}}"))]))).toBe("on (a date)")
    expect(visibleText({ text: "[a](https://b)", cards: [], fresh: null })).toBe("a")
  })

  test("a chart, or what stands in its stead", () => {
    expect(drawCard(card([chart({ data: [{ x: "1", y: 2 }, { x: "2" }] })]))).toBe("T (chart 1:2 2:)")
    expect(drawCard(card([chart()]), { charts: false })).toBe("▁")
  })
})

describe("answers as Teams does", () => {
  const tokenFor = async (fields: Json = {}): Promise<{ status: number; body: Json }> => {
    const asked = { grant_type: "client_credentials", client_id: vendor.appId, client_secret: vendor.appPassword, ...fields }
    const response = await fetch(`${vendor.endpoints.loginUrl}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ scope: "https://api.botframework.com/.default", ...asked }),
    })
    return { status: response.status, body: json(await response.json()) }
  }
  let bearer = ""
  beforeAll(async () => {
    bearer = `Bearer ${String((await tokenFor()).body.access_token)}`
  })

  async function call(method: string, path: string, body?: unknown, authorization = bearer): Promise<{ status: number; code: unknown; body: Json }> {
    const response = await fetch(`${vendor.serviceUrl()}v3/${path}`, {
      method,
      redirect: "manual",
      headers: { "content-type": "application/json", authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said = json(parsed(await response.text()))
    return { status: response.status, code: json(said.error).code ?? said.errorCode, body: said }
  }
  const activity = (content: unknown = card([rich(run("words"))])): Json => ({ type: "message", attachments: [{ contentType: adaptive, content }] })
  const open = (id: string, extra: Json = {}): Json => ({
    bot: { id: `28:${vendor.appId}` },
    members: [{ id }],
    tenantId: vendor.tenant,
    isGroup: false,
    ...extra,
  })
  const at = (user: string): string => encodeURIComponent(vendor.people.get(user)?.conversation ?? "")

  test.each<[string, Json]>([
    ["unauthorized_client", { client_id: "somebody" }],
    ["invalid_client", { client_secret: "wrong" }],
    ["invalid_scope", { scope: "https://graph.microsoft.com/.default" }],
    ["unsupported_grant_type", { grant_type: "password" }],
  ])("gives no token for %s", async (error, fields) => {
    expect(await tokenFor(fields)).toMatchObject({ body: { error } })
  })

  test.each<[number, unknown, () => ReturnType<typeof call>]>([
    [401, "BotNotRegistered", () => call("POST", `conversations/${at(avery)}/activities`, activity(), "")],
    [401, "BotNotRegistered", () => call("POST", `conversations/${at(avery)}/activities`, activity(), "Bearer made-up")],
    [404, "ConversationNotFound", () => call("POST", "conversations/a:1nobody/activities", activity())],
    [404, "NotFound", () => call("GET", "conversations")],
    [403, "BotNotInConversationRoster", () => call("POST", `conversations/${at(gone)}/activities`, activity())],
    [400, "BadSyntax", () => call("POST", `conversations/${at(avery)}/activities`, { type: "message" })],
    [400, "BadSyntax", () => call("POST", `conversations/${at(avery)}/activities`, { type: "trace", text: "x" })],
    [400, "BadSyntax", () => call("POST", `conversations/${at(avery)}/activities`, activity(card([{ type: "Hologram" }])))],
    [413, "MessageSizeTooBig", () => call("POST", `conversations/${at(avery)}/activities`, activity(card([rich(run("x".repeat(mostCardBytes)))])))],
    [413, "MessageSizeTooBig", () => call("POST", `conversations/${at(avery)}/activities`, { type: "message", text: "x".repeat(100 * 1024) })],
    [404, "ActivityNotFoundInConversation", () => call("PUT", `conversations/${at(avery)}/activities/1`, activity())],
    [404, "ActivityNotFoundInConversation", () => call("DELETE", `conversations/${at(avery)}/activities/1`)],
    [404, "ActivityNotFoundInConversation", () => call("POST", `conversations/${at(avery)}/activities/1`, activity())],
    [404, "MemberNotFoundInConversation", () => call("GET", `conversations/${at(avery)}/members/${jo}`)],
    [404, "NotFound", () => call("POST", "conversations", open("0a0e5c1e-0000-4000-8000-00000000ffff"))],
    [403, "ForbiddenOperationException", () => call("POST", "conversations", open(gone))],
    [403, "ForbiddenOperationException", () => call("POST", "conversations", open(avery, { tenantId: "another" }))],
    [400, "BadSyntax", () => call("POST", "conversations", open(avery, { tenantId: undefined }))],
    [400, "BadSyntax", () => call("POST", "conversations", open(avery, { bot: { id: "28:another" } }))],
    [400, "BadSyntax", () => call("POST", "conversations", open(avery, { members: [{ id: avery }, { id: jo }] }))],
  ])("%i %s", async (status, code, calling) => {
    expect(await calling()).toMatchObject({ status, code })
  })

  test("a message is posted, changed and taken away, and a person blocks the bot", async () => {
    const conversation = await call("POST", "conversations", open(avery.toUpperCase()))
    expect(conversation).toMatchObject({ status: 201, body: { id: vendor.people.get(avery)?.conversation } })
    const { body } = await call("POST", `conversations/${at(avery)}/activities`, activity())
    const id = String(body.id)
    expect(await call("PUT", `conversations/${at(avery)}/activities/${id}`, activity(card([rich(run("others"))])))).toMatchObject({ status: 200 })
    expect(vendor.seenBy(avery).map((message) => visibleText(message))).toEqual(["others"])
    expect(await call("DELETE", `conversations/${at(avery)}/activities/${id}`)).toMatchObject({ status: 200 })
    expect(vendor.seenBy(avery)).toEqual([])
    vendor.change(avery, { blocked: true })
    expect(await call("POST", `conversations/${at(avery)}/activities`, activity())).toMatchObject({ status: 403, code: 209 })
    vendor.change(avery, { blocked: false })
    vendor.state.blockedByAdmin = true
    expect(await call("POST", `conversations/${at(avery)}/activities`, activity())).toMatchObject({ status: 403, code: "BotDisabledByAdmin" })
    vendor.state.blockedByAdmin = false
  })

  test("a member is described with what Teams knows of them", async () => {
    const { teamsId = "" } = vendor.people.get(jo) ?? {}
    for (const id of [jo, encodeURIComponent(teamsId)])
      expect(await call("GET", `conversations/${at(jo)}/members/${id}`)).toMatchObject({
        status: 200,
        body: { id: teamsId, aadObjectId: jo, tenantId: vendor.tenant, userRole: "guest", userPrincipalName: "0a0e5c1e@larkspur.example" },
      })
  })

  test("fails by name: before or after it took the message", async () => {
    const send = (): Promise<unknown> => call("POST", `conversations/${at(avery)}/activities`, activity())
    const before = vendor.seenBy(avery).length
    for (const name of ["403:BotDisabledByUser", "404", "401", "412", "429", "408", "500", "502"]) {
      vendor.fail(name)
      expect(await send()).toMatchObject({ status: Number(name.slice(0, 3)) })
    }
    vendor.fail("cut_before")
    await expect(send()).rejects.toThrow("fetch failed")
    expect(vendor.seenBy(avery)).toHaveLength(before)
    vendor.fail("500:taken")
    expect(await send()).toMatchObject({ status: 500 })
    vendor.fail("cut_after")
    await expect(send()).rejects.toThrow("fetch failed")
    expect(vendor.seenBy(avery)).toHaveLength(before + 2)
    vendor.fail("invalid_client", "token")
    expect(await tokenFor()).toMatchObject({ status: 401, body: { error_codes: [7_000_215] } })
    expect(() => vendor.fail("bad_weather")).toThrow("knows no trouble bad_weather")
  })

  test("keeps a token of the bot's until it is revoked", async () => {
    vendor.identity.revoke()
    expect(await call("POST", `conversations/${at(avery)}/activities`, activity())).toMatchObject({ status: 401 })
    bearer = `Bearer ${String((await tokenFor()).body.access_token)}`
    expect(await call("POST", `conversations/${at(avery)}/activities`, activity())).toMatchObject({ status: 201 })
  })
})

describe("signs as Teams does", () => {
  test("with a published key that is endorsed for it", async () => {
    const metadata = json(await (await fetch(vendor.endpoints.openIdMetadataUrl)).json())
    const keys = (await (await fetch(String(metadata.jwks_uri))).json()) as JSONWebKeySet
    const token = await vendor.identity.token(vendor.serviceUrl())
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: vendor.endpoints.tokenIssuer,
      audience: vendor.appId,
    })
    expect(payload.serviceurl).toBe(vendor.serviceUrl())
    expect(keys.keys.find(({ kid }) => kid === protectedHeader.kid)).toMatchObject({ endorsements: expect.arrayContaining(["msteams"]) })
  })

  test.each(badTokens.filter((kind) => kind !== "garbage"))("and wrong on request: %s", async (kind) => {
    const good = await vendor.identity.token(vendor.serviceUrl())
    const bad = await vendor.badToken(kind)
    const told = [decodeProtectedHeader(bad).alg, decodeProtectedHeader(bad).kid, { ...decodeJwt(bad), nbf: 0, exp: 0 }]
    const isOtherwise =
      JSON.stringify(told) !==
      JSON.stringify([decodeProtectedHeader(good).alg, decodeProtectedHeader(good).kid, { ...decodeJwt(good), nbf: 0, exp: 0 }])
    // These three say what a good one says, and differ in when it holds or who signed it.
    expect(isOtherwise).toBe(!["expired", "not_yet", "foreign_key", "tampered"].includes(kind))
    expect(bad).not.toBe(good)
  })
})

describe("tells the app as Teams does", () => {
  const only = (): Json => {
    expect(heard).toHaveLength(1)
    return heard[0] ?? {}
  }

  test("words, whole", async () => {
    const { message } = await vendor.say(avery, "I & <b>\nyou")
    expect(only()).toMatchObject({
      type: "message",
      id: message.id,
      channelId: "msteams",
      serviceUrl: vendor.serviceUrl(),
      timestamp: "2026-03-10T15:00:00.000Z",
      localTimestamp: "2026-03-10T08:00:00.000-07:00",
      localTimezone: "America/Los_Angeles",
      locale: "en-US",
      textFormat: "plain",
      text: "I & <b>\nyou",
      attachments: [{ contentType: "text/html", content: "<p>I &amp; &lt;b&gt;<br>you</p>" }],
      from: { id: expect.stringMatching(/^29:/), name: "Avery Lindqvist", aadObjectId: avery },
      recipient: { id: `28:${vendor.appId}`, name: "Rapport" },
      conversation: { conversationType: "personal", tenantId: vendor.tenant, id: expect.stringMatching(/^a:/) },
      channelData: { tenant: { id: vendor.tenant } },
      entities: [{ type: "clientInfo", platform: "Windows", country: "US", locale: "en-US", timezone: "America/Los_Angeles" }],
    })
  })

  test("ids are a time: never twice in one conversation, and the same in two", async () => {
    const first = await vendor.say(jo, "one")
    const second = await vendor.say(jo, "two")
    expect(first.message.id).toBe(String(Date.parse("2026-03-10T15:00:00.000Z")))
    expect(Number(second.message.id)).toBe(Number(first.message.id) + 1)
  })

  test("an edit and a deletion by the id of the message", async () => {
    const { message } = await vendor.say(avery, "one")
    await vendor.edit(avery, message.id, "better")
    await vendor.remove(avery, message.id)
    expect(heard.slice(1)).toMatchObject([
      { type: "messageUpdate", id: message.id, text: "better", channelData: { eventType: "editMessage" } },
      { type: "messageDelete", id: message.id, channelData: { eventType: "softDeleteMessage" } },
    ])
    expect(heard[2]).not.toHaveProperty("text")
  })

  test("an installation twice over, and what was removed", async () => {
    await vendor.install(gone)
    await vendor.uninstall(gone)
    expect(heard.map(({ type, action, membersAdded, membersRemoved }) => ({ type, action, membersAdded, membersRemoved }))).toEqual([
      { type: "installationUpdate", action: "add" },
      { type: "conversationUpdate", membersAdded: [{ id: `28:${vendor.appId}` }] },
      { type: "conversationUpdate", membersRemoved: [{ id: `28:${vendor.appId}` }] },
      { type: "installationUpdate", action: "remove" },
    ])
  })

  test("a mention in a channel, with the bot and others by entities", async () => {
    await vendor.mention(avery, "/mentee {Jo Okafor} now", [jo])
    expect(only()).toMatchObject({
      text: "<at>Rapport</at>\u00a0/mentee <at>Jo Okafor</at> now\n",
      conversation: { isGroup: true, conversationType: "channel", id: expect.stringMatching(/^19:.+;messageid=\d+$/) },
      channelData: { team: { id: expect.stringMatching(/^19:/) } },
      entities: [
        { type: "mention", mentioned: { id: `28:${vendor.appId}` }, text: "<at>Rapport</at>" },
        { type: "mention", mentioned: { aadObjectId: jo, name: "Jo Okafor" }, text: "<at>Jo Okafor</at>" },
        { type: "clientInfo" },
      ],
    })
  })

  test("the same deed again has the same body", async () => {
    answer = { status: 500, body: null }
    expect((await vendor.say(avery, "once")).accepted).toBe(false)
    answer = { status: 200, body: null }
    expect((await vendor.redeliver()).accepted).toBe(true)
    expect(heard[0]).toEqual(heard[1])
  })

  describe("by a card", () => {
    const shown = (content: Json) => {
      const message = {
        ...vendor.state.messages[0],
        conversation: vendor.people.get(avery)?.conversation ?? "",
        by: null,
        id: `9${vendor.state.messages.length}`,
      }
      const made = { ...message, activity: {}, text: "", summary: null, cards: [content], fresh: null, replyTo: null, edited: false, deleted: false }
      vendor.state.messages.push(made)
      return made
    }
    const any = () => true

    test("Execute is an invoke; its answer shows until the chat is opened anew", async () => {
      const message = shown(card([choices(), { type: "ActionSet", actions: [execute({ fallback: submit() })] }]))
      answer = { status: 200, body: { statusCode: 200, type: adaptive, value: card([rich(run("after"))]) } }
      await vendor.press(avery, message, any, { v: "1" })
      expect(only()).toMatchObject({
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: message.id,
        value: { action: { type: "Action.Execute", title: "Go", verb: "go", data: { t: "row-1", v: "1" } }, trigger: "manual" },
      })
      expect(visibleText(message)).toBe("after")
      vendor.reopen(avery)
      expect(visibleText(message)).toBe("One\n[Go]")
      answer = { status: 200, body: { value: {} } }
      await expect(vendor.press(avery, message, any)).rejects.toThrow("wants a statusCode")
    })

    test("a client that knows no Execute submits in its stead", async () => {
      await vendor.press(avery, shown(card([], [execute({ fallback: submit() })])), any, {}, true)
      expect(only()).toMatchObject({ type: "message", value: { a: "go", t: "row-1" }, replyToId: expect.any(String) })
      expect(only()).not.toHaveProperty("text")
    })

    test("a dialog is fetched, refuses to be handed in half, stays with its errors, and closes", async () => {
      const message = shown(card([], [submit({ data: { msteams: { type: "task/fetch" }, a: "open", t: "row-1" } })]))
      const field = { type: "Input.Text", id: "words", label: "Words", isRequired: true, errorMessage: "Write something." }
      const dialog = (...below: Json[]): Json => ({
        task: {
          type: "continue",
          value: { title: "Form", card: { contentType: adaptive, content: card([field, ...below], [submit({ data: { a: "fill" } })]) } },
        },
      })
      answer = { status: 200, body: dialog() }
      await vendor.press(avery, message, any)
      expect(heard[0]).toMatchObject({ name: "task/fetch", value: { data: { a: "open", t: "row-1" } } })
      await expect(vendor.submit(avery, {})).rejects.toThrow("does not hand in without words")
      answer = { status: 200, body: dialog(rich(run("Say more.", { color: "Attention" }))) }
      await vendor.submit(avery, { words: "x" })
      expect(heard[1]).toMatchObject({ name: "task/submit", value: { data: { a: "fill", words: "x" } } })
      const still = vendor.dialog(avery)
      expect(still && errorsIn(still)).toEqual({ words: "Say more." })
      answer = { status: 200, body: null }
      await vendor.submit(avery, { words: "more" })
      expect(vendor.dialog(avery)).toBeNull()
    })

    test("a look-up shows previews", async () => {
      const preview = { contentType: "application/vnd.microsoft.card.thumbnail", content: { title: "Ana", text: "<a href='x'>words</a> &amp; more" } }
      answer = {
        status: 200,
        body: {
          composeExtension: { type: "result", attachmentLayout: "list", attachments: [{ contentType: adaptive, content: card([]), preview }] },
        },
      }
      await vendor.query(avery, "Ana")
      expect(only()).toMatchObject({ name: "composeExtension/query", value: { parameters: [{ value: "Ana" }] } })
      expect(vendor.previews(avery).map(({ shown: words }) => words)).toEqual(["Ana\nwords & more"])
    })
  })

  test("a telephone hands in what was left empty, a computer leaves it out", async () => {
    const content = card([{ type: "Input.Text", id: "i" }], [submit()])
    for (const user of [avery, jo]) {
      const message = {
        conversation: vendor.people.get(user)?.conversation ?? "",
        id: "7",
        by: null,
        activity: {},
        text: "",
        summary: null,
        cards: [content],
      }
      await vendor.press(user, { ...message, fresh: null, replyTo: null, edited: false, deleted: false }, () => true)
    }
    expect(heard.map(({ value }) => text(json(value).i))).toEqual([null, ""])
  })
})
