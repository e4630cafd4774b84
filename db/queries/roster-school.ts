import { sql } from "drizzle-orm"
import { hot, rows, type Tx } from "../client.ts"
import { wakeBy } from "./delivery-owe.ts"

const oneAtATime = 7_236_453

/** Every school there is: a school has a wake-up from its first moment, a workspace only once it is connected. Runs with or without a school. */
export async function schoolIds(tx: Tx): Promise<string[]> {
  const found = await rows<{ id: string }>(tx, sql`select school_id as id from wake union select school_id from workspace order by 1`)
  return found.map((row) => row.id)
}

/** Until this transaction ends nobody else makes a school: two first imports make one. */
export async function makeSchoolsAlone(tx: Tx): Promise<void> {
  await hot(tx, "select pg_advisory_xact_lock($1)", [oneAtATime])
}

/** Runs inside `withSchool` of the new school's own id. */
export async function createSchool(tx: Tx, school: { id: string; name: string; language: "en" | "es"; now: Date }): Promise<void> {
  await rows(tx, sql`insert into school (id, name, language, created_at) values (${school.id}, ${school.name}, ${school.language}, ${school.now})`)
  for (const chore of ["plan", "sweep"] as const) await wakeBy(tx, school.id, chore, school.now)
}
