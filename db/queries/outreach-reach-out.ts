import { sql } from "drizzle-orm"
import { hot, rows, type Tx } from "../client.ts"
import type { SiteStep } from "./outreach-reading.ts"

export type ReachOutRow = {
  id: string
  studentId: string
  studentName: string
  asked: "mentor" | "someone"
  toId: string | null
  ownerId: string | null
  ownerName: string | null
  stage: "owner" | "counsellors"
  state: "open" | "answered" | "withdrawn"
  createdAt: Date
  dueAt: Date
  answeredBy: string | null
}

const columns = `o.id, o.student_id as "studentId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as "studentName", o.asked,
  o.to_id as "toId", o.owner_id as "ownerId", coalesce(w.preferred_name, w.given_name) || ' ' || w.family_name as "ownerName",
  o.stage, o.state, o.created_at as "createdAt", o.due_at as "dueAt", o.answered_by as "answeredBy"`
const from = `reach_out o join person p on p.school_id = o.school_id and p.id = o.student_id
  left join person w on w.school_id = o.school_id and w.id = o.owner_id`

export async function reachOutById(tx: Tx, id: string): Promise<ReachOutRow | null> {
  const [row] = await hot<ReachOutRow>(tx, `select ${columns} from ${from} where o.id::text = $1`, [id])
  return row ?? null
}

/** The wish that was not withdrawn. */
export async function reachOutOfReply(tx: Tx, replyId: string): Promise<ReachOutRow | null> {
  const [row] = await hot<ReachOutRow>(tx, `select ${columns} from ${from} where o.reply_id = $1 and o.state <> 'withdrawn'`, [replyId])
  return row ?? null
}

export type NewReachOut = {
  schoolId: string
  id: string
  studentId: string
  replyId: string | null
  asked: "mentor" | "someone"
  toId: string | null
  ownerId: string | null
  createdAt: Date
  dueAt: Date
}

/** False where this reply has asked before. */
export async function insertReachOut(tx: Tx, one: NewReachOut): Promise<boolean> {
  const found = await hot(
    tx,
    `insert into reach_out (school_id, id, student_id, reply_id, asked, to_id, owner_id, stage, asks, created_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, case $8 when 'owner' then 0 else 1 end, $9, $10) on conflict do nothing returning id`,
    [one.schoolId, one.id, one.studentId, one.replyId, one.asked, one.toId, one.ownerId, stageOf(one.ownerId), one.createdAt, one.dueAt],
  )
  return found.length === 1
}

const stageOf = (ownerId: string | null): "owner" | "counsellors" => (ownerId === null ? "counsellors" : "owner")

/** The student thought again about whom to ask. */
export async function askAnother(
  tx: Tx,
  id: string,
  to: { asked: "mentor" | "someone"; toId: string | null; ownerId: string | null; dueAt: Date },
): Promise<void> {
  await hot(
    tx,
    `update reach_out set asked = $2, to_id = $3, owner_id = $4, stage = $5, asks = case $5 when 'owner' then 0 else 1 end, due_at = $6 where id = $1 and state = 'open'`,
    [id, to.asked, to.toId, to.ownerId, stageOf(to.ownerId), to.dueAt],
  )
}

/** Whose it is; `dueAt`: by when they are to have talked. Call it with the row locked. */
export async function takeReachOut(tx: Tx, id: string, adultId: string, dueAt: Date): Promise<void> {
  await hot(tx, `update reach_out set owner_id = $2, stage = 'owner', due_at = $3 where id = $1 and state = 'open'`, [id, adultId, dueAt])
}

export async function lockReachOut(tx: Tx, id: string): Promise<void> {
  await hot(tx, `select id from reach_out where id::text = $1 for update`, [id])
}

/** Whether a message was ever owed under this key. */
export async function wasOwed(tx: Tx, dedupeKey: string): Promise<boolean> {
  return (await hot(tx, `select id from delivery where dedupe_key = $1`, [dedupeKey])).length === 1
}

