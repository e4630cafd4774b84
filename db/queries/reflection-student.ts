import { sql } from "drizzle-orm"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { eachAsks } from "../each.ts"
import { known } from "../known.ts"

export type TiedAdult = { id: string; name: string; kind: "advisor" | "class" | "counsellor" }

/** The adults a student can ask for: their own advisors and teachers on that day, then the counsellors. Each once. */
export async function adultsAround(tx: Tx, studentId: string, day: string): Promise<TiedAdult[]> {
  return hot<TiedAdult>(
    tx,
    `select id, name, kind from (
       select distinct on (p.id) p.id, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, a.kind, a.rank
       from (select school_id, adult_id, kind, case kind when 'advisor' then 0 else 1 end as rank from tie
             where student_id = $1 and from_date <= $2::date and (to_date is null or to_date >= $2::date)
             union all select school_id, person_id, 'counsellor', 2 from staff_role where role = 'counsellor') a
       join person p on p.school_id = a.school_id and p.id = a.adult_id and p.status = 'active'
       order by p.id, a.rank
     ) adults order by rank, name, id`,
    [studentId, day],
  )
}

/** True where it changed anything. */
export async function stopAsking(tx: Tx, studentId: string, now: Date): Promise<boolean> {
  return (await hot(tx, `update person set stopped_at = $2 where id = $1 and stopped_at is null returning id`, [studentId, now])).length === 1
}

export async function askAgain(tx: Tx, studentId: string): Promise<boolean> {
  const found = await hot(
    tx,
    `update person set stopped_at = null, paused_until = null where id = $1 and (stopped_at is not null or paused_until is not null) returning id`,
    [studentId],
  )
  return found.length === 1
}

/** `until` is the first day on which the student is asked again. */
export async function pauseUntil(tx: Tx, studentId: string, until: string): Promise<void> {
  await hot(tx, `update person set paused_until = $2 where id = $1`, [studentId, until])
}

export type ReachOutNews = {
  studentId: string
  state: "open" | "answered" | "withdrawn"
  stage: "owner" | "counsellors"
  ownerName: string | null
  answeredByName: string | null
  /** What this delivery was owed for: taken, answered, counsellors or again, as its dedupe key says. */
  told: string
}

export async function reachOutNews(tx: Tx, id: string, deliveryId: string): Promise<ReachOutNews | null> {
  const [row] = await rows<ReachOutNews>(
    tx,
    sql`select r.student_id as "studentId", r.state, r.stage, coalesce(o.preferred_name, o.given_name) || ' ' || o.family_name as "ownerName",
          coalesce(a.preferred_name, a.given_name) || ' ' || a.family_name as "answeredByName",
          coalesce((select split_part(d.dedupe_key, ':', 3) from delivery d where d.school_id = r.school_id and d.id = ${deliveryId}), '') as told
        from reach_out r left join person o on o.school_id = r.school_id and o.id = r.owner_id
        left join person a on a.school_id = r.school_id and a.id = r.answered_by where r.id = ${id}`,
  )
  return row ?? null
}

export type ReadersAround = {
  first: string | null
  second: string | null
  counsellors: string[]
  /** Everybody above and of `also`, by the name they go by. */
  people: { id: string; name: string }[]
}

/** Who is asked first and second for a student on a day of the school's own, and the counsellor list. */
export const readersAround = (tx: Tx, of: Around): Promise<ReadersAround> =>
  known(tx, `readers of ${of.studentId} on ${of.day} and ${of.also.join()}`, () => readReaders(tx, of))

type Around = { schoolId: string; studentId: string; day: string; also: readonly string[] }

async function readReaders(tx: Tx, of: Around): Promise<ReadersAround> {
  const [row] = await hot<ReadersAround>(tx, readers, [of.schoolId, of.studentId, of.day, `{${of.also.join()}}`])
  return row ?? { first: null, second: null, counsellors: [], people: [] }
}

const readers = eachAsks(
  ["uuid", "uuid", "date", "text"],
  `with tied as materialized (
     select max(adult_id::text) filter (where nth = 1) as first, max(adult_id::text) filter (where nth = 2) as second from advisors_of($1::uuid, $2::uuid, $3::date)
   ), list as materialized (
     select p.id from staff_role r join person p on p.school_id = r.school_id and p.id = r.person_id
     where r.role = 'counsellor' and p.status = 'active'
   )
   select t.first, t.second, coalesce((select jsonb_agg(id order by id) from list), '[]') as counsellors,
     coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name)) from person p
       where p.id = any(array[t.first::uuid, t.second::uuid] || $4::text::uuid[] || array(select id from list))), '[]') as people
   from tied t`,
)

export type HelloRow = { kind: "hello" | "chat" | "hallway" | "call"; adultName: string; at: Date }

/** What an adult last noted of speaking with the student, since `since`; of nobody whom the student's own words about danger name. */
export async function lastHello(tx: Hot, studentId: string, since: Date): Promise<HelloRow | null> {
  const [row] = await hot<HelloRow>(
    tx,
    `select c.kind, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as "adultName", c.at
     from contact c join person p on p.school_id = c.school_id and p.id = c.adult_id
     where c.student_id = $1 and c.at >= $2 and c.kind in ('hello', 'chat', 'hallway', 'call')
       and not exists (select from safety_event e where e.school_id = c.school_id and e.student_id = c.student_id and e.state <> 'closed' and e.skipped ? c.adult_id::text)
     order by c.at desc, c.id limit 1`,
    [studentId, since],
  )
  return row ?? null
}

/** The deed that a student was told what this is, before any question. */
export const firstContactDeed = "first_contact"

/** `told`: the first words of all were shown; `asked`: a question has reached this student. */
export async function metBefore(tx: Tx, studentId: string): Promise<{ told: boolean; asked: boolean }> {
  const [row] = await hot<{ told: boolean; asked: boolean }>(
    tx,
    `select exists (select from deed where subject_id = $1 and act = $2)
              or exists (select from delivery where person_id = $1 and kind = 'welcome' and state in ('sent', 'unknown')) as told,
            exists (select from delivery where person_id = $1 and kind = 'prompt' and state in ('sent', 'unknown')) as asked`,
    [studentId, firstContactDeed],
  )
  return row ?? { told: false, asked: false }
}
