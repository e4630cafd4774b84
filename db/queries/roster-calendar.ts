import { sql } from "drizzle-orm"
import type { DayOff, Term } from "../../src/scheduling/calendar.ts"
import { rows, type Tx } from "../client.ts"
import type { Change } from "./roster-apply.ts"

/**
 * Replaces what an earlier calendar of this source said of these sites from `from` on; days before it are history. A typed day stands
 * over an inferred one, a day closed by hand over both.
 */
export async function replaceDaysOff(
  tx: Tx,
  schoolId: string,
  given: { siteIds: readonly string[]; source: "ics" | "typed"; from: string; days: readonly DayOff[] },
): Promise<Change> {
  const days = given.days.map(({ date, students, staff, reason }) => ({ date, students, staff, reason }))
  const sources = given.source === "ics" ? ["ics"] : ["ics", "typed"]
  const [change] = await rows<Change>(
    tx,
    sql`with given as (
          select s.id as site_id, d.* from unnest(${sql.param([...given.siteIds])}::uuid[]) s(id)
          cross join jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as d(date date, students boolean, staff boolean, reason text)
        ), gone as (
          delete from day_off d where d.source = ${given.source} and d.date >= ${given.from}::date and d.site_id = any(${sql.param([...given.siteIds])}::uuid[])
            and not exists (select from given g where g.site_id = d.site_id and g.date = d.date) returning 1
        ), kept as (
          insert into day_off (school_id, site_id, date, students, staff, reason, source)
          select ${schoolId}::uuid, site_id, date, students, staff, reason, ${given.source} from given
          on conflict (school_id, site_id, date) do update set students = excluded.students, staff = excluded.staff, reason = excluded.reason, source = excluded.source
            where day_off.source = any(${sql.param(sources)}::text[])
              and (day_off.students, day_off.staff, day_off.reason, day_off.source) is distinct from (excluded.students, excluded.staff, excluded.reason, excluded.source)
          returning xmax = 0 as added
        )
        select (select count(*) from kept where added) as added, (select count(*) from kept where not added) as changed, (select count(*) from gone) as ended`,
  )
  return change ?? { added: 0, changed: 0, ended: 0 }
}

/** Closes a day by hand, for everybody; returns at how many sites it was not closed already. */
export async function closeDay(tx: Tx, schoolId: string, day: { siteIds: readonly string[]; date: string; reason: string }): Promise<number> {
  const found = await rows(
    tx,
    sql`insert into day_off (school_id, site_id, date, students, staff, reason, source)
        select ${schoolId}::uuid, s.id, ${day.date}::date, true, true, ${day.reason}, 'closed' from unnest(${sql.param([...day.siteIds])}::uuid[]) s(id)
        on conflict (school_id, site_id, date) do update set students = true, staff = true, reason = excluded.reason, source = 'closed'
          where not (day_off.students and day_off.staff)
        returning site_id`,
  )
  return found.length
}

/** Takes back a day that was closed by hand; returns at how many sites. */
export async function reopenDay(tx: Tx, day: { siteIds: readonly string[]; date: string }): Promise<number> {
  const found = await rows(
    tx,
    sql`delete from day_off d where d.source = 'closed' and d.date = ${day.date}::date and d.site_id = any(${sql.param([...day.siteIds])}::uuid[]) returning 1`,
  )
  return found.length
}

export type TermRow = { sourcedId: string; title: string; start: string; end: string }

export async function termRows(tx: Tx): Promise<TermRow[]> {
  return rows(tx, sql`select sourced_id as "sourcedId", title, starts as start, ends as "end" from term order by starts, ends, sourced_id`)
}

/** Replaces the terms that an earlier calendar of this source gave. Inferred ones stand only where no roster or list named any. */
export async function replaceTerms(tx: Tx, schoolId: string, source: "ics" | "typed", terms: readonly Term[]): Promise<Change> {
  const given = terms.map(({ start, end }) => ({ sourced_id: `${source}:${start}`, starts: start, ends: end }))
  const [change] = await rows<Change>(
    tx,
    sql`with given as (
          select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(sourced_id text, starts date, ends date)
          where ${source} = 'typed' or not exists (select from term t where t.sourced_id not like 'ics:%')
        ), gone as (
          delete from term t where (t.sourced_id like ${`${source}:%`} or (t.sourced_id like 'ics:%' and exists (select from given)))
            and not exists (select from given g where g.sourced_id = t.sourced_id) returning 1
        ), kept as (
          insert into term (school_id, id, sourced_id, title, starts, ends) select ${schoolId}::uuid, gen_random_uuid(), sourced_id, 'School year', starts, ends from given
          on conflict (school_id, sourced_id) do update set starts = excluded.starts, ends = excluded.ends
            where (term.starts, term.ends) is distinct from (excluded.starts, excluded.ends)
          returning xmax = 0 as added
        )
        select (select count(*) from kept where added) as added, (select count(*) from kept where not added) as changed, (select count(*) from gone) as ended`,
  )
  return change ?? { added: 0, changed: 0, ended: 0 }
}
