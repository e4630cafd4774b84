import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Answer } from "../../../src/platform/answer.ts"
import { routes } from "../../../src/reflection/routes.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { buttonsOf, formOf, messageOf, shown } from "./shown.ts"

let database: TestDatabase
let schools = 0
const newSchool = (): Promise<TestSchool> => seedSchool(database.db, { tenant: `tenant-${++schools}` })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const week = { thursday: "2027-02-04", tuesday: "2027-02-09" }
const now = at("2027-02-04", "15:00")

const command = (school: TestSchool, who: PersonName, name: "reflect" | "pause" | "stop" | "start", text = "", when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "commanded", command: name, text }, async (turn) => {
    const commanded = routes.commanded?.[name]
    if (!commanded) throw new Error(`nothing answers ${name}`)
    return commanded(turn, text)
  })
const press = (school: TestSchool, who: PersonName, action: "start" | "pause", when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "pressed", action, target: "", value: null, messageId: "b1" }, async (turn, event) => {
    const pressed = routes.pressed?.[action]
    if (!pressed) throw new Error(`nothing answers ${action}`)
    return pressed(turn, event)
  })
const submitPause = (school: TestSchool, who: PersonName, until: string): Promise<Answer> =>
  turnFor(school, who, now, { kind: "submitted", action: "pause", target: "", values: until ? { until } : {} }, async (turn, event) => {
    const submitted = routes.submitted?.pause
    if (!submitted) throw new Error("nothing answers pause")
    return submitted(turn, event)
  })
const resting = async (school: TestSchool, who: PersonName) =>
  (
    await look<{ stopped: boolean; paused: string | null }>(
      school,
      sql`select stopped_at is not null as stopped, paused_until as paused from person where id = ${school.people[who]}`,
    )
  )[0]
const actsOf = async (school: TestSchool, who: PersonName) =>
  (await look<{ act: string }>(school, sql`select act from deed where subject_id = ${school.people[who]} order by at, act`)).map(({ act }) => act)

describe("stop", () => {
  test("ends the questions at once, is no silence, and can be undone by its button", async () => {
    const school = await newSchool()
    const stopped = await command(school, "ada", "stop")
    expect(shown(stopped)).toContain("Stopped. From now on I ask you nothing, and that is not counted as going quiet.")
    expect(buttonsOf(messageOf(stopped))).toEqual([{ action: "start", id: "", label: "Undo" }])
    expect(await resting(school, "ada")).toEqual({ stopped: true, paused: null })
    expect(shown(await command(school, "ada", "stop"))).toContain("I have already stopped")
    expect(shown(await command(school, "ada", "reflect"))).toContain("I have already stopped")

    const back = shown(await press(school, "ada", "start"))
    expect(back).toContain("Welcome back, Ada.")
    expect(back).toContain("The next questions come on 11 February, 2:45 pm.")
    expect(await resting(school, "ada")).toEqual({ stopped: false, paused: null })
    expect(await actsOf(school, "ada")).toEqual(["start", "stop"])
    expect(shown(await command(school, "ada", "start"))).toContain("Your questions are on, Ada.")
  })

  test("in Spanish, to a student who reads Spanish", async () => {
    const school = await newSchool()
    const stopped = await command(school, "dani", "stop")
    expect(shown(stopped)).toContain("He parado. Desde ahora no te pregunto nada")
    expect(buttonsOf(messageOf(stopped)).map(({ label }) => label)).toEqual(["Deshacer"])
  })

  test("is for students: a teacher's changes nothing", async () => {
    const school = await newSchool()
    for (const name of ["stop", "start", "pause", "reflect"] as const)
      expect(shown(await command(school, "rivera", name, "2027-03-01"))).toContain("for students")
    expect(await resting(school, "rivera")).toEqual({ stopped: false, paused: null })
    expect(await actsOf(school, "rivera")).toEqual([])
  })
})

describe("pause", () => {
  test("until a day that is typed, with an undo", async () => {
    const school = await newSchool()
    const paused = await command(school, "ada", "pause", "until 14 March")
    expect(shown(paused)).toContain("Paused. I ask you nothing before 14 March")
    expect(await resting(school, "ada")).toEqual({ stopped: false, paused: "2027-03-14" })
    expect(shown(await command(school, "ada", "reflect"))).toContain("The next questions come on 25 March")
    await press(school, "ada", "start")
    expect(await resting(school, "ada")).toEqual({ stopped: false, paused: null })
    expect(await actsOf(school, "ada")).toEqual(["pause", "start"])
  })

  test("says clearly what it cannot take, and changes nothing", async () => {
    const school = await newSchool()
    expect(shown(await command(school, "ada", "pause", "until whenever"))).toContain("I could not read that day. Write it like 2027-03-14")
    expect(shown(await command(school, "ada", "pause", "until 2027-02-04"))).toContain("not in the future")
    expect(shown(await command(school, "ada", "pause", "until 1 September"))).toContain("The latest day I can take is 10 June.")
    expect(await resting(school, "ada")).toEqual({ stopped: false, paused: null })
  })

  test("without a day asks for one in a form, and the form says its errors by field", async () => {
    const school = await newSchool()
    expect(formOf(await command(school, "ada", "pause")).form.fields).toMatchObject([{ kind: "day", name: "until" }])
    expect(formOf(await press(school, "ada", "pause")).form.action).toBe("pause")
    const past = formOf(await submitPause(school, "ada", "2027-01-20"))
    expect(past.errors.until).toContain("not in the future")
    expect(past.form.fields).toMatchObject([{ initial: "2027-01-20" }])
    expect(formOf(await submitPause(school, "ada", "")).errors.until).toContain("could not read")
    expect(shown(await submitPause(school, "ada", "2027-02-15"))).toContain("Paused.")
    expect(await resting(school, "ada")).toEqual({ stopped: false, paused: "2027-02-15" })
    expect(shown(await submitPause(school, "rivera", "2027-02-15"))).toContain("for students")
  })
})

describe("reflect", () => {
  test("shows this week's two questions, once answered offers to change them", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    const asked = await command(school, "ada", "reflect")
    expect(shown(asked)).toContain("five minutes to teach the class")
    expect(shown(asked)).not.toContain("I am Rapport")
    expect(buttonsOf(messageOf(asked)).map(({ action }) => action)).toEqual(["reflect_first", "reflect_second", "reflect_skip"])
    await look(school, sql`update occurrence set state = 'answered'`)
    expect(shown(await command(school, "ada", "reflect"))).toContain(
      "You have answered this week. You can still change it or add to it until Tuesday.",
    )
  })

  test("asked before the prompt came, it chooses the questions and says the first words first; the prompt shows the same", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", { ...week, state: "planned" })
    const first = shown(await command(school, "ada", "reflect"))
    expect(first).toContain("I am Rapport, a bot at your school")
    expect(shown(await command(school, "ada", "reflect"))).toBe(first)
  })

  test("between two weeks says when the next questions come, over the break too, and after the last week that none is planned", async () => {
    const school = await newSchool()
    expect(shown(await command(school, "ada", "reflect", "", at("2027-02-10", "10:00")))).toBe("The next questions come tomorrow, 2:45 pm.")
    expect(shown(await command(school, "ada", "reflect", "", at("2027-03-12", "10:00")))).toBe("The next questions come on 25 March, 2:45 pm.")
    expect(shown(await command(school, "ada", "reflect", "", at("2027-06-04", "10:00")))).toBe("No next question is planned yet.")
  })
})
