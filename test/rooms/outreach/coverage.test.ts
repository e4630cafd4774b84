// What a school is judged by: for those who answer for it, in counts of five and more.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { figuresOf } from "../../../src/outreach/coverage-figures.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, type StudentName, sceneFor, seedSchool, type TestSchool, zones } from "../../support/school.ts"
import { command, messageOf, shown } from "./steps.ts"

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

const now = at("2027-02-12", "22:00")
const coverageOf = (who: PersonName, when = now) => command(school, who, when, "coverage", "")
const figures = (when = now, site: "east" | "west" = "east") =>
  sceneFor(school, when, (scene) => figuresOf(scene, { id: school.sites[site], zone: zones[site] }, "none"))
const deeds = async () => (await look<{ act: string }>(school, sql`select act from deed order by at, id`)).map(({ act }) => act)

const maple = ["ada", "ben", "cleo", "dani", "finn"] as const
const weeks = [
  { thursday: "2027-01-14", tuesday: "2027-01-19" },
  { thursday: "2027-01-21", tuesday: "2027-01-26" },
  { thursday: "2027-01-28", tuesday: "2027-02-02" },
  { thursday: "2027-02-11", tuesday: "2027-02-16" },
] as const

/** An answer to that week's question, read then by Rivera, or not at all. */
async function answered(who: StudentName, week: (typeof weeks)[number], readAt: Date | null): Promise<void> {
  const { occurrenceId } = await promptFor(school, who, week)
  const [replyId, studentId] = [randomUUID(), school.people[who]]
  await look(
    school,
    sql`insert into reply (school_id, id, student_id, occurrence_id, created_at, changed_at)
        values (${school.id}, ${replyId}, ${studentId}, ${occurrenceId}, ${at(week.thursday, "15:00")}, ${at(week.thursday, "15:00")})`,
  )
  await look(
    school,
    sql`insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at, read_by, read_at)
        values (${school.id}, ${replyId}, ${studentId}, ${school.people.rivera}, 'first', ${at(week.tuesday, "07:30")},
          ${readAt === null ? null : school.people.rivera}, ${readAt})`,
  )
}

/** Further students of a group at one site, with nothing else about them. */
async function joining(group: string, site: "east" | "west", count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  const groupId = randomUUID()
  await look(
    school,
    sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind) values (${school.id}, ${groupId}, ${groupId}, ${school.sites[site]}, ${group}, 'advisory')`,
  )
  await look(
    school,
    sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id, consent)
        select ${school.id}, id, id::text, 'student', 'Sam', 'Sample', ${school.sites[site]}, 'school' from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) i, lateral (select i::uuid as id) s`,
  )
  await look(
    school,
    sql`insert into membership (school_id, group_id, student_id, from_date) select ${school.id}, ${groupId}, id, '2027-01-11' from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) i, lateral (select i::uuid as id) s`,
  )
  return [groupId, ...ids]
}
const greeted = (studentId: string, when: Date) =>
  look(
    school,
    sql`insert into contact (school_id, id, student_id, adult_id, kind, source, at)
        values (${school.id}, ${randomUUID()}, ${studentId}, ${school.people.rivera}, 'hello', ${randomUUID()}, ${when})`,
  )

