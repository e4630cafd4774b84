import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { calendars } from "../../../db/queries/school.ts"
import { applyCalendar, closeSchool } from "../../../src/roster/apply-calendar.ts"
import { type CalendarReading, readTypedList } from "../../../src/roster/calendar-import.ts"
import { isSchoolDay } from "../../../src/scheduling/calendar.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { apply, type EmptySchool, emptySchool, inSchool, look, smallRoster } from "./apply-stage.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = new Date("2026-09-01T15:00:00Z")

/** Two buildings; the roster names a term unless it is asked not to. */
async function school(terms = true): Promise<EmptySchool> {
  const one = await emptySchool(database.db, now)
  const roster = smallRoster((given) => {
    given.sites.push({ sourcedId: "annex", name: "Annex", kind: "school" })
    if (!terms) given.terms = []
  })
  await apply(one, now, roster)
  return one
}

const list = (...lines: string[]): CalendarReading => readTypedList(lines.join("\n"))
const take = (one: EmptySchool, reading: CalendarReading, source: "ics" | "typed" = "ics", site: string | null = null) =>
  inSchool(one, now, (scene) => applyCalendar(scene, reading, { site, source }))
const close = (one: EmptySchool, date: string, options: { site?: string; reopen?: true } = {}) =>
  inSchool(one, now, (scene) => closeSchool(scene, { date, site: options.site ?? null, reason: "Snow day", reopen: options.reopen ?? false }))

const daysOff = (one: EmptySchool, site = "main") =>
  look<{ day: string }>(
    one,
    sql`select d.date || ' ' || case when students then 's' else '-' end || case when staff then 't' else '-' end || ' ' || source as day
        from day_off d join site s on s.id = d.site_id where s.sourced_id = ${site} order by 1`,
  ).then((rows) => rows.map((row) => row.day))
const terms = (one: EmptySchool) => look(one, sql`select sourced_id as key, starts, ends from term order by starts, sourced_id`)

const autumn = list("2026-10-09 students Teacher workday", "2026-11-26..2026-11-27 all Thanksgiving")

describe("a calendar", () => {
  test("closes days at every site, for students and staff apart, and the planner sees it", async () => {
    const one = await school()
    expect(await take(one, autumn)).toMatchObject({
      kind: "applied",
      report: { sites: ["Annex", "Main building"], days: { added: 6, changed: 0, ended: 0 } },
    })
    expect(await daysOff(one)).toEqual(["2026-10-09 s- ics", "2026-11-26 st ics", "2026-11-27 st ics"])
    const known = [...(await inSchool(one, now, ({ tx }) => calendars(tx))).values()]
    expect(known.map((calendar) => [isSchoolDay(calendar, "2026-10-09", "students"), isSchoolDay(calendar, "2026-10-09", "staff")])).toEqual([
      [false, true],
      [false, true],
    ])
  })

  test("again changes nothing, and a newer one replaces what the older one said from its first day on", async () => {
    const one = await school()
    await take(one, list("2026-09-07 all Labor Day", "2026-10-09 students Teacher workday", "2026-11-26 all Thanksgiving"))
    const newer = list("2026-10-09 all Everybody off", "2026-12-24 all Christmas Eve")
    expect(await take(one, newer)).toMatchObject({ report: { days: { added: 2, changed: 2, ended: 2 } } })
    expect(await daysOff(one)).toEqual(["2026-09-07 st ics", "2026-10-09 st ics", "2026-12-24 st ics"])
    expect(await take(one, newer)).toMatchObject({ report: { days: { added: 0, changed: 0, ended: 0 } } })
  })

  test("may speak of one site only, by key or name", async () => {
    const one = await school()
    await take(one, autumn, "ics", "Annex")
    expect([await daysOff(one), (await daysOff(one, "annex")).length]).toEqual([[], 3])
    expect(await take(one, autumn, "ics", "barn")).toEqual({ kind: "site_unknown", known: ["annex", "main"] })
  })

  test("gives way to a typed list, and both to a day that was closed by hand", async () => {
    const one = await school()
    await take(one, autumn)
    await take(one, list("2026-10-09 all Everybody off"), "typed")
    await close(one, "2026-10-23")
    await take(one, list("2026-10-09 students Teacher workday", "2026-10-23 students Teacher workday"))
    expect(await daysOff(one)).toEqual(["2026-10-09 st typed", "2026-10-23 st closed"])
  })
})

describe("terms", () => {
  const year: CalendarReading = { ...list("2026-08-24..2027-06-04 term"), days: [] }
  test("that a calendar infers stand only until a roster or a person names some", async () => {
    const one = await school(false)
    await take(one, year)
    expect(await terms(one)).toEqual([{ key: "ics:2026-08-24", starts: "2026-08-24", ends: "2027-06-04" }])
    await apply(one, now, smallRoster())
    expect(await terms(one)).toEqual([{ key: "year", starts: "2026-08-31", ends: "2027-06-11" }])
    expect(await take(one, year)).toMatchObject({ report: { terms: { added: 0, changed: 0, ended: 0 }, inForce: [{ sourcedId: "year" }] } })
    await take(one, list("2026-08-26..2027-06-15 term"), "typed")
    await apply(one, now, smallRoster())
    expect((await terms(one)).length).toBe(2)
  })
})

describe("a day closed by hand", () => {
  test("is closed for everybody, once, and can be taken back", async () => {
    const one = await school()
    await take(one, autumn)
    expect(await close(one, "2026-10-09")).toEqual({ kind: "closed", sites: ["Annex", "Main building"], changed: 2 })
    expect(await close(one, "2026-10-09")).toMatchObject({ changed: 0 })
    expect(await close(one, "2026-11-26")).toMatchObject({ changed: 0 })
    expect(await close(one, "2026-10-09", { site: "main", reopen: true })).toMatchObject({ kind: "reopened", changed: 1 })
    expect(await daysOff(one)).toEqual(["2026-11-26 st ics", "2026-11-27 st ics"])
  })
  test("is a real day, and not over", async () => {
    const one = await school()
    expect(await close(one, "2026-02-30")).toEqual({ kind: "not_a_date" })
    expect(await close(one, "2026-08-31")).toEqual({ kind: "past", today: "2026-09-01" })
  })
})
