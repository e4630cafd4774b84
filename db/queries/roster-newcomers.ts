// Accounts that were met and are nobody's yet, where the vendor lists nobody: ids and the way back to them, never a word of theirs.
import { sql } from "drizzle-orm"
import type { Account, Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"

const here = ({ platform, tenant }: Workspace) => sql`platform = ${platform} and tenant = ${tenant}`

/** `greet`: the app was installed for them just now, and nobody has said anything to them. Whoever is to be greeted stays so. */
export async function keepNewcomer(tx: Tx, schoolId: string, account: Account, met: { route: string; greet: boolean; now: Date }): Promise<void> {
  const { platform, tenant, user } = account
  await rows(
    tx,
    sql`insert into newcomer (school_id, platform, tenant, user_id, route, greet, at)
        values (${schoolId}, ${platform}, ${tenant}, ${user}, ${met.route}, ${met.greet}, ${met.now})
        on conflict (school_id, platform, tenant, user_id) do update set route = excluded.route, greet = newcomer.greet or excluded.greet, at = excluded.at`,
  )
}

export type Newcomer = { user: string; route: string | null; greet: boolean }

/** They are somebody now, or gone. Returns what was known of each. */
export async function takeNewcomers(tx: Tx, workspace: Workspace, users: readonly string[]): Promise<Newcomer[]> {
  if (users.length === 0) return []
  return rows(
    tx,
    sql`delete from newcomer where ${here(workspace)} and user_id = any(${sql.param([...users])}::text[])
        returning user_id as "user", route, greet`,
  )
}

/** Where they are reached by now. */
export async function moveNewcomer(tx: Tx, account: Account, route: string): Promise<void> {
  await rows(tx, sql`update newcomer set route = ${route} where ${here(account)} and user_id = ${account.user}`)
}

/** Of whoever was nobody's for so long nothing is kept. */
export async function dropNewcomers(tx: Tx, workspace: Workspace, metBefore: Date): Promise<void> {
  await rows(tx, sql`delete from newcomer where ${here(workspace)} and at < ${metBefore}`)
}

/** Those after `after`, in order. */
export async function newcomers(tx: Tx, workspace: Workspace, after: string, limit: number): Promise<Pick<Newcomer, "user" | "route">[]> {
  return rows(tx, sql`select user_id as "user", route from newcomer where ${here(workspace)} and user_id > ${after} order by user_id limit ${limit}`)
}
