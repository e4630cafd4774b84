import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { connectWorkspace, workspaceRows } from "../../../db/queries/workspaces.ts"
import { deliverDue } from "../../../src/ticks.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look } from "../../support/school.ts"
import { ends, leasesRunOut, onlyRow, openPost, oweTo, type Post, rowsOf } from "./vendor.ts"

let database: TestDatabase
let post: Post
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  post = await openPost(database.db, now)
})

const seconds = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1_000
const wakeOf = async (of: Post) =>
  (await look<{ at: Date }>(of.school, sql`select next_at as at from wake where tenant = ${of.workspace.tenant}`))[0]?.at

describe("a conversation that is not there any more", () => {
  const routeOf = async () => (await look<{ route: string | null }>(post.school, sql`select route from address where user_id = 'ada'`))[0]?.route
  const lost = { reason: "unreachable", detail: "ConversationNotFound", lost: true } as const

  test("is opened anew for the next message, and the trouble is over with it", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = () => lost
    await post.run()
    expect(await ends(post)).toEqual({ ada: "refused ConversationNotFound" })
    expect(await routeOf()).toBeNull()
    post.vendor.onSend = () => "arrives"
    await look(post.school, sql`delete from delivery`)
    await oweTo(post, "ada")
    await post.run()
    expect(post.vendor.calls.slice(-2)).toEqual(["reach ada", "send ada"])
    expect(await routeOf()).toBe("opened:ada")
    expect(await look(post.school, sql`select trouble from address where user_id = 'ada'`)).toEqual([{ trouble: null }])
  })

  test("leaves a newer one alone that they wrote by meanwhile, and one that refuses us is kept", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = async () => {
      await look(post.school, sql`update address set route = 'newer' where user_id = 'ada'`)
      return lost
    }
    await post.run()
    expect(await routeOf()).toBe("newer")
    await look(post.school, sql`delete from delivery`)
    await oweTo(post, "ada")
    post.vendor.onSend = () => ({ reason: "unreachable", detail: "BotDisabledByUser" })
    await post.run()
    expect(await routeOf()).toBe("newer")
  })
})

describe("a busy vendor", () => {
  test.each([
    ["30 seconds", 30_000, 30],
    ["no time", Number.NaN, 1],
    ["0", 0, 1],
    ["-1", -1_000, 1],
    ["1e9 seconds", 1e12, 3_600],
    ["a word", Number("abc"), 1],
  ])("that asks for %s is asked again after %s, clamped", async (_what, retryAfterMs, waits) => {
    await oweTo(post, "ada")
    post.vendor.onSend = ({ nth }) => (nth === 1 ? { reason: "busy", retryAfterMs } : "arrives")
    await post.run()
    const row = await onlyRow(post)
    expect([row.state, row.failure, seconds(now, row.dueAt)]).toEqual(["planned", "busy", waits])
    expect(await wakeOf(post)).toEqual(row.dueAt)
    post.later(waits)
    await post.run()
    expect(post.vendor.inbox).toHaveLength(1)
  })

  test("costs no try of what it was not asked about: rests and giving up go by tries", async () => {
    for (let i = 0; i < 24; i++) await oweTo(post, "ada")
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 30_000 })
    await post.run()
    const tries = (await rowsOf(post)).map(({ attempt }) => attempt)
    expect(post.vendor.calls.length).toBeLessThan(24)
    expect(tries.filter((attempt) => attempt > 0)).toEqual(post.vendor.calls.map(() => 1))
  })

  test("rests the whole lane, also for what is owed meanwhile", async () => {
    for (const who of ["ada", "ben"] as const) await oweTo(post, who)
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 30_000 })
    await post.run()
    const before = post.vendor.calls.length
    post.later(10)
    await oweTo(post, "cleo")
    await post.run()
    expect(post.vendor.calls).toHaveLength(before)
    expect(await wakeOf(post)).toEqual(new Date(now.getTime() + 30_000))
    post.vendor.onSend = () => "arrives"
    post.later(20)
    await post.run()
    expect(post.vendor.inbox.map(({ user }) => user).sort()).toEqual(["ada", "ben", "cleo"])
  })

  test("is not asked for the rest of the batch", async () => {
    for (let i = 0; i < 20; i++) await oweTo(post, "ada")
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 30_000 })
    await post.run()
    expect(post.vendor.calls.length).toBeLessThanOrEqual(8)
    expect((await rowsOf(post)).every(({ state }) => state === "planned")).toBe(true)
  })

  test("does not hold back safety", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 600_000 })
    await post.run()
    post.vendor.onSend = () => "arrives"
    await oweTo(post, "linde", { kind: "safety_alert", urgent: true })
    await oweTo(post, "ben")
    await post.run()
    expect(post.vendor.inbox.map(({ user }) => user)).toEqual(["linde"])
  })

  test("leaves another workspace's lane alone", async () => {
    const other = await openPost(database.db, now)
    await oweTo(post, "ada")
    await oweTo(other, "ada")
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 3_600_000 })
    await post.run()
    await other.run()
    expect(other.vendor.inbox).toHaveLength(1)
    expect(await ends(post)).toEqual({ ada: "planned busy" })
  })

  test("that stays busy is given up when the message expires", async () => {
    await oweTo(post, "ada", { expiresAt: new Date(now.getTime() + 90_000) })
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 60_000 })
    for (let i = 0; i < 2; i++) {
      await post.run()
      post.later(60)
    }
    post.later(-30)
    const { expired } = await post.run()
    expect(expired).toBe(1)
    expect(await ends(post)).toEqual({ ada: "expired too_late" })
  })
})

