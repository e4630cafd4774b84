import { sql } from "drizzle-orm"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"
import { sooner } from "./delivery-owe.ts"

/**
 * Puts a reply on somebody's list, once; `ownerId` null is the counsellor list. One that lies with an adult who is left out moves. `again`: where
 * it was read before, it waits to be read once more. Returns whose it is now. The sweep is woken for it where it would come later: its row is
 * one for the whole school, so it is locked only then.
 */
export async function putOnList(
  tx: Hot,
  reading: {
    schoolId: string
    replyId: string
    studentId: string
    ownerId: string | null
    leftOut: readonly string[]
    dueAt: Date
    again: boolean
  },
): Promise<string | null> {
  const { schoolId, replyId, studentId, ownerId, leftOut, dueAt, again } = reading
  const params = [schoolId, replyId, studentId, ownerId, dueAt, JSON.stringify(leftOut), again]
  const [row] = await hot<{ ownerId: string | null }>(tx, put, params)
  return row?.ownerId ?? null
}

const intoReading = `insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at)`
const stageOf = (owner: string): string => `case when ${owner} is null then 'counsellors' else 'first' end`
/** `leftOut` and `again`: what they are for the row that is there already. */
const movedOrAgain = (leftOut: string, again: string): string => `on conflict (school_id, reply_id) do update set
    owner_id = case when ${leftOut} ? reading.owner_id::text then excluded.owner_id else reading.owner_id end,
    stage = case when ${leftOut} ? reading.owner_id::text then excluded.stage else reading.stage end,
    due_at = excluded.due_at,
    read_at = case when ${again} then null else reading.read_at end, read_by = case when ${again} then null else reading.read_by end
  where ${leftOut} ? reading.owner_id::text or (${again} and reading.read_at is not null)`
const ofRow = (param: string): string => `(select ${param} from asked where p2 = reading.reply_id)`
const put: Each = {
  one: `with woken as (
      insert into wake (school_id, kind, next_at) select $1::uuid, 'sweep', $5::timestamptz
      where not exists (select from wake where school_id = $1::uuid and kind = 'sweep' and next_at <= $5::timestamptz) ${sooner}
    ), put as (
      ${intoReading} values ($1, $2, $3, $4, ${stageOf("$4::uuid")}, $5) ${movedOrAgain("$6::jsonb", "$7::boolean")}
      returning owner_id
    )
    select owner_id as "ownerId" from put union all select owner_id from reading where reply_id = $2 limit 1`,
  many: `with asked as (
      select * from ${askedOf(["uuid", "uuid", "uuid", "uuid", "timestamptz", "jsonb", "boolean"])}
    ), woken as (
      insert into wake (school_id, kind, next_at) select p1, 'sweep', min(p5) from asked
      where not exists (select from wake w where w.school_id = p1 and w.kind = 'sweep' and w.next_at <= p5) group by p1 ${sooner}
    ), put as (
      ${intoReading} select p1, p2, p3, p4, ${stageOf("p4")}, p5 from asked order by p2 ${movedOrAgain(ofRow("p6"), ofRow("p7"))}
      returning reply_id, owner_id
    )
    select asked.nth, case when put.reply_id is null then g.owner_id else put.owner_id end as "ownerId"
    from asked left join put on put.reply_id = p2 left join reading g on g.school_id = p1 and g.reply_id = p2`,
}

export type ReadingRow = {
  replyId: string
  studentId: string
  studentName: string
  zone: string
  createdAt: Date
  promptId: string | null
  /** The two of the week under which it was written; null for loose words. */
  firstPrompt: string | null
  secondPrompt: string | null
  mood: number | null
  wants: "no" | "mentor" | "someone" | null
  ownerId: string | null
  stage: "first" | "second" | "counsellors"
  readBy: string | null
  readAt: Date | null
  line: Uint8Array | null
  lineVersion: number
  lineAt: Date | null
}

