import { sql } from "drizzle-orm"
import type { Rhythm } from "../../src/scheduling/place.ts"
import type { Lens } from "../../src/words/prompts.ts"
import { hot, rows, type Tx } from "../client.ts"

export type OccurrenceRow = {
  id: string
  studentId: string
  week: string
  opensAt: Date
  closesAt: Date
  firstPrompt: string | null
  secondPrompt: string | null
  state: "open" | "answered" | "skipped" | "closed"
}

const occurrenceColumns = `o.id, o.student_id as "studentId", o.week, o.opens_at as "opensAt", o.closes_at as "closesAt",
  o.first_prompt as "firstPrompt", o.second_prompt as "secondPrompt", o.state`

/** The student's prompt whose window holds `now`, answered or not; null between two of them. */
export async function occurrenceNow(tx: Tx, studentId: string, now: Date): Promise<OccurrenceRow | null> {
  const [row] = await hot<OccurrenceRow>(
    tx,
    `select ${occurrenceColumns} from occurrence o
     where o.student_id = $1 and o.opens_at <= $2 and o.closes_at > $2 and o.state <> 'closed' order by o.opens_at desc limit 1`,
    [studentId, now],
  )
  return row ?? null
}

export async function occurrenceById(tx: Tx, id: string): Promise<OccurrenceRow | null> {
  const [row] = await hot<OccurrenceRow>(tx, `select ${occurrenceColumns} from occurrence o where o.id::text = $1`, [id])
  return row ?? null
}

/** How far a prompt got: whether one ever reached this student before it, and whether it did itself. */
export async function promptsSent(tx: Tx, studentId: string, occurrenceId: string): Promise<{ before: boolean; this: boolean }> {
  const [row] = await hot<{ before: boolean; this: boolean }>(
    tx,
    `select coalesce(bool_or(subject_id <> $2 and state in ('sent', 'unknown')), false) as before,
            coalesce(bool_or(subject_id = $2 and state in ('sent', 'unknown', 'sending')), false) as this
     from delivery where person_id = $1 and kind = 'prompt'`,
    [studentId, occurrenceId],
  )
  return row ?? { before: false, this: false }
}

export type WhatIsKnown = { asked: { id: string; weekStart: string }[]; known: { lens: Lens; count: number; lastWeek: string | null }[] }

/** What the choice of questions goes by: what this student was asked in other weeks, and how many replies there are by lens. */
export async function whatIsKnown(tx: Tx, studentId: string, occurrenceId: string): Promise<WhatIsKnown> {
  const [row] = await hot<WhatIsKnown>(
    tx,
    `select coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'weekStart', o.week)) from occurrence o
              cross join lateral (values (o.first_prompt), (o.second_prompt)) q(id)
              where o.student_id = $1 and o.id <> $2 and q.id is not null), '[]') as asked,
            coalesce((select jsonb_agg(k) from (
              select r.lens, count(*)::int as count, to_char(max(o.week), 'YYYY-MM-DD') as "lastWeek"
              from reply r left join occurrence o on o.school_id = r.school_id and o.id = r.occurrence_id
              where r.student_id = $1 and r.lens is not null group by r.lens) k), '[]') as known`,
    [studentId, occurrenceId],
  )
  return row ?? { asked: [], known: [] }
}

/** Keeps the two questions of an occurrence and why; where another process was first, what it chose stays (the choice is the same). */
export async function keepQuestions(tx: Tx, id: string, chosen: { first: string; second: string; why: object }): Promise<void> {
  await hot(tx, `update occurrence set first_prompt = $2, second_prompt = $3, why = $4 where id = $1`, [id, chosen.first, chosen.second, chosen.why])
}

/** What a student writes is written one event at a time: whoever comes second waits, and then sees what the first one kept. */
export async function lockStudent(tx: Tx, studentId: string): Promise<void> {
  await hot(tx, `select id from person where id = $1 for update`, [studentId])
}

export type ReplyRow = {
  id: string
  studentId: string
  occurrenceId: string | null
  promptId: string | null
  mood: number | null
  wants: "no" | "mentor" | "someone" | null
  createdAt: Date
}

const replyColumns = `r.id, r.student_id as "studentId", r.occurrence_id as "occurrenceId", r.prompt_id as "promptId", r.mood, r.wants, r.created_at as "createdAt"`

export async function replyTo(tx: Tx, occurrenceId: string): Promise<ReplyRow | null> {
  const [row] = await hot<ReplyRow>(tx, `select ${replyColumns} from reply r where r.occurrence_id = $1`, [occurrenceId])
  return row ?? null
}

/** Only the student's own. */
export async function replyOf(tx: Tx, studentId: string, replyId: string): Promise<ReplyRow | null> {
  const [row] = await hot<ReplyRow>(tx, `select ${replyColumns} from reply r where r.student_id = $1 and r.id::text = $2`, [studentId, replyId])
  return row ?? null
}

/** The reply that one of the student's messages is a part of. */
export async function replyWithPart(tx: Tx, studentId: string, part: string): Promise<ReplyRow | null> {
  const [row] = await hot<ReplyRow>(
    tx,
    `select ${replyColumns} from reply_part p join reply r on r.school_id = p.school_id and r.id = p.reply_id
     where p.part = $2 and r.student_id = $1 limit 1`,
    [studentId, part],
  )
  return row ?? null
}

