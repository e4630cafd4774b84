import { randomBytes, randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows, withoutSchool, withSchool } from "../../../db/client.ts"
import { connectWorkspace } from "../../../db/queries/workspaces.ts"
import { openWords } from "../../../db/words.ts"
import { openTokens } from "../../../src/roster/tokens.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, seedSchool, type TestSchool } from "../../support/school.ts"

let database: TestDatabase
let oak: TestSchool
let elm: TestSchool
const now = at("2027-02-04", "15:00")
const key = randomBytes(32)
const words = openWords({ key, randomBytes })
beforeAll(async () => {
  database = await testDatabase()
  oak = await seedSchool(database.db, { tenant: "oak" })
  elm = await seedSchool(database.db, { tenant: "elm" })
  await withoutSchool(database.db, async (tx) => {
    await connectWorkspace(tx, { platform: "slack", tenant: "T-OAK" }, oak.id)
    await connectWorkspace(tx, { platform: "slack", tenant: "T-ELM" }, elm.id)
  })
})
afterAll(() => database.close())

const later = new Date(now.getTime() + 1)
const tokens = (platform: "slack" | "teams" = "slack", sealedBy = words) => openTokens({ db: database.db, words: sealedBy, platform, now: () => now })
const rowsOf = (school: TestSchool) =>
  look<{ tenant: string; version: number; sealed: Uint8Array }>(school, sql`select tenant, version, sealed from token order by tenant`)

test("a token is given back as it was put, the newest one", async () => {
  await tokens().put("T-OAK", "xoxb-first")
  expect(await tokens().get("T-OAK")).toBe("xoxb-first")
  await tokens().put("T-OAK", `{"bot":"xoxb-sécond ${"x".repeat(5_000)}"}`)
  expect(await tokens().get("T-OAK")).toContain("sécond")
  expect(await rowsOf(oak)).toHaveLength(1)
  expect((await rowsOf(oak))[0]?.version).toBe(2)
})

test("each workspace has its own, in its own school", async () => {
  await tokens().put("T-OAK", "xoxb-oak")
  await tokens().put("T-ELM", "xoxb-elm")
  expect([await tokens().get("T-OAK"), await tokens().get("T-ELM")]).toEqual(["xoxb-oak", "xoxb-elm"])
  expect((await rowsOf(oak)).map(({ tenant }) => tenant)).toEqual(["T-OAK"])
  expect((await rowsOf(elm)).map(({ tenant }) => tenant)).toEqual(["T-ELM"])
})

describe("a workspace that nobody connected", () => {
  test("has no token", async () => expect(await tokens().get("T-NOBODY")).toBeNull())
  test("is given none, and that is said", async () => {
    await expect(tokens().put("T-NOBODY", "xoxb-stray")).rejects.toThrow("No school has connected this slack workspace")
    expect((await rowsOf(oak)).map(({ tenant }) => tenant)).not.toContain("T-NOBODY")
  })
  test("loses nothing", async () => expect(await tokens().delete("T-NOBODY", later)).toBeUndefined())
  test("is the same tenant on another platform too", async () => {
    await tokens().put("T-OAK", "xoxb-oak")
    expect(await tokens("teams").get("T-OAK")).toBeNull()
    await expect(tokens("teams").put("T-OAK", "t")).rejects.toThrow("No school has connected this teams workspace")
  })
})

test("a deleted token is gone, and its row with it", async () => {
  await tokens().put("T-ELM", "xoxb-elm")
  await tokens().delete("T-ELM", later)
  expect(await tokens().get("T-ELM")).toBeNull()
  expect(await rowsOf(elm)).toEqual([])
  await tokens().delete("T-ELM", later)
})

test("a token that was kept since is not deleted", async () => {
  await tokens().put("T-ELM", "xoxb-elm")
  await tokens().delete("T-ELM", now)
  expect(await tokens().get("T-ELM")).toBe("xoxb-elm")
})

test("of many that are put at once one is kept whole", async () => {
  const given = Array.from({ length: 8 }, (_, i) => `xoxb-${i}`)
  await Promise.all(given.map((token) => tokens().put("T-OAK", token)))
  expect(given).toContain(await tokens().get("T-OAK"))
})

test("sealed bytes open neither under another key, nor in another workspace's row, nor as another version", async () => {
  await tokens().put("T-OAK", "xoxb-oak")
  await expect(tokens("slack", openWords({ key: randomBytes(32), randomBytes })).get("T-OAK")).rejects.toThrow("sealed with another key")
  await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "slack", tenant: "T-OAK-2" }, oak.id))
  await look(
    oak,
    sql`insert into token (school_id, platform, tenant, version, sealed, changed_at) select school_id, platform, 'T-OAK-2', version, sealed, changed_at from token
        where tenant = 'T-OAK'`,
  )
  await expect(tokens().get("T-OAK-2")).rejects.toThrow("sealed with another key or for another place")
  await look(oak, sql`update token set version = version + 1 where tenant = 'T-OAK'`)
  await expect(tokens().get("T-OAK")).rejects.toThrow("sealed with another key or for another place")
})

test("no column of any table holds a token in plain letters, in base64 or as bytes", async () => {
  const token = `xoxb-${randomUUID()}`
  await tokens().put("T-OAK", token)
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  const needles = [
    token,
    Buffer.from(token).toString("hex"),
    ...[0, 1, 2].map((skip) => Buffer.from(token.slice(skip)).toString("base64").slice(0, -4)),
  ]
  const tables = await owner`select tablename as name from pg_tables where schemaname = 'public'`
  const found: string[] = []
  for (const { name } of tables) {
    const [row] = await owner`select count(*)::int as n from ${owner(name)} t where t::text ~ ${needles.join("|")}`
    if (row?.n > 0) found.push(name)
  }
  await owner.end()
  expect(found).toEqual([])
  expect(await tokens().get("T-OAK")).toBe(token)
})

test("no other school sees the row", async () => {
  await tokens().put("T-OAK", "xoxb-oak")
  expect(await withSchool(database.db, elm.id, (tx) => rows(tx, sql`select 1 from token where tenant = 'T-OAK'`))).toEqual([])
  expect(await withoutSchool(database.db, (tx) => rows(tx, sql`select 1 from token`))).toEqual([])
})
