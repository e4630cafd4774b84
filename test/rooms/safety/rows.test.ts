import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { screen } from "../../../src/safety/screen.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, owedIn } from "../../support/school.ts"
import { lines, shown } from "../reflection/shown.ts"
import { climb, deedsIn, doorway, eventsIn, freshSchool, knock, letterOf, safetyOwed, sendAll, set, told, write } from "./rows-steps.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const night = at("2027-02-04", "23:10")
const noon = at("2027-02-04", "12:00")
const later = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000)
const urgent = "I want to kill myself"
const concern = "nobody would miss me if I was gone"
const ladder = [["linde"], ["parr", "okafor"]] as const

test("the samples are what they are called", () => {
  expect(screen(urgent).level).toBe("urgent")
  expect(screen(concern).level).toBe("concern")
})

describe("words about danger", () => {
  test("delivered four times in parallel raise one event, and the student reads the fixed words once", async () => {
    const school = await freshSchool(database.db, ladder)
    const event = eventFrom(school, "ada", night, { kind: "said", messageId: "m1", text: urgent }, randomUUID())
    const answers = await Promise.all([event, event, event, event].map((one) => knock(school, night, one)))
    expect(answers.filter(({ kind }) => kind === "quiet")).toHaveLength(3)
    const answer = answers.find(({ kind }) => kind === "say")
    const words = answer ? shown(answer) : ""
    expect(words).toContain("I am bringing in Lena Linde now.")
    for (const part of ["911", "988", "741741"]) expect(words).toContain(part)

    const [raised, ...others] = await eventsIn(school)
    expect(others).toEqual([])
    expect(raised).toMatchObject({
      source: `playground/${school.tenant}/${event.id}`,
      studentId: school.people.ada,
      level: "urgent",
      state: "open",
      step: 1,
    })
    expect(raised?.nextAt).toEqual(later(night, 20))
    expect(await told(school)).toEqual({ 1: ["linde"] })
    const [alert] = await safetyOwed(school, "linde")
    expect(alert).toMatchObject({ urgent: true, dueAt: night, expiresAt: later(night, 1440), subjectId: raised?.id })
    expect(await safetyOwed(school, "ada")).toMatchObject([{ kind: "safety_resources", urgent: true, dueAt: night, expiresAt: later(night, 1440) }])
    expect(await deedsIn(school)).toEqual(["safety_raised", "safety_told"])
    expect(await look(school, sql`select 1 from wake where kind = 'sweep' and next_at <= ${later(night, 20)}`)).toHaveLength(1)
  })

  test("are sealed, and stand nowhere else in the clear", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    const [kept] = await look<{ words: string }>(school, sql`select encode(words, 'escape') as words from safety_event`)
    expect(kept?.words).not.toContain("kill")
    const owed = await owedIn(school)
    expect(JSON.stringify(owed)).not.toMatch(/kill|Ada/)
  })

  test("tell the ladder step by step at any hour, and from the top again, until somebody has it", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    expect(await climb(school, later(night, 19))).toEqual(later(night, 20))
    expect(await told(school)).toEqual({ 1: ["linde"] })
    for (const minutes of [20, 40, 60]) expect(await climb(school, later(night, minutes))).toEqual(later(night, minutes + 20))
    expect(await told(school)).toEqual({ 1: ["linde"], 2: ["okafor", "parr"], 3: ["linde"], 4: ["okafor", "parr"] })
  })

  test("climb once, however many sweeps run at once", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    await Promise.all([1, 2, 3, 4].map(() => climb(school, later(night, 20))))
    expect(await told(school)).toEqual({ 1: ["linde"], 2: ["okafor", "parr"] })
  })

  test("that worry are told by chat at night and paged from half past seven on", async () => {
    const school = await freshSchool(database.db, ladder)
    const saturday = at("2027-02-06", "22:00")
    const answer = shown(await write(school, "ada", saturday, concern))
    expect(answer).toContain("I am asking Lena Linde to read it.")
    expect(await told(school)).toEqual({ 0: ["linde"] })
    const morning = at("2027-02-07", "07:30")
    expect(await climb(school, later(saturday, 120))).toEqual(morning)
    expect(await climb(school, morning)).toEqual(later(morning, 20))
    expect(await climb(school, later(morning, 20))).toEqual(later(morning, 40))
    expect(await told(school)).toEqual({ 0: ["linde"], 1: ["linde"], 2: ["okafor", "parr"] })
  })

  test("in Spanish are answered in Spanish", async () => {
    const school = await freshSchool(database.db, ladder)
    expect(shown(await write(school, "dani", night, "me quiero matar"))).toContain("Estoy avisando ahora mismo a Lena Linde.")
    expect((await eventsIn(school))[0]).toMatchObject({ level: "urgent" })
  })

  test("that only two messages say together are heard, and shown together", async () => {
    const school = await freshSchool(database.db, ladder)
    expect(shown(await write(school, "ada", night, "sometimes I want to kill"))).not.toContain("988")
    expect(shown(await write(school, "ada", later(night, 1), "myself"))).toContain("988")
    expect(await eventsIn(school)).toHaveLength(1)
  })

  test("more than an hour apart are not joined", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, "sometimes I want to kill")
    await write(school, "ada", later(night, 61), "myself")
    expect(await eventsIn(school)).toEqual([])
  })

  test("without consent reach the ladder, and nothing else of them is kept", async () => {
    const school = await freshSchool(database.db, ladder)
    expect(shown(await write(school, "finn", night, urgent))).toContain("988")
    expect(await told(school)).toEqual({ 1: ["linde"] })
    expect(await look(school, sql`select 1 from reply`)).toEqual([])
  })

  test("in a form are heard, and the adult is not shown its taps", async () => {
    const school = await freshSchool(database.db, ladder)
    const values = { words: urgent, mood: "1", wants: "someone", who: school.people.rivera }
    await knock(school, night, eventFrom(school, "ada", night, { kind: "submitted", action: "reflect_first", target: randomUUID(), values }))
    expect(await eventsIn(school)).toHaveLength(1)
  })

  test("of staff are not looked at", async () => {
    const school = await freshSchool(database.db, ladder)
    const answer = await knock(school, noon, eventFrom(school, "rivera", noon, { kind: "said", messageId: "m", text: urgent }))
    expect(shown(answer)).not.toContain("988")
    expect(await eventsIn(school)).toEqual([])
  })
})

