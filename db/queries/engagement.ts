import { strength } from "../../src/engagement/history.ts"
import { hot, type Tx } from "../client.ts"

// `mark` of src/engagement/history.ts in SQL, for `insert ... on conflict`: the new row is one week and its mark, the kept one is `history`.
const index = `((excluded.start - history.start) / 7)`
const padded = `rpad(history.weeks, greatest(length(history.weeks), ${index} + 1), '-')`
const keepStronger = `on conflict (school_id, student_id) do update set
  start = least(history.start, excluded.start),
  weeks = case
    when ${index} < 0 then excluded.weeks || repeat('-', -${index} - 1) || history.weeks
    when strpos('${strength}', substr(${padded}, ${index} + 1, 1)) >= strpos('${strength}', excluded.weeks) then history.weeks
    else overlay(${padded} placing excluded.weeks from ${index} + 1 for 1) end,
  last_answered_at = greatest(history.last_answered_at, excluded.last_answered_at)`

/** Marks one week of one student; the stronger mark stays. `answeredAt` null: a skip. */
export async function markWeek(
  tx: Tx,
  one: { schoolId: string; studentId: string; week: string; as: "a" | "s"; answeredAt: Date | null },
): Promise<void> {
  await hot(tx, `insert into history (school_id, student_id, start, weeks, last_answered_at) values ($1, $2, $3, $4, $5) ${keepStronger}`, [
    one.schoolId,
    one.studentId,
    one.week,
    one.as,
    one.answeredAt,
  ])
}
