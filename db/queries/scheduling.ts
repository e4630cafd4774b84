import { sql } from "drizzle-orm"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import type { Rhythm } from "../../src/scheduling/place.ts"
import { rows, type Tx } from "../client.ts"
import { addressOf } from "./delivery-owe.ts"
import { tooYoung } from "./roster-age.ts"

export type PlanRow = {
  id: string
  groupId: string
  title: string
  siteId: string
  active: boolean
  since: Date
  rhythm: Partial<Rhythm>
}

/** Every plan of the school, its group beside it; only those that are on where `active` is true. */
export async function plans(tx: Tx, active: boolean): Promise<PlanRow[]> {
  return rows(
    tx,
    sql`select p.id, p.group_id as "groupId", g.title, g.site_id as "siteId", p.active, p.since, p.rhythm
        from plan p join school_group g on g.school_id = p.school_id and g.id = p.group_id
        where g.status = 'active' and (p.active or not ${active}) order by g.title, p.id`,
  )
}

/** A plan's own weekday and time; null takes one back, and the school's holds again. */
type OwnRhythm = { [K in "weekday" | "time"]?: Rhythm[K] | null }

/** Switches a group's plan on or off. Switching on, or another weekday or time, counts from `now`: nothing that opened before is asked after the fact. Switching
 * off ends what is open: no reminder follows, and it was no chance. What `rhythm` does not say stays. */
export async function switchPlan(
  tx: Tx,
  schoolId: string,
  plan: { id: string; groupId: string; active: boolean; now: Date; rhythm?: OwnRhythm },
): Promise<void> {
  const own = JSON.stringify(plan.rhythm ?? {})
  const changed = sql`jsonb_strip_nulls(plan.rhythm || ${own}::jsonb)`
  await rows(
    tx,
    sql`insert into plan (school_id, id, group_id, active, since, rhythm)
        values (${schoolId}, ${plan.id}, ${plan.groupId}, ${plan.active}, ${plan.now}, jsonb_strip_nulls(${own}::jsonb))
        on conflict (school_id, group_id) do update set active = excluded.active, rhythm = ${changed},
          since = case when excluded.active and (not plan.active or plan.rhythm <> ${changed}) then excluded.since else plan.since end`,
  )
  if (!plan.active) {
    await rows(
      tx,
      sql`update occurrence o set state = 'closed', outcome = 'no_chance' from plan p
          where p.school_id = o.school_id and p.id = o.plan_id and p.group_id = ${plan.groupId} and o.state = 'open'`,
    )
  }
}

/**
 * One week of one plan, placed. `send_at` null: it was missed, and is only counted. `reading_at` null: its answers are first read in a brief. Instants as
 * ISO strings, for one JSON parameter.
 */
export type PlannedWindow = {
  plan_id: string
  group_id: string
  local_date: string
  week: string
  opens_at: string
  remind_at: string | null
  closes_at: string
  send_at: string | null
  reading_at: string | null
}

export type Planned = { occurrences: number; missed: number; owed: number; woken: Workspace[] }

/** Why a member of a group is not asked on a day; the planner asks those with none. Needs the aliases `w`, `m` and `p`. */
const asked = sql.raw(`m.from_date <= w.local_date and (m.to_date is null or m.to_date >= w.local_date) and p.status = 'active'
  and p.consent <> 'none' and p.stopped_at is null and (p.paused_until is null or p.paused_until <= w.local_date)`)

/**
 * Plans the windows for every member at once: occurrences, their prompts and reminders, and the reading lists of those who will
 * read the answers. Each once, whoever else plans at the same time: unique keys, not locks; and in one order, so that two planners never wait
 * for each other. Of two groups of one student, the one that can still be answered and opens first asks.
 */