/** True for the first one who says that they talked. */
export async function closeReachOut(tx: Tx, id: string, adultId: string, at: Date): Promise<boolean> {
  const found = await hot(
    tx,
    `update reach_out set state = 'answered', answered_by = $2, answered_at = $3, owner_id = coalesce(owner_id, $2) where id = $1 and state = 'open' returning id`,
    [id, adultId, at],
  )
  return found.length === 1
}

/** Open ones that are this adult's, and, for a counsellor, those on the counsellor list. Oldest first. */
export async function openReachOutsFor(tx: Tx, adultId: string, counsellor: boolean): Promise<ReachOutRow[]> {
  return hot(
    tx,
    `select ${columns} from ${from} where o.state = 'open' and (o.owner_id = $1 or ($2 and o.stage = 'counsellors')) order by o.created_at, o.id`,
    [adultId, counsellor],
  )
}

export async function openReachOutsOf(tx: Tx, studentId: string): Promise<ReachOutRow[]> {
  return hot(tx, `select ${columns} from ${from} where o.state = 'open' and o.student_id = $1 order by o.created_at, o.id`, [studentId])
}

/** Whom an overdue wish goes to next. `asks`: how often the counsellor list has been asked by now; 3: the principals are told as well. */
export type PassedOn = { id: string; studentId: string; ownerId: string | null; from: "owner" | "counsellors"; asks: number; wasDueAt: Date }

/**
 * Open wishes that nobody has answered in time go to the counsellor list (`keep`: there is none, so they stay with their adult), are asked
 * about there once more, and then go to the principals; after that they have no further date. Taken and forgotten, they come back once.
 */
export async function passReachOutsOn(tx: Tx, steps: readonly SiteStep[], keep: boolean, lasts: Date, now: Date): Promise<PassedOn[]> {
  return rows(
    tx,
    sql`with late as (
          select o.school_id, o.id, o.stage as was, o.due_at as was_due, s.due_at as next_due, case when o.asks >= 3 then 3
              when o.stage = 'counsellors' or ${keep} then o.asks + 1 else least(o.asks + 1, 2) end as asks
          from reach_out o join person p on p.school_id = o.school_id and p.id = o.student_id
          join jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as s(site_id uuid, due_at timestamptz) on s.site_id = p.site_id
          where o.state = 'open' and o.due_at <= ${now} for update of o skip locked
        )
        update reach_out o set asks = late.asks, due_at = case when late.asks >= 3 then ${lasts}::timestamptz else late.next_due end,
          stage = case when ${keep} then o.stage else 'counsellors' end, owner_id = case when ${keep} then o.owner_id end
        from late where o.school_id = late.school_id and o.id = late.id and o.state = 'open'
        returning o.id, o.student_id as "studentId", o.owner_id as "ownerId", late.was as "from", o.asks, late.was_due as "wasDueAt"`,
  )
}

/** Null where nothing falls due before `lasts`. */
export async function nextReachOutDue(tx: Tx, lasts: Date): Promise<Date | null> {
  const [row] = await hot<{ at: Date | null }>(tx, `select min(due_at) as at from reach_out where state = 'open' and due_at < $1`, [lasts])
  return row?.at ?? null
}

/** True where it was open until now. */
export async function withdrawReachOut(tx: Tx, id: string): Promise<boolean> {
  return (await hot(tx, `update reach_out set state = 'withdrawn' where id = $1 and state = 'open' returning id`, [id])).length === 1
}

/** Whether this adult may know of a wish: a message about it has gone out to them, or they have it, or had it. */
export async function heardOf(tx: Tx, id: string, adultId: string): Promise<boolean> {
  const found = await hot(
    tx,
    `select id from delivery where subject_id = $1 and ((kind = 'reach_out' and person_id = $2 and state in ('sending', 'sent', 'unknown'))
       or dedupe_key = 'reach_out_news:' || $1::text || ':taken:' || $2::text) limit 1`,
    [id, adultId],
  )
  return found.length === 1
}