describe("who is told", () => {
  test("an adult whom the words name is passed over, and cannot be told later", async () => {
    const school = await freshSchool(database.db, ladder)
    const answer = shown(await write(school, "ada", night, "Ms Linde hits me and I want to die"))
    expect(answer).not.toContain("Linde")
    expect(answer).toMatch(/Pat Parr and Obi Okafor|Obi Okafor and Pat Parr/)
    expect((await eventsIn(school))[0]?.skipped).toEqual([school.people.linde])
    await climb(school, later(night, 20))
    expect(await told(school)).toEqual({ 1: ["okafor", "parr"], 2: ["okafor", "parr"] })
  })

  test("an adult whom the student names afterwards is left out, and others are told at once where that adult had heard", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    await sendAll(school, night)
    const answer = shown(await write(school, "ada", later(night, 2), "it is about Ms Linde"))
    expect(answer).toContain("I leave Lena Linde out from now on, but I had alerted them")
    expect(await told(school)).toEqual({ 1: ["linde"], 2: ["okafor", "parr"] })
    expect((await eventsIn(school))[0]).toMatchObject({ skipped: [school.people.linde], nextAt: later(night, 22) })
  })

  test("an adult who is left out before the alert leaves never gets it", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    expect(shown(await write(school, "ada", later(night, 2), "Lena Linde"))).toContain("I leave Lena Linde out. From now on")
    const [alert] = await safetyOwed(school, "linde")
    expect(alert && (await letterOf(school, later(night, 2), alert))).toEqual({ kind: "drop", why: "left_out" })
  })

  test("without a ladder all counsellors are told; without counsellors the office; without either the advisors", async () => {
    const school = await freshSchool(database.db)
    await write(school, "ada", night, urgent)
    await write(school, "cleo", night, "Lena Linde hurts me, I want to die")
    await write(school, "ben", night, "Lena Linde and Mr Parr hurt me, I want to die")
    const byStudent = await look<{ student: string; told: string[] }>(
      school,
      sql`select p.sourced_id as student, array_agg(a.sourced_id order by a.sourced_id) as told from safety_event e
          join person p on p.id = e.student_id join delivery d on d.subject_id = e.id and d.kind = 'safety_alert' join person a on a.id = d.person_id
          group by 1 order by 1`,
    )
    expect(byStudent).toEqual([
      { student: "ada", told: ["linde"] },
      { student: "ben", told: ["rivera"] },
      { student: "cleo", told: ["parr"] },
    ])
  })

  test("where nobody may be told, the student is promised nobody, and it is tried again", async () => {
    const school = await freshSchool(database.db)
    await look(school, sql`update person set status = 'ended' where role = 'staff'`)
    expect(shown(await write(school, "ada", night, urgent))).toContain("I have found nobody at your school to bring in")
    expect(await told(school)).toEqual({})
    await look(school, sql`update person set status = 'active' where role = 'staff'`)
    await climb(school, later(night, 60))
    expect(Object.values(await told(school))).toEqual([["linde"]])
  })

  test("somebody without an account does not hold up the next step", async () => {
    const school = await freshSchool(database.db, ladder)
    await look(school, sql`delete from address where person_id = ${school.people.linde}`)
    await write(school, "ada", night, urgent)
    expect(await told(school)).toEqual({ 1: ["linde"], 2: ["okafor", "parr"] })
    expect((await eventsIn(school))[0]).toMatchObject({ step: 2, nextAt: later(night, 20) })
  })

  test("what the student writes on joins, and pages nobody anew; concern that turns urgent pages from the top", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", noon, concern)
    expect(shown(await write(school, "ada", later(noon, 1), concern))).toContain("Thank you for telling me more:")
    expect(await told(school)).toEqual({ 1: ["linde"] })
    expect(shown(await write(school, "ada", later(noon, 2), urgent))).toContain("I am bringing in")
    expect(await told(school)).toEqual({ 1: ["linde"], 3: ["linde"] })
    await write(school, "ada", later(noon, 3), urgent)
    expect(await told(school)).toEqual({ 1: ["linde"], 3: ["linde"] })
    const events = await eventsIn(school)
    expect(events).toHaveLength(4)
    expect(events.filter(({ nextAt }) => nextAt !== null)).toMatchObject([{ level: "urgent", nextAt: later(noon, 22) }])
    const [alert] = await safetyOwed(school, "linde")
    const letter = alert && (await letterOf(school, later(noon, 3), alert))
    expect(letter?.kind === "message" && lines(letter.message).join("\n")).toContain("Desde entonces llegaron 3 mensajes más como este.")
  })

  test("two messages at once lead to one ladder", async () => {
    const school = await freshSchool(database.db, ladder)
    await Promise.all([write(school, "ada", night, urgent), write(school, "ada", night, "I am going to end my life tonight")])
    expect((await eventsIn(school)).filter(({ nextAt }) => nextAt !== null)).toHaveLength(1)
    expect(await told(school)).toEqual({ 1: ["linde"] })
  })
})

