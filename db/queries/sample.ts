import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

export async function grantOffice(tx: Tx, schoolId: string, sourcedId: string, office: "counsellor" | "principal" | "admin"): Promise<void> {
  await rows(
    tx,
    sql`insert into staff_role (school_id, person_id, role) select ${schoolId}, p.id, ${office} from person p
        where p.sourced_id = ${sourcedId} and p.role = 'staff' on conflict do nothing`,
  )
}

/** Switches every advisory's plan on. */
export async function switchAllPlans(tx: Tx, schoolId: string, now: Date): Promise<void> {
  await rows(
    tx,
    sql`insert into plan (school_id, id, group_id, active, since) select ${schoolId}, gen_random_uuid(), g.id, true, ${now} from school_group g
        where g.kind = 'advisory' and g.status = 'active' on conflict do nothing`,
  )
}

export async function keepSetting(tx: Tx, schoolId: string, key: string, value: unknown, now: Date): Promise<void> {
  await rows(
    tx,
    sql`insert into setting (school_id, key, value, changed_at) values (${schoolId}, ${key}, ${JSON.stringify(value)}::jsonb, ${now})
        on conflict (school_id, key) do update set value = excluded.value, changed_at = excluded.changed_at`,
  )
}
