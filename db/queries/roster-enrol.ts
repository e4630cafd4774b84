// Whose account is whose, asked for many accounts at once: a vendor's list comes in hundreds.
import { sql } from "drizzle-orm"
import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"
import { tooYoung } from "./roster-age.ts"

/** `email` only where the vendor verified it. */
export type Listed = { user: string; email: string | null; guest: boolean }

/**
 * `already`: linked before, and no e-mail of a single other person speaks against it. `elsewhere`: it does, or another school has it.
 * `other_account`: the person its e-mail names has an account there. `ambiguous`: several active people have that e-mail.
 */
export type LinkOutcome = "linked" | "already" | "elsewhere" | "guest" | "nobody" | "ambiguous" | "other_account"
export type Judged = { user: string; outcome: LinkOutcome; personId: string | null }

/** Links what can be linked, each once, and judges all. The workspace must be held: of two accounts of one person the first alone is linked. */
export async function linkByMail(tx: Tx, schoolId: string, { platform, tenant }: Workspace, listed: readonly Listed[]): Promise<Judged[]> {
  return rows(
    tx,
    sql`with given as (
          select g."user", lower(btrim(g.email)) as email, g.guest from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as g("user" text, email text, guest boolean)
        ), mail as (
          select g."user", min(p.id::text)::uuid as person_id, count(*) as people
          from given g join person p on p.school_id = ${schoolId} and p.status = 'active' and lower(btrim(p.email)) = g.email
          where g.email <> '' group by 1
        ), known as (
          select g."user", g.guest, m.people, case when m.people = 1 then m.person_id end as meant, a.person_id as linked, a.school_id as school
          from given g left join mail m on m."user" = g."user"
          left join account a on a.platform = ${platform} and a.tenant = ${tenant} and a.user_id = g."user"
        ), free as (
          select k."user", row_number() over (partition by k.meant order by k."user") as place, exists (select from account o where o.platform = ${platform}
            and o.tenant = ${tenant} and o.school_id = ${schoolId} and o.person_id = k.meant) as taken
          from known k where k.linked is null and not k.guest and k.meant is not null
        ), judged as (
          select k."user", coalesce(k.linked, k.meant) as person_id, case
            when k.linked is not null and (k.school <> ${schoolId} or k.linked <> k.meant) then 'elsewhere'
            when k.linked is not null then 'already' when k.guest then 'guest' when k.people is null then 'nobody' when k.people > 1 then 'ambiguous'
            when f.taken or f.place > 1 then 'other_account' else 'linked' end as outcome
          from known k left join free f on f."user" = k."user"
        ), linked as (
          insert into account (platform, tenant, user_id, school_id, person_id)
          select ${platform}, ${tenant}, j."user", ${schoolId}::uuid, j.person_id from judged j where j.outcome = 'linked' order by j."user"
          on conflict do nothing returning user_id
        )
        select j."user", j.person_id as "personId", case when j.outcome = 'linked' and l.user_id is null then 'already' else j.outcome end as outcome
        from judged j left join linked l on l.user_id = j."user" order by j."user"`,
  )
}

/** `route`: how they were met, where they were. */
export type Theirs = { user: string; personId: string; zone: string | null; language: string | null; route: string | null }

/**
 * Gives the people of these accounts an address that has not been written from yet, unless they are too young, and takes over what their chat
 * says of them: a zone that is their site's is kept as none. What is not said stays; who is being changed by a
 * roster import at this moment waits for the next night, so that neither waits for the other. Returns whose address is new.
 */
