import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { standingOf } from "../../../db/queries/people.ts"
import { may } from "../../../src/access/policy.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import {
  apply,
  changesOf,
  delta,
  type EmptySchool,
  emptySchool,
  inSchool,
  look,
  personId,
  reportOf,
  sampleRoster,
  smallRoster,
} from "./apply-stage.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ max: 4 })
})
afterAll(() => database.close())

const now = new Date("2026-09-01T15:00:00Z")
const later = new Date("2026-10-06T15:00:00Z")
const school = () => emptySchool(database.db, now)

type TieRow = { student: string; adult: string; kind: string; lead: boolean; from: string; to: string | null }
const ties = (of: EmptySchool): Promise<TieRow[]> =>
  look(
    of,
    sql`select s.sourced_id as student, a.sourced_id as adult, t.kind, t.lead, t.from_date as "from", t.to_date as "to"
        from tie t join person s on s.id = t.student_id join person a on a.id = t.adult_id order by 3, 1, 2, 5`,
  )
const told = (list: readonly TieRow[]) =>
  list.map((tie) => `${tie.student} ${tie.kind} ${tie.adult}${tie.lead ? "*" : ""} ${tie.from}..${tie.to ?? ""}`)

test("a roster whose terms are all over says when the last one ended", async () => {
  const one = await school()
  expect(reportOf(await apply(one, now, smallRoster())).termsEnded).toBeNull()
  const past = smallRoster((roster) => {
    roster.terms = [
      { sourcedId: "b", title: "Second half", start: "2022-01-10", end: "2022-06-11" },
      { sourcedId: "a", title: "First half", start: "2021-08-30", end: "2021-12-17" },
    ]
  })
  expect(reportOf(await apply(one, now, past)).termsEnded).toBe("2022-06-11")
})

test("a roster asks for the people of the school's workspaces to be read again, and leaves what their chat said of them", async () => {
  const one = await school()
  await apply(one, now, smallRoster())
  const tenant = `T-${one.id}`
  await look(one, sql`insert into workspace (platform, tenant, school_id) values ('slack', ${tenant}, ${one.id})`)
  await look(one, sql`update person set zone = 'Europe/Madrid', chat_language = 'es'`)
  await apply(
    one,
    now,
    smallRoster((roster) => {
      for (const person of roster.people) person.familyName = "Otherwise"
    }),
  )
  expect(await look(one, sql`select kind, tenant, next_at as at from wake where tenant = ${tenant}`)).toEqual([{ kind: "enrol", tenant, at: now }])
  const kept = await look(one, sql`select distinct family_name as name, zone, chat_language as language from person`)
  expect(kept).toEqual([{ name: "Otherwise", zone: "Europe/Madrid", language: "es" }])
})

describe("a roster makes", () => {
  test("people, groups and ties: the first teacher of an advisory leads, every teacher of it advises, a class is only a class", async () => {
    const one = await school()
    const applied = await apply(one, now, smallRoster())
    expect(changesOf(applied)).toEqual([
      "sites +1 ~0 -0",
      "terms +1 ~0 -0",
      "people +7 ~0 -0",
      "groups +3 ~0 -0",
      "memberships +5 ~0 -0",
      "ties +7 ~0 -0",
    ])
    expect(told(await ties(one))).toEqual([
      "s1 advisor t1* 2026-09-01..",
      "s1 advisor t2 2026-09-01..",
      "s2 advisor t1* 2026-09-01..",
      "s2 advisor t2 2026-09-01..",
      "s3 advisor t2* 2026-09-01..",
      "s1 class t3* 2026-09-01..",
      "s4 class t3* 2026-09-01..",
    ])
    expect(reportOf(applied).advisories).toMatchObject([
      { title: "Elm advisory", lead: "Given t2 Family t2", students: 1, why: "its title says advisory" },
      { title: "Oak advisory", lead: "Given t1 Family t1", students: 2 },
    ])
    expect(reportOf(applied).studentsWithoutAdvisor).toEqual(["Given s4 Family s4"])
  })

  test("nothing new when it comes again, on that day or later", async () => {
    const one = await school()
    await apply(one, now, smallRoster(), { consent: "school" })
    expect(changesOf(await apply(one, now, smallRoster(), { consent: "school" }))).toEqual([])
    expect(changesOf(await apply(one, later, smallRoster()))).toEqual([])
    expect(reportOf(await apply(one, later, smallRoster(), { consent: "school" })).consented).toBe(0)
  })

  test("one school's worth of rows when two imports race, and what the second finds is already there", async () => {
    const one = await school()
    const both = await Promise.all([apply(one, now, smallRoster()), apply(one, now, smallRoster())])
    expect(new Set(both.map((applied) => changesOf(applied).length))).toEqual(new Set([0, 6]))
    expect(await ties(one)).toHaveLength(7)
  })

  test("the sample school: sixty students, each with an advisor, at two sites in two zones", async () => {
    const one = await school()
    const bySite = { "lvs-ridge": "America/New_York", "Prairie Campus": "America/Chicago", "lvs-prairie": "America/Chicago" }
    const roster = await sampleRoster()
    const known = Object.fromEntries(Object.entries(bySite).filter(([key]) => roster.sites.some((site) => [site.sourcedId, site.name].includes(key))))
    const report = reportOf(await apply(one, now, roster, { consent: "school", zones: { everywhere: null, bySite: known } }))
    expect([report.changes.people.added, report.consented, report.studentsWithoutAdvisor, report.advisories.length]).toEqual([74, 60, [], 6])
    expect(report.advisories.map((advisory) => advisory.students)).toEqual(Array(6).fill(10))
    expect(await look(one, sql`select zone from site order by sourced_id`)).toEqual([{ zone: "America/Chicago" }, { zone: "America/New_York" }])
    expect(changesOf(await apply(one, later, roster, { zones: { everywhere: null, bySite: {} } }))).toEqual([])
  })
})

