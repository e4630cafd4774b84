import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { Told } from "../../../db/queries/outreach-contact.ts"
import { logContact } from "../../../src/outreach/contacts.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type PersonName, type StaffName, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, answerFrom, buttonsOf, deedsOf, expectRefused, messageOf, press, shown } from "./steps.ts"

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

const now = at("2027-03-10", "10:00")
const mine = (who: PersonName, target = "", when = now) => press(school, who, when, "own_measure", target)
const met = (adult: StaffName, student: StudentName, day: string, how: Partial<Told> = {}) =>
  sceneFor(school, at(day, "10:00"), (scene) =>
    logContact(scene, {
      ...{ studentId: school.people[student], adultId: school.people[adult], kind: "hello", source: randomUUID(), at: at(day, "10:00") },
      ...how,
    }),
  )
const everybody = async (day: string) => {
  for (const who of ["ada", "ben", "cleo", "dani", "finn"] as const) await met("rivera", who, day)
}

describe("how an adult is doing", () => {
  test("what is unread, whom they left longest, who came, and what it was about, each as a count", async () => {
    await met("rivera", "ada", "2027-02-01", { about: "problem" })
    await met("rivera", "ben", "2027-02-15", { direction: "in", about: "problem" })
    await met("rivera", "cleo", "2027-03-01", { direction: "in", about: "good" })
    await met("rivera", "dani", "2027-03-08", { kind: "call" })
    await answerFrom(school, "dani", at("2027-03-04", "15:00"), "secret words")
    await answerFrom(school, "ada", at("2027-03-08", "15:00"), "more secrets")
    const answer = await mine("rivera")
    expect(messageOf(answer).summary).toBe("How you are doing, for you alone")
    expect(shown(answer).split("\n").filter(Boolean)).toEqual([
      "How you are doing",
      "Only you can see this. It is no grade; it is here to make the next hello easy.",
      "2 answers wait for you, the oldest since Thursday 4 March.",
      "Longest since you read or greeted them:",
      "Finn Quill: nothing on record yet",
      "Ada Brook: 5 weeks",
      "Ben Hollow: 3 weeks",
      "In the last 8 weeks 4 hellos of yours are on record. 2 times the student came to you.",
      "Of 3 you said what they were about, and 2 were only about problems.",
      "A hello about nothing in particular, or about something good, counts just as much.",
    ])
    expect(buttonsOf(answer).map(({ action, id }) => [action, id])).toEqual([
      ["reading_apart", ""],
      ["hello", school.people.finn],
      ["hello", school.people.ada],
      ["hello", school.people.ben],
      ["outreach", ""],
    ])
    expect(JSON.stringify(answer)).not.toContain("secret")
  })

  test("in Spanish too", async () => {
    await met("rivera", "ada", "2027-02-01", { about: "problem", direction: "in" })
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    const text = shown(await mine("rivera"))
    expect(text).toContain("Esto solo lo ves tú. No es una nota;")
    expect(text).toContain("Leíste todas las respuestas que te llegaron.")
    expect(text).toContain("En las últimas 8 semanas hay un saludo tuyo anotado. Acudió a ti.")
    expect(text).toContain("De uno dijiste de qué fue, y fue de un problema.")
  })

  test("a wish to talk that was answered counts as the student's coming", async () => {
    await sceneFor(school, at("2027-03-09", "10:00"), (scene) =>
      askForPerson(scene, { student: school.people.ada, replyId: null, asked: "mentor", toId: null }),
    )
    const [wish] = await look<{ id: string }>(school, sql`select id from reach_out`)
    await press(school, "rivera", at("2027-03-09", "11:00"), "reach_out_answered", wish?.id ?? "")
    expect(shown(await mine("rivera"))).toContain("In the last 8 weeks one hello of yours is on record. The student came to you.")
  })

  test("all seen within two weeks is said, and so is a record without a problem", async () => {
    await everybody("2027-03-02")
    await met("rivera", "ada", "2027-03-03", { about: "good" })
    const text = shown(await mine("rivera"))
    expect(text).toContain("You were in touch with each of your students within the last two weeks.")
    expect(text).toContain("In the last 8 weeks 6 hellos of yours are on record. You went to the student each time.")
    expect(text).toContain("Of one you said what it was about, and it was no problem.")
    expect(text).not.toContain("counts just as much")
  })

  test("an answer they read and a line they wrote count as a contact, and no line as a hello", async () => {
    await everybody("2027-01-13")
    const reply = await answerFrom(school, "ada", at("2027-03-04", "15:00"), "Hi")
    await press(school, "rivera", at("2027-03-05", "08:00"), "reading_read", reply)
    await met("rivera", "ben", "2027-03-05", { kind: "reply" })
    const text = shown(await mine("rivera"))
    expect(text).toContain("Cleo Marsh: 8 weeks\nFinn Quill: 8 weeks\nDani Sol: 8 weeks")
    expect(text).toContain("In the last 8 weeks 5 hellos of yours")
    expect(shown(await mine("rivera", "", at("2027-03-12", "10:00")))).toContain("In the last 8 weeks no hello of yours is on record.")
  })

  test("a tie of this week has left nobody alone", async () => {
    await look(school, sql`update tie set from_date = '2027-03-08' where adult_id = ${school.people.rivera}`)
    expect(shown(await mine("rivera"))).toContain("You were in touch with each of your students within the last two weeks.")
  })

  test("with nothing on record it is kind, and says where to begin", async () => {
    const answer = await mine("parr")
    expect(shown(answer)).toContain("Nothing is on record yet. The first hello you log begins this page.")
    expect(actionsOf(answer)).toEqual(["outreach"])
  })

  test("the counsellor list is nobody's own", async () => {
    await answerFrom(school, "ada", at("2027-03-04", "15:00"), "Hello?")
    await look(school, sql`update reading set stage = 'counsellors', owner_id = null`)
    expect(shown(await mine("linde"))).toContain("Todavía no hay nada anotado.")
  })
})

describe("nobody else sees it", () => {
  test("whatever id the button carries, an adult sees themselves alone", async () => {
    await everybody("2027-02-01")
    for (const target of [school.people.rivera, "rivera", randomUUID()]) {
      const answer = JSON.stringify(await mine("parr", target))
      expect(answer).toContain("Nothing is on record yet.")
      expect(answer).not.toMatch(/Rivera|Ada|weeks/)
    }
    expect(shown(await mine("okafor", school.people.rivera))).toContain("In the last 8 weeks no hello of yours is on record.")
  })

  test("a student is refused, on the record; a look at oneself is not on it", async () => {
    await mine("rivera")
    expectRefused(await mine("ada"), "That one is for staff. Type help to see what you can do here.")
    expect(await deedsOf(school)).toEqual(["ada own_measure_refused nobody"])
  })

  test("another school's contacts are not counted", async () => {
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    await everybody("2027-02-01")
    expect(shown(await press(other, "rivera", now, "own_measure", ""))).toContain("no hello of yours is on record")
  })

  test("it owes nobody a message", async () => {
    await met("rivera", "ada", "2027-02-01")
    await mine("rivera")
    expect(await owedIn(school)).toEqual([])
  })
})
