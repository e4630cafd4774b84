import { type SQL, sql } from "drizzle-orm"
import type { Owed } from "../../src/delivery/owed.ts"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"
import { tooYoung } from "./roster-age.ts"

/**
 * The account a person is written to: the one they chose, else the one used last, of those that are not in trouble and whose workspace lets us
 * in, as far as there is one; the playground's, which a school has tried, only where there is no other; never one on Slack of a student too young
 * for it, but `evenSo`. Nobody: no row, and the delivery is refused at once. One SQL text, for every statement that owes messages. Expects `school_id` and `person_id` of `of`.
 */
export function addressOf(of: string, slackMinimumAge: number, evenSo: SQL = sql`false`): SQL {
  const [school, person] = [sql.raw(`${of}.school_id`), sql.raw(`${of}.person_id`)]
  const young = sql`exists (select from person aged where aged.school_id = ${school} and aged.id = ${person} and ${tooYoung("aged", slackMinimumAge)})`
  const allowed = slackMinimumAge > 0 ? sql`and (a.platform <> 'slack' or ${evenSo} or not ${young})` : sql``
  return sql`lateral (
  select a.platform, a.tenant, a.user_id from address a
  left join workspace w on w.platform = a.platform and w.tenant = a.tenant
  where a.school_id = ${school} and a.person_id = ${person} ${allowed}
  order by (a.trouble is not null), (w.paused is not null), (a.platform = 'playground'), a.chosen_at desc nulls last, a.used_at desc nulls last, a.platform, a.user_id limit 1)`
}

export type OweScene = { tx: Tx; schoolId: string; deps: { ids: () => string }; settings: { readonly "slack.minimum_age": number } }

/** Owes messages, each once by its dedupe key. Returns the workspaces whose lanes have new work. */
export async function oweDeliveries({ tx, schoolId, deps: { ids }, settings }: OweScene, owed: readonly Owed[]): Promise<Workspace[]> {
  if (owed.length === 0) return []
  const given = owed.map((row) => ({
    id: ids(),
    kind: row.kind,
    dedupe_key: row.dedupeKey,
    person_id: row.personId,
    subject_id: row.subjectId ?? null,
    detail: row.detail ?? {},
    urgent: row.urgent ?? false,
    due_at: row.dueAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  }))
  const found = await rows<{ platform: PlatformName; tenant: string }>(
    tx,
    sql`with given as (
          select ${schoolId}::uuid as school_id, g.* from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, kind text, dedupe_key text,
            person_id uuid, subject_id uuid, detail jsonb, urgent boolean, due_at timestamptz, expires_at timestamptz)
        ), owed as (
          insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, detail, urgent, due_at, expires_at, platform, tenant, user_id, state, failure, settled_at)
          select g.school_id, g.id, g.kind, g.dedupe_key, g.person_id, g.subject_id, g.detail, g.urgent, g.due_at, g.expires_at, a.platform, a.tenant, a.user_id,
            case when a.platform is null then 'refused' else 'planned' end, case when a.platform is null then 'no_account' end,
            case when a.platform is null then g.due_at end
          from given g left join ${addressOf("g", settings["slack.minimum_age"], sql`g.urgent`)} a on true
          on conflict (school_id, dedupe_key) do nothing
          returning school_id, platform, tenant, due_at
        ), waking as (
          insert into wake (school_id, kind, platform, tenant, next_at)
          select school_id, 'lane', platform, tenant, min(due_at) from owed where platform is not null group by 1, 3, 4
          on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)
          returning platform, tenant
        ) select platform, tenant from waking`,
  )
  return found
}

/** The planner or the sweep has something to do by `at`, unless it already looks sooner. */
export async function wakeBy(tx: Hot, schoolId: string, kind: "plan" | "sweep", at: Date): Promise<void> {
  await hot(tx, wake, [schoolId, kind, at])
}

/** Of an insert into `wake`: whoever looks sooner already goes on doing so. */
export const sooner = `on conflict (school_id, kind, platform, tenant) do update set next_at = least(wake.next_at, excluded.next_at)`
const wake: Each = {
  one: `insert into wake (school_id, kind, next_at) values ($1, $2, $3) ${sooner}`,
  many: `insert into wake (school_id, kind, next_at) select p1, p2, min(p3) from ${askedOf(["uuid", "text", "timestamptz"])} group by p1, p2 ${sooner}`,
}