describe("a roster that is whole ends what it no longer names", () => {
  test("a person who left, their memberships and ties today; what was theirs stays on record", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const without = smallRoster((roster) => {
      roster.people = roster.people.filter((person) => person.sourcedId !== "s2")
      roster.memberships = roster.memberships.filter((tie) => tie.studentSourcedId !== "s2")
    })
    expect(changesOf(await apply(one, later, without))).toEqual(["people +0 ~0 -1", "memberships +0 ~0 -1", "ties +0 ~0 -2"])
    expect(told(await ties(one)).filter((tie) => tie.startsWith("s2"))).toEqual([
      "s2 advisor t1* 2026-09-01..2026-10-06",
      "s2 advisor t2 2026-09-01..2026-10-06",
    ])
    expect(changesOf(await apply(one, new Date("2026-10-08T15:00:00Z"), without))).toEqual([])
  })

  test("an advisor, who reads nothing from the next day on", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const without = smallRoster((roster) => {
      roster.teachings = roster.teachings.filter((tie) => tie.sourcedId !== "e-oak-t2")
    })
    await apply(one, later, without)
    const [student, adult] = [await personId(one, "s1"), await personId(one, "t2")]
    const verdict = (day: string) =>
      inSchool(one, later, async ({ tx }) => may({ role: "staff", staffRoles: [] }, "read_words", await standingOf(tx, adult, student, day)))
    expect(await verdict("2026-10-06")).toEqual({ allowed: true, since: "2026-09-01" })
    expect(await verdict("2026-10-07")).toEqual({ allowed: false })
  })

  test("but nobody where that table was not handed in", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const orgsAndUsers = smallRoster((roster) => {
      Object.assign(roster, { given: ["orgs", "users"], terms: [], groups: [], memberships: [], teachings: [] })
    })
    expect(changesOf(await apply(one, later, orgsAndUsers))).toEqual([])
  })

  test("and takes back who returns, as somebody new to what was written meanwhile", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const without = smallRoster((roster) => {
      roster.people = roster.people.filter((person) => person.sourcedId !== "s3")
      roster.memberships = roster.memberships.filter((tie) => tie.studentSourcedId !== "s3")
    })
    await apply(one, later, without)
    expect(changesOf(await apply(one, new Date("2026-12-01T15:00:00Z"), smallRoster()))).toEqual([
      "people +0 ~1 -0",
      "memberships +1 ~0 -0",
      "ties +1 ~0 -0",
    ])
    expect(told(await ties(one)).filter((tie) => tie.startsWith("s3"))).toEqual([
      "s3 advisor t2* 2026-09-01..2026-10-06",
      "s3 advisor t2* 2026-12-01..",
    ])
  })
})

describe("dates", () => {
  test("of an enrolment bound its ties, and a role's last day bounds its holder's", async () => {
    const one = await school()
    const dated = smallRoster((roster) => {
      roster.memberships = roster.memberships.map((tie) => ({ ...tie, from: "2026-08-31", to: "2027-06-11" }))
      roster.people = roster.people.map((person) => (person.sourcedId === "t2" ? { ...person, until: "2026-12-18" } : person))
    })
    await apply(one, now, dated)
    expect(told(await ties(one)).filter((tie) => tie.startsWith("s1 advisor"))).toEqual([
      "s1 advisor t1* 2026-09-01..2027-06-11",
      "s1 advisor t2 2026-09-01..2026-12-18",
    ])
  })

  test("corrected by the roster move the tie instead of making a second one", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const corrected = smallRoster((roster) => {
      roster.memberships = roster.memberships.map((tie) => ({ ...tie, from: "2026-08-24" }))
      roster.teachings = roster.teachings.map((tie) => ({ ...tie, from: "2026-08-24" }))
    })
    expect(changesOf(await apply(one, later, corrected))).toEqual(["memberships +0 ~5 -0", "ties +0 ~7 -0"])
    expect((await ties(one)).map((tie) => tie.from)).toEqual(Array(7).fill("2026-08-24"))
  })

  test("do not begin anew when an export gives the same enrolment another key", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const renamed = smallRoster((roster) => {
      roster.memberships = roster.memberships.map((tie) => ({ ...tie, sourcedId: `again-${tie.sourcedId}` }))
      roster.teachings = roster.teachings.map((tie) => ({ ...tie, sourcedId: `again-${tie.sourcedId}` }))
    })
    expect(changesOf(await apply(one, later, renamed))).toEqual([])
  })
})

