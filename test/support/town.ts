// The whole of Rapport over the sample school, in this process: real database, real playground, a clock that only moves when told.

import { createHash, randomBytes, randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import type { Item } from "../../adapters/playground/chats.ts"
import type { Habit } from "../../adapters/playground/habit-plans.ts"
import { rows, type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { openWords } from "../../db/words.ts"
import { createApp } from "../../src/app.ts"
import type { Deps } from "../../src/deps.ts"
import { createLog } from "../../src/log.ts"
import { openMovedClock } from "../../src/moved-clock.ts"
import { loadPrompts } from "../../src/open.ts"
import type { PlatformName } from "../../src/platform/account.ts"
import type { Platform } from "../../src/platform/platform.ts"
import { openTown } from "../../src/playground.ts"
import { loadSample, sampleStart } from "../../src/sample.ts"
import { sampleHabits } from "../../src/sample-people.ts"
import { deliverDue, nextWork, tickChore } from "../../src/ticks.ts"
import { testDatabase } from "./database.ts"

export type TestTown = Awaited<ReturnType<typeof openTestTown>>

/** Opens it at the sample's first morning. `habits`: how somebody behaves otherwise than the sample has it. */
export async function openTestTown({ habits = {} }: { habits?: Readonly<Record<string, Partial<Habit>>> } = {}) {
  const database = await testDatabase()
  const { db } = database
  const dataDir = await mkdtemp(join(tmpdir(), "rapport-town-"))
  await loadSample({ db, ids: randomUUID })
  const [schoolId = ""] = await withoutSchool(db, schoolIds)
  // The real clock stands still, so that only moves move it.
  const clock = openMovedClock({ file: join(dataDir, "clock.json"), real: () => 0, start: sampleStart() })
  const platforms = new Map<PlatformName, Platform>()
  const words = openWords({ key: createHash("sha256").update("a key for tests").digest(), randomBytes })
  const deps: Deps = { db, clock, platforms, ids: randomUUID, words, prompts: loadPrompts(), log: createLog("silent"), wakeLanes: async () => {} }
  const app = createApp(deps)
  const work = async () => {
    await tickChore(deps, app.chores, "plan")
    await tickChore(deps, app.chores, "sweep")
    const { sent, refused, unknown } = await deliverDue(deps, app.letters)
    return sent + refused + unknown
  }
  const town = openTown({
    dataDir,
    db,
    clock,
    ids: randomUUID,
    prompts: deps.prompts,
    habits: new Map([...sampleHabits()].map(([person, habit]) => [person, { ...habit, ...habits[person] }])),
    work,
    nextWork: () => nextWork(deps),
    report: (error) => {
      throw error
    },
  })
  platforms.set("playground", town.platform)
  town.platform.listen(app.receive)
  return {
    ...town,
    db,
    clock,
    schoolId,
    work,
    ask: <Row>(query: Parameters<typeof rows>[1]): Promise<Row[]> => withSchool(db, schoolId, (tx: Tx) => rows<Row>(tx, query)),
    /** What autovacuum does within a minute: until then Postgres plans for tables that it takes to be empty. */
    async analyze() {
      const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
      await owner.unsafe("analyze")
      await owner.end()
    },
    messages: (user: string): readonly Item[] => town.platform.mailbox.messages(user),
    async close() {
      await town.platform.stop()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
