import { sql } from "drizzle-orm"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import type { Lens } from "../../src/words/prompt-kinds.ts"
import { hot, rows, type Tx } from "../client.ts"
import { addressOf } from "./delivery-owe.ts"
import { greeted } from "./engagement-alerts.ts"

/** A site whose brief is due: the local day it belongs to and when that ends, its week, and until when it is worth sending. */
export type SiteBrief = { siteId: string; day: string; week: string; dueAt: Date; dayEndsAt: Date; expiresAt: Date }

/** Three people a brief, alerts among them. */
export const namesMost = 3

/**
 * Who answers for which student on a site's day `g.day`, adults away replaced by their covers: needs `given g`. `tied` are the adults whose
 * tie it is, the same one unless covered for.
 */
const caring = sql`
  select k.school_id, k.adult_id, k.student_id, array_agg(distinct k.tied_id) || k.adult_id as tied, bool_or(k.lead) as lead, min(k.from_date) as from_date,
    k.site_id, k.day, k.week from (
    select t.school_id, ad.id as adult_id, t.student_id, t.adult_id as tied_id, t.lead, t.from_date, g.site_id, g.day, g.week
    from given g join person ad on ad.site_id = g.site_id and ad.role = 'staff' and ad.status = 'active'
    join tie t on t.school_id = ad.school_id and t.adult_id = ad.id and t.kind = 'advisor' and t.from_date <= g.day and (t.to_date is null or t.to_date >= g.day)
    where not exists (select from away w where w.school_id = t.school_id and w.adult_id = t.adult_id and g.day between w.from_date and w.until_date)
    union all
    select t.school_id, ad.id, t.student_id, t.adult_id, t.lead, t.from_date, g.site_id, g.day, g.week
    from given g join person ad on ad.site_id = g.site_id and ad.role = 'staff' and ad.status = 'active'
    join away w on w.school_id = ad.school_id and w.cover_id = ad.id and g.day between w.from_date and w.until_date
    join tie t on t.school_id = w.school_id and t.adult_id = w.adult_id and t.kind = 'advisor' and t.from_date <= g.day and (t.to_date is null or t.to_date >= g.day)
  ) k join person s on s.school_id = k.school_id and s.id = k.student_id and s.status = 'active'
  group by k.school_id, k.adult_id, k.student_id, k.site_id, k.day, k.week`

/** Something lies on the counsellor list. */
const listed = sql`(exists (select from alert where stage = 'counsellors' and state = 'open')
  or exists (select from reading where stage = 'counsellors' and read_at is null) or exists (select from reach_out where stage = 'counsellors' and state = 'open'))`

/**
 * Writes the due briefs in one statement, one an adult and week, and owes them. Names: longest without contact first (a hello, a line, an answer
 * read), one that stood unmoved in both briefs before last of all; between equals the quiet, then whoever was not named for longest. Those with
 * an open alert of this adult are not repeated, and take from the three. Whoever another adult's brief of this week names, or an open alert of another
 * adult or on the counsellor list, comes after all others: of two advisors in one go the first keeps the name. Counsellors without students get one, on the brief's own day,
 * when their list holds something.
 */
