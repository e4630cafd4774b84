import type { Lens } from "../../src/words/prompts.ts"
import { type Hot, hot, type Tx } from "../client.ts"
import { askedOf, type Each, eachAsks } from "../each.ts"

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

/** A reply beside the latest version of one of its parts; `version` is 0 where it has no such part. `waits`: it is on a list, and unread. */
export type Held = { id: string; version: number; sealed: Uint8Array | null; waits: boolean }

/** The latest version of the part named by `$2` of the reply `r`, and the reply's place on a list. */
export const heldFrom = `left join lateral (select version, words from reply_part p where p.reply_id = r.id and p.part = $2 order by version desc limit 1) p on true
  left join reading g on g.school_id = r.school_id and g.reply_id = r.id`
export const heldColumns = `coalesce(p.version, 0) as version, p.words as sealed, g.reply_id is not null and g.read_at is null as waits`

/** The occurrence's reply, as far as it goes. */
export async function heldTo(tx: Tx, occurrenceId: string, part: string): Promise<Held | null> {
  const [row] = await hot<Held>(tx, `select r.id, ${heldColumns} from reply r ${heldFrom} where r.occurrence_id = $1`, [occurrenceId, part])
  return row ?? null
}

/** What the student wrote without a question since `since` and nobody has read yet: a further message joins it. */
export async function heldLoose(tx: Tx, studentId: string, part: string, since: Date): Promise<Held | null> {
  const [row] = await hot<Held>(tx, loose, [studentId, part, since])
  return row ?? null
}

const loose = eachAsks(
  ["uuid", "text", "timestamptz"],
  `select r.id, ${heldColumns} from reply r ${heldFrom}
   where r.student_id = $1 and r.occurrence_id is null and r.created_at >= $3 and g.read_at is null order by r.created_at desc limit 1`,
)

export type ReplyChange = { promptId: string | null; lens: Lens | null; mood: number | null; wants: string | null; now: Date }

/** `part` null: no words are written. An occurrence that has another reply already is an error: call it with the student locked. */
export type ReplyWrite = ReplyChange & {
  schoolId: string
  id: string
  studentId: string
  occurrenceId: string | null
  part: { name: string; version: number; sealed: Uint8Array | null } | null
  /** Nothing but its words and its time is new: the reply is there, and its question answered. */
  further?: boolean
}

/**
 * A reply, its words and what becomes of its question, in one statement. What is null stays as it is: a typed message says nothing of mood,
 * and a question once answered keeps its name. The student's own answer beats whatever the question was before.
 */
export async function writeReply(tx: Hot, reply: ReplyWrite): Promise<void> {
  const { part } = reply
  if (reply.further && part) return hot(tx, further, [reply.schoolId, reply.id, part.name, part.version, part.sealed, reply.now]).then(() => {})
  await hot(tx, write, [
    ...[reply.schoolId, reply.id, reply.studentId, reply.occurrenceId, reply.promptId, reply.lens, reply.mood, reply.wants, reply.now],
    ...[part?.name ?? null, part?.version ?? null, part?.sealed ?? null],
  ])
}

const intoPart = `insert into reply_part (school_id, reply_id, part, version, words, at)`
const intoReply = `insert into reply (school_id, id, student_id, occurrence_id, prompt_id, lens, mood, wants, created_at, changed_at)`
const onlyNew = `on conflict (school_id, id) do update set lens = case when reply.prompt_id is null then coalesce(excluded.lens, reply.lens) else reply.lens end,
  prompt_id = coalesce(reply.prompt_id, excluded.prompt_id), mood = coalesce(excluded.mood, reply.mood),
  wants = coalesce(excluded.wants, reply.wants), changed_at = excluded.changed_at`
const write: Each = {
  one: `with words as (
      ${intoPart} select $1::uuid, $2::uuid, $10::text, $11::int, $12::bytea, $9::timestamptz where $10::text is not null
    ), question as (
      update occurrence set state = 'answered', outcome = null, answered_at = $9::timestamptz where id = $4::uuid and state <> 'answered'
    )
    ${intoReply} values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ${onlyNew}`,
  many: `with asked as (
      select * from ${askedOf(["uuid", "uuid", "uuid", "uuid", "text", "text", "smallint", "text", "timestamptz", "text", "int", "bytea"])}
    ), words as (
      ${intoPart} select p1, p2, p10, p11, p12, p9 from asked where p10 is not null
    ), question as (
      update occurrence o set state = 'answered', outcome = null, answered_at = p9 from asked where o.school_id = p1 and o.id = p4 and o.state <> 'answered'
    )
    ${intoReply} select p1, p2, p3, p4, p5, p6, p7, p8, p9, p9 from asked order by p2 ${onlyNew}`,
}
const further: Each = {
  one: `with words as (${intoPart} values ($1, $2, $3, $4, $5, $6)) update reply set changed_at = $6 where school_id = $1 and id = $2`,
  many: `with asked as (select * from ${askedOf(["uuid", "uuid", "text", "int", "bytea", "timestamptz"])}), words as (${intoPart} select p1, p2, p3, p4, p5, p6 from asked)
    update reply r set changed_at = p6 from asked where r.school_id = p1 and r.id = p2`,
}

/** What is null stays as it is. */
export async function changeReply(tx: Tx, id: string, to: ReplyChange): Promise<void> {
  await hot(
    tx,
    `update reply set lens = case when prompt_id is null then coalesce($3, lens) else lens end, prompt_id = coalesce(prompt_id, $2),
       mood = coalesce($4, mood), wants = coalesce($5, wants), changed_at = $6 where id = $1`,
    [id, to.promptId, to.lens, to.mood, to.wants, to.now],
  )
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
