// When a workspace's people are next read; one wake row each, taken by one process at a time.
import { sql } from "drizzle-orm"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"

/** The workspace's people are to be read by `at`. Nobody reads the playground's: its people are the roster. */
export async function askEnrolment(tx: Tx, schoolId: string, { platform, tenant }: Workspace, at: Date): Promise<void> {
  if (platform === "playground") return
  await rows(
    tx,
    sql`insert into wake (school_id, kind, platform, tenant, next_at) values (${schoolId}, 'enrol', ${platform}, ${tenant}, ${at})
        on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)`,
  )
}

/** The same for every workspace of the school. */
export async function askEnrolments(tx: Tx, schoolId: string, at: Date): Promise<void> {
  await rows(
    tx,
    sql`insert into wake (school_id, kind, platform, tenant, next_at)
        select school_id, 'enrol', platform, tenant, ${at}::timestamptz from workspace where school_id = ${schoolId} and platform <> 'playground'
        on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)`,
  )
}

const row = (schoolId: string, { platform, tenant }: Workspace) =>
  sql`school_id = ${schoolId} and kind = 'enrol' and platform = ${platform} and tenant = ${tenant}`

/** Takes a run that is due, until `until`: true for one process only. Should that one die, another takes it up then. */
export async function takeEnrolment(tx: Tx, schoolId: string, workspace: Workspace, now: Date, until: Date): Promise<boolean> {
  const found = await rows(tx, sql`update wake set next_at = ${until} where ${row(schoolId, workspace)} and next_at <= ${now} returning kind`)
  return found.length === 1
}

/** Moves the end of what was taken until `held`. False where somebody has asked for a run meanwhile: that one begins anew. */
export async function moveEnrolment(tx: Tx, schoolId: string, workspace: Workspace, held: Date, until: Date): Promise<boolean> {
  const found = await rows(tx, sql`update wake set next_at = ${until} where ${row(schoolId, workspace)} and next_at = ${held} returning kind`)
  return found.length === 1
}

export type DueEnrolment = { schoolId: string; workspace: Workspace }

/** Runs that are due, oldest first; not those of a paused workspace. Runs without a school. */
export async function dueEnrolmentRows(tx: Tx, now: Date): Promise<DueEnrolment[]> {
  const found = await rows<{ schoolId: string; platform: PlatformName; tenant: string }>(
    tx,
    sql`select w.school_id as "schoolId", w.platform, w.tenant from wake w
        join workspace s on s.platform = w.platform and s.tenant = w.tenant and s.school_id = w.school_id
        where w.kind = 'enrol' and w.next_at <= ${now} and s.paused is null order by w.next_at`,
  )
  return found.map(({ schoolId, platform, tenant }) => ({ schoolId, workspace: { platform, tenant } }))
}