export async function insertBriefs(
  tx: Tx,
  schoolId: string,
  sites: readonly SiteBrief[],
  now: Date,
): Promise<{ briefs: number; woken: Workspace[] }> {
  if (sites.length === 0) return { briefs: 0, woken: [] }
  const given = sites.map(({ siteId, day, week, dueAt, dayEndsAt, expiresAt }) => ({
    ...{ site_id: siteId, day, week },
    ...{ due_at: dueAt.toISOString(), day_ends_at: dayEndsAt.toISOString(), expires_at: expiresAt.toISOString() },
  }))
  const [row] = await rows<{ briefs: number; woken: { platform: PlatformName; tenant: string }[] }>(
    tx,
    sql`with given as (
          select g.*, si.zone from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(site_id uuid, day date, week date, due_at timestamptz, day_ends_at timestamptz, expires_at timestamptz)
          join site si on si.school_id = ${schoolId} and si.id = g.site_id
        ), cared as (
          select c.*, row_number() over (partition by c.student_id order by c.lead desc, c.from_date, c.adult_id) as turn, exists (select from alert a where a.school_id = c.school_id and a.subject_id = c.student_id
            and a.kind in ('silence', 'never_started', 'raised') and a.state = 'open' and a.owner_id = c.adult_id and not ${greeted}) as alerted
          from (${caring}) c where not exists (select from brief b where b.school_id = c.school_id and b.adult_id = c.adult_id and b.week = c.week)
        ), ranked as (
          select c.school_id, c.adult_id, c.student_id, c.week, c.taken, c.turn, row_number() over (partition by c.adult_id order by
            unmoved.both, met.on_day nulls first, quiet.misses >= 2 desc, named.week nulls first, p.family_name, p.given_name, p.id) as rank
          from (select *, count(*) filter (where alerted) over (partition by adult_id) as taken from cared) c
          join person p on p.school_id = c.school_id and p.id = c.student_id join given g on g.site_id = c.site_id
          cross join lateral (
            select (greatest(
              (select max(x.at) from contact x where x.school_id = c.school_id and x.student_id = c.student_id and x.adult_id = any(c.tied)),
              (select max(greatest(x.read_at, x.line_at)) from reading x where x.school_id = c.school_id and x.student_id = c.student_id and x.read_by = any(c.tied))
            ) at time zone g.zone)::date as on_day
          ) met
          cross join lateral (
            select count(*) = 2 as both from (
              select b.id, b.at from brief b where b.school_id = c.school_id and b.adult_id = c.adult_id and b.week < c.week order by b.week desc limit 2
            ) b join brief_name n on n.school_id = c.school_id and n.brief_id = b.id and n.student_id = c.student_id and n.done_at is null
            where not exists (select from contact x where x.school_id = c.school_id and x.student_id = c.student_id and x.adult_id = any(c.tied) and x.at >= b.at)
          ) unmoved
          cross join lateral (
            select max(b.week) as week from brief b join brief_name n on n.school_id = b.school_id and n.brief_id = b.id
            where b.school_id = c.school_id and b.adult_id = c.adult_id and n.student_id = c.student_id
          ) named
          cross join lateral (
            select coalesce((select length(regexp_replace(substring(h.weeks from '[as]([^as]*)$'), '[^m]', '', 'g')) from history h
              where h.school_id = c.school_id and h.student_id = c.student_id), 0) as misses
          ) quiet
          where not c.alerted
        ), spread as (
          select r.school_id, r.adult_id, r.student_id, r.taken, row_number() over (partition by r.adult_id order by
            r.first_turn < r.turn or exists (select from brief b join brief_name n on n.school_id = b.school_id and n.brief_id = b.id
              where b.school_id = r.school_id and n.student_id = r.student_id and b.week = r.week and b.adult_id <> r.adult_id)
            or exists (select from alert a where a.school_id = r.school_id and a.subject_id = r.student_id and a.kind in ('silence', 'never_started', 'raised')
              and a.state = 'open' and a.owner_id is distinct from r.adult_id), r.rank) as rank
          from (select *, coalesce(min(turn) filter (where rank <= ${namesMost} - taken) over (partition by student_id), turn) as first_turn from ranked) r
        ), due as (
          select distinct school_id, adult_id, site_id, true as advises from cared
          union
          select p.school_id, p.id, p.site_id, false from given g join person p on p.school_id = ${schoolId} and p.site_id = g.site_id and p.status = 'active'
          join staff_role r on r.school_id = p.school_id and r.person_id = p.id and r.role = 'counsellor'
          where ${listed} and ${now}::timestamptz < g.day_ends_at and not exists (select from cared c where c.adult_id = p.id) and not exists (select from away w where w.school_id = p.school_id and w.adult_id = p.id and g.day between w.from_date and w.until_date)
          union
          select p.school_id, p.id, p.site_id, false from given g join alert a on a.school_id = ${schoolId} and a.state = 'open' and a.handed_at is not null
          join person p on p.school_id = a.school_id and p.id = a.owner_id and p.site_id = g.site_id and p.status = 'active'
          where ${now}::timestamptz < g.day_ends_at and not exists (select from cared c where c.adult_id = p.id) and not exists (select from away w where w.school_id = p.school_id and w.adult_id = p.id and g.day between w.from_date and w.until_date)
        ), briefs as (
          insert into brief (school_id, id, adult_id, week, at)
          select d.school_id, gen_random_uuid(), d.adult_id, g.week, g.due_at from due d join given g on g.site_id = d.site_id order by d.adult_id
          on conflict do nothing returning school_id, id, adult_id, week
        ), named as (
          insert into brief_name (school_id, brief_id, student_id, rank)
          select b.school_id, b.id, r.student_id, r.rank from briefs b join spread r on r.adult_id = b.adult_id
          where r.rank <= ${namesMost} - r.taken
        ), owing as (
          select b.school_id, b.adult_id as person_id, b.id as subject_id, 'brief:' || b.adult_id || ':' || b.week as dedupe_key, g.due_at,
            case when d.advises then g.expires_at else g.day_ends_at end as expires_at
          from briefs b join due d on d.adult_id = b.adult_id join given g on g.site_id = d.site_id
        ), owed as (
          insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at, platform, tenant, user_id, state, failure, settled_at)
          select o.school_id, gen_random_uuid(), 'brief', o.dedupe_key, o.person_id, o.subject_id, o.due_at, o.expires_at, a.platform, a.tenant, a.user_id,
            case when a.platform is null then 'refused' else 'planned' end, case when a.platform is null then 'no_account' end,
            case when a.platform is null then o.due_at end
          from owing o left join ${addressOf("o", 0)} a on true on conflict do nothing
          returning school_id, platform, tenant, due_at
        ), waking as (
          insert into wake (school_id, kind, platform, tenant, next_at)
          select school_id, 'lane', platform, tenant, min(due_at) from owed where platform is not null group by 1, 3, 4
          on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)
          returning platform, tenant
        )
        select (select count(*)::int from briefs) as briefs,
          coalesce((select jsonb_agg(jsonb_build_object('platform', platform, 'tenant', tenant)) from waking), '[]') as woken`,
  )
  return row ?? { briefs: 0, woken: [] }
}