/** What the student wrote without a question since `since` and nobody has read yet: a further message joins it. */
export async function looseReply(tx: Tx, studentId: string, since: Date): Promise<ReplyRow | null> {
  const [row] = await hot<ReplyRow>(
    tx,
    `select ${replyColumns} from reply r left join reading g on g.school_id = r.school_id and g.reply_id = r.id
     where r.student_id = $1 and r.occurrence_id is null and r.created_at >= $2 and g.read_at is null order by r.created_at desc limit 1`,
    [studentId, since],
  )
  return row ?? null
}

/** Null where this occurrence has its reply already: one, however many events bring it. */
export async function insertReply(
  tx: Tx,
  reply: { schoolId: string; id: string; studentId: string; occurrenceId: string | null; promptId: string | null; lens: Lens | null; now: Date },
): Promise<string | null> {
  const [row] = await hot<{ id: string }>(
    tx,
    `insert into reply (school_id, id, student_id, occurrence_id, prompt_id, lens, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing returning id`,
    [reply.schoolId, reply.id, reply.studentId, reply.occurrenceId, reply.promptId, reply.lens, reply.now],
  )
  return row?.id ?? null
}

/** What is null stays as it is: a typed message says nothing of mood, and a question once answered keeps its name. */
export async function changeReply(
  tx: Tx,
  id: string,
  to: { promptId: string | null; lens: Lens | null; mood: number | null; wants: string | null; now: Date },
): Promise<void> {
  await hot(
    tx,
    `update reply set lens = case when prompt_id is null then coalesce($3, lens) else lens end, prompt_id = coalesce(prompt_id, $2),
       mood = coalesce($4, mood), wants = coalesce($5, wants), changed_at = $6 where id = $1`,
    [id, to.promptId, to.lens, to.mood, to.wants, to.now],
  )
}

/** The student's own answer or skip beats whatever the occurrence was before, except that a skip does not undo an answer. */
export async function settleOccurrence(tx: Tx, id: string, as: "answered" | "skipped", now: Date): Promise<void> {
  await hot(
    tx,
    `update occurrence set state = $2, outcome = null, answered_at = case when $2 = 'answered' then $3::timestamptz end
     where id = $1 and ($2 = 'answered' or state = 'open') and state <> $2`,
    [id, as, now],
  )
}

/** New words after it was read: it waits to be read once more, by `dueAt`. */
export async function unreadAgain(tx: Tx, replyId: string, dueAt: Date): Promise<void> {
  await hot(tx, `update reading set read_at = null, read_by = null, due_at = $2 where reply_id = $1 and read_at is not null`, [replyId, dueAt])
}

/** Nothing is left to read. What somebody has read stays on record. */
export async function nothingToRead(tx: Tx, replyId: string): Promise<void> {
  await hot(tx, `delete from reading where reply_id = $1 and read_at is null and line is null`, [replyId])
}

export type RepliedRow = {
  id: string
  createdAt: Date
  promptId: string | null
  occurrenceId: string | null
  readAt: Date | null
  readBy: string | null
  readByName: string | null
  /** Somebody has read it, and the student added to it since. */
  readBefore: boolean
  line: Uint8Array | null
  lineVersion: number
  lineBy: string | null
}

/** The student's last replies that still have words, newest first, with who read each. */
export async function lastReplies(tx: Tx, studentId: string, before: Date, limit: number): Promise<RepliedRow[]> {
  return hot<RepliedRow>(
    tx,
    `select ${repliedColumns} ${repliedFrom}
     where r.student_id = $1 and r.created_at < $2 and exists (
       select from (select distinct on (part) words from reply_part p where p.school_id = r.school_id and p.reply_id = r.id order by part, version desc) latest
       where latest.words is not null)
     order by r.created_at desc limit $3`,
    [studentId, before, limit],
  )
}

export async function repliedById(tx: Tx, studentId: string, replyId: string): Promise<RepliedRow | null> {
  const [row] = await hot<RepliedRow>(tx, `select ${repliedColumns} ${repliedFrom} where r.student_id = $1 and r.id::text = $2`, [studentId, replyId])
  return row ?? null
}

const repliedColumns = `r.id, r.created_at as "createdAt", r.prompt_id as "promptId", r.occurrence_id as "occurrenceId", g.read_at as "readAt", g.read_by as "readBy",
  coalesce(a.preferred_name, a.given_name) || ' ' || a.family_name as "readByName", g.line, coalesce(g.line_version, 0) as "lineVersion",
  coalesce(a.preferred_name, a.given_name) || ' ' || a.family_name as "lineBy",
  exists (select from delivery d where d.school_id = r.school_id and d.dedupe_key = 'read:' || r.id) as "readBefore"`
const repliedFrom = `from reply r left join reading g on g.school_id = r.school_id and g.reply_id = r.id
  left join person a on a.school_id = g.school_id and a.id = g.read_by`

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

export type StudentPlan = { rhythm: Partial<Rhythm>; since: Date }

/** The plans that ask this student on that day. */
export async function plansOf(tx: Tx, studentId: string, day: string): Promise<StudentPlan[]> {
  return hot<StudentPlan>(
    tx,
    `select p.rhythm, p.since from plan p
     join membership m on m.school_id = p.school_id and m.group_id = p.group_id
     join school_group g on g.school_id = p.school_id and g.id = p.group_id
     where m.student_id = $1 and p.active and g.status = 'active' and m.from_date <= $2::date and (m.to_date is null or m.to_date >= $2::date)`,
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
  state: "open" | "answered"
  stage: "owner" | "counsellors"
  ownerName: string | null
  answeredByName: string | null
  /** What this delivery was owed for: taken, answered or counsellors, as its dedupe key says. */
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
