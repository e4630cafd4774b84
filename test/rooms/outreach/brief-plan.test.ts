import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { ContactKind } from "../../../db/queries/outreach-contact.ts"
import { logContact } from "../../../src/outreach/contacts.ts"
import { planBriefs } from "../../../src/outreach/plan-briefs.ts"
import { planSchool } from "../../../src/scheduling/plan.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type StaffName, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { answerFrom, press, submit } from "./steps.ts"

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

/** A Wednesday, and the two after it. */
const first = at("2027-01-20", "07:30")
const second = at("2027-01-27", "07:30")
const third = at("2027-02-03", "07:30")

const plan = (now: Date): Promise<Date | null> => sceneFor(school, now, planBriefs)
const met = (adult: StaffName, student: StudentName, when: Date, kind: ContactKind = "hello") =>
  sceneFor(school, when, (scene) =>
    logContact(scene, { studentId: school.people[student], adultId: school.people[adult], kind, source: `${adult}:${when.toISOString()}`, at: when }),
  )

/** "rivera: ben cleo ada", each brief of a week that Monday names, in the names' order. */
async function briefs(week: string): Promise<string[]> {
  const nameOf = new Map(Object.entries(school.people).map(([name, id]) => [id, name]))
  const found = await look<{ adult: string; names: string[] }>(
    school,
    sql`select b.adult_id as adult, coalesce(array_agg(n.student_id order by n.rank) filter (where n.student_id is not null), '{}') as names
        from brief b left join brief_name n on n.school_id = b.school_id and n.brief_id = b.id where b.week = ${week} group by b.adult_id`,
  )
  return found.map(({ adult, names }) => `${nameOf.get(adult)}: ${names.map((id) => nameOf.get(id)).join(" ")}`).sort()
}

const ofRivera = async (week: string) => (await briefs(week)).find((one) => one.startsWith("rivera"))

