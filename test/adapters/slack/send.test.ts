// One request a send, whatever the answer; and what may have left is found again by its delivery.
import { afterEach, describe, expect, test } from "vitest"
import type { Address } from "../../../src/platform/account.ts"
import { quiet } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { DeliveryFailure } from "../../../src/platform/failure.ts"
import { message, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { openSlackStage, type SlackStage, type StageOptions, slackFailures } from "../slack-harness.ts"
import { dmOf } from "./vendor/state.ts"

const stages: SlackStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})
const events: InboundEvent[] = []
async function open(options: StageOptions = {}): Promise<SlackStage> {
  events.length = 0
  const stage = await openSlackStage(async (event) => {
    events.push(event)
    return quiet
  }, options)
  stages.push(stage)
  return stage
}

const hello = message("Hello", [text(prose`Hello.`)])
const to = (route: string, tenant = "T0LARKSPUR"): Address => ({ account: { platform: "slack", tenant, user: "U0AVERY" }, route })
const dm = to(dmOf("U0AVERY"))
const failureOf = (trying: Promise<unknown>) =>
  trying.then(
    () => "no failure",
    (error: unknown) => (error instanceof DeliveryFailure ? error.failure : error),
  )
const oauth = { kind: "oauth", clientId: "c", clientSecret: "s", stateSecret: "x", publicUrl: "https://rapport.example" } as const

describe("a send", () => {
  test.each(slackFailures.map(({ name, failure }) => [name, failure] as const))("that ends in %s was one request", async (name, failure) => {
    const stage = await open()
    await stage.slack.team()
    const before = stage.vendor.calls.length
    stage.vendor.fail(name)
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toEqual(failure)
    expect(stage.vendor.calls.slice(before).map(({ method }) => method)).toEqual(["chat.postMessage"])
  })

  test.each([
    ["hang", "absent"],
    ["hang_after", { address: dm, messageId: expect.stringMatching(/^D/) }],
  ])("that is never answered (%s) ends by itself, as one request", async (name, found) => {
    const stage = await open({ slack: () => ({ timeoutMs: 150 }) })
    await stage.slack.team()
    const before = stage.vendor.calls.length
    stage.vendor.fail(name)
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toMatchObject({ reason: "uncertain" })
    expect(stage.vendor.calls.slice(before)).toHaveLength(1)
    expect(await stage.slack.find(dm, "d-1", new Date())).toEqual(found)
  })

  test("one that is told to wait holds up nobody else", async () => {
    const stage = await open()
    stage.vendor.fail("rate:3600")
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toEqual({ reason: "busy", retryAfterMs: 3_600_000 })
    expect(await stage.slack.send(dm, hello, "d-2")).toMatchObject({ address: dm })
  })

  test("to somebody whose conversation is not known goes to the person, and the receipt names the conversation", async () => {
    const stage = await open()
    const receipt = await stage.slack.send(to("user:U0AVERY"), hello, "d-1")
    expect(receipt).toEqual({ address: dm, messageId: expect.stringMatching(/^D0AVERY\/\d+\.\d+$/) })
  })

  test("carries its delivery's id, no student's words where the screen is locked, and nothing that is fetched", async () => {
    const stage = await open()
    await stage.slack.send(dm, message("A summary & more", [text(prose`Words of ${"<!here>"}.`)]), "d-1")
    const [sent] = stage.vendor.seenBy("U0AVERY")
    expect(sent?.metadata).toEqual({ event_type: "rapport_delivery", event_payload: { delivery_id: "d-1" } })
    expect(sent?.args).toMatchObject({
      text: "A summary &amp; more",
      unfurl_links: "false",
      unfurl_media: "false",
      link_names: "false",
      parse: "none",
    })
  })

  test.each(["", "user:", "C0GENERAL", "D1; drop", "https://evil.example"])(
    "by a route that is none is unreachable without a request: %j",
    async (route) => {
      const stage = await open()
      await stage.slack.team()
      const before = stage.vendor.calls.length
      expect(await failureOf(stage.slack.send(to(route), hello, "d-1"))).toEqual({ reason: "unreachable", detail: "no_such_route" })
      expect(stage.vendor.calls).toHaveLength(before)
    },
  )
})

