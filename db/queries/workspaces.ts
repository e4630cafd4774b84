import { sql } from "drizzle-orm"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"
import { addressOf } from "./delivery-owe.ts"

export type WorkspaceRow = Workspace & { schoolId: string; paused: string | null }

/** Which school a tenant belongs to, from now on. Runs without a school. */
export async function connectWorkspace(tx: Tx, workspace: Workspace, schoolId: string): Promise<void> {
  await rows(
    tx,
    sql`insert into workspace (platform, tenant, school_id) values (${workspace.platform}, ${workspace.tenant}, ${schoolId})
        on conflict (platform, tenant) do update set paused = null where workspace.school_id = excluded.school_id`,
  )
}

/**
 * The vendor refuses us as a whole: its rows are kept, its lane rests. `why` is a vendor's code; the first one stays. True for the one call
 * that paused it, however many lanes find out at once.
 */
export async function pauseWorkspace(tx: Tx, workspace: Workspace, why: string): Promise<boolean> {
  const found = await rows(
    tx,
    sql`update workspace set paused = ${why} where platform = ${workspace.platform} and tenant = ${workspace.tenant} and paused is null returning tenant`,
  )
  return found.length === 1
}

/** Whether this school connected the workspace at `since` or later. */
export async function connectedSince(tx: Tx, { platform, tenant }: Workspace, since: Date): Promise<boolean> {
  const found = await rows(
    tx,
    sql`select 1 from deed where act = 'workspace_connected' and at >= ${since}
        and detail->>'platform' = ${platform} and detail->>'tenant' = ${tenant} limit 1`,
  )
  return found.length === 1
}

export async function workspaceRows(tx: Tx): Promise<WorkspaceRow[]> {
  return rows(tx, sql`select platform, tenant, school_id as "schoolId", paused from workspace order by platform, tenant`)
}

/** Whose account this is: one account, one person. False where it is already somebody else's. */
export async function linkAccount(
  tx: Tx,
  account: { platform: PlatformName; tenant: string; user: string },
  schoolId: string,
  personId: string,
): Promise<boolean> {
  const found = await rows(
    tx,
    sql`insert into account (platform, tenant, user_id, school_id, person_id) values (${account.platform}, ${account.tenant}, ${account.user}, ${schoolId}, ${personId})
        on conflict (platform, tenant, user_id) do update set person_id = excluded.person_id
          where account.person_id = excluded.person_id and account.school_id = excluded.school_id
        returning user_id`,
  )
  return found.length === 1
}

/** The account and its address go. False where it is not this person's. */
export async function unlinkAccount(
  tx: Tx,
  account: { platform: PlatformName; tenant: string; user: string },
  schoolId: string,
  personId: string,
): Promise<boolean> {
  const mine = sql`platform = ${account.platform} and tenant = ${account.tenant} and user_id = ${account.user} and school_id = ${schoolId}`
  const found = await rows(tx, sql`delete from account where ${mine} and person_id = ${personId} returning user_id`)
  if (found.length === 0) return false
  await rows(tx, sql`delete from address where ${mine}`)
  return true
}

/**
 * What waits for an account that is nobody's any more goes to another of its person's, or ends as `no_account`. What is being sent at this
 * moment is let go. Returns where there is new work, and how many messages ended.
 */
export async function readdress(
  tx: Tx,
  account: { platform: PlatformName; tenant: string; user: string },
  personId: string,
  { now, slackMinimumAge }: { now: Date; slackMinimumAge: number },
): Promise<{ moved: Workspace[]; ended: number }> {
  const found = await rows<{ platform: PlatformName | null; tenant: string | null }>(
    tx,
    sql`update delivery d set platform = n.platform, tenant = n.tenant, user_id = n.user_id,
          state = case when n.platform is null then 'refused' else 'planned' end, failure = case when n.platform is null then 'no_account' end,
          settled_at = case when n.platform is null then ${now}::timestamptz end
        from (select o.school_id, o.id, a.platform, a.tenant, a.user_id from delivery o left join ${addressOf("o", slackMinimumAge, sql`o.urgent`)} a on true
          where o.person_id = ${personId} and o.state = 'planned' and o.platform = ${account.platform} and o.tenant = ${account.tenant}
            and o.user_id = ${account.user}) n
        where d.school_id = n.school_id and d.id = n.id and d.state = 'planned' returning d.platform, d.tenant`,
  )
  const moved = new Map<string, Workspace>()
  for (const { platform, tenant } of found) if (platform !== null && tenant !== null) moved.set(`${platform}/${tenant}`, { platform, tenant })
  return { moved: [...moved.values()], ended: found.filter(({ platform }) => platform === null).length }
}
