import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"
import type { Change } from "./roster-apply.ts"

/**
 * Keeps the staged enrolments. A row that a vendor's export names anew counts from the day its forerunner did, so that an advisor
 * does not lose what they could read yesterday.
 */
export async function keepEnrolments(tx: Tx, schoolId: string, whole: boolean, today: string): Promise<void> {
  await rows(
    tx,
    sql`insert into enrolment (school_id, sourced_id, group_id, person_id, role, lead, from_date, to_date, since)
        select ${schoolId}::uuid, e.sourced_id, g.id, p.id, e.role, e.lead, e.from_date, e.to_date,
          coalesce((select min(coalesce(o.from_date, o.since)) from enrolment o
            where o.group_id = g.id and o.person_id = p.id and o.role = e.role and o.status = 'active'), ${today}::date)
        from given_enrolment e join school_group g on g.sourced_id = e.group_key join person p on p.sourced_id = e.person_key
        on conflict (school_id, sourced_id) do update set group_id = excluded.group_id, person_id = excluded.person_id, role = excluded.role,
          lead = excluded.lead, from_date = excluded.from_date, to_date = excluded.to_date, status = 'active',
          since = case when enrolment.status = 'ended' then ${today}::date else enrolment.since end
          where (enrolment.group_id, enrolment.person_id, enrolment.role, enrolment.lead, enrolment.from_date, enrolment.to_date, enrolment.status)
            is distinct from (excluded.group_id, excluded.person_id, excluded.role, excluded.lead, excluded.from_date, excluded.to_date, 'active')`,
  )
  await rows(
    tx,
    sql`update enrolment o set status = 'ended'
        where o.status = 'active' and not exists (select from given_enrolment e where e.sourced_id = o.sourced_id)
          and (${whole} or exists (select from given_end e where e.what = 'enrollments' and e.sourced_id = o.sourced_id))`,
  )
}

/** Brings memberships in line with the enrolments: a last day of today where one is gone, gone altogether where it had not begun. */
export async function followMemberships(tx: Tx, schoolId: string, today: string): Promise<Change> {
  return rows<Change>(
    tx,
    sql`with wanted as materialized (
          select e.group_id, e.person_id as student_id, coalesce(e.from_date, e.since) as from_date, nullif(max(coalesce(e.to_date, 'infinity')), 'infinity') as to_date
          from enrolment e join school_group g on g.school_id = e.school_id and g.id = e.group_id and g.status = 'active'
          join person p on p.school_id = e.school_id and p.id = e.person_id and p.status = 'active' and p.role = 'student'
          where e.status = 'active' and e.role = 'student' and coalesce(e.from_date, e.since) <= coalesce(e.to_date, 'infinity') group by 1, 2, 3
        ), unwanted as materialized (
          select m.group_id, m.student_id, m.from_date, exists (select from wanted w
            where w.group_id = m.group_id and w.student_id = m.student_id and w.from_date <= m.from_date and (w.to_date is null or w.to_date >= m.from_date)) as moved
          from membership m where (m.to_date is null or m.to_date > ${today}::date or m.from_date > ${today}::date)
            and not exists (select from wanted w where w.group_id = m.group_id and w.student_id = m.student_id and w.from_date = m.from_date)
        ), gone as (
          delete from membership m using unwanted u where m.group_id = u.group_id and m.student_id = u.student_id and m.from_date = u.from_date
            and (u.moved or u.from_date > ${today}::date) returning u.moved
        ), ended as (
          update membership m set to_date = ${today}::date from unwanted u where m.group_id = u.group_id and m.student_id = u.student_id and m.from_date = u.from_date
            and not u.moved and u.from_date <= ${today}::date returning 1
        ), kept as (
          insert into membership (school_id, group_id, student_id, from_date, to_date) select ${schoolId}::uuid, group_id, student_id, from_date, to_date from wanted
          on conflict (school_id, group_id, student_id, from_date) do update set to_date = excluded.to_date where membership.to_date is distinct from excluded.to_date
          returning xmax = 0 as added
        ) ${summed}`,
  ).then(only)
}

