import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"
import { type Words, WordsUnreadable } from "../words.ts"
import { notLeftOut } from "./engagement-alerts.ts"
import { nextOwner } from "./engagement-ladder.ts"

type Role = "raised" | "closed"
const rowOf = (alertId: string, personId: string, role: Role): string => `${alertId}:${personId}:${role}`

/** Whoever would be asked about a student on `day`, `but` for one adult and those whom words about danger name; null: the counsellors. */
export async function askedAbout(tx: Tx, schoolId: string, studentId: string, day: string, but: string): Promise<string | null> {
  const [row] = await rows<{ id: string | null }>(
    tx,
    sql`select case when ${nextOwner("p.school_id", "p.id", "g.day")} <> ${but} then ${nextOwner("p.school_id", "p.id", "g.day")} end as id
        from person p cross join (select ${day}::date as day) g where p.school_id = ${schoolId} and p.id = ${studentId}`,
  )
  return row?.id ?? null
}

export type RaisedRow = { id: string; ownerId: string | null }

/** The open alert that somebody raised by hand about this student, locked. */
export async function raisedAbout(tx: Tx, studentId: string): Promise<RaisedRow | null> {
  const [row] = await rows<RaisedRow>(
    tx,
    sql`select id, owner_id as "ownerId" from alert where subject_id = ${studentId} and kind = 'raised' and state <> 'closed' for update`,
  )
  return row ?? null
}

export type NewRaised = { schoolId: string; id: string; studentId: string; ownerId: string | null; week: string; on: string; dueAt: Date; now: Date }

