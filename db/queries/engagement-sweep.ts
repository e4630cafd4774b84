import { sql } from "drizzle-orm"
import { strength } from "../../src/engagement/history.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"

// $1 is the Monday of the week judged.
const letter = `substr(h.weeks, ($1::date - h.start) / 7 + 1, 1)`
const count = (text: string, letters: string): string =>
  `length(translate(${text}, '${strength.replaceAll(new RegExp(`[${letters}]`, "g"), "")}', ''))`

// Almost every history ends with the week that is judged, and is counted by what is kept of it, as db/schema/engagement.ts has it. Histories that go on behind
// the week (a late sweep), or end before it, are counted by their letters in the same pass: a second pass for these few took as long (measured).
const byLetters = (() => {
  const length = `greatest(($1::date - h.start) / 7 + 1, 0)`
  const weeks = `rpad(left(h.weeks, ${length}), ${length}, '-')`
  const engaged = `rtrim(${weeks}, '-omgu.')`
  const known = `case when ${count(weeks, "m")} <= 5 then ${weeks} else regexp_replace(${weeks}, '(?<=m[^as]*m[^as]*m[^as]*m[^as]*m[^as]*)m', '-', 'g') end`
  return {
    since: `case when ${engaged} <> '' then h.start + 7 * (length(${engaged}) - 1) end`,
    misses: count(`substr(${weeks}, length(${engaged}) + 1)`, "m"),
    answered: count(`right(${weeks}, 6)`, "as"),
    chances: count(`right(${known}, 6)`, "asm"),
    netted: count(`right(${weeks}, 6)`, "g"),
    letter,
  }
})()
const kept = { since: "h.since", misses: "h.misses", answered: "h.answered", chances: "h.chances", netted: "h.netted", letter: "right(h.weeks, 1)" }
const upTo = (of: keyof typeof kept): string => `case when h.until = $1::date + 7 then ${kept[of]} else ${byLetters[of]} end`

/**
 * Keeps with each student in which group they are asked, and whether they are: of two groups the one that asked this week, else the newer. Writes what
 * changed only.
 */
export async function keepGroups(tx: Tx, week: string): Promise<void> {
  await hot(
    tx,
    `with own as (
       select m.school_id, m.student_id, m.group_id, m.from_date, p.stopped_at is null and p.consent <> 'none' as asked,
         count(*) over (partition by m.student_id) as groups
       from membership m join plan pl on pl.school_id = m.school_id and pl.group_id = m.group_id
       join person p on p.school_id = m.school_id and p.id = m.student_id and p.status = 'active'
       where m.from_date <= $1::date + 6 and (m.to_date is null or m.to_date >= $1::date)
     ), one as (
       select distinct on (o.student_id) o.student_id, o.group_id, o.asked from own o
       order by o.student_id, (o.groups > 1 and exists (select from occurrence q
         where q.school_id = o.school_id and q.student_id = o.student_id and q.week = $1::date and q.group_id = o.group_id)) desc, o.from_date desc, o.group_id
     ), changed as (
       select h.school_id, h.student_id, n.group_id, coalesce(n.asked, false) as asked from history h left join one n on n.student_id = h.student_id
       where h.group_id is distinct from n.group_id or h.asked <> coalesce(n.asked, false) order by h.student_id
     )
     update history h set group_id = c.group_id, asked = c.asked from changed c where h.school_id = c.school_id and h.student_id = c.student_id`,
    [week],
  )
}

/** Groups with a question of this week that is still open. */
export async function stillOpen(tx: Tx, week: string, now: Date): Promise<string[]> {
  const found = await hot<{ groupId: string }>(
    tx,
    `select distinct group_id as "groupId" from occurrence where state = 'open' and week = $1 and closes_at > $2`,
    [week, now],
  )
  return found.map(({ groupId }) => groupId)
}

/**
 * A group at the end of a week. `answered` of `chances`: in its last six weeks, as `groupRate` counts them, but where the net took some of it out
 * (`netted`); `answeredNow` of `chancesNow`: this week. `neverStarted` are of those who are asked.
 */
export type GroupRow = {
  groupId: string
  siteId: string
  members: number
  asked: number
  neverStarted: number
  answered: number
  chances: number
  netted: boolean
  answeredNow: number
  chancesNow: number
}

/** How the week went at a site, without the groups whose questions are still open. */
export type SiteSum = { siteId: string; answered: number; chances: number }

/** Misses that make no news, as detect.ts has them. */
export type Least = { alone: number; withSignals: number; neverStarted: number; rarely: { misses: number; answers: number; weeks: number } }

/** What makes a group worth a row by its own sums: no larger share of answers than `rated`, or more who never started than this share of those asked. */
export type Worth = { rated: number; neverStarted: number }

// What is kept of six weeks lets nobody out who answered so little of eight chances.
const rarely = (answers: string, weeks: string): string => `(h.answered <= ${answers}::integer and length(h.weeks) >= ${weeks}::integer)`
/** Missed this week, with misses enough, in a silence that was not told of. Whoever has missed nothing, as most, is passed by first. */
const news = `h.misses > 0 and h.misses >= case when h.since is null then $3::integer when ${rarely("$5", "$6")} then $7::integer else $4::integer end and h.asked
  and (h.since is null or h.since <= $1::date) and (h.told is null or h.told < h.since) and ${letter} = 'm'`

