// Words about danger that name an adult never reach that adult by the ordinary way: not by their list, not by a look-up.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { waitingFor } from "../../../db/queries/outreach-reading.ts"
import { menteeWords } from "../../../src/outreach/mentee-words.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { readable } from "../../../src/outreach/read.ts"
import { student } from "../../../src/reflection/student.ts"
import { looked } from "../../../src/safety/look.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, sceneFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"

const now = at("2027-02-04", "15:00")
const later = at("2027-02-05", "09:00")
let database: TestDatabase
let school: TestSchool
let replyId: string

/** The words a student wrote, kept the way the door keeps them: screened first, in one transaction. */
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
  await turnFor(school, "cleo", now, { kind: "said", messageId: "m-1", text: "Ms. Rivera hits me and I am scared" }, async (turn, event) => {
    await looked(turn, event.text)
    await student.said(turn, event)
  })
  const [row] = await look<{ id: string }>(school, sql`select id from reply`)
  replyId = row?.id ?? ""
})
afterAll(async () => database.close())

const opens = (who: PersonName) =>
  turnFor(
    school,
    who,
    later,
    { kind: "pressed", action: "reading_open", target: "", value: null, messageId: "m-2" },
    async (turn) => (await readable(turn, replyId)) !== null,
  )
const waits = (who: PersonName, counsellor: boolean) =>
  sceneFor(school, later, async ({ tx }) => (await waitingFor(tx, school.people[who], counsellor, "2027-02-05")).length)

describe("words that name an adult", () => {
  it("go to the student's other advisor", async () => {
    const [row] = await look<{ owner: string }>(school, sql`select owner_id as owner from reading`)
    expect(row?.owner).toBe(school.people.okafor)
    expect(await opens("okafor")).toBe(true)
    expect(await waits("okafor", false)).toBe(1)
  })

  it("are not on the named adult's list, and do not open for them", async () => {
    expect(await waits("rivera", false)).toBe(0)
    expect(await opens("rivera")).toBe(false)
  })

  it("are not among the last answers that the named adult looks up", async () => {
    const answer = await turnFor(
      school,
      "rivera",
      later,
      { kind: "pressed", action: "mentee_words", target: school.people.cleo, value: null, messageId: "m-3" },
      (turn, press) => menteeWords(turn, press),
    )
    expect(JSON.stringify(answer)).not.toContain("scared")
  })

  it("open for a counsellor whom they do not name", async () => {
    expect(await opens("linde")).toBe(true)
  })

  it("send a later wish for a mentor past the adult they name", async () => {
    const asked = await sceneFor(school, later, (scene) =>
      askForPerson(scene, { student: school.people.cleo, replyId: null, asked: "mentor", toId: null }),
    )
    expect(asked.ownerName).toBe("Obi Okafor")
  })
})

describe("what the student writes after that", () => {
  const nextDay = at("2027-02-05", "10:00")
  const listOf = (who: PersonName) => sceneFor(school, nextDay, ({ tx }) => waitingFor(tx, school.people[who], false, "2027-02-05"))
  const types = (who: "ada" | "cleo", messageId: string, text: string, when: Date) =>
    turnFor(school, who, when, { kind: "said", messageId, text }, async (turn, event) => {
      await looked(turn, event.text)
      return JSON.stringify(await student.said(turn, event))
    })

  it("goes past the named adult too while it is not closed, and is said to", async () => {
    const answer = await types("cleo", "m-9", "We built a bridge in physics", nextDay)
    expect(answer).toContain("Obi Okafor reads")
    expect(answer).not.toContain("Rivera")
    expect(await listOf("okafor")).toHaveLength(2)
    expect(await listOf("rivera")).toEqual([])
  })

  it("joins words that lay with the named adult: then they move", async () => {
    await types("ada", "m-10", "I like paper cranes", now)
    expect(await listOf("rivera")).toHaveLength(1)
    const answer = await types("ada", "m-11", "Ms. Rivera hits me and I am scared", at("2027-02-04", "16:00"))
    expect(answer).toContain("Added. Lena Linde reads it with the rest.")
    expect(await listOf("rivera")).toEqual([])
    expect(await look(school, sql`select owner_id as owner, stage from reading where student_id = ${school.people.ada}`)).toEqual([
      { owner: null, stage: "counsellors" },
    ])
  })

  it("is theirs again once it is closed, but for the words themselves", async () => {
    await look(school, sql`update safety_event set state = 'closed', next_at = null`)
    expect(await types("cleo", "m-12", "And then it fell over", at("2027-02-08", "10:00"))).toContain("Rosa Rivera reads")
    expect(await opens("rivera")).toBe(false)
  })
})
