// What an adult is shown of themselves. Each query takes one adult's id, the actor's own; there is none over several adults.
import { hot, type Tx } from "../client.ts"

/** `weeks` since the adult's last contact with a student of theirs; `never`: since their tie began, with nothing on record. */
export type LongWithout = { studentId: string; name: string; shortName: string; weeks: number; never: boolean }

/** `came`: the student came. `told`: it was said what it was about; `problems`: a problem. Lines in reply are no contacts here: they follow an answer. */
export type OwnMeasure = { students: number; contacts: number; came: number; told: number; problems: number; longest: LongWithout[] }

const met = `(greatest(
    (select max(c.at) from contact c where c.school_id = m.school_id and c.student_id = m.student_id and c.adult_id = $1),
    (select max(greatest(r.read_at, r.line_at)) from reading r where r.school_id = m.school_id and r.student_id = m.student_id and r.read_by = $1)
  ) at time zone m.zone)::date`

/** One adult's contacts from `since` on, and which of their own advisees on `day` have been longest without one, at least `weeksMin`; by what counts as a contact in a brief. */
export async function ownMeasure(
  tx: Tx,
  adultId: string,
  { day, since, weeksMin, most }: { day: string; since: Date; weeksMin: number; most: number },
): Promise<OwnMeasure> {
  const [row] = await hot<OwnMeasure>(
    tx,
    `with mine as (
       select t.school_id, t.student_id, si.zone, min(t.from_date) as since, p.family_name, coalesce(p.preferred_name, p.given_name) as short
       from tie t join person p on p.school_id = t.school_id and p.id = t.student_id and p.status = 'active'
       join site si on si.school_id = p.school_id and si.id = p.site_id
       where t.adult_id = $1 and t.kind = 'advisor' and t.from_date <= $2::date and (t.to_date is null or t.to_date >= $2::date)
       group by 1, 2, 3, 5, 6
     ), waited as (
       select m.*, on_day, ($2::date - coalesce(on_day, since)) / 7 as weeks from mine m cross join lateral (select ${met} as on_day) met
     ), longest as (
       select * from waited where weeks >= $4 order by on_day nulls first, since, family_name, short, student_id limit $5
     )
     select (select count(*)::int from mine) as students, count(*)::int as contacts, count(*) filter (where direction = 'in')::int as came,
       count(about)::int as told, count(*) filter (where about = 'problem')::int as problems,
       coalesce((select jsonb_agg(jsonb_build_object('studentId', student_id, 'name', short || ' ' || family_name, 'shortName', short, 'weeks', weeks,
         'never', on_day is null) order by on_day nulls first, since, family_name, short, student_id) from longest), '[]') as longest
     from contact where adult_id = $1 and kind <> 'reply' and at >= $3`,
    [adultId, day, since, weeksMin, most],
  )
  if (!row) throw new Error("A count came back empty.")
  return row
}
