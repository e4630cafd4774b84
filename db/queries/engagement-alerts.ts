import { sql } from "drizzle-orm"
import type { AlertFacts, AlertKind } from "../../src/engagement/alert.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"

type AlertStage = "owner" | "brief" | "counsellors"

/** An alert as it is shown: its facts as they were counted, what was read since as it is now. `lastReadAt` null: still waiting. */
export type AlertRow = {
  id: string
  kind: AlertKind
  level: "alert" | "long"
  subjectId: string
  subjectName: string
  siteId: string
  zone: string
  facts: AlertFacts
  ownerId: string | null
  ownerName: string | null
  stage: AlertStage
  /** Who gave it to the owner by hand, and since when they have it by hand; by nobody: off the counsellor list. */
  handedBy: string | null
  handedByName: string | null
  handedAt: Date | null
  acknowledgedAt: Date | null
  raisedBy: readonly string[]
  state: "open" | "snoozed" | "closed"
  openedAt: Date
  closedAt: Date | null
  closedBy: string | null
  closedAs: "useful" | "known" | "false" | "answered" | "stopped" | null
  lastAnsweredAt: Date | null
  lastReadAt: Date | null
}

const nameOf = (id: string): string => `(select coalesce(x.preferred_name, x.given_name) || ' ' || x.family_name from person x
  where x.school_id = a.school_id and x.id = ${id})`
const alertColumns =
  sql.raw(`a.id, a.kind, a.level, a.subject_id as "subjectId", coalesce(p.preferred_name || ' ' || p.family_name, p.given_name || ' ' || p.family_name, gr.title) as "subjectName",
  si.id as "siteId", si.zone, a.facts, a.owner_id as "ownerId", a.stage, a.state, a.opened_at as "openedAt", a.closed_at as "closedAt", a.closed_by as "closedBy",
  a.closed_as as "closedAs", ${nameOf("a.owner_id")} as "ownerName", a.handed_by as "handedBy", ${nameOf("a.handed_by")} as "handedByName", a.handed_at as "handedAt",
  a.acknowledged_at as "acknowledgedAt", coalesce((select jsonb_agg(${nameOf("y.person_id")} order by y.at, y.person_id) from alert_party y
    where y.school_id = a.school_id and y.alert_id = a.id and y.role = 'raised'), '[]') as "raisedBy", r.created_at as "lastAnsweredAt", r.read_at as "lastReadAt"`)
const alertFrom = sql.raw(`alert a
  left join person p on p.school_id = a.school_id and p.id = a.subject_id and a.kind in ('silence', 'never_started', 'raised')
  left join school_group gr on gr.school_id = a.school_id and gr.id = a.subject_id
  join site si on si.school_id = a.school_id and si.id = coalesce(p.site_id, gr.site_id)
  left join lateral (select r.created_at, g.read_at from reply r join reading g on g.school_id = r.school_id and g.reply_id = r.id
    where r.school_id = a.school_id and r.student_id = a.subject_id order by r.created_at desc, r.id limit 1) r on true`)

/** Nobody is named who has left, nor for a silence who has stopped or is not to be kept: their alerts close at the next sweep. */
const nameable = sql.raw(`(p.id is null or (p.status = 'active' and (a.kind = 'raised' or (p.stopped_at is null and p.consent <> 'none'))))`)

/**
 * The contact `c` is a hello that settles the alert `a`. What somebody noticed may not have been read by whoever greets: it is settled by its own
 * hello alone.
 */
export const settles = sql.raw(`c.school_id = a.school_id and c.student_id = a.subject_id and c.kind <> 'reply' and c.at >= a.opened_at
  and (a.kind <> 'raised' or c.source like c.adult_id || ':alert:' || a.id || ':%')`)

/** Somebody has said hello since: the alert is done, and is closed once that can no longer be taken back. */
export const greeted = sql`exists (select from contact c where ${settles})`

/** Students before groups: what somebody noticed, then the longest silence first. */
const ranked = sql.raw(`order by (a.kind in ('silence', 'never_started', 'raised')) desc, (a.kind = 'raised') desc, (a.kind = 'silence') desc,
  jsonb_array_length(coalesce(a.facts -> 'missed', '[]')) desc, a.opened_at, a.id`)

/** No words about danger of this student, while that is not closed, name this adult. */
export const notLeftOut = (school: string, student: string, adult: string): string =>
  `not exists (select from safety_event e where e.school_id = ${school} and e.student_id = ${student} and e.state <> 'closed' and jsonb_exists(e.skipped, ${adult}::text))`

/** Whom words about danger name sees no alert about that student. */
const shownTo = (readerId: string) =>
  sql`exists (select from (select ${readerId}::text as id) reader where ${sql.raw(notLeftOut("a.school_id", "a.subject_id", "reader.id"))})`

/** Open alerts that the reader may see: their own, or the counsellor list. */
export async function openAlerts(tx: Tx, list: "own" | "counsellors", readerId: string): Promise<AlertRow[]> {
  const whose = list === "counsellors" ? sql`a.stage = 'counsellors'` : sql`a.owner_id = ${readerId} and a.stage <> 'counsellors'`
  return rows(
    tx,
    sql`select ${alertColumns} from ${alertFrom} where a.state = 'open' and ${whose} and ${shownTo(readerId)} and ${nameable} and not ${greeted} ${ranked}`,
  )
}

/** Alerts about one student that are not closed, whoever has them, as far as the reader may see them. */
export async function openAlertsAbout(tx: Tx, studentId: string, readerId: string): Promise<AlertRow[]> {
  return rows(
    tx,
    sql`select ${alertColumns} from ${alertFrom} where a.state <> 'closed' and a.subject_id = ${studentId} and ${shownTo(readerId)} ${ranked}`,
  )
}

