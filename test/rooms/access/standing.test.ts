import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { advisorsOf, standingOf } from "../../../db/queries/people.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type StaffName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"

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
const standing = (adult: StaffName, on = day, who: PersonName = "ada") =>
  sceneFor(school, at(day, "09:00"), ({ tx }) => standingOf(tx, school.people[adult], school.people[who], on))
const nobody = { advisorSince: null, classTie: false }
const tie = (adult: StaffName, from: string, to: string | null = null, kind = "advisor") =>
  look(
    school,
    sql`insert into tie (school_id, id, student_id, adult_id, kind, source, from_date, to_date)
        values (${school.id}, ${randomUUID()}, ${school.people.ada}, ${school.people[adult]}, ${kind}, 'caseload', ${from}, ${to})`,
  )
const away = (adult: StaffName, cover: StaffName, from: string, until: string) =>
  look(
    school,
    sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
        values (${school.id}, ${randomUUID()}, ${school.people[adult]}, ${school.people[cover]}, ${from}, ${until})`,
  )

describe("a tie", () => {
  test("stands from its first day", async () => {
    await tie("parr", "2027-02-04")
    expect(await standing("parr", "2027-02-03")).toEqual(nobody)
    expect(await standing("parr", "2027-02-04")).toEqual({ advisorSince: "2027-02-04", classTie: false })
  })
  test("stands through its last day, and no longer", async () => {
    await tie("parr", "2027-01-11", "2027-02-04")
    expect((await standing("parr", "2027-02-04")).advisorSince).toBe("2027-01-11")
    expect(await standing("parr", "2027-02-05")).toEqual(nobody)
  })
  test("that began again counts from its new beginning", async () => {
    await tie("parr", "2027-01-11", "2027-01-20")
    await tie("parr", "2027-02-01")
    expect((await standing("parr")).advisorSince).toBe("2027-02-01")
  })
  test("of two that stand counts from the earlier", async () => {
    await tie("parr", "2027-02-01")
    await tie("parr", "2027-01-18", "2027-03-01")
    expect((await standing("parr")).advisorSince).toBe("2027-01-18")
  })
  test("of a class is a class tie only", async () => {
    expect(await standing("tanner")).toEqual({ advisorSince: null, classTie: true })
  })
  test("to another student says nothing of this one", async () => {
    expect(await standing("okafor")).toEqual(nobody)
    expect((await standing("okafor", day, "cleo")).advisorSince).toBe("2027-01-11")
  })
})

describe("a cover", () => {
  test("stands where the adult they cover for stands, on the days between and no others", async () => {
    await away("rivera", "parr", "2027-02-03", "2027-02-05")
    expect(await standing("parr", "2027-02-02")).toEqual(nobody)
    expect((await standing("parr", "2027-02-03")).advisorSince).toBe("2027-01-11")
    expect((await standing("parr", "2027-02-05")).advisorSince).toBe("2027-01-11")
    expect(await standing("parr", "2027-02-06")).toEqual(nobody)
  })
  test("does not take the adult's own standing away", async () => {
    await away("rivera", "parr", "2027-02-03", "2027-02-05")
    expect((await standing("rivera")).advisorSince).toBe("2027-01-11")
  })
  test("does not stand for a tie that has ended", async () => {
    await look(school, sql`update tie set to_date = '2027-02-03' where student_id = ${school.people.ada} and adult_id = ${school.people.rivera}`)
    await away("rivera", "parr", "2027-02-01", "2027-02-12")
    expect(await standing("parr")).toEqual(nobody)
  })
  test("for a teacher of a class gives no class tie", async () => {
    await away("tanner", "parr", "2027-02-01", "2027-02-12")
    expect(await standing("parr")).toEqual(nobody)
  })
})

describe("who is asked first and second", () => {
  const advisors = async (who: PersonName, on = day) => {
    const found = await sceneFor(school, at(day, "09:00"), ({ tx }) => advisorsOf(tx, school.id, school.people[who], on))
    const nameOf = (id: string | null) => Object.entries(school.people).find(([, known]) => known === id)?.[0] ?? null
    return [nameOf(found.first), nameOf(found.second)]
  }
  test("is the lead, then whoever is tied besides", async () => {
    expect(await advisors("cleo")).toEqual(["rivera", "okafor"])
    expect(await advisors("ada")).toEqual(["rivera", null])
  })
  test("is the cover while somebody is away", async () => {
    await away("rivera", "tanner", "2027-02-01", "2027-02-12")
    expect(await advisors("cleo")).toEqual(["tanner", "okafor"])
  })
  test("is nobody before the ties begin", async () => {
    expect(await advisors("ada", "2027-01-10")).toEqual([null, null])
  })
  test("is not somebody who has left", async () => {
    await look(school, sql`update person set status = 'ended' where id = ${school.people.rivera}`)
    expect(await advisors("cleo")).toEqual(["okafor", null])
  })
})

describe("who is asked", () => {
  const asked = (who: PersonName) =>
    sceneFor(school, at(day, "09:00"), async ({ tx }) => {
      const { first, second } = await advisorsOf(tx, school.id, school.people[who], day)
      const nameOf = (id: string | null) => Object.entries(school.people).find(([, one]) => one === id)?.[0] ?? null
      return [nameOf(first), nameOf(second)]
    })

  test("is nobody twice where one advisor covers for the other", async () => {
    await away("rivera", "okafor", "2027-02-01", "2027-02-12")
    expect(await asked("cleo")).toEqual(["okafor", null])
  })

  test("is the advisor, not a cover who has left", async () => {
    await away("rivera", "tanner", "2027-02-01", "2027-02-12")
    expect(await asked("ada")).toEqual(["tanner", null])
    await look(school, sql`update person set status = 'ended' where id = ${school.people.tanner}`)
    expect(await asked("ada")).toEqual(["rivera", null])
  })
})