describe("somebody who cannot be reached", () => {
  test("is refused at once, and their address is listed as trouble", async () => {
    await oweTo(post, "ada")
    await oweTo(post, "ben")
    post.vendor.onSend = ({ user }) => (user === "ada" ? { reason: "unreachable", detail: "user_gone" } : "arrives")
    const count = await post.run()
    expect(count).toMatchObject({ sent: 1, refused: 1 })
    expect(await ends(post)).toEqual({ ada: "refused user_gone", ben: "sent" })
    const troubled = await look<{ user: string }>(post.school, sql`select user_id as "user" from address where trouble = 'user_gone'`)
    expect(troubled).toEqual([{ user: "ada" }])
  })

  test("is reached again by the next message that arrives, but for one who left: that outlasts any other reason", async () => {
    const troubles = () => look(post.school, sql`select user_id as "user", trouble from address where trouble is not null order by 1`)
    await look(post.school, sql`update address set trouble = 'left' where user_id = 'ben'`)
    post.vendor.onSend = () => ({ reason: "unreachable", detail: "blocked" })
    for (const who of ["ada", "ben"] as const) await oweTo(post, who)
    await post.run()
    expect(await troubles()).toEqual([
      { user: "ada", trouble: "blocked" },
      { user: "ben", trouble: "left" },
    ])
    post.vendor.onSend = () => "arrives"
    await oweTo(post, "ada")
    await post.run()
    expect(await troubles()).toEqual([{ user: "ben", trouble: "left" }])
  })

  test("is not tried again", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = () => ({ reason: "unreachable", detail: "user_gone" })
    await post.run()
    post.later(3_600)
    await post.run()
    expect(post.vendor.calls).toEqual(["send ada"])
  })

  test("is refused as well where no conversation can be opened with them", async () => {
    await look(post.school, sql`update address set route = null where user_id = 'ada'`)
    await oweTo(post, "ada")
    post.vendor.onReach = () => ({ reason: "unreachable", detail: "cannot_dm" })
    await post.run()
    expect(post.vendor.calls).toEqual(["reach ada"])
    expect(await ends(post)).toEqual({ ada: "refused cannot_dm" })
  })
})

test("a conversation is opened once and then remembered", async () => {
  await look(post.school, sql`update address set route = null where user_id = 'ada'`)
  await oweTo(post, "ada")
  await post.run()
  await oweTo(post, "ada")
  await post.run()
  expect(post.vendor.calls).toEqual(["reach ada", "send ada", "send ada"])
})

