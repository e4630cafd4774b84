import { hot, type Tx } from "../client.ts"
import { advises } from "./outreach-brief.ts"
import type { ContactKind, Direction } from "./outreach-contact.ts"

export type CameBack = { name: string; shortName: string; zone: string; kind: ContactKind; direction: Direction; metAt: Date; wroteAt: Date }

/**
 * Students who had let a question pass, met this adult, and wrote again within two weeks of it: between the adult's brief before and this one (a week,
 * where there was none; three at most). Each once, by their last meeting, newest first. Without those about whom words of danger were heard.
 */
export async function cameBack(tx: Tx, briefId: string, adult: { id: string; counsellor: boolean; day: string }, most: number): Promise<CameBack[]> {
  return hot(
    tx,
    `with span as (
       select b.school_id, b.at as until, greatest(b.at - interval '21 days', coalesce((select max(x.at) from brief x where x.school_id = b.school_id
         and x.adult_id = b.adult_id and x.week < b.week), b.at - interval '7 days')) as since
       from brief b where b.id = $3
     ), back as (
       select distinct on (c.student_id) c.school_id, c.student_id, c.kind, c.direction, c.at, wrote.at as wrote_at
       from span s join contact c on c.school_id = s.school_id and c.adult_id = $1 and c.kind <> 'reply' and c.at > s.since - interval '14 days' and c.at < s.until
       cross join lateral (
         select min(r.created_at) as at from reply r where r.school_id = c.school_id and r.student_id = c.student_id and r.created_at > c.at
       ) wrote
       where wrote.at >= s.since and wrote.at < s.until and wrote.at <= c.at + interval '14 days'
         and exists (select from occurrence o where o.school_id = c.school_id and o.student_id = c.student_id and o.outcome = 'missed' and o.opens_at < c.at
           and not exists (select from reply r where r.school_id = o.school_id and r.student_id = o.student_id and r.created_at between o.opens_at and c.at))
         and not exists (select from safety_event e where e.school_id = c.school_id and e.student_id = c.student_id
           and (e.state <> 'closed' or e.opened_at >= c.at))
       order by c.student_id, c.at desc
     )
     select coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, coalesce(p.preferred_name, p.given_name) as "shortName", si.zone,
       b.kind, b.direction, b.at as "metAt", b.wrote_at as "wroteAt"
     from back b join person p on p.school_id = b.school_id and p.id = b.student_id and p.status = 'active'
     join site si on si.school_id = p.school_id and si.id = p.site_id
     where $4 or ${advises} order by b.wrote_at desc, p.family_name, p.id limit $5`,
    [adult.id, adult.day, briefId, adult.counsellor, most],
  )
}
