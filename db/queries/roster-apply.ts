import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

/** What one table gained, where it changed, what ended; each row counts once. */
export type Change = { added: number; changed: number; ended: number }

type Outcome = "added" | "changed" | "ended"
const counted = (found: readonly { outcome: Outcome; count: number }[]): Change => {
  const change: Change = { added: 0, changed: 0, ended: 0 }
  for (const { outcome, count } of found) change[outcome] += count
  return change
}

/** False where the school has another name or is not there; the row is locked, so that one import at a time changes a school. */
export async function lockSchool(tx: Tx, schoolId: string): Promise<boolean> {
  const found = await rows(tx, sql`select id from school where id = ${schoolId} for update`)
  return found.length === 1
}

export type SiteRow = { id: string; sourcedId: string; name: string; zone: string }

export async function siteRows(tx: Tx): Promise<SiteRow[]> {
  return rows(tx, sql`select id, sourced_id as "sourcedId", name, zone from site order by name, sourced_id`)
}

/** How many students and staff are active, and how many of each are in the staged roster too. */
export async function peopleKept(tx: Tx): Promise<{ role: "student" | "staff"; now: number; kept: number }[]> {
  return rows(
    tx,
    sql`select p.role, count(*) as now, count(*) filter (where g.active) as kept
        from person p left join given_person g on g.sourced_id = p.sourced_id where p.status = 'active' group by 1 order by 1 desc`,
  )
}

export async function applySites(tx: Tx, schoolId: string): Promise<Change> {
  return counted(
    await rows(
      tx,
      sql`with kept as (
            insert into site (school_id, id, sourced_id, name, zone)
            select ${schoolId}::uuid, gen_random_uuid(), g.sourced_id, g.name, coalesce(g.zone, s.zone)
            from given_site g left join site s on s.sourced_id = g.sourced_id
            on conflict (school_id, sourced_id) do update set name = excluded.name, zone = excluded.zone
              where (site.name, site.zone) is distinct from (excluded.name, excluded.zone)
            returning xmax = 0 as added
          ) select case when added then 'added' else 'changed' end as outcome, count(*) from kept group by 1`,
    ),
  )
}

/** Terms that were inferred from a calendar give way to the roster's own. */
export async function applyTerms(tx: Tx, schoolId: string, whole: boolean): Promise<Change> {
  return counted(
    await rows(
      tx,
      sql`with kept as (
            insert into term (school_id, id, sourced_id, title, starts, ends)
            select ${schoolId}::uuid, gen_random_uuid(), g.sourced_id, g.title, g.starts, g.ends from given_term g
            on conflict (school_id, sourced_id) do update set title = excluded.title, starts = excluded.starts, ends = excluded.ends
              where (term.title, term.starts, term.ends) is distinct from (excluded.title, excluded.starts, excluded.ends)
            returning xmax = 0 as added
          ), gone as (
            delete from term t where not exists (select from given_term g where g.sourced_id = t.sourced_id)
              and (exists (select from given_end e where e.what = 'academicSessions' and e.sourced_id = t.sourced_id)
                or (${whole} and t.sourced_id not like 'typed:%' and (t.sourced_id not like 'ics:%' or exists (select from given_term))))
            returning 1
          )
          select case when added then 'added' else 'changed' end as outcome, count(*) from kept group by 1
          union all select 'ended', count(*) from gone`,
    ),
  )
}

/**
 * Adds and changes people by their key, ends who is gone. What people may have chosen themselves (the name they go by, pronouns,
 * language) is not emptied by a roster that is silent about it. A person without a site of their own gets a group's, else the first.
 */
