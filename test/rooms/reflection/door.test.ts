import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Doorway, openDoor } from "../../../src/conversation/door.ts"
import { createLog } from "../../../src/log.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { message } from "../../../src/platform/message.ts"
import { routes } from "../../../src/reflection/routes.ts"
import { foreseeSaid } from "../../../src/reflection/said.ts"
import { student } from "../../../src/reflection/student.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { shown } from "./shown.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const doorway: Doorway = {
  routes: { pressed: {}, submitted: {}, commanded: {}, ...routes },
  looked: async () => null,
  lookedAtStranger: async () => null,
  urgentWords: () => null,
  foresee: foreseeSaid,
  student,
  staff: { home: async () => message("staff", []) },
}
const knock = (event: InboundEvent) =>
  sceneFor(school, now, async ({ deps }) => deps).then((deps) =>
    openDoor({ ...deps, db: database.db, clock: { now: () => now }, log: createLog("silent"), wakeLanes: async () => {} }, doorway)(event),
  )

test("the same event four times, in parallel, is one reply and one answer", async () => {
  await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
  const event = eventFrom(school, "ada", now, { kind: "said", messageId: "m1", text: "A crane." }, randomUUID())
  const answers = await Promise.all([event, event, event, event].map(knock))
  expect(answers.filter(({ kind }) => kind === "say")).toHaveLength(1)
  expect(answers.filter(({ kind }) => kind === "quiet")).toHaveLength(3)
  expect(await look(school, sql`select 1 from reply_part`)).toHaveLength(1)
})

test("a student types stop in either language, and pause with a day, in the middle of a talk", async () => {
  const type = (who: "ben" | "dani", text: string) => knock(eventFrom(school, who, now, { kind: "said", messageId: randomUUID(), text }))
  expect(shown(await type("ben", "stop"))).toContain("Stopped.")
  expect(shown(await type("dani", "Parar"))).toContain("He parado.")
  expect(shown(await type("ben", "start"))).toContain("Welcome back, Ben.")
  expect(shown(await type("ben", "pause until 2027-02-20"))).toContain("Paused.")
  expect(shown(await type("ben", "I cannot stop dancing"))).toContain("I have kept your words")
})

test("without consent nothing that a student writes is kept", async () => {
  const answer = await knock(eventFrom(school, "finn", now, { kind: "said", messageId: "m9", text: "hello there" }))
  expect(shown(answer)).toContain("I keep nothing that you write here")
  expect(await look(school, sql`select 1 from reply where student_id = ${school.people.finn}`)).toEqual([])
})
