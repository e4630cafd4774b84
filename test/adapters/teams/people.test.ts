// What an account of Teams says of a person, asked in the one conversation that the bot has with them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { Account } from "../../../src/platform/account.ts"
import { avery, failureOf, guest, jo, nobody, openStage, type Stage } from "./stage.ts"

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  for (const user of [avery, jo, guest]) await stage.vendor.say(user, "hello")
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.vendor.change(avery, { email: "avery@larkspur.example", upn: "avery@larkspur.example", role: "user" })
})

const account = (user: string, over: Partial<Account> = {}): Account => ({ platform: "teams", tenant: stage.vendor.tenant, user, ...over })

describe("a profile", () => {
  test("has the tenant's own e-mail, and zone and language of the device", async () => {
    expect(await stage.teams.profile(account(jo))).toEqual({
      account: account(jo),
      email: "jo@larkspur.example",
      zone: "America/Denver",
      language: "es",
      guest: false,
    })
  })

  test("is one request, in their own conversation", async () => {
    const before = stage.vendor.calls.length
    await stage.teams.profile(account(avery))
    expect(stage.vendor.calls.slice(before)).toMatchObject([
      { kind: "member", conversation: stage.vendor.people.get(avery)?.conversation, activity: avery },
    ])
  })

  test("without a mailbox has the name that they sign in with", async () => {
    stage.vendor.change(avery, { email: null })
    expect(await stage.teams.profile(account(avery))).toMatchObject({ email: "avery@larkspur.example", guest: false })
  })

  test("of a guest says so", async () => {
    expect(await stage.teams.profile(account(guest))).toMatchObject({ guest: true })
    stage.vendor.change(avery, { role: "anonymous" })
    expect(await stage.teams.profile(account(avery))).toMatchObject({ guest: true })
  })

  test("of a guest without a mailbox has no e-mail made of their name", async () => {
    stage.vendor.change(avery, { email: null, upn: "avery_elsewhere.example#EXT#@larkspur.example" })
    expect(await stage.teams.profile(account(avery))).toMatchObject({ email: null, guest: true })
  })

  test("of somebody who never wrote, of another tenant or another platform is none, and nobody is asked", async () => {
    const before = stage.vendor.calls.length
    expect(await stage.teams.profile(account(nobody))).toBeNull()
    expect(await stage.teams.profile(account(avery, { tenant: "elsewhere" }))).toBeNull()
    expect(await stage.teams.profile(account(avery, { platform: "slack" }))).toBeNull()
    expect(stage.vendor.calls).toHaveLength(before)
  })

  test("of somebody whom Teams does not know there is none, and where they were thought to be is not asked again", async () => {
    stage.vendor.fail("404", "member")
    expect(await stage.teams.profile(account(avery))).toBeNull()
    const before = stage.vendor.calls.length
    expect(await stage.teams.profile(account(avery))).toBeNull()
    expect(stage.vendor.calls).toHaveLength(before)
    await stage.vendor.say(avery, "hello")
    expect(await stage.teams.profile(account(avery))).toMatchObject({ email: "avery@larkspur.example" })
  })

  test("is had by a route that was kept, where the process has not met them: one request", async () => {
    const { route } = await stage.teams.reach(account(jo))
    await stage.restart()
    const before = stage.vendor.calls.length
    expect(await stage.teams.profile(account(jo), route)).toMatchObject({ email: "jo@larkspur.example" })
    expect(stage.vendor.calls.slice(before).filter(({ kind }) => kind !== "token")).toMatchObject([{ kind: "member", activity: jo }])
    for (const user of [avery, jo, guest]) await stage.vendor.say(user, "hello")
  })

  test("of somebody who blocked the bot cannot be had, which is not to say that they are nobody", async () => {
    stage.vendor.fail("403:sub:MessageWritesBlocked", "member")
    expect(await failureOf(stage.teams.profile(account(avery)))).toEqual({ reason: "unreachable", detail: "MessageWritesBlocked" })
  })

  test("that cannot be had now says why", async () => {
    stage.vendor.fail("429:60", "member")
    expect(await failureOf(stage.teams.profile(account(avery)))).toEqual({ reason: "busy", retryAfterMs: 60_000 })
  })
})

test("nobody is listed", async () => {
  const listed = []
  for await (const profile of stage.teams.people(stage.vendor.tenant)) listed.push(profile)
  expect(listed).toEqual([])
})
