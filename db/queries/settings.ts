import { sql } from "drizzle-orm"
import type { StaffRole } from "../../src/access/actor.ts"
import { rows, type Tx } from "../client.ts"

/** The key that only the sample school has set: a real roster is never taken into it by mistake. */
export const sampleMark = "sample"

export async function saveSetting(tx: Tx, schoolId: string, setting: { key: string; value: unknown; now: Date }): Promise<void> {
  await rows(
    tx,
    sql`insert into setting (school_id, key, value, changed_at) values (${schoolId}, ${setting.key}, ${JSON.stringify(setting.value)}::jsonb, ${setting.now})
        on conflict (school_id, key) do update set value = excluded.value, changed_at = excluded.changed_at`,
  )
}

/** The default holds again. */
export async function dropSetting(tx: Tx, key: string): Promise<void> {
  await rows(tx, sql`delete from setting where key = ${key}`)
}

export type PersonRow = { id: string; sourcedId: string; name: string; role: "student" | "staff"; email: string | null; active: boolean }

/** Whom a key, an e-mail or a whole name (the chosen or the given one) means; a key means one person alone. */
export async function peopleCalled(tx: Tx, said: string): Promise<PersonRow[]> {
  return rows(
    tx,
    sql`select p.id, p.sourced_id as "sourcedId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.role, p.email, p.status = 'active' as active
        from person p
        where p.sourced_id = ${said} or (not exists (select from person k where k.sourced_id = ${said}) and (p.id::text = lower(${said}) or lower(p.email) = lower(${said})
          or lower(${said}) in (lower(p.given_name || ' ' || p.family_name), lower(p.preferred_name || ' ' || p.family_name))))
        order by p.status, p.family_name, p.given_name, p.id limit 20`,
  )
}

/** False where they held the role already. */
export async function grantRole(tx: Tx, schoolId: string, personId: string, role: StaffRole): Promise<boolean> {
  const found = await rows(
    tx,
    sql`insert into staff_role (school_id, person_id, role) values (${schoolId}, ${personId}, ${role}) on conflict do nothing returning role`,
  )
  return found.length === 1
}

/** False where they did not hold it. */
export async function revokeRole(tx: Tx, personId: string, role: StaffRole): Promise<boolean> {
  const found = await rows(tx, sql`delete from staff_role where person_id = ${personId} and role = ${role} returning role`)
  return found.length === 1
}

export async function activeStaff(tx: Tx): Promise<{ id: string; name: string }[]> {
  return rows(
    tx,
    sql`select p.id, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name from person p
        where p.role = 'staff' and p.status = 'active' order by p.family_name, p.given_name, p.id`,
  )
}

/** An address that has not been written from yet, for an account that was linked by hand. */
export async function giveAddress(
  tx: Tx,
  schoolId: string,
  address: { platform: string; tenant: string; user: string; personId: string },
): Promise<void> {
  await rows(
    tx,
    sql`insert into address (school_id, platform, tenant, user_id, person_id) values (${schoolId}, ${address.platform}, ${address.tenant}, ${address.user}, ${address.personId})
        on conflict (school_id, platform, tenant, user_id) do update set person_id = excluded.person_id`,
  )
}
