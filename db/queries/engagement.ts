import { sql } from "drizzle-orm"
import { strength } from "../../src/engagement/history.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"

// `mark` of src/engagement/history.ts in SQL, for `insert ... on conflict`: the new row is one week and its mark, the kept one is `history`.
const index = `((excluded.start - history.start) / 7)`
const padded = `rpad(history.weeks, greatest(length(history.weeks), ${index} + 1), '-')`
const keepStronger = `on conflict (school_id, student_id) do update set
  start = least(history.start, excluded.start),
  weeks = case
    when ${index} < 0 then excluded.weeks || repeat('-', -${index} - 1) || history.weeks
    when strpos('${strength}', substr(${padded}, ${index} + 1, 1)) >= strpos('${strength}', excluded.weeks) then history.weeks
    else overlay(${padded} placing excluded.weeks from ${index} + 1 for 1) end,
  last_answered_at = greatest(history.last_answered_at, excluded.last_answered_at)`

/** Marks one week of one student; the stronger mark stays. `answeredAt` null: a skip. */
export async function markWeek(
  tx: Hot,
  one: { schoolId: string; studentId: string; week: string; as: "a" | "s"; answeredAt: Date | null },
): Promise<void> {
  await hot(tx, marking, [one.schoolId, one.studentId, one.week, one.as, one.answeredAt])
}

const intoHistory = `insert into history (school_id, student_id, start, weeks, last_answered_at)`
const marking: Each = {
  one: `${intoHistory} values ($1, $2, $3, $4, $5) ${keepStronger}`,
  many: `${intoHistory} select p1, p2, p3, p4, p5 from ${askedOf(["uuid", "uuid", "date", "text", "timestamptz"])} order by p2 ${keepStronger}`,
}

/** When questions of one week closed at one site. */
export type Closing = { week: string; siteId: string; closesAt: Date }

/**
 * What is due to close, oldest week first, its rows locked for this sweep. A row that a student is writing to at this moment is left for
 * the next sweep, so that neither waits for the other.
 */
export async function closings(tx: Tx, now: Date): Promise<Closing[]> {
  return rows(
    tx,
    sql`with due as (
          select o.school_id, o.week, o.group_id, o.closes_at from occurrence o where o.state = 'open' and o.closes_at <= ${now} for update skip locked
        )
        select distinct d.week, g.site_id as "siteId", d.closes_at as "closesAt" from due d
        join school_group g on g.school_id = d.school_id and g.id = d.group_id order by 1, 2, 3`,
  )
}

/** `closeDate`: the closing day at the site. `fairUntil`: sent later than that, it was no chance; null: for nobody. */
export type FairClosing = Closing & { closeDate: string; fairUntil: Date | null }

/**
 * Closes one week's due questions in one statement: what each came to goes to the question and to the student's history. A miss needs a prompt
 * that was sent in time to an account that still works, and a student who is asked at all; it is ours while nobody had read the answer before it.
 * Returns the groups that had a question closed.
 */
export async function closeWeek(tx: Tx, week: string, fair: readonly FairClosing[], now: Date): Promise<string[]> {
  const given = fair.map((one) => ({
    site_id: one.siteId,
    closes_at: one.closesAt.toISOString(),
    close_date: one.closeDate,
    fair_until: one.fairUntil?.toISOString() ?? null,
  }))
  const found = await rows<{ groupId: string }>(
    tx,
    sql`with due as (
          select o.school_id, o.id, o.student_id, o.group_id, o.week, o.closes_at, c.close_date, c.fair_until
          from occurrence o join school_group g on g.school_id = o.school_id and g.id = o.group_id
          join jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as c(site_id uuid, closes_at timestamptz, close_date date, fair_until timestamptz)
            on c.site_id = g.site_id and c.closes_at = o.closes_at
          where o.state = 'open' and o.week = ${week} and o.closes_at <= ${now} for update of o skip locked
        ), judged as (
          select d.*, case
            when p.status <> 'active' or p.consent = 'none' or p.stopped_at is not null or p.paused_until > d.close_date then '.'
            when v.state is distinct from 'sent' or d.fair_until is null or v.settled_at > d.fair_until or a.trouble is not null or (v.platform is not null and a.user_id is null) then '.'
            when r.unread then 'u' else 'm' end as mark
          from due d join person p on p.school_id = d.school_id and p.id = d.student_id
          left join delivery v on v.school_id = d.school_id and v.dedupe_key = 'prompt:' || d.id
          left join address a on a.school_id = v.school_id and a.platform = v.platform and a.tenant = v.tenant and a.user_id = v.user_id
          left join lateral (
            select g.reply_id is not null and (g.read_at is null or g.read_at > d.closes_at) as unread
            from reply r left join reading g on g.school_id = r.school_id and g.reply_id = r.id
            where r.school_id = d.school_id and r.student_id = d.student_id and r.created_at < d.closes_at order by r.created_at desc, r.id limit 1
          ) r on true
        ), closed as (
          update occurrence o set state = 'closed', outcome = case j.mark when 'm' then 'missed' when 'u' then 'ours' else 'no_chance' end
          from judged j where o.school_id = j.school_id and o.id = j.id
        ), marked as (
          insert into history (school_id, student_id, start, weeks) select school_id, student_id, week, mark from judged order by student_id ${sql.raw(keepStronger)}
        )
        select distinct group_id as "groupId" from judged order by 1`,
  )
  return found.map((row) => row.groupId)
}

/** When the next question closes; null where none is open. */
export async function nextCloseAt(tx: Tx): Promise<Date | null> {
  const [row] = await hot<{ at: Date | null }>(tx, `select min(closes_at) as at from occurrence where state = 'open'`)
  return row?.at ?? null
}
