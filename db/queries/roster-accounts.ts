import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

/**
 * Gives every active person of the school an account and an address on the playground, named by their roster key. The playground
 * belongs to the first school that takes it; null where that is another one.
 */
export async function givePlaygroundAccounts(tx: Tx, schoolId: string, now: Date): Promise<number | null> {
  await rows(tx, sql`insert into workspace (platform, tenant, school_id) values ('playground', 'playground', ${schoolId}) on conflict do nothing`)
  const [owner] = await rows<{ id: string }>(tx, sql`select school_id as id from workspace where platform = 'playground' and tenant = 'playground'`)
  if (owner?.id !== schoolId) return null
  const given = await rows(
    tx,
    sql`insert into account (platform, tenant, user_id, school_id, person_id)
        select 'playground', 'playground', p.sourced_id, p.school_id, p.id from person p where p.status = 'active'
        on conflict do nothing returning user_id`,
  )
  await rows(
    tx,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
        select p.school_id, a.platform, a.tenant, a.user_id, p.id, 'dm:' || a.user_id, ${now}
        from account a join person p on p.school_id = a.school_id and p.id = a.person_id and p.status = 'active'
        where a.platform = 'playground' and a.tenant = 'playground' and a.school_id = ${schoolId} on conflict do nothing`,
  )
  return given.length
}
