import { hot, type Tx } from "../client.ts"

/** One closed week of a group: how many of those with a real chance answered or skipped. No student is in it. */
export type GroupWeek = { group: string; week: string; answered: number; chances: number }

/**
 * The weeks of the group that an adult advises, from the marks that its alerts are judged by. Theirs is a group with a running plan in which they
 * advise more than half; of several the largest; none below `smallest`. A week counts once nobody's question of it is open, and with `smallest` chances.
 */
export async function advisoryWeeks(
  tx: Tx,
  adult: { id: string; day: string },
  weeks: { first: string; last: string },
  smallest: number,
): Promise<GroupWeek[]> {
  return hot<GroupWeek>(
    tx,
    `with mine as (
       select distinct t.school_id, t.student_id from tie t
       where t.adult_id = $1 and t.kind = 'advisor' and t.from_date <= $2::date and (t.to_date is null or t.to_date >= $2::date)
     ), near as (
       select distinct m.school_id, m.group_id from mine join membership m on m.school_id = mine.school_id and m.student_id = mine.student_id
       where m.from_date <= $2::date and (m.to_date is null or m.to_date >= $2::date)
     ), led as (
       select g.school_id, g.id, g.title, p.id as plan_id from near
       join school_group g on g.school_id = near.school_id and g.id = near.group_id and g.status = 'active'
       join plan p on p.school_id = g.school_id and p.group_id = g.id and p.active
       join membership m on m.school_id = g.school_id and m.group_id = g.id and m.from_date <= $2::date and (m.to_date is null or m.to_date >= $2::date)
       join person s on s.school_id = m.school_id and s.id = m.student_id and s.status = 'active'
       left join mine on mine.school_id = m.school_id and mine.student_id = m.student_id
       group by g.school_id, g.id, g.title, p.id
       having count(distinct m.student_id) >= $5 and count(distinct mine.student_id) * 2 > count(distinct m.student_id)
       order by count(distinct m.student_id) desc, g.title, g.id limit 1
     ), closed as (
       select led.school_id, led.id, led.title, o.week from led join occurrence o on o.school_id = led.school_id and o.plan_id = led.plan_id
       where o.week between $3::date and $4::date group by 1, 2, 3, 4 having not bool_or(o.state = 'open')
     ), marked as (
       select distinct c.title, c.week, m.student_id, substr(h.weeks, (c.week - h.start) / 7 + 1, 1) as mark from closed c
       join membership m on m.school_id = c.school_id and m.group_id = c.id and m.from_date <= c.week + 6 and (m.to_date is null or m.to_date >= c.week)
       join history h on h.school_id = m.school_id and h.student_id = m.student_id and h.start <= c.week
     )
     select title as "group", to_char(week, 'YYYY-MM-DD') as week, count(*) filter (where mark in ('a', 's')) as answered, count(*) as chances
     from marked where mark in ('a', 's', 'm', 'g') group by title, week having count(*) >= $5 order by week`,
    [adult.id, adult.day, weeks.first, weeks.last, smallest],
  )
}
