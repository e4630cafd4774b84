// Weeks of a school by a letter each, as they would have happened: asked on Thursday, closed on Tuesday, judged by the sweep that evening.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { rows, withSchool } from "../../../db/client.ts"
import type { AlertFacts } from "../../../src/engagement/alert.ts"
import { closeWeeks } from "../../../src/engagement/close-weeks.ts"
import { keepAnswer } from "../../../src/engagement/keep.ts"
import { ladderAlerts } from "../../../src/engagement/ladder.ts"
import { addDays } from "../../../src/scheduling/zone.ts"
import { at, look, promptFor, type StudentName, sceneFor, type TestSchool } from "../../support/school.ts"

/** The Monday, Thursday and closing Tuesday of the nth week of the term. */
export const monday = (n: number): string => addDays("2027-01-11", 7 * n)
export const thursday = (n: number): string => addDays(monday(n), 3)
export const tuesday = (n: number): string => addDays(monday(n), 8)
/** The sweep after a close, and the following Wednesday's brief. */
export const sweepTime = (n: number): Date => at(tuesday(n), "22:00")
export const briefTime = (n: number): Date => at(addDays(tuesday(n), 1), "07:30")

/** "a" answered and read, "A" answered and unread, "s" skipped, "m" asked and nothing, "x" the prompt was refused, " " not asked. */
export async function ask(school: TestSchool, who: StudentName, n: number, letter: string): Promise<void> {
  if (letter === " ") return
  const state = letter === "x" ? "refused" : "sent"
  const { occurrenceId } = await promptFor(school, who, { thursday: thursday(n), tuesday: tuesday(n), state })
  if (letter === "a" || letter === "A") await answer(school, who, n, occurrenceId, letter === "a")
  if (letter === "s") await settle(school, who, n, occurrenceId, "skipped")
}

async function settle(school: TestSchool, who: StudentName, n: number, occurrenceId: string, as: "answered" | "skipped"): Promise<void> {
  const now = at(thursday(n), "16:00")
  await sceneFor(school, now, async (scene) => {
    await rows(
      scene.tx,
      sql`update occurrence set state = ${as}, outcome = null, answered_at = ${as === "answered" ? now : null}::timestamptz where id = ${occurrenceId}`,
    )
    await keepAnswer(scene, school.people[who], monday(n), as === "answered" ? "a" : "s", now)
  })
}

async function answer(school: TestSchool, who: StudentName, n: number, occurrenceId: string, read: boolean): Promise<void> {
  const [replyId, now, readAt] = [randomUUID(), at(thursday(n), "16:00"), read ? at(addDays(thursday(n), 1), "08:00") : null]
  await withSchool(school.db, school.id, async (tx) => {
    await rows(
      tx,
      sql`insert into reply (school_id, id, student_id, occurrence_id, created_at, changed_at)
          values (${school.id}, ${replyId}, ${school.people[who]}, ${occurrenceId}, ${now}, ${now})`,
    )
    await rows(
      tx,
      sql`insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at, read_by, read_at)
          values (${school.id}, ${replyId}, ${school.people[who]}, ${school.people.rivera}, 'first', ${at(tuesday(n), "07:30")},
            ${read ? school.people.rivera : null}::uuid, ${readAt}::timestamptz)`,
    )
  })
  await settle(school, who, n, occurrenceId, "answered")
}

export const sweep = (school: TestSchool, now: Date): Promise<Date | null> =>
  sceneFor(school, now, async (scene) => {
    const next = await closeWeeks(scene)
    await ladderAlerts(scene)
    return next
  })

export type Table = Partial<Record<StudentName, string>>

/** Lets the weeks from `from` on happen, a letter a student and week, each closed and judged in its time. */
export async function live(school: TestSchool, table: Table, from = 0): Promise<void> {
  const length = Math.max(...Object.values(table).map((weeks) => weeks.length))
  for (let n = 0; n < length; n++) {
    for (const [who, weeks] of Object.entries(table) as [StudentName, string][]) await ask(school, who, from + n, weeks[n] ?? " ")
    await sweep(school, sweepTime(from + n))
  }
}

export type Alert = {
  id: string
  kind: string
  level: string
  stage: string
  state: string
  closedAs: string | null
  week: string
  facts: AlertFacts
  about: string
  owner: string | null
}

/** Every alert there is, its student (or group) and owner by the names of the test school. */
export async function alertsIn(school: TestSchool): Promise<Alert[]> {
  const names = new Map([...Object.entries(school.people), ...Object.entries(school.groups)].map(([name, id]) => [id, name]))
  const found = await look<Alert>(
    school,
    sql`select id, kind, level, stage, state, closed_as as "closedAs", week, facts, subject_id as about, owner_id as owner from alert order by opened_at, kind, subject_id`,
  )
  const known = (id: string): string => names.get(id) ?? "another"
  return found.map((one) => ({ ...one, about: known(one.about), owner: one.owner === null ? null : known(one.owner) }))
}

/** "silence ada rivera", in the order of opening. */
export const said = async (school: TestSchool, state = "open"): Promise<string[]> =>
  (await alertsIn(school)).filter((one) => one.state === state).map((one) => `${one.kind} ${one.about} ${one.owner ?? "nobody"}`)

export async function historyIn(school: TestSchool, who: StudentName): Promise<{ start: string; weeks: string } | null> {
  const [row] = await look<{ start: string; weeks: string }>(school, sql`select start, weeks from history where student_id = ${school.people[who]}`)
  return row ?? null
}
