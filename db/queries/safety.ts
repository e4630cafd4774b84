import { sql } from "drizzle-orm"
import type { StaffRole } from "../../src/access/actor.ts"
import { isId } from "../../src/words/id.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { eachAsks } from "../each.ts"
import { known } from "../known.ts"
import { type Words, WordsUnreadable } from "../words.ts"
import { lockPerson } from "./people.ts"
import { rowOfPart } from "./reflection-words.ts"

export type SafetyLevel = "concern" | "urgent"

/** Whose words they are: a student, or an account that is nobody's on the list. */
export type Subject = { studentId: string; account: null } | { studentId: null; account: string }

/**
 * `nextAt` is set on the one event that leads: what the same person writes while it is open joins it, without a ladder of its own.
 * `skipped`: adults who never hear of it.
 */
export type SafetyRow = Subject & {
  id: string
  level: SafetyLevel
  skipped: string[]
  state: "open" | "taken" | "closed"
  step: number
  openedAt: Date
  nextAt: Date | null
  takenBy: string | null
  takenAt: Date | null
}

const columns = `e.id, e.student_id as "studentId", e.account, e.level, e.skipped, e.state, e.step, e.opened_at as "openedAt", e.next_at as "nextAt",
  e.taken_by as "takenBy", e.taken_at as "takenAt"`
const shape = sql.raw(columns)

const of = (subject: Subject) => (subject.studentId === null ? sql`e.account = ${subject.account}` : sql`e.student_id = ${subject.studentId}`)

