import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { groupWeeks } from "../../../src/outreach/group-weeks.ts"
import { staffHome } from "../../../src/outreach/home.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, type StudentName, sceneFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { answerFrom, press, shown } from "./steps.ts"

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

const now = at("2027-02-10", "10:00")
const trendOf = (who: PersonName, when = now) => turnFor(school, who, when, { kind: "opened_home" }, (turn) => groupWeeks(turn, turn.actor))
const homeOf = (who: PersonName) => turnFor(school, who, now, { kind: "opened_home" }, (turn) => staffHome(turn))

const maple = ["ada", "ben", "cleo", "dani", "finn"] as const
const weeks = [
  { thursday: "2027-01-14", tuesday: "2027-01-19" },
  { thursday: "2027-01-21", tuesday: "2027-01-26" },
  { thursday: "2027-01-28", tuesday: "2027-02-02" },
  { thursday: "2027-02-04", tuesday: "2027-02-09" },
]
/** A term by its marks, a student a line, a week a character from 11 January on; its questions closed, but those of `open`. */
async function lived(marks: Partial<Record<StudentName, string>>, open: readonly number[] = []): Promise<void> {
  for (const [who, line] of Object.entries(marks) as [StudentName, string][]) {
    await look(
      school,
      sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${school.people[who]}, '2027-01-11', ${line})`,
    )
    for (const [i, week] of weeks.entries()) {
      const { occurrenceId } = await promptFor(school, who, week)
      const state = open.includes(i) ? "open" : "closed"
      await look(school, sql`update occurrence set state = ${state} where id = ${occurrenceId}`)
    }
  }
}

describe("an advisor sees how their group did", () => {
  test("by week, of those with a real chance, and in a sentence that says the same", async () => {
    await lived({ ada: "aaas", ben: "asm.", cleo: "amga", dani: "auma", finn: "aamm" })
    await lived({ eli: "aaaa", gia: "aaaa" })
    const trend = await trendOf("rivera")
    expect(trend).toEqual({
      kind: "trend",
      of: "group",
      title: "Maple advisory: answers by week",
      points: [
        { label: "11 Jan", value: 1 },
        { label: "18 Jan", value: null },
        { label: "25 Jan", value: 0.2 },
        { label: "1 Feb", value: null },
        { label: "8 Feb", value: null },
      ],
      max: 1,
      sentence: "Maple advisory answered 1 of 5 in the week of Monday 25 January.",
      picture: "Show as a picture",
    })
  })

  test("last week, in either language, on their home page", async () => {
    await lived({ ada: "..aa", ben: "..as", cleo: "..am", dani: "..ag", finn: "..aa" })
    const page = await homeOf("rivera")
    expect(shown(page)).toContain("Maple advisory answered 3 of 5 last week.")
    expect(page.blocks.filter((block) => block.kind === "trend").map(({ of }) => of)).toEqual(["group"])
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    expect(shown(await homeOf("rivera"))).toContain("Maple advisory contestó 3 de 5 la semana pasada.")
    expect((await trendOf("rivera", at("2027-02-05", "10:00")))?.sentence).toBe("Maple advisory contestó 3 de 5 esta semana.")
  })

  test("in words alone while a single week has closed", async () => {
    await lived({ ada: "...a", ben: "...s", cleo: "...m", dani: "...g", finn: "...a" })
    const page = await homeOf("rivera")
    expect(shown(page)).toContain("Maple advisory answered 3 of 5 last week.")
    expect(page.blocks.filter((block) => block.kind === "trend")).toEqual([])
  })

  test("without a name, a word or an id of anybody in it", async () => {
    await lived({ ada: "aaaa", ben: "aaaa", cleo: "aaaa", dani: "aaaa", finn: "mmmm" })
    const said = JSON.stringify(await trendOf("rivera"))
    for (const who of maple) expect(said).not.toContain(school.people[who])
    expect(said).not.toMatch(/Ada|Ben|Cleo|Dani|Finn/)
  })
})

describe("nothing is shown", () => {
  const full = { ada: "aaaa", ben: "aaaa", cleo: "aaaa", dani: "aaaa", finn: "aaaa" } as const

  test("of a week whose question is still open to somebody", async () => {
    await lived(full, [3])
    expect((await trendOf("rivera"))?.sentence).toBe("Maple advisory answered 5 of 5 in the week of Monday 25 January.")
  })

  test("to whoever does not advise the group, or only one of it", async () => {
    await lived(full)
    for (const who of ["tanner", "okafor", "linde", "parr"] as const) expect(await trendOf(who)).toBeNull()
    await look(school, sql`update tie set to_date = '2027-02-09' where adult_id = ${school.people.rivera}`)
    expect(await trendOf("rivera")).toBeNull()
  })

  test("of a group of fewer than five", async () => {
    await lived({ ...full, eli: "aaaa", gia: "aaaa" })
    await look(school, sql`delete from tie where adult_id = ${school.people.okafor} and student_id = ${school.people.cleo}`)
    expect(await trendOf("okafor")).toBeNull()
    await look(school, sql`update membership set to_date = '2027-02-09' where student_id = ${school.people.finn}`)
    expect(await trendOf("rivera")).toBeNull()
  })

  test("of a student's weeks in another group, so that what is left of a week may be too little", async () => {
    await lived(full)
    await look(school, sql`update membership set from_date = '2027-02-01' where student_id = ${school.people.finn}`)
    expect((await trendOf("rivera"))?.points.map(({ value }) => value)).toEqual([null, null, null, 1, null])
  })

  test("of a group without a running plan, before its first week has closed, or of another term", async () => {
    expect(await trendOf("rivera")).toBeNull()
    await lived(full)
    expect(await trendOf("rivera", at("2027-08-20", "10:00"))).toBeNull()
    await look(school, sql`update plan set active = false`)
    expect(await trendOf("rivera")).toBeNull()
  })
})

test("a home page that is full to the last part still holds to the caps", async () => {
  await lived({ ada: "aaas", ben: "aamm", cleo: "amga", dani: "auma", finn: "aamm" })
  await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.rivera}, 'counsellor')`)
  const brief = randomUUID()
  await look(
    school,
    sql`insert into brief (school_id, id, adult_id, week, at) values (${school.id}, ${brief}, ${school.people.rivera}, '2027-02-08', ${now})`,
  )
  const facts = JSON.stringify({
    ...{ kind: "silence", week: "2027-02-08", missed: ["2027-01-25", "2027-02-01", "2027-02-08"], ours: [] },
    ...{ since: "2027-01-18", needed: 3, groupQuiet: [], group: { rate: null, answeredThisWeek: 4, size: 5 } },
    ...{ sinceOn: "2027-01-21", lastAnsweredOn: "2027-01-21" },
  })
  const everybody = [...maple, "eli", "gia"] as const
  for (const [rank, who] of everybody.entries()) {
    await answerFrom(school, who, at("2027-02-09", "15:00"), "Hi")
    const read = await answerFrom(school, who, at("2027-02-09", "16:00"), "Hi")
    await look(school, sql`update reading set owner_id = ${school.people.rivera} where reply_id = ${read}`)
    await press(school, "rivera", now, "reading_read", read)
    await sceneFor(school, now, (scene) =>
      askForPerson(scene, { student: school.people[who], replyId: null, asked: "someone", toId: school.people.rivera }),
    )
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, ${randomUUID()}, ${school.people[who]}, 'silence', 'alert', '2027-02-08', ${facts}::text::jsonb,
            ${school.people.rivera}, ${rank < 4 ? "owner" : "counsellors"}, ${now}, ${now})`,
    )
    if (rank < 3)
      await look(
        school,
        sql`insert into brief_name (school_id, brief_id, student_id, rank) values (${school.id}, ${brief}, ${school.people[who]}, ${rank})`,
      )
  }
  await look(school, sql`update reading set stage = 'counsellors' where owner_id = ${school.people.okafor}`)
  const view = await homeOf("rivera")
  const page = shown(view)
  for (const part of ["would like to talk", "are waiting for you", "Worth a hello", "Notes for you", "on the counsellor list", "Read this week"])
    expect(page).toContain(part)
  expect(page).toContain("Maple advisory answered")
  expect(view.blocks.length).toBeLessThanOrEqual(45)
})
