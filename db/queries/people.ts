import { sql } from "drizzle-orm"
import type { StaffRole } from "../../src/access/actor.ts"
import type { Standing } from "../../src/access/policy.ts"
import type { Account, PlatformName } from "../../src/platform/account.ts"
import { type Hot, hot, rows, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"

/** A person as messages name them. Students go by the name they chose; so do adults. */
export type PersonCard = {
  id: string
  role: "student" | "staff"
  name: string
  shortName: string
  pronouns: string | null
  language: string | null
  siteId: string
  /** The school's clock there: whatever is about its days. */
  zone: string
  /** Their own clock, by what their chat says: when they may be written to, and the days and times that they read. */
  ownZone: string
  active: boolean
  consent: "none" | "school" | "parent" | "own"
  stoppedAt: Date | null
  pausedUntil: string | null
  grade: string | null
}

/** A person card's columns but for its two zones, of `person p` and `school s`. */
export const ownColumns = `p.id, p.role, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name,
  coalesce(p.preferred_name, p.given_name) as "shortName", p.pronouns, coalesce(p.language, p.chat_language, s.language) as language, p.site_id as "siteId",
  p.status = 'active' as active, p.consent, p.stopped_at as "stoppedAt", p.paused_until as "pausedUntil", p.grade`
const cardColumns = `${ownColumns}, si.zone, coalesce(p.zone, si.zone) as "ownZone"`
const cardFrom = `from person p join site si on si.school_id = p.school_id and si.id = p.site_id join school s on s.id = p.school_id`

/**
 * What is written about a person one event at a time, until the transaction ends: whoever comes second waits, and then sees what the first one kept.
 * A lock by name: one on the row would write to it, and stand in the way of a roster that is being imported.
 */
export async function lockPerson(tx: Hot, personId: string): Promise<void> {
  await hot(tx, lock, [`person:${personId}`])
}

// In one order for everybody, so that two who lock several never wait for each other.
const lock: Each = {
  one: `select pg_advisory_xact_lock(hashtextextended($1, 0))::text`,
  many: `select nth, pg_advisory_xact_lock(name)::text
    from (select nth, hashtextextended(p1, 0) as name from ${askedOf(["text"])} order by name offset 0) named`,
}

export async function personById(tx: Tx, id: string): Promise<PersonCard | null> {
  const [row] = await hot<PersonCard>(tx, `select ${cardColumns} ${cardFrom} where p.id = $1`, [id])
  return row ?? null
}

export async function peopleById(tx: Tx, ids: readonly string[]): Promise<Map<string, PersonCard>> {
  if (ids.length === 0) return new Map()
  const found = await hot<PersonCard>(tx, `select ${cardColumns} ${cardFrom} where p.id = any($1::uuid[])`, [[...ids]])
  return new Map(found.map((person) => [person.id, person]))
}

export async function staffRolesOf(tx: Tx, personId: string): Promise<StaffRole[]> {
  const found = await rows<{ role: StaffRole }>(tx, sql`select role from staff_role where person_id = ${personId} order by role`)
  return found.map((row) => row.role)
}

/** Active people with the counsellor role: the counsellor list. */
export async function counsellors(tx: Tx): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select p.id from staff_role r join person p on p.school_id = r.school_id and p.id = r.person_id
        where r.role = 'counsellor' and p.status = 'active' order by p.id`,
  )
  return found.map((row) => row.id)
}

/** What ties an adult to a student on `day`; a cover stands where the adult they cover for would. */
export async function standingOf(tx: Tx, adultId: string, studentId: string, day: string): Promise<Standing> {
  const [row] = await rows<{ advisorSince: string | null; classTie: boolean }>(
    tx,
    sql`select to_char(min(t.from_date) filter (where t.kind = 'advisor'), 'YYYY-MM-DD') as "advisorSince",
               coalesce(bool_or(t.kind = 'class' and t.adult_id = ${adultId}), false) as "classTie"
        from tie t
        where t.student_id = ${studentId} and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
          and (t.adult_id = ${adultId} or (t.kind = 'advisor' and exists (
            select from away a where a.school_id = t.school_id and a.adult_id = t.adult_id and a.cover_id = ${adultId}
              and ${day}::date between a.from_date and a.until_date)))`,
  )
  return row ?? { advisorSince: null, classTie: false }
}

/** Who is asked first and who second for a student on `day`, covers already in their place; null where there is nobody. */
export async function advisorsOf(tx: Tx, schoolId: string, studentId: string, day: string): Promise<{ first: string | null; second: string | null }> {
  const [row] = await hot<{ first: string | null; second: string | null }>(
    tx,
    `select advisor_of($1::uuid, $2::uuid, $3::date, 1) as first, advisor_of($1::uuid, $2::uuid, $3::date, 2) as second`,
    [schoolId, studentId, day],
  )
  return row ?? { first: null, second: null }
}

/**
 * Keeps where an account was last heard from; a heard-from account is no longer in trouble. Whether that is news, the door has asked. `isInstalled`: it
 * was not they who did anything, so it is no use of theirs, and a route that is known is not taken for another.
 */
export async function keepAddress(
  tx: Tx,
  at: { schoolId: string; platform: PlatformName; tenant: string; user: string; personId: string; route: string; now: Date; isInstalled?: boolean },
): Promise<void> {
  await hot(tx, address, [at.schoolId, at.platform, at.tenant, at.user, at.personId, at.route, at.isInstalled ? null : at.now])
}

const intoAddress = `insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)`
const heardFrom = `on conflict (school_id, platform, tenant, user_id) do update set person_id = excluded.person_id,
  route = case when excluded.used_at is null and address.trouble is null then coalesce(address.route, excluded.route) else excluded.route end,
  used_at = coalesce(excluded.used_at, address.used_at), trouble = null, trouble_at = null`
const address: Each = {
  one: `${intoAddress} values ($1, $2, $3, $4, $5, $6, $7) ${heardFrom}`,
  many: `${intoAddress} select p1, p2, p3, p4, p5, p6, p7 from ${askedOf(["uuid", "text", "text", "text", "uuid", "text", "timestamptz"])}
    order by p2, p3, p4 ${heardFrom}`,
}

/**
 * The account cannot be written to (removed, blocked, left); listed for IT, never counted as silence. `trouble` is a code; that they left says more
 * than any other.
 */
export async function markTrouble(tx: Tx, account: Account, trouble: string, now: Date): Promise<void> {
  await rows(
    tx,
    sql`update address set trouble = ${trouble}, trouble_at = ${now}
        where platform = ${account.platform} and tenant = ${account.tenant} and user_id = ${account.user} and trouble is distinct from 'left'`,
  )
}

/** Nothing arrives by this route any more: the next message asks for another. */
export async function forgetRoute(tx: Tx, account: Account, route: string): Promise<void> {
  await rows(
    tx,
    sql`update address set route = null
        where platform = ${account.platform} and tenant = ${account.tenant} and user_id = ${account.user} and route = ${route}`,
  )
}

/** They have gone, and what they were reached by may never come back. */
export async function markLeft(tx: Tx, account: Account, now: Date): Promise<void> {
  await rows(
    tx,
    sql`update address set trouble = 'left', trouble_at = ${now}, route = null
        where platform = ${account.platform} and tenant = ${account.tenant} and user_id = ${account.user} and trouble is distinct from 'left'`,
  )
}

/**
 * A message arrived although `trouble` was known: they unblocked us, or the vendor was mistaken. Slack may take one for somebody who left, and says
 * itself when they are back.
 */
export async function endTrouble(tx: Tx, account: Account, trouble: string): Promise<void> {
  await rows(
    tx,
    sql`update address set trouble = null, trouble_at = null
        where platform = ${account.platform} and tenant = ${account.tenant} and user_id = ${account.user} and trouble = ${trouble} and (trouble <> 'left' or platform <> 'slack')`,
  )
}
