// Whose events are heard from Teams at all.
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Database, withoutSchool } from "../../../db/client.ts"
import { connectWorkspace } from "../../../db/queries/workspaces.ts"
import { tenantsKnown } from "../../../src/teams.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { seedSchool } from "../../support/school.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const clock = { at: new Date("2027-02-04T15:00:00Z") }
const later = (seconds: number): void => {
  clock.at = new Date(clock.at.getTime() + seconds * 1_000)
}
const [ours, theirs] = [randomUUID(), randomUUID()]
const app = { kind: "registered", appId: randomUUID(), password: "hush" } as const

test.each(["SingleTenant", "UserAssignedMSI"] as const)("an app of one tenant (%s) hears that one, connected or not, and no other", async (type) => {
  const knows = tenantsKnown({ ...app, type, tenantId: ours }, database.db, () => clock.at)
  expect([await knows(ours), await knows(theirs), await knows("")]).toEqual([true, false, false])
})

test("an app of many tenants hears those that schools have connected, from a few seconds after", async () => {
  const knows = tenantsKnown({ ...app, type: "MultiTenant", tenantId: ours }, database.db, () => clock.at)
  expect([await knows(ours), await knows(theirs)]).toEqual([false, false])
  const school = await seedSchool(database.db, { tenant: randomUUID() })
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "teams", tenant: theirs }, school.id))
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "slack", tenant: ours }, school.id))
  expect([await knows(ours), await knows(theirs)]).toEqual([false, false])
  later(5)
  expect([await knows(ours), await knows(theirs)]).toEqual([false, true])
})

test("however many tenants are made up, the database is asked about them once in a few seconds", async () => {
  let asked = 0
  const acquire = () => {
    asked += 1
    return database.db.pool.acquire()
  }
  const counted: Database = { ...database.db, pool: { ...database.db.pool, acquire } }
  const knows = tenantsKnown({ ...app, type: "MultiTenant", tenantId: null }, counted, () => clock.at)
  const known = await Promise.all(Array.from({ length: 50 }, () => knows(randomUUID())))
  expect(known.filter((one) => one)).toEqual([])
  await knows(randomUUID())
  expect(asked).toBe(1)
  expect(await knows(theirs)).toBe(true)
  later(5)
  await knows(randomUUID())
  expect(asked).toBe(2)
})

test("a database that does not answer is asked again with the next activity", async () => {
  let down = true
  const acquire = () => (down ? Promise.reject(new Error("down")) : database.db.pool.acquire())
  const knows = tenantsKnown(
    { ...app, type: "MultiTenant", tenantId: null },
    { ...database.db, pool: { ...database.db.pool, acquire } },
    () => clock.at,
  )
  await expect(knows(theirs)).rejects.toThrow("down")
  down = false
  expect(await knows(theirs)).toBe(true)
})

test("an anonymous one hears its own name alone", async () => {
  const knows = tenantsKnown({ kind: "anonymous", tenant: "local" }, database.db, () => clock.at)
  expect([await knows("local"), await knows(ours)]).toEqual([true, false])
})
