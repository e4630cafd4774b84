import { sql } from "drizzle-orm"
import type { PlatformName } from "../../src/platform/account.ts"
import { unsaidZone } from "../../src/roster/roster.ts"
import type { Rhythm } from "../../src/scheduling/place.ts"
import { rows, type Tx } from "../client.ts"

export type StatusRow = {
  students: number
  staff: number
  noConsent: number
  plansOn: number
  unread: number
  /** Not closed; of them on the counsellor list, and snoozed; and how many were closed ever. */
  alerts: number
  alertsOnList: number
  alertsSnoozed: number
  alertsClosed: number
  reachOuts: number
  safetyOpen: number
  notOnBot: number
  playgroundOnly: number
  inTrouble: number
  counsellors: number
  sites: number
  sitesWithoutZone: number
  terms: number
  daysOffAhead: number
}

/** How a school stands: counts only. `notOnBot`: active people without any address; `playgroundOnly`: with none on a real platform; `inTrouble`: whose every address refuses us. */
export async function statusOf(tx: Tx, today: string): Promise<StatusRow> {
  const [row] = await rows<StatusRow>(
    tx,
    sql`select
      (select count(*) from person where role = 'student' and status = 'active') as students,
      (select count(*) from person where role = 'staff' and status = 'active') as staff,
      (select count(*) from person where role = 'student' and status = 'active' and consent = 'none') as "noConsent",
      (select count(*) from plan p join school_group g on g.school_id = p.school_id and g.id = p.group_id where p.active and g.status = 'active') as "plansOn",
      (select count(*) from reading where read_at is null) as unread,
      (select count(*) from alert where state <> 'closed') as alerts,
      (select count(*) from alert where state <> 'closed' and stage = 'counsellors') as "alertsOnList",
      (select count(*) from alert where state = 'snoozed') as "alertsSnoozed",
      (select count(*) from alert where state = 'closed') as "alertsClosed",
      (select count(*) from reach_out where state = 'open') as "reachOuts",
      (select count(*) from safety_event where state = 'open') as "safetyOpen",
      (select count(*) from person p where p.status = 'active' and not exists (select from address a where a.school_id = p.school_id and a.person_id = p.id)) as "notOnBot",
      (select count(*) from (select bool_and(a.platform = 'playground') as played from address a join person p on p.school_id = a.school_id and p.id = a.person_id
        where p.status = 'active' group by p.id) known where played) as "playgroundOnly",
      (select count(*) from person p where p.status = 'active' and exists (select from address a where a.school_id = p.school_id and a.person_id = p.id)
        and not exists (select from address a where a.school_id = p.school_id and a.person_id = p.id and a.trouble is null)) as "inTrouble",
      (select count(*) from staff_role r join person p on p.school_id = r.school_id and p.id = r.person_id where r.role = 'counsellor' and p.status = 'active') as counsellors,
      (select count(*) from site) as sites,
      (select count(*) from site where zone = ${unsaidZone}) as "sitesWithoutZone",
      (select count(*) from term where ends >= ${today}::date) as terms,
      (select count(distinct date) from day_off where date >= ${today}::date) as "daysOffAhead"`,
  )
  if (!row) throw new Error("The database gave no counts.")
  return row
}

/** An active person without an address that works. `places`: where they have one that refuses us, and why, as the vendor's code; empty: nowhere. */
export type Unreached = { name: string; role: "student" | "staff"; places: { platform: PlatformName; trouble: string }[] }

export async function unreachedPeople(tx: Tx): Promise<Unreached[]> {
  return rows(
    tx,
    sql`select coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.role,
          coalesce(jsonb_agg(jsonb_build_object('platform', a.platform, 'trouble', a.trouble) order by a.platform, a.user_id) filter (where a.user_id is not null), '[]') as places
        from person p left join address a on a.school_id = p.school_id and a.person_id = p.id
        where p.status = 'active' group by p.school_id, p.id, p.preferred_name, p.given_name, p.family_name, p.role
        having count(a.user_id) filter (where a.trouble is null) = 0 order by p.role, p.family_name, p.given_name, p.id`,
  )
}

/** Deliveries by state, and why those that were not sent were not. */
export async function deliveryCounts(tx: Tx): Promise<{ state: string; failure: string | null; count: number }[]> {
  return rows(tx, sql`select state, failure, count(*) as count from delivery group by 1, 2 order by 1, 3 desc, 2`)
}

export type GroupRow = {
  id: string
  title: string
  kind: "advisory" | "class"
  site: string
  zone: string
  on: boolean
  /** What its plan says otherwise than the school. */
  rhythm: Partial<Rhythm>
  students: number
}

/** Active groups, advisories first, with how many are in them or will be. */
export async function groupRows(tx: Tx, today: string): Promise<GroupRow[]> {
  return rows(
    tx,
    sql`select g.id, g.title, g.kind, s.name as site, s.zone, coalesce(p.active, false) as "on", coalesce(p.rhythm, '{}') as rhythm, count(o.id) as students
        from school_group g join site s on s.school_id = g.school_id and s.id = g.site_id
        left join plan p on p.school_id = g.school_id and p.group_id = g.id
        left join membership m on m.school_id = g.school_id and m.group_id = g.id and (m.to_date is null or m.to_date >= ${today}::date)
        left join person o on o.school_id = m.school_id and o.id = m.student_id and o.status = 'active'
        where g.status = 'active' group by g.id, g.title, g.kind, s.name, s.zone, p.active, p.rhythm order by g.kind, s.name, g.title, g.id`,
  )
}

/** Schools that a plan has never looked at would have no wake-up: when each chore next looks. Runs without a school. */
export async function wakesOf(tx: Tx, schoolId: string): Promise<{ kind: string; at: Date }[]> {
  return rows(tx, sql`select kind, min(next_at) as at from wake where school_id = ${schoolId} group by 1 order by 1`)
}
