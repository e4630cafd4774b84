import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { runLane } from "../../../src/delivery/lane.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look } from "../../support/school.ts"
import { ends, type Happens, killedWhileSending, leasesRunOut, onlyRow, openPost, oweTo, type Post, rowsOf } from "./vendor.ts"

let database: TestDatabase
let post: Post
beforeAll(async () => {
  database = await testDatabase({ max: 20 })
})
afterAll(() => database.close())
beforeEach(async () => {
  post = await openPost(database.db, at("2027-02-04", "15:00"))
})

const arrivals = () => post.vendor.inbox.map(({ deliveryId }) => deliveryId)

test("four lanes at once for one workspace send each delivery once", async () => {
  for (let i = 0; i < 60; i++) await oweTo(post, (["ada", "ben", "cleo", "dani"] as const)[i % 4] ?? "ada")
  const counts = await Promise.all([post.run(), post.run(), post.run(), post.run()])
  expect(counts.reduce((sum, { sent }) => sum + sent, 0)).toBe(60)
  expect(new Set(arrivals()).size).toBe(60)
  expect(arrivals()).toHaveLength(60)
})

test("safety goes first, then the oldest", async () => {
  const due = (minutes: number) => new Date(post.clock.at.getTime() - minutes * 60_000)
  await oweTo(post, "ben", { dueAt: due(5) })
  await oweTo(post, "ada", { dueAt: due(10) })
  await oweTo(post, "linde", { kind: "safety_alert", urgent: true })
  await post.run()
  expect(post.vendor.inbox.map(({ user }) => user)).toEqual(["linde", "ada", "ben"])
})

test("what a killed worker had sent and not recorded is one message", async () => {
  await oweTo(post, "ada")
  await killedWhileSending(post)
  const { id } = await onlyRow(post)
  post.vendor.inbox.push({ user: "ada", deliveryId: id })
  await post.run()
  expect(arrivals()).toEqual([id])
  expect(await ends(post)).toEqual({ ada: "sent" })
})

test("what a killed worker had taken and not sent is one message", async () => {
  await oweTo(post, "ada")
  await killedWhileSending(post)
  await post.run()
  expect(arrivals()).toHaveLength(1)
  expect(await ends(post)).toEqual({ ada: "sent" })
})

test("a row is left to its worker for as long as the lease runs", async () => {
  await oweTo(post, "ada")
  await killedWhileSending(post)
  await look(post.school, sql`update delivery set lease_until = now() + interval '10 seconds'`)
  await post.run()
  expect(post.vendor.calls).toEqual([])
})

test("a dead worker's rows wake their lane when the lease runs out", async () => {
  await oweTo(post, "ada")
  await killedWhileSending(post)
  await look(post.school, sql`update delivery set lease_until = now() + interval '10 seconds'`)
  await post.run()
  const [wake] = await look<{ at: Date }>(post.school, sql`select next_at as at from wake where kind = 'lane' and tenant = ${post.workspace.tenant}`)
  const wait = (wake?.at.getTime() ?? 0) - post.clock.at.getTime()
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(10_000)
})

test("a lane so slow that its rows were taken up by another does not send them too", async () => {
  for (let i = 0; i < 24; i++) await oweTo(post, "ada")
  const clock = performance.now.bind(performance)
  let inFlight = 0
  let hangs: Promise<unknown> | null = null
  post.vendor.onSend = async (): Promise<Happens> => {
    if (inFlight === 8) return "arrives"
    inFlight += 1
    hangs ??= Promise.resolve().then(async () => {
      // The calls of the first lane hang for longer than its leases last, and another lane takes up everything.
      vi.spyOn(performance, "now").mockImplementation(() => clock() + 20_000)
      await leasesRunOut(post)
      await post.run()
    })
    await hangs
    return "arrives"
  }
  try {
    await post.run()
  } finally {
    vi.restoreAllMocks()
  }
  // What was in flight at that very moment came twice, as it must; what waited behind it did not.
  expect(new Set(arrivals()).size).toBe(24)
  expect(arrivals()).toHaveLength(24 + 8)
  expect((await rowsOf(post)).every(({ state }) => state === "sent")).toBe(true)
})

test("a late answer of a worker that was thought dead is believed when it says sent", async () => {
  await oweTo(post, "ada")
  post.vendor.onSend = async (): Promise<Happens> => {
    await leasesRunOut(post)
    post.vendor.onSend = () => ({ reason: "busy", retryAfterMs: 60_000 })
    await runLane(post.deps, post.letters, post.school.id, post.workspace)
    return "arrives"
  }
  await post.run()
  expect(await ends(post)).toEqual({ ada: "sent" })
})

test("a late answer of a worker that was thought dead says nothing about what another holds now", async () => {
  await oweTo(post, "ada")
  post.vendor.onSend = async (): Promise<Happens> => {
    await leasesRunOut(post)
    post.vendor.onSend = () => "arrives"
    await runLane(post.deps, post.letters, post.school.id, post.workspace)
    return { reason: "unreachable", detail: "user_gone" }
  }
  await post.run()
  expect(await ends(post)).toEqual({ ada: "sent" })
})