/** One writer at a time about one person, until the transaction ends: two messages at once find one leading event. */
export async function holdSubject(tx: Tx, schoolId: string, { studentId, account }: Subject): Promise<void> {
  if (studentId !== null) return lockPerson(tx, studentId)
  await hot(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))::text`, [`safety:${schoolId}:${account}`])
}

/** The open event that leads, locked; null where nothing is open about this person. */
export async function leadingEvent(tx: Tx, subject: Subject): Promise<SafetyRow | null> {
  const [row] = await rows<SafetyRow>(
    tx,
    sql`select ${shape} from safety_event e where ${of(subject)} and e.state = 'open' and e.next_at is not null order by e.opened_at, e.id limit 1 for update`,
  )
  return row ?? null
}

export type NewSafetyEvent = {
  schoolId: string
  id: string
  source: string
  subject: Subject
  level: SafetyLevel
  topics: readonly string[]
  sealed: Uint8Array
  skipped: readonly string[]
  openedAt: Date
  nextAt: Date | null
}

/** False where this source has raised before. */
export async function insertSafetyEvent(tx: Tx, event: NewSafetyEvent): Promise<boolean> {
  const found = await hot(
    tx,
    `insert into safety_event (school_id, id, source, student_id, account, level, topics, words, skipped, opened_at, next_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (school_id, source) do nothing returning id`,
    [
      ...[event.schoolId, event.id, event.source, event.subject.studentId, event.subject.account, event.level, JSON.stringify(event.topics)],
      ...[event.sealed, JSON.stringify(event.skipped), event.openedAt, event.nextAt],
    ],
  )
  return found.length === 1
}

export async function safetyEventById(tx: Tx, id: string): Promise<SafetyRow | null> {
  const [row] = await rows<SafetyRow>(tx, sql`select ${shape} from safety_event e where e.id::text = ${id}`)
  return row ?? null
}

/** Leading events whose next step is due, each for one worker alone, danger first. */
export async function dueSafetyEvents(tx: Tx, now: Date, limit: number): Promise<SafetyRow[]> {
  return rows(
    tx,
    sql`select ${shape} from safety_event e where e.state = 'open' and e.next_at <= ${now}
        order by e.level desc, e.next_at, e.id limit ${limit} for update skip locked`,
  )
}

export async function nextSafetyDue(tx: Tx): Promise<Date | null> {
  const [row] = await rows<{ at: Date | null }>(tx, sql`select min(next_at) as at from safety_event where state = 'open'`)
  return row?.at ?? null
}

export async function setSafetyStep(tx: Tx, id: string, step: number, nextAt: Date): Promise<void> {
  await hot(tx, `update safety_event set step = $2, next_at = $3 where id = $1 and state = 'open'`, [id, step, nextAt])
}

/** What joins a leading event may raise it, and may leave out further adults. */
export async function widenSafetyEvent(tx: Tx, id: string, level: SafetyLevel, skipped: readonly string[]): Promise<void> {
  await hot(tx, `update safety_event set level = $2, skipped = $3 where id = $1`, [id, level, JSON.stringify(skipped)])
}

/** Whoever says so first has it, and all that has joined it. */
export async function takeSafetyEvent(tx: Tx, lead: SafetyRow, personId: string, now: Date): Promise<boolean> {
  const found = await hot(
    tx,
    `update safety_event set state = 'taken', taken_by = $2, taken_at = $3, next_at = null where id = $1 and state = 'open' returning id`,
    [lead.id, personId, now],
  )
  if (found.length === 0) return false
  await rows(
    tx,
    sql`update safety_event e set state = 'taken', taken_by = ${personId}, taken_at = ${now}, next_at = null where ${of(lead)} and e.state = 'open'`,
  )
  return true
}

/** Who took what this person wrote last, since `since`. */
export async function lastTaker(tx: Tx, subject: Subject, since: Date): Promise<string | null> {
  const [row] = await rows<{ takenBy: string }>(
    tx,
    sql`select e.taken_by as "takenBy" from safety_event e where ${of(subject)} and e.state = 'taken' and e.taken_at >= ${since} order by e.taken_at desc limit 1`,
  )
  return row?.takenBy ?? null
}

/** What an event seals its words as. */
export const safetyWordsVersion = 1

export type SafetyWords = { id: string; at: Date; words: string | null }

/** The words of a leading event and of all that joined it, oldest first; null where nobody can open them any more. */
export async function safetyWords(tx: Tx, words: Words, schoolId: string, lead: SafetyRow): Promise<SafetyWords[]> {
  const found = await rows<{ id: string; at: Date; sealed: Uint8Array }>(
    tx,
    sql`select e.id, e.opened_at as at, e.words as sealed from safety_event e
        where ${of(lead)} and e.opened_at >= ${lead.openedAt} and e.state = ${lead.state} and e.taken_at is not distinct from ${lead.takenAt}::timestamptz
        order by (e.id = ${lead.id}) desc, e.opened_at, e.id`,
  )
  return found.map(({ id, at, sealed }) => ({ id, at, words: opened(words, schoolId, id, safetyWordsVersion, sealed) }))
}

/** Whom words about danger of this student name, event by event, while these are not closed; `leads`: people are being told of it. */
export async function openAbout(tx: Hot, studentId: string): Promise<{ skipped: string[]; leads: boolean }[]> {
  return hot(tx, openOf, [studentId])
}

const openOf = eachAsks(
  ["uuid"],
  `select skipped, state = 'open' and next_at is not null as leads from safety_event where student_id = $1 and state <> 'closed'`,
)

/** Adults whom words about danger of this student name, while that is not closed: they are told nothing, and nothing is said to go to them. */
export const leftOutOf = async (tx: Hot, studentId: string): Promise<string[]> => [
  ...new Set((await openAbout(tx, studentId)).flatMap(({ skipped }) => skipped)),
]

type HeardRow = { replyId: string; part: string; version: number; sealed: Uint8Array | null }

// Of what somebody writes within the hour; each change of a message is one more.
const heardMost = 100

/** What a student wrote since `since`, every version of it, newest first. */
export async function heardRows(tx: Hot, studentId: string, since: Date): Promise<HeardRow[]> {
  return hot<HeardRow>(tx, heard, [studentId, since])
}

const heard = eachAsks(
  ["uuid", "timestamptz"],
  `select p.reply_id as "replyId", p.part, p.version, p.words as sealed
   from reply r join reply_part p on p.school_id = r.school_id and p.reply_id = r.id
   where r.student_id = $1 and r.changed_at >= $2 and p.at >= $2 order by p.at desc, p.version desc, p.part limit ${heardMost}`,
)

/** The same opened, a message or form each in its latest version, the last `most` of them, oldest first. */
export function heardLately(words: Words, schoolId: string, found: readonly HeardRow[], most: number): string[] {
  const latest = new Map<string, HeardRow>()
  for (const row of found) {
    const name = rowOfPart(row.replyId, row.part)
    if (!latest.has(name)) latest.set(name, row)
  }
  return [...latest]
    .flatMap(([name, { version, sealed }]) => (sealed === null ? [] : [{ name, version, sealed }]))
    .slice(0, most)
    .reverse()
    .flatMap(({ name, version, sealed }) => opened(words, schoolId, name, version, sealed) ?? [])
}

function opened(words: Words, schoolId: string, row: string, version: number, sealed: Uint8Array): string | null {
  try {
    return words.open(schoolId, row, version, sealed)
  } catch (error) {
    if (error instanceof WordsUnreadable) return null
    throw error
  }
}

/** Every adult whom words may name, by each of their names. */
export async function staffNames(tx: Tx): Promise<{ id: string; names: string[] }[]> {
  return rows(
    tx,
    sql`select id, array_remove(array[given_name || ' ' || family_name, preferred_name || ' ' || family_name], null) as names
        from person where role = 'staff' and status = 'active' order by id`,
  )
}

/** Those of these people who are active staff, by id, with the name they go by. An id may be anything: it comes from a setting. */
export async function activeStaff(tx: Tx, said: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = said.filter(isId)
  return ids.length === 0 ? new Map() : known(tx, `active staff of ${ids.join()}`, () => readActiveStaff(tx, ids))
}

async function readActiveStaff(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await hot<{ id: string; name: string }>(
    tx,
    `select id, coalesce(preferred_name, given_name) || ' ' || family_name as name from person
     where role = 'staff' and status = 'active' and id = any($1::uuid[])`,
    [ids],
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** Active people who hold any of these roles. */
export async function staffWith(tx: Tx, roles: readonly StaffRole[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select distinct p.id from staff_role r join person p on p.school_id = r.school_id and p.id = r.person_id
        where r.role = any(${sql.param([...roles])}::text[]) and p.status = 'active' order by p.id`,
  )
  return found.map(({ id }) => id)
}

