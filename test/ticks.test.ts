import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows, withoutSchool } from "../db/client.ts"
import { wakeBy } from "../db/queries/delivery-owe.ts"
import { takeWake } from "../db/queries/scheduling.ts"
import { pauseWorkspace } from "../db/queries/workspaces.ts"
import { owe } from "../src/delivery/owe.ts"
import type { Scene } from "../src/deps.ts"
import { type Chores, choreNow, deliverDue, dueLanes, inSchool, nextWork, type TickDeps, tickChore, workLane } from "../src/ticks.ts"
import { ends, hello, lettersOf, openPost, oweTo, type Post } from "./rooms/delivery/vendor.ts"
import { type TestDatabase, testDatabase } from "./support/database.ts"
import { at } from "./support/school.ts"

let database: TestDatabase
let oak: Post
let elm: Post
let deps: TickDeps
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
beforeEach(async () => {
  await withoutSchool(database.db, (tx) => rows(tx, sql`delete from wake`))
  oak = await openPost(database.db, now)
  elm = await openPost(database.db, now)
  deps = { ...oak.deps }
})

const asked = async (post: Post, kind: "plan" | "sweep" = "plan", when = now) =>
  withoutSchool(database.db, (tx) => wakeBy(tx, post.school.id, kind, when))
const wakeOf = async (post: Post, kind = "plan") =>
  (
    await withoutSchool(database.db, (tx) =>
      rows<{ at: Date }>(tx, sql`select next_at as at from wake where school_id = ${post.school.id} and kind = ${kind}`),
    )
  )[0]?.at

/** Counts by school. `does` may fail or say when it next has work. */
function chores(does: (scene: Scene) => Promise<Date> = async () => minutes(60)): Chores & { ran: string[] } {
  const ran: string[] = []
  const chore = async (scene: Scene) => {
    ran.push(scene.schoolId)
    return does(scene)
  }
  return { ran, plan: [chore], sweep: [chore] }
}

describe("a chore", () => {
  test("runs when its time has come, and says when it looks again", async () => {
    await asked(oak)
    const work = chores()
    expect(await tickChore(deps, work, "plan")).toBe(1)
    expect(work.ran).toEqual([oak.school.id])
    expect(await wakeOf(oak)).toEqual(minutes(60))
  })

  test("does not run before its time", async () => {
    await asked(oak, "plan", minutes(1))
    const work = chores()
    expect(await tickChore(deps, work, "plan")).toBe(0)
    expect(work.ran).toEqual([])
  })

  test("is taken by one of many processes that tick at the same moment", async () => {
    await asked(oak)
    const work = chores()
    await Promise.all(Array.from({ length: 5 }, () => tickChore(deps, work, "plan")))
    expect(work.ran).toEqual([oak.school.id])
  })

  test("is one of two: the planner's tick leaves the sweep alone", async () => {
    await asked(oak, "plan")
    await asked(oak, "sweep")
    await tickChore(deps, chores(), "plan")
    expect(await wakeOf(oak, "sweep")).toEqual(now)
  })

  test("of a process that died is taken up again in a minute", async () => {
    await asked(oak)
    await withoutSchool(database.db, (tx) => takeWake(tx, oak.school.id, "plan", now))
    const work = chores()
    await tickChore(deps, work, "plan")
    expect(work.ran).toEqual([])
    oak.later(60)
    await tickChore(deps, work, "plan")
    expect(work.ran).toEqual([oak.school.id])
  })

  test("that somebody asks for while it runs, runs again as soon as that", async () => {
    await asked(oak)
    await tickChore(
      deps,
      chores(async () => {
        await asked(oak, "plan", now)
        return minutes(60)
      }),
      "plan",
    )
    expect(await wakeOf(oak)).toEqual(now)
  })

  test("that fails for one school runs for the others, keeps nothing, and looks again in a minute", async () => {
    await asked(oak, "plan", minutes(-5))
    await asked(elm)
    const work = chores(async ({ tx, schoolId }) => {
      if (schoolId !== oak.school.id) return minutes(60)
      await rows(tx, sql`update person set grade = '99'`)
      throw new Error("words that must not be logged")
    })
    expect(await tickChore(deps, work, "plan")).toBe(1)
    expect(work.ran).toEqual([oak.school.id, elm.school.id])
    expect(await wakeOf(oak)).toEqual(minutes(1))
    expect(await wakeOf(elm)).toEqual(minutes(60))
    expect(await inSchool(deps, oak.school.id, ({ tx }) => rows(tx, sql`select 1 from person where grade = '99'`))).toEqual([])
    const line = oak.logged.find((one) => one.includes("chore_failed"))
    expect(line).toContain(oak.school.id)
    expect(line).not.toContain("words that")
  })

  test("that fails keeps the school's next one from nothing", async () => {
    await asked(oak, "sweep")
    const ran: string[] = []
    const fails = async () => Promise.reject(new Error("broken"))
    const runs = async () => {
      ran.push("the next one")
      return minutes(60)
    }
    expect(await tickChore(deps, { plan: [], sweep: [fails, runs] }, "sweep")).toBe(0)
    expect(ran).toEqual(["the next one"])
    expect(await wakeOf(oak, "sweep")).toEqual(minutes(1))
  })

  test("by hand runs for every school, whatever its wake says, and fails aloud", async () => {
    await asked(oak, "sweep", minutes(999))
    const work = chores()
    await choreNow(deps, work, "sweep")
    expect(work.ran).toEqual(expect.arrayContaining([oak.school.id, elm.school.id]))
    await expect(
      choreNow(
        deps,
        chores(async () => {
          throw new Error("no")
        }),
        "sweep",
      ),
    ).rejects.toThrow("no")
  })
})

