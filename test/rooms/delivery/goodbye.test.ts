// A vendor says again, or says late, that a workspace took us out: whether that is still so is decided by when it happened.
import { randomBytes, randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openWords } from "../../../db/words.ts"
import type { Workspace } from "../../../src/platform/account.ts"
import { createInstalls, installLink } from "../../../src/roster/connect.ts"
import { openTokens } from "../../../src/roster/tokens.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, owedIn, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf } from "../conversation/knock.ts"

let database: TestDatabase
let school: TestSchool
let workspace: Workspace
let door: Door
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "14:00")
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const words = openWords({ key: randomBytes(32), randomBytes })
const key = { platform: "slack", secret: "a state secret that nobody guesses" } as const
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
  workspace = { platform: "slack", tenant: `T-${randomUUID()}` }
  door = await doorOf(school, now)
})

const tokens = () => openTokens({ db: database.db, words, platform: "slack", now: () => now })
async function install(when: Date, token: string): Promise<string> {
  const deps = { ...key, db: database.db, words, ids: randomUUID, now: () => when, wakeLanes: async () => undefined }
  return createInstalls(deps).keep(installLink(key, { schoolId: school.id, now: when }), workspace.tenant, token)
}
/** As the adapter does it: the core hears it first, then the token goes. */
async function leaves(when: Date, id: string = randomUUID()): Promise<void> {
  await door.receive({ ...eventFrom(school, "parr", when, { kind: "disconnected", workspace }, id), at: when })
  await tokens().delete(workspace.tenant, new Date(when.getTime() - 60_000))
}
const state = async () => {
  const [row] = await look<{ paused: string | null }>(school, sql`select paused from workspace where tenant = ${workspace.tenant}`)
  return { paused: row?.paused ?? null, token: await tokens().get(workspace.tenant) }
}
const notices = async () => (await owedIn(school)).filter(({ kind }) => kind === "workspace_paused")

describe("a workspace that takes us out", () => {
  test("rests, and its token is gone", async () => {
    await install(now, "xoxb-1")
    await leaves(minutes(5))
    expect(await state()).toEqual({ paused: "disconnected", token: null })
    expect(await notices()).toHaveLength(1)
  })

  test("and was installed again stays so, however often and late it is said that it left before", async () => {
    await install(now, "xoxb-1")
    await leaves(minutes(5), "e1")
    await install(minutes(6), "xoxb-2")
    for (const id of ["e1", "e2", "e3"]) await leaves(minutes(5), id)
    expect(await state()).toEqual({ paused: null, token: "xoxb-2" })
    expect(await notices()).toHaveLength(1)
  })

  test("and was installed again within the minute that clocks may differ by stays so too: a call will tell", async () => {
    await install(now, "xoxb-1")
    await install(minutes(5), "xoxb-2")
    await leaves(minutes(5.5))
    expect(await state()).toEqual({ paused: null, token: "xoxb-2" })
    await leaves(minutes(6.5))
    expect(await state()).toEqual({ paused: "disconnected", token: null })
  })

  test("is judged by its own installation, not by another workspace's", async () => {
    await install(now, "xoxb-1")
    const own = workspace
    workspace = { platform: "slack", tenant: `T-${randomUUID()}` }
    await install(minutes(30), "xoxb-2")
    workspace = own
    await leaves(minutes(5))
    expect(await state()).toEqual({ paused: "disconnected", token: null })
  })

  test("while it is installed again is not left resting, whichever comes first", async () => {
    for (let round = 0; round < 5; round++) {
      await install(minutes(round * 10), `xoxb-${round}`)
      await Promise.all([leaves(minutes(round * 10 + 5)), install(minutes(round * 10 + 7), `xoxb-again-${round}`)])
      expect(await state()).toEqual({ paused: null, token: `xoxb-again-${round}` })
    }
  })
})
