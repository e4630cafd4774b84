// What reaches /slack/events that should not: a plain refusal, a line without words, and nothing in the core.
import { once } from "node:events"
import { connect } from "node:net"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { quiet } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { openSlackStage, type SlackStage } from "../slack-harness.ts"
import { encoded, signed } from "./vendor/line.ts"
import { eventOf, saidEvent } from "./vendor/payloads.ts"
import { dmOf } from "./vendor/state.ts"

const events: InboundEvent[] = []
let stage: SlackStage

beforeAll(async () => {
  stage = await openSlackStage(async (event) => {
    events.push(event)
    return quiet
  })
})
afterAll(() => stage.close())
beforeEach(() => {
  events.length = 0
  stage.reports.length = 0
})

const words = "words that nobody may log"
const jsonType = "application/json"
const formType = "application/x-www-form-urlencoded"

type Sent = { body: string | Buffer; type?: string; headers?: Record<string, string> }

const post = ({ body, type = jsonType, headers = {} }: Sent): Promise<Response> =>
  fetch(`${stage.origin}/slack/events`, { method: "POST", headers: { "content-type": type, ...headers }, body: new Uint8Array(Buffer.from(body)) })

const sign = (body: string | Buffer, at?: number) => signed(body, stage.vendor.signingSecret, at)
const postSigned = ({ body, type, headers }: Sent) => post({ body, ...(type ? { type } : {}), headers: { ...headers, ...sign(body) } })

/** A message that would be heard, if only it came rightly. */
const heard = (): string =>
  encoded(
    saidEvent(stage.vendor.state, {
      channel: dmOf("U0AVERY"),
      ts: "1760000000.000100",
      user: "U0AVERY",
      fromBot: false,
      text: words,
      blocks: [],
      metadata: null,
      thread: null,
      ephemeral: null,
      edited: false,
      deleted: false,
      args: {},
    }),
  ).body

const seconds = () => Math.floor(Date.now() / 1000)

/** What came of a request: its answer, what reached the core, and the lines that tell of it. */
async function cameOf(sending: Promise<Response>) {
  const response = await sending
  const body = await response.text()
  await stage.slack.settled()
  return { status: response.status, body, events: [...events], reports: [...stage.reports] }
}

/** Nothing reached the core, and one line tells of it, without a word of what was said. */
const refused = (status: number) => ({ status, body: "", events: [], reports: [{ event: "slack_request_refused", fields: { status } }] })
const ignored = (code: string) => ({ status: 200, body: "", events: [], reports: [{ event: "slack_ignored", fields: { code } }] })

describe("what Slack did not sign", () => {
  test("is heard when it did", async () => {
    const body = heard()
    expect((await postSigned({ body })).status).toBe(200)
    expect(events).toMatchObject([{ kind: "said", text: words }])
  })

  test("no signature", async () => expect(await cameOf(post({ body: heard() }))).toEqual(refused(401)))

  test("a signature of another secret", async () => {
    const body = heard()
    expect(await cameOf(post({ body, headers: signed(body, "another secret") }))).toEqual(refused(401))
  })

  test("a signature of other words", async () => expect(await cameOf(post({ body: heard(), headers: sign("other words") }))).toEqual(refused(401)))

  test.each(["", "v0", "v0=", "v1=abc", `v0=${"0".repeat(64)}`, "=".repeat(5_000)])("a signature that is none: %j", async (signature) => {
    const body = heard()
    expect(await cameOf(post({ body, headers: { ...sign(body), "x-slack-signature": signature } }))).toEqual(refused(401))
  })

  test.each([-301, -86_400, 301, 86_400])("rightly signed, %i seconds away from now", async (skew) => {
    const body = heard()
    // The clock may turn to the next second on the way.
    expect(await cameOf(post({ body, headers: sign(body, seconds() + skew + Math.sign(skew)) }))).toEqual(refused(401))
  })

  test.each([-290, 290])("a skew of %i seconds is no more than two clocks apart", async (skew) => {
    const body = heard()
    expect((await post({ body, headers: sign(body, seconds() + skew) })).status).toBe(200)
  })

  test.each(["Infinity", "NaN", "1e99", "-1", "", "0x7fffffff", "soon"])("a time that is none: %j", async (at) => {
    const body = heard()
    expect(await cameOf(post({ body, headers: { ...sign(body, at as unknown as number), "x-slack-request-timestamp": at } }))).toEqual(refused(401))
  })
})

