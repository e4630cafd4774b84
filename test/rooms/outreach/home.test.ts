import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { staffHome } from "../../../src/outreach/home.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type StudentName, sceneFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { answerFrom, buttonsOf, command, press, shown } from "./steps.ts"

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
const home = (who: PersonName) => turnFor(school, who, now, { kind: "opened_home" }, (turn) => staffHome(turn))

const silence = (who: StudentName, owner: PersonName, stage: "owner" | "counsellors"): Promise<unknown> => {
  const facts = {
    ...{ kind: "silence", week: "2027-02-08", missed: ["2027-01-25", "2027-02-01", "2027-02-08"], ours: [] },
    ...{ since: "2027-01-18", needed: 3, groupQuiet: [], group: { rate: null, answeredThisWeek: 4, size: 5 } },
    ...{ sinceOn: "2027-01-21", lastAnsweredOn: "2027-01-21" },
  }
  return look(
    school,
    sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
        values (${school.id}, ${randomUUID()}, ${school.people[who]}, 'silence', 'alert', '2027-02-08', ${JSON.stringify(facts)}::text::jsonb,
          ${school.people[owner]}, ${stage}, ${now}, ${now})`,
  )
}

test("with nothing waiting it is kind, and says what can be asked", async () => {
  const view = await home("rivera")
  expect(shown(view)).toContain("Hello Rosa Rivera")
  expect(shown(view)).toContain("Nothing waits for you. A quiet moment is a good one for a hello nobody asked for.")
  expect(buttonsOf(view).map(({ action }) => action)).toEqual(["outreach", "away", "own_measure"])
  expect(shown(await home("linde"))).toContain("Hola, Lena Linde")
})

test("shows what waits, with its buttons, and no word of a student's", async () => {
  const read = await answerFrom(school, "dani", at("2027-02-09", "15:00"), "secret one")
  await press(school, "rivera", now, "reading_read", read)
  await answerFrom(school, "ada", at("2027-02-09", "15:00"), "secret two")
  await sceneFor(school, now, (scene) => askForPerson(scene, { student: school.people.ben, replyId: null, asked: "mentor", toId: null }))
  await silence("cleo", "rivera", "owner")
  const brief = randomUUID()
  await look(
    school,
    sql`insert into brief (school_id, id, adult_id, week, at) values (${school.id}, ${brief}, ${school.people.rivera}, '2027-02-08', ${now})`,
  )
  for (const [rank, who] of (["ada", "ben", "cleo"] as const).entries())
    await look(
      school,
      sql`insert into brief_name (school_id, brief_id, student_id, rank) values (${school.id}, ${brief}, ${school.people[who]}, ${rank})`,
    )
  await press(school, "rivera", now, "hello", school.people.ada)
  const view = await home("rivera")
  const page = shown(view)
  expect(page).toContain("Ben Hollow would like to talk. They hear by Thursday 11 February, 10:00 am.")
  expect(page).toContain("One answer is waiting for you.")
  expect(page).toContain("Ada Brook: done\nBen Hollow\nCleo Marsh")
  expect(page).toContain("Cleo Marsh has not answered since 21 January")
  expect(JSON.stringify(view)).not.toContain("secret")
  const actions = buttonsOf(view).map(({ action }) => action)
  expect(actions.filter((action) => !action.startsWith("alert_"))).toEqual([
    ...["reach_out_taken", "reach_out_answered", "reading_open", "hello", "hello", "hello_all", "hello", "reading_line"],
    ...["outreach", "away", "own_measure"],
  ])
  expect(actions).toContainEqual(expect.stringMatching(/^alert_/))
})

test("a counsellor sees their list, within the caps when everything is full", async () => {
  for (const who of ["ada", "ben", "cleo", "dani", "eli"] as const) {
    await answerFrom(school, who, at("2027-02-09", "15:00"), "Hi")
    await silence(who, "rivera", "counsellors")
    await sceneFor(school, now, (scene) =>
      askForPerson(scene, { student: school.people[who], replyId: null, asked: "someone", toId: school.people.linde }),
    )
  }
  await look(school, sql`update reading set stage = 'counsellors', owner_id = null`)
  const view = await home("linde")
  expect(shown(view)).toContain("Te esperan 5 respuestas.\n5 están en la lista del equipo de orientación.")
  expect(view.blocks.length).toBeLessThanOrEqual(45)
  expect(shown(view)).toContain("En la lista de orientación")
})

test("says that they are away, and how to come back", async () => {
  await command(school, "rivera", now, "away", "until 2027-02-17 cover parr")
  const view = await home("rivera")
  expect(shown(view)).toContain("You are away until Wednesday 17 February. Pat Parr answers for you.")
  expect(buttonsOf(view).map(({ action }) => action)).toEqual(["away_back", "outreach", "own_measure"])
})
