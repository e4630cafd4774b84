import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type StudentName, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, buttonsOf, command, deedsOf, expectRefused, formOf, newAdvisor, press, shown, submit } from "./steps.ts"

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
const contacts = () =>
  look<{ who: string; by: string; kind: string }>(
    school,
    sql`select s.sourced_id as who, a.sourced_id as by, c.kind from contact c join person s on s.id = c.student_id join person a on a.id = c.adult_id order by 1`,
  )

async function briefWith(adult: PersonName, names: readonly StudentName[]): Promise<string> {
  const id = randomUUID()
  await look(
    school,
    sql`insert into brief (school_id, id, adult_id, week, at) values (${school.id}, ${id}, ${school.people[adult]}, '2027-02-08', ${at("2027-02-10", "07:30")})`,
  )
  for (const [rank, who] of names.entries())
    await look(
      school,
      sql`insert into brief_name (school_id, brief_id, student_id, rank) values (${school.id}, ${id}, ${school.people[who]}, ${rank})`,
    )
  return id
}
const done = async () =>
  (
    await look<{ who: string }>(
      school,
      sql`select p.sourced_id as who from brief_name n join person p on p.id = n.student_id where n.done_at is not null order by 1`,
    )
  ).map(({ who }) => who)

describe("I said hello", () => {
  test("counts once a message and day, however often and fast it is pressed, and ticks the brief", async () => {
    await briefWith("rivera", ["ada", "ben"])
    const answers = await Promise.all(Array.from({ length: 4 }, () => press(school, "rivera", now, "hello", school.people.ada)))
    expect(answers.filter((answer) => shown(answer) === "Logged: a hello with Ada Brook.\n")).toHaveLength(1)
    expect(answers.filter((answer) => shown(answer) === "That one was logged already.")).toHaveLength(3)
    expect(await contacts()).toEqual([{ who: "ada", by: "rivera", kind: "hello" }])
    expect(await done()).toEqual(["ada"])
    await press(school, "rivera", at("2027-02-11", "10:00"), "hello", school.people.ada)
    expect(await contacts()).toHaveLength(2)
  })

  test("offers to close an open alert, and does not close it", async () => {
    const alert = randomUUID()
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, ${alert}, ${school.people.ada}, 'silence', 'alert', '2027-02-08', '{}', ${school.people.rivera}, 'owner', ${now}, ${now})`,
    )
    const answer = await press(school, "rivera", now, "hello", school.people.ada)
    expect(buttonsOf(answer).map(({ action, id }) => [action, id])).toEqual([
      ["alert_useful", alert],
      ["alert_known", alert],
      ["alert_false", alert],
      ["hello_undo", expect.any(String)],
    ])
    expect(await look(school, sql`select state from alert`)).toEqual([{ state: "open" }])
  })

  test("is taken back within the hour, by the same adult alone, in the brief too", async () => {
    await briefWith("rivera", ["ada"])
    const undo = buttonsOf(await press(school, "rivera", now, "hello", school.people.ada))[0]?.id ?? ""
    expectRefused(await press(school, "okafor", now, "hello_undo", undo), "That is not on your list.")
    expectRefused(await press(school, "ada", now, "hello_undo", undo), "That is not on your list.")
    expect(shown(await press(school, "rivera", at("2027-02-10", "11:01"), "hello_undo", undo))).toContain("more than an hour ago")
    expect(await contacts()).toHaveLength(1)
    expect(shown(await press(school, "rivera", at("2027-02-10", "10:59"), "hello_undo", undo))).toBe("Taken back: Ada Brook.")
    expect(await contacts()).toEqual([])
    expect(await done()).toEqual([])
    expectRefused(await press(school, "rivera", now, "hello_undo", undo), "That is not on your list.")
    expect(await deedsOf(school)).toContain("rivera hello_undone ada")
  })

  test("one tap for all: the adult's own brief, those not done yet, once", async () => {
    const brief = await briefWith("rivera", ["ada", "ben", "cleo"])
    await press(school, "rivera", now, "hello", school.people.ada)
    const all = await Promise.all(Array.from({ length: 3 }, () => press(school, "rivera", now, "hello_all", brief)))
    expect(all.filter((answer) => shown(answer).startsWith("Logged: a hello with Ben Hollow and Cleo Marsh."))).toHaveLength(1)
    expect(all.flatMap(actionsOf)).toEqual(["hello_undo", "hello_undo"])
    expect(await done()).toEqual(["ada", "ben", "cleo"])
    expect(await contacts()).toHaveLength(3)
    expectRefused(await press(school, "okafor", now, "hello_all", brief), "That is not on your list.")
    expectRefused(await press(school, "ada", now, "hello_all", brief), "That is not on your list.")
  })

  test("one of them taken back leaves the other undos where they are", async () => {
    const brief = await briefWith("rivera", ["ada", "ben", "cleo"])
    const all = buttonsOf(await press(school, "rivera", now, "hello_all", brief))
    expect(all.map(({ label }) => label)).toEqual(["Undo Ada Brook", "Undo Ben Hollow", "Undo Cleo Marsh"])
    const first = await press(school, "rivera", now, "hello_undo", all[1]?.id ?? "")
    expect(first.kind).toBe("replace")
    expect(shown(first)).toContain("Taken back: Ben Hollow.")
    expect(buttonsOf(first)).toEqual([all[0], all[2]])
    await press(school, "rivera", now, "hello_undo", all[0]?.id ?? "")
    expect(buttonsOf(await press(school, "rivera", now, "hello_undo", all[2]?.id ?? ""))).toEqual([])
    expect(await contacts()).toEqual([])
  })

  test("a name that left the adult's list since is not logged by the one tap", async () => {
    const brief = await briefWith("rivera", ["ada", "ben"])
    await newAdvisor(school, "ada", "2027-02-10")
    await press(school, "rivera", now, "hello_all", brief)
    expect(await contacts()).toEqual([{ who: "ben", by: "rivera", kind: "hello" }])
    expect(await done()).toEqual(["ben"])
  })

  test("a class tie, an ended tie, another school's adult and a student may not", async () => {
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    await newAdvisor(school, "ben", "2027-02-10")
    for (const [where, who, student] of [
      [school, "tanner", "ada"],
      [school, "parr", "ada"],
      [school, "rivera", "ben"],
      [school, "ben", "ada"],
      [other, "rivera", "ada"],
    ] as const)
      expectRefused(await press(where, who, now, "hello", school.people[student]))
    expect(await contacts()).toEqual([])
    expect(await deedsOf(school)).toContain("tanner hello_refused ada")
  })
})

describe("outreach", () => {
  test("a name logs a hello at once; several are listed; none and forbidden read alike", async () => {
    expect(shown(await command(school, "rivera", now, "outreach", "ada"))).toContain("Logged: a hello with Ada Brook.")
    await look(school, sql`update person set family_name = 'Marsh' where id = ${school.people.ben}`)
    const several = await command(school, "rivera", now, "outreach", "marsh")
    expect(buttonsOf(several).map(({ action, id }) => [action, id])).toEqual([
      ["hello", school.people.ben],
      ["hello", school.people.cleo],
    ])
    expectRefused(await command(school, "rivera", now, "outreach", "eli"))
    expectRefused(await command(school, "tanner", now, "outreach", "ada"))
    expectRefused(await command(school, "ada", now, "outreach", "ben"))
    expect(await contacts()).toHaveLength(1)
  })

  test("without a name a form asks who and what, of the adult's own advisees", async () => {
    const form = formOf(await command(school, "okafor", now, "outreach", ""))
    const [who, kind] = form.fields
    if (who?.kind !== "one_of" || kind?.kind !== "one_of") throw new Error("no lists")
    expect(who.options.map(({ label }) => label)).toEqual(["Cleo Marsh", "Eli Stone", "Gia Vale"])
    expect(kind.options.map(({ value }) => value)).toEqual(["hello", "chat", "hallway", "call", "home"])
    const answer = await submit(school, "okafor", now, "outreach", "", { who: school.people.eli, kind: "call" })
    expect(shown(answer)).toContain("Logged: a call with Eli Stone.")
    expectRefused(await submit(school, "okafor", now, "outreach", "", { who: school.people.ada, kind: "call" }))
    expectRefused(await submit(school, "ada", now, "outreach", "", { who: school.people.eli, kind: "call" }))
    const wrong = await submit(school, "okafor", now, "outreach", "", { who: "nobody", kind: "shout" })
    expect(wrong.kind === "ask" && wrong.errors).toEqual({
      kind: "Please pick one from the list.",
      who: "I know no student by that name among yours.",
    })
  })

  test("a class teacher without advisees is asked for a name, and still may not log for a class", async () => {
    const [who] = formOf(await command(school, "tanner", now, "outreach", "")).fields
    expect(who?.kind).toBe("line")
    const answer = await submit(school, "tanner", now, "outreach", "", { who: "ada", kind: "hello" })
    expect(answer.kind === "ask" && answer.errors).toEqual({ who: "I know no student by that name among yours." })
  })
})