describe("what the school is judged by", () => {
  test.each(["parr", "linde"] as const)("is shown to %s, on the record", async (who) => {
    expect(shown(await coverageOf(who))).toMatch(/What we are judged by: Larch Hill east|Cómo lo estamos haciendo: Larch Hill east/)
    expect(await deeds()).toEqual(["coverage_viewed"])
  })

  test("is shown to an admin", async () => {
    await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.okafor}, 'admin')`)
    expect(shown(await coverageOf("okafor"))).toContain("What we are judged by: Larch Hill west")
  })

  test("is refused to an advisor kindly, to a student, and each on the record", async () => {
    expect(shown(await coverageOf("rivera"))).toBe(
      "That one is for principals, counsellors and admins. How you are doing yourself is on your home page, for you alone.",
    )
    expect(shown(await coverageOf("ada"))).toBe("That one is for principals, counsellors and admins.")
    expect(await deeds()).toEqual(["coverage_refused", "coverage_refused"])
  })

  test("says of an empty school what there is not yet, in sentences", async () => {
    await look(school, sql`delete from term where school_id = ${school.id}`)
    expect(shown(await coverageOf("parr"))).toBe(
      [
        "What we are judged by: Larch Hill east",
        "No week of questions is complete yet. A week is, once the next question has come.",
        "The calendar has no term for today, so students are not asked whether an adult here believes in them. Whoever runs Rapport can bring in the term.",
        "No adult has closed a note about a student gone quiet with a word on its use yet.",
        "0 of 5 students have a hello or a talk with a named adult on record in the last four weeks. Reading an answer is not counted here.",
        "Maple advisory: 0 of 5 in touch",
        "Groups are in alphabetical order. A group of fewer than five is not shown, nor one that could be worked out from the others.",
      ].join("\n"),
    )
  })
})

describe("answers read before the next question", () => {
  test("are counted by week, and a break is a gap in the strip", async () => {
    for (const who of maple) await answered(who, weeks[0], at("2027-01-15", "08:00"))
    for (const who of maple) await answered(who, weeks[1], who === "ada" ? at("2027-01-29", "08:00") : at("2027-01-25", "08:00"))
    for (const who of maple) await answered(who, weeks[2], who === "ben" ? null : at("2027-02-08", "08:00"))
    for (const who of maple) await promptFor(school, who, weeks[3])
    const { read, weeks: strip } = await figures()
    expect(read).toEqual({ answers: 15, read: 13, weeks: 3 })
    expect(strip).toEqual([
      { week: "2027-01-11", share: 1 },
      { week: "2027-01-18", share: 0.8 },
      { week: "2027-01-25", share: 0.8 },
    ])
    const [, block] = messageOf(await coverageOf("parr")).blocks
    expect(block).toMatchObject({
      kind: "trend",
      as: "strip",
      of: "group",
      points: [
        { label: "11 Jan", value: 1 },
        { label: "18 Jan", value: 0.8 },
        { label: "25 Jan", value: 0.8 },
      ],
      sentence: "A named adult read 13 of 15 answers before the next question came: that is 3 weeks, the last of them the week of Monday 25 January.",
    })
  })

  test("of a week without questions, and of one with fewer than five answers, are an empty place", async () => {
    for (const who of maple) await answered(who, weeks[0], at("2027-01-15", "08:00"))
    await answered("ada", weeks[2], null)
    for (const who of maple) if (who !== "ada") await promptFor(school, who, weeks[2])
    for (const who of maple) await promptFor(school, who, weeks[3])
    expect((await figures()).weeks.map(({ share }) => share)).toEqual([1, null, null])
    expect(messageOf(await coverageOf("parr")).blocks[1]).toMatchObject({
      sentence: expect.stringContaining("A week left blank had fewer than five"),
    })
  })

  test("of the week whose next question has not come are not judged yet", async () => {
    for (const who of maple) await answered(who, weeks[3], null)
    expect(await figures()).toMatchObject({ weeks: [], read: { answers: 0, read: 0, weeks: 0 } })
    expect((await figures(at("2027-03-12", "09:00"))).read).toEqual({ answers: 5, read: 0, weeks: 1 })
  })
})

describe("contacts in the last four weeks", () => {
  test("are counted by group, in order of name, each student in one", async () => {
    const [, ...elm] = await joining("Elm", "east", 6)
    await joining("Birch", "east", 5)
    for (const id of [...elm.slice(0, 4), school.people.ada]) await greeted(id, at("2027-02-01", "09:00"))
    await greeted(school.people.ben, at("2027-01-12", "09:00"))
    expect((await figures()).contact).toEqual({
      total: { of: 16, yes: 5 },
      parts: [
        { name: "Birch", of: 5, yes: 0 },
        { name: "Elm", of: 6, yes: 4 },
        { name: "Maple advisory", of: 5, yes: 1 },
      ],
      hidden: 0,
    })
  })

  test("never show a class of three, nor let it be taken from the total", async () => {
    await joining("Trio", "east", 3)
    await joining("Elm", "east", 6)
    const page = shown(await coverageOf("parr"))
    expect(page).toContain("0 of 14 students have a hello or a talk")
    expect(page).toContain("Elm: 0 of 6 in touch")
    expect(page).not.toMatch(/Trio|Maple/)
  })

  test("are not counted where there are fewer than five students", async () => {
    await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.okafor}, 'principal')`)
    const page = shown(await coverageOf("okafor"))
    expect(page).toContain("fewer than five students here")
    expect(page).not.toContain("Cedar")
  })
})