describe("a delta", () => {
  test("adds a student to an advisory whose teachers it does not repeat", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const joins = delta((roster) => {
      roster.memberships = [{ sourcedId: "new", groupSourcedId: "elm", studentSourcedId: "s4", from: "2026-10-05", to: null }]
    })
    expect(changesOf(await apply(one, later, joins))).toEqual(["memberships +1 ~0 -0", "ties +1 ~0 -0"])
    expect(told(await ties(one))).toContain("s4 advisor t2* 2026-10-05..")
  })

  test("ends what it marks, by key alone, and nothing else", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const leaves = delta((roster) => {
      roster.ended.enrollments = ["e-oak-s1"]
      roster.ended.classes = ["art"]
      roster.ended.users = ["t2", "nobody"]
    })
    expect(changesOf(await apply(one, later, leaves))).toEqual(["people +0 ~0 -1", "groups +0 ~0 -1", "memberships +0 ~0 -3", "ties +0 ~0 -6"])
    expect(told(await ties(one)).filter((tie) => tie.endsWith(".."))).toEqual(["s2 advisor t1* 2026-09-01.."])
  })

  test("changes someone known without saying their role, and adds nobody that way", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const change = delta((roster) => {
      const [known] = smallRoster().people
      if (known)
        roster.people = [
          { ...known, role: null, preferredName: "Sol" },
          { ...known, sourcedId: "stranger", role: null },
        ]
    })
    expect(changesOf(await apply(one, later, change))).toEqual(["people +0 ~1 -0"])
    expect(await look(one, sql`select role, preferred_name as name from person where sourced_id = 's1'`)).toEqual([{ role: "student", name: "Sol" }])
  })
})

describe("consent", () => {
  const consents = async (of: EmptySchool) =>
    (await look<{ consent: string }>(of, sql`select consent from person where role = 'student' order by sourced_id`)).map((row) => row.consent)

  test("is none until it is said, is never asked of staff, and goes up but not silently down", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    expect(await consents(one)).toEqual(Array(4).fill("none"))
    await apply(one, now, smallRoster(), { consent: "school" })
    await look(one, sql`update person set consent = 'own' where sourced_id = 's4'`)
    expect(reportOf(await apply(one, now, smallRoster(), { consent: "parent" })).consented).toBe(3)
    await apply(one, now, smallRoster(), { consent: "school" })
    await apply(one, now, smallRoster())
    expect(await consents(one)).toEqual(["parent", "parent", "parent", "own"])
    expect(await look(one, sql`select distinct consent from person where role = 'staff'`)).toEqual([{ consent: "none" }])
  })
})

describe("a roster is not taken", () => {
  test("where a site has no zone, or the zone or the site is not one", async () => {
    const one = await school()
    expect(await apply(one, now, smallRoster(), { zones: { everywhere: null, bySite: {} } })).toEqual({
      kind: "zone_missing",
      sites: [{ sourcedId: "main", name: "Main building" }],
    })
    expect(await apply(one, now, smallRoster(), { zones: { everywhere: "Middle/Nowhere", bySite: {} } })).toEqual({
      kind: "zone_unknown",
      zones: ["Middle/Nowhere"],
    })
    expect(await apply(one, now, smallRoster(), { zones: { everywhere: null, bySite: { annex: "America/Denver" } } })).toMatchObject({
      kind: "site_unknown",
    })
    expect(await look(one, sql`select from person`)).toEqual([])
  })

  test("where more than half of the students or of the staff would be gone, until somebody says yes", async () => {
    const one = await school()
    await apply(one, now, smallRoster())
    const only = (...keys: string[]) =>
      smallRoster((roster) => {
        roster.people = roster.people.filter((person) => keys.includes(person.sourcedId))
      })
    expect(await apply(one, later, only("s1", "t1", "t2", "t3"))).toEqual({ kind: "shrinks", who: "student", now: 4, kept: 1 })
    expect(await apply(one, later, only("s1", "s2", "t1"))).toEqual({ kind: "shrinks", who: "staff", now: 3, kept: 1 })
    expect(await look(one, sql`select from person where status = 'ended'`)).toEqual([])
    expect(changesOf(await apply(one, later, only("s1", "t1"), { expectShrink: true }))).toContain("people +0 ~0 -5")
  })
})

test("a district of tens of thousands is laid out in steps, and says how far it is", async () => {
  const one = await school()
  const steps: number[] = []
  const many = smallRoster((roster) => {
    const [first] = roster.people
    if (first) roster.people.push(...Array.from({ length: 12_000 }, (_, n) => ({ ...first, sourcedId: `x${n}`, email: null })))
  })
  const report = reportOf(await apply(one, now, many, { progress: (done) => steps.push(done) }))
  expect(report.changes.people.added).toBe(12_007)
  expect(steps.length).toBeGreaterThan(3)
})