describe("whose token", () => {
  test("with one bot token, another workspace is denied and not written to", async () => {
    const stage = await open()
    expect(await stage.slack.team()).toBe("T0LARKSPUR")
    expect(await failureOf(stage.slack.send(to("D0AVERY", "T0OTHER"), hello, "d-1"))).toEqual({ reason: "denied", detail: "no_token" })
    expect(stage.vendor.requests()).toBe(0)
  })

  test("Slack is asked once whose the token is, by however many at once", async () => {
    const stage = await open()
    await Promise.all(Array.from({ length: 20 }, (_, i) => stage.slack.send(dm, hello, `d-${i}`)))
    expect(stage.vendor.calls.filter(({ method }) => method === "auth.test")).toHaveLength(1)
  })

  test.each([
    ["cut_before", { reason: "busy", retryAfterMs: 5_000 }],
    ["rate:9", { reason: "busy", retryAfterMs: 9_000 }],
    ["invalid_auth", { reason: "denied", detail: "invalid_auth" }],
  ])("where that fails (%s) nothing was sent, and it is asked again", async (name, failure) => {
    const stage = await open()
    stage.vendor.fail(name, "auth.test")
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toEqual(failure)
    expect(stage.vendor.requests()).toBe(0)
    expect(await stage.slack.send(dm, hello, "d-1")).toMatchObject({ address: dm })
  })

  test("with OAuth the token is the tenant's own, read at most once a minute", async () => {
    let reads = 0
    let now = new Date("2027-01-11T10:00:00Z")
    const stage = await open({
      slack: (vendor) => ({
        access: oauth,
        now: () => now,
        tokens: {
          get: async () => {
            reads += 1
            return JSON.stringify({ bot: { token: vendor.team.botToken } })
          },
          put: async () => undefined,
          delete: async () => undefined,
        },
      }),
    })
    await stage.slack.send(dm, hello, "d-1")
    await stage.slack.send(dm, hello, "d-2")
    expect([reads, await stage.slack.team()]).toEqual([1, null])
    now = new Date(now.getTime() + 61_000)
    await stage.slack.send(dm, hello, "d-3")
    expect(reads).toBe(2)
  })

  test.each(["not json", "[]", "{}", '{"bot":{}}', '{"bot":{"token":7}}'])("what is kept and holds no token is as none: %s", async (kept) => {
    const stage = await open({ slack: () => ({ access: oauth }) })
    stage.stored.set("T0LARKSPUR", kept)
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toEqual({ reason: "denied", detail: "no_token" })
  })

  test("where the store is away, it is tried again soon", async () => {
    const stage = await open({
      slack: () => ({
        access: oauth,
        tokens: { get: () => Promise.reject(new Error("away")), put: async () => undefined, delete: async () => undefined },
      }),
    })
    expect(await failureOf(stage.slack.send(dm, hello, "d-1"))).toEqual({ reason: "busy", retryAfterMs: 1_000 })
  })

  test.each(["uninstall", "revoke"] as const)("it is deleted once the core knows that the workspace said goodbye (%s)", async (goodbye) => {
    const stage = await open({ slack: () => ({ access: oauth }) })
    stage.stored.set("T0LARKSPUR", JSON.stringify({ bot: { token: stage.vendor.team.botToken } }))
    await stage.slack.send(dm, hello, "d-1")
    expect((await stage.vendor[goodbye]()).accepted).toBe(true)
    expect(events.at(-1)).toMatchObject({ kind: "disconnected", workspace: { platform: "slack", tenant: "T0LARKSPUR" } })
    expect(stage.stored.size).toBe(0)
    expect(await failureOf(stage.slack.send(dm, hello, "d-2"))).toEqual({ reason: "denied", detail: "no_token" })
  })

  test("of a newer installation it stays: it is deleted only where it was kept a minute before that goodbye", async () => {
    const dropped: { tenant: string; before: Date }[] = []
    const stage = await open({
      slack: () => ({
        access: oauth,
        tokens: { get: async () => null, put: async () => undefined, delete: async (tenant, before) => void dropped.push({ tenant, before }) },
      }),
    })
    await stage.vendor.uninstall()
    const said = events.at(-1)?.at.getTime() ?? 0
    expect(dropped).toEqual([{ tenant: "T0LARKSPUR", before: new Date(said - 60_000) }])
  })

  test("it stays while the core could not take that goodbye", async () => {
    const stage = await openSlackStage(() => Promise.reject(new Error("away")), { slack: () => ({ access: oauth }) })
    stages.push(stage)
    stage.stored.set("T0LARKSPUR", "{}")
    expect((await stage.vendor.uninstall()).accepted).toBe(false)
    expect(stage.stored.size).toBe(1)
  })
})

describe("the direct conversation", () => {
  test("is opened once and remembered", async () => {
    const stage = await open()
    const account = { platform: "slack", tenant: "T0LARKSPUR", user: "U0AVERY" } as const
    expect(await stage.slack.reach(account)).toEqual(dm)
    expect(await stage.slack.reach(account)).toEqual(dm)
    expect(stage.vendor.calls.filter(({ method }) => method === "conversations.open")).toHaveLength(1)
  })

  test.each([
    ["U0ROBOT", "cannot_dm_bot"],
    ["U0GONE", "user_disabled"],
    ["U0NOBODY", "user_not_found"],
  ])("with %s cannot be had: %s", async (user, detail) => {
    const stage = await open()
    expect(await failureOf(stage.slack.reach({ platform: "slack", tenant: "T0LARKSPUR", user }))).toEqual({ reason: "unreachable", detail })
  })
})

describe("what may have left", () => {
  test("is found behind a page of other messages, and among them only by its own id", async () => {
    const stage = await open()
    const since = new Date()
    const receipt = await stage.slack.send(dm, hello, "d-1")
    for (let i = 0; i < 20; i++) await stage.vendor.say("U0AVERY", `line ${i}`)
    expect(await stage.slack.find(dm, "d-1", since)).toEqual(receipt)
    expect(await stage.slack.find(dm, "d-9", since)).toBe("absent")
    expect(await stage.slack.find(to("user:U0AVERY"), "d-1", since)).toEqual(receipt)
  })

  test("is unknowable where more was written since than can be read", async () => {
    const stage = await open()
    const since = new Date()
    await stage.slack.send(dm, hello, "d-1")
    for (let i = 0; i < 70; i++) await stage.vendor.say("U0AVERY", `line ${i}`)
    expect(await stage.slack.find(dm, "d-1", since)).toBe("unknowable")
  })

  test("is looked for no further back than a minute before its first try", async () => {
    const stage = await open()
    await stage.slack.send(dm, hello, "d-1")
    expect(await stage.slack.find(dm, "d-1", new Date(Date.now() + 50_000))).not.toBe("absent")
    expect(await stage.slack.find(dm, "d-1", new Date(Date.now() + 70_000))).toBe("absent")
  })

  test("cannot be looked for while Slack is busy, and says so", async () => {
    const stage = await open()
    stage.vendor.fail("rate:60", "conversations.history")
    expect(await failureOf(stage.slack.find(dm, "d-1", new Date()))).toEqual({ reason: "busy", retryAfterMs: 60_000 })
  })
})
