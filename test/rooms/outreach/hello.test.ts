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

/** "ada: chat in good", how each was and what about. */
const told = async () =>
  (
    await look<{ one: string }>(
      school,
      sql`select s.sourced_id || ': ' || c.kind || ' ' || c.direction || ' ' || coalesce(c.about, '-') as one
          from contact c join person s on s.id = c.student_id order by 1`,
    )
  ).map(({ one }) => one)

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
      ["hello_more", expect.any(String)],
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
    expect(all.flatMap(actionsOf)).toEqual(["hello_more", "hello_undo", "hello_undo"])
    expect(await done()).toEqual(["ada", "ben", "cleo"])
    expect(await contacts()).toHaveLength(3)
    expectRefused(await press(school, "okafor", now, "hello_all", brief), "That is not on your list.")
    expectRefused(await press(school, "ada", now, "hello_all", brief), "That is not on your list.")
  })

  test("one of them taken back leaves the other undos where they are", async () => {
    const brief = await briefWith("rivera", ["ada", "ben", "cleo"])
    const all = buttonsOf(await press(school, "rivera", now, "hello_all", brief)).filter(({ action }) => action === "hello_undo")
    expect(all.map(({ label }) => label)).toEqual(["Undo Ada Brook", "Undo Ben Hollow", "Undo Cleo Marsh"])
    const first = await press(school, "rivera", now, "hello_undo", all[1]?.id ?? "")
    expect(first.kind).toBe("replace")
    expect(shown(first)).toContain("Taken back: Ben Hollow.")
    expect(buttonsOf(first)).toEqual([all[0], all[2]])
    await press(school, "rivera", now, "hello_undo", all[0]?.id ?? "")
    expect(buttonsOf(await press(school, "rivera", now, "hello_undo", all[2]?.id ?? ""))).toEqual([])
    expect(await contacts()).toEqual([])
  })

  test("a hostile name is shown safely on every undo", async () => {
    await look(school, sql`update person set given_name = ${"A\u202eda"}, preferred_name = null where id = ${school.people.ada}`)
    const brief = await briefWith("rivera", ["ada", "ben", "cleo"])
    const all = buttonsOf(await press(school, "rivera", now, "hello_all", brief)).filter(({ action }) => action === "hello_undo")
    const left = buttonsOf(await press(school, "rivera", now, "hello_undo", all[1]?.id ?? ""))
    expect([...all, ...left].map(({ label }) => label).filter((label) => label.includes("da Brook"))).toHaveLength(2)
    expect([...all, ...left].map(({ label }) => label).join()).not.toContain("\u202e")
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

describe("more of a hello", () => {
  const more = (values: Readonly<Record<string, string>>, contact: string, who: PersonName = "rivera", when = now) =>
    submit(school, who, when, "hello_more", contact, values)
  const logged = async (): Promise<string> => buttonsOf(await press(school, "rivera", now, "hello", school.people.ada))[0]?.id ?? ""

  test("is one form beneath it, every question with an answer already or free to skip", async () => {
    const answer = await press(school, "rivera", now, "hello", school.people.ada)
    expect(buttonsOf(answer).map(({ action, label }) => `${action}: ${label}`)).toEqual(["hello_more: Say more", "hello_undo: Undo"])
    const form = formOf(await press(school, "rivera", now, "hello_more", buttonsOf(answer)[0]?.id ?? ""))
    expect(form.fields.map(({ name, optional = false }) => [name, optional])).toEqual([
      ["kind", false],
      ["direction", true],
      ["about", true],
    ])
    expect(form.fields.map((field) => ("initial" in field ? field.initial : null))).toEqual(["hello", "out", null])
  })

  test("says how it was, who came to whom and what about; in its place, with the way back", async () => {
    const contact = await logged()
    const answer = await more({ kind: "hallway", direction: "in", about: "good" }, contact)
    expect(answer.kind).toBe("replace")
    expect(shown(answer)).toContain("Logged: a word in passing with Ada Brook, who came to you.")
    expect(actionsOf(answer)).toEqual(["hello_more", "hello_undo"])
    expect(await told()).toEqual(["ada: hallway in good"])
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    expect(shown(await more({ kind: "call", direction: "in" }, contact))).toContain("Anotado: una llamada con Ada Brook, por iniciativa suya.")
    const deeds = await look<{ detail: unknown }>(school, sql`select detail from deed where act = 'hello_told'`)
    expect(deeds.map(({ detail }) => Object.keys(detail as object).sort())).toEqual([
      ["contactId", "kind"],
      ["contactId", "kind"],
    ])
  })

  test("asks what it was about until it was said, and not a second time", async () => {
    const contact = await logged()
    await more({ kind: "chat" }, contact)
    expect(formOf(await press(school, "rivera", now, "hello_more", contact)).fields.map(({ name }) => name)).toContain("about")
    await more({ kind: "chat", about: "problem" }, contact)
    expect(formOf(await press(school, "rivera", now, "hello_more", contact)).fields.map(({ name }) => name)).toEqual(["kind", "direction"])
    await more({ kind: "call", about: "good" }, contact)
    expect(await told()).toEqual(["ada: call out problem"])
  })

  test("said twice at once is one or the other, whole", async () => {
    const contact = await logged()
    const ways = [
      { kind: "chat", direction: "in", about: "good" },
      { kind: "call", direction: "out", about: "school" },
    ] as const
    await Promise.all(ways.flatMap((way) => [more(way, contact), more(way, contact)]))
    const [one] = await look<{ kind: string; direction: string }>(school, sql`select kind, direction from contact`)
    expect(ways.map(({ kind, direction }) => ({ kind, direction }))).toContainEqual(one)
    expect(await contacts()).toHaveLength(1)
  })

  test("leaves it to be undone, and an undone one has nothing more to say", async () => {
    await briefWith("rivera", ["ada"])
    const contact = await logged()
    await more({ kind: "home", about: "school" }, contact)
    expect(shown(await press(school, "rivera", at("2027-02-10", "10:59"), "hello_undo", contact))).toBe("Taken back: Ada Brook.")
    expect([await contacts(), await done()]).toEqual([[], []])
    expectRefused(await more({ kind: "chat" }, contact), "That is not on your list.")
    expectRefused(await press(school, "rivera", now, "hello_more", contact), "That is not on your list.")
  })

  test("said at the moment it is taken back leaves nothing behind", async () => {
    await briefWith("rivera", ["ada"])
    const contact = await logged()
    const [said, back] = await Promise.all([
      more({ kind: "chat", about: "good" }, contact),
      press(school, "rivera", at("2027-02-10", "10:30"), "hello_undo", contact),
    ])
    expect(["Logged: a talk with Ada Brook.\n", "That is not on your list."]).toContain(shown(said))
    expect(shown(back)).toBe("Taken back: Ada Brook.")
    expect([await contacts(), await done()]).toEqual([[], []])
  })

  test("after the hour it can be said still, without a way back", async () => {
    const contact = await logged()
    expect(actionsOf(await more({ kind: "chat" }, contact, "rivera", at("2027-02-10", "11:01")))).toEqual(["hello_more"])
  })

  test("of one tap for all is said of one of them or of all", async () => {
    const brief = await briefWith("rivera", ["ada", "ben", "cleo"])
    const [all, ...undo] = buttonsOf(await press(school, "rivera", now, "hello_all", brief))
    const [who] = formOf(await press(school, "rivera", now, "hello_more", all?.id ?? "")).fields
    expect(who?.kind === "one_of" && who.options.map(({ label }) => label)).toEqual(["All of them", "Ada Brook", "Ben Hollow", "Cleo Marsh"])
    const ben = await more({ who: undo[1]?.id ?? "", kind: "chat", about: "problem" }, all?.id ?? "")
    expect(shown(ben)).toContain("Logged: a talk with Ben Hollow.")
    expect(buttonsOf(ben)).toEqual([all, ...undo])
    await more({ who: "all", kind: "hallway", about: "hello" }, all?.id ?? "")
    expect(await told()).toEqual(["ada: hallway out hello", "ben: hallway out problem", "cleo: hallway out hello"])
  })

  test("takes no word that is not on its lists, and nobody from another press", async () => {
    const contact = await logged()
    await press(school, "rivera", now, "hello", school.people.ben)
    const [other] = await look<{ id: string }>(school, sql`select id from contact where student_id = ${school.people.ben}`)
    const wrong = await more({ who: other?.id ?? "", kind: "reply", direction: "up", about: "him" }, contact)
    expect(wrong.kind === "ask" && Object.keys(wrong.errors).sort()).toEqual(["about", "direction", "kind", "who"])
    expect(await told()).toEqual(["ada: hello out -", "ben: hello out -"])
  })

  test("is the same adult's alone, and a line in reply says itself what it was", async () => {
    const contact = await logged()
    for (const who of ["okafor", "tanner", "linde", "parr", "ada"] as const) {
      const sentence = who === "linde" ? "Eso no está en tu lista." : "That is not on your list."
      expectRefused(await press(school, who, now, "hello_more", contact), sentence)
      expectRefused(await more({ kind: "chat" }, contact, who), sentence)
    }
    await look(school, sql`update contact set kind = 'reply'`)
    expectRefused(await more({ kind: "chat" }, contact), "That is not on your list.")
    for (const target of ["", "x", randomUUID()]) expectRefused(await more({ kind: "chat" }, target), "That is not on your list.")
    expect(await told()).toEqual(["ada: reply out -"])
    expect(await deedsOf(school)).toContain("okafor hello_refused ada")
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
    expect(form.fields.map(({ name, optional = false }) => [name, optional])).toEqual([
      ["who", false],
      ["kind", false],
      ["direction", true],
      ["about", true],
    ])
    if (who?.kind !== "one_of" || kind?.kind !== "one_of") throw new Error("no lists")
    expect(who.options.map(({ label }) => label)).toEqual(["Cleo Marsh", "Eli Stone", "Gia Vale"])
    expect(kind.options.map(({ value }) => value)).toEqual(["hello", "chat", "hallway", "call", "home"])
    const answer = await submit(school, "okafor", now, "outreach", "", { who: school.people.eli, kind: "call" })
    expect(shown(answer)).toContain("Logged: a call with Eli Stone.")
    const came = { who: school.people.gia, kind: "chat", direction: "in", about: "school" }
    expect(shown(await submit(school, "okafor", now, "outreach", "", came))).toContain("Logged: a talk with Gia Vale, who came to you.")
    expect(await told()).toEqual(["eli: call out -", "gia: chat in school"])
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