describe("somebody off the list", () => {
  const from = (school: Awaited<ReturnType<typeof freshSchool>>, text: string, user = "newcomer") => {
    const event = eventFrom(school, "ada", night, { kind: "said", messageId: randomUUID(), text })
    return knock(school, night, { ...event, from: { account: { platform: "playground", tenant: school.tenant, user }, route: "direct:new" } })
  }

  test("is heard where words are about danger, and named by their account", async () => {
    const school = await freshSchool(database.db, ladder)
    expect(shown(await from(school, "hello?"))).toContain("I only talk with people on Larch Hill's list")
    expect(shown(await from(school, urgent))).toContain("I am bringing in Lena Linde now.")
    expect(await eventsIn(school)).toMatchObject([{ studentId: null, account: `playground/${school.tenant}/newcomer`, level: "urgent" }])
    const [alert] = await safetyOwed(school, "linde")
    const letter = alert && (await letterOf(school, night, alert))
    expect(letter?.kind === "message" && lines(letter.message).join("\n")).toContain("newcomer (fuera de la lista de la escuela)")
    expect(shown(await from(school, "Ms Linde"))).toContain("I leave Lena Linde out")
  })

  test("who was a student here is named by their old row", async () => {
    const school = await freshSchool(database.db, ladder)
    await look(school, sql`update person set status = 'ended' where id = ${school.people.eli}`)
    await from(school, urgent, "eli")
    expect(await eventsIn(school)).toMatchObject([{ studentId: school.people.eli, account: null }])
  })
})

describe("when nothing can be kept", () => {
  test("the student still reads where people answer, in both languages, and the event is asked for again", async () => {
    const school = await freshSchool(database.db, ladder)
    const broken = { ...doorway, looked: () => Promise.reject(new Error("the database is gone")) }
    const event = eventFrom(school, "ada", night, { kind: "said", messageId: "m", text: urgent })
    const answer = await knock(school, night, event, broken)
    expect(answer.again).toBe(true)
    expect(shown(answer)).toContain("I do not know whether what you just wrote reaches anyone at school")
    expect(shown(answer)).toContain("AYUDA por mensaje al 988")
    await expect(knock(school, night, { ...event, kind: "said", messageId: "m", text: "hello" }, broken)).rejects.toThrow("the database is gone")
    expect(shown(await knock(school, night, event))).toContain("I am bringing in")
  })
})

test("the hours of reading are said as the school set them", async () => {
  const school = await freshSchool(database.db, ladder)
  await set(school, "safety.hours", { weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "07:30", close: "16:00" }], breaks: { kind: "covered" } })
  expect(shown(await write(school, "ada", night, urgent))).toContain("they may not see it before 7:30 am on Friday 5 February")
  expect(shown(await write(school, "cleo", noon, urgent))).toContain("Someone is on duty now.")
})
