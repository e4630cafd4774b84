import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { DatabaseBusy, rows, withoutSchool } from "../../../db/client.ts"
import { askEnrolment, askEnrolments } from "../../../db/queries/roster-enrol-wake.ts"
import { pauseWorkspace, workspaceRows } from "../../../db/queries/workspaces.ts"
import { openEnrolling } from "../../../src/enrolling.ts"
import type { Ran } from "../../../src/roster/enrolments.ts"
import { dueEnrolments, openLookUp, runEnrolment } from "../../../src/roster/enrolments.ts"
import { dueLanes } from "../../../src/ticks.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look } from "../../support/school.ts"
import { type Chat, deedsIn, linksIn, openChat } from "./chat.ts"

let database: TestDatabase
let chat: Chat
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
beforeEach(async () => {
  chat = await openChat(database.db, now)
  chat.joins("U1", "ada")
})

const ask = (when = now) => withoutSchool(database.db, (tx) => askEnrolment(tx, chat.school.id, chat.workspace, when))
const run = (signal?: AbortSignal): Promise<Ran> => runEnrolment(chat.deps, { schoolId: chat.school.id, workspace: chat.workspace }, signal)
const due = async () => (await dueEnrolments(chat.deps)).filter(({ schoolId }) => schoolId === chat.school.id)
const next = async () =>
  (
    await withoutSchool(database.db, (tx) =>
      rows<{ at: Date }>(
        tx,
        sql`select next_at as at from wake where kind = 'enrol' and school_id = ${chat.school.id} and tenant = ${chat.workspace.tenant}`,
      ),
    )
  )[0]?.at

describe("a workspace's people are read", () => {
  test("when somebody asked, and then in the night by the school's clock", async () => {
    await ask()
    expect(await due()).toEqual([{ schoolId: chat.school.id, workspace: chat.workspace }])
    expect(await run()).toBe("done")
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
    expect(await due()).toEqual([])
    expect(await next()).toEqual(at("2027-02-05", "03:00"))
    chat.clock.at = at("2027-02-05", "03:00")
    expect(await run()).toBe("done")
    expect(await next()).toEqual(at("2027-02-06", "03:00"))
  })

  test("before the night it is in, where it is asked for after midnight", async () => {
    chat.clock.at = at("2027-02-05", "01:00")
    await ask()
    await run()
    expect(await next()).toEqual(at("2027-02-05", "03:00"))
  })

  test("by one of many processes that tick at the same moment", async () => {
    await ask()
    const ran = await Promise.all(Array.from({ length: 6 }, () => run()))
    expect(ran.sort()).toEqual(["done", "taken", "taken", "taken", "taken", "taken"])
    expect(chat.listed).toBe(1)
    expect((await deedsIn(chat)).filter(({ act }) => act === "workspace_enrolled")).toHaveLength(1)
  })

  test("later, where the database has no room for it: that is logged, and ends nothing", async () => {
    await ask()
    let asked = 0
    const acquire = () => (asked++ === 0 ? database.db.pool.acquire() : Promise.reject(new DatabaseBusy("no room")))
    const enrolling = openEnrolling({ ...chat.deps, db: { ...database.db, pool: { ...database.db.pool, acquire } } })
    await enrolling.begin()
    await enrolling.stop()
    expect(asked).toBeGreaterThan(1)
    expect(chat.logged.filter((line) => line.includes("enrolment_failed"))).toHaveLength(1)
    expect(await due()).toEqual([{ schoolId: chat.school.id, workspace: chat.workspace }])
  })

  test("not before their time, and not where nobody asked", async () => {
    expect(await run()).toBe("taken")
    await ask(minutes(1))
    expect(await due()).toEqual([])
    expect(await run()).toBe("taken")
    expect(chat.listed).toBe(0)
  })

  test("not while the workspace is paused, and not by a process that has no such platform", async () => {
    await ask()
    expect(await dueEnrolments({ ...chat.deps, platforms: new Map() })).toEqual([])
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, chat.workspace, "token_revoked"))
    expect(await due()).toEqual([])
  })

  test("for each workspace of a school after its roster is imported, but never the playground's", async () => {
    await withoutSchool(database.db, (tx) => askEnrolments(tx, chat.school.id, now))
    const asked = await look<{ platform: string }>(chat.school, sql`select platform from wake where kind = 'enrol' and school_id = ${chat.school.id}`)
    expect(asked).toEqual([{ platform: "slack" }])
    await withoutSchool(database.db, (tx) => askEnrolment(tx, chat.school.id, { platform: "playground", tenant: chat.school.tenant }, now))
    expect(await look(chat.school, sql`select 1 from wake where platform = 'playground' and kind = 'enrol'`)).toEqual([])
  })

  test("without their wake-up being taken for a lane's", async () => {
    await ask()
    expect((await dueLanes(chat.deps)).filter(({ schoolId }) => schoolId === chat.school.id)).toEqual([])
  })
})