export async function applyPeople(tx: Tx, schoolId: string, whole: boolean): Promise<Change> {
  return counted(
    await rows(
      tx,
      sql`with kept as (
            insert into person (school_id, id, sourced_id, role, given_name, family_name, preferred_name, pronouns, email, grade, language, site_id, status)
            select ${schoolId}::uuid, gen_random_uuid(), g.sourced_id, coalesce(g.role, p.role), g.given_name, g.family_name,
              coalesce(g.preferred_name, p.preferred_name), coalesce(g.pronouns, p.pronouns), g.email, g.grade, coalesce(g.language, p.language),
              coalesce(s.id, p.site_id, (select gs.id from given_enrolment e join given_group gg on gg.sourced_id = e.group_key
                join site gs on gs.sourced_id = gg.site where e.person_key = g.sourced_id order by e.sourced_id limit 1),
                (select f.id from site f order by f.sourced_id limit 1)),
              case when g.active then 'active' else 'ended' end
            from given_person g left join person p on p.sourced_id = g.sourced_id left join site s on s.sourced_id = g.site
            where p.id is not null or (g.active and g.role is not null)
            on conflict (school_id, sourced_id) do update set role = excluded.role, given_name = excluded.given_name, family_name = excluded.family_name,
              preferred_name = excluded.preferred_name, pronouns = excluded.pronouns, email = excluded.email, grade = excluded.grade,
              language = excluded.language, site_id = excluded.site_id, status = excluded.status
              where (person.role, person.given_name, person.family_name, person.preferred_name, person.pronouns, person.email, person.grade,
                  person.language, person.site_id, person.status)
                is distinct from (excluded.role, excluded.given_name, excluded.family_name, excluded.preferred_name, excluded.pronouns, excluded.email,
                  excluded.grade, excluded.language, excluded.site_id, excluded.status)
            returning case when xmax = 0 then 'added' when status = 'ended' then 'ended' else 'changed' end as outcome
          ), gone as (
            update person p set status = 'ended'
            where p.status = 'active' and not exists (select from given_person g where g.sourced_id = p.sourced_id)
              and (${whole} or exists (select from given_end e where e.what = 'users' and e.sourced_id = p.sourced_id))
            returning 1
          )
          select outcome, count(*) from kept group by 1 union all select 'ended', count(*) from gone`,
    ),
  )
}

/** Records a consent for the students of the staged roster; one that says more already stays. Returns how many it changed. */
export async function raiseConsent(tx: Tx, consent: "school" | "parent", now: Date): Promise<number> {
  const found = await rows(
    tx,
    sql`update person p set consent = ${consent}, consent_at = ${now} from given_person g
        where g.sourced_id = p.sourced_id and p.role = 'student' and p.status = 'active'
          and (p.consent = 'none' or (p.consent = 'school' and ${consent} = 'parent'))
        returning p.id`,
  )
  return found.length
}

export async function applyGroups(tx: Tx, schoolId: string, whole: boolean): Promise<Change> {
  return counted(
    await rows(
      tx,
      sql`with kept as (
            insert into school_group (school_id, id, sourced_id, site_id, title, kind)
            select ${schoolId}::uuid, gen_random_uuid(), g.sourced_id, coalesce(s.id, known.site_id, (select f.id from site f order by f.sourced_id limit 1)),
              g.title, g.kind
            from given_group g left join site s on s.sourced_id = g.site left join school_group known on known.sourced_id = g.sourced_id
            on conflict (school_id, sourced_id) do update set site_id = excluded.site_id, title = excluded.title, kind = excluded.kind, status = 'active'
              where (school_group.site_id, school_group.title, school_group.kind, school_group.status)
                is distinct from (excluded.site_id, excluded.title, excluded.kind, 'active')
            returning xmax = 0 as added
          ), gone as (
            update school_group c set status = 'ended'
            where c.status = 'active' and not exists (select from given_group g where g.sourced_id = c.sourced_id)
              and (${whole} or exists (select from given_end e where e.what = 'classes' and e.sourced_id = c.sourced_id))
            returning 1
          )
          select case when added then 'added' else 'changed' end as outcome, count(*) from kept group by 1
          union all select 'ended', count(*) from gone`,
    ),
  )
}
