import postgres from "postgres"
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { type Jobs, prepareJobs, startJobs } from "../src/jobs.ts"
import { createLog } from "../src/log.ts"
import type { Workspace } from "../src/platform/account.ts"
import { workLane } from "../src/ticks.ts"
import { ends, openPost, oweTo } from "./rooms/delivery/vendor.ts"
import { type TestDatabase, testDatabase } from "./support/database.ts"
import { at } from "./support/school.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await prepareJobs(database.ownerUrl)
})
afterAll(() => database.close())

const logged: string[] = []
const log = createLog("info", { write: (line) => void logged.push(line) })
let open: Jobs[] = []
afterEach(async () => {
  await Promise.all(open.map((jobs) => jobs.stop()))
  open = []
  logged.length = 0
})

const start = async (work: ((workspace: Workspace) => Promise<void>) | null): Promise<Jobs> => {
  const jobs = await startJobs({ url: database.ownerUrl, work, log })
  open.push(jobs)
  return jobs
}
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8_000, interval: 50 })
const workspace = (tenant: string): Workspace => ({ platform: "playground", tenant })

test("a message is delivered within a few seconds of being owed", async () => {
  const post = await openPost(database.db, at("2027-02-04", "15:00"))
  const jobs = await start(async (one) => void (await workLane(post.deps, post.letters, one)))
  const owedAt = performance.now()
  await jobs.wake(await oweTo(post, "ada"))
  await soon(async () => expect(await ends(post)).toEqual({ ada: "sent" }))
  expect(performance.now() - owedAt).toBeLessThan(5_000)
})

test("a lane is woken by a process that runs none itself", async () => {
  const ran: string[] = []
  await start(async ({ tenant }) => void ran.push(tenant))
  await (await start(null)).wake([workspace("elsewhere")])
  await soon(() => expect(ran).toEqual(["elsewhere"]))
})

test("many wake-ups of one lane at once run it once", async () => {
  const waker = await start(null)
  await Promise.all(Array.from({ length: 10 }, () => waker.wake([workspace("often")])))
  const ran: string[] = []
  await start(async ({ tenant }) => void ran.push(tenant))
  await (await start(null)).wake([workspace("last")])
  await soon(() => expect(ran).toContain("last"))
  expect(ran.filter((tenant) => tenant === "often")).toHaveLength(1)
})

test("a wake-up that comes while the lane is at work runs it once more, and never beside itself", async () => {
  const gate = Promise.withResolvers<void>()
  let [ran, inside, most] = [0, 0, 0]
  const jobs = await start(async () => {
    ran += 1
    inside += 1
    most = Math.max(most, inside)
    await gate.promise
    inside -= 1
  })
  await jobs.wake([workspace("busy")])
  await soon(() => expect(ran).toBe(1))
  await jobs.wake([workspace("busy")])
  await jobs.wake([workspace("busy")])
  gate.resolve()
  await soon(() => expect(ran).toBe(2))
  expect(most).toBe(1)
})

test("a lane that fails once runs again, and the failure is in the log without what it said", async () => {
  let ran = 0
  const jobs = await start(async () => {
    ran += 1
    if (ran === 1) throw new Error("the words of a student")
  })
  await jobs.wake([workspace("unlucky")])
  await soon(() => expect(ran).toBe(2))
  const line = logged.find((one) => one.includes("lane_failed"))
  expect(line).toContain('"platform":"playground"')
  expect(line).not.toContain("student")
})

test("a lane that always fails is given up after a few tries, slows no other, and runs again when it is woken", async () => {
  const ran = new Map<string, number>()
  const jobs = await start(async ({ tenant }) => {
    ran.set(tenant, (ran.get(tenant) ?? 0) + 1)
    if (tenant === "broken" && (ran.get(tenant) ?? 0) <= 6) throw new Error("always")
  })
  await jobs.wake([workspace("broken"), workspace("sound")])
  await soon(() => expect(ran.get("sound")).toBe(1))
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  await soon(async () => expect(await owner`select 1 from pgboss.job where state = 'failed' and singleton_key = 'playground/broken'`).toHaveLength(1))
  await owner.end()
  expect(ran.get("broken")).toBe(6)
  await jobs.wake([workspace("broken")])
  await soon(() => expect(ran.get("broken")).toBe(7))
})

test("a job holds a workspace and nothing else", async () => {
  await (await start(null)).wake([workspace("plain")])
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  const found = await owner`select data from pgboss.job where singleton_key = 'playground/plain'`
  await owner.end()
  expect(found.map((row) => row.data)).toEqual([{ platform: "playground", tenant: "plain" }])
})
