import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { advisorsOf } from "../../../db/queries/people.ts"
import { givePlaygroundAccounts } from "../../../db/queries/roster-accounts.ts"
import { applyCaseload } from "../../../src/roster/apply-caseload.ts"
import { readCaseload } from "../../../src/roster/caseload-file.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { apply, type EmptySchool, emptySchool, inSchool, look, personId, smallRoster } from "./apply-stage.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = new Date("2026-09-01T15:00:00Z")
const later = new Date("2026-10-06T15:00:00Z")

/** Four students and three adults, and nobody's advisory. */
async function school(): Promise<EmptySchool> {
  const one = await emptySchool(database.db, now)
  await apply(
    one,
    now,
    smallRoster((roster) => Object.assign(roster, { groups: [], memberships: [], teachings: [] })),
  )
  return one
}

const take = (one: EmptySchool, at: Date, lines: readonly string[], expectShrink = false) => {
  const read = readCaseload(new TextEncoder().encode(["student,adult,kind,from,to", ...lines].join("\n")))
  if (read.kind === "refused") throw new Error(JSON.stringify(read.problems))
  return inSchool(one, at, (scene) => applyCaseload(scene, read.rows, { expectShrink }))
}
const ties = (one: EmptySchool) =>
  look<{ tie: string }>(
    one,
    sql`select s.sourced_id || ' ' || t.kind || ' ' || a.sourced_id || case when t.lead then '*' else '' end || ' ' || t.from_date || '..' || coalesce(t.to_date::text, '') as tie
        from tie t join person s on s.id = t.student_id join person a on a.id = t.adult_id order by 1`,
  ).then((rows) => rows.map((row) => row.tie))

describe("a caseload list", () => {
  test("ties students to adults by key or e-mail; the first advisor named is asked first, whoever has none is named", async () => {
    const one = await school()
    const taken = await take(one, now, [
      "s1,T2@example.org,advisor,,",
      "s1@example.org,t1,advisor,2026-08-31,2026-12-18",
      "s2,t1,class,,",
      "s3,t3,advisor,,",
    ])
    expect(taken).toEqual({
      kind: "applied",
      report: { ties: { added: 4, changed: 0, ended: 0 }, studentsWithoutAdvisor: ["Given s2 Family s2", "Given s4 Family s4"] },
    })
    expect(await ties(one)).toEqual([
      "s1 advisor t1 2026-08-31..2026-12-18",
      "s1 advisor t2* 2026-09-01..",
      "s2 class t1 2026-09-01..",
      "s3 advisor t3* 2026-09-01..",
    ])
    const [first, second] = [await personId(one, "t2"), await personId(one, "t1")]
    const student = await personId(one, "s1")
    expect(await inSchool(one, now, ({ tx }) => advisorsOf(tx, one.id, student, "2026-09-02"))).toEqual({ first, second })
  })

  test("again changes nothing, even later; what it names no more ends today; what roster import made is not its business", async () => {
    const one = await school()
    const list = ["s1,t1,advisor,,", "s2,t1,advisor,,", "s3,t1,advisor,,"]
    await take(one, now, list)
    expect(await take(one, later, list)).toMatchObject({ report: { ties: { added: 0, changed: 0, ended: 0 } } })
    expect(await take(one, later, ["s1,t1,advisor,,2027-01-15", "s2,t1,advisor,,"])).toMatchObject({
      report: { ties: { added: 0, changed: 1, ended: 1 } },
    })
    expect(await ties(one)).toEqual(["s1 advisor t1* 2026-09-01..2027-01-15", "s2 advisor t1* 2026-09-01..", "s3 advisor t1* 2026-09-01..2026-10-06"])
    await apply(one, later, smallRoster())
    expect((await ties(one)).filter((tie) => tie.startsWith("s2 advisor t1"))).toEqual(["s2 advisor t1* 2026-09-01..", "s2 advisor t1* 2026-10-06.."])
  })

  test("that races itself makes each tie once", async () => {
    const one = await school()
    const both = await Promise.all([take(one, now, ["s1,t1,advisor,,"]), take(one, now, ["s1,t1,advisor,,"])])
    const added = both.map((taken) => (taken.kind === "applied" ? taken.report.ties.added : -1))
    expect([Math.min(...added), Math.max(...added)]).toEqual([0, 1])
    expect(await ties(one)).toHaveLength(1)
  })

  test("with anything wrong in it changes nothing, and each line says what", async () => {
    const one = await school()
    await look(one, sql`update person set email = 'shared@example.org' where sourced_id in ('t1', 't2')`)
    await look(one, sql`update person set status = 'ended' where sourced_id = 't3'`)
    const taken = await take(one, now, [
      "s1,t1,advisor,,",
      "ghost,t1,advisor,,",
      "t1,s1,class,,",
      "s2,shared@example.org,advisor,,",
      "s3,t3,advisor,,",
      "s1@example.org,t1,advisor,,",
    ])
    expect(taken).toMatchObject({
      kind: "refused",
      problems: [
        { line: 3, column: "student", says: expect.stringContaining('"ghost" is nobody in the roster') },
        { line: 4, column: "student", says: '"t1" is staff, not a student' },
        { line: 4, column: "adult", says: '"s1" is a student, not an adult' },
        { line: 5, column: "adult", says: '"shared@example.org" is the e-mail of several people; write the sourcedId' },
        { line: 6, column: "adult", says: '"t3" has left, says the roster' },
        { line: 7, column: "student", says: "says the same as line 2, in other words" },
      ],
    })
    expect(await ties(one)).toEqual([])
  })

  test("that would end more than half of the ties waits for somebody to say yes", async () => {
    const one = await school()
    await take(one, now, ["s1,t1,advisor,,", "s2,t1,advisor,,", "s3,t1,advisor,,"])
    expect(await take(one, later, ["s1,t1,advisor,,"])).toEqual({ kind: "shrinks", now: 3, kept: 1 })
    expect(await take(one, later, ["s1,t1,advisor,,"], true)).toMatchObject({ report: { ties: { ended: 2 } } })
  })
})

describe("the playground's accounts", () => {
  test("are given to everyone active, once, and to the first school alone", async () => {
    const [one, other] = [await school(), await school()]
    const give = (of: EmptySchool) => inSchool(of, now, ({ tx, schoolId }) => givePlaygroundAccounts(tx, schoolId, now))
    expect([await give(one), await give(one), await give(other)]).toEqual([7, 0, null])
    expect(await look(one, sql`select user_id as "user", route from address order by 1 limit 2`)).toEqual([
      { user: "s1", route: "dm:s1" },
      { user: "s2", route: "dm:s2" },
    ])
  })
})
