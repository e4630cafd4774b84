// A person's own clock says when they may be written to and what days and times they read; what the school's day is, the site's clock says.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { personById, standingOf } from "../../../db/queries/people.ts"
import { ownCalendar } from "../../../db/queries/school.ts"
import { createApp } from "../../../src/app.ts"
import type { DeliveryKind } from "../../../src/delivery/owed.ts"
import type { Composed } from "../../../src/deps.ts"
import { createLog } from "../../../src/log.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { planSchool } from "../../../src/scheduling/plan.ts"
import { atLocal } from "../../../src/scheduling/zone.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import {
  at,
  look,
  owedIn,
  type PersonName,
  promptFor,
  type StudentName,
  sceneFor,
  seedSchool,
  type TestSchool,
  turnFor,
  zones,
} from "../../support/school.ts"
import { lines } from "../reflection/shown.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
})

const thursday = "2027-02-04"
const week = { thursday, tuesday: "2027-02-09" }
const madrid = "Europe/Madrid"
const lives = (who: PersonName, zone: string | null) => look(school, sql`update person set zone = ${zone} where id = ${school.people[who]}`)

async function compose(who: PersonName, kind: DeliveryKind, now: Date): Promise<Composed> {
  const due = (await owedIn(school, who)).find((one) => one.kind === kind)
  if (!due) throw new Error(`no ${kind} is owed`)
  return sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error("nobody is there")
    const log = createLog("silent", { write: () => {} })
    const { letters } = createApp({ ...scene.deps, db: database.db, clock: { now: () => now }, log, wakeLanes: async () => {} })
    return letters[kind](scene, due, recipient)
  })
}
const read = (composed: Composed): string => {
  if (composed.kind !== "message") throw new Error(`not composed: ${JSON.stringify(composed)}`)
  return lines(composed.message).join("\n")
}
const asksForAPerson = (who: StudentName, now: Date) =>
  sceneFor(school, now, (scene) => askForPerson(scene, { student: school.people[who], replyId: null, asked: "mentor", toId: null }))

describe("quiet hours at send", () => {
  test("are the student's own: a quarter to three at school is a quarter to nine at night where they are", async () => {
    await promptFor(school, "ada", { ...week, state: "planned" })
    await lives("ada", madrid)
    expect(await compose("ada", "prompt", at(thursday, "14:45"))).toEqual({ kind: "later", dueAt: atLocal("2027-02-05", "07:30", madrid) })
    expect((await compose("ada", "prompt", atLocal("2027-02-05", "07:30", madrid))).kind).toBe("message")
  })

  test("are the school's for everybody else", async () => {
    await promptFor(school, "ada", { ...week, state: "planned" })
    expect((await compose("ada", "prompt", at(thursday, "14:45"))).kind).toBe("message")
    expect(await compose("ada", "prompt", at(thursday, "18:00"))).toEqual({ kind: "later", dueAt: at("2027-02-05", "07:30") })
  })

  test("are an adult's own too, a weekend there included", async () => {
    await lives("rivera", "Asia/Tokyo")
    await asksForAPerson("ada", at("2027-02-05", "09:00"))
    expect(await compose("rivera", "reach_out", at("2027-02-05", "16:30"))).toEqual({
      kind: "later",
      dueAt: atLocal("2027-02-08", "07:30", "Asia/Tokyo"),
    })
  })

  test("keep nobody from words about danger", async () => {
    await lives("linde", madrid)
    const now = at(thursday, "23:00")
    const event = randomUUID()
    await look(
      school,
      sql`insert into safety_event (school_id, id, source, account, level, topics, words, opened_at) values (${school.id}, ${event}, 's', 'slack/T/U', 'urgent', '[]', '\\x00', ${now})`,
    )
    await look(
      school,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, detail, urgent, due_at, expires_at)
          values (${school.id}, ${randomUUID()}, 'safety_alert', 'a', ${school.people.linde}, ${event}, '{"what":"alert"}', true, ${now}, ${at("2027-02-05", "23:00")})`,
    )
    expect((await compose("linde", "safety_alert", now)).kind).toBe("message")
  })
})

describe("days and times as they are read", () => {
  test("are the adult's own: when a student asked, and by when they are to answer", async () => {
    await asksForAPerson("ada", at(thursday, "09:00"))
    const home = read(await compose("rivera", "reach_out", at(thursday, "09:00")))
    expect(home).toContain("9:00 am")
    await lives("rivera", madrid)
    const away = read(await compose("rivera", "reach_out", at(thursday, "09:00")))
    expect(away).toContain("3:00 pm")
    expect(away).not.toContain("9:00 am")
  })

  test("are the student's own: by when the question is open", async () => {
    await promptFor(school, "ada", { ...week, state: "planned" })
    expect(read(await compose("ada", "prompt", at(thursday, "15:00")))).toMatch(/Tuesday.*6:00 pm/)
    await lives("ada", "America/Denver")
    expect(read(await compose("ada", "prompt", at(thursday, "15:00")))).toMatch(/Tuesday.*4:00 pm/)
  })
})

describe("what is the school's stays the school's", () => {
  test("everybody of an advisory is asked at the same moment, and the week's occurrence has the school's date", async () => {
    await lives("ada", "Pacific/Auckland")
    await sceneFor(school, at(thursday, "14:45"), planSchool)
    const found = await look<{ date: string; due: Date }>(
      school,
      sql`select o.local_date as date, d.due_at as due from occurrence o join delivery d on d.subject_id = o.id and d.kind = 'prompt'
          where o.group_id = ${school.groups.maple}`,
    )
    expect(new Set(found.map(({ date }) => date))).toEqual(new Set([thursday]))
    expect(new Set(found.map(({ due }) => due.getTime()))).toEqual(new Set([at(thursday, "14:45").getTime()]))
  })

  test("a card tells both clocks apart, and a calendar of one's own changes no day off", async () => {
    await lives("ada", madrid)
    await sceneFor(school, at(thursday, "14:45"), async ({ tx }) => {
      const card = await personById(tx, school.people.ada)
      expect(card).toMatchObject({ zone: zones.east, ownZone: madrid })
      if (!card) return
      const own = await ownCalendar(tx, card)
      expect(own.zone).toBe(madrid)
      expect(own.off.get("2027-03-15")?.students).toBe(true)
    })
  })

  test("a tie that ends today still stands tonight, whatever the clock of either of them says", async () => {
    await look(school, sql`update tie set to_date = ${thursday} where adult_id = ${school.people.rivera}`)
    for (const who of ["ada", "rivera"] as const) await lives(who, "Pacific/Auckland")
    const now = at(thursday, "20:00")
    const answer = await turnFor(school, "rivera", now, { kind: "commanded", command: "mentee", text: "Ada" }, async (turn) => {
      const { mentee } = await import("../../../src/outreach/mentee.ts")
      return mentee(turn, "Ada")
    })
    expect(JSON.stringify(answer)).toContain("Ada Brook")
    expect(JSON.stringify(answer)).toContain("facts")
    await sceneFor(school, now, async ({ tx }) => {
      expect((await standingOf(tx, school.people.rivera, school.people.ada, thursday)).advisorSince).not.toBeNull()
    })
  })

  test("a pause until a school day ends with the school's midnight", async () => {
    await promptFor(school, "ada", { ...week, state: "planned" })
    await look(school, sql`update person set paused_until = '2027-02-05' where id = ${school.people.ada}`)
    await lives("ada", "Pacific/Auckland")
    // Friday already in Auckland, Thursday still at school.
    expect(await compose("ada", "prompt", at(thursday, "14:45"))).toEqual({ kind: "drop", why: "paused" })
  })
})
