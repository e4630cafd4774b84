import { sql } from "drizzle-orm"
import type { DeliveryKind } from "../../src/delivery/owed.ts"
import type { Due } from "../../src/deps.ts"
import type { Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"

/** Longer than a send may take (10 s), short enough that a killed worker's row is looked at within 30 s. */
const leaseSeconds = 15

export type Claimed = Due & {
  kind: DeliveryKind
  urgent: boolean
  userId: string
  attempt: number
  firstAttemptAt: Date
  route: string | null
}

const shape =
  sql.raw(`d.id, d.kind, d.person_id as "personId", d.subject_id as "subjectId", d.detail, d.due_at as "dueAt", d.expires_at as "expiresAt",
  d.urgent, d.user_id as "userId", d.attempt, d.first_attempt_at as "firstAttemptAt"`)

/** What was not sent in time ends here, and is counted. */
export async function expireLate(tx: Tx, workspace: Workspace, now: Date): Promise<number> {
  const found = await rows(
    tx,
    sql`update delivery set state = 'expired', failure = 'too_late', settled_at = ${now}
        where platform = ${workspace.platform} and tenant = ${workspace.tenant} and state = 'planned' and due_at <= ${now} and expires_at <= ${now}
        returning id`,
  )
  return found.length
}

/** Takes due rows for this worker alone: the oldest first, safety before all. The lease runs on the database's clock. */
export async function claimDue(tx: Tx, workspace: Workspace, now: Date, limit: number): Promise<Claimed[]> {
  return rows(
    tx,
    sql`with due as (
          select school_id, id from delivery
          where platform = ${workspace.platform} and tenant = ${workspace.tenant} and state = 'planned' and due_at <= ${now} and expires_at > ${now}
          order by urgent desc, due_at, id limit ${limit} for update skip locked
        ), taken as (
          update delivery d set state = 'sending', attempt = d.attempt + 1, lease_until = now() + make_interval(secs => ${leaseSeconds}),
            first_attempt_at = coalesce(d.first_attempt_at, ${now})
          from due where d.school_id = due.school_id and d.id = due.id returning d.*
        )
        select ${shape}, a.route from taken d
        left join address a on a.school_id = d.school_id and a.platform = d.platform and a.tenant = d.tenant and a.user_id = d.user_id
        order by d.urgent desc, d.due_at, d.id`,
  )
}

/** Takes rows whose worker died or never learned whether its message arrived. */
export async function claimUncertain(tx: Tx, workspace: Workspace, limit: number): Promise<Claimed[]> {
  return rows(
    tx,
    sql`with lost as (
          select school_id, id from delivery
          where platform = ${workspace.platform} and tenant = ${workspace.tenant} and state = 'sending' and lease_until < now()
          order by lease_until limit ${limit} for update skip locked
        ), taken as (
          update delivery d set lease_until = now() + make_interval(secs => ${leaseSeconds})
          from lost where d.school_id = lost.school_id and d.id = lost.id returning d.*
        )
        select ${shape}, a.route from taken d
        left join address a on a.school_id = d.school_id and a.platform = d.platform and a.tenant = d.tenant and a.user_id = d.user_id`,
  )
}

/** How one attempt ended. `planned` is tried again from `dueAt` on; `sending` is looked for once its lease, cut short here, has run out. */
export type Settlement = { id: string; messageId?: string; route?: string } & (
  | { state: "sent" }
  | { state: "refused" | "unknown" | "expired"; failure: string }
  | { state: "planned"; dueAt: Date; failure?: string }
  | { state: "sending"; failure: string }
)

/** Settles a batch in one statement; only rows that are still being sent. */
export async function settle(tx: Tx, settlements: readonly Settlement[], now: Date): Promise<void> {
  if (settlements.length === 0) return
  const given = settlements.map((one) => ({
    id: one.id,
    state: one.state,
    message_id: one.messageId ?? null,
    route: one.route ?? null,
    failure: "failure" in one ? (one.failure ?? null) : null,
    due_at: one.state === "planned" ? one.dueAt.toISOString() : null,
  }))
  await rows(
    tx,
    sql`update delivery d set state = g.state, message_id = coalesce(g.message_id, d.message_id), route = coalesce(g.route, d.route), failure = g.failure,
          due_at = coalesce(g.due_at, d.due_at),
          lease_until = case when g.state = 'sending' then now() + interval '2 seconds' end,
          settled_at = case when g.state in ('sent', 'refused', 'unknown', 'expired') then ${now}::timestamptz end
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, state text, message_id text, route text, failure text, due_at timestamptz)
        where d.id = g.id and d.state = 'sending'`,
  )
}

/** Keeps the route a direct conversation was opened under. */
export async function keepRoute(tx: Tx, workspace: Workspace, userId: string, route: string): Promise<void> {
  await rows(
    tx,
    sql`update address set route = ${route} where platform = ${workspace.platform} and tenant = ${workspace.tenant} and user_id = ${userId}`,
  )
}

const never = "9999-12-31T00:00:00Z"

/**
 * When this lane next has work: its first planned row, or the first lease to run out. The wake row is locked first, so that a
 * message owed meanwhile waits for this answer and then moves it, never the other way round.
 */
export async function setLaneWake(tx: Tx, schoolId: string, workspace: Workspace): Promise<void> {
  const here = sql`school_id = ${schoolId} and platform = ${workspace.platform} and tenant = ${workspace.tenant}`
  await rows(tx, sql`update wake set next_at = next_at where ${here} and kind = 'lane'`)
  await rows(
    tx,
    sql`update wake set next_at = coalesce((select min(case when state = 'planned' then due_at else greatest(lease_until, now()) end)
          from delivery where ${here} and state in ('planned', 'sending')), ${never}::timestamptz)
        where ${here} and kind = 'lane'`,
  )
}
