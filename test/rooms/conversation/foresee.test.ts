// What is asked before it is known who writes: whoever an account is now, never whom it was last.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { rows, withSchool } from "../../../db/client.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, seedSchool, type TestSchool } from "../../support/school.ts"
import { doorOf, said } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db, { tenant: randomUUID() })
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")

test("an account that is linked to another student writes for that one from then on", async () => {
  const door = await doorOf(school, now)
  await door.receive(said(school, "ada", now, "Mine."))
  const event = said(school, "ada", now, "Ben's now.")
  const { platform, tenant, user } = event.from.account
  await withSchool(database.db, school.id, (tx) =>
    rows(tx, sql`update account set person_id = ${school.people.ben} where platform = ${platform} and tenant = ${tenant} and user_id = ${user}`),
  )
  await door.receive(event)
  await door.receive(said(school, "ada", now, "And once more."))
  const replies = await look<{ studentId: string; parts: number }>(
    school,
    sql`select r.student_id as "studentId", count(*)::int as parts from reply r join reply_part p on p.school_id = r.school_id and p.reply_id = r.id group by r.student_id`,
  )
  const byStudent = new Map(replies.map(({ studentId, parts }) => [studentId, parts]))
  expect(byStudent).toEqual(
    new Map([
      [school.people.ada, 1],
      [school.people.ben, 2],
    ]),
  )
})

test("a second message of the same student finds the first, however soon it comes", async () => {
  const door = await doorOf(school, now)
  await door.receive(said(school, "cleo", now, "First."))
  await Promise.all([1, 2, 3, 4].map((n) => door.receive(said(school, "cleo", now, `Part ${n}.`))))
  const [found] = await look<{ replies: number; parts: number }>(
    school,
    sql`select count(distinct r.id)::int as replies, count(*)::int as parts from reply r join reply_part p on p.school_id = r.school_id and p.reply_id = r.id
        where r.student_id = ${school.people.cleo}`,
  )
  expect(found).toEqual({ replies: 1, parts: 5 })
})
