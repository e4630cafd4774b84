// What the door remembers of a school's own facts: right after every change, and nobody's failure but one's own.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows, type Tx, withSchool } from "../../../db/client.ts"
import { useVersion } from "../../../db/known.ts"
import { lockSchool } from "../../../db/queries/roster-apply.ts"
import { calendars } from "../../../db/queries/school.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import { closeSchool } from "../../../src/roster/apply-calendar.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, type PersonName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { doorOf, said, shown } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
})

const now = at("2027-02-04", "15:00")

test("a day that is closed between two events is a day later in the next answer, and reopened it counts again", async () => {
  const door = await doorOf(school, now)
  const readBy = async (who: PersonName) => {
    const answer = shown(await door.receive(said(school, who, now, "I built a crane.")))
    return /reads them by (\w+)/.exec(answer)?.[1] ?? answer
  }
  const close = (reopen: boolean) =>
    sceneFor(school, now, ({ tx, schoolId }) =>
      closeSchool({ tx, schoolId, ids: randomUUID, now }, { date: "2027-02-08", site: null, reason: "Snow day", reopen }),
    )
  expect(await readBy("ada")).toBe("Monday")
  await close(false)
  expect(await readBy("ben")).toBe("Tuesday")
  await close(true)
  expect(await readBy("cleo")).toBe("Monday")
})

test("an event whose transaction breaks takes no other with it", async () => {
  const sites = await withSchool(database.db, school.id, async (whole) => {
    const breaks = withSchool(database.db, school.id, async (broken) => {
      await rows(broken, sql`select 1 / 0`).catch(() => {})
      useVersion(broken, school.id, 1)
      useVersion(whole, school.id, 1)
      return calendars(broken)
    })
    await expect(breaks).rejects.toThrow("aborted")
    return [...(await calendars(whole)).keys()]
  })
  expect(sites.sort()).toEqual(Object.values(school.sites).sort())
})

test("an adult who goes away while a roster is imported waits for it, and stops nobody", async () => {
  const door = await doorOf(school, now)
  const going = eventFrom(school, "rivera", now, { kind: "commanded", command: "away", text: "until 2027-02-12 cover Okafor" })
  const waits = async (tx: Tx) =>
    (await rows(tx, sql`select 1 from pg_locks where not granted and locktype in ('transactionid', 'tuple')`)).length > 0
  let answered: Promise<Answer> | undefined
  await withSchool(database.db, school.id, async (tx) => {
    await lockSchool(tx, school.id)
    answered = door.receive(going)
    while (!(await waits(tx)));
    await rows(tx, sql`update person set preferred_name = 'Q' where id = ${school.people.rivera}`)
  })
  expect(answered && shown(await answered)).toContain("Okafor")
  expect(await look(school, sql`select 1 from away where adult_id = ${school.people.rivera}`)).toHaveLength(1)
})

describe("every change of a school's own facts is counted", () => {
  beforeEach(() => look(school, sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, 'brief.weekday', '3', now())`))
  const version = async (one: TestSchool) => (await look<{ n: number }>(one, sql`select version as n from school`))[0]?.n ?? Number.NaN
  const east = () => school.sites.east
  const changes: [string, () => ReturnType<typeof sql>][] = [
    [
      "a site that comes",
      () =>
        sql`insert into site (school_id, id, sourced_id, name, zone) select school_id, gen_random_uuid(), 'annex', 'Annex', zone from site limit 1`,
    ],
    ["a site that moves", () => sql`update site set zone = 'America/Chicago' where id = ${east()}`],
    ["a site that goes", () => sql`delete from site where id = ${east()}`],
    [
      "a term that comes",
      () =>
        sql`insert into term (school_id, id, sourced_id, title, starts, ends) values (${school.id}, gen_random_uuid(), 'summer', 'Summer', '2027-06-07', '2027-07-02')`,
    ],
    ["a term that moves", () => sql`update term set ends = '2027-06-11'`],
    ["a term that goes", () => sql`delete from term`],
    [
      "a day off that comes",
      () =>
        sql`insert into day_off (school_id, site_id, date, students, staff, reason, source) values (${school.id}, ${east()}, '2027-02-05', true, true, 'Snow', 'closed')`,
    ],
    ["a day off that changes", () => sql`update day_off set staff = true where date = '2027-04-05'`],
    ["a day off that goes", () => sql`delete from day_off where date = '2027-04-05'`],
    [
      "a setting that comes",
      () => sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, 'brief.time', '"07:00"', now())`,
    ],
    ["a setting that goes", () => sql`delete from setting`],
    ["an advisor whose tie ends", () => sql`update tie set to_date = '2027-02-03' where id = (select id from tie where kind = 'advisor' limit 1)`],
    ["a role that somebody loses", () => sql`delete from staff_role`],
    [
      "an adult who goes away",
      () => sql`insert into away (school_id, id, adult_id, from_date, until_date, cover_id)
        select school_id, gen_random_uuid(), id, '2027-02-01', '2027-02-12', id from person where role = 'staff' limit 1`,
    ],
    ["an adult who leaves", () => sql`update person set status = 'ended' where id = (select id from person where role = 'staff' limit 1)`],
    ["a name that changes", () => sql`update person set preferred_name = 'Q' where id = (select id from person where role = 'staff' limit 1)`],
  ]
  test.each(changes)("%s", async (_what, change) => {
    const other = await seedSchool(database.db, { tenant: randomUUID() })
    const before = [await version(school), await version(other)] as const
    await look(school, change())
    expect(await version(school)).toBe(before[0] + 1)
    expect(await version(other)).toBe(before[1])
  })

  test("but not a student who pauses or stops", async () => {
    const before = await version(school)
    await look(school, sql`update person set paused_until = '2027-03-01', stopped_at = now() where role = 'student'`)
    expect(await version(school)).toBe(before)
  })
})