test("a conversation whose opening got lost is opened again, and nothing is looked for", async () => {
  await look(post.school, sql`update address set route = null where user_id = 'ada'`)
  await oweTo(post, "ada")
  post.vendor.onReach = () => ({ reason: "uncertain", detail: "timeout" })
  await post.run()
  await leasesRunOut(post)
  post.vendor.onReach = () => "opens"
  await post.run()
  expect(post.vendor.calls).toEqual(["reach ada", "reach ada", "send ada"])
})

describe("a workspace that refuses us", () => {
  test("is paused, keeps its rows, and leaves others alone", async () => {
    const other = await openPost(database.db, now)
    for (let i = 0; i < 20; i++) await oweTo(post, "ada")
    await oweTo(other, "ada")
    post.vendor.onSend = () => ({ reason: "denied", detail: "token_revoked" })
    await post.run()
    await other.run()
    const paused = (await withoutSchool(database.db, workspaceRows)).find(({ tenant }) => tenant === post.workspace.tenant)?.paused
    expect(paused).toBe("token_revoked")
    expect((await rowsOf(post)).every(({ state }) => state === "planned")).toBe(true)
    expect(post.vendor.calls.length).toBeLessThanOrEqual(8)
    expect(other.vendor.inbox).toHaveLength(1)
  })

  test("is not asked again until it is connected again; then everything goes", async () => {
    const deps = { ...post.deps, platforms: new Map([["playground" as const, post.vendor]]) }
    await oweTo(post, "ada")
    post.vendor.onSend = ({ user, nth }) => (user === "ada" && nth === 1 ? { reason: "denied", detail: "token_revoked" } : "arrives")
    await deliverDue(deps, post.letters)
    await deliverDue(deps, post.letters)
    expect(post.vendor.calls).toEqual(["send ada"])
    await withoutSchool(database.db, (tx) => connectWorkspace(tx, post.workspace, post.school.id))
    await deliverDue(deps, post.letters)
    expect(await ends(post)).toEqual({ ada: "sent", parr: "sent" })
  })

  test("is found out as well while something is looked for", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = () => "lost_answer"
    await post.run()
    await leasesRunOut(post)
    post.vendor.onFind = () => ({ reason: "denied", detail: "token_revoked" })
    await oweTo(post, "ben")
    await post.run()
    expect(post.vendor.calls).toEqual(["send ada", "find ada"])
    expect(await ends(post)).toEqual({ ada: "sending token_revoked", ben: "planned", parr: "planned" })
  })
})

test("a message that the vendor finds at fault is refused, and is not the address's trouble", async () => {
  await oweTo(post, "ada")
  post.vendor.onSend = () => ({ reason: "invalid", detail: "invalid_blocks" })
  await post.run()
  expect(await ends(post)).toEqual({ ada: "refused invalid_blocks" })
  expect(await look(post.school, sql`select 1 from address where trouble is not null`)).toEqual([])
})

