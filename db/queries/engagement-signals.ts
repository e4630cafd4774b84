import { sql } from "drizzle-orm"
import type { Signals } from "../../src/engagement/detect.ts"
import { weekIndex } from "../../src/engagement/history.ts"
import { hot, rows, type Tx } from "../client.ts"

/** As far back as a silence is looked at beside a second source. */
const weeksBack = 40

/**
 * How to look up what a second source says of some students up to and including `week`: "p" was there (all that was due was attended and
 * handed in), "x" was away (of one kind most was missed), "." neither. Null where the school has no second source.
 */
export async function signalsSince(tx: Tx, week: string): Promise<((studentIds: readonly string[]) => Promise<Map<string, Signals>>) | null> {
  const [first] = await hot<{ week: string | null }>(
    tx,
    `select min(week) as week from signal where week <= $1 and week > $1::date - 7 * ${weeksBack}`,
    [week],
  )
  const start = first?.week ?? null
  if (start === null) return null
  return async (studentIds) => {
    const found = await hot<{ studentId: string; week: string; letter: "p" | "x" | "." }>(
      tx,
      `select s.student_id as "studentId", s.week, case when bool_and(s.done = s.due) then 'p' when bool_or(s.done * 2 < s.due) then 'x' else '.' end as letter
       from signal s join unnest($1::uuid[]) q(id) on q.id = s.student_id
       where s.week between $2 and $3 group by 1, 2`,
      [[...studentIds], start, week],
    )
    const letters = new Map<string, string[]>()
    for (const one of found) {
      const own = letters.get(one.studentId) ?? Array.from({ length: weekIndex(start, week) + 1 }, () => ".")
      own[weekIndex(start, one.week)] = one.letter
      letters.set(one.studentId, own)
    }
    return new Map([...letters].map(([studentId, own]) => [studentId, { start, weeks: own.join("") }]))
  }
}

export type SignalRow = { studentId: string; week: string; kind: "attendance" | "submission"; due: number; done: number }

/** What a file says takes the place of whatever was known of its weeks and kinds. Returns how many rows are new, or say something else than before. */
export async function replaceSignals(tx: Tx, schoolId: string, signals: readonly SignalRow[]): Promise<{ changed: number; gone: number }> {
  const given = signals.map(({ studentId, week, kind, due, done }) => ({ student_id: studentId, week, kind, due, done }))
  const [row] = await rows<{ changed: number; gone: number }>(
    tx,
    sql`with given as (
          select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(student_id uuid, week date, kind text, due smallint, done smallint)
        ), gone as (
          delete from signal s where (s.week, s.kind) in (select week, kind from given)
            and not exists (select from given g where g.student_id = s.student_id and g.week = s.week and g.kind = s.kind) returning 1
        ), changed as (
          insert into signal as s (school_id, student_id, week, kind, due, done)
          select ${schoolId}::uuid, student_id, week, kind, due, done from given order by student_id, week, kind
          on conflict (school_id, student_id, week, kind) do update set due = excluded.due, done = excluded.done
            where (s.due, s.done) <> (excluded.due, excluded.done) returning 1
        )
        select (select count(*) from changed) as changed, (select count(*) from gone) as gone`,
  )
  return row ?? { changed: 0, gone: 0 }
}
