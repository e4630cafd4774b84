import { type SQL, sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

/** `src/roster/age.ts` in SQL, for a row of `person` under this alias: a student too young for a platform of that minimum age. */
export function tooYoung(person: string, minimumAge: number): SQL {
  if (minimumAge <= 0) return sql`false`
  const { role, grade } = { role: sql.raw(`${person}.role`), grade: sql.raw(`${person}.grade`) }
  return sql`(${role} = 'student' and case when ${grade} ~ '^ *[0-9]{1,2} *$' then btrim(${grade})::int + 5 < ${minimumAge}::int else true end)`
}

/** How many active students are too young for Slack at this school. */
export async function keptOffSlack(tx: Tx, minimumAge: number): Promise<number> {
  const [row] = await rows<{ count: number }>(
    tx,
    sql`select count(*) as count from person p where p.status = 'active' and ${tooYoung("p", minimumAge)}`,
  )
  return row?.count ?? 0
}
