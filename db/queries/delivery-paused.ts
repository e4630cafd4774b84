import type { Workspace } from "../../src/platform/account.ts"
import { hot, type Tx } from "../client.ts"

/** Who is told that a workspace is paused: the school's admins; where it has none, its principals. */
export async function whoMends(tx: Tx): Promise<string[]> {
  const found = await hot<{ id: string }>(
    tx,
    `with asked as (
       select p.id, r.role from staff_role r join person p on p.school_id = r.school_id and p.id = r.person_id
       where r.role in ('admin', 'principal') and p.role = 'staff' and p.status = 'active')
     select id from asked where role = 'admin' or not exists (select from asked where role = 'admin') order by id`,
  )
  return found.map(({ id }) => id)
}

/** Whether a workspace is still paused by what was told in this delivery: connected again and paused anew, there is a newer one. */
export async function stillPaused(tx: Tx, schoolId: string, workspace: Workspace, deliveryId: string): Promise<boolean> {
  const found = await hot(
    tx,
    `select from workspace w where w.platform = $1 and w.tenant = $2 and w.school_id = $3 and w.paused is not null and not exists (
       select from delivery d join delivery newer on newer.school_id = d.school_id and newer.person_id = d.person_id and newer.kind = d.kind
         and newer.detail ->> 'platform' = $1 and newer.detail ->> 'tenant' = $2 and newer.detail ->> 'since' > d.detail ->> 'since'
       where d.id = $4)`,
    [workspace.platform, workspace.tenant, schoolId, deliveryId],
  )
  return found.length === 1
}

const kept = `from workspace w where w.school_id = d.school_id and w.platform = d.platform and w.tenant = d.tenant and w.paused is not null and d.state = 'planned'`

/** What a paused workspace did not send in time ends here: its lane, which would end it, rests. Returns when the next one is too late; null: none. */
export async function expireInPaused(tx: Tx, now: Date): Promise<Date | null> {
  await hot(tx, `update delivery d set state = 'expired', failure = 'too_late', settled_at = $1::timestamptz ${kept} and d.expires_at <= $1`, [now])
  const [row] = await hot<{ at: Date | null }>(tx, `select min(d.expires_at) as at from delivery d where exists (select ${kept})`)
  return row?.at ?? null
}
