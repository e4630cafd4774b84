// One person on Slack and on Teams: each message goes to one of the two, the one they chose or used last, and what they write is one record.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { connectWorkspace, linkAccount, pauseWorkspace } from "../../../db/queries/workspaces.ts"
import { createApp } from "../../../src/app.ts"
import { runLane } from "../../../src/delivery/lane.ts"
import type { PlatformName, Workspace } from "../../../src/platform/account.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName } from "../../support/school.ts"
import { keptWords, shown } from "../conversation/knock.ts"
import { goLive, leasesRunOut, openPost, openVendor, oweTo, type Post, rowsOf, type Vendor } from "./vendor.ts"

let database: TestDatabase
let post: Post
let slack: Vendor
let teams: Vendor
let places: Record<"slack" | "teams", Workspace>
let receive: (event: InboundEvent) => Promise<Answer>
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  post = await openPost(database.db, now)
  ;[slack, teams] = [openVendor("slack"), openVendor("teams")]
  post.deps = {
    ...post.deps,
    platforms: new Map<PlatformName, Vendor>([
      ...([
        ["slack", slack],
        ["teams", teams],
      ] as const),
    ]),
  }
  places = { slack: { platform: "slack", tenant: `T-${randomUUID()}` }, teams: { platform: "teams", tenant: randomUUID() } }
  await look(post.school, sql`delete from address`)
  await look(post.school, sql`update person set grade = '12'`)
  for (const place of Object.values(places))
    await withoutSchool(database.db, async (tx) => {
      await connectWorkspace(tx, place, post.school.id)
      for (const who of ["ada", "rivera"] as const) await linkAccount(tx, { ...place, user: who }, post.school.id, post.school.people[who])
    })
  await goLive(post.school)
  receive = createApp(post.deps).receive
})

const types = (place: "slack" | "teams", who: PersonName, text: string): Promise<Answer> => {
  post.later(1)
  const account = { ...places[place], user: who }
  return receive({
    ...{ id: randomUUID(), at: post.clock.at, from: { account, route: `${place}:${who}` }, where: "direct", kind: "said" },
    ...{ messageId: randomUUID(), text },
  })
}
const run = async (): Promise<void> => {
  for (let round = 0; round < 3; round++) for (const place of Object.values(places)) await runLane(post.deps, post.letters, post.school.id, place)
}
const arrived = () => ({ slack: slack.inbox.length, teams: teams.inbox.length })

describe("a message to somebody on two platforms", () => {
  test("goes to the one they used last", async () => {
    await types("slack", "rivera", "help")
    await types("teams", "rivera", "help")
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 0, teams: 1 })
  })

  test("goes to the one they used last before it leaves, though it was owed to the other; and there once", async () => {
    await types("slack", "rivera", "help")
    await oweTo(post, "rivera", { dueAt: new Date(now.getTime() + 3_600_000) })
    post.later(3_000)
    await types("teams", "rivera", "help")
    post.later(3_600)
    await run()
    expect(arrived()).toEqual({ slack: 0, teams: 1 })
    expect((await rowsOf(post)).map(({ state, attempt }) => [state, attempt])).toEqual([["sent", 1]])
  })

  test("goes to the one they chose, whatever they use afterwards, until they choose the other", async () => {
    await types("slack", "rivera", "hello")
    expect(shown(await types("teams", "rivera", "here"))).toBe(
      "From now on I write to you here, in Teams, and no longer in Slack. To change it back, type the same there.",
    )
    await types("slack", "rivera", "hello")
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 0, teams: 1 })
    expect(shown(await types("slack", "rivera", "/rapport aquí"))).toContain("here, in Slack, and no longer in Teams")
    await types("teams", "rivera", "hello")
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 1, teams: 1 })
  })

  test("goes to the other where the chosen one refuses them, or is refused to us", async () => {
    await types("slack", "rivera", "hello")
    await types("teams", "rivera", "here")
    await look(post.school, sql`update address set trouble = 'BotDisabledByUser' where platform = 'teams'`)
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 1, teams: 0 })
    await look(post.school, sql`update address set trouble = null`)
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, places.teams, "AADSTS7000215"))
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 2, teams: 0 })
  })

  test("does not move because the app was installed for them on the other", async () => {
    await types("slack", "rivera", "help")
    post.later(60)
    const account = { ...places.teams, user: "rivera" }
    await receive({ ...{ id: randomUUID(), at: post.clock.at, from: { account, route: "teams:rivera" } }, where: "direct", kind: "arrived" })
    await look(post.school, sql`delete from delivery`)
    await oweTo(post, "rivera")
    await run()
    expect(arrived()).toEqual({ slack: 1, teams: 0 })
  })

  test("stays where it may have arrived: an alert is repeated there, and never at the other too", async () => {
    await types("teams", "rivera", "hello")
    await types("slack", "rivera", "hello")
    await types("teams", "rivera", "here")
    teams.onFind = () => "unknowable"
    teams.onSend = ({ nth }) => (nth === 1 ? "lost_answer" : "arrives")
    await oweTo(post, "rivera", { kind: "safety_alert", urgent: true })
    await runLane(post.deps, post.letters, post.school.id, places.teams)
    await types("slack", "rivera", "here")
    await leasesRunOut(post)
    await run()
    expect(arrived()).toEqual({ slack: 0, teams: 2 })
  })

  test("is sent once, however many lanes of both run while its person moves", async () => {
    await types("slack", "rivera", "hello")
    for (let n = 0; n < 20; n++) await oweTo(post, "rivera")
    await types("teams", "rivera", "here")
    await Promise.all(Array.from({ length: 4 }, run))
    expect(arrived()).toEqual({ slack: 0, teams: 20 })
    expect(new Set(teams.inbox.map(({ deliveryId }) => deliveryId)).size).toBe(20)
  })
})

describe("a student on two platforms", () => {
  test("writes one record, wherever a part of it is written", async () => {
    expect(shown(await types("teams", "ada", "I built a crane."))).toContain("I have kept your words")
    await types("slack", "ada", "And a tower after it.")
    const replies = await look<{ who: string }>(post.school, sql`select p.sourced_id as who from reply r join person p on p.id = r.student_id`)
    expect(replies).toEqual([{ who: "ada" }])
    expect(await keptWords(post.school)).toEqual(["I built a crane.", "And a tower after it."])
  })

  test("answers with one word here, and chooses with a sentence", async () => {
    await types("slack", "ada", "hello")
    expect(shown(await types("teams", "ada", "here"))).not.toContain("From now on")
    expect(shown(await types("teams", "ada", "Write to me here!"))).toContain("From now on I write to you here, in Teams")
    expect(shown(await types("slack", "ada", "escríbeme aquí"))).toContain("here, in Slack")
  })
})

test("who has one account alone hears that it is the one", async () => {
  expect(shown(await types("teams", "rivera", "here"))).toBe("You have me only here, so here is where I write to you.")
})
