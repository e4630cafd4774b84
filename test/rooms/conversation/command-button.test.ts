// Where words could not open a form, an adapter shows a button that carries them: pressed, they are the command they were.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { commandAction } from "../../../src/platform/answer.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, type PersonName, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf, inShared, kept, shown } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let door: Door
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
  door = await doorOf(school, now)
})

const pressed = (who: PersonName, words: string) =>
  eventFrom(school, who, now, { kind: "pressed", action: commandAction, target: words, value: null, messageId: "m" })
const press = (who: PersonName, words: string) => door.receive(pressed(who, words))
const stale = "That button is from an earlier message and does nothing any more."

describe("a button that carries words", () => {
  test.each([
    ["ada", "pause", "pause"],
    ["ada", "reachout", "talk"],
    ["dani", "hablar con alguien", "talk"],
    ["rivera", "outreach", "outreach"],
    ["rivera", "away", "away"],
    ["rivera", "/rapport away", "away"],
    ["linde", "ausente", "away"],
  ] as const)("opens to %s the form that %s asks for", async (who, words, action) => {
    expect(await press(who, words)).toMatchObject({ kind: "ask", form: { action } })
  })

  test("does what the words do, also in a shared place", async () => {
    expect(shown(await press("rivera", "mentee Ada"))).toContain("Ada Brook")
    expect(shown(await door.receive(inShared(pressed("ada", "stop"))))).toContain("Stopped.")
  })

  test.each([
    ["ada", "I built a crane."],
    ["ada", "stop it was funny"],
    ["ada", "mentee Ben"],
    ["ada", ""],
    ["ada", "/"],
    ["rivera", "Thank you!"],
    ["rivera", "constructor"],
  ] as const)("is stale to %s where the words are no command (%j), and keeps none of them", async (who, words) => {
    const before = await kept(school)
    expect(shown(await press(who, words))).toBe(stale)
    expect(await kept(school)).toEqual(before)
  })
})

describe("whoever presses it is asked who they are", () => {
  test("a student gets no command of the staff's, on the record", async () => {
    expect(shown(await press("ada", "/mentee Ben"))).toBe("I know no student by that name among yours.")
    expect(await look(school, sql`select act from deed`)).toEqual([{ act: "mentee_refused" }])
  })

  test("nor does a member of staff get a student's, or see a student that is not theirs", async () => {
    expect(shown(await press("rivera", "stop"))).toContain("That one is for students.")
    expect(shown(await press("rivera", "mentee Eli"))).toBe("I know no student by that name among yours.")
  })

  test("somebody whom nobody linked gets nothing", async () => {
    const event = pressed("ada", "stop")
    const before = await kept(school)
    const answer = await door.receive({ ...event, from: { ...event.from, account: { ...event.from.account, user: "passer-by" } } })
    expect(shown(answer)).not.toContain("Stopped.")
    expect(await kept(school)).toEqual(before)
  })
})

test("forged words are screened like typed ones", async () => {
  expect(shown(await press("ada", "/pause I want to kill myself"))).toContain("988")
  expect(await kept(school)).toMatchObject({ safety: 1, replies: 0 })
})

test("forged words of any kind and length are answered", async () => {
  for (const words of ["\0", "\uD800", `/${"x".repeat(20_000)}`, `mentee ${"x".repeat(9_000)}`, "/__proto__", "\u202E/stop"])
    for (const who of ["ada", "rivera"] as const) expect((await press(who, words)).kind).toBe("say")
})
