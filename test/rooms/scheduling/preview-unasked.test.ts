import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { previewUnasked, previewWeek } from "../../../src/scheduling/preview.ts"
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
const unasked = () => sceneFor(school, at("2027-02-01", "09:00"), async (scene) => previewUnasked(scene, day, await previewWeek(scene, day)))
const join = (student: string, group: string) =>
  look(school, sql`insert into membership (school_id, group_id, student_id, from_date) values (${school.id}, ${group}, ${student}, '2027-01-11')`)

test("nobody is without a group that is on, where every plan is on", async () => {
  expect(await unasked()).toEqual({ students: 0, groups: [], alone: [] })
})

test("students of a plan that is off, and of no plan, are counted by group", async () => {
  await look(school, sql`update plan set active = false where id = ${school.plans.maple}`)
  await look(school, sql`delete from plan where id = ${school.plans.cedar}`)
  expect(await unasked()).toEqual({
    students: 7,
    groups: [
      { title: "Cedar advisory", plan: "none", students: 2 },
      { title: "Maple advisory", plan: "off", students: 5 },
    ],
    alone: [],
  })
})

test("a class counts only those who are in no advisory, and whoever is in no group at all is named", async () => {
  await look(school, sql`delete from membership where student_id in (${school.people.ben}, ${school.people.gia})`)
  await join(school.people.gia, school.groups.biology)
  expect(await unasked()).toEqual({
    students: 2,
    groups: [{ title: expect.stringContaining("Biology"), plan: "none", students: 1 }],
    alone: ["Ben Hollow"],
  })
})