const reading =
  sql.raw(`g.reply_id as "replyId", g.student_id as "studentId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as "studentName",
  si.zone, r.created_at as "createdAt", r.prompt_id as "promptId", oc.first_prompt as "firstPrompt", oc.second_prompt as "secondPrompt", r.mood, r.wants, g.owner_id as "ownerId", g.stage,
  g.read_by as "readBy", g.read_at as "readAt", g.line, g.line_version as "lineVersion", g.line_at as "lineAt"`)
const readingFrom = sql.raw(`reading g join reply r on r.school_id = g.school_id and r.id = g.reply_id
  join person p on p.school_id = g.school_id and p.id = g.student_id join site si on si.school_id = p.school_id and si.id = p.site_id
  left join occurrence oc on oc.school_id = r.school_id and oc.id = r.occurrence_id`)

/** Words about danger that name an adult are kept from that adult: what they were part of for good, and all that follows until it is closed. */
const keptFrom = (adultId: string) => sql`exists (select from safety_event e where e.school_id = r.school_id and e.student_id = r.student_id
  and e.skipped ? ${adultId} and e.opened_at <= r.changed_at and (e.state <> 'closed' or e.opened_at >= r.created_at))`

/** The reply, unless it is kept from this adult. */
export async function readingById(tx: Tx, replyId: string, adultId: string): Promise<ReadingRow | null> {
  const [row] = await rows<ReadingRow>(
    tx,
    sql`select ${reading} from ${readingFrom} where g.reply_id::text = ${replyId} and not ${keptFrom(adultId)}`,
  )
  return row ?? null
}

/** A student's replies, newest first, whoever has read them; without those that are kept from this adult. */
export async function readingsOf(tx: Tx, studentId: string, adultId: string, limit: number): Promise<ReadingRow[]> {
  return rows(
    tx,
    sql`select ${reading} from ${readingFrom} where g.student_id = ${studentId} and not ${keptFrom(adultId)} order by r.created_at desc, r.id limit ${limit}`,
  )
}

export type Waiting = ReadingRow & { since: string | null }

/**
 * Unread replies that wait for this adult on `day`, oldest first: their own, those of students whose first advisor (or that one's cover) they
 * are, those of their other advisees that were passed on, and, for a counsellor, the counsellor list. `since`: the first day whose words the
 * adult may read as an advisor (null: no tie); compare it with `createdAt` in the student's zone.
 */
export async function waitingFor(tx: Tx, adultId: string, counsellor: boolean, day: string): Promise<Waiting[]> {
  return rows(
    tx,
    sql`with mine as (
          select t.school_id, t.student_id, to_char(min(t.from_date), 'YYYY-MM-DD') as since from tie t
          where t.kind = 'advisor' and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
            and (t.adult_id = ${adultId} or exists (select from away a where a.school_id = t.school_id and a.adult_id = t.adult_id
              and a.cover_id = ${adultId} and ${day}::date between a.from_date and a.until_date))
          group by 1, 2
        )
        select ${reading}, m.since from ${readingFrom} left join mine m on m.school_id = g.school_id and m.student_id = g.student_id
        where g.read_at is null and p.status = 'active' and not ${keptFrom(adultId)} and (
          (${counsellor} and (g.stage = 'counsellors' or g.owner_id = ${adultId}))
          or case when m.since is null then false when g.owner_id = ${adultId} or g.stage <> 'first' then true
            else advisor_of(g.school_id, g.student_id, ${day}::date, 1) = ${adultId} end
        )
        order by r.created_at, g.reply_id`,
  )
}

/** How many replies this adult has read since an instant: where they are in their list. */
export async function readSince(tx: Tx, adultId: string, since: Date): Promise<number> {
  const [row] = await hot<{ count: number }>(tx, `select count(*)::int as count from reading where read_by = $1 and read_at >= $2`, [adultId, since])
  return row?.count ?? 0
}

