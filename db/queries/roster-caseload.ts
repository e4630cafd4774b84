import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"
import type { Change } from "./roster-apply.ts"

export type Known = { said: string; id: string; role: "student" | "staff"; active: boolean }

/** Whom each of these keys or e-mails means, case aside for e-mails; several rows where several people share one. */
export async function peopleMeant(tx: Tx, said: readonly string[]): Promise<Known[]> {
  return rows(
    tx,
    sql`select s.said, p.id, p.role, p.status = 'active' as active
        from (select distinct unnest(${sql.param([...said])}::text[]) as said) s
        join person p on p.sourced_id = s.said
          or (lower(p.email) = lower(s.said) and not exists (select from person k where k.sourced_id = s.said))`,
  )
}

export type CaseloadTie = { studentId: string; adultId: string; kind: "advisor" | "class"; lead: boolean; from: string | null; to: string | null }

export async function currentCaseloadTies(tx: Tx, today: string): Promise<number> {
  const [row] = await rows<{ count: number }>(
    tx,
    sql`select count(*) from tie where source = 'caseload' and (to_date is null or to_date >= ${today}::date)`,
  )
  return row?.count ?? 0
}

/**
 * Brings the caseload's ties in line with the list, which is whole: what it no longer names ends today. Without a first day a tie keeps
 * the one it has, or begins today.
 */
export async function followCaseload(tx: Tx, schoolId: string, today: string, ties: readonly CaseloadTie[]): Promise<Change> {
  const given = ties.map((tie) => ({
    student_id: tie.studentId,
    adult_id: tie.adultId,
    kind: tie.kind,
    lead: tie.lead,
    from_date: tie.from,
    to_date: tie.to,
  }))
  const [change] = await rows<Change>(
    tx,
    sql`with wanted as materialized (
          select g.student_id, g.adult_id, g.kind, g.lead, g.to_date, coalesce(g.from_date, (select max(t.from_date) from tie t
            where t.source = 'caseload' and t.student_id = g.student_id and t.adult_id = g.adult_id and t.kind = g.kind
              and (t.to_date is null or t.to_date >= ${today}::date)), ${today}::date) as from_date
          from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(student_id uuid, adult_id uuid, kind text, lead boolean, from_date date, to_date date)
        ), unwanted as materialized (
          select t.id, t.from_date from tie t where t.source = 'caseload' and (t.to_date is null or t.to_date > ${today}::date)
            and not exists (select from wanted w where w.student_id = t.student_id and w.adult_id = t.adult_id and w.kind = t.kind and w.from_date = t.from_date)
        ), gone as (
          delete from tie t using unwanted u where t.id = u.id and u.from_date > ${today}::date returning 1
        ), ended as (
          update tie t set to_date = ${today}::date from unwanted u where t.id = u.id and u.from_date <= ${today}::date returning 1
        ), kept as (
          insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date, to_date)
          select ${schoolId}::uuid, gen_random_uuid(), student_id, adult_id, kind, null, lead, 'caseload', from_date, to_date from wanted
          on conflict on constraint tie_once do update set lead = excluded.lead, to_date = excluded.to_date
            where (tie.lead, tie.to_date) is distinct from (excluded.lead, excluded.to_date)
          returning xmax = 0 as added
        )
        select (select count(*) from kept where added) as added, (select count(*) from kept where not added) as changed,
          (select count(*) from ended) + (select count(*) from gone) as ended`,
  )
  return change ?? { added: 0, changed: 0, ended: 0 }
}
