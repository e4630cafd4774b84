import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Chore, Scene } from "../../../src/deps.ts"
import { closeWeeks } from "../../../src/engagement/close-weeks.ts"
import { ladderAlerts } from "../../../src/engagement/ladder.ts"
import { escalateReachOuts, escalateReadings } from "../../../src/outreach/escalate.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { answerFrom } from "../outreach/steps.ts"
import { ask, said, sweepTime, tuesday } from "./weeks.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
})
afterAll(() => database.close())

const sweep = async (now: Date, before: readonly Chore[] = [escalateReadings, escalateReachOuts]) => {
  const times: number[] = []
  for (const chore of [...before, closeWeeks, ladderAlerts]) times.push((await sceneFor(school, now, chore))?.getTime() ?? Number.POSITIVE_INFINITY)
  return new Date(Math.min(...times))
}

test("looks again when the next thing falls due, and every morning at six", async () => {
  expect(await sweep(at("2027-01-14", "12:00"))).toEqual(at("2027-01-15", "06:00"))
  expect(await sweep(at("2027-01-15", "06:00"))).toEqual(at("2027-01-15", "06:00", "west"))
  await ask(school, "ada", 0, "m")
  expect(await sweep(at(tuesday(0), "12:00"))).toEqual(at(tuesday(0), "18:00"))
  const dueAt = at("2027-01-15", "08:30")
  expect(await sweep(at("2027-01-15", "08:00"), [async () => dueAt])).toEqual(dueAt)
})

test("takes up every part that is due, safety's before all", async () => {
  await answerFrom(school, "cleo", at("2027-01-14", "15:00"), "I mend bikes.")
  const order: string[] = []
  const safety = async (scene: Scene) => {
    order.push((await look<{ state: string }>(school, sql`select state from occurrence`)).map(({ state }) => state).join())
    expect(scene.now).toEqual(sweepTime(0))
    return null
  }
  await sweep(sweepTime(0), [safety, escalateReadings, escalateReachOuts])
  expect(order).toEqual(["open"])
  expect(await look(school, sql`select stage from reading`)).toEqual([{ stage: "second" }])
  expect(await look(school, sql`select state, outcome from occurrence`)).toEqual([{ state: "closed", outcome: "missed" }])
  expect(await said(school)).toEqual([])
})