/** Opens an alert by hand, unless one is open: one a student, whoever else raises one at the same moment. */
export async function openRaised(tx: Tx, one: NewRaised): Promise<void> {
  await rows(
    tx,
    sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
        values (${one.schoolId}, ${one.id}, ${one.studentId}, 'raised', 'alert', ${one.week}, ${JSON.stringify({ kind: "raised", on: one.on })}::jsonb,
          ${one.ownerId}, ${one.ownerId === null ? "counsellors" : "owner"}, ${one.now}, ${one.dueAt}) on conflict do nothing`,
  )
}

/** Takes a raised note back since `since`: what this adult said, and the alert itself where it was theirs alone and nobody has touched it. */
export async function unraise(tx: Tx, id: string, by: string, since: Date): Promise<boolean> {
  await lockAlert(tx, id)
  const [mine] = await rows(
    tx,
    sql`delete from alert_party y where y.alert_id = ${id} and y.person_id = ${by} and y.role = 'raised' and y.at > ${since} and exists (
          select from alert a where a.school_id = y.school_id and a.id = y.alert_id and a.kind = 'raised' and a.state = 'open' and a.acknowledged_at is null
            and a.handed_at is null) returning y.alert_id`,
  )
  if (!mine) return false
  await rows(
    tx,
    sql`delete from alert a where a.id = ${id} and not exists (select from alert_party y where y.school_id = a.school_id and y.alert_id = a.id and y.role = 'raised')`,
  )
  return true
}

type At = { schoolId: string; alertId: string; personId: string; role: Role }

/** Keeps an adult's words with an alert, in place of what they said before. Call it with the alert locked. */
export async function keepNote(tx: Tx, words: Words, at: At, said: string, now: Date): Promise<void> {
  const { schoolId, alertId, personId, role } = at
  const version = ((await held(tx, at))?.version ?? 0) + 1
  const sealed = words.seal(schoolId, rowOf(alertId, personId, role), version, said)
  await rows(
    tx,
    sql`insert into alert_party (school_id, alert_id, person_id, role, at, words, version) values (${schoolId}, ${alertId}, ${personId}, ${role}, ${now}, ${sealed}, ${version})
        on conflict (school_id, alert_id, person_id, role) do update set words = excluded.words, version = excluded.version, told_at = null`,
  )
}

async function held(tx: Tx, { alertId, personId, role }: At): Promise<{ version: number; sealed: Uint8Array | null } | null> {
  const [row] = await rows<{ version: number; sealed: Uint8Array | null }>(
    tx,
    sql`select version, words as sealed from alert_party where alert_id = ${alertId} and person_id = ${personId} and role = ${role}`,
  )
  return row ?? null
}

/** What this adult has said with an alert so far, for changing it. */
export async function ownNote(tx: Tx, words: Words, at: At): Promise<string | null> {
  const row = await held(tx, at)
  return row?.sealed ? opened(words, at.schoolId, rowOf(at.alertId, at.personId, at.role), row.version, row.sealed) : null
}

export async function lockAlert(tx: Tx, id: string): Promise<void> {
  await rows(tx, sql`select id from alert where id = ${id} for update`)
}

export type AdultNote = { role: Role; at: Date; by: string; open: boolean; words: string | null }

/** Notes with words: what adults noticed, and what they wrote at closing (while it is they who closed it). Needs the alias `y` of a party, `a` of its alert. */
const worded = sql.raw(`y.words is not null and (y.role = 'raised' or (a.state = 'closed' and a.closed_by = y.person_id))`)

export async function hasNotes(tx: Tx, studentId: string): Promise<boolean> {
  const found = await rows(
    tx,
    sql`select a.id from alert a join alert_party y on y.school_id = a.school_id and y.alert_id = a.id where a.subject_id = ${studentId} and ${worded} limit 1`,
  )
  return found.length > 0
}

/** The last notes about a student, newest first; `words` null: nobody can open them any more. Whether the asker may read them was asked before. */
export async function notesAbout(tx: Tx, words: Words, schoolId: string, studentId: string, most: number): Promise<AdultNote[]> {
  const found = await rows<Omit<AdultNote, "words"> & { alertId: string; personId: string; version: number; sealed: Uint8Array }>(
    tx,
    sql`select y.alert_id as "alertId", y.person_id as "personId", y.role, y.at, a.state <> 'closed' as open,
          coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as by, y.words as sealed, y.version
        from alert a join alert_party y on y.school_id = a.school_id and y.alert_id = a.id join person p on p.school_id = y.school_id and p.id = y.person_id
        where a.subject_id = ${studentId} and ${worded} order by 4 desc, y.alert_id, y.person_id limit ${most}`,
  )
  return found.map(({ alertId, personId, version, sealed, ...one }) => ({
    ...one,
    words: opened(words, schoolId, rowOf(alertId, personId, one.role), version, sealed),
  }))
}

function opened(words: Words, schoolId: string, row: string, version: number, sealed: Uint8Array): string | null {
  try {
    return words.open(schoolId, row, version, sealed)
  } catch (error) {
    if (!(error instanceof WordsUnreadable)) throw error
    return null
  }
}

export type Outcome = {
  about: string
  kind: "useful" | "known" | "false" | "hello" | "answered" | "stopped"
  by: string | null
  closedAt: Date
  zone: string
}

/**
 * How alerts ended that this adult raised, or had before somebody else did: closed since `since` by another, and not told before (or within the hour:
 * what carries it may be composed again), while they still see the student. The oldest first, `most` at most, and told from now on.
 */
export async function tellOutcomes(tx: Tx, adultId: string, now: Date, since: Date, most: number): Promise<Outcome[]> {
  return rows(
    tx,
    sql`with ended as (
          select distinct on (a.closed_at, a.id) y.school_id, y.alert_id, coalesce(a.closed_as, 'hello') as kind, a.closed_at as "closedAt", si.zone,
            coalesce(p.preferred_name || ' ' || p.family_name, p.given_name || ' ' || p.family_name, g.title) as about,
            (select coalesce(c.preferred_name, c.given_name) || ' ' || c.family_name from person c where c.school_id = a.school_id and c.id = a.closed_by) as by
          from alert_party y join alert a on a.school_id = y.school_id and a.id = y.alert_id and a.state = 'closed' and a.closed_at >= ${since}
            and a.closed_at <= ${now} and a.closed_by is distinct from ${adultId} and (a.owner_id is distinct from ${adultId} or y.role = 'raised')
          left join person p on p.school_id = a.school_id and p.id = a.subject_id left join school_group g on g.school_id = a.school_id and g.id = a.subject_id
          join site si on si.school_id = a.school_id and si.id = coalesce(p.site_id, g.site_id)
          where y.person_id = ${adultId} and y.role in ('raised', 'owned') and (y.told_at is null or y.told_at > ${now}::timestamptz - interval '1 hour')
            and (p.id is null or (p.status = 'active' and ${seen(adultId, now)} and ${sql.raw(notLeftOut("a.school_id", "a.subject_id", "y.person_id"))}))
          order by a.closed_at, a.id limit ${most}
        ), told as (
          update alert_party y set told_at = ${now} from ended e
          where y.school_id = e.school_id and y.alert_id = e.alert_id and y.person_id = ${adultId} and y.role <> 'closed' and y.told_at is null
        )
        select about, kind, by, "closedAt", zone from ended order by "closedAt", alert_id`,
  )
}

/** Whether the adult sees the student `p` today, by a tie, as a cover or as a counsellor. Needs `si`. */
const seen = (adultId: string, now: Date) => {
  const today = sql`(${now}::timestamptz at time zone si.zone)::date`
  return sql`(exists (select from staff_role r where r.school_id = p.school_id and r.person_id = ${adultId} and r.role = 'counsellor')
    or exists (select from tie t where t.school_id = p.school_id and t.student_id = p.id and t.from_date <= ${today} and (t.to_date is null or t.to_date >= ${today})
      and (t.adult_id = ${adultId} or (t.kind = 'advisor' and exists (select from away w where w.school_id = t.school_id and w.adult_id = t.adult_id
        and w.cover_id = ${adultId} and ${today} between w.from_date and w.until_date)))))`
}