describe("who says that an adult here believes in them", () => {
  /** Answers given in the spring: by group, as many of each. */
  async function said(counts: Readonly<Record<string, Partial<Record<"yes" | "unsure" | "no" | "skip", number>>>>, title = "Spring"): Promise<void> {
    const [term] = await look<{ id: string }>(school, sql`select id from term where title = ${title}`)
    for (const [group, answers] of Object.entries(counts)) {
      const [groupId] = await joining(group, "east", 0)
      for (const [answer, count = 0] of Object.entries(answers))
        await look(
          school,
          sql`insert into belief (school_id, student_id, term_id, group_id, answer, asked_at, until, at)
              select ${school.id}, gen_random_uuid(), ${term?.id}, ${groupId}, ${answer}, ${now}, ${now}, ${now} from generate_series(1, ${count})`,
        )
    }
  }
  const may = at("2027-05-03", "22:00")

  test("is counted once the weeks of asking are over, without those who skipped", async () => {
    await said({ Ash: { yes: 4, no: 1, skip: 3 }, Oak: { yes: 6, unsure: 2 } })
    const page = shown(await coverageOf("parr", may))
    expect(page).toContain("10 of 13 students who answered said that an adult at this school believes in them (Spring).")
    expect(page).toContain("Ash: 4 of 5 said yes\nOak: 6 of 8 said yes")
    expect(shown(await coverageOf("parr", at("2027-05-02", "22:00")))).toContain("The counts are here from Monday 3 May on.")
    expect(shown(await coverageOf("parr", at("2027-05-02", "22:00")))).not.toContain("said yes")
  })

  test("is not shown of four answers, nor of the group from which they could be taken", async () => {
    await said({ Ash: { yes: 1, no: 3 }, Elm: { yes: 5, no: 1 }, Oak: { yes: 6, unsure: 2 } })
    const page = shown(await coverageOf("parr", may))
    expect(page).toContain("12 of 18 students")
    expect(page).toContain("Oak: 6 of 8 said yes")
    expect(page).not.toMatch(/Ash|Elm/)
  })

  test("is nothing where too few answered, and says so", async () => {
    await said({ Ash: { yes: 1, no: 3 } })
    expect(shown(await coverageOf("parr", may))).toContain("For Spring nothing can be shown")
  })

  test("is not seen while a question of those weeks can still be answered: whoever looked twice would know one answer", async () => {
    // A week off after the last week of asking: what closes on the first day back may be answered until 3 May, the day from which counts stand else.
    await said({ Ash: { yes: 4, no: 1 } })
    await promptFor(school, "ada", { thursday: "2027-04-22", tuesday: "2027-05-03" })
    const noon = shown(await coverageOf("parr", at("2027-05-03", "12:00")))
    expect(noon).not.toContain("said yes")
    expect(noon).toContain("The counts are here from Tuesday 4 May on.")
    expect(shown(await coverageOf("parr", at("2027-05-04", "07:30")))).toContain("Ash: 4 of 5 said yes")
  })

  test("is not seen while one student may still say something else, though their question is gone", async () => {
    await said({ Ash: { yes: 4, no: 1 } })
    await look(school, sql`update belief set until = ${at("2027-05-03", "18:00")} where answer = 'no'`)
    expect(shown(await coverageOf("parr", at("2027-05-03", "12:00")))).not.toContain("said yes")
    expect(shown(await coverageOf("parr", at("2027-05-04", "12:00")))).toContain("Ash: 4 of 5 said yes")
  })

  test("is found in the term under which they were asked, where the calendar has a year beside its terms", async () => {
    await look(
      school,
      sql`insert into term (school_id, id, sourced_id, title, starts, ends)
          values (${school.id}, gen_random_uuid(), 'year', 'Year', '2026-08-31', '2027-06-11')`,
    )
    await said({ Ash: { yes: 4, no: 1 } }, "Spring")
    expect(shown(await coverageOf("parr", may))).toContain(
      "4 of 5 students who answered said that an adult at this school believes in them (Spring).",
    )
  })

  test("is announced before it is asked", async () => {
    expect(shown(await coverageOf("parr"))).toContain("This term, students are asked from Monday 29 March on")
  })
})