/** What this adult read since an instant, newest first: a line to it can still be written, or written again. */
export async function readLately(tx: Tx, adultId: string, since: Date, limit: number): Promise<ReadingRow[]> {
  return rows(
    tx,
    sql`select ${reading} from ${readingFrom} where g.read_by = ${adultId} and g.read_at >= ${since} and not ${keptFrom(adultId)} order by g.read_at desc, g.reply_id limit ${limit}`,
  )
}

/** One reader or writer of a line at a time. */
export async function lockReading(tx: Tx, replyId: string): Promise<void> {
  await hot(tx, `select reply_id from reading where reply_id::text = $1 for update`, [replyId])
}

/** True for the first reader only; from the counsellor list it becomes theirs. */
export async function markRead(tx: Tx, replyId: string, readBy: string, at: Date): Promise<boolean> {
  const found = await hot(
    tx,
    `update reading set read_by = $2, read_at = $3, owner_id = coalesce(owner_id, $2) where reply_id = $1 and read_at is null returning reply_id`,
    [replyId, readBy, at],
  )
  return found.length === 1
}

/** Keeps a line as `version`. Call it with the reading locked. */
export async function keepLine(tx: Tx, replyId: string, version: number, line: Uint8Array, at: Date): Promise<void> {
  await hot(tx, `update reading set line = $3, line_version = $2, line_at = $4 where reply_id = $1`, [replyId, version, line, at])
}

/** Whether the read receipt has already left: a line written from then on is a message of its own. */
export async function receiptLeft(tx: Tx, replyId: string): Promise<boolean> {
  const [row] = await hot<{ state: string }>(tx, `select state from delivery where dedupe_key = $1 for update`, [`read:${replyId}`])
  return row !== undefined && row.state !== "planned"
}

/** What a step of a ladder needs of a site: the day there, and when the next step falls due. Instants as ISO strings, for one JSON parameter. */
export type SiteStep = { site_id: string; day: string; due_at: string }

/**
 * Passes every unread reply that is overdue on: from its first reader to the student's other advisor, else to the counsellor list. How many.
 */
export async function passReadingsOn(tx: Tx, steps: readonly SiteStep[], now: Date): Promise<number> {
  const found = await rows(
    tx,
    sql`with late as (
          select g.school_id, g.reply_id, s.due_at, case when g.stage = 'first' then (
            select a.adult from (values (1, advisor_of(g.school_id, g.student_id, s.day, 1)), (2, advisor_of(g.school_id, g.student_id, s.day, 2))) a(nth, adult)
            where a.adult is distinct from g.owner_id and a.adult is not null and not exists (select from safety_event e join reply r on r.school_id = e.school_id
              and r.student_id = e.student_id where r.school_id = g.school_id and r.id = g.reply_id and e.skipped ? a.adult::text
              and e.opened_at <= r.changed_at and (e.state <> 'closed' or e.opened_at >= r.created_at)) order by a.nth limit 1) end as next
          from reading g join person p on p.school_id = g.school_id and p.id = g.student_id
          join jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as s(site_id uuid, day date, due_at timestamptz) on s.site_id = p.site_id
          where g.read_at is null and g.stage <> 'counsellors' and g.due_at <= ${now}
          for update of g skip locked
        )
        update reading g set owner_id = late.next, stage = case when late.next is null then 'counsellors' else 'second' end, due_at = late.due_at
        from late where g.school_id = late.school_id and g.reply_id = late.reply_id and g.read_at is null
        returning g.reply_id`,
  )
  return found.length
}

/** When the next unread reply is overdue; null where none waits but on the counsellor list. */
export async function nextReadingDue(tx: Tx): Promise<Date | null> {
  const [row] = await hot<{ at: Date | null }>(tx, `select min(due_at) as at from reading where read_at is null and stage <> 'counsellors'`)
  return row?.at ?? null
}