export async function planWindows(tx: Tx, schoolId: string, windows: readonly PlannedWindow[], now: Date, slackMinimumAge: number): Promise<Planned> {
  if (windows.length === 0) return { occurrences: 0, missed: 0, owed: 0, woken: [] }
  const [row] = await rows<{ occurrences: number; missed: number; owed: number; woken: { platform: PlatformName; tenant: string }[] }>(
    tx,
    sql`with given as (
          select * from jsonb_to_recordset(${JSON.stringify(windows)}::jsonb) as w(plan_id uuid, group_id uuid, local_date date, week date,
            opens_at timestamptz, remind_at timestamptz, closes_at timestamptz, send_at timestamptz, reading_at timestamptz)
        ), asked as (
          insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, remind_at, closes_at, state, outcome)
          select m.school_id, gen_random_uuid(), w.plan_id, w.group_id, m.student_id, w.local_date, w.week, w.opens_at, w.remind_at, w.closes_at,
            case when w.send_at is null then 'closed' else 'open' end, case when w.send_at is null then 'no_chance' end
          from given w join membership m on m.school_id = ${schoolId} and m.group_id = w.group_id
          join person p on p.school_id = m.school_id and p.id = m.student_id
          where ${asked}
          order by w.send_at is null, w.opens_at, w.plan_id, m.student_id
          on conflict do nothing
          returning school_id, id, student_id as person_id, plan_id, local_date, week, closes_at, remind_at
        ), due as (
          select a.*, w.send_at, w.reading_at from asked a join given w on w.plan_id = a.plan_id and w.local_date = a.local_date where w.send_at is not null
        ), readers as (
          select distinct on (adult) d.school_id, r.adult as person_id, d.week, d.reading_at
          from due d cross join lateral (values (advisor_of(d.school_id, d.person_id, d.local_date, 1)), (advisor_of(d.school_id, d.person_id, d.local_date, 2))) r(adult)
          where r.adult is not null and d.reading_at is not null order by adult, d.reading_at
        ), counsellors as (
          select r.school_id, r.person_id, d.week, min(d.reading_at) as reading_at
          from staff_role r join due d on d.school_id = r.school_id where r.role = 'counsellor' and d.reading_at is not null group by 1, 2, 3
        ), owing as (
          select school_id, person_id, 'prompt' as kind, 'prompt:' || id as dedupe_key, id as subject_id, send_at as due_at, closes_at as expires_at from due
          union all
          select school_id, person_id, 'reminder', 'reminder:' || id, id, remind_at, closes_at from due where remind_at > send_at
          union all
          select school_id, person_id, 'reading_list', 'reading_list:' || person_id || ':' || week, null, reading_at, reading_at + interval '4 days' from readers
          union all
          select school_id, person_id, 'reading_list', 'reading_list:' || person_id || ':' || week, null, reading_at, reading_at + interval '4 days' from counsellors
        ), owed as (
          insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at, platform, tenant, user_id, state, failure, settled_at)
          select o.school_id, gen_random_uuid(), o.kind, o.dedupe_key, o.person_id, o.subject_id, o.due_at, o.expires_at, a.platform, a.tenant, a.user_id,
            case when a.platform is null then 'refused' else 'planned' end, case when a.platform is null then 'no_account' end,
            case when a.platform is null then ${now}::timestamptz end
          from owing o left join ${addressOf("o", slackMinimumAge)} a on true
          on conflict do nothing
          returning school_id, platform, tenant, due_at
        ), waking as (
          insert into wake (school_id, kind, platform, tenant, next_at)
          select school_id, 'lane', platform, tenant, min(due_at) from owed where platform is not null group by 1, 3, 4
          on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)
          returning platform, tenant
        )
        select (select count(*)::int from due) as occurrences, (select count(*)::int from asked) - (select count(*)::int from due) as missed,
          (select count(*)::int from owed) as owed,
          coalesce((select jsonb_agg(jsonb_build_object('platform', platform, 'tenant', tenant)) from waking), '[]') as woken`,
  )
  return row ?? { occurrences: 0, missed: 0, owed: 0, woken: [] }
}

/**
 * Takes a tick that is due: true for one process only. It looks again in a minute, should this one die; `setWake` says when
 * it really does. Runs without a school.
 */
export async function takeWake(tx: Tx, schoolId: string, kind: "plan" | "sweep", now: Date): Promise<boolean> {
  const found = await rows(
    tx,
    sql`update wake set next_at = ${now}::timestamptz + interval '1 minute'
        where school_id = ${schoolId} and kind = ${kind} and next_at <= ${now} returning school_id`,
  )
  return found.length === 1
}

/** When the planner or the sweep, taken at `now`, looks again; whatever asked for it sooner meanwhile is kept. */
export async function setWake(tx: Tx, schoolId: string, kind: "plan" | "sweep", now: Date, at: Date): Promise<void> {
  await rows(
    tx,
    sql`update wake set next_at = case when next_at = ${now}::timestamptz + interval '1 minute' then ${at} else least(next_at, ${at}) end
        where school_id = ${schoolId} and kind = ${kind}`,
  )
}

export type DueWake = { schoolId: string; kind: "plan" | "sweep" | "lane" | "enrol"; platform: PlatformName | ""; tenant: string; nextAt: Date }

