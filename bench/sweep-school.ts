// A state-wide district at the end of its twentieth week, in a few statements: advisories of twenty, sites of two thousand, and terms of an invented
// kind: a tenth of the students fall silent for good at some week, three in a hundred never start, all others answer three weeks in four or better.
import { type SQL, sql } from "drizzle-orm"
import { type Database, glance, rows, withSchool } from "../db/client.ts"

export const schoolId = "6c6f6e67-0000-4000-8000-736368307574"
export const weeks = 20
const firstWeek = "2026-09-07"
export const lastWeek = "2027-01-18"

// Students share terms: with this many, hardly two of a group have the same.
const terms = 5_000

const id = (letter: string, n: string) => sql.raw(`md5('${letter}' || (${n})::bigint)::uuid`)
const studentsOf = (students: number) =>
  sql`(select n, ${id("s", "n")} as student_id, (hashint4(n) & 2147483647) % ${terms} as k from generate_series(0, ${students - 1}::int) n offset 0) s`

const district = (students: number) => [
  sql`insert into school (id, name, language, created_at) values (${schoolId}, 'Bench State', 'en', '2026-08-01T12:00:00Z')`,
  sql`insert into site (school_id, id, sourced_id, name, zone)
      select ${schoolId}::uuid, ${id("site", "n")}, 'site-' || n, 'Bench ' || n, 'America/New_York' from generate_series(0, ${Math.ceil(students / 2_000) - 1}::int) n`,
  sql`insert into term (school_id, id, sourced_id, title, starts, ends) values (${schoolId}, ${id("term", "1")}, 'year', 'Year', ${firstWeek}, '2027-06-11')`,
  sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind)
      select ${schoolId}::uuid, ${id("g", "n")}, 'g-' || n, ${id("site", "n / 100")}, 'Advisory ' || n, 'advisory' from generate_series(0, ${Math.ceil(students / 20) - 1}::int) n`,
  sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id)
      select ${schoolId}::uuid, ${id("a", "n")}, 'a-' || n, 'staff', 'Advisor', 'Number ' || n, ${id("site", "n / 100")} from generate_series(0, ${Math.ceil(students / 20) - 1}::int) n`,
  sql`create table bench_term as
      select k, string_agg(case when silent_from <= w then 'm' when d < answers then 'a' when d < answers + 0.02 then 's' when d < answers + 0.04 then '.' else 'm' end, '' order by w) as weeks, null::int as told
      from (select k, w, random() as d, min(case when w = 0 then silent end) over (partition by k) as silent_from, min(case when w = 0 then often end) over (partition by k) as answers
        from (select k, w, case when random() < 0.03 then 0 when random() < 0.1 then floor(random() * 24) else 99 end as silent, 0.75 + random() * 0.21 as often
          from generate_series(0, ${terms - 1}::int) k, generate_series(0, ${weeks - 1}::int) w) x) y group by k`,
  sql`update bench_term t set told = ${weeks - 2} - length(tail)
      from (select k, substring(left(weeks, -1) from '[^as]*$') as tail from bench_term) q
      where q.k = t.k and length(replace(tail, '.', '')) >= case when length(tail) = ${weeks - 1} then 2 else 3 end`,
  // How earlier weeks closed at each site.
  sql`insert into site_week (school_id, site_id, week, answered, chances)
      select school_id, id, ${firstWeek}::date + 7 * w, 1500 + floor(random() * 100), 1950 from site, generate_series(0, ${weeks - 2}::int) w`,
]

// A table that its own transaction empties is written once, and not to the log too. The key is built when the rows are there, as it was.
const histories = (students: number) => [
  sql`truncate history`,
  sql`alter table history drop constraint history_school_id_student_id_pk`,
  sql`insert into history (school_id, student_id, start, weeks, last_answered_at, group_id, told)
      select ${schoolId}::uuid, student_id, ${firstWeek}::date, left(weeks, case when n % 50 = 7 then -2 else 20 end),
        case when strpos(weeks, 'a') > 0 then timestamptz '2026-09-10T19:00:00Z' + 7 * strpos(weeks, 'a') * interval '1 day' end, ${id("g", "n / 20")}, ${firstWeek}::date + 7 * told
      from ${studentsOf(students)} join bench_term using (k)`,
  sql`alter table history add constraint history_school_id_student_id_pk primary key (school_id, student_id)`,
]

