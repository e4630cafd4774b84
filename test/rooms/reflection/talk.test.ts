// A student can ask for a person at any time, with words or without.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Answer } from "../../../src/platform/answer.ts"
import type { Values } from "../../../src/platform/form.ts"
import { routes } from "../../../src/reflection/routes.ts"
import { student } from "../../../src/reflection/student.ts"
import { looked } from "../../../src/safety/look.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type PersonName, promptFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { buttonsOf, formOf, messageOf, shown } from "./shown.ts"

let database: TestDatabase
let schools = 0
const newSchool = (): Promise<TestSchool> => seedSchool(database.db, { tenant: `tenant-${++schools}` })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const answered = <T>(handler: T | undefined): T => {
  if (!handler) throw new Error("nothing answers talk")
  return handler
}
const press = (school: TestSchool, who: PersonName, target = ""): Promise<Answer> =>
  turnFor(school, who, now, { kind: "pressed", action: "talk", target, value: null, messageId: "b1" }, (turn, event) =>
    answered(routes.pressed?.talk)(turn, event),
  )
const submit = (school: TestSchool, who: PersonName, target: string, values: Values): Promise<Answer> =>
  turnFor(school, who, now, { kind: "submitted", action: "talk", target, values }, (turn, event) => answered(routes.submitted?.talk)(turn, event))
const type = (school: TestSchool, who: PersonName, messageId: string, text: string): Promise<Answer> =>
  turnFor(school, who, now, { kind: "said", messageId, text }, async (turn, event) => {
    await looked(turn, event.text)
    return student.said(turn, event)
  })
const optionsOf = (answer: Answer, name: string): string[] =>
  formOf(answer).form.fields.flatMap((field) => (field.name === name && field.kind === "one_of" ? field.options.map(({ label }) => label) : []))
const wishesOf = (school: TestSchool) =>
  look<{ owner: string | null; reply: string | null }>(school, sql`select owner_id as owner, reply_id as reply from reach_out order by created_at`)

describe("I'd like to talk to someone", () => {
  test("stands beside a typed answer; the adult hears, and the student hears who and by when", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
    const button = buttonsOf(messageOf(await type(school, "ada", "m1", "A crane."))).find(({ action }) => action === "talk")
    const replyId = button?.id ?? ""
    expect(await look(school, sql`select id from reply`)).toEqual([{ id: replyId }])
    const asked = await press(school, "ada", replyId)
    expect(optionsOf(asked, "wants")).toEqual(["Yes, Rosa Rivera", "Yes, someone else"])
    expect(optionsOf(asked, "who")).toEqual(["Tess Tanner", "Lena Linde"])
    expect(shown(await submit(school, "ada", replyId, { wants: "mentor" }))).toContain("I am telling Rosa Rivera right now.")
    expect(await wishesOf(school)).toEqual([{ owner: school.people.rivera, reply: replyId }])
    expect(await look(school, sql`select wants from reply`)).toEqual([{ wants: "mentor" }])
    expect(await owedIn(school, "rivera")).toMatchObject([{ kind: "reach_out", dueAt: now }])
  })

  test("without any words is a wish too, and asked twice it is one", async () => {
    const school = await newSchool()
    const values = { wants: "someone", who: school.people.tanner }
    expect(shown(await submit(school, "ada", "", values))).toContain("I am telling Tess Tanner right now.")
    expect(shown(await submit(school, "ada", "", values))).toContain("You have asked for Tess Tanner already, and that still stands.")
    expect(await wishesOf(school)).toEqual([{ owner: school.people.tanner, reply: null }])
  })

  test("is refused nobody but staff: a stale reply is no reason, a made-up person is asked again", async () => {
    const school = await newSchool()
    expect(formOf(await press(school, "ada", "no such row")).form.id).toBe("")
    expect(Object.keys(formOf(await submit(school, "ada", "", { wants: "someone", who: school.people.okafor })).errors)).toEqual(["who"])
    expect(Object.keys(formOf(await submit(school, "ada", "", {})).errors)).toEqual(["wants"])
    expect(shown(await press(school, "rivera"))).toContain("for students")
    expect(shown(await submit(school, "rivera", "", { wants: "someone" }))).toContain("for students")
    const commanded = await turnFor(school, "dani", now, { kind: "commanded", command: "reachout", text: "" }, (turn) =>
      answered(routes.commanded?.reachout)(turn, ""),
    )
    expect(formOf(commanded).form).toMatchObject({ action: "talk", id: "", title: "Hablar con alguien" })
    expect(await wishesOf(school)).toEqual([])
  })

  test("never offers the adult whom words about danger name, nor goes to them as the mentor", async () => {
    const school = await newSchool()
    await type(school, "cleo", "m1", "Ms. Rivera hits me and I am scared")
    const asked = await press(school, "cleo")
    expect([...optionsOf(asked, "wants"), ...optionsOf(asked, "who")].join()).not.toContain("Rivera")
    expect(JSON.stringify(asked)).not.toContain("Rivera")
    expect(shown(await submit(school, "cleo", "", { wants: "mentor" }))).toContain("Obi Okafor")
    expect(await wishesOf(school)).toEqual([{ owner: school.people.okafor, reply: null }])
    const home = await turnFor(school, "cleo", now, { kind: "opened_home" }, (turn) => student.home(turn))
    expect(JSON.stringify(home)).not.toContain("Rivera")
  })
})
