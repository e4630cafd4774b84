// One request a send, whatever the answer; and how a conversation is opened for who is known by their account alone.
import { afterEach, describe, expect, test } from "vitest"
import { routeTo } from "../../../adapters/teams/route.ts"
import type { Account, Address } from "../../../src/platform/account.ts"
import type { Failure } from "../../../src/platform/failure.ts"
import { message, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { avery, failureOf, jo, nobody, openStage, type Stage, type StageOptions, without } from "./stage.ts"

const stages: Stage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})
async function open(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options)
  stages.push(stage)
  return stage
}

const hello = message("Hello", [text(prose`Hello.`)])
const accountIn = ({ vendor }: Stage, user: string): Account => ({ platform: "teams", tenant: vendor.tenant, user })
/** Avery's conversation, with the app's token already there. */
async function ready(stage: Stage): Promise<Address> {
  return stage.teams.reach(accountIn(stage, avery))
}
const kinds = ({ vendor }: Stage, from = 0) => vendor.calls.slice(from).map(({ kind }) => kind)

const uncertain = (detail: string): Failure => ({ reason: "uncertain", detail })
const failures: readonly [string, Failure][] = [
  ["403:BotDisabledByUser", { reason: "unreachable", detail: "BotDisabledByUser" }],
  ["403:MessageWritesBlocked", { reason: "unreachable", detail: "MessageWritesBlocked" }],
  ["403:sub:MessageWritesBlocked", { reason: "unreachable", detail: "MessageWritesBlocked" }],
  ["403:BotNotInConversationRoster", { reason: "unreachable", detail: "BotNotInConversationRoster" }],
  ["404", { reason: "unreachable", detail: "ConversationNotFound", lost: true }],
  ["403:BotDisabledByAdmin", { reason: "denied", detail: "BotDisabledByAdmin" }],
  ["403:NotEnoughPermissions", { reason: "denied", detail: "NotEnoughPermissions" }],
  // By a token that was taken before.
  ["401", { reason: "busy", retryAfterMs: 1_000 }],
  ["429", { reason: "busy", retryAfterMs: 1_000 }],
  ["429:30", { reason: "busy", retryAfterMs: 30_000 }],
  ["429:99999", { reason: "busy", retryAfterMs: 3_600_000 }],
  ["412", { reason: "busy", retryAfterMs: 1_000 }],
  ["400", { reason: "invalid", detail: "BadSyntax" }],
  ["413", { reason: "invalid", detail: "MessageSizeTooBig" }],
  ["408", uncertain("http_408")],
  ["500", uncertain("ServiceError")],
  ["500:taken", uncertain("ServiceError")],
  ["503:7", uncertain("http_503")],
  ["cut_before", uncertain("request_failed")],
  ["cut_after", uncertain("request_failed")],
  ["page", uncertain("no_receipt")],
  ["elsewhere", uncertain("http_307")],
]

