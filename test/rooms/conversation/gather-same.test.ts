// Kept together or one by one, a school's rows say the same.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { rows, withSchool } from "../../../db/client.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, promptFor, type StudentName, seedSchool, type TestSchool } from "../../support/school.ts"
import { doorOf, said } from "./knock.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const week = { thursday: "2027-02-04", tuesday: "2027-02-09" }
const everybody = ["ada", "ben", "cleo", "dani", "eli", "gia"] as const satisfies readonly StudentName[]
const asked = everybody.filter((who) => who !== "gia")

/** Two of them are quiet, one has no question open, and one names an adult in words about danger. */
async function writeThrough(together: boolean): Promise<Record<string, unknown[]>> {
  const school = await seedSchool(database.db, { tenant: randomUUID() })
  for (const who of asked) await promptFor(school, who, week)
  for (const who of ["ben", "eli"] as const) await openAlert(school, who)
  const round = async (time: string, words: (who: StudentName) => string) => {
    const now = at(week.thursday, time)
    const door = await doorOf(school, now)
    const events = everybody.map((who) => said(school, who, now, words(who), `${who} at ${time}`))
    if (together) await Promise.all(events.map((event) => door.receive(event)))
    else for (const event of events) await door.receive(event)
  }
  await round("15:00", (who) => `${who} begins`)
  await round("15:10", (who) => (who === "cleo" ? "Ms Okafor hits me" : `${who} goes on`))
  await withSchool(school.db, school.id, (tx) =>
    rows(
      tx,
      sql`update reading set read_at = ${at(week.thursday, "16:00")}, read_by = ${school.people.rivera} where student_id = ${school.people.dani}`,
    ),
  )
  await round("17:30", (who) => `${who} thinks again`)
  return left(school)
}

const openAlert = (school: TestSchool, who: StudentName) =>
  withSchool(school.db, school.id, (tx) =>
    rows(
      tx,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, ${randomUUID()}, ${school.people[who]}, 'silence', 'alert', '2027-01-25', '{}', ${school.people.rivera}, 'owner',
            ${at("2027-02-02", "19:00")}, ${at("2027-02-05", "07:30")})`,
    ),
  )

async function left(school: TestSchool): Promise<Record<string, unknown[]>> {
  const [name, owner] = [sql`(select sourced_id from person where id = student_id)`, sql`(select sourced_id from person where id = owner_id)`]
  const by = async (query: ReturnType<typeof sql>) => (await look<{ row: unknown }>(school, query)).map(({ row }) => row)
  return {
    replies: await by(
      sql`select to_jsonb(t) as row from (select ${name} as who, occurrence_id is not null as asked, prompt_id, created_at, changed_at from reply) t order by t::text`,
    ),
    parts: await by(sql`select to_jsonb(t) as row from (select part, version, at, length(words) as size from reply_part) t order by t::text`),
    readings: await by(
      sql`select to_jsonb(t) as row from (select ${name} as who, ${owner} as owner, stage, due_at, read_at from reading) t order by t::text`,
    ),
    questions: await by(sql`select to_jsonb(t) as row from (select ${name} as who, state, answered_at from occurrence) t order by t::text`),
    weeks: await by(sql`select to_jsonb(t) as row from (select ${name} as who, start, weeks, last_answered_at from history) t order by t::text`),
    alerts: await by(sql`select to_jsonb(t) as row from (select state, closed_as, closed_at from alert where kind = 'silence') t order by t::text`),
    deeds: await by(
      sql`select to_jsonb(t) as row from (select act, at, via, (select sourced_id from person where id = actor_id) as who from deed) t order by t::text`,
    ),
    addresses: await by(sql`select to_jsonb(t) as row from (select user_id, route, used_at, trouble from address) t order by t::text`),
    dangers: await by(sql`select to_jsonb(t) as row from (select ${name} as who, level, state, opened_at from safety_event) t order by t::text`),
    wakes: await by(sql`select to_jsonb(t) as row from (select kind, platform, next_at from wake where school_id = ${school.id}) t order by t::text`),
  }
}

test("what six students write in an afternoon leaves the same rows, kept together or one by one", async () => {
  const alone = await writeThrough(false)
  expect(Object.entries(alone).filter(([, found]) => found.length === 0)).toEqual([])
  expect(await writeThrough(true)).toEqual(alone)
})
