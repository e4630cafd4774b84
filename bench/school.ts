// A school of invented people for measurements: every student in an advisory of twenty, linked on a platform, with a question open right now and four
// weeks behind it, so that Postgres plans for tables with something in them, as it does in any school but on its first day.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { type Database, rows, type Tx, withoutSchool, withSchool } from "../db/client.ts"
import { saveSetting } from "../db/queries/settings.ts"
import { connectWorkspace } from "../db/queries/workspaces.ts"
import type { PlatformName } from "../src/platform/account.ts"
import { fixedWordsVersion } from "../src/safety/words.ts"

/** Where its people are: the nth student's and the nth advisor's account, and the conversation they are written to in. */
export type Chat = { platform: PlatformName; tenant: string; student: (n: number) => Seat; advisor: (n: number) => Seat }
export type Seat = { user: string; route: string }

export const benchWords = "I helped my cousin fix her bike and it worked."

const groupSize = 20

/** Writes it in a few statements and returns the school's id. Students are numbered from 1. */
export async function seedBenchSchool(db: Database, chat: Chat, students: number): Promise<string> {
  const schoolId = randomUUID()
  await withoutSchool(db, (tx) => connectWorkspace(tx, chat, schoolId))
  await withSchool(db, schoolId, async (tx) => {
    await seedPeople(tx, schoolId, students)
    await seedAccounts(tx, schoolId, chat, students)
    await seedWeek(tx, schoolId, chat)
    await seedPast(tx, chat)
    await openGate(tx, schoolId)
  })
  return schoolId
}

async function seedPeople(tx: Tx, schoolId: string, students: number): Promise<void> {
  const siteId = randomUUID()
  const groups = Math.ceil(students / groupSize)
  await rows(tx, sql`insert into school (id, name, language, created_at) values (${schoolId}, 'Bench Valley', 'en', now() - interval '90 days')`)
  await rows(
    tx,
    sql`insert into site (school_id, id, sourced_id, name, zone) values (${schoolId}, ${siteId}, 'site', 'Bench Valley High', 'America/New_York')`,
  )
  await rows(
    tx,
    sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, grade, language, site_id, consent)
        select ${schoolId}::uuid, gen_random_uuid(), 's-' || n, 'student', 'Student', 'Number ' || n, '11', 'en', ${siteId}::uuid, 'school'
        from generate_series(1, ${students}::int) n
        union all select ${schoolId}::uuid, gen_random_uuid(), 'a-' || n, 'staff', 'Advisor', 'Number ' || n, null, 'en', ${siteId}::uuid, 'none'
        from generate_series(1, ${groups}::int) n`,
  )
  await rows(
    tx,
    sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind)
        select ${schoolId}::uuid, gen_random_uuid(), 'g-' || n, ${siteId}::uuid, 'Advisory ' || n, 'advisory' from generate_series(1, ${groups}::int) n`,
  )
  await rows(
    tx,
    sql`insert into membership (school_id, group_id, student_id, from_date)
        select p.school_id, g.id, p.id, current_date - 80 from person p
        join school_group g on g.sourced_id = 'g-' || (1 + (substr(p.sourced_id, 3)::int - 1) / ${groupSize}::int) where p.role = 'student'`,
  )
  await rows(
    tx,
    sql`insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date)
        select m.school_id, gen_random_uuid(), m.student_id, a.id, 'advisor', m.group_id, true, 'roster', m.from_date
        from membership m join school_group g on g.id = m.group_id join person a on a.sourced_id = 'a-' || substr(g.sourced_id, 3)`,
  )
}

