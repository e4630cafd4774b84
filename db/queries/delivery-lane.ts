import { sql } from "drizzle-orm"
import type { DeliveryKind } from "../../src/delivery/owed.ts"
import type { Due } from "../../src/deps.ts"
import type { Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"
import { addressOf } from "./delivery-owe.ts"

/** Longer than a send may take (10 s), short enough that a killed worker's row is looked at within 30 s. */
const leaseSeconds = 15

/** `lease` is what a worker holds the row by: when it has changed, somebody else has taken the row up. */
export type Claimed = Due & {
  kind: DeliveryKind
  urgent: boolean
  userId: string
  attempt: number
  firstAttemptAt: Date
  route: string | null
  /** Why the account refused us last; null where it did not. */
  trouble: string | null
  lease: string
}

const shape =
  sql.raw(`d.id, d.kind, d.person_id as "personId", d.subject_id as "subjectId", d.detail, d.due_at as "dueAt", d.expires_at as "expiresAt",
  d.urgent, d.user_id as "userId", d.attempt, d.first_attempt_at as "firstAttemptAt", d.lease_until::text as lease`)

const planned = (workspace: Workspace) => sql`platform = ${workspace.platform} and tenant = ${workspace.tenant} and state = 'planned'`

/** The rows that keep a lane at rest: what the vendor was too busy for, until its time has come. No rest is longer than an hour. */
const restingBy = (workspace: Workspace, now: Date) =>
  sql`${planned(workspace)} and failure = 'busy' and due_at > ${now} and due_at <= ${now}::timestamptz + interval '1 hour'`

/** What was not sent in time ends here, and is counted. */
export async function expireLate(tx: Tx, workspace: Workspace, now: Date): Promise<number> {
  const found = await rows(
    tx,
    sql`update delivery set state = 'expired', failure = 'too_late', settled_at = ${now}
        where ${planned(workspace)} and due_at <= ${now} and expires_at <= ${now} returning id`,
  )
  return found.length
}

/** Takes due rows for this worker alone: the oldest first, safety before all and even while the lane rests. The lease runs on the database's clock. */
export async function claimDue(tx: Tx, workspace: Workspace, now: Date, limit: number): Promise<Claimed[]> {
  return rows(
    tx,
    sql`with due as (
          select school_id, id from delivery
          where ${planned(workspace)} and due_at <= ${now} and expires_at > ${now}
            and (urgent or not exists (select from delivery where ${restingBy(workspace, now)}))
          order by urgent desc, due_at, id limit ${limit} for update skip locked
        ), taken as (
          update delivery d set state = 'sending', attempt = d.attempt + 1, lease_until = now() + make_interval(secs => ${leaseSeconds}),
            first_attempt_at = coalesce(d.first_attempt_at, ${now})
          from due where d.school_id = due.school_id and d.id = due.id returning d.*
        )
        select ${shape}, a.route, a.trouble from taken d
        left join address a on a.school_id = d.school_id and a.platform = d.platform and a.tenant = d.tenant and a.user_id = d.user_id
        order by d.urgent desc, d.due_at, d.id`,
  )
}

/**
 * Of rows just claimed for the first time, those whose person has chosen or used another account since they were owed, or can be written to there
 * alone: they go to that one's lane. What may have been sent stays where it is, so that nothing is ever in two places. Returns which, and where to.
 */
export async function moveElsewhere(
  tx: Tx,
  claimed: readonly Pick<Claimed, "id" | "attempt">[],
  { slackMinimumAge }: { slackMinimumAge: number },
): Promise<({ id: string } & Workspace)[]> {
  const fresh = claimed.flatMap(({ id, attempt }) => (attempt === 1 ? [id] : []))
  if (fresh.length === 0) return []
  return rows(
    tx,
    sql`with other as (
          select d.school_id, d.id, a.platform, a.tenant, a.user_id from delivery d, ${addressOf("d", slackMinimumAge, sql`d.urgent`)} a
          where d.id = any(${sql.param(fresh)}::uuid[]) and (a.platform, a.tenant, a.user_id) <> (d.platform, d.tenant, d.user_id)
        ), moved as (
          update delivery d set platform = o.platform, tenant = o.tenant, user_id = o.user_id, state = 'planned', attempt = 0, lease_until = null,
            first_attempt_at = null
          from other o where d.school_id = o.school_id and d.id = o.id and d.state = 'sending' returning d.school_id, d.id, d.platform, d.tenant, d.due_at
        ), waking as (
          insert into wake (school_id, kind, platform, tenant, next_at) select school_id, 'lane', platform, tenant, min(due_at) from moved group by 1, 3, 4
          on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)
        ) select id, platform, tenant from moved`,
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
        select ${shape}, a.route, a.trouble from taken d
        left join address a on a.school_id = d.school_id and a.platform = d.platform and a.tenant = d.tenant and a.user_id = d.user_id`,
  )
}

/** Holds a row on for one more send; its new lease, or null where somebody else has taken it up. */
export async function holdOn(tx: Tx, { id, lease }: Pick<Claimed, "id" | "lease">): Promise<string | null> {
  const [row] = await rows<{ lease: string }>(
    tx,
    sql`update delivery set lease_until = now() + make_interval(secs => ${leaseSeconds})
        where id = ${id} and state = 'sending' and lease_until = ${lease}::timestamptz returning lease_until::text as lease`,
  )
  return row?.lease ?? null
}

/** How one attempt ended. `planned` is tried again from `dueAt` on, and `untried` was none; `sending` is looked for after `restSeconds`. */
export type Settlement = { id: string; lease: string; messageId?: string; route?: string } & (
  | { state: "sent" }
  | { state: "refused" | "unknown" | "expired"; failure: string }
  | { state: "planned"; dueAt: Date; failure?: string; untried?: true }
  | { state: "sending"; failure: string; restSeconds: number }
)

/** Settles a batch in one statement; only rows that are still held by their lease. That one was sent stays true whoever holds it. */
export async function settle(tx: Tx, settlements: readonly Settlement[], now: Date): Promise<void> {
  if (settlements.length === 0) return
  const given = settlements.map((one) => ({
    id: one.id,
    lease: one.lease,
    state: one.state,
    message_id: one.messageId ?? null,
    route: one.route ?? null,
    failure: "failure" in one ? (one.failure ?? null) : null,
    due_at: one.state === "planned" ? one.dueAt.toISOString() : null,
    rest: one.state === "sending" ? one.restSeconds : null,
    untried: one.state === "planned" && one.untried === true,
  }))
  await rows(
    tx,
    sql`update delivery d set state = g.state, message_id = coalesce(g.message_id, d.message_id), route = coalesce(g.route, d.route), failure = g.failure,
          attempt = d.attempt - g.untried::int, due_at = case when g.due_at is null then d.due_at else least(g.due_at, d.expires_at) end,
          lease_until = case when g.state = 'sending' then now() + make_interval(secs => g.rest) end,
          settled_at = case when g.state in ('sent', 'refused', 'unknown', 'expired') then ${now}::timestamptz end
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, lease timestamptz, state text, message_id text, route text, failure text,
          due_at timestamptz, rest float8, untried boolean)
        where d.id = g.id and (d.state = 'sending' and d.lease_until = g.lease or g.state = 'sent' and d.state <> 'sent')`,
  )
}

/** A row whose letter could not be written: tried again at `dueAt`, or given up where there is none. It was never claimed, so it is still planned. */
export async function putOff(tx: Tx, id: string, dueAt: Date | null, now: Date): Promise<void> {
  await rows(
    tx,
    sql`update delivery set attempt = attempt + 1, failure = 'letter_failed', due_at = least(coalesce(${dueAt}::timestamptz, due_at), expires_at),
          state = ${dueAt === null ? "refused" : "planned"}, settled_at = ${dueAt === null ? now : null}::timestamptz
        where id = ${id} and state = 'planned'`,
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
 * When this lane next has work: its first planned row that need not rest, or the first lease to run out. The wake row is locked first, so
 * that a message owed meanwhile waits for this answer and then moves it, never the other way round.
 */
export async function setLaneWake(tx: Tx, schoolId: string, workspace: Workspace, now: Date): Promise<void> {
  const here = sql`school_id = ${schoolId} and platform = ${workspace.platform} and tenant = ${workspace.tenant}`
  await rows(tx, sql`update wake set next_at = next_at where ${here} and kind = 'lane'`)
  await rows(
    tx,
    sql`update wake set next_at = coalesce((
          select min(case when state = 'sending' then ${now}::timestamptz + (greatest(lease_until, now()) - now())
            when urgent then due_at else greatest(due_at, (select max(due_at) from delivery where ${restingBy(workspace, now)})) end)
          from delivery where ${here} and state in ('planned', 'sending')), ${never}::timestamptz)
        where ${here} and kind = 'lane'`,
  )
}