describe("a send", () => {
  test.each(failures)("that ends in %s was one request", async (name, failure) => {
    const stage = await open()
    const to = await ready(stage)
    const before = stage.vendor.calls.length
    stage.vendor.fail(name)
    expect(await failureOf(stage.teams.send(to, hello, "d-1"))).toEqual(failure)
    expect(kinds(stage, before)).toEqual(["send"])
  })

  test.each(["hang", "hang_after"])("that is never answered (%s) ends by itself, as one request", async (name) => {
    const stage = await open({ teams: () => ({ timeoutMs: 150 }) })
    const to = await ready(stage)
    const before = stage.vendor.calls.length
    stage.vendor.fail(name)
    expect(await failureOf(stage.teams.send(to, hello, "d-1"))).toEqual(uncertain("timeout"))
    expect(kinds(stage, before)).toEqual(["send"])
    expect(await stage.teams.find(to, "d-1", new Date())).toBe("unknowable")
  })

  test("that finds nobody listening never left, and is no doubt", async () => {
    const stage = await open({
      teams: ({ endpoints }) => ({ endpoints: { ...endpoints, serviceUrls: [...endpoints.serviceUrls, "http://127.0.0.1:9/"] } }),
    })
    await ready(stage)
    const route = routeTo({ serviceUrl: "http://127.0.0.1:9/", conversationId: "a:1", botId: `28:${stage.vendor.appId}` })
    expect(await failureOf(stage.teams.send({ account: accountIn(stage, avery), route }, hello, "d-1"))).toEqual({
      reason: "busy",
      retryAfterMs: 30_000,
    })
  })

  test("whose token is refused once is sent again with another; that one refused as well, it is the app that is turned away", async () => {
    const stage = await open()
    const to = await ready(stage)
    for (const name of ["401", "401", "401"]) stage.vendor.fail(name)
    const together = await Promise.all(["d-1", "d-2"].map((id) => failureOf(stage.teams.send(to, hello, id))))
    expect(together).toEqual(Array.from(together, () => ({ reason: "busy", retryAfterMs: 1_000 })))
    const before = stage.vendor.calls.length
    expect(await failureOf(stage.teams.send(to, hello, "d-1"))).toEqual({ reason: "denied", detail: "BotNotRegistered" })
    expect(await stage.teams.send(to, hello, "d-1")).toMatchObject({ address: to })
    expect(kinds(stage, before)).toEqual(["token", "send", "token", "send"])
  })

  test("by a new token that is refused is a refusal of the app's", async () => {
    const stage = await open()
    stage.vendor.fail("401", "open")
    expect(await failureOf(ready(stage))).toEqual({ reason: "denied", detail: "BotNotRegistered" })
  })

  test("one that is told to wait holds up nobody else", async () => {
    const stage = await open()
    const to = await ready(stage)
    stage.vendor.fail("429:3600")
    expect(await failureOf(stage.teams.send(to, hello, "d-1"))).toEqual({ reason: "busy", retryAfterMs: 3_600_000 })
    expect(await stage.teams.send(to, hello, "d-2")).toMatchObject({ address: to })
  })

  test("is a card, with a summary for a locked screen and no other words, as the bot", async () => {
    const stage = await open()
    const to = await ready(stage)
    const receipt = await stage.teams.send(to, message("A summary & more", [text(prose`Words of ${"<at>all</at>"}.`)]), "d-1")
    const sent = stage.vendor.seenBy(avery).at(-1)
    expect(receipt).toEqual({ address: to, messageId: `${sent?.conversation}/${sent?.id}` })
    expect(sent).toMatchObject({ summary: "A summary & more", text: "", by: null })
    expect(stage.vendor.calls.at(-1)?.body).toMatchObject({
      type: "message",
      from: { id: `28:${stage.vendor.appId}` },
      recipient: { aadObjectId: avery },
      conversation: { tenantId: stage.vendor.tenant },
    })
  })

  test("a card that Teams would refuse for its size is not sent", async () => {
    const stage = await open()
    const to = await ready(stage)
    const before = stage.vendor.calls.length
    const buttons = Array.from({ length: 5 }, (_, i) => ({ action: "a".repeat(60), id: "字".repeat(250), label: `${i}` }))
    const huge = message(
      "Much",
      Array.from({ length: 30 }, () => ({ kind: "buttons" as const, buttons })),
    )
    expect(await failureOf(stage.teams.send(to, huge, "d-1"))).toEqual({ reason: "invalid", detail: "not_built" })
    expect(kinds(stage, before)).toEqual([])
  })

  test.each(["", "user:", "user:somebody", "a:1", "{}", '{"s":"https://evil.example/","c":"a:1","b":"28:x"}'])(
    "by a route that is none is unreachable without a request: %j",
    async (route) => {
      const stage = await open()
      expect(await failureOf(stage.teams.send({ account: accountIn(stage, avery), route }, hello, "d-1"))).toEqual({
        reason: "unreachable",
        detail: "no_such_route",
      })
      expect(stage.vendor.calls).toEqual([])
    },
  )

  test("to somebody who was met in a shared place opens their conversation, and the receipt names it", async () => {
    const stage = await open()
    const receipt = await stage.teams.send({ account: accountIn(stage, avery), route: `user:${avery}` }, hello, "d-1")
    expect(kinds(stage)).toEqual(["token", "open", "send"])
    expect(receipt.address).toEqual(await ready(stage))
  })
})

describe("the conversation with somebody", () => {
  test("is opened once and remembered, and its address survives JSON and a restart", async () => {
    const stage = await open()
    const to = await ready(stage)
    expect(await ready(stage)).toEqual(to)
    expect(kinds(stage)).toEqual(["token", "open"])
    await stage.restart()
    const kept: Address = JSON.parse(JSON.stringify(to))
    expect(await stage.teams.send(kept, hello, "d-1")).toMatchObject({ address: to })
    expect(kinds(stage)).toEqual(["token", "open", "token", "send"])
  })

  test("of somebody who wrote is not asked for", async () => {
    const stage = await open()
    await stage.vendor.say(avery, "hello")
    await ready(stage)
    expect(kinds(stage)).toEqual(["metadata", "keys"])
  })

  test("is asked for where the tenant's newest event came from", async () => {
    const stage = await open()
    stage.vendor.moveTo("emea")
    await stage.vendor.say(avery, "hello")
    const other = await stage.teams.reach(accountIn(stage, jo))
    expect(stage.vendor.calls.at(-1)).toMatchObject({ kind: "open", region: "emea" })
    expect(JSON.parse(other.route)).toMatchObject({ s: stage.vendor.serviceUrl("emea") })
  })

  test("that is gone is opened anew for whoever is written to next", async () => {
    const stage = await open()
    const to = await ready(stage)
    stage.vendor.fail("404")
    expect(await failureOf(stage.teams.send(to, hello, "d-1"))).toMatchObject({ reason: "unreachable" })
    const before = stage.vendor.calls.length
    await ready(stage)
    expect(kinds(stage, before)).toEqual(["open"])
  })

  test("with somebody who has not the app cannot be had", async () => {
    const stage = await open()
    expect(await failureOf(stage.teams.reach(accountIn(stage, without)))).toEqual({ reason: "unreachable", detail: "not_installed" })
    expect(await failureOf(stage.teams.reach(accountIn(stage, nobody)))).toEqual({
      reason: "unreachable",
      detail: "NotFound",
    })
  })

  test("where it is in doubt whether it opened is opened again soon: nobody saw anything", async () => {
    const stage = await open()
    await stage.teams.tryToken()
    stage.vendor.fail("cut_after", "open")
    expect(await failureOf(ready(stage))).toEqual({ reason: "busy", retryAfterMs: 5_000 })
    expect(await ready(stage)).toMatchObject({ account: { user: avery } })
  })
})