/**
 * Every site's week, the groups that can bring anything up, and the students of them who may be news: one pass over one row a student. Groups with an open note
 * are among them.
 */
export async function sumsAt(
  tx: Tx,
  siteIds: readonly string[],
  week: string,
  open: readonly string[],
  least: Least,
  worth: Worth,
): Promise<{ sites: SiteSum[]; groups: GroupRow[]; studentIds: string[] }> {
  const found = await hot<Omit<GroupRow, "groupId"> & { groupId: string | null; news: string | null }>(
    tx,
    `with counted as (
       select h.group_id, count(*)::integer as members, (count(*) filter (where h.asked))::integer as asked,
         (count(*) filter (where h.asked and ${upTo("since")} is null and ${upTo("misses")} >= $3::integer))::integer as never_started,
         sum(${upTo("answered")})::integer as answered, sum(${upTo("chances")})::integer as chances, max(${upTo("netted")}) as netted,
         (count(*) filter (where ${upTo("since")} = $1::date))::integer as answered_now,
         (count(*) filter (where (${upTo("misses")} > 0 or ${upTo("netted")} > 0) and ${upTo("letter")} in ('m', 'g')))::integer as missed_now,
         array_agg(h.student_id) filter (where ${news}) as news
       from history h where h.group_id is not null group by 1
     ), summed as materialized (
       select c.*, c.answered_now + c.missed_now as chances_now, g.site_id from counted c join school_group g on g.id = c.group_id where g.site_id = any($2::uuid[])
     )
     select group_id as "groupId", site_id as "siteId", members, asked, never_started as "neverStarted", answered, chances, netted > 0 as netted,
       answered_now as "answeredNow", chances_now as "chancesNow", array_to_string(news, ' ') as news
     from summed where news is not null or netted > 0 or answered <= $9::float8 * chances or never_started > $10::float8 * asked or group_id in (
       select h.group_id from alert a join history h on h.school_id = a.school_id and h.student_id = a.subject_id where a.state <> 'closed')
     union all
     select null, site_id, 0, 0, 0, 0, 0, false, sum(answered_now)::integer, sum(chances_now)::integer, null
     from summed where not group_id = any($8::uuid[]) group by 2`,
    [
      ...[week, [...siteIds], least.neverStarted, least.withSignals, least.rarely.answers, least.rarely.weeks, least.rarely.misses],
      ...[[...open], worth.rated, worth.neverStarted],
    ],
  )
  const sites: SiteSum[] = []
  const groups: GroupRow[] = []
  const studentIds: string[] = []
  for (const { groupId, news: ids, ...row } of found) {
    if (groupId === null) sites.push({ siteId: row.siteId, answered: row.answeredNow, chances: row.chancesNow })
    else groups.push({ groupId, ...row })
    if (ids !== null) studentIds.push(...ids.split(" "))
  }
  return { sites, groups, studentIds }
}

/** All histories of these groups, for what their sums do not say. */
export async function historiesOf(tx: Tx, groupIds: readonly string[]): Promise<{ groupId: string; start: string; weeks: string }[]> {
  return hot(
    tx,
    `select h.group_id as "groupId", h.start, h.weeks from history h join unnest($1::uuid[]) q(id) on q.id = h.group_id order by h.group_id`,
    [[...groupIds]],
  )
}

export type SiteWeek = { siteId: string; week: string; answered: number; chances: number }

/** How these weeks closed at these sites, oldest first. */
export async function siteWeeks(tx: Tx, siteIds: readonly string[], weeks: readonly string[]): Promise<SiteWeek[]> {
  return hot(
    tx,
    `select site_id as "siteId", week, answered, chances from site_week where site_id = any($1::uuid[]) and week = any($2::date[]) order by week`,
    [[...siteIds], [...weeks]],
  )
}

/** Counts weeks that were never kept (imported, or before this was) from the letters. */
export async function countSiteWeeks(tx: Tx, siteIds: readonly string[], weeks: readonly string[]): Promise<void> {
  await hot(
    tx,
    `insert into site_week (school_id, site_id, week, answered, chances)
     select si.school_id, si.id, w.week, count(*) filter (where x.letter in ('a', 's')), count(*) filter (where x.letter in ('a', 's', 'm', 'g'))
     from site si cross join unnest($2::date[]) w(week)
     left join school_group g on g.school_id = si.school_id and g.site_id = si.id left join history h on h.school_id = g.school_id and h.group_id = g.id
     left join lateral (select substr(h.weeks, (w.week - h.start) / 7 + 1, 1) as letter) x on true
     where si.id = any($1::uuid[]) group by 1, 2, 3 on conflict do nothing`,
    [[...siteIds], [...weeks]],
  )
}