describe("a run that is under way", () => {
  test("is taken up by another process only once it has been silent for ten minutes", async () => {
    await ask()
    chat.onList = () => {
      throw new Error("killed")
    }
    chat.deps = {
      ...chat.deps,
      log: {
        ...chat.deps.log,
        error: () => {
          throw new Error("gone")
        },
      },
    }
    await expect(run()).rejects.toThrow("gone")
    chat.clock.at = minutes(9)
    expect(await due()).toEqual([])
    chat.clock.at = minutes(10)
    expect(await due()).toHaveLength(1)
  })

  test("says that it goes on, however long it takes", async () => {
    await ask()
    for (const [user, who] of [
      ["U2", "ben"],
      ["U3", "cleo"],
    ] as const)
      chat.joins(user, who)
    const seen: (Date | undefined)[] = []
    chat.vendor.onReach = () => {
      chat.clock.at = new Date(chat.clock.at.getTime() + 8 * 60_000)
      return "opens"
    }
    const reach = chat.vendor.reach.bind(chat.vendor)
    chat.vendor.reach = async (account) => {
      seen.push(await next())
      return reach(account)
    }
    expect(await run()).toBe("done")
    expect(seen).toEqual([minutes(10), minutes(18), minutes(26)])
  })

  test("gives way to one that is asked for meanwhile: a newer list", async () => {
    await ask()
    chat.joins("U2", "ben")
    let asked: Promise<void> | null = null
    chat.vendor.onReach = (user) => {
      if (user === "U1") chat.clock.at = minutes(2)
      return "opens"
    }
    const reach = chat.vendor.reach.bind(chat.vendor)
    chat.vendor.reach = async (account) => {
      asked ??= ask(minutes(1))
      await asked
      return reach(account)
    }
    expect(await run()).toBe("superseded")
    expect(await due()).toHaveLength(1)
    expect(chat.vendor.calls).toEqual(["reach U1"])
    expect(await run()).toBe("done")
  })

  test("ends when the process does, and is taken up again at once", async () => {
    await ask()
    const stop = new AbortController()
    chat.onList = () => stop.abort()
    expect(await run(stop.signal)).toBe("stopped")
    expect(await next()).toEqual(now)
    expect(await due()).toHaveLength(1)
  })
})

