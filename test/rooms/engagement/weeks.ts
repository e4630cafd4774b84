// Weeks of a school by a letter each, as they would have happened: asked on Thursday, closed on Tuesday, judged by the sweep that evening.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { rows, withSchool } from "../../../db/client.ts"
import type { AlertFacts } from "../../../src/engagement/alert.ts"
import { closeWeeks } from "../../../src/engagement/close-weeks.ts"
import { keepAnswer } from "../../../src/engagement/keep.ts"
import { ladderAlerts } from "../../../src/engagement/ladder.ts"
import { addDays } from "../../../src/scheduling/zone.ts"
import { at, look, promptFor, type StudentName, sceneFor, type TestSchool } from "../../support/school.ts"

/** The Monday, Thursday and closing Tuesday of the nth week of the term. */
export const monday = (n: number): string => addDays("2027-01-11", 7 * n)
export const thursday = (n: number): string => addDays(monday(n), 3)
export const tuesday = (n: number): string => addDays(monday(n), 8)
/** The sweep after a close. */
export const sweepTime = (n: number): Date => at(tuesday(n), "22:00")

/** "a" answered and read, "A" answered and unread, "s" skipped, "m" asked and nothing, "x" the prompt was refused, " " not asked. */
export async function ask(school: TestSchool, who: StudentName, n: number, letter: string): Promise<void> {
  if (letter === " ") return
  const state = letter === "x" ? "refused" : "sent"
  const { occurrenceId } = await promptFor(school, who, { thursday: thursday(n), tuesday: tuesday(n), state })
  if (letter === "a" || letter === "A") await answer(school, who, n, occurrenceId, letter === "a")
  if (letter === "s") await settle(school, who, n, occurrenceId, "skipped")
}

async function settle(school: TestSchool, who: StudentName, n: number, occurrenceId: string, as: "answered" | "skipped"): Promise<void> {
  const now = at(thursday(n), "16:00")
  await sceneFor(school, now, async (scene) => {
    await rows(
      scene.tx,
      sql`update occurrence set state = ${as}, outcome = null, answered_at = ${as === "answered" ? now : null}::timestamptz where id = ${occurrenceId}`,
    )
    await keepAnswer(scene, school.people[who], monday(n), as === "answered" ? "a" : "s", now)
  })
}

async function answer(school: TestSchool, who: StudentName, n: number, occurrenceId: string, read: boolean): Promise<void> {
  const [replyId, now, readAt] = [randomUUID(), at(thursday(n), "16:00"), read ? at(addDays(thursday(n), 1), "08:00") : null]
  await withSchool(school.db, school.id, async (tx) => {
    await rows(
      tx,
      sql`insert into reply (school_id, id, student_id, occurrence_id, created_at, changed_at)
          values (${school.id}, ${replyId}, ${school.people[who]}, ${occurrenceId}, ${now}, ${now})`,
    )
    await rows(
      tx,
      sql`insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at, read_by, read_at)
          values (${school.id}, ${replyId}, ${school.people[who]}, ${school.people.rivera}, 'first', ${at(tuesday(n), "07:30")},
            ${read ? school.people.rivera : null}::uuid, ${readAt}::timestamptz)`,
    )
  })
  await settle(school, who, n, occurrenceId, "answered")
}

export const sweep = (school: TestSchool, now: Date): Promise<Date | null> =>
  sceneFor(school, now, async (scene) => {
    const next = await closeWeeks(scene)
    await ladderAlerts(scene)
    return next
  })

export type Table = Partial<Record<StudentName, string>>

/** Lets the weeks from `from` on happen, a letter a student and week, each closed and judged in its time. */
export async function live(school: TestSchool, table: Table, from = 0): Promise<void> {
  const length = Math.max(...Object.values(table).map((weeks) => weeks.length))
  for (let n = 0; n < length; n++) {
    for (const [who, weeks] of Object.entries(table) as [StudentName, string][]) await ask(school, who, from + n, weeks[n] ?? " ")
    await sweep(school, sweepTime(from + n))
  }
}

export type Alert = {
  id: string
  kind: string
  level: string
  stage: string
  state: string
  closedAs: string | null
  week: string
  facts: AlertFacts
  about: string
  owner: string | null
}

/** Every alert there is, its student (or group) and owner by the names of the test school. */
export async function alertsIn(school: TestSchool): Promise<Alert[]> {
  const names = new Map([...Object.entries(school.people), ...Object.entries(school.groups)].map(([name, id]) => [id, name]))
  const found = await look<Alert>(
    school,
    sql`select id, kind, level, stage, state, closed_as as "closedAs", week, facts, subject_id as about, owner_id as owner from alert order by opened_at, kind, subject_id`,
  )
  const known = (id: string): string => names.get(id) ?? "another"
  return found.map((one) => ({ ...one, about: known(one.about), owner: one.owner === null ? null : known(one.owner) }))
}

