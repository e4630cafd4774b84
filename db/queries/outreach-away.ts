import { sql } from "drizzle-orm"
import { hot, rows, type Tx } from "../client.ts"

/** Who answers for an adult on `day`: themselves, or their cover while they are away. Null where that person has left. */
export async function standIn(tx: Tx, adultId: string, day: string): Promise<string | null> {
  const [row] = await hot<{ id: string }>(
    tx,
    `select p.id from person p where p.status = 'active' and p.role = 'staff' and p.id = coalesce(
       (select a.cover_id from away a where a.adult_id = $1 and $2::date between a.from_date and a.until_date order by a.from_date desc, a.id limit 1), $1)`,
    [adultId, day],
  )
  return row?.id ?? null
}

export type AwayRow = { id: string; adultId: string; adultName: string; coverId: string; coverName: string; fromDate: string; untilDate: string }

const columns = `a.id, a.adult_id as "adultId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as "adultName", a.cover_id as "coverId",
  coalesce(c.preferred_name, c.given_name) || ' ' || c.family_name as "coverName", a.from_date as "fromDate", a.until_date as "untilDate"`
const from = `away a join person p on p.school_id = a.school_id and p.id = a.adult_id join person c on c.school_id = a.school_id and c.id = a.cover_id`

export async function awayById(tx: Tx, id: string): Promise<AwayRow | null> {
  const [row] = await hot<AwayRow>(tx, `select ${columns} from ${from} where a.id::text = $1`, [id])
  return row ?? null
}

/** Where this adult is away on `day`; null where they are not. */
export async function awayOn(tx: Tx, adultId: string, day: string): Promise<AwayRow | null> {
  const [row] = await hot<AwayRow>(
    tx,
    `select ${columns} from ${from} where a.adult_id = $1 and $2::date between a.from_date and a.until_date order by a.from_date desc, a.id limit 1`,
    [adultId, day],
  )
  return row ?? null
}

/** Whether somebody is away on a day from `from` to `until`, both included. */
export async function isAwayBetween(tx: Tx, adultId: string, from: string, until: string): Promise<boolean> {
  return (
    (await hot(tx, `select id from away where adult_id = $1 and from_date <= $3::date and until_date >= $2::date limit 1`, [adultId, from, until]))
      .length > 0
  )
}

/** Ends whatever of an adult's away would reach `day` or later, on the day before. */
export async function endAwayBefore(tx: Tx, adultId: string, day: string): Promise<void> {
  await hot(tx, `delete from away where adult_id = $1 and from_date >= $2::date`, [adultId, day])
  await hot(tx, `update away set until_date = $2::date - 1 where adult_id = $1 and until_date >= $2::date`, [adultId, day])
}

export async function insertAway(
  tx: Tx,
  one: { schoolId: string; id: string; adultId: string; coverId: string; fromDate: string; untilDate: string },
): Promise<void> {
  await hot(tx, `insert into away (school_id, id, adult_id, cover_id, from_date, until_date) values ($1, $2, $3, $4, $5, $6)`, [
    one.schoolId,
    one.id,
    one.adultId,
    one.coverId,
    one.fromDate,
    one.untilDate,
  ])
}

export type Handed = { readings: number; reachOuts: string[] }

/**
 * Hands the unread answers and open reach-outs of one adult to another. `aboutAdvisees`: back to that adult, what they had handed over and what
 * came since from their advisees; what the giver has from a student of their own stays with them.
 */
export async function handOver(tx: Tx, from: string, to: string, aboutAdvisees: { of: string; day: string } | null): Promise<Handed> {
  const { of, day } = aboutAdvisees ?? { of: null, day: null }
  const tied = (
    adult: string | null,
  ) => sql`exists (select from tie t where t.school_id = x.school_id and t.student_id = x.student_id and t.kind = 'advisor'
    and t.adult_id = ${adult} and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date))`
  const scope = of === null ? sql`true` : sql`(x.handed_from = ${of} or (${tied(of)} and not ${tied(from)}))`
  const mark = of === null ? sql`${from}::uuid` : sql`null`
  const readings = await rows(
    tx,
    sql`update reading x set owner_id = ${to}, handed_from = ${mark} where x.owner_id = ${from} and x.read_at is null and ${scope} returning x.reply_id`,
  )
  const reachOuts = await rows<{ id: string }>(
    tx,
    sql`update reach_out x set owner_id = ${to}, handed_from = ${mark} where x.owner_id = ${from} and x.state = 'open' and ${scope} returning x.id`,
  )
  return { readings: readings.length, reachOuts: reachOuts.map(({ id }) => id) }
}