describe("notes about students gone quiet", () => {
  /** One that came after `missed` weeks and was closed so; `marks` are the student's weeks from 4 January on. */
  async function note(as: "useful" | "known" | "false", marks: string, closedAt: Date, missed = 3): Promise<void> {
    const id = randomUUID()
    await look(
      school,
      sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, site_id, status)
          values (${school.id}, ${id}, ${id}, 'student', 'Sam', 'Sample', ${school.sites.east}, 'ended')`,
    )
    await look(school, sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${id}, '2027-01-04', ${marks})`)
    const facts = { kind: "silence", since: "2027-01-04", needed: missed, week: "2027-01-25", missed: [], ours: [], groupQuiet: [], group: {} }
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, stage, state, opened_at, due_at, closed_at, closed_by, closed_as)
          values (${school.id}, ${randomUUID()}, ${id}, 'silence', 'alert', '2027-01-25', ${JSON.stringify(facts)}::jsonb, 'owner', 'closed',
            ${at("2027-02-03", "07:30")}, ${at("2027-02-03", "07:30")}, ${closedAt}, ${school.people.rivera}, ${as})`,
    )
  }
  const closed = at("2027-02-10", "12:00")

  test("are counted by what adults said of them, and below thirty nothing is suggested", async () => {
    await note("useful", "ammma", closed)
    await note("known", "ammmma", closed)
    const page = shown(await coverageOf("parr"))
    expect(page).toContain("Of the last 2 notes about students gone quiet, adults said: 1 useful, 1 known already, 0 wrong.")
    expect(page).toContain("cannot be said yet: it takes 30 closed notes, and there are 2.")
  })

  test("suggest another number of weeks from thirty on, and change nothing", async () => {
    for (let i = 0; i < 8; i++) await note("useful", "ammmmma", closed)
    for (let i = 0; i < 4; i++) await note("known", "ammm.mma", closed)
    await note("useful", "ammma", closed)
    for (let i = 0; i < 17; i++) await note("false", "ammms", closed)
    expect(shown(await coverageOf("parr"))).toContain(
      "A suggestion, nothing is changed: of the last 30 notes after 3 missed weeks 9 were useful, and of those that reached 4, 8 of 12. Waiting one more week would have spared 18 notes and lost one useful one.",
    )
  })

  test("of a silence that may still grow say nothing of another number yet", async () => {
    await note("false", "ammm", closed)
    expect((await figures()).suggestion).toBeNull()
    expect((await figures()).closed).toEqual({ useful: 0, known: 0, false: 1 })
  })

  test("of another site are not among them", async () => {
    await note("useful", "ammma", closed)
    expect((await figures(now, "west")).closed.useful).toBe(0)
  })
})