async function seedAccounts(tx: Tx, schoolId: string, chat: Chat, students: number): Promise<void> {
  const seats = (letter: string, count: number, seat: (n: number) => Seat) =>
    Array.from({ length: count }, (_, i) => ({ sourced_id: `${letter}-${i + 1}`, ...seat(i + 1) }))
  const all = [...seats("s", students, chat.student), ...seats("a", Math.ceil(students / groupSize), chat.advisor)]
  const seated = sql`jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as seat(sourced_id text, "user" text, route text) join person p using (sourced_id)`
  await rows(
    tx,
    sql`insert into account (platform, tenant, user_id, school_id, person_id)
        select ${chat.platform}, ${chat.tenant}, seat."user", p.school_id, p.id from ${seated}`,
  )
  await rows(
    tx,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
        select ${schoolId}::uuid, ${chat.platform}, ${chat.tenant}, seat."user", p.id, seat.route, now() - interval '1 day' from ${seated}`,
  )
}

/** This week's question, delivered yesterday and open for three more days. */
async function seedWeek(tx: Tx, schoolId: string, chat: Chat): Promise<void> {
  await rows(
    tx,
    sql`insert into plan (school_id, id, group_id, active, since) select school_id, gen_random_uuid(), id, true, now() - interval '80 days' from school_group`,
  )
  await rows(
    tx,
    sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, first_prompt, second_prompt)
        select m.school_id, gen_random_uuid(), p.id, m.group_id, m.student_id, current_date - 1, date_trunc('week', current_date - 1)::date,
          now() - interval '1 day', now() + interval '3 days', 'interests-five-minutes', 'skills-a-year-ago'
        from membership m join plan p on p.group_id = m.group_id`,
  )
  await rows(
    tx,
    sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, platform, tenant, user_id, due_at, expires_at, state, settled_at)
        select o.school_id, gen_random_uuid(), 'prompt', 'prompt:' || o.id, o.student_id, o.id, ${chat.platform}, ${chat.tenant}, a.user_id, o.opens_at, o.closes_at, 'sent', o.opens_at
        from occurrence o join address a on a.person_id = o.student_id where o.school_id = ${schoolId}`,
  )
}

const weeksBefore = 4

/** What every student answered in the weeks before, read by their advisor. */
async function seedPast(tx: Tx, chat: Chat): Promise<void> {
  await rows(
    tx,
    sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, first_prompt, second_prompt, state, answered_at)
        select school_id, gen_random_uuid(), plan_id, group_id, student_id, local_date - 7 * n, week - 7 * n, opens_at - n * interval '7 days',
          closes_at - n * interval '7 days', first_prompt, second_prompt, 'answered', opens_at - n * interval '7 days'
        from occurrence, generate_series(1, ${weeksBefore}::int) n`,
  )
  const answered = sql`occurrence o where o.state = 'answered'`
  await rows(
    tx,
    sql`insert into reply (school_id, id, student_id, occurrence_id, created_at, changed_at)
        select o.school_id, gen_random_uuid(), o.student_id, o.id, o.answered_at, o.answered_at from ${answered}`,
  )
  await rows(
    tx,
    sql`insert into reply_part (school_id, reply_id, part, version, words, at)
        select school_id, id, 'past/' || id, 1, decode(repeat('00', 75), 'hex'), created_at from reply`,
  )
  await rows(
    tx,
    sql`insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at, read_by, read_at)
        select r.school_id, r.id, r.student_id, t.adult_id, 'first', r.created_at, t.adult_id, r.created_at from reply r join tie t on t.student_id = r.student_id`,
  )
  await rows(
    tx,
    sql`insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail)
        select school_id, gen_random_uuid(), created_at, student_id, ${chat.platform}, 'reply', student_id, jsonb_build_object('reply', id) from reply`,
  )
  await rows(
    tx,
    sql`insert into event_seen (school_id, platform, tenant, event_id, at) select school_id, ${chat.platform}, ${chat.tenant}, 'past-' || id, created_at from reply`,
  )
}

/** Everything that must be there before students are served. */
async function openGate(tx: Tx, schoolId: string): Promise<void> {
  const staff = await rows<{ id: string }>(tx, sql`select id from person where role = 'staff' order by sourced_id limit 2`)
  const [first, second] = staff.map(({ id }) => id)
  const settings: Readonly<Record<string, unknown>> = {
    "safety.ladder": { steps: [{ personIds: [first] }, { personIds: [second] }] },
    "safety.hours": { weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "08:00", close: "16:00" }], breaks: { kind: "covered" } },
    "safety.signoff": { by: first, on: "2026-01-05", version: fixedWordsVersion() },
    "consent.basis": "school",
    "family.notice": "2026-01-05",
  }
  for (const [key, value] of Object.entries(settings)) await saveSetting(tx, schoolId, { key, value, now: new Date() })
}
