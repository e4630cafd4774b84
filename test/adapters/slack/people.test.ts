// What a workspace says of its people: only what Slack itself confirmed, page by page, as slowly as Slack wants.
import { afterEach, expect, test } from "vitest"
import type { Profile } from "../../../src/platform/account.ts"
import { quiet } from "../../../src/platform/answer.ts"
import { DeliveryFailure } from "../../../src/platform/failure.ts"
import { openSlackStage, type SlackStage, type StageOptions } from "../slack-harness.ts"
import type { VendorOptions } from "./vendor/vendor.ts"

const stages: SlackStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

async function stageWith(people: VendorOptions["people"], options: Partial<VendorOptions> = {}, slack: StageOptions["slack"] = () => ({})) {
  const slept: number[] = []
  const stage = await openSlackStage(async () => quiet, {
    vendor: { people, ...options },
    slack: (vendor, origin) => ({ sleep: async (ms) => void slept.push(ms), ...slack(vendor, origin) }),
  })
  stages.push(stage)
  return { stage, slept }
}

async function all(people: AsyncIterable<Profile>): Promise<Profile[]> {
  const found: Profile[] = []
  for await (const profile of people) found.push(profile)
  return found
}
const account = (user: string) => ({ platform: "slack" as const, tenant: "T0LARKSPUR", user })
const failureOf = (trying: Promise<unknown>) =>
  trying.then(
    () => "no failure",
    (error: unknown) => (error instanceof DeliveryFailure ? error.failure : error),
  )

test("everybody is read, page after page; bots, Slack itself and who has left are not people", async () => {
  const { stage } = await stageWith(
    [
      ...Array.from({ length: 7 }, (_, i) => ({ id: `U0P${i}` })),
      { id: "U0ROBOT", bot: true },
      { id: "USLACKBOT" },
      { id: "U0GONE", deleted: true },
      { id: "U0LAST" },
    ],
    { usersMost: 3 },
  )
  const found = await all(stage.slack.people("T0LARKSPUR"))
  expect(found.map((profile) => profile.account.user)).toEqual([...Array.from({ length: 7 }, (_, i) => `U0P${i}`), "U0LAST"])
  expect(stage.vendor.calls.filter(({ method }) => method === "users.list")).toHaveLength(4)
})

test("zone and language are taken over, an e-mail only where Slack saw it confirmed", async () => {
  const { stage } = await stageWith([
    { id: "U0JO", email: "jo@larkspur.example", tz: "America/Denver", locale: "es-ES" },
    { id: "U0NEW", email: "new@larkspur.example", emailConfirmed: false, locale: "pt-BR" },
    { id: "U0NONE", email: null, locale: "", tz: "" },
  ])
  expect(await all(stage.slack.people("T0LARKSPUR"))).toEqual([
    { account: account("U0JO"), email: "jo@larkspur.example", zone: "America/Denver", language: "es", guest: false },
    { account: account("U0NEW"), email: null, zone: "America/Los_Angeles", language: "pt", guest: false },
    { account: account("U0NONE"), email: null, zone: null, language: null, guest: false },
  ])
})

test("guests of every kind are told from people of the workspace", async () => {
  const { stage } = await stageWith([
    { id: "U0A", guest: "single_channel" },
    { id: "U0B", guest: "multi_channel" },
    { id: "U0C", guest: "stranger" },
    { id: "U0D", team: "T0ELSEWHERE" },
    { id: "U0E" },
    { id: "U0F", team: "T0ELSEWHERE", teams: ["T0OTHER"] },
    { id: "U0G", team: "T0ELSEWHERE", teams: ["T0ELSEWHERE", "T0LARKSPUR"] },
  ])
  const found = await all(stage.slack.people("T0LARKSPUR"))
  expect(found.map(({ guest }) => guest)).toEqual([true, true, true, true, false, true, false])
  expect((await stage.slack.profile(account("U0D")))?.guest).toBe(true)
})

test("asked to wait it waits what Slack says, between a second and a minute, and goes on", async () => {
  const { stage, slept } = await stageWith([{ id: "U0A" }, { id: "U0B" }], { usersMost: 1 })
  for (const name of ["rate:7", "rate:0", "rate:86400", "rate", "ratelimited"]) stage.vendor.fail(name, "users.list")
  expect(await all(stage.slack.people("T0LARKSPUR"))).toHaveLength(2)
  expect(slept).toEqual([7_000, 30_000, 60_000, 30_000, 30_000])
})

test("told to wait for ever it gives up", async () => {
  const { stage } = await stageWith([{ id: "U0A" }], { trouble: (method) => (method === "users.list" ? "rate:5" : null) })
  expect(await failureOf(all(stage.slack.people("T0LARKSPUR")))).toEqual({ reason: "busy", retryAfterMs: 5_000 })
})

test.each([
  ["missing_scope", { reason: "denied", detail: "missing_scope" }],
  ["cut_before", { reason: "uncertain", detail: "request_failed" }],
])("what else goes wrong (%s) is told by its reason", async (name, failure) => {
  const { stage } = await stageWith([{ id: "U0A" }])
  stage.vendor.fail(name, "users.list")
  expect(await failureOf(all(stage.slack.people("T0LARKSPUR")))).toEqual(failure)
  stage.vendor.fail(name, "users.info")
  expect(await failureOf(stage.slack.profile(account("U0A")))).toEqual(failure)
})

test("one account is described alone; nobody, a bot and who has left are not", async () => {
  const { stage } = await stageWith([{ id: "U0A" }, { id: "U0ROBOT", bot: true }, { id: "U0GONE", deleted: true }])
  expect(await stage.slack.profile(account("U0A"))).toMatchObject({ account: account("U0A"), guest: false })
  expect(await Promise.all(["U0NOBODY", "U0ROBOT", "U0GONE"].map((user) => stage.slack.profile(account(user))))).toEqual([null, null, null])
})

test("with OAuth each tenant is asked by its own token, and one without a token is denied", async () => {
  const { stage } = await stageWith([{ id: "U0A" }], {}, () => ({
    access: { kind: "oauth", clientId: "c", clientSecret: "s", stateSecret: "x", publicUrl: "https://rapport.example" },
  }))
  expect(await failureOf(all(stage.slack.people("T0LARKSPUR")))).toEqual({ reason: "denied", detail: "no_token" })
  stage.stored.set("T0LARKSPUR", JSON.stringify({ bot: { token: stage.vendor.team.botToken } }))
  expect(await all(stage.slack.people("T0LARKSPUR"))).toHaveLength(1)
})
