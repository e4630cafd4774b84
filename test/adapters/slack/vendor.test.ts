// The loopback Slack is as strict as Slack: what it lets through and how it draws it is what the other tests stand on.
import { createHmac } from "node:crypto"
import { WebClient } from "@slack/web-api"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { silentLogger } from "../../../adapters/slack/api.ts"
import { blockFaults, viewFaults } from "./vendor/blocks.ts"
import { drawMrkdwn, visibleText } from "./vendor/draw.ts"
import type { Json } from "./vendor/json.ts"
import { signed } from "./vendor/line.ts"
import { openSlackVendor, type SlackVendor } from "./vendor/vendor.ts"

let vendor: SlackVendor
let client: WebClient
beforeAll(async () => {
  vendor = await openSlackVendor({ transport: "http", people: [{ id: "U0A" }, { id: "U0B" }, { id: "U0C" }], usersMost: 2 })
  client = clientWith(vendor.team.botToken)
})
afterAll(() => vendor.close())
const clientWith = (token: string) =>
  new WebClient(token, { slackApiUrl: vendor.apiUrl, retryConfig: { retries: 0 }, logger: silentLogger(() => undefined) })

const plain = (text: string): Json => ({ type: "plain_text", text })
const section = (text: string, extra: Json = {}): Json => ({ type: "section", text: { type: "mrkdwn", text }, ...extra })
const button = (extra: Json = {}): Json => ({ type: "button", action_id: "a", text: plain("Go"), value: "v", ...extra })
const actions = (...elements: Json[]): Json => ({ type: "actions", elements })
const rich = (...elements: Json[]): Json => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements }] })
const input = (extra: Json = {}): Json => ({
  type: "input",
  block_id: "i",
  label: plain("L"),
  element: { type: "plain_text_input", action_id: "v" },
  ...extra,
})
const select = (extra: Json = {}): Json => ({ type: "static_select", action_id: "s", options: [{ text: plain("One"), value: "1" }], ...extra })

test.each<[string, Json[]]>([
  ["a section", [section("words")]],
  ["every kind", [rich({ type: "text", text: "words" }), { type: "divider" }, actions(button(), button({ action_id: "b" })), actions(select())]],
])("takes %s", (_what, blocks) => {
  expect(blockFaults(blocks, "message")).toEqual([])
})

test.each<[string, Json[]]>([
  ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
  ["3,001 characters in a section", [section("x".repeat(3_001))]],
  ["an empty text", [section("")]],
  ["an empty rich text", [rich()]],
  ["an empty part of a rich text", [rich({ type: "text", text: "" })]],
  ["no elements", [actions()]],
  ["one block_id twice", [section("a", { block_id: "b" }), section("b", { block_id: "b" })]],
  ["a long block_id", [section("a", { block_id: "b".repeat(256) })]],
  ["one action_id twice in a block", [actions(button(), button())]],
  ["a long action_id", [actions(button({ action_id: "a".repeat(256) }))]],
  ["a long button", [actions(button({ text: plain("x".repeat(76)) }))]],
  ["a button in markup", [actions(button({ text: { type: "mrkdwn", text: "x" } }))]],
  ["a long value", [actions(button({ value: "x".repeat(2_001) }))]],
  ["an empty value", [actions(button({ value: "" }))]],
  ["another style", [actions(button({ style: "default" }))]],
  ["101 options", [actions(select({ options: Array.from({ length: 101 }, (_, i) => ({ text: plain("x"), value: `${i}` })) }))]],
  ["a long option", [actions(select({ options: [{ text: plain("x".repeat(76)), value: "1" }] }))]],
  ["a choice that is no option", [actions(select({ initial_option: { text: plain("Two"), value: "2" } }))]],
  ["an input in a message", [input()]],
  ["a kind that is none", [{ type: "hologram" }]],
])("refuses %s", (_what, blocks) => {
  expect(blockFaults(blocks, "message")).not.toEqual([])
})

test.each<[string, Json]>([
  ["a long title", { type: "modal", title: plain("x".repeat(25)), submit: plain("Go"), blocks: [] }],
  ["an input without a block_id", { type: "modal", title: plain("T"), submit: plain("Go"), blocks: [{ ...input(), block_id: undefined }] }],
  ["an input that cannot be handed in", { type: "modal", title: plain("T"), blocks: [input()] }],
  ["too much of its own", { type: "modal", title: plain("T"), blocks: [], private_metadata: "x".repeat(3_001) }],
  ["101 blocks", { type: "home", blocks: Array.from({ length: 101 }, () => ({ type: "divider" })) }],
])("refuses a view with %s", (_what, view) => {
  expect(viewFaults(view)).not.toEqual([])
})