/** The same for ties: everyone who learns in a group and everyone who teaches it, while both do. An advisory makes advisors. */
export async function followTies(tx: Tx, schoolId: string, today: string): Promise<Change> {
  return rows<Change>(
    tx,
    sql`with pairs as (
          select s.person_id as student_id, t.person_id as adult_id, case g.kind when 'advisory' then 'advisor' else 'class' end as kind, g.id as group_id, t.lead,
            greatest(coalesce(s.from_date, s.since), coalesce(t.from_date, t.since)) as from_date, least(coalesce(s.to_date, 'infinity'), coalesce(t.to_date, 'infinity')) as to_date
          from enrolment s join enrolment t on t.school_id = s.school_id and t.group_id = s.group_id and t.role = 'teacher' and t.status = 'active'
          join school_group g on g.school_id = s.school_id and g.id = s.group_id and g.status = 'active'
          join person ps on ps.school_id = s.school_id and ps.id = s.person_id and ps.status = 'active' and ps.role = 'student'
          join person pt on pt.school_id = t.school_id and pt.id = t.person_id and pt.status = 'active' and pt.role = 'staff'
          where s.role = 'student' and s.status = 'active'
        ), wanted as materialized (
          select student_id, adult_id, kind, group_id, from_date, bool_or(lead) as lead, nullif(max(to_date), 'infinity') as to_date
          from pairs where from_date <= to_date group by 1, 2, 3, 4, 5
        ), unwanted as materialized (
          select t.id, t.from_date, exists (select from wanted w
            where w.student_id = t.student_id and w.adult_id = t.adult_id and w.kind = t.kind and w.group_id = t.group_id
              and w.from_date <= t.from_date and (w.to_date is null or w.to_date >= t.from_date)) as moved
          from tie t where t.source = 'roster' and (t.to_date is null or t.to_date > ${today}::date or t.from_date > ${today}::date)
            and not exists (select from wanted w where w.student_id = t.student_id and w.adult_id = t.adult_id and w.kind = t.kind
              and w.group_id = t.group_id and w.from_date = t.from_date)
        ), gone as (
          delete from tie t using unwanted u where t.id = u.id and (u.moved or u.from_date > ${today}::date) returning u.moved
        ), ended as (
          update tie t set to_date = ${today}::date from unwanted u where t.id = u.id and not u.moved and u.from_date <= ${today}::date returning 1
        ), kept as (
          insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date, to_date)
          select ${schoolId}::uuid, gen_random_uuid(), student_id, adult_id, kind, group_id, lead, 'roster', from_date, to_date from wanted
          on conflict on constraint tie_once do update set lead = excluded.lead, to_date = excluded.to_date
            where (tie.lead, tie.to_date) is distinct from (excluded.lead, excluded.to_date)
          returning xmax = 0 as added
        ) ${summed}`,
  ).then(only)
}

/** A row whose first day was corrected to an earlier one left and came back as another: it changed. */
const summed = sql.raw(`select (select count(*) from kept where added) - (select count(*) from gone where moved) as added,
  (select count(*) from kept where not added) + (select count(*) from gone where moved) as changed,
  (select count(*) from ended) + (select count(*) from gone where not moved) as ended`)

const only = (found: readonly Change[]): Change => found[0] ?? { added: 0, changed: 0, ended: 0 }

/** Active students whom no advisor has, today or from a day to come. */
export async function withoutAdvisor(tx: Tx, today: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    tx,
    sql`select coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name from person p
        where p.role = 'student' and p.status = 'active' and not exists (
          select from tie t join person a on a.school_id = t.school_id and a.id = t.adult_id and a.status = 'active'
          where t.school_id = p.school_id and t.student_id = p.id and t.kind = 'advisor' and (t.to_date is null or t.to_date >= ${today}::date))
        order by p.family_name, 1, p.id`,
  )
  return found.map((row) => row.name)
}

export type AdvisoryRow = { sourcedId: string; title: string; site: string; lead: string | null; students: number }

/** The school's advisories with who leads them and how many students they have, today or from a day to come. */
export async function advisoryRows(tx: Tx, today: string): Promise<AdvisoryRow[]> {
  return rows(
    tx,
    sql`select g.sourced_id as "sourcedId", g.title, s.name as site,
          (select string_agg(distinct coalesce(a.preferred_name, a.given_name) || ' ' || a.family_name, ', ') from enrolment t join person a on a.school_id = t.school_id
            and a.id = t.person_id and a.status = 'active' where t.school_id = g.school_id and t.group_id = g.id and t.role = 'teacher' and t.status = 'active' and t.lead) as lead,
          (select count(distinct m.student_id) from membership m where m.school_id = g.school_id and m.group_id = g.id
            and (m.to_date is null or m.to_date >= ${today}::date)) as students
        from school_group g join site s on s.school_id = g.school_id and s.id = g.site_id
        where g.kind = 'advisory' and g.status = 'active' order by s.name, g.title, g.id`,
  )
}