export async function takeOver(
  tx: Tx,
  schoolId: string,
  { platform, tenant }: Workspace,
  theirs: readonly Theirs[],
  minimumAge: number,
): Promise<string[]> {
  const given = sql`jsonb_to_recordset(${JSON.stringify(theirs)}::jsonb) as g("user" text, "personId" uuid, zone text, language text, route text)`
  await rows(
    tx,
    sql`with said as (
          select distinct on (g."personId") g."personId" as id, g.zone, g.language from ${given} order by g."personId", g."user"
        ), now as (
          select p.id, n.zone, n.language
          from said s join person p on p.school_id = ${schoolId} and p.id = s.id join site si on si.school_id = p.school_id and si.id = p.site_id
          cross join lateral (select case when s.zone is null then p.zone when s.zone <> si.zone then s.zone end as zone,
            coalesce(s.language, p.chat_language) as language) n
          where (p.zone, p.chat_language) is distinct from (n.zone, n.language)
          for no key update of p skip locked
        )
        update person p set zone = n.zone, chat_language = n.language from now n where p.school_id = ${schoolId} and p.id = n.id`,
  )
  const found = await rows<{ personId: string }>(
    tx,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route)
        select p.school_id, ${platform}, ${tenant}, g."user", p.id, g.route from ${given} join person p on p.school_id = ${schoolId} and p.id = g."personId"
        where p.status = 'active' and not ${tooYoung("p", minimumAge)} order by g."user"
        on conflict do nothing returning person_id as "personId"`,
  )
  return found.map(({ personId }) => personId)
}

/** What was refused only because these people had no account is owed again, where it is not too late. True where something is. */
export async function oweAgain(tx: Tx, { platform, tenant }: Workspace, personIds: readonly string[], now: Date): Promise<boolean> {
  if (personIds.length === 0) return false
  const found = await rows(
    tx,
    sql`update delivery d set state = 'planned', failure = null, settled_at = null, platform = a.platform, tenant = a.tenant, user_id = a.user_id
        from address a where a.school_id = d.school_id and a.person_id = d.person_id and a.platform = ${platform} and a.tenant = ${tenant}
          and d.person_id = any(${sql.param([...personIds])}::uuid[]) and d.state = 'refused' and d.failure = 'no_account' and d.expires_at > ${now}
        returning d.id`,
  )
  return found.length > 0
}

/** The audit of links that nobody made by hand. */
export async function deedsOfLinks(tx: Tx, schoolId: string, platform: PlatformName, personIds: readonly string[], now: Date): Promise<void> {
  if (personIds.length === 0) return
  await rows(
    tx,
    sql`insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail)
        select ${schoolId}::uuid, gen_random_uuid(), ${now}::timestamptz, null, 'bot', 'account_linked', id, jsonb_build_object('platform', ${platform}::text, 'by', 'email')
        from unnest(${sql.param([...personIds])}::uuid[]) id`,
  )
}

/** Accounts that the vendor lists again after they had left. Returns how many. */
export async function markBack(tx: Tx, { platform, tenant }: Workspace, users: readonly string[]): Promise<number> {
  const found = await rows(
    tx,
    sql`update address set trouble = null, trouble_at = null
        where platform = ${platform} and tenant = ${tenant} and trouble = 'left' and user_id = any(${sql.param([...users])}::text[]) returning user_id`,
  )
  return found.length
}

/** Accounts that a whole list no longer names; not those heard from since it was begun. Returns how many. */
export async function markGone(tx: Tx, { platform, tenant }: Workspace, listed: readonly string[], begun: Date, now: Date): Promise<number> {
  const found = await rows(
    tx,
    sql`update address a set trouble = 'left', trouble_at = ${now}
        where a.platform = ${platform} and a.tenant = ${tenant} and a.trouble is distinct from 'left' and (a.used_at is null or a.used_at < ${begun})
          and not exists (select from unnest(${sql.param([...listed])}::text[]) l(user_id) where l.user_id = a.user_id)
        returning a.user_id`,
  )
  return found.length
}

export type Unlinked = { id: string; sourcedId: string; role: "student" | "staff"; email: string | null }

/** Active people of the school without an account in this workspace. */
export async function unlinkedPeople(tx: Tx, { platform, tenant }: Workspace): Promise<Unlinked[]> {
  return rows(
    tx,
    sql`select p.id, p.sourced_id as "sourcedId", p.role, p.email from person p
        where p.status = 'active' and not exists (select from account a where a.platform = ${platform} and a.tenant = ${tenant} and a.school_id = p.school_id
          and a.person_id = p.id)
        order by p.role, p.sourced_id`,
  )
}

/** Accounts to which no conversation was opened yet, of people who may be written to there: those after `after`, in order. */
export async function unopened(tx: Tx, { platform, tenant }: Workspace, minimumAge: number, after: string, limit: number): Promise<string[]> {
  const found = await rows<{ user: string }>(
    tx,
    sql`select a.user_id as "user" from address a join person p on p.school_id = a.school_id and p.id = a.person_id
        where a.platform = ${platform} and a.tenant = ${tenant} and a.route is null and a.trouble is null and a.user_id > ${after}
          and p.status = 'active' and (p.role = 'staff' or p.consent <> 'none') and not ${tooYoung("p", minimumAge)}
        order by a.user_id limit ${limit}`,
  )
  return found.map(({ user }) => user)
}
