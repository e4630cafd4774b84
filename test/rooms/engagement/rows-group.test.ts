import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { alertBlocks } from "../../../src/engagement/alert-blocks.ts"
import { message } from "../../../src/platform/message.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, shown } from "../outreach/steps.ts"
import { advisory, alertsIn, monday, said, sweep, sweepTime } from "./weeks.ts"

let database: TestDatabase
let school: TestSchool
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
})

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const kinds = async () => (await alertsIn(school)).filter((one) => one.state === "open").map((one) => one.kind)
const shownTo = (language: "en" | "es") =>
  sceneFor(school, sweepTime(4), async (scene) =>
    message("Notes", await alertBlocks(scene, school.people.rivera, { limit: 3, home: "placed" }, language)),
  )

test("where half the group answers, three misses name nobody and four do", async () => {
  await advisory(school, ["amam", "mama", "amma", "mmaa", "maam", "amam", "maam", "ammm"])
  await sweep(school, sweepTime(3))
  expect(await alertsIn(school)).toEqual([])
  await advisory(school, ["amama", "mamam", "ammaa", "maama", "mamma", "amaam", "mamam", "ammmm"])
  await sweep(school, sweepTime(4))
  expect(await alertsIn(school)).toMatchObject([{ kind: "silence", facts: { needed: 4, missed: [monday(1), monday(2), monday(3), monday(4)] } }])
})

test("under 40% nobody is named; one notice says that the questions do not work, once", async () => {
  await advisory(school, [...times(6, "ammmm"), "ammma", "aaamm"])
  await sweep(school, sweepTime(4))
  await sweep(school, sweepTime(4))
  expect(await kinds()).toEqual(["prompts_not_working"])
  expect(shown(await shownTo("en"))).toBe(
    "Birch advisory: In the last 5 weeks the advisory answered 27 of 100 questions. When so few answer, one student's silence tells us nothing, so we name nobody. The questions are not working yet: worth asking the group which day, time or questions would suit them.\n",
  )
  expect(actionsOf(await shownTo("es"))).toEqual(["alert_acknowledge", "alert_more"])
})

test("when two in five go quiet together there is one notice about the group, and no names", async () => {
  await advisory(school, [...times(4, "aaaammm"), ...times(6, "aaaaaaa")])
  await sweep(school, sweepTime(6))
  expect(await alertsIn(school)).toMatchObject([{ kind: "group_dip", owner: "rivera", facts: { kind: "group_dip", quiet: 4, size: 10 } }])
})

test("when only some of them come back, the others are named and the notice goes", async () => {
  const { students } = await advisory(school, [...times(4, "aaaammm"), ...times(6, "aaaaaaa")])
  await sweep(school, sweepTime(6))
  await look(school, sql`update history set weeks = weeks || 'a' where student_id <> ${students[0]}`)
  await look(
    school,
    sql`with o as (insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at)
          select school_id, gen_random_uuid(), plan_id, group_id, student_id, local_date + 7, week + 7, opens_at + interval '7 days', closes_at + interval '7 days'
          from occurrence where student_id = ${students[0]} returning *)
        insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at, state, settled_at)
        select school_id, gen_random_uuid(), 'prompt', 'prompt:' || id, student_id, id, opens_at, closes_at, 'sent', opens_at from o`,
  )
  await sweep(school, sweepTime(7))
  expect((await alertsIn(school)).map(({ kind, state, closedAs }) => [kind, state, closedAs])).toEqual([
    ["group_dip", "closed", "answered"],
    ["silence", "open", null],
  ])
})

test("over a quarter that never started is one line about the group; one alone is a name", async () => {
  await advisory(school, [...times(3, "mm"), ...times(7, "aa")])
  await advisory(school, ["mm", ...times(9, "aa")])
  await sweep(school, sweepTime(1))
  expect((await kinds()).sort()).toEqual(["group_never_started", "never_started"])
})

test("a week in which the whole site was quiet is taken out, and brings nobody up", async () => {
  await advisory(school, [...times(40, "aaaam"), ...times(5, "aaaaa"), "aammm"])
  await sweep(school, sweepTime(4))
  expect(await alertsIn(school)).toEqual([])
  expect(await look(school, sql`select distinct right(weeks, 1) as letter from history order by 1`)).toEqual([{ letter: "a" }, { letter: "g" }])
})

test("an advisory of twenty is never a quiet site by chance", async () => {
  await advisory(school, [...times(14, "aaaaam"), ...times(6, "aaaaaa")])
  await sweep(school, sweepTime(5))
  expect(await look(school, sql`select from history where weeks like '%g'`)).toEqual([])
})

test("a class of three is named by three misses, whatever the other two do", async () => {
  await advisory(school, ["ammm", "ammm", "amma"])
  await sweep(school, sweepTime(3))
  expect(await said(school)).toEqual(["silence another rivera", "silence another rivera"])
})

test("a group whose students have no advisor goes to the counsellors", async () => {
  const { id } = await advisory(school, [...times(3, "mm"), ...times(3, "aa")])
  await look(school, sql`update tie set to_date = '2027-01-12' where group_id = ${id}`)
  await sweep(school, sweepTime(1))
  expect(await alertsIn(school)).toMatchObject([{ kind: "group_never_started", stage: "counsellors", owner: null }])
})