describe("draws as Slack does", () => {
  test.each([
    ["*bold* _it_ ~no~ `code`", "bold it no code"],
    ["<@U012AB3CD> <!channel> <#C1|general>", "@U012AB3CD @channel (everybody is told) #general"],
    ["<https://evil.example|Grades>", "Grades"],
    ["a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"],
    [":tada: snake_case_name 2*3*4", "(emoji) snake_case_name 2*3*4"],
  ])("%s", (source, drawn) => {
    expect(drawMrkdwn(source)).toBe(drawn)
  })

  test("markup in plain and rich text is words, but for emoji names where nobody switched them off", () => {
    const words = "*bold* <!channel> &amp; :tada:"
    expect(visibleText({ text: "", blocks: [rich({ type: "text", text: words })] })).toBe(words)
    expect(visibleText({ text: "", blocks: [{ type: "context", elements: [{ ...plain(words), emoji: false }] }] })).toBe(words)
    expect(visibleText({ text: "", blocks: [{ type: "context", elements: [plain(words)] }] })).toBe("*bold* <!channel> &amp; (emoji)")
    expect(visibleText({ text: "<@U1>", blocks: [] })).toBe("@U1")
  })
})

describe("answers as Slack does", () => {
  const codeOf = (calling: Promise<unknown>) =>
    calling.then(
      () => "ok",
      (error: { data?: { error?: string } }) => error.data?.error,
    )
  const text = "words"

  test.each<[string, () => Promise<unknown>]>([
    ["channel_not_found", () => client.chat.postMessage({ channel: "D0NOBODY", text })],
    ["not_in_channel", () => client.chat.postMessage({ channel: "C0GENERAL", text })],
    ["no_text", () => client.chat.postMessage({ channel: "D0A", text: "" })],
    ["invalid_blocks", () => client.chat.postMessage({ channel: "D0A", text, blocks: [{ type: "section" }] })],
    ["msg_too_long", () => client.chat.postMessage({ channel: "D0A", text: "x".repeat(40_001) })],
    [
      "msg_blocks_too_long",
      () =>
        client.chat.postMessage({
          channel: "D0A",
          text,
          blocks: Array.from({ length: 5 }, () => ({ type: "section" as const, text: { type: "plain_text" as const, text: "x".repeat(2_900) } })),
        }),
    ],
    ["thread_not_found", () => client.chat.postMessage({ channel: "D0A", text, thread_ts: "1.2" })],
    ["message_not_found", () => client.chat.update({ channel: "D0A", ts: "1.2", text })],
    ["invalid_trigger_id", () => client.views.open({ trigger_id: "1.2.3", view: modal })],
    ["user_not_found", () => client.users.info({ user: "U0NOBODY" })],
    ["user_not_found", () => client.conversations.open({ users: "U0NOBODY" })],
    ["invalid_auth", () => clientWith("xoxb-another").auth.test()],
    ["invalid_auth", () => client.apps.connections.open({})],
    ["unknown_method", () => client.apiCall("chat.shout")],
  ])("%s", async (code, calling) => {
    expect(await codeOf(calling())).toBe(code)
  })

  const modal = { type: "modal" as const, title: { type: "plain_text" as const, text: "T" }, blocks: [] }

  test("a trigger opens one view", async () => {
    const trigger = vendor.trigger("U0A")
    await client.views.open({ trigger_id: trigger, view: modal })
    expect(await codeOf(client.views.open({ trigger_id: trigger, view: modal }))).toBe("exchanged_trigger_id")
  })

  test("scopes come in a header, people by pages, history newest first with metadata on request", async () => {
    expect((await client.auth.test()).response_metadata?.scopes).toContain("chat:write")
    const first = await client.users.list({})
    expect([first.members?.length, first.response_metadata?.next_cursor]).toEqual([2, "from:2"])
    for (const word of ["one", "two"])
      await client.chat.postMessage({ channel: "D0B", text: word, metadata: { event_type: "kind", event_payload: { word } } })
    const history = await client.conversations.history({ channel: "D0B", include_all_metadata: true, limit: 1 })
    expect(history).toMatchObject({ has_more: true, messages: [{ text: "two", metadata: { event_payload: { word: "two" } } }] })
    expect((await client.conversations.history({ channel: "D0B" })).messages?.[0]).not.toHaveProperty("metadata")
  })

  test("a picture is uploaded, handed over, and ready a little later", async () => {
    const { file_id: id = "", upload_url: url = "" } = await client.files.getUploadURLExternal({ filename: "weeks.png", length: 4 })
    expect(await codeOf(client.files.completeUploadExternal({ files: [{ id }] }))).toBe("file_not_found")
    expect((await fetch(url, { method: "POST", body: "half of the file" })).status).toBe(400)
    await fetch(url, { method: "POST", body: "-PNG" })
    await client.files.completeUploadExternal({ files: [{ id }] })
    const blocks = [{ type: "image" as const, slack_file: { id }, alt_text: "Weeks." }]
    expect(await codeOf(client.chat.postMessage({ channel: "D0B", text: "t", blocks }))).toBe("invalid_blocks")
    const looks = [await client.files.info({ file: id }), await client.files.info({ file: id })]
    expect(looks.map(({ file }) => file?.mimetype)).toEqual(["", "image/png"])
    expect((await client.chat.postMessage({ channel: "D0B", text: "t", blocks })).ok).toBe(true)
  })
})

test("signs as Slack does", () => {
  const headers = signed("body", "secret", 1_700_000_000)
  expect(headers["x-slack-signature"]).toBe(`v0=${createHmac("sha256", "secret").update("v0:1700000000:body").digest("hex")}`)
})
