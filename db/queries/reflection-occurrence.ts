import type { PlatformName } from "../../src/platform/account.ts"
import type { Rhythm } from "../../src/scheduling/place.ts"
import type { Lens } from "../../src/words/prompts.ts"
import { type Hot, hot, type Tx } from "../client.ts"
import { eachAsks } from "../each.ts"
import { type Held, heldColumns, heldFrom } from "./reflection.ts"

export type OccurrenceRow = {
  id: string
  studentId: string
  week: string
  opensAt: Date
  closesAt: Date
  firstPrompt: string | null
  secondPrompt: string | null
  state: "open" | "answered" | "skipped" | "closed"
  answeredAt: Date | null
}

const occurrenceColumns = `o.id, o.student_id as "studentId", o.week, o.opens_at as "opensAt", o.closes_at as "closesAt",
  o.first_prompt as "firstPrompt", o.second_prompt as "secondPrompt", o.state, o.answered_at as "answeredAt"`

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

export type Spot = { occurrence: OccurrenceRow; held: Held | null }

/** The same with the reply that it has and one part of it; null between two of them. */
export async function spotNow(tx: Hot, studentId: string, part: string, now: Date): Promise<Spot | null> {
  const [row] = await hot<OccurrenceRow & Omit<Held, "id"> & { replyId: string | null }>(tx, spot, [studentId, part, now])
  if (!row) return null
  const { replyId, version, sealed, waits, ...occurrence } = row
  return { occurrence, held: replyId === null ? null : { id: replyId, version, sealed, waits } }
}

const spot = eachAsks(
  ["uuid", "text", "timestamptz"],
  `select ${occurrenceColumns}, r.id as "replyId", ${heldColumns}
   from (select * from occurrence o where o.student_id = $1 and o.opens_at <= $3 and o.closes_at > $3 and o.state <> 'closed' order by o.opens_at desc limit 1) o
   left join reply r on r.school_id = o.school_id and r.occurrence_id = o.id ${heldFrom}`,
)

/** Whose prompt or reminder one of our messages to this student was; null where it was another kind of message, or nobody's. */
export async function occurrenceOfMessage(
  tx: Tx,
  studentId: string,
  message: { platform: PlatformName; tenant: string; messageId: string },
): Promise<OccurrenceRow | null> {
  const [row] = await hot<OccurrenceRow>(
    tx,
    `select ${occurrenceColumns} from delivery d join occurrence o on o.school_id = d.school_id and o.id = d.subject_id and o.student_id = d.person_id
     where d.person_id = $1 and d.kind in ('prompt', 'reminder') and d.platform = $2 and d.tenant = $3 and d.message_id = $4 limit 1`,
    [studentId, message.platform, message.tenant, message.messageId],
  )
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

/** The student's own answer or skip beats whatever the occurrence was before, except that a skip does not undo an answer. */
export async function settleOccurrence(tx: Tx, id: string, as: "answered" | "skipped", now: Date): Promise<void> {
  await hot(
    tx,
    `update occurrence set state = $2, outcome = null, answered_at = case when $2 = 'answered' then $3::timestamptz end
     where id = $1 and ($2 = 'answered' or state = 'open') and state <> $2`,
    [id, as, now],
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