/** Whether the adult advises the student on `$2`, themselves or as a cover: `$1`. Needs the alias `p` of the student. */
export const advises = `exists (select from tie t where t.school_id = p.school_id and t.student_id = p.id and t.kind = 'advisor' and t.from_date <= $2::date
  and (t.to_date is null or t.to_date >= $2::date) and (t.adult_id = $1 or exists (select from away w where w.school_id = t.school_id
    and w.adult_id = t.adult_id and w.cover_id = $1 and $2::date between w.from_date and w.until_date)))`

export type BriefName = {
  studentId: string
  name: string
  shortName: string
  zone: string
  asked: boolean
  met: Met | null
  wroteAt: Date | null
  /** Whether what they wrote last is there and this adult's to read. `lens`: what its question was about; null: not theirs to know, or no question. */
  readable: boolean
  lens: Lens | null
}

/** The last contact as the ranking counts it; `at` is an ISO instant. `own` false: of the adult they cover for. */
export type Met = { kind: "hello" | "line" | "read"; at: string; own: boolean }

/**
 * Whether the adult may read the reply `r` of the student `p` at `si`, and there is a word of it left: `$1`, on `$2`. As an advisor does: from the first
 * day of their tie, or the one they cover for; without words about danger that name them.
 */
const readable = `(r.created_at at time zone si.zone)::date >= (select min(t.from_date) from tie t where t.school_id = p.school_id and t.student_id = p.id
    and t.kind = 'advisor' and t.from_date <= $2::date and (t.to_date is null or t.to_date >= $2::date) and (t.adult_id = $1 or exists (select from away w
      where w.school_id = t.school_id and w.adult_id = t.adult_id and w.cover_id = $1 and $2::date between w.from_date and w.until_date)))
  and not exists (select from safety_event e where e.school_id = r.school_id and e.student_id = r.student_id and e.skipped ? $1::uuid::text
    and e.opened_at <= r.changed_at and (e.state <> 'closed' or e.opened_at >= r.created_at))
  and exists (select from reply_part x where x.school_id = r.school_id and x.reply_id = r.id and x.words is not null and not exists (select from reply_part y
    where y.school_id = x.school_id and y.reply_id = x.reply_id and y.part = x.part and y.version > x.version))`