describe("a send whose fate nobody knows", () => {
  const lose = async (happens: "lost_answer" | "uncertain", urgent = false) => {
    await oweTo(post, "ada", { urgent })
    post.vendor.onSend = ({ nth }) => {
      if (nth > 1) return "arrives"
      return happens === "lost_answer" ? "lost_answer" : { reason: "uncertain", detail: "timeout" }
    }
    await post.run()
    expect((await onlyRow(post)).state).toBe("sending")
    await leasesRunOut(post)
  }

  test("is settled as sent where it is found, and not sent again", async () => {
    await lose("lost_answer")
    expect(await post.run()).toMatchObject({ sent: 1 })
    expect(post.vendor.calls).toEqual(["send ada", "find ada"])
    const { state, messageId, id } = await onlyRow(post)
    expect([state, messageId]).toEqual(["sent", `m-${id}`])
  })

  test("is sent again where it is not there, in the same run", async () => {
    await lose("uncertain")
    await post.run()
    expect(post.vendor.calls).toEqual(["send ada", "find ada", "send ada"])
    expect(post.vendor.inbox).toHaveLength(1)
    expect((await onlyRow(post)).state).toBe("sent")
  })

  test("is given up where nobody can know, so that no nudge comes twice", async () => {
    await lose("lost_answer")
    post.vendor.onFind = () => "unknowable"
    expect(await post.run()).toMatchObject({ unknown: 1 })
    expect(await ends(post)).toEqual({ ada: "unknown unknowable" })
    expect(post.vendor.inbox).toHaveLength(1)
  })

  test("is repeated where nobody can know and it is about safety", async () => {
    await lose("lost_answer", true)
    post.vendor.onFind = () => "unknowable"
    await post.run()
    expect(post.vendor.inbox).toHaveLength(2)
    expect((await onlyRow(post)).state).toBe("sent")
  })

  test("is repeated a few times only, even about safety", async () => {
    await oweTo(post, "ada", { urgent: true })
    post.vendor.onSend = () => "lost_answer"
    post.vendor.onFind = () => "unknowable"
    for (let i = 0; i < 12; i++) {
      await post.run()
      await leasesRunOut(post)
      post.later(900)
    }
    expect(post.vendor.inbox).toHaveLength(5)
    expect((await onlyRow(post)).state).toBe("unknown")
  })

  test("waits as long as a busy vendor asks before it is looked for again", async () => {
    await lose("lost_answer")
    post.vendor.onFind = () => ({ reason: "busy", retryAfterMs: 45_000 })
    await post.run()
    const [row] = await look<{ rest: number }>(post.school, sql`select extract(epoch from lease_until - now())::float8 as rest from delivery`)
    expect(row?.rest).toBeGreaterThan(40)
    expect(row?.rest).toBeLessThanOrEqual(45)
  })

  test("that is never there again and again ends with its expiry, after ever longer rests", async () => {
    await oweTo(post, "ada", { expiresAt: new Date(now.getTime() + 2 * 3_600_000) })
    post.vendor.onSend = () => ({ reason: "uncertain", detail: "timeout" })
    for (let minute = 0; minute <= 121; minute++) {
      await post.run()
      await leasesRunOut(post)
      post.later(60)
    }
    expect(post.vendor.calls.filter((call) => call.startsWith("send")).length).toBeLessThan(20)
    expect(await ends(post)).toEqual({ ada: "expired too_late" })
  })

  test("that cannot even be looked for is unknown once it has expired", async () => {
    await lose("lost_answer")
    post.vendor.onFind = () => ({ reason: "uncertain", detail: "http_503" })
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sending http_503" })
    await leasesRunOut(post)
    post.later(86_400)
    await post.run()
    expect(await ends(post)).toEqual({ ada: "unknown http_503" })
  })
})

describe("an adapter that breaks its promise", () => {
  test("while sending, is looked after like any uncertain send, and takes nobody with it", async () => {
    for (const who of ["ada", "ben", "cleo"] as const) await oweTo(post, who)
    post.vendor.onSend = ({ user, nth }) => (user === "ben" && nth === 1 ? new TypeError("undefined is not a function") : "arrives")
    expect(await post.run()).toMatchObject({ sent: 2 })
    expect(await ends(post)).toEqual({ ada: "sent", ben: "sending send_failed", cleo: "sent" })
    expect(post.logged.some((line) => line.includes("send_failed"))).toBe(true)
    await leasesRunOut(post)
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sent", ben: "sent", cleo: "sent" })
  })

  test("while looking, leaves the row to be looked for again", async () => {
    await oweTo(post, "ada")
    post.vendor.onSend = () => "lost_answer"
    await post.run()
    await leasesRunOut(post)
    post.vendor.onFind = () => new TypeError("undefined is not a function")
    await oweTo(post, "ben")
    post.vendor.onSend = () => "arrives"
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sending find_failed", ben: "sent" })
  })
})
