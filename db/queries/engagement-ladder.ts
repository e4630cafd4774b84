import { sql } from "drizzle-orm"
import type { AlertFacts, AlertKind } from "../../src/engagement/alert.ts"
import { rows, type Tx } from "../client.ts"
import { greeted, notLeftOut, settles } from "./engagement-alerts.ts"

/** What a site's alerts go by today: its local day, and when each step of the ladder falls due. */
export type SiteDay = { siteId: string; today: string; ownerDue: Date; briefDue: Date }

const siteDays = (days: readonly SiteDay[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(
    days.map((day) => ({ site_id: day.siteId, today: day.today, owner_due: day.ownerDue.toISOString(), brief_due: day.briefDue.toISOString() })),
  )}::jsonb) as sd(site_id uuid, today date, owner_due timestamptz, brief_due timestamptz)`

export type NewAlert = { id: string; subjectId: string; siteId: string; kind: AlertKind; level: "alert" | "long"; week: string; facts: AlertFacts }

/** The first adult who is asked about a student today and whom no words about danger name: `student` and `day` are SQL. */
export const nextOwner = (school: string, student: string, day: string) =>
  sql.raw(
    `(select v.adult_id from advisors_of(${school}, ${student}, ${day}) v where ${notLeftOut(school, student, "v.adult_id")} order by v.nth limit 1)`,
  )

/** Opens alerts, one a student (or group) and kind, whoever else opens them at the same time; each goes to the first advisor, or to the counsellors. */
export async function openNew(tx: Tx, schoolId: string, alerts: readonly NewAlert[], days: readonly SiteDay[], now: Date): Promise<string[]> {
  if (alerts.length === 0) return []
  const given = alerts.map(({ id, subjectId, siteId, kind, level, week, facts }) => ({
    id,
    subject_id: subjectId,
    site_id: siteId,
    kind,
    level,
    week,
    facts,
  }))
  const found = await rows<{ id: string }>(
    tx,
    sql`with given as (
          select g.*, sd.owner_due, case when g.kind in ('silence', 'never_started') then ${nextOwner("si.school_id", "g.subject_id", "sd.today")}
            else (select mode() within group (order by advisor_of(m.school_id, m.student_id, sd.today, 1)) from membership m
              where m.school_id = ${schoolId} and m.group_id = g.subject_id and m.from_date <= sd.today and (m.to_date is null or m.to_date >= sd.today)) end as owner_id
          from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, subject_id uuid, site_id uuid, kind text, level text, week date, facts jsonb)
          join ${siteDays(days)} on sd.site_id = g.site_id join site si on si.school_id = ${schoolId} and si.id = g.site_id
        )
        insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
        select ${schoolId}::uuid, id, subject_id, kind, level, week, facts, owner_id, case when owner_id is null then 'counsellors' else 'owner' end, ${now}, owner_due
        from given order by subject_id, kind on conflict do nothing returning id`,
  )
  return found.map((row) => row.id)
}

/** Brings the arithmetic of open alerts up to the week that has just closed. */
export async function refreshFacts(tx: Tx, alerts: readonly Pick<NewAlert, "subjectId" | "kind" | "level" | "facts">[]): Promise<void> {
  if (alerts.length === 0) return
  const given = alerts.map(({ subjectId, kind, level, facts }) => ({ subject_id: subjectId, kind, level, facts }))
  await rows(
    tx,
    sql`update alert a set level = g.level, facts = g.facts
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(subject_id uuid, kind text, level text, facts jsonb)
        where a.subject_id = g.subject_id and a.kind = g.kind and a.state <> 'closed'`,
  )
}

/** Closes the notices about these groups whose reason is gone; `still` are those that hold. */
export async function closeGroupNotices(
  tx: Tx,
  groupIds: readonly string[],
  still: readonly { subjectId: string; kind: AlertKind }[],
  now: Date,
): Promise<void> {
  const given = still.map(({ subjectId, kind }) => ({ subject_id: subjectId, kind }))
  await rows(
    tx,
    sql`update alert a set state = 'closed', closed_as = 'answered', closed_at = ${now}, snoozed_until = null
        where a.subject_id = any(${sql.param([...groupIds])}::uuid[]) and a.kind like any (array['group_%', 'prompts_%']) and a.state <> 'closed'
          and not exists (select from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(subject_id uuid, kind text)
            where g.subject_id = a.subject_id and g.kind = a.kind)`,
  )
}

export type LastNotice = { groupId: string; kind: AlertKind; week: string }

/** The last notice of each kind about each of these groups. */
export async function lastNotices(tx: Tx, groupIds: readonly string[]): Promise<LastNotice[]> {
  return rows(
    tx,
    sql`select distinct on (subject_id, kind) subject_id as "groupId", kind, week from alert
        where subject_id = any(${sql.param([...groupIds])}::uuid[]) order by subject_id, kind, opened_at desc`,
  )
}

/** An alert's site: its student's or its group's. Needs the alias `a`. */
const siteOfAlert = sql.raw(`coalesce((select p.site_id from person p where p.school_id = a.school_id and p.id = a.subject_id),
  (select g.site_id from school_group g where g.school_id = a.school_id and g.id = a.subject_id))`)

/** Whoever has an alert by hand keeps it while they are here, not away, and still tied to the student or a counsellor. Needs `a` and `sd`. */
const hasByHand = sql.raw(`exists (select from person h where h.school_id = a.school_id and h.id = a.owner_id and h.status = 'active'
  and not exists (select from away w where w.school_id = h.school_id and w.adult_id = h.id and sd.today between w.from_date and w.until_date)
  and (exists (select from tie t where t.school_id = h.school_id and t.adult_id = h.id and t.student_id = a.subject_id
      and t.from_date <= sd.today and (t.to_date is null or t.to_date >= sd.today))
    or exists (select from staff_role r where r.school_id = h.school_id and r.person_id = h.id and r.role = 'counsellor')))`)

const ownerMayKnow = sql.raw(notLeftOut("a.school_id", "a.subject_id", "a.owner_id"))

/** Whoever had it hears how it ends. From rows of `school_id`, `id` and `was`. */
const parting = (now: Date) =>
  sql`insert into alert_party (school_id, alert_id, person_id, role, at) select school_id, id, was, 'owned', ${now}::timestamptz`

const untaken = sql.raw(`handed_by = null, handed_at = null, acknowledged_at = null, before = null`)

/**
 * Moves every open alert to where it belongs now: closed where the student stopped or left or somebody said hello, to the new advisor where a tie ended (or to the
 * cover of one who is away, or past whom words about danger name), back from a snooze, and up the ladder where its time is up.
 */
export async function stepAlerts(tx: Tx, schoolId: string, days: readonly SiteDay[], opens: string, now: Date): Promise<void> {
  await rows(
    tx,
    sql`update alert a set state = 'closed', closed_as = 'stopped', closed_at = ${now}, snoozed_until = null from person p
        where p.school_id = a.school_id and p.id = a.subject_id and a.state <> 'closed'
          and (p.status <> 'active' or (a.kind <> 'raised' and (p.stopped_at is not null or p.consent = 'none')))`,
  )
  await rows(
    tx,
    sql`update alert a set state = 'closed', closed_by = c.adult_id, closed_at = ${now}, snoozed_until = null
        from (select distinct on (a.id) a.id, c.adult_id from alert a join contact c on ${settles}
              where a.state <> 'closed' and c.at <= ${now}::timestamptz - interval '1 hour'
              order by a.id, c.at, c.id) c
        where a.school_id = ${schoolId} and a.id = c.id`,
  )
  await rows(
    tx,
    sql`with moved as (
          select a.school_id, a.id, a.owner_id as was, sd.owner_due, ${nextOwner("a.school_id", "a.subject_id", "sd.today")} as next_owner
          from alert a join ${siteDays(days)} on sd.site_id = ${siteOfAlert}
          where a.state <> 'closed' and a.kind in ('silence', 'never_started', 'raised') and a.owner_id is not null and not (${ownerMayKnow} and (exists (
            select from tie t join person ad on ad.school_id = t.school_id and ad.id = t.adult_id and ad.status = 'active'
            where t.school_id = a.school_id and t.student_id = a.subject_id and t.kind = 'advisor'
              and t.from_date <= sd.today and (t.to_date is null or t.to_date >= sd.today)
              and a.owner_id = coalesce((select w.cover_id from away w where w.school_id = t.school_id and w.adult_id = t.adult_id
                and sd.today between w.from_date and w.until_date order by w.from_date desc, w.id limit 1), t.adult_id)
          ) or (a.handed_at is not null and ${hasByHand})))
        ), parting as (${parting(now)} from moved where was is distinct from next_owner on conflict do nothing)
        update alert a set owner_id = m.next_owner, stage = case when m.next_owner is null then 'counsellors' else 'owner' end, due_at = m.owner_due, ${untaken}
        from moved m where a.school_id = ${schoolId} and a.id = m.id`,
  )
  await rows(
    tx,
    sql`update alert a set state = 'open', snoozed_until = null, due_at = sd.owner_due
        from ${siteDays(days)} join site si on si.school_id = ${schoolId} and si.id = sd.site_id
        where sd.site_id = ${siteOfAlert} and a.state = 'snoozed' and (a.snoozed_until + ${opens}::time) at time zone si.zone <= ${now}`,
  )
  await rows(
    tx,
    sql`with due as (
          select a.school_id, a.id, a.stage, a.owner_id as was, sd.brief_due from alert a join ${siteDays(days)} on sd.site_id = ${siteOfAlert}
          where a.state = 'open' and a.stage in ('owner', 'brief') and a.due_at <= ${now} and not ${greeted} order by a.id for update of a
        ), parting as (${parting(now)} from due where stage = 'brief' and was is not null on conflict do nothing),
        climbing as (
          update alert a set stage = 'counsellors', owner_id = null, due_at = d.brief_due, ${untaken}
          from due d where a.school_id = ${schoolId} and a.id = d.id and d.stage = 'brief'
        )
        update alert a set stage = 'brief', due_at = d.brief_due from due d where a.school_id = ${schoolId} and a.id = d.id and d.stage = 'owner'`,
  )
}

/** When an alert next moves by itself: a step of the ladder, or the end of a snooze at `opens` of its day. */
export async function nextStepAt(tx: Tx, opens: string): Promise<Date | null> {
  const [row] = await rows<{ at: Date | null }>(
    tx,
    sql`select min(case a.state when 'open' then a.due_at else (a.snoozed_until + ${opens}::time) at time zone si.zone end) as at
        from alert a join site si on si.school_id = a.school_id and si.id = ${siteOfAlert}
        where a.state = 'snoozed' or (a.state = 'open' and a.stage <> 'counsellors')`,
  )
  return row?.at ?? null
}