describe("what cannot be read", () => {
  test("five megabytes, signed or not", async () => {
    const body = JSON.stringify({ type: "event_callback", event: { type: "message", text: words.repeat(210_000) } })
    expect(await cameOf(postSigned({ body }))).toEqual(refused(413))
    stage.reports.length = 0
    expect(await cameOf(post({ body }))).toEqual(refused(413))
  })

  test("five megabytes that do not say so beforehand", async () => {
    const socket = connect(Number(new URL(stage.origin).port), "127.0.0.1")
    await once(socket, "connect")
    let answer = ""
    socket.on("data", (data: Buffer) => (answer += data.toString()))
    socket.on("error", () => undefined)
    socket.write("POST /slack/events HTTP/1.1\r\nHost: slack\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    const chunk = "w".repeat(65_536)
    for (let i = 0; i < 80; i++) socket.write(`10000\r\n${chunk}\r\n`)
    socket.write("0\r\n\r\n")
    await expect.poll(() => answer).toContain("413")
    socket.destroy()
    expect(events).toEqual([])
    expect(stage.reports).toEqual([{ event: "slack_request_refused", fields: { status: 413 } }])
  })

  test("a small body that unpacks to fifty megabytes is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 32))
    expect(await cameOf(postSigned({ body: bomb, headers: { "content-encoding": "gzip" } }))).toEqual(refused(415))
    stage.reports.length = 0
    expect(await cameOf(postSigned({ body: bomb }))).toEqual(refused(401))
  })

  test.each(["", "{", `{"event":"${words}`, words, "\u0000", "[".repeat(100_000)])("broken JSON: %.20j", async (body) =>
    expect(await cameOf(postSigned({ body }))).toEqual(refused(400)),
  )

  test("a form with broken JSON in it", async () =>
    expect(await cameOf(postSigned({ body: new URLSearchParams({ payload: `{"type":"${words}` }).toString(), type: formType }))).toEqual(
      refused(400),
    ))

  test("memory stays where it was, whatever is thrown at it", async () => {
    const large = Buffer.alloc(5_000_000, 120)
    const bomb = gzipSync(Buffer.alloc(50_000_000, 32))
    const held = () => {
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const before = held()
    for (let i = 0; i < 20; i++) {
      await (await post({ body: large })).text()
      await (await postSigned({ body: bomb, headers: { "content-encoding": "gzip" } })).text()
    }
    expect(held() - before).toBeLessThan(120_000_000)
    expect(events).toEqual([])
  })
})

describe("what means nothing to us", () => {
  const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

  test.each([
    ["null", "null", "unreadable"],
    ["a word", '"words"', "unknown_shape"],
    ["a number", "17", "unknown_shape"],
    ["a list", "[]", "unknown_shape"],
    ["an empty object", "{}", "unknown_shape"],
    ["a word that events were dropped", '{"type":"app_rate_limited","team_id":"T0","minute_rate_limited":1}', "app_rate_limited"],
    ["ten thousand lists in each other", deep(10_000), "unknown_shape"],
    ["an event that is none", '{"type":"event_callback","event":null}', "unreadable"],
    ["an event that is a word", '{"type":"event_callback","event":"words"}', "unreadable"],
    ["an event about nothing", '{"type":"event_callback","event":{"type":"reaction_added","item":null}}', "unreadable"],
    ["an event in ten thousand lists", `{"type":"event_callback","event":{"type":"new","words":${deep(10_000)}}}`, "incomplete"],
    ["a function that we do not have", '{"type":"event_callback","event":{"type":"function_executed"}}', "unreadable"],
    ["a press by nobody", '{"type":"block_actions","actions":[]}', "unreadable"],
    ["a form from nowhere", '{"type":"view_submission"}', "unreadable"],
  ])("%s", async (_what, body, code) => expect(await cameOf(postSigned({ body }))).toEqual(ignored(code)))

  test.each(["reaction_added", "link_shared", "__proto__", "a_kind_of_tomorrow"])("an event of the kind %s", async (type) =>
    expect(await cameOf(postSigned({ body: encoded(eventOf(stage.vendor.state, { type, user: "U0AVERY", text: words })).body }))).toEqual(
      ignored("unknown_type"),
    ),
  )

  test.each(["shortcut", "message_action", "block_suggestion", "view_closed", "dialog_submission", "interactive_message", "constructor"])(
    "an interaction of the kind %s",
    async (type) => {
      const payload = { type, user: { id: "U0AVERY" }, team: { id: "T0LARKSPUR" }, view: {}, actions: [{ value: words }], callback_id: words }
      const response = await postSigned({ body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), type: formType })
      expect([response.status, await response.text()]).toEqual([200, ""])
      expect(events).toEqual([])
      expect(stage.reports).toMatchObject([{ event: "slack_ignored" }])
      expect(JSON.stringify(stage.reports)).not.toContain("words")
    },
  )

  test("a certificate check never acts, whatever comes with it", async () => {
    const payload = JSON.stringify({
      type: "block_actions",
      user: { id: "U0AVERY" },
      team: { id: "T0LARKSPUR" },
      trigger_id: "1.2.3",
      container: { type: "message", channel_id: dmOf("U0AVERY"), message_ts: "1.2" },
      actions: [{ type: "button", action_id: "erase#0", block_id: "b", value: "row-1" }],
    })
    const beside = { payload, command: "/rapport", text: "stop", user_id: "U0AVERY", team_id: "T0LARKSPUR", trigger_id: "1.2.3" }
    for (const body of [
      "ssl_check=1",
      `ssl_check=1&${new URLSearchParams(beside).toString()}`,
      `${new URLSearchParams(beside).toString()}&ssl_check=1`,
    ])
      for (const response of [await postSigned({ body, type: formType }), await post({ body, type: formType })])
        expect([response.status, await response.text()]).toEqual([200, ""])
    expect(events).toEqual([])
  })

  test("Slack's question whether we are here is answered only where Slack asks it", async () => {
    const body = JSON.stringify({ type: "url_verification", challenge: "are you there", token: "x" })
    expect(await (await postSigned({ body })).json()).toEqual({ challenge: "are you there" })
    expect(await cameOf(post({ body }))).toEqual(refused(401))
  })
})
