import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { planSchool } from "../../../src/scheduling/plan.ts"
import { previewWeek } from "../../../src/scheduling/preview.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
})

const day = "2027-02-04"
const preview = (date = day) => sceneFor(school, at("2027-02-01", "09:00"), (scene) => previewWeek(scene, date))
const group = async (title: string, date = day) => {
  const found = (await preview(date)).find((one) => one.title === title)
  if (!found) throw new Error(`no group ${title}`)
  return found
}
const hindrances = async (title = "Maple advisory", date = day) =>
  Object.fromEntries((await group(title, date)).students.map(({ name, hindrance }) => [name.split(" ")[0], hindrance]))

test("a preview names those who are then asked, and no others", async () => {
  await look(school, sql`update person set stopped_at = ${at(day, "08:00")}, paused_until = null where id = ${school.people.ben}`)
  await look(school, sql`update person set paused_until = '2027-02-20' where id = ${school.people.cleo}`)
  await look(school, sql`delete from address where user_id = 'gia'`)
  await look(
    school,
    sql`insert into membership (school_id, group_id, student_id, from_date) values (${school.id}, ${school.groups.cedar}, ${school.people.ada}, '2027-01-11')`,
  )
  const previewed = (await preview()).flatMap(({ students }) => students.flatMap(({ name, hindrance }) => (hindrance === null ? [name] : [])))
  await sceneFor(school, at(day, "14:45", "west"), planSchool)
  const planned = await look<{ name: string }>(
    school,
    sql`select coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name from delivery d join person p on p.id = d.person_id
        where d.kind = 'prompt' and d.state = 'planned'`,
  )
  expect(previewed.toSorted()).toEqual(planned.map(({ name }) => name).toSorted())
  expect(previewed.toSorted()).toEqual(["Ada Brook", "Dani Sol", "Eli Stone"])
})

test("a preview says of everybody else why not", async () => {
  await look(school, sql`update person set stopped_at = ${at(day, "08:00")} where id = ${school.people.ben}`)
  await look(school, sql`update person set paused_until = '2027-02-20' where id = ${school.people.cleo}`)
  await look(school, sql`delete from address where user_id = 'dani'`)
  await look(school, sql`update address set trouble = 'left' where user_id = 'ada'`)
  expect(await hindrances()).toEqual({ Ada: "trouble", Ben: "stop", Cleo: "pause", Dani: "no_account", Finn: "consent" })
})

test("a preview says who is too young for the only platform they have an account on, and who is old enough", async () => {
  const { people } = school
  await look(school, sql`update person set grade = '11' where id = ${people.ben}`)
  await look(school, sql`update address set platform = 'slack' where user_id in ('ada', 'ben')`)
  await look(
    school,
    sql`insert into account (platform, tenant, user_id, school_id, person_id) select 'slack', ${school.tenant}, a.user_id, a.school_id, a.person_id from account a
        where a.school_id = ${school.id} and a.user_id in ('ada', 'ben', 'cleo')`,
  )
  expect(await hindrances()).toMatchObject({ Ada: "too_young", Ben: null, Cleo: null })
})

test("a preview says when, and who reads", async () => {
  const { placed, students, zone, on } = await group("Maple advisory")
  expect(placed).toMatchObject({ kind: "placed", date: day, opensAt: at(day, "14:45"), closesAt: at("2027-02-09", "18:00") })
  expect([zone, on]).toEqual(["America/New_York", true])
  expect(students.find(({ name }) => name === "Ada Brook")?.adult).toBe("Rosa Rivera")
})

test("a preview of a week of holidays says why nobody is asked", async () => {
  expect((await group("Maple advisory", "2027-03-17")).placed).toEqual({ kind: "none", why: "break" })
})

test("a preview shows a group that is off as off", async () => {
  await look(school, sql`update plan set active = false where id = ${school.plans.maple}`)
  expect((await group("Maple advisory")).on).toBe(false)
})

test("a preview of the week in which a plan was switched on too late says so", async () => {
  await look(school, sql`update plan set since = ${at("2027-02-05", "10:00")} where id = ${school.plans.maple}`)
  expect((await hindrances()).Ada).toBe("opened_before")
  expect((await hindrances("Maple advisory", "2027-02-11")).Ada).toBeNull()
})

test("a preview shows a student of two groups as asked by the one that opens first", async () => {
  await look(
    school,
    sql`insert into membership (school_id, group_id, student_id, from_date) values (${school.id}, ${school.groups.cedar}, ${school.people.ada}, '2027-01-11')`,
  )
  expect((await hindrances()).Ada).toBeNull()
  expect((await hindrances("Cedar advisory")).Ada).toBe("other_group")
})

test("a preview changes nothing", async () => {
  await preview()
  expect(await look(school, sql`select 1 from occurrence`)).toEqual([])
  expect(await look(school, sql`select 1 from delivery`)).toEqual([])
})
