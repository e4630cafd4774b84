import type { AlertFacts } from "../../src/engagement/alert.ts"
import { hot, type Tx } from "../client.ts"

export type ReadWeek = { week: string; answers: number; read: number }

/**
 * A site's weeks whose next question has come: how many of the answers to their questions a named adult had read by then. Where a plan asked nothing
 * more, four weeks stand for it. Oldest first; a week without an answer is left out. `answers` is read as a whole: one by one takes twice as long.
 */
export async function readWeeks(tx: Tx, at: { siteId: string; first: string; last: string; now: Date }): Promise<ReadWeek[]> {
  return hot<ReadWeek>(
    tx,
    `with asked as (
       select o.school_id, o.id, o.plan_id, o.week, o.opens_at from person s
       join occurrence o on o.school_id = s.school_id and o.student_id = s.id and o.week >= $2::date
       where s.site_id = $1 and s.role = 'student'
     ), prompts as (
       select plan_id, week, coalesce(lead(min(opens_at)) over (partition by plan_id order by week), min(opens_at) + interval '28 days') as next_at
       from asked group by plan_id, week
     ), answers as materialized (
       select r.occurrence_id, case when d.read_by is not null then d.read_at end as read_at from person s
       join reply r on r.school_id = s.school_id and r.student_id = s.id and r.occurrence_id is not null and r.created_at >= $2::date - 1
       join reading d on d.school_id = r.school_id and d.reply_id = r.id
       where s.site_id = $1 and s.role = 'student'
     )
     select to_char(a.week, 'YYYY-MM-DD') as week, count(*)::int as answers, count(*) filter (where r.read_at < p.next_at)::int as read
     from asked a join answers r on r.occurrence_id = a.id
     join prompts p on p.plan_id = a.plan_id and p.week = a.week
     where a.week <= $3::date group by a.week having max(p.next_at) <= $4 order by a.week`,
    [at.siteId, at.first, at.last, at.now],
  )
}

/** A site's students by the one group each is counted in (`name` null: none), and how many had a contact with an adult since then. */
export async function contactParts(
  tx: Tx,
  at: { siteId: string; today: string; since: Date },
): Promise<{ name: string | null; of: number; yes: number }[]> {
  return hot(
    tx,
    `with counted as (
       select distinct on (s.id) s.school_id, s.id, g.id as group_id, g.title from person s
       left join membership m on m.school_id = s.school_id and m.student_id = s.id and m.from_date <= $2::date and (m.to_date is null or m.to_date >= $2::date)
       left join school_group g on g.school_id = m.school_id and g.id = m.group_id and g.status = 'active'
         and (g.kind = 'advisory' or exists (select from plan p where p.school_id = g.school_id and p.group_id = g.id and p.active))
       where s.site_id = $1 and s.role = 'student' and s.status = 'active'
       order by s.id, (g.id is null), (g.kind = 'advisory') desc, g.title, g.id
     )
     select c.title as name, count(*)::int as of, count(*) filter (where exists (
         select from contact k where k.school_id = c.school_id and k.student_id = c.id and k.at >= $3))::int as yes
     from counted c group by c.group_id, c.title`,
    [at.siteId, at.today, at.since],
  )
}

/** A silence note that an adult closed with a word on its use; `start` and `weeks` are the student's history. */
export type ClosedNote = { as: "useful" | "known" | "false"; facts: AlertFacts; start: string | null; weeks: string | null }

/** A site's, the latest closed first. */
export async function closedNotes(tx: Tx, siteId: string, limit: number): Promise<ClosedNote[]> {
  return hot<ClosedNote>(
    tx,
    `select a.closed_as as "as", a.facts, h.start, h.weeks from alert a
     join person s on s.school_id = a.school_id and s.id = a.subject_id and s.site_id = $1
     left join history h on h.school_id = s.school_id and h.student_id = s.id
     where a.kind = 'silence' and a.closed_as in ('useful', 'known', 'false') order by a.closed_at desc, a.id limit $2`,
    [siteId, limit],
  )
}

export async function siteNamed(tx: Tx, siteId: string): Promise<string> {
  const [row] = await hot<{ name: string }>(tx, `select name from site where id = $1`, [siteId])
  return row?.name ?? ""
}
