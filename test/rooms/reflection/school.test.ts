import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { advisorsOf } from "../../../db/queries/people.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, promptFor, sceneFor, seedSchool, turnFor } from "../../support/school.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

test("the school of the tests stands: everybody has an account, Cleo has two advisors, two schools share a database", async () => {
  const school = await seedSchool(database.db)
  const other = await seedSchool(database.db, { tenant: "elsewhere", language: "es", settings: { "hours.close": "17:00" } })
  const now = at("2027-02-04", "14:45")
  expect(now.toISOString()).toBe("2027-02-04T19:45:00.000Z")

  const cleo = await sceneFor(school, now, (scene) => advisorsOf(scene.tx, school.id, school.people.cleo, "2027-02-04"))
  expect(cleo).toEqual({ first: school.people.rivera, second: school.people.okafor })
  expect(await look(school, sql`select user_id from address`)).toHaveLength(12)
  expect(await sceneFor(other, now, async (scene) => scene.settings["hours.close"])).toBe("17:00")

  const actor = await turnFor(school, "dani", now, { kind: "said", messageId: "m1", text: "Hola" }, async (turn, event) => {
    expect(event.text).toBe("Hola")
    return turn.actor
  })
  expect(actor).toMatchObject({ name: "Dani Sol", language: "es", consent: "parent", zone: "America/New_York" })

  const { occurrenceId } = await promptFor(school, "eli", { thursday: "2027-02-04", tuesday: "2027-02-09" })
  expect(await owedIn(school, "eli")).toMatchObject([{ kind: "prompt", subjectId: occurrenceId, state: "sent" }])
  expect(await owedIn(school, "ada")).toEqual([])
  expect(await owedIn(other)).toEqual([])
})
