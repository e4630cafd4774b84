// Whose events are heard from Teams at all.
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { connectWorkspace } from "../../../db/queries/workspaces.ts"
import { tenantsKnown } from "../../../src/teams.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { seedSchool } from "../../support/school.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const [ours, theirs] = [randomUUID(), randomUUID()]
const app = { kind: "registered", appId: randomUUID(), password: "hush" } as const

test.each(["SingleTenant", "UserAssignedMSI"] as const)("an app of one tenant (%s) hears that one, connected or not, and no other", async (type) => {
  const knows = tenantsKnown({ ...app, type, tenantId: ours }, database.db)
  expect([await knows(ours), await knows(theirs), await knows("")]).toEqual([true, false, false])
})

test("an app of many tenants hears those that schools have connected, from then on", async () => {
  const knows = tenantsKnown({ ...app, type: "MultiTenant", tenantId: ours }, database.db)
  expect([await knows(ours), await knows(theirs)]).toEqual([false, false])
  const school = await seedSchool(database.db, { tenant: randomUUID() })
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "teams", tenant: theirs }, school.id))
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "slack", tenant: ours }, school.id))
  expect([await knows(ours), await knows(theirs)]).toEqual([false, true])
})

test("an anonymous one hears its own name alone", async () => {
  const knows = tenantsKnown({ kind: "anonymous", tenant: "local" }, database.db)
  expect([await knows("local"), await knows(ours)]).toEqual([true, false])
})