/** Whether any of these people can be written to at all. */
export async function anyReachable(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const found = await rows(tx, sql`select 1 from address where trouble is null and person_id = any(${sql.param([...ids])}::uuid[]) limit 1`)
  return found.length > 0
}

/** Everybody the ladder has owed an alert about this event. `heard`: it may have reached them. */
export async function toldOf(tx: Tx, eventId: string): Promise<{ personId: string; heard: boolean }[]> {
  return rows(
    tx,
    sql`select person_id as "personId", bool_or(state in ('sent', 'sending', 'unknown')) as heard
        from delivery where kind = 'safety_alert' and subject_id = ${eventId} group by person_id order by person_id`,
  )
}

/** How many messages have joined a leading event. */
export async function joinedCount(tx: Tx, lead: SafetyRow): Promise<number> {
  const [row] = await rows<{ count: number }>(
    tx,
    sql`select count(*) as count from safety_event e where ${of(lead)} and e.state = ${lead.state} and e.id <> ${lead.id} and e.opened_at >= ${lead.openedAt}
          and e.taken_at is not distinct from ${lead.takenAt}::timestamptz`,
  )
  return row?.count ?? 0
}

/** The zone of the school where no person's own is known: that of the site with most people. */
export async function schoolZone(tx: Tx): Promise<string> {
  const [row] = await rows<{ zone: string }>(
    tx,
    sql`select si.zone from site si left join person p on p.school_id = si.school_id and p.site_id = si.id group by si.id, si.zone order by count(p.id) desc, si.id limit 1`,
  )
  return row?.zone ?? "UTC"
}