/** "silence ada rivera", in the order of opening. */
export const said = async (school: TestSchool, state = "open"): Promise<string[]> =>
  (await alertsIn(school)).filter((one) => one.state === state).map((one) => `${one.kind} ${one.about} ${one.owner ?? "nobody"}`)

export async function historyIn(school: TestSchool, who: StudentName): Promise<{ start: string; weeks: string } | null> {
  const [row] = await look<{ start: string; weeks: string }>(school, sql`select start, weeks from history where student_id = ${school.people[who]}`)
  return row ?? null
}

/**
 * A further advisory of the east, rivera's, with a student for each string of weeks from the first on. The last letter is the week that closes
 * next: "m" a question that was sent and is still open, "a" or "s" one that was answered or skipped. Returns the group's id and the students', in order.
 */
export async function advisory(school: TestSchool, weeks: readonly string[]): Promise<{ id: string; students: string[] }> {
  const [id, planId] = [randomUUID(), randomUUID()]
  const students = weeks.map(() => randomUUID())
  await withSchool(school.db, school.id, async (tx) => {
    await rows(
      tx,
      sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind) values (${school.id}, ${id}, ${id}, ${school.sites.east}, 'Birch advisory', 'advisory')`,
    )
    await rows(
      tx,
      sql`insert into plan (school_id, id, group_id, active, since) values (${school.id}, ${planId}, ${id}, true, ${at(monday(0), "07:00")})`,
    )
    const given = weeks.map((letters, i) => ({
      ...{ id: students[i], name: `S${String(i).padStart(3, "0")}`, tie: randomUUID(), occurrence: randomUUID(), delivery: randomUUID() },
      ...{ kept: letters.endsWith("m") ? letters.slice(0, -1) : letters, open: letters.endsWith("m"), last: letters.length - 1 },
    }))
    const shape = sql`jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, name text, tie uuid, occurrence uuid, delivery uuid, kept text, open boolean, last integer)`
    const day = (n: ReturnType<typeof sql>, offset: number) => sql`(${monday(0)}::date + 7 * ${n} + ${offset}::integer)`
    await rows(
      tx,
      sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, language, site_id, consent)
          select ${school.id}::uuid, id, id::text, 'student', name, 'Sample', 'en', ${school.sites.east}::uuid, 'school' from ${shape}`,
    )
    await rows(
      tx,
      sql`insert into membership (school_id, group_id, student_id, from_date) select ${school.id}::uuid, ${id}::uuid, id, ${monday(0)}::date from ${shape}`,
    )
    await rows(
      tx,
      sql`insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date)
          select ${school.id}::uuid, tie, id, ${school.people.rivera}::uuid, 'advisor', ${id}::uuid, true, 'roster', ${monday(0)}::date from ${shape}`,
    )
    await rows(
      tx,
      sql`insert into history (school_id, student_id, start, weeks) select ${school.id}::uuid, id, ${monday(0)}::date, kept from ${shape} where kept <> ''`,
    )
    await rows(
      tx,
      sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, state)
          select ${school.id}::uuid, occurrence, ${planId}::uuid, ${id}::uuid, id, ${day(sql`last`, 3)}, ${day(sql`last`, 0)},
            (${day(sql`last`, 3)} + time '14:45') at time zone 'America/New_York', (${day(sql`last`, 8)} + time '18:00') at time zone 'America/New_York',
            case when open then 'open' when kept like '%a' then 'answered' else 'skipped' end
          from ${shape}`,
    )
    await rows(
      tx,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at, state, settled_at)
          select ${school.id}::uuid, delivery, 'prompt', 'prompt:' || occurrence, id, occurrence, now(), now(), 'sent',
            (${day(sql`last`, 3)} + time '14:45') at time zone 'America/New_York' from ${shape} where open`,
    )
  })
  return { id, students }
}

const looksMost = 5_000

/** All of these on one alert at the same moment: each has seen it as it was before any of them may change it. */
export async function togetherOn<T>(school: TestSchool, alertId: string, acts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const { answers } = await withSchool(school.db, school.id, async (tx) => {
    await rows(tx, sql`select from alert where id = ${alertId} for update`)
    const answers = Promise.all(acts.map((act) => act()))
    for (let looks = 0; looks < looksMost; looks++) {
      const [row] = await rows<{ waiting: number }>(
        tx,
        sql`select count(distinct l.pid)::int as waiting from pg_locks l join pg_stat_activity s on s.pid = l.pid
            where not l.granted and s.datname = current_database()`,
      )
      if (row?.waiting === acts.length) break
    }
    return { answers }
  })
  return answers
}