describe("a school's transaction", () => {
  const gives = async (scene: Scene) => {
    const one = { kind: "notice", dedupeKey: "n", personId: oak.school.people.ada, dueAt: now, expiresAt: minutes(60) } as const
    await owe(scene, one)
  }
  test("wakes the lanes it gave work to once it is kept", async () => {
    await inSchool(deps, oak.school.id, gives)
    expect(oak.woken).toEqual([oak.workspace])
  })
  test("wakes none when it fails", async () => {
    const work = inSchool(deps, oak.school.id, async (scene) => {
      await gives(scene)
      throw new Error("no")
    })
    await expect(work).rejects.toThrow("no")
    expect(oak.woken).toEqual([])
  })
})

describe("lanes", () => {
  test("are due when something of theirs is", async () => {
    await oweTo(oak, "ada")
    await oweTo(elm, "ada", { dueAt: minutes(5) })
    expect((await dueLanes(deps)).map(({ workspace }) => workspace)).toEqual([oak.workspace])
  })

  test("are not due while their workspace is paused, and count as no work to come", async () => {
    await oweTo(oak, "ada")
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, oak.workspace, "token_revoked"))
    expect(await dueLanes(deps)).toEqual([])
    expect(await nextWork(deps)).toBeNull()
    expect(await workLane(oak.deps, oak.letters, oak.workspace)).toBeNull()
  })

  test("of a workspace that nobody connected are not run", async () => {
    expect(await workLane(oak.deps, oak.letters, { platform: "playground", tenant: "nowhere" })).toBeNull()
  })

  test("all run, even where one of them fails; then the failure is told", async () => {
    await oweTo(oak, "ada", { dueAt: minutes(-5) })
    await oweTo(elm, "ada")
    const owing = lettersOf(async (scene, due, recipient) => {
      if (scene.schoolId === oak.school.id) {
        await owe(scene, { kind: "line", dedupeKey: "l", personId: recipient.id, dueAt: minutes(60), expiresAt: minutes(90) })
      }
      return hello(scene, due, recipient)
    })
    const failing = {
      ...oak.deps,
      platforms: new Map([["playground" as const, elm.vendor]]),
      wakeLanes: async () => {
        throw new Error("nobody to wake")
      },
    }
    await expect(deliverDue(failing, owing)).rejects.toThrow("nobody to wake")
    expect(await ends(elm)).toEqual({ ada: "sent" })
  })
})

describe("the next work", () => {
  test("is the earliest of everybody's", async () => {
    await asked(oak, "sweep", minutes(30))
    await oweTo(elm, "ada", { dueAt: minutes(10) })
    expect(await nextWork(deps)).toEqual(minutes(10))
  })
  test("is none where there is none", async () => {
    expect(await nextWork(deps)).toBeNull()
  })
})
