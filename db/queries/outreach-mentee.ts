import { sql } from "drizzle-orm"
import type { History } from "../../src/engagement/history.ts"
import { hot, rows, type Tx } from "../client.ts"

export type TieRow = { adultId: string; name: string; kind: "advisor" | "class"; group: string | null; lead: boolean }

/** The adults around a student on a day: advisors first, the lead before the others. Each adult and group once. */
export async function tiesAround(tx: Tx, studentId: string, day: string): Promise<TieRow[]> {
  return rows(
    tx,
    sql`select t.adult_id as "adultId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, t.kind, g.title as "group", bool_or(t.lead) as lead
        from tie t join person p on p.school_id = t.school_id and p.id = t.adult_id and p.status = 'active'
        left join school_group g on g.school_id = t.school_id and g.id = t.group_id
        where t.student_id = ${studentId} and t.from_date <= ${day}::date and (t.to_date is null or t.to_date >= ${day}::date)
        group by t.adult_id, 2, t.kind, g.title order by t.kind, bool_or(t.lead) desc, 2, g.title`,
  )
}

export async function historyOf(tx: Tx, studentId: string): Promise<History | null> {
  const [row] = await hot<History>(tx, `select start, weeks from history where student_id = $1`, [studentId])
  return row ?? null
}
