// A state-wide district at the end of its twentieth week, in a few statements: advisories of twenty, sites of two thousand, and terms of an invented
// kind: a tenth of the students fall silent for good at some week, three in a hundred never start, all others answer three weeks in four or better.
import { sql } from "drizzle-orm"
import { rows, type Tx } from "../db/client.ts"

export const schoolId = "6c6f6e67-0000-4000-8000-736368307574"
export const weeks = 20
export const firstWeek = "2026-09-07"
export const lastWeek = "2027-01-18"

// Students share terms: with this many, hardly two of a group have the same.
const terms = 20_000

const id = (letter: string, n: string) => sql.raw(`md5('${letter}' || (${n})::bigint)::uuid`)

const statements = (students: number, people: boolean) => [
  sql`insert into school (id, name, language, created_at) values (${schoolId}, 'Bench State', 'en', '2026-08-01T12:00:00Z')`,
  sql`insert into site (school_id, id, sourced_id, name, zone)
      select ${schoolId}::uuid, ${id("site", "n")}, 'site-' || n, 'Bench ' || n, 'America/New_York' from generate_series(0, ${Math.ceil(students / 2_000) - 1}::int) n`,
  sql`insert into term (school_id, id, sourced_id, title, starts, ends) values (${schoolId}, ${id("term", "1")}, 'year', 'Year', ${firstWeek}, '2027-06-11')`,
  sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind)
      select ${schoolId}::uuid, ${id("g", "n")}, 'g-' || n, ${id("site", "n / 100")}, 'Advisory ' || n, 'advisory' from generate_series(0, ${Math.ceil(students / 20) - 1}::int) n`,
  sql`insert into plan (school_id, id, group_id, active, since)
      select school_id, ${id("plan", "substr(sourced_id, 3)::int")}, id, true, '2026-09-01T12:00:00Z' from school_group`,
  sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id)
      select ${schoolId}::uuid, ${id("a", "n")}, 'a-' || n, 'staff', 'Advisor', 'Number ' || n, ${id("site", "n / 100")} from generate_series(0, ${Math.ceil(students / 20) - 1}::int) n`,
  ...(people
    ? [
        sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id, consent)
      select ${schoolId}::uuid, ${id("s", "n")}, 's-' || n, 'student', 'Student', 'Number ' || n, ${id("site", "n / 2000")}, 'school' from generate_series(0, ${students - 1}::int) n`,
        sql`insert into membership (school_id, group_id, student_id, from_date)
      select ${schoolId}::uuid, ${id("g", "n / 20")}, ${id("s", "n")}, ${firstWeek}::date from generate_series(0, ${students - 1}::int) n`,
      ]
    : []),
  sql`insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date)
      select ${schoolId}::uuid, ${id("s", "n")}, ${id("s", "n")}, ${id("a", "n / 20")}, 'advisor', ${id("g", "n / 20")}, true, 'roster', ${firstWeek}::date
      from generate_series(0, ${students - 1}::int) n order by 2`,
  sql`create temporary table term_of as
      select k, string_agg(case when silent_from <= w then 'm' when d < answers then 'a' when d < answers + 0.02 then 's' when d < answers + 0.04 then '.' else 'm' end, '' order by w) as weeks
      from (select k, w, random() as d, min(case when w = 0 then silent end) over (partition by k) as silent_from, min(case when w = 0 then often end) over (partition by k) as answers
        from (select k, w, case when random() < 0.03 then 0 when random() < 0.1 then floor(random() * 24) else 99 end as silent, 0.75 + random() * 0.21 as often
          from generate_series(0, ${terms - 1}::int) k, generate_series(0, ${weeks - 1}::int) w) x) y group by k`,
  sql`alter table term_of add told int`,
  sql`update term_of t set told = ${weeks - 2} - length(tail)
      from (select k, substring(left(weeks, -1) from '[^as]*$') as tail from term_of) q
      where q.k = t.k and length(replace(tail, '.', '')) >= case when length(tail) = ${weeks - 1} then 2 else 3 end`,
  sql`create temporary table student_term as select n, floor(random() * ${terms})::int as k from generate_series(0, ${students - 1}::int) n`,
]

/** The district. Students' own rows and their memberships, which only closing a week reads, where `people`. */
export async function seedDistrict(tx: Tx, students: number, people: boolean): Promise<void> {
  for (const statement of statements(students, people)) await rows(tx, statement)
}

const state = (letter: string) => sql.raw(`case ${letter} when 'a' then 'answered' when 's' then 'skipped' else 'closed' end`)
const outcome = (letter: string) => sql.raw(`case ${letter} when 'm' then 'missed' when '.' then 'no_chance' end`)

/** One row a student and week in the product's own table, with all its indexes; the last week's misses are sent and still open. */
export async function seedOccurrences(tx: Tx): Promise<void> {
  const letter = "substr(weeks, w + 1, 1)"
  await rows(
    tx,
    sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, state, outcome, answered_at)
        select ${schoolId}::uuid, gen_random_uuid(), ${id("plan", "n / 20")}, ${id("g", "n / 20")}, ${id("s", "n")}, day + 3, day, day + 4 + time '19:45', day + 9 + time '23:00',
          case when last and letter = 'm' then 'open' else ${state("letter")} end, case when not (last and letter = 'm') then ${outcome("letter")} end,
          case when letter = 'a' then day + 3 + time '20:00' end
        from student_term join term_of using (k), generate_series(0, ${weeks - 1}::int) w, lateral (select ${firstWeek}::date + 7 * w as day, ${sql.raw(letter)} as letter, w = ${weeks - 1} as last) x
        order by w, 5`,
  )
  await rows(
    tx,
    sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at, state, settled_at)
        select school_id, gen_random_uuid(), 'prompt', 'prompt:' || id, student_id, id, opens_at, closes_at, 'sent', opens_at from occurrence where state = 'open'`,
  )
}

/** The same facts in a table without an index: what a million students' rows can be written as in the time there is. */
export async function seedBareOccurrences(tx: Tx): Promise<void> {
  await rows(
    tx,
    sql`create table bench_occurrence as
        select ${schoolId}::uuid as school_id, ${id("s", "n")} as student_id, ${firstWeek}::date + 7 * w as week, state, outcome
        from student_term join (
          select k, w, ${state("letter")} as state, ${outcome("letter")} as outcome
          from term_of, generate_series(0, ${weeks - 1}::int) w, lateral (select substr(weeks, w + 1, 1) as letter) x
        ) l using (k)`,
  )
}

/** A student's letters as they are kept: with `closed`, the last week's misses too. */
export async function seedHistory(tx: Tx, closed: boolean): Promise<void> {
  await rows(
    tx,
    sql`insert into history (school_id, student_id, start, weeks, last_answered_at, group_id, told)
        select ${schoolId}::uuid, ${id("s", "n")}, ${firstWeek}::date, left(weeks, case when n % 50 = 7 then -2 when ${closed} or weeks not like '%m' then 20 else -1 end),
          case when strpos(weeks, 'a') > 0 then timestamptz '2026-09-10T19:00:00Z' + 7 * strpos(weeks, 'a') * interval '1 day' end, ${id("g", "n / 20")}, ${firstWeek}::date + 7 * told
        from student_term join term_of using (k) order by 2`,
  )
}

/**
 * What earlier weeks opened. Of the silences that go on: closed by an adult where it was two weeks ago or more, else still open. Beside them, for every third
 * student, a note that an answer closed in the autumn.
 */
export async function seedAlerts(tx: Tx): Promise<void> {
  await rows(
    tx,
    sql`with told as (
          select student_id, since, until - 7 * (misses - 2) as week, until - 7 * (misses - 2) > ${lastWeek}::date - 14 as open from history
          where misses - (until > ${lastWeek}::date and weeks like '%m')::int >= case when since is null then 2 else 3 end
          union all select student_id, start, start + 28, false from history where since > start + 28 and get_byte(uuid_send(student_id), 0) % 3 = 0
        )
        insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, state, opened_at, due_at, closed_at, closed_as)
        select ${schoolId}::uuid, gen_random_uuid(), student_id, k.kind, 'alert', week, jsonb_build_object('kind', k.kind, 'week', week, 'since', since, 'needed', 3, 'missed',
            jsonb_build_array(week - 14, week - 7, week), 'ours', '[]'::jsonb, 'groupQuiet', '[]'::jsonb, 'group', jsonb_build_object('rate', 0.8, 'size', 20, 'answeredThisWeek', 16)),
          adult_id, 'owner', case when open then 'open' else 'closed' end, week + 8, week + 12, case when not open then week + 16 end,
          case when not open then case when since = ${firstWeek}::date then 'answered' else 'useful' end end
        from told join tie using (student_id), lateral (select case when since is null then 'never_started' else 'silence' end as kind) k order by student_id`,
  )
}

/** What closed before the week: how each site's weeks went. */
export const seedSiteWeeks = (tx: Tx): Promise<unknown> =>
  rows(
    tx,
    sql`insert into site_week (school_id, site_id, week, answered, chances)
        select school_id, id, ${firstWeek}::date + 7 * w, 1500 + floor(random() * 100), 1950 from site, generate_series(0, ${weeks - 2}::int) w`,
  )
