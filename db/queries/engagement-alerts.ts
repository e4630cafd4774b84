import { sql } from "drizzle-orm"
import type { AlertFacts, AlertKind } from "../../src/engagement/alert.ts"
import { hot, rows, type Tx } from "../client.ts"

export type AlertStage = "owner" | "brief" | "counsellors"

/** An alert as it is shown: its facts as they were counted, what was read since as it is now. `lastReadAt` null: still waiting. */
export type AlertRow = {
  id: string
  kind: AlertKind
  level: "alert" | "long"
  subjectId: string
  subjectName: string
  zone: string
  facts: AlertFacts
  ownerId: string | null
  stage: AlertStage
  state: "open" | "snoozed" | "closed"
  openedAt: Date
  closedAt: Date | null
  closedBy: string | null
  closedAs: "useful" | "known" | "false" | "answered" | "stopped" | null
  lastAnsweredAt: Date | null
  lastReadAt: Date | null
}

const alertColumns =
  sql.raw(`a.id, a.kind, a.level, a.subject_id as "subjectId", coalesce(p.preferred_name || ' ' || p.family_name, p.given_name || ' ' || p.family_name, gr.title) as "subjectName",
  si.zone, a.facts, a.owner_id as "ownerId", a.stage, a.state, a.opened_at as "openedAt", a.closed_at as "closedAt", a.closed_by as "closedBy",
  a.closed_as as "closedAs", r.created_at as "lastAnsweredAt", r.read_at as "lastReadAt"`)
const alertFrom = sql.raw(`alert a
  left join person p on p.school_id = a.school_id and p.id = a.subject_id and a.kind in ('silence', 'never_started')
  left join school_group gr on gr.school_id = a.school_id and gr.id = a.subject_id
  join site si on si.school_id = a.school_id and si.id = coalesce(p.site_id, gr.site_id)
  left join lateral (select r.created_at, g.read_at from reply r join reading g on g.school_id = r.school_id and g.reply_id = r.id
    where r.school_id = a.school_id and r.student_id = a.subject_id order by r.created_at desc, r.id limit 1) r on true`)

/** Nobody is named who has stopped, left, or is not to be kept: their alerts close at the next sweep. */
const nameable = sql.raw(`(p.id is null or (p.status = 'active' and p.stopped_at is null and p.consent <> 'none'))`)

/** Students before groups, the longest silence first. */
const ranked = sql.raw(`order by (a.kind in ('silence', 'never_started')) desc, (a.kind = 'silence') desc,
  jsonb_array_length(coalesce(a.facts -> 'missed', '[]')) desc, a.opened_at, a.id`)

/** Open alerts: an adult's own, or the counsellor list where `ownerId` is null. */
export async function openAlerts(tx: Tx, ownerId: string | null): Promise<AlertRow[]> {
  const whose = ownerId === null ? sql`a.stage = 'counsellors'` : sql`a.owner_id = ${ownerId} and a.stage <> 'counsellors'`
  return rows(tx, sql`select ${alertColumns} from ${alertFrom} where a.state = 'open' and ${whose} and ${nameable} ${ranked}`)
}

/** Open alerts about one student, whoever has them. */
export async function openAlertsAbout(tx: Tx, studentId: string): Promise<AlertRow[]> {
  return rows(tx, sql`select ${alertColumns} from ${alertFrom} where a.state <> 'closed' and a.subject_id = ${studentId} ${ranked}`)
}

export async function alertById(tx: Tx, id: string): Promise<AlertRow | null> {
  const [row] = await rows<AlertRow>(tx, sql`select ${alertColumns} from ${alertFrom} where a.id::text = ${id}`)
  return row ?? null
}

/** Closes what is open about a student's silence, and says which. */
export async function closeSilence(
  tx: Tx,
  close: { studentId: string; as: "answered" | "stopped" | null; by: string | null; at: Date },
): Promise<string[]> {
  const found = await hot<{ id: string }>(
    tx,
    `update alert set state = 'closed', closed_as = $2, closed_by = $3, closed_at = $4, snoozed_until = null
     where subject_id = $1 and kind in ('silence', 'never_started') and state <> 'closed' returning id`,
    [close.studentId, close.as, close.by, close.at],
  )
  return found.map((row) => row.id).sort()
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
