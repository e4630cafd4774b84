import type { PlatformName } from "../../src/platform/account.ts"
import { hot, type Tx } from "../client.ts"

/** False where this event has acted before: whoever comes second waits for the first to commit, then sees it. */
export async function firstSeen(tx: Tx, schoolId: string, platform: PlatformName, tenant: string, eventId: string, at: Date): Promise<boolean> {
  const found = await hot(
    tx,
    `insert into event_seen (school_id, platform, tenant, event_id, at) values ($1, $2, $3, $4, $5) on conflict do nothing returning event_id`,
    [schoolId, platform, tenant, eventId, at],
  )
  return found.length === 1
}

/** `actorId` null: the bot, or somebody at the terminal. `detail` holds codes and ids, never words. */
export type DeedRow = {
  schoolId: string
  id: string
  at: Date
  actorId: string | null
  via: string
  act: string
  subjectId: string | null
  detail?: Readonly<Record<string, string | number | boolean | null>>
}

export async function writeDeed(tx: Tx, deed: DeedRow): Promise<void> {
  await hot(tx, `insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    deed.schoolId,
    deed.id,
    deed.at,
    deed.actorId,
    deed.via,
    deed.act,
    deed.subjectId,
    deed.detail ?? {},
  ])
}