/**
 * What earlier weeks opened. Of the silences that go on: closed by an adult where it was two weeks ago or more, else still open. Beside them, for every fiftieth
 * student, a note that an answer closed in the autumn. Ties are there for whoever can get a note now, skipped questions for whoever skipped last.
 */
const notes = [
  sql`with told as (
        select student_id, since, until - 7 * (misses - 2) as week, until - 7 * (misses - 2) > ${lastWeek}::date - 14 as open from history
        where misses - (until > ${lastWeek}::date and weeks like '%m')::int >= case when since is null then 2 else 3 end
        union all select student_id, start, start + 28, false from history where since > start + 28 and get_byte(uuid_send(student_id), 0) % 50 = 0
      )
      insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, state, opened_at, due_at, closed_at, closed_as)
      select ${schoolId}::uuid, gen_random_uuid(), student_id, k.kind, 'alert', week, jsonb_build_object('kind', k.kind, 'week', week, 'since', since, 'needed', 3, 'missed',
          jsonb_build_array(week - 14, week - 7, week), 'ours', '[]'::jsonb, 'groupQuiet', '[]'::jsonb, 'group', jsonb_build_object('rate', 0.8, 'size', 20, 'answeredThisWeek', 16)),
        ${id("a", "0")}, 'owner', case when open then 'open' else 'closed' end, week + 8, week + 12, case when not open then week + 16 end,
        case when not open then case when since = ${firstWeek}::date then 'answered' else 'useful' end end
      from told, lateral (select case when since is null then 'never_started' else 'silence' end as kind) k`,
  sql`insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date)
      select h.school_id, h.student_id, h.student_id, ${id("a", "substr(g.sourced_id, 3)")}, 'advisor', g.id, true, 'roster', ${firstWeek}::date
      from history h join school_group g on g.school_id = h.school_id and g.id = h.group_id where h.misses >= 2 and (h.told is null or h.told < h.since)`,
  sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, state)
      select school_id, gen_random_uuid(), group_id, group_id, student_id, since + 3, since, since + 4, since + 9, 'skipped'
      from history where misses >= 2 and substr(weeks, (since - start) / 7 + 1, 1) = 's'`,
]

const state = (letter: string) => sql.raw(`case ${letter} when 'a' then 'answered' when 's' then 'skipped' else 'closed' end`)
const outcome = (letter: string) => sql.raw(`case ${letter} when 'm' then 'missed' when '.' then 'no_chance' end`)

/** One row a student and week, as narrow as it can be and without an index. */
const questions = (students: number) => [
  sql`create table bench_occurrence as
      select ${schoolId}::uuid as school_id, student_id, week, state, outcome from ${studentsOf(students)} join (
        select k, ${firstWeek}::date + 7 * w as week, ${state("letter")} as state, ${outcome("letter")} as outcome
        from bench_term, generate_series(0, ${weeks - 1}::int) w, lateral (select substr(weeks, w + 1, 1) as letter) x
      ) l using (k)`,
]

/** The district, and beside it every question of its twenty weeks. */
export async function seed(db: Database, students: number): Promise<void> {
  await inTurn(db, district(students))
  await Promise.all([
    inTurn(db, questions(students)).then(() => glance(db, "vacuum (analyze) bench_occurrence", [])),
    inTurn(db, histories(students))
      .then(() => glance(db, "vacuum (analyze) history", []))
      .then(() => inTurn(db, notes)),
  ])
  await glance(db, "vacuum (analyze) alert, tie, occurrence, site_week, person, school_group, site", [])
}

const inTurn = (db: Database, statements: readonly SQL[]): Promise<void> =>
  withSchool(db, schoolId, async (tx) => {
    for (const statement of statements) await rows(tx, statement)
  })
