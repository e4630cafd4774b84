import type { Lens } from "../../src/words/prompts.ts"
import { hot, type Tx } from "../client.ts"

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

/** A reply beside the latest version of one of its parts; `version` is 0 where it has no such part. */
export type Held = ReplyRow & { version: number; sealed: Uint8Array | null }

const lastVersion = `left join lateral (select version, words from reply_part p where p.reply_id = r.id and p.part = $2 order by version desc limit 1) p on true`

/** The occurrence's reply, as far as it goes. */
export async function heldTo(tx: Tx, occurrenceId: string, part: string): Promise<Held | null> {
  const [row] = await hot<Held>(
    tx,
    `select ${replyColumns}, coalesce(p.version, 0) as version, p.words as sealed from reply r ${lastVersion} where r.occurrence_id = $1`,
    [occurrenceId, part],
  )
  return row ?? null
}

/** What the student wrote without a question since `since` and nobody has read yet: a further message joins it. */
export async function heldLoose(tx: Tx, studentId: string, part: string, since: Date): Promise<Held | null> {
  const [row] = await hot<Held>(
    tx,
    `select ${replyColumns}, coalesce(p.version, 0) as version, p.words as sealed from reply r ${lastVersion}
     left join reading g on g.school_id = r.school_id and g.reply_id = r.id
     where r.student_id = $1 and r.occurrence_id is null and r.created_at >= $3 and g.read_at is null order by r.created_at desc limit 1`,
    [studentId, part, since],
  )
  return row ?? null
}

/** False where this occurrence has its reply already: one, however many events bring it. */
export async function insertReply(
  tx: Tx,
  reply: { schoolId: string; id: string; studentId: string; occurrenceId: string | null } & ReplyChange,
): Promise<boolean> {
  const found = await hot(
    tx,
    `insert into reply (school_id, id, student_id, occurrence_id, prompt_id, lens, mood, wants, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict do nothing returning id`,
    [reply.schoolId, reply.id, reply.studentId, reply.occurrenceId, reply.promptId, reply.lens, reply.mood, reply.wants, reply.now],
  )
  return found.length === 1
}

export type ReplyChange = { promptId: string | null; lens: Lens | null; mood: number | null; wants: string | null; now: Date }

/** What is null stays as it is: a typed message says nothing of mood, and a question once answered keeps its name. */
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