describe("a run that fails", () => {
  const listFails = (error: unknown) => {
    chat.vendor.people = async function* () {
      yield* []
      throw error
    }
  }
  const failure = async (reason: "busy" | "uncertain" | "denied") => {
    const { DeliveryFailure } = await import("../../../src/platform/failure.ts")
    return new DeliveryFailure(reason === "busy" ? { reason, retryAfterMs: 40_000 } : { reason, detail: "code" })
  }

  test("because the vendor is busy waits what it says", async () => {
    await ask()
    listFails(await failure("busy"))
    expect(await run()).toBe("failed")
    expect(await next()).toEqual(new Date(now.getTime() + 40_000))
  })

  test("for any other reason is tried again in a quarter of an hour, and logged by its code", async () => {
    await ask()
    listFails(await failure("uncertain"))
    expect(await run()).toBe("failed")
    expect(await next()).toEqual(minutes(15))
    chat.clock.at = minutes(15)
    listFails(new TypeError("ada@larch.example broke it"))
    expect(await run()).toBe("failed")
    expect(await next()).toEqual(minutes(30))
    expect(chat.logged.join()).toContain("enrolment_failed")
    expect(chat.logged.join()).not.toContain("@")
  })

  test("because the vendor refuses the whole workspace pauses it, as a lane would", async () => {
    await ask()
    listFails(await failure("denied"))
    expect(await run()).toBe("failed")
    const row = (await withoutSchool(database.db, workspaceRows)).find(({ tenant }) => tenant === chat.workspace.tenant)
    expect(row?.paused).toBe("code")
    expect(await due()).toEqual([])
    expect(chat.logged.join()).toContain("workspace_paused")
  })
})

describe("an account that the door does not know", () => {
  const account = (user: string) => ({ ...chat.workspace, user })

  test("is looked up behind the answer, once in ten minutes", async () => {
    const asked: string[] = []
    chat.onProfile = (user) => {
      asked.push(user)
      return null
    }
    const { lookUp, settled } = openLookUp(chat.deps)
    for (const user of ["U1", "U1", "U9", "U1"]) lookUp(account(user))
    await settled()
    expect(asked).toEqual(["U1", "U9"])
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
    chat.clock.at = minutes(9)
    lookUp(account("U9"))
    chat.clock.at = minutes(10)
    lookUp(account("U9"))
    await settled()
    expect(asked).toEqual(["U1", "U9", "U9"])
  })

  test("is one of a thousand that wait at most, looked up one after the other", async () => {
    let [now, most] = [0, 0]
    chat.vendor.profile = async () => {
      now += 1
      most = Math.max(most, now)
      await Promise.resolve()
      now -= 1
      return null
    }
    const { lookUp, settled } = openLookUp(chat.deps)
    for (let n = 0; n < 1_200; n++) lookUp(account(`U${n}`))
    await settled()
    expect(chat.logged.filter((line) => line.includes("account_looked_up"))).toHaveLength(1_000)
    expect(most).toBe(1)
  })

  test("is not looked up any more once the process stops", async () => {
    const stop = new AbortController()
    const asked: string[] = []
    chat.onProfile = (user) => {
      asked.push(user)
      stop.abort()
      return null
    }
    const { lookUp, settled } = openLookUp(chat.deps, stop.signal)
    for (const user of ["U1", "U2", "U3"]) lookUp(account(user))
    await settled()
    expect(asked).toEqual(["U1"])
  })

  test("waits once, a minute at most, where the vendor is busy", async () => {
    const answers = [120_000, null, 5_000, 5_000]
    chat.onProfile = () => {
      const retryAfterMs = answers.shift()
      return retryAfterMs ? { reason: "busy", retryAfterMs } : null
    }
    const { lookUp, settled } = openLookUp(chat.deps)
    lookUp(account("U1"))
    lookUp(account("U2"))
    await settled()
    expect(chat.slept).toEqual([60_000, 5_000])
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
    expect(chat.logged.filter((line) => line.includes("look_up_failed"))).toHaveLength(1)
  })

  test("does no harm where the vendor does not answer", async () => {
    chat.onProfile = (user) => (user === "U1" ? { reason: "busy", retryAfterMs: 1_000 } : null)
    const { lookUp, settled } = openLookUp(chat.deps)
    lookUp(account("U1"))
    chat.vendor.profile = async () => {
      throw new TypeError(`${randomUUID()}@larch.example`)
    }
    lookUp(account("U2"))
    await settled()
    expect(chat.logged.filter((line) => line.includes("look_up_failed"))).toHaveLength(2)
    expect(chat.logged.join()).not.toContain("@")
  })
})
