import { sql } from "drizzle-orm"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { known } from "../known.ts"

export type TermRow = { id: string; title: string; starts: string; ends: string }

/** The school's terms, past and to come. */
export const termRows = (tx: Tx): Promise<TermRow[]> =>
  known(tx, "terms", () =>
    rows<TermRow>(
      tx,
      sql`select id, title, to_char(starts, 'YYYY-MM-DD') as starts, to_char(ends, 'YYYY-MM-DD') as ends from term order by starts, id`,
    ),
  )

/**
 * Asks a student once a term: true for whoever asks first. Not before their third answered question, this one with it, and not while words of
 * danger are open or were heard since `calmSince`.
 */
export async function askBelief(tx: Hot, one: { occurrenceId: string; termId: string; now: Date; calmSince: Date }): Promise<boolean> {
  const found = await hot(
    tx,
    `insert into belief (school_id, student_id, term_id, group_id, asked_at, until)
     select o.school_id, o.student_id, $2::uuid, o.group_id, $3::timestamptz, o.closes_at from occurrence o
     where o.id = $1::uuid
       and (select count(*) from occurrence e where e.school_id = o.school_id and e.student_id = o.student_id and e.state = 'answered' and e.id <> o.id) >= 2
       and not exists (select from safety_event e where e.school_id = o.school_id and e.student_id = o.student_id
         and (e.state = 'open' or e.opened_at >= $4::timestamptz))
     on conflict (school_id, student_id, term_id) do nothing returning term_id`,
    [one.occurrenceId, one.termId, one.now, one.calmSince],
  )
  return found.length === 1
}

export type BeliefAnswer = "yes" | "unsure" | "no" | "skip"

/** Keeps what a student said, or now says instead; returns until when they may change it. Null: they were not asked, or it is over. */
export async function keepBelief(tx: Tx, studentId: string, termId: string, answer: BeliefAnswer, now: Date): Promise<Date | null> {
  const [row] = await hot<{ until: Date }>(
    tx,
    `update belief set answer = $3, at = $4 where student_id = $1 and term_id::text = $2 and until > $4 returning until`,
    [studentId, termId, answer, now],
  )
  return row?.until ?? null
}

/** The terms in which students of a site were asked; `until`: nobody can say anything else after. */
export async function askedTerms(tx: Tx, siteId: string): Promise<{ termId: string; until: Date }[]> {
  return hot(
    tx,
    `select b.term_id as "termId", max(b.until) as until from belief b
     join school_group g on g.school_id = b.school_id and g.id = b.group_id where g.site_id = $1 group by b.term_id`,
    [siteId],
  )
}

/** When the last question of these weeks closes at a site; null where none is open any more, nor to come. */
export async function openUntil(tx: Tx, at: { siteId: string; first: string; last: string; now: Date }): Promise<Date | null> {
  const [row] = await hot<{ until: Date | null }>(
    tx,
    `select max(o.closes_at) as until from person s
     join occurrence o on o.school_id = s.school_id and o.student_id = s.id and o.week between $2::date and $3::date and o.closes_at > $4::timestamptz
     where s.site_id = $1 and s.role = 'student'`,
    [at.siteId, at.first, at.last, at.now],
  )
  return row?.until ?? null
}

/** What one term's answers of a site came to, by the group they were asked in. Never shown as it is: `shownParts` decides what may be. */
export async function beliefParts(tx: Tx, siteId: string, termId: string): Promise<{ name: string; of: number; yes: number }[]> {
  return hot(
    tx,
    `select g.title as name, count(*)::int as of, count(*) filter (where b.answer = 'yes')::int as yes
     from belief b join school_group g on g.school_id = b.school_id and g.id = b.group_id
     where b.term_id = $2 and g.site_id = $1 and b.answer in ('yes', 'unsure', 'no') group by g.id, g.title`,
    [siteId, termId],
  )
}