/** The names of a brief that are still the adult's and not done yet: longest without contact first, as their reasons say; and what the student last wrote to. */
export async function briefNames(tx: Tx, briefId: string, adultId: string, day: string): Promise<BriefName[]> {
  return hot(
    tx,
    `select p.id as "studentId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, coalesce(p.preferred_name, p.given_name) as "shortName",
       si.zone, p.consent <> 'none' and exists (select from delivery d where d.school_id = p.school_id and d.person_id = p.id
            and d.kind = 'prompt' and d.state = 'sent') as asked,
       met.last as met, wrote.at as "wroteAt", coalesce(wrote.readable, false) as readable, case when wrote.readable then wrote.lens end as lens
     from brief_name n join person p on p.school_id = n.school_id and p.id = n.student_id and p.status = 'active'
     join site si on si.school_id = p.school_id and si.id = p.site_id
     left join lateral (
       select jsonb_build_object('kind', x.kind, 'at', x.at, 'own', x.adult_id = $1) as last, (x.at at time zone si.zone)::date as on_day from (
         select case c.kind when 'reply' then 'line' else 'hello' end as kind, c.at, c.adult_id from contact c where c.school_id = p.school_id and c.student_id = p.id
         union all
         select case when r.line_at > r.read_at then 'line' else 'read' end, greatest(r.read_at, r.line_at), r.read_by from reading r
         where r.school_id = p.school_id and r.student_id = p.id and r.read_by is not null
       ) x where x.adult_id = $1 or exists (select from tie t join away w on w.school_id = t.school_id and w.adult_id = t.adult_id and w.cover_id = $1
           and $2::date between w.from_date and w.until_date
         where t.school_id = p.school_id and t.student_id = p.id and t.kind = 'advisor' and t.adult_id = x.adult_id and t.from_date <= $2::date
           and (t.to_date is null or t.to_date >= $2::date))
       order by x.at desc, x.kind limit 1
     ) met on true
     left join lateral (
       select r.created_at as at, r.lens, ${readable} as readable from reply r where r.school_id = p.school_id and r.student_id = p.id
       order by r.created_at desc, r.id limit 1
     ) wrote on true
     where n.brief_id = $3 and n.done_at is null and ${advises} order by met.on_day nulls first, n.rank`,
    [adultId, day, briefId],
  )
}

/** Whether any message has reached this person so far. */
export async function wasWrittenTo(tx: Tx, personId: string): Promise<boolean> {
  const found = await hot(tx, `select from delivery where person_id = $1 and state = 'sent' limit 1`, [personId])
  return found.length > 0
}

/** The groups in which these students may be asked on `day`, and on which platform: without consent, once stopped, or with no account that works, nowhere. */
export async function askedIn(tx: Tx, studentIds: readonly string[], day: string): Promise<{ groupId: string; platform: PlatformName }[]> {
  return hot(
    tx,
    `select distinct m.group_id as "groupId", a.platform from membership m join person p on p.school_id = m.school_id and p.id = m.student_id
     join address a on a.school_id = p.school_id and a.person_id = p.id and a.trouble is null
     where p.id = any($1::uuid[]) and p.consent <> 'none' and p.stopped_at is null and m.from_date <= $2::date and (m.to_date is null or m.to_date >= $2::date)`,
    [[...studentIds], day],
  )
}

export type OutOfReach = { name: string; why: "not_here" | "stopped" }

/** The adult's students whom no question reaches: not on the bot (no consent, no account that works), or they asked to stop. */
export async function outOfReach(tx: Tx, adultId: string, day: string): Promise<OutOfReach[]> {
  return hot(
    tx,
    `select name, why from (
       select coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.family_name, p.id, case when p.stopped_at is not null then 'stopped'
         when p.consent = 'none' or not exists (select from address a where a.school_id = p.school_id and a.person_id = p.id and a.trouble is null) then 'not_here' end as why
       from person p where p.role = 'student' and p.status = 'active' and ${advises}
     ) s where why is not null order by family_name, name, id`,
    [adultId, day],
  )
}