describe("whose names", () => {
  test("every adult with advisor ties gets three at most; a class teacher and the principal get none", async () => {
    await plan(first)
    await plan(at("2027-01-20", "07:30", "west"))
    expect(await briefs("2027-01-18")).toEqual(["okafor: eli gia cleo", "rivera: ada ben cleo"])
  })

  test("longest without contact first: never, then the oldest day", async () => {
    await met("rivera", "ada", at("2027-01-19", "10:00"))
    await met("rivera", "ben", at("2027-01-13", "10:00"), "hallway")
    await met("rivera", "cleo", at("2027-01-12", "10:00"), "reply")
    await met("okafor", "dani", at("2027-01-19", "10:00"))
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: finn dani cleo")
  })

  test("an answer read counts, and so does a line", async () => {
    for (const who of ["ada", "ben", "dani"] as const) await answerFrom(school, who, at("2027-01-14", "15:00"), "I like maps.")
    await press(school, "rivera", at("2027-01-15", "08:00"), "reading_open", "")
    const [waiting] = await look<{ id: string }>(school, sql`select reply_id as id from reading where student_id = ${school.people.ada}`)
    await press(school, "rivera", at("2027-01-15", "08:01"), "reading_read", waiting?.id ?? "")
    const [next] = await look<{ id: string }>(school, sql`select reply_id as id from reading where student_id = ${school.people.ben}`)
    await submit(school, "rivera", at("2027-01-15", "08:02"), "reading_line", next?.id ?? "", { words: "Show me one." })
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: cleo finn dani")
  })

  test("the quiet come first only between equals", async () => {
    const quiet = (who: StudentName) =>
      look(school, sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${school.people[who]}, '2027-01-11', 'amm')`)
    await quiet("dani")
    await quiet("ben")
    await met("rivera", "ben", at("2027-01-12", "10:00"))
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: dani ada cleo")
  })

  test("between equals, whoever was not named for longest; so everybody comes up", async () => {
    await plan(first)
    await plan(second)
    expect(await ofRivera("2027-01-18")).toBe("rivera: ada ben cleo")
    expect(await ofRivera("2027-01-25")).toBe("rivera: finn dani ada")
  })

  test("a name that stood unmoved in the two briefs before gives way to the next, and comes back", async () => {
    for (const who of ["ada", "ben", "dani"] as const) await met("rivera", who, at("2027-01-12", "10:00"))
    await met("rivera", "ada", at("2027-01-13", "10:00"))
    await met("rivera", "ben", at("2027-01-14", "10:00"))
    await plan(first)
    await plan(second)
    expect([await ofRivera("2027-01-18"), await ofRivera("2027-01-25")]).toEqual(["rivera: cleo finn dani", "rivera: cleo finn dani"])
    await met("rivera", "finn", at("2027-02-02", "10:00"))
    await plan(third)
    expect(await ofRivera("2027-02-01")).toBe("rivera: ada ben finn")
    await plan(at("2027-02-10", "07:30"))
    expect(await ofRivera("2027-02-08")).toBe("rivera: cleo dani ada")
  })

  const withOkafor = (who: StudentName, lead: boolean) =>
    look(
      school,
      sql`insert into tie (school_id, id, student_id, adult_id, kind, lead, source, from_date)
          values (${school.id}, gen_random_uuid(), ${school.people[who]}, ${school.people.okafor}, 'advisor', ${lead}, 'caseload', '2027-01-11')`,
    )

  test("of two advisors in one go the lead keeps the names, and the other's begin after them", async () => {
    for (const who of ["ada", "ben", "dani", "finn"] as const) await withOkafor(who, false)
    await look(school, sql`update person set site_id = ${school.sites.east} where id = ${school.people.okafor}`)
    await plan(first)
    expect(await briefs("2027-01-18")).toEqual(["okafor: finn dani eli", "rivera: ada ben cleo"])
  })

  test("so it is where the other's brief was written first, and with too few students a name comes twice", async () => {
    for (const who of ["ada", "ben", "dani"] as const) await withOkafor(who, true)
    await look(
      school,
      sql`update tie set to_date = '2027-01-19' where adult_id = ${school.people.okafor} and student_id in (${school.people.eli}, ${school.people.gia})`,
    )
    await plan(first)
    await plan(at("2027-01-20", "07:30", "west"))
    expect(await briefs("2027-01-18")).toEqual(["okafor: dani ada ben", "rivera: ada ben cleo"])
  })

  test("a new advisor's brief is of their own students, and an ended tie is out of it", async () => {
    await look(school, sql`update tie set to_date = '2027-01-19' where adult_id = ${school.people.rivera} and student_id <> ${school.people.dani}`)
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: dani")
  })

  test("whoever covers gets the names, with the contacts of the one who is away", async () => {
    await met("rivera", "finn", at("2027-01-15", "10:00"))
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.tanner}, '2027-01-20', '2027-01-22')`,
    )
    await plan(first)
    expect(await briefs("2027-01-18")).toEqual(["tanner: ada ben cleo"])
    await plan(second)
    expect(await briefs("2027-01-25")).toEqual(["rivera: ada ben cleo"])
  })

  test("students with an open alert of this adult are not repeated, and take from the three", async () => {
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, gen_random_uuid(), ${school.people.ada}, 'silence', 'alert', '2027-01-11', '{}', ${school.people.rivera}, 'owner',
            ${at("2027-01-19", "22:00")}, ${first})`,
    )
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: ben cleo")
    await met("rivera", "ada", at("2027-01-25", "10:00"))
    await plan(second)
    expect(await ofRivera("2027-01-25")).toBe("rivera: finn dani ben")
  })

  test("whom another adult's open alert is about comes after all others, and after a closed one in their turn", async () => {
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, gen_random_uuid(), ${school.people.ada}, 'silence', 'alert', '2027-01-11', '{}', ${school.people.okafor}, 'owner',
            ${at("2027-01-19", "22:00")}, ${first})`,
    )
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: ben cleo finn")
    await look(school, sql`update alert set state = 'closed', closed_as = 'useful'`)
    await plan(second)
    expect(await ofRivera("2027-01-25")).toBe("rivera: ada dani ben")
  })

  test("whom a note on the counsellor list is about comes after all others", async () => {
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, gen_random_uuid(), ${school.people.ada}, 'silence', 'alert', '2027-01-11', '{}', null, 'counsellors',
            ${at("2027-01-19", "22:00")}, ${first})`,
    )
    await plan(first)
    expect(await ofRivera("2027-01-18")).toBe("rivera: ben cleo finn")
  })

  test("of thirty students never more than three are named", async () => {
    await look(
      school,
      sql`with s as (insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id)
            select ${school.id}::uuid, gen_random_uuid(), 'extra' || n, 'student', 'S' || n, 'Sample', ${school.sites.east}::uuid from generate_series(1, 30) n returning id)
          insert into tie (school_id, id, student_id, adult_id, kind, source, from_date)
          select ${school.id}::uuid, gen_random_uuid(), id, ${school.people.rivera}::uuid, 'advisor', 'caseload', '2027-01-11' from s`,
    )
    for (let week = 0; week < 12; week++) await plan(new Date(first.getTime() + week * 7 * 86_400_000))
    const counts = await look<{ names: number; students: number }>(
      school,
      sql`select (select max(c)::int from (select count(*) as c from brief_name group by brief_id) x) as names, count(distinct student_id)::int as students
          from brief_name n join brief b on b.school_id = n.school_id and b.id = n.brief_id where b.adult_id = ${school.people.rivera}`,
    )
    expect(counts).toEqual([{ names: 3, students: 33 }])
  })
})

describe("a counsellor without students", () => {
  test("gets a brief only where something lies on the counsellor list", async () => {
    await plan(first)
    expect((await briefs("2027-01-18")).filter((one) => one.startsWith("linde"))).toEqual([])
    await answerFrom(school, "ada", at("2027-01-21", "15:00"), "Hello?")
    await look(school, sql`update reading set stage = 'counsellors', owner_id = null`)
    await plan(second)
    expect((await briefs("2027-01-25")).filter((one) => one.startsWith("linde"))).toEqual(["linde: "])
  })

  test("gets it on the brief's own day alone, however late on it; an advisor's may come until Friday", async () => {
    const late = at("2027-01-21", "13:00")
    await answerFrom(school, "ada", at("2027-01-20", "15:00"), "Hello?")
    await look(school, sql`update reading set stage = 'counsellors', owner_id = null`)
    await plan(late)
    expect(await briefs("2027-01-18")).toEqual(["okafor: eli gia cleo", "rivera: ada ben cleo"])
    await plan(at("2027-01-27", "16:00"))
    expect((await briefs("2027-01-25")).filter((one) => one.startsWith("linde"))).toEqual(["linde: "])
    const [owed] = (await owedIn(school, "linde")).filter(({ kind }) => kind === "brief")
    expect(owed?.expiresAt).toEqual(at("2027-01-28", "00:00"))
  })
})

describe("when", () => {
  const due = async (who: StaffName) => (await owedIn(school, who)).filter(({ kind }) => kind === "brief").map(({ dueAt }) => dueAt)

  test("Wednesday, 07:30 by the adult's own site, and never before", async () => {
    expect(await plan(at("2027-01-20", "07:29"))).toEqual(first)
    expect(await plan(first)).toEqual(at("2027-01-20", "07:30", "west"))
    expect(await due("okafor")).toEqual([])
    expect(await plan(at("2027-01-20", "07:30", "west"))).toEqual(second)
    expect([await due("rivera"), await due("okafor")]).toEqual([[first], [at("2027-01-20", "07:30", "west")]])
  })

  test("as the school sets it", async () => {
    await look(
      school,
      sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, 'brief.weekday', '1', now()), (${school.id}, 'brief.time', '"08:15"', now())`,
    )
    await plan(at("2027-01-18", "08:15"))
    expect(await due("rivera")).toEqual([at("2027-01-18", "08:15")])
  })

  test("a day off for staff moves it to the next staff day of that week; none left, no brief", async () => {
    const off = (...days: string[]) =>
      look(
        school,
        sql`insert into day_off (school_id, site_id, date, students, staff, reason, source)
            select ${school.id}::uuid, s.id, d.d::date, true, true, 'Off', 'typed' from site s, unnest(${sql.param(days)}::text[]) as d(d)`,
      )
    await off("2027-01-20")
    expect(await plan(first)).toEqual(at("2027-01-21", "07:30"))
    await plan(at("2027-01-21", "07:30"))
    expect(await due("rivera")).toEqual([at("2027-01-21", "07:30")])
    await off("2027-01-27", "2027-01-28", "2027-01-29")
    expect((await plan(second))?.getTime()).toBeGreaterThan(at("2027-01-30", "00:00").getTime())
    expect(await due("rivera")).toHaveLength(1)
  })

  test("it comes on the first day of a week that brings an earlier week's answers too, in place of a second list", async () => {
    await look(
      school,
      sql`insert into day_off (school_id, site_id, date, students, staff, reason, source)
          select ${school.id}::uuid, s.id, '2027-01-29', true, true, 'Off', 'typed' from site s`,
    )
    expect(await plan(at("2027-01-30", "07:30"))).toEqual(at("2027-02-01", "07:30"))
    await sceneFor(school, at("2027-01-28", "14:45"), planSchool)
    await sceneFor(school, at("2027-02-04", "14:45"), planSchool)
    await plan(at("2027-02-01", "07:30"))
    const sent = await look<{ kind: string; at: Date }>(
      school,
      sql`select kind, due_at as at from delivery where person_id = ${school.people.rivera} and kind in ('reading_list', 'brief') order by due_at`,
    )
    expect(sent).toEqual([
      { kind: "brief", at: at("2027-02-01", "07:30") },
      { kind: "reading_list", at: at("2027-02-05", "07:30") },
    ])
  })

  test("none in the break, and none once the term is over", async () => {
    expect(await plan(at("2027-03-17", "07:30"))).toEqual(at("2027-03-24", "07:30"))
    expect(await plan(at("2027-06-09", "07:30"))).toBeNull()
    expect(await due("rivera")).toEqual([])
  })

  test("a planner that was down on Wednesday still writes it that week, and not the next", async () => {
    await plan(at("2027-01-21", "11:00"))
    expect(await due("rivera")).toEqual([first])
    await plan(at("2027-01-25", "08:00"))
    expect(await due("rivera")).toHaveLength(1)
  })

  test("once, however many plan at the same time", async () => {
    await Promise.all(Array.from({ length: 5 }, () => plan(at("2027-01-20", "12:00"))))
    await plan(at("2027-01-20", "13:00"))
    expect(await briefs("2027-01-18")).toEqual(["okafor: eli gia cleo", "rivera: ada ben cleo"])
    expect((await owedIn(school)).filter(({ kind }) => kind === "brief")).toHaveLength(2)
  })
})
