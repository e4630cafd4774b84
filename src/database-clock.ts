// The time that every process sharing a database agrees on. Refuses to be moved: that is the playground's alone.
import { type Database, databaseNow, withoutSchool } from "../db/client.ts"
import type { Clock } from "./platform/clock.ts"

export type DatabaseClock = Clock & { refresh(): Promise<void> }

/** The database's time, read at each tick: every process that shares it agrees on what is due. */
export async function databaseClock(db: Database): Promise<DatabaseClock> {
  let aheadMs = 0
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    async refresh() {
      aheadMs = (await withoutSchool(db, databaseNow)).getTime() - Date.now()
    },
  }
  await clock.refresh()
  return clock
}

export const refresh = async (clock: Clock | DatabaseClock): Promise<void> => {
  if ("refresh" in clock) await clock.refresh()
}