/** What a hello of the reader's settles and is not closed yet. */
export async function settledBy(tx: Tx, contactId: string, readerId: string): Promise<AlertRow[]> {
  return rows(
    tx,
    sql`select ${alertColumns} from ${alertFrom} where a.state <> 'closed' and ${shownTo(readerId)}
          and exists (select from contact c where c.id = ${contactId} and ${settles}) ${ranked}`,
  )
}

export async function alertById(tx: Tx, id: string): Promise<AlertRow | null> {
  const [row] = await rows<AlertRow>(tx, sql`select ${alertColumns} from ${alertFrom} where a.id::text = ${id}`)
  return row ?? null
}

/** Closes what is open about a student's silence. */
export async function closeSilence(tx: Hot, studentId: string, as: "answered" | "stopped", at: Date): Promise<void> {
  await hot(tx, closing, [studentId, as, at])
}

const closing: Each = {
  one: `update alert set state = 'closed', closed_as = $2, closed_at = $3, snoozed_until = null
    where subject_id = $1 and kind in ('silence', 'never_started') and state <> 'closed'`,
  many: `update alert set state = 'closed', closed_as = p2, closed_at = p3, snoozed_until = null from ${askedOf(["uuid", "text", "timestamptz"])}
    where subject_id = p1 and kind in ('silence', 'never_started') and state <> 'closed'`,
}

/** Of the last `span` alerts about students that an adult closed with a word on it: how many there are, and how many were useful. */
export async function usefulOfLast(tx: Tx, span: number): Promise<{ useful: number; closed: number }> {
  const [row] = await hot<{ useful: number; closed: number }>(
    tx,
    `select count(*) filter (where closed_as = 'useful')::int as useful, count(*)::int as closed from (
       select closed_as from alert where kind = 'silence' and closed_as in ('useful', 'known', 'false') order by closed_at desc, id limit $1) latest`,
    [span],
  )
  return row ?? { useful: 0, closed: 0 }
}

export type Seen = Pick<AlertRow, "id" | "ownerId" | "stage">

/** The alert `a` is still where `seen` had it: of two adults at once the first one is heard. */
export const unmoved = (seen: Seen) =>
  sql`a.id = ${seen.id} and a.owner_id is not distinct from ${seen.ownerId}::uuid and (a.stage = 'counsellors') = ${seen.stage === "counsellors"}`

/** Closes an alert with a word on how much use it was. Also one that a hello of the same adult closed before. False: it is closed or moved by now. */
export async function closeAlert(tx: Tx, seen: Seen, as: "useful" | "known" | "false", by: string, at: Date): Promise<boolean> {
  const found = await rows(
    tx,
    sql`update alert a set state = 'closed', closed_as = ${as}, closed_by = ${by}, closed_at = ${at}, snoozed_until = null
        where ${unmoved(seen)} and (a.state <> 'closed' or (a.closed_as is null and a.closed_by = ${by})) returning a.id`,
  )
  return found.length === 1
}

/** Takes back what this adult closed since `since`, unless a silence has ended meanwhile or a newer one is open. */
export async function reopenAlert(tx: Tx, id: string, by: string, now: Date, since: Date): Promise<boolean> {
  const found = await rows(
    tx,
    // Opened anew, so that a hello from before does not close it again.
    sql`update alert a set state = 'open', closed_as = null, closed_by = null, closed_at = null, opened_at = ${now}::timestamptz + interval '1 millisecond'
        where a.id = ${id} and a.state = 'closed' and a.closed_by = ${by} and a.closed_as in ('useful', 'known', 'false') and a.closed_at > ${since}
          and (a.kind = 'raised' or not exists (select from history h where h.school_id = a.school_id and h.student_id = a.subject_id and h.last_answered_at >= a.closed_at))
          and not exists (select from alert o where o.school_id = a.school_id and o.subject_id = a.subject_id and o.kind = a.kind and o.state <> 'closed')
        returning a.id`,
  )
  return found.length === 1
}

/** Puts an open alert away until the morning of `until`. False: it is closed by now. */
export async function snoozeAlert(tx: Tx, id: string, until: string): Promise<boolean> {
  const found = await rows(tx, sql`update alert set state = 'snoozed', snoozed_until = ${until} where id = ${id} and state <> 'closed' returning id`)
  return found.length === 1
}

/** Takes a snooze back; a due time that has passed meanwhile becomes `anew`. Returns when it is due; null: it is not put away. */
export async function unsnoozeAlert(tx: Tx, id: string, anew: Date, now: Date): Promise<Date | null> {
  const [row] = await rows<{ dueAt: Date }>(
    tx,
    sql`update alert set state = 'open', snoozed_until = null, due_at = case when due_at <= ${now} then ${anew} else due_at end
        where id = ${id} and state = 'snoozed' returning due_at as "dueAt"`,
  )
  return row?.dueAt ?? null
}

/** Whether an adult advises anybody in a group on `day`, themselves or as a cover. */
export async function advisesIn(tx: Tx, adultId: string, groupId: string, day: string): Promise<boolean> {
  const found = await rows(
    tx,
    sql`select from tie t join membership m on m.school_id = t.school_id and m.student_id = t.student_id and m.group_id = ${groupId}
          and m.from_date <= ${day}::date and (m.to_date is null or m.to_date >= ${day}::date)
        where t.kind = 'advisor' and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
          and (t.adult_id = ${adultId} or exists (select from away w where w.school_id = t.school_id and w.adult_id = t.adult_id
            and w.cover_id = ${adultId} and ${day}::date between w.from_date and w.until_date)) limit 1`,
  )
  return found.length === 1
}