export async function keepSiteWeeks(tx: Tx, schoolId: string, weeks: readonly SiteWeek[]): Promise<void> {
  const given = weeks.map(({ siteId, week, answered, chances }) => ({ site_id: siteId, week, answered, chances }))
  await rows(
    tx,
    sql`insert into site_week (school_id, site_id, week, answered, chances)
        select ${schoolId}::uuid, site_id, week, answered, chances
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(site_id uuid, week date, answered integer, chances integer) order by site_id, week
        on conflict (school_id, site_id, week) do update set answered = excluded.answered, chances = excluded.chances`,
  )
}

/** The net took this week out at a site: its misses of the groups that have closed are no longer counted. */
export async function takeOut(tx: Tx, siteId: string, week: string, open: readonly string[]): Promise<void> {
  await hot(
    tx,
    `update history h set weeks = overlay(h.weeks placing 'g' from ($1::date - h.start) / 7 + 1 for 1) from school_group g
     where g.school_id = h.school_id and g.id = h.group_id and g.site_id = $2 and ${letter} = 'm' and not h.group_id = any($3::uuid[])`,
    [week, siteId, [...open]],
  )
}

export type LastOpened = { state: "open" | "snoozed" | "closed"; week: string; closedWeek: string | null; since: string | null }

/** A student whom this week may bring up, or about whom a note is open. `last`: what was opened last about this kind of silence (none yet, or begun). */
export type QuietRow = {
  studentId: string
  groupId: string
  asked: boolean
  start: string
  weeks: string
  lastAnsweredOn: string | null
  lastSkippedOn: string | null
  last: LastOpened | null
}

/**
 * Of these students, those whom their own misses or a second source bring up and no open note names yet; and everybody of these sites with an open note. All
 * others are no news, whatever is judged of them.
 */
export async function quietAt(tx: Tx, siteIds: readonly string[], week: string, least: Least, studentIds: readonly string[]): Promise<QuietRow[]> {
  return hot(
    tx,
    `with news as materialized (
       select h.school_id, h.student_id, h.group_id, h.asked, h.start, h.weeks, h.since, h.last_answered_at
       from history h where h.student_id = any($6::uuid[]) and (h.since is null or h.misses >= $3::integer or ${rarely("$4", "$5")} or exists (select from signal s
         where s.school_id = h.school_id and s.student_id = h.student_id and s.week <= $1::date and s.done * 2 < s.due))
     ), found as (
       select n.*, l.state, l.week, l.closed_at, l.told_since from news n left join lateral (
         select a.state, a.week, a.closed_at, a.facts ->> 'since' as told_since from alert a
         where a.school_id = n.school_id and a.subject_id = n.student_id and a.kind = ${kindOf("n")} order by a.opened_at desc, a.id limit 1
       ) l on true where l.state is null or l.state = 'closed'
       union all
       select h.school_id, h.student_id, h.group_id, h.asked, h.start, h.weeks, h.since, h.last_answered_at, a.state, a.week, null, a.facts ->> 'since'
       from alert a join history h on h.school_id = a.school_id and h.student_id = a.subject_id
       where a.state <> 'closed' and a.kind = ${kindOf("h")} and (h.since is null or h.since <= $1::date)
     )
     select f.student_id as "studentId", f.group_id as "groupId", f.asked, f.start, f.weeks,
       to_char(f.last_answered_at at time zone si.zone, 'YYYY-MM-DD') as "lastAnsweredOn",
       case when substr(f.weeks, (f.since - f.start) / 7 + 1, 1) = 's' then (select to_char(s.local_date, 'YYYY-MM-DD') from occurrence s
         where s.school_id = f.school_id and s.student_id = f.student_id and s.week = f.since and s.state = 'skipped') end as "lastSkippedOn",
       case when f.state is not null then jsonb_build_object('state', f.state, 'week', f.week,
         'closedWeek', date_trunc('week', f.closed_at at time zone si.zone)::date, 'since', f.told_since) end as last
     from found f join school_group g on g.id = f.group_id join site si on si.id = g.site_id where si.id = any($2::uuid[])`,
    [week, [...siteIds], least.alone, least.rarely.answers, least.rarely.weeks, [...studentIds]],
  )
}

const kindOf = (from: string): string => `case when ${from}.since is null then 'never_started' else 'silence' end`

/** Keeps which silence of these students is told now. */
export async function keepTold(tx: Tx, schoolId: string, studentIds: readonly string[]): Promise<void> {
  await hot(tx, `update history set told = coalesce(since, start - 7) where school_id = $1 and student_id = any($2::uuid[])`, [
    schoolId,
    [...studentIds],
  ])
}

/** Groups that a notice is open about. */
export async function openNotices(tx: Tx): Promise<string[]> {
  const found = await hot<{ groupId: string }>(
    tx,
    `select distinct subject_id as "groupId" from alert where state <> 'closed' and kind in ('group_dip', 'group_never_started', 'prompts_not_working')`,
  )
  return found.map(({ groupId }) => groupId)
}

/** More memory, and no plans made for other numbers, until this transaction ends: the sweep reads whole schools, from what lies in memory. */
export async function roomToCount(tx: Hot): Promise<void> {
  await hot(
    tx,
    `select set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'force_custom_plan', true), set_config('random_page_cost', '1.1', true)`,
  )
}
