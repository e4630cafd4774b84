import { sql } from "drizzle-orm"
import type { Account, Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"

/** When the vendor last told us of anything that was kept, from this workspace. */
export async function lastEventAt(tx: Tx, { platform, tenant }: Workspace): Promise<Date | null> {
  const [row] = await rows<{ at: Date | null }>(tx, sql`select max(at) as at from event_seen where platform = ${platform} and tenant = ${tenant}`)
  return row?.at ?? null
}

/** How many addresses in this workspace refuse us. */
export async function addressesInTrouble(tx: Tx, { platform, tenant }: Workspace): Promise<number> {
  const [row] = await rows<{ count: number }>(
    tx,
    sql`select count(*) as count from address a join person p on p.school_id = a.school_id and p.id = a.person_id
        where a.platform = ${platform} and a.tenant = ${tenant} and a.trouble is not null and p.status = 'active'`,
  )
  return row?.count ?? 0
}

/** An active person with what a vendor may know them by: the roster's e-mail in small letters, and the accounts already theirs there. */
export type Reachable = { id: string; name: string; role: "student" | "staff"; grade: string | null; email: string | null; users: string[] }

export async function reachable(tx: Tx, { platform, tenant }: Workspace): Promise<Reachable[]> {
  return rows(
    tx,
    sql`select p.id, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.role, p.grade,
          nullif(lower(btrim(p.email)), '') as email,
          coalesce((select array_agg(a.user_id) from account a
            where a.school_id = p.school_id and a.person_id = p.id and a.platform = ${platform} and a.tenant = ${tenant}), '{}') as users
        from person p where p.status = 'active' order by p.role, p.family_name, p.given_name, p.id`,
  )
}

/** Those of these active people who have no address that works. `trouble`: why the one they have refuses us; null where they have none. */
export async function unreachable(
  tx: Tx,
  personIds: readonly string[],
  playground: boolean,
): Promise<{ id: string; name: string; trouble: string | null }[]> {
  if (personIds.length === 0) return []
  return rows(
    tx,
    sql`select p.id, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, min(a.trouble) as trouble
        from person p left join address a on a.school_id = p.school_id and a.person_id = p.id and (a.platform <> 'playground' or ${playground}::boolean)
        where p.status = 'active' and p.id::text = any(${sql.param([...personIds])}::text[])
        group by p.school_id, p.id having count(a.user_id) filter (where a.trouble is null) = 0`,
  )
}

/** The accounts of a person, in order. */
export async function accountsOf(tx: Tx, personId: string): Promise<Account[]> {
  return rows(
    tx,
    sql`select a.platform, a.tenant, a.user_id as "user" from account a, person p
        where p.id = ${personId} and a.school_id = p.school_id and a.person_id = p.id order by 1, 2, 3`,
  )
}
