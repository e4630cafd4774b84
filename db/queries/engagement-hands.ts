import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"
import { notLeftOut, type Seen, unmoved } from "./engagement-alerts.ts"

/** What an undo puts back; the columns as they are before the update that keeps it. */
const asItIs =
  sql.raw(`jsonb_build_object('ownerId', a.owner_id, 'stage', a.stage, 'dueAt', a.due_at, 'state', a.state, 'snoozedUntil', a.snoozed_until,
  'handedBy', a.handed_by, 'handedAt', a.handed_at, 'acknowledgedAt', a.acknowledged_at)`)
const asItWas = sql.raw(`owner_id = (a.before ->> 'ownerId')::uuid, stage = a.before ->> 'stage', due_at = (a.before ->> 'dueAt')::timestamptz,
  state = a.before ->> 'state', snoozed_until = (a.before ->> 'snoozedUntil')::date, handed_by = (a.before ->> 'handedBy')::uuid,
  handed_at = (a.before ->> 'handedAt')::timestamptz, acknowledged_at = (a.before ->> 'acknowledgedAt')::timestamptz, before = null`)

/** "I have this": the owner's days are theirs once more. Off the counsellor list it becomes theirs. False: somebody was first, or has said so. */
export async function acknowledgeAlert(tx: Tx, seen: Seen, by: string, dueAt: Date, now: Date): Promise<boolean> {
  const found = await rows(
    tx,
    sql`update alert a set before = ${asItIs}, owner_id = ${by}, state = 'open', snoozed_until = null, stage = 'owner', due_at = ${dueAt}, acknowledged_at = ${now},
          handed_by = case when a.stage <> 'counsellors' then a.handed_by end, handed_at = case when a.stage = 'counsellors' then ${now} else a.handed_at end
        where ${unmoved(seen)} and a.state <> 'closed' and a.acknowledged_at is null returning a.id`,
  )
  return found.length === 1
}

/** Takes that back, and puts all where it was. Null: it was too long ago, or something has happened since. */
export async function unacknowledgeAlert(tx: Tx, id: string, by: string, since: Date): Promise<Date | null> {
  const [row] = await rows<{ dueAt: Date }>(
    tx,
    sql`update alert a set ${asItWas} where a.id = ${id} and a.state = 'open' and a.owner_id = ${by} and a.acknowledged_at > ${since} and a.before is not null
        returning a.due_at as "dueAt"`,
  )
  return row?.dueAt ?? null
}

export type Handable = { id: string; name: string; as: "advisor" | "class" | "counsellor" }

/** Adults whom an alert about this student can be handed to on `day`: tied or a counsellor, here, not away, not named by words about danger. */
export async function handableTo(tx: Tx, studentId: string, day: string): Promise<Handable[]> {
  return rows(
    tx,
    sql`select p.id, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, case when bool_or(k.tie = 'advisor') then 'advisor' when bool_or(k.tie = 'counsellor') then 'counsellor' else 'class' end as "as" from (
          select t.school_id, t.student_id, t.adult_id, t.kind as tie from tie t
          where t.student_id = ${studentId} and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
          union all select r.school_id, ${studentId}::uuid, r.person_id, 'counsellor' from staff_role r where r.role = 'counsellor'
        ) k join person p on p.school_id = k.school_id and p.id = k.adult_id and p.role = 'staff' and p.status = 'active'
        where not exists (select from away w where w.school_id = p.school_id and w.adult_id = p.id and ${day}::date between w.from_date and w.until_date)
          and ${sql.raw(notLeftOut("p.school_id", "k.student_id", "p.id"))}
        group by p.id, p.preferred_name, p.given_name, p.family_name order by bool_or(k.tie = 'advisor') desc, bool_or(k.tie = 'counsellor') desc, p.family_name, p.given_name, p.id`,
  )
}

/** Gives an alert to another adult, who has its owner's days from now; whoever had it will hear how it ends. False: somebody was first. */
export async function handAlert(tx: Tx, seen: Seen, to: { by: string; to: string; dueAt: Date; now: Date }): Promise<boolean> {
  const found = await rows(
    tx,
    sql`with handed as (
          update alert a set before = ${asItIs}, owner_id = ${to.to}, stage = 'owner', state = 'open', snoozed_until = null, due_at = ${to.dueAt},
            handed_by = ${to.by}, handed_at = ${to.now}, acknowledged_at = null
          where ${unmoved(seen)} and a.state <> 'closed' returning a.school_id, a.id
        ), parting as (
          insert into alert_party (school_id, alert_id, person_id, role, at) select school_id, id, ${seen.ownerId}::uuid, 'owned', ${to.now}::timestamptz
          from handed where ${seen.ownerId}::uuid is not null on conflict do nothing
        )
        select id from handed`,
  )
  return found.length === 1
}

/** Takes back what `by` gave away since `since`, while nobody has touched it. Null: too late. */
export async function unhandAlert(tx: Tx, id: string, by: string, since: Date): Promise<Date | null> {
  const [row] = await rows<{ dueAt: Date }>(
    tx,
    sql`update alert a set ${asItWas} where a.id = ${id} and a.state = 'open' and a.handed_by = ${by} and a.handed_at > ${since} and a.acknowledged_at is null
          and a.before is not null and not exists (select from contact c where c.school_id = a.school_id and c.student_id = a.subject_id
            and c.kind <> 'reply' and c.at >= a.handed_at)
        returning a.due_at as "dueAt"`,
  )
  return row?.dueAt ?? null
}