/** What has work by `at`, oldest first. Runs without a school. */
export async function dueWakes(tx: Tx, at: Date): Promise<DueWake[]> {
  return rows(
    tx,
    sql`select w.school_id as "schoolId", w.kind, w.platform, w.tenant, w.next_at as "nextAt" from wake w
        left join workspace s on s.platform = w.platform and s.tenant = w.tenant
        where w.next_at <= ${at} and s.paused is null order by w.next_at`,
  )
}

/** When anything next has work; null where nothing is planned. Runs without a school. */
export async function nextWake(tx: Tx): Promise<Date | null> {
  const [row] = await rows<{ at: Date | null }>(
    tx,
    sql`select min(w.next_at) as at from wake w left join workspace s on s.platform = w.platform and s.tenant = w.tenant where s.paused is null`,
  )
  return row?.at ?? null
}

/** A member of a group and what would keep them from being asked, of themselves: `stop`, `pause`, `consent`, `too_young` (for the only platform they have), `no_account`, `trouble`, or null. */
export type PreviewMember = { studentId: string; name: string; paused: string | null; hindrance: string | null; adult: string | null }

export async function previewMembers(
  tx: Tx,
  schoolId: string,
  groupId: string,
  { date, slackMinimumAge }: { date: string; slackMinimumAge: number },
): Promise<PreviewMember[]> {
  const young = tooYoung("p", slackMinimumAge)
  return rows(
    tx,
    sql`select p.id as "studentId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.paused_until as paused,
          case when p.consent = 'none' then 'consent' when p.stopped_at is not null then 'stop' when p.paused_until > ${date}::date then 'pause'
               when a.platform is null and ${young} and exists (select from account s where s.school_id = p.school_id and s.person_id = p.id and s.platform = 'slack')
                 then 'too_young' when a.platform is null then 'no_account' when a.trouble is not null then 'trouble' end as hindrance,
          coalesce(ad.preferred_name, ad.given_name) || ' ' || ad.family_name as adult
        from membership m join person p on p.school_id = m.school_id and p.id = m.student_id and p.status = 'active'
        left join lateral (select a.platform, a.trouble from address a where a.school_id = p.school_id and a.person_id = p.id
            and (a.platform <> 'slack' or not ${young})
          order by (a.trouble is not null), (a.platform = 'playground'), a.chosen_at desc nulls last, a.used_at desc nulls last limit 1) a on true
        left join person ad on ad.school_id = p.school_id and ad.id = advisor_of(${schoolId}::uuid, p.id, ${date}::date, 1)
        where m.group_id = ${groupId} and m.from_date <= ${date}::date and (m.to_date is null or m.to_date >= ${date}::date)
        order by p.family_name, p.given_name`,
  )
}

/** Students whom no plan that is on asks: per group of theirs (the advisory, where they are in one), and by name those in no group at all. */
export type Unasked = { students: number; groups: { title: string; plan: "off" | "none"; students: number }[]; alone: string[] }

/** `asked` names the students of the plans that are on. */
export async function unaskedStudents(tx: Tx, date: string, asked: readonly string[]): Promise<Unasked> {
  const [row] = await rows<Unasked>(
    tx,
    sql`with others as (
          select p.school_id, p.id, p.family_name, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name from person p
          where p.role = 'student' and p.status = 'active' and p.id <> all(${sql.param([...asked])}::uuid[])
        ), placed as (
          select o.id, g.id as group_id, g.title, g.kind, case when l.id is null then 'none' else 'off' end as plan,
            bool_or(g.kind = 'advisory') over (partition by o.id) as advised
          from others o join membership m on m.school_id = o.school_id and m.student_id = o.id
            and m.from_date <= ${date}::date and (m.to_date is null or m.to_date >= ${date}::date)
          join school_group g on g.school_id = m.school_id and g.id = m.group_id and g.status = 'active'
          left join plan l on l.school_id = g.school_id and l.group_id = g.id
        ), counted as (
          select title, group_id, plan, count(distinct id) as students from placed where advised = (kind = 'advisory') group by 1, 2, 3
        )
        select (select count(*)::int from others) as students,
          coalesce((select jsonb_agg(jsonb_build_object('title', title, 'plan', plan, 'students', students) order by title, group_id) from counted), '[]') as groups,
          coalesce((select jsonb_agg(name order by family_name, name, id) from others o where not exists (select from placed d where d.id = o.id)), '[]') as alone`,
  )
  return row ?? { students: 0, groups: [], alone: [] }
}
