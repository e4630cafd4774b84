import { sql } from "drizzle-orm"
import type { Account } from "../../src/platform/account.ts"
import { hot, rows, type Tx } from "../client.ts"

/** A person as a search lists them. `tie` is the nearest one to the adult who searches; null where a counsellor finds them without a tie. */
export type Found = { id: string; name: string; grade: string | null; tie: "advisor" | "class" | null }

/** Without accents, case and punctuation, words apart by one space: both sides of a comparison go through it, so no sign of a query is special. */
const folded = (text: string) =>
  `btrim(regexp_replace(lower(regexp_replace(normalize(${text}, NFD), '[\\u0300-\\u036f]', '', 'g')), '[^[:alnum:]]+', ' ', 'g'))`

/** Every word of the query begins a word of one of the person's names. */
const matches = (query: ReturnType<typeof sql>) => sql`(
  select ${sql.raw(folded("q.said"))} <> '' and not exists (
    select from unnest(string_to_array(${sql.raw(folded("q.said"))}, ' ')) word
    where strpos(' ' || ${sql.raw(folded("concat_ws(' ', p.preferred_name, p.given_name, p.family_name)"))}, ' ' || word) = 0)
  from (select ${query}::text as said) q)`

const name = sql.raw(`coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, p.grade`)

/** Ties of an adult on a day, their covers' included; the nearest kind a student. */
const tiesOf = (adultId: string, day: string) => sql`(
  select t.school_id, t.student_id, min(t.kind) as kind from tie t
  where t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
    and (t.adult_id = ${adultId} or (t.kind = 'advisor' and exists (select from away a where a.school_id = t.school_id
      and a.adult_id = t.adult_id and a.cover_id = ${adultId} and ${day}::date between a.from_date and a.until_date)))
  group by 1, 2)`

/** Active students whom this adult may see on `day`, by name or all of them (`said` null): their own, or, for a counsellor, everyone. */
export async function studentsSeenBy(
  tx: Tx,
  adult: { id: string; counsellor: boolean; day: string },
  said: string | null,
  limit: number,
): Promise<Found[]> {
  return rows(
    tx,
    sql`select p.id, ${name}, t.kind as tie from person p
        left join ${tiesOf(adult.id, adult.day)} t on t.school_id = p.school_id and t.student_id = p.id
        where p.role = 'student' and p.status = 'active' and (${adult.counsellor} or t.kind is not null) and (${said}::text is null or ${matches(sql`${said}`)})
        order by p.family_name, 2, p.id limit ${limit}`,
  )
}

/** Active people of one role by name, whoever asks: for covers, and for the record of a refusal. */
export async function peopleNamed(tx: Tx, role: "student" | "staff", said: string, limit: number): Promise<{ id: string; name: string }[]> {
  return rows(
    tx,
    sql`select p.id, ${name} from person p where p.role = ${role} and p.status = 'active' and ${matches(sql`${said}`)}
        order by p.family_name, 2, p.id limit ${limit}`,
  )
}

/** Active staff but one, for a list to pick from. */
export async function staffBut(tx: Tx, personId: string, limit: number): Promise<{ id: string; name: string }[]> {
  return rows(
    tx,
    sql`select p.id, ${name} from person p where p.role = 'staff' and p.status = 'active' and p.id <> ${personId} order by p.family_name, 2, p.id limit ${limit}`,
  )
}

/** Whose account this is, in this school; the table knows every school's, so the school is named here. */
export async function personOfAccount(tx: Tx, schoolId: string, account: Account): Promise<string | null> {
  const [row] = await hot<{ id: string }>(
    tx,
    `select person_id as id from account where school_id = $1 and platform = $2 and tenant = $3 and user_id = $4`,
    [schoolId, account.platform, account.tenant, account.user],
  )
  return row?.id ?? null
}
