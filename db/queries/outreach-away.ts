import { hot, type Tx } from "../client.ts"

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
