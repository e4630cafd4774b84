import { sql } from "drizzle-orm"
import { hot, rows, type Tx } from "../client.ts"
import { type Words, WordsUnreadable } from "../words.ts"

/** What a part of a reply is sealed as, with its version. */
export const rowOfPart = (replyId: string, part: string): string => `${replyId}:${part}`

/** One part of a reply in its latest version. `words` is null where the student took it back, or where nobody can open it any more (`unreadable`). */
export type ReplyPart = { replyId: string; part: string; version: number; at: Date; changedAt: Date; words: string | null; unreadable: boolean }

/** The words of replies as they stand now, a list of parts each, in the order they were written. Whether the asker may read them was asked before. */
export async function replyWords(tx: Tx, words: Words, schoolId: string, replyIds: readonly string[]): Promise<Map<string, ReplyPart[]>> {
  const found = new Map<string, ReplyPart[]>(replyIds.map((id) => [id, []]))
  if (replyIds.length === 0) return found
  const parts = await rows<Omit<ReplyPart, "words" | "unreadable"> & { sealed: Uint8Array | null }>(
    tx,
    sql`select * from (
          select distinct on (reply_id, part) reply_id as "replyId", part, version, words as sealed, at as "changedAt",
            min(at) over (partition by reply_id, part) as at
          from reply_part where reply_id = any(${sql.param([...replyIds])}::uuid[]) order by reply_id, part, version desc
        ) latest order by at, part`,
  )
  for (const { sealed, ...part } of parts) found.get(part.replyId)?.push({ ...part, ...opened(words, schoolId, part, sealed) })
  return found
}

function opened(
  words: Words,
  schoolId: string,
  part: { replyId: string; part: string; version: number },
  sealed: Uint8Array | null,
): { words: string | null; unreadable: boolean } {
  if (sealed === null) return { words: null, unreadable: false }
  try {
    return { words: words.open(schoolId, rowOfPart(part.replyId, part.part), part.version, sealed), unreadable: false }
  } catch (error) {
    if (!(error instanceof WordsUnreadable)) throw error
    return { words: null, unreadable: true }
  }
}

type PartAt = { schoolId: string; replyId: string; part: string }
/** The latest version of a part: 0 where there is none yet. */
type Last = { version: number; sealed: Uint8Array | null }

/** Writes the next version of a part: null takes it back. False where it already says this. Call it with the student locked. */
export async function writePart(tx: Tx, words: Words, at: PartAt & { now: Date }, said: string | null): Promise<boolean> {
  const [last] = await hot<Last>(
    tx,
    `select version, words as sealed from reply_part where reply_id = $1 and part = $2 order by version desc limit 1`,
    [at.replyId, at.part],
  )
  const next = nextVersion(words, at, last ?? { version: 0, sealed: null }, said)
  if (next === null) return false
  const { schoolId, replyId, part, now } = at
  await hot(tx, `insert into reply_part (school_id, reply_id, part, version, words, at) values ($1, $2, $3, $4, $5, $6)`, [
    ...[schoolId, replyId, part, next.version, next.sealed, now],
  ])
  return true
}

/** What would be written after `last`; null where it already says this. */
export function nextVersion(words: Words, { schoolId, replyId, part }: PartAt, last: Last, said: string | null): Last | null {
  const held = last.version > 0 ? opened(words, schoolId, { replyId, part, version: last.version }, last.sealed) : null
  if (held && !held.unreadable && held.words === said) return null
  const version = last.version + 1
  return { version, sealed: said === null ? null : words.seal(schoolId, rowOfPart(replyId, part), version, said) }
}
