import type { Workspace } from "../../src/platform/account.ts"
import { hot, type Tx } from "../client.ts"

/** `kept`: it was this school's already, and not paused. */
export type Taken = "connected" | "kept" | "elsewhere"

/** Makes a workspace this school's, unless it is another's, and ends its pause; its rows stay as they are. Of two schools at once one has it. */
export async function takeWorkspace(tx: Tx, { platform, tenant }: Workspace, schoolId: string): Promise<Taken> {
  const made = await hot(tx, `insert into workspace (platform, tenant, school_id) values ($1, $2, $3) on conflict do nothing returning tenant`, [
    platform,
    tenant,
    schoolId,
  ])
  if (made.length === 1) return "connected"
  const [row] = await hot<{ ours: boolean; paused: boolean }>(
    tx,
    `select school_id = $3 as ours, paused is not null as paused from workspace where platform = $1 and tenant = $2 for update`,
    [platform, tenant, schoolId],
  )
  if (!row?.ours) return "elsewhere"
  if (!row.paused) return "kept"
  await hot(tx, `update workspace set paused = null where platform = $1 and tenant = $2`, [platform, tenant])
  return "connected"
}

/** The lane of a workspace looks at once. */
export async function wakeLane(tx: Tx, schoolId: string, { platform, tenant }: Workspace, now: Date): Promise<void> {
  await hot(
    tx,
    `insert into wake (school_id, kind, platform, tenant, next_at) values ($1, 'lane', $2, $3, $4)
     on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)`,
    [schoolId, platform, tenant, now],
  )
}

/** Who else comes by this link waits until this transaction has ended. `mark` names the link. */
export async function holdLink(tx: Tx, mark: string): Promise<void> {
  await hot(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [mark])
}

/** Whether another workspace came by this link before; the same one may try again. */
export async function linkUsedElsewhere(tx: Tx, { platform, tenant }: Workspace, mark: string): Promise<boolean> {
  const found = await hot(
    tx,
    `select from deed where act = 'workspace_connected' and detail->>'link' = $1 and (detail->>'platform' <> $2 or detail->>'tenant' <> $3) limit 1`,
    [mark, platform, tenant],
  )
  return found.length === 1
}
