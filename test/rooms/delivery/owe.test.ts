import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withSchool } from "../../../db/client.ts"
import { setLaneWake } from "../../../db/queries/delivery-lane.ts"
import { owe } from "../../../src/delivery/owe.ts"
import { deliverDue, dueLanes } from "../../../src/ticks.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, sceneFor } from "../../support/school.ts"
import { ends, onlyRow, openPost, oweTo, type Post, rowsOf } from "./vendor.ts"

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

const wake = async () => (await look<{ at: Date }>(post.school, sql`select next_at as at from wake where tenant = ${post.workspace.tenant}`))[0]?.at
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

test("a message is owed once by its key, however many owe it at the same moment", async () => {
  await Promise.all(Array.from({ length: 6 }, () => oweTo(post, "ada", { key: "line:1" })))
  expect(await rowsOf(post)).toHaveLength(1)
})

test("a message is owed once by its key even within one call", async () => {
  await sceneFor(post.school, now, (scene) => {
    const one = { kind: "notice", dedupeKey: "twice", personId: post.school.people.ada, dueAt: now, expiresAt: minutes(60) } as const
    return owe(scene, one, one)
  })
  expect(await rowsOf(post)).toHaveLength(1)
})

test("a key that was sent before is not owed again", async () => {
  await oweTo(post, "ada", { key: "line:1" })
  await post.run()
  await oweTo(post, "ada", { key: "line:1" })
  await post.run()
  expect(post.vendor.inbox).toHaveLength(1)
})

test("somebody without an account is refused at once, and no lane is woken for them", async () => {
  await look(post.school, sql`delete from address where user_id = 'ada'`)
  expect(await oweTo(post, "ada")).toEqual([])
  const row = await onlyRow(post)
  expect([row.state, row.failure, row.user]).toEqual(["refused", "no_account", null])
  expect(row.settledAt).not.toBeNull()
  expect(await wake()).toBeUndefined()
})

test("of two accounts the one last heard from is written to", async () => {
  await look(
    post.school,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
        values (${post.school.id}, 'playground', ${post.workspace.tenant}, 'ada-2', ${post.school.people.ada}, 'direct:ada-2', ${now})`,
  )
  await oweTo(post, "ada")
  expect((await onlyRow(post)).user).toBe("ada-2")
})

test("a playground that was tried is written to only where there is no other account, however late it was used", async () => {
  await look(
    post.school,
    sql`insert into address (school_id, platform, tenant, user_id, person_id) values (${post.school.id}, 'teams', 'T1', 'ada-2', ${post.school.people.ada})`,
  )
  await oweTo(post, "ada")
  expect((await onlyRow(post)).user).toBe("ada-2")
})

test("an account in trouble is written to only where there is no other", async () => {
  await look(
    post.school,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at, trouble)
        values (${post.school.id}, 'playground', ${post.workspace.tenant}, 'ada-2', ${post.school.people.ada}, 'direct:ada-2', ${now}, 'user_gone')`,
  )
  await oweTo(post, "ada")
  expect((await onlyRow(post)).user).toBe("ada")
})

describe("the wake of a lane", () => {
  test("is set by what is owed, and told to whoever owes it", async () => {
    expect(await oweTo(post, "ada", { dueAt: minutes(10) })).toEqual([post.workspace])
    expect(await wake()).toEqual(minutes(10))
  })

  test("comes forward for what is due sooner, and stays for what is due later", async () => {
    await oweTo(post, "ada", { dueAt: minutes(10) })
    await oweTo(post, "ben", { dueAt: minutes(5) })
    await oweTo(post, "cleo", { dueAt: minutes(20) })
    expect(await wake()).toEqual(minutes(5))
  })

  test("goes on to the next row once the lane has run", async () => {
    await oweTo(post, "ada")
    await oweTo(post, "ben", { dueAt: minutes(20) })
    await post.run()
    expect(await wake()).toEqual(minutes(20))
  })

  test("is not lost to a lane that ends at the very moment something is owed", async () => {
    await oweTo(post, "ada")
    await post.run()
    for (let i = 0; i < 10; i++) {
      const ended = withSchool(database.db, post.school.id, (tx) => setLaneWake(tx, post.school.id, post.workspace, now))
      await Promise.all([ended, oweTo(post, "ben", { dueAt: minutes(30 - i) })])
      expect(await wake()).toEqual(minutes(30 - i))
    }
  })

  test("repairs a wake-up that was lost: the tick finds the lane", async () => {
    await oweTo(post, "ada")
    const due = await dueLanes(post.deps)
    expect(due).toContainEqual({ schoolId: post.school.id, workspace: post.workspace })
    await deliverDue(post.deps, post.letters)
    expect(await ends(post)).toEqual({ ada: "sent" })
    expect(await dueLanes(post.deps)).not.toContainEqual({ schoolId: post.school.id, workspace: post.workspace })
  })

  test("is not forgotten by a lane that nobody can run", async () => {
    await oweTo(post, "ada")
    await deliverDue({ ...post.deps, platforms: new Map() }, post.letters)
    expect(await dueLanes(post.deps)).toContainEqual({ schoolId: post.school.id, workspace: post.workspace })
  })
})
