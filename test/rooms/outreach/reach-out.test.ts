import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import type { Composed } from "../../../src/deps.ts"
import { escalateReachOuts, escalateReadings } from "../../../src/outreach/escalate.ts"
import { type Ask, askForPerson, withdrawWish } from "../../../src/outreach/reach-out.ts"
import { reachOut } from "../../../src/outreach/reach-out-letter.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type OwedRow, owedIn, type PersonName, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, answerFrom, deedsOf, expectRefused, press, shown } from "./steps.ts"

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

const thursday = at("2027-02-04", "14:50")

const asks = (who: StudentName, now: Date, more: Partial<Ask> = {}) =>
  sceneFor(school, now, (scene) => askForPerson(scene, { student: school.people[who], replyId: null, asked: "mentor", toId: null, ...more }))

const theOne = async (): Promise<{ id: string; owner: string | null; stage: string; state: string; dueAt: Date }> => {
  const [row] = await look<{ id: string; owner: string | null; stage: string; state: string; dueAt: Date }>(
    school,
    sql`select o.id, p.sourced_id as owner, o.stage, o.state, o.due_at as "dueAt" from reach_out o left join person p on p.id = o.owner_id`,
  )
  if (!row) throw new Error("nobody asked")
  return row
}

const letterFor = (owed: OwedRow, who: PersonName, now: Date): Promise<Composed> =>
  sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error("nobody")
    return reachOut(scene, owed, recipient)
  })

const owedTo = async (who: PersonName, kind: string): Promise<OwedRow> => {
  const found = (await owedIn(school, who)).filter((row) => row.kind === kind).at(-1)
  if (!found) throw new Error(`nothing of ${kind} is owed to ${who}`)
  return found
}

describe("a student asks for a person", () => {
  test("their mentor hears at once within hours, and has one school day", async () => {
    expect(await asks("ada", thursday)).toEqual({ ownerName: "Rosa Rivera", hearsAt: thursday, byWhen: at("2027-02-05", "14:50") })
    const owed = await owedTo("rivera", "reach_out")
    expect(owed.dueAt).toEqual(thursday)
    const composed = await letterFor(owed, "rivera", thursday)
    if (composed.kind !== "message") throw new Error(composed.kind)
    expect(composed.message.summary).toBe("A student would like to talk with somebody")
    expect(shown(composed.message)).toContain("Ada Brook would like to talk with you.")
    expect(shown(composed.message)).toContain("They asked for their mentor on Thursday 4 February, 2:50 pm.")
    expect(actionsOf(composed.message)).toEqual(["reach_out_taken", "reach_out_answered"])
  })

  test("a wish taken back is over: whoever has heard of it hears that, nobody else does, and the reply can ask anew", async () => {
    const replyId = await answerFrom(school, "ada", thursday, "I want to talk")
    await asks("ada", thursday, { replyId })
    const withdraw = () => sceneFor(school, thursday, (scene) => withdrawWish(scene, replyId))
    const first = await owedTo("rivera", "reach_out")
    const { id } = await theOne()
    expect(await withdraw()).toEqual({ ownerName: "Rosa Rivera" })
    expect(await withdraw()).toBeNull()
    expect(await theOne()).toMatchObject({ state: "withdrawn" })
    expect(await letterFor(first, "rivera", thursday)).toEqual({ kind: "drop", why: "withdrawn" })
    const over = await owedTo("rivera", "reach_out")
    expect(await letterFor(over, "rivera", thursday)).toEqual({ kind: "drop", why: "withdrawn" })
    await look(school, sql`update delivery set state = 'sent' where id = ${first.id}`)
    const composed = await letterFor(over, "rivera", thursday)
    if (composed.kind !== "message") throw new Error(composed.kind)
    expect(shown(composed.message)).toBe("Ada Brook no longer asks for you to reach out.")
    for (const action of ["reach_out_taken", "reach_out_answered"])
      expectRefused(await press(school, "rivera", thursday, action, id), "Ada Brook no longer asks for you to reach out.")
    expect(await sceneFor(school, at("2027-02-08", "15:00"), escalateReachOuts)).toBeNull()
    expect((await asks("ada", thursday, { replyId })).ownerName).toBe("Rosa Rivera")
    expect((await look<{ state: string }>(school, sql`select state from reach_out order by state`)).map(({ state }) => state)).toEqual([
      "open",
      "withdrawn",
    ])
  })

  test("at night and on a Friday the adult hears the next morning, and has the whole day", async () => {
    const asked = await asks("ada", at("2027-02-05", "23:00"))
    expect(asked).toEqual({ ownerName: "Rosa Rivera", hearsAt: at("2027-02-08", "07:30"), byWhen: at("2027-02-09", "07:30") })
  })

  test("somebody they pick hears, by the hours of that person's own site", async () => {
    const early = at("2027-02-05", "08:00")
    const asked = await asks("cleo", early, { asked: "someone", toId: school.people.okafor })
    expect(asked.ownerName).toBe("Obi Okafor")
    expect(asked.hearsAt).toEqual(at("2027-02-05", "07:30", "west"))
    expect((await asks("ada", thursday, { asked: "someone", toId: school.people.tanner })).ownerName).toBe("Tess Tanner")
  })

  test("whoever is not around this student is passed over; nobody at all is the counsellor list", async () => {
    expect((await asks("ada", thursday, { asked: "someone", toId: school.people.okafor })).ownerName).toBe("Rosa Rivera")
    expect((await asks("ben", thursday, { asked: "someone", toId: randomUUID() })).ownerName).toBe("Rosa Rivera")
    await look(school, sql`update tie set to_date = '2027-01-20' where kind = 'advisor'`)
    expect((await asks("dani", thursday)).ownerName).toBeNull()
    expect((await owedIn(school, "linde")).map(({ kind }) => kind)).toEqual(["reach_out"])
  })

  test("one reply asks once, from four connections at once, and follows a change of mind", async () => {
    const replyId = await answerFrom(school, "cleo", thursday, "I want to talk")
    const ask = (toId: string | null) => asks("cleo", thursday, { replyId, asked: toId === null ? "mentor" : "someone", toId })
    const all = await Promise.all(Array.from({ length: 4 }, () => ask(null)))
    expect(new Set(all.map(({ ownerName }) => ownerName))).toEqual(new Set(["Rosa Rivera"]))
    expect((await owedIn(school, "rivera")).filter(({ kind }) => kind === "reach_out")).toHaveLength(1)
    expect((await ask(school.people.linde)).ownerName).toBe("Lena Linde")
    expect(await theOne()).toMatchObject({ owner: "linde", state: "open" })
    expect(await letterFor(await owedTo("rivera", "reach_out"), "rivera", thursday)).toEqual({ kind: "drop", why: "moved" })
    expect((await letterFor(await owedTo("linde", "reach_out"), "linde", thursday)).kind).toBe("message")
  })
})

describe("an adult answers", () => {
  test("“I'll reach out” gives them one school day more, once, and the student hears who", async () => {
    await asks("ada", thursday)
    const { id } = await theOne()
    const friday = at("2027-02-05", "10:00")
    const taken = await press(school, "rivera", friday, "reach_out_taken", id)
    expect(shown(taken)).toContain("Ada Brook hears that you will come to them.")
    expect(actionsOf(taken)).toEqual(["reach_out_answered"])
    expect((await theOne()).dueAt).toEqual(at("2027-02-08", "10:00"))
    expect(await owedTo("ada", "reach_out_news")).toMatchObject({
      dedupeKey: `reach_out_news:${id}:taken:${school.people.rivera}`,
      detail: { state: "taken" },
    })
    expect(shown(await press(school, "rivera", at("2027-02-05", "15:00"), "reach_out_taken", id))).toContain("You have this one already.")
    expect((await theOne()).dueAt).toEqual(at("2027-02-08", "10:00"))
  })

  test("“We talked” closes it once, as a contact, and the student can say where it is not so", async () => {
    await asks("cleo", thursday)
    const { id } = await theOne()
    const answers = await Promise.all((["rivera", "okafor", "linde"] as const).map((who) => press(school, who, thursday, "reach_out_answered", id)))
    expect(answers.filter((answer) => /It is closed and logged|Queda cerrado/.test(shown(answer)))).toHaveLength(1)
    expect(await theOne()).toMatchObject({ state: "answered" })
    expect(await look(school, sql`select kind from contact`)).toEqual([{ kind: "chat" }])
    expect((await owedTo("cleo", "reach_out_news")).dedupeKey).toBe(`reach_out_news:${id}:answered`)
    expect(await letterFor(await owedTo("rivera", "reach_out"), "rivera", thursday)).toEqual({ kind: "drop", why: "answered" })
    expect((await deedsOf(school)).filter((deed) => deed.includes("reach_out_answered cleo"))).toHaveLength(1)
  })

  test("a teacher whom the student picked may; another class tie, another school, a student and yesterday's advisor may not", async () => {
    await asks("ada", thursday, { asked: "someone", toId: school.people.linde })
    const { id } = await theOne()
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    await look(school, sql`update tie set to_date = '2027-02-03' where student_id = ${school.people.ada} and kind = 'advisor'`)
    for (const action of ["reach_out_taken", "reach_out_answered"]) {
      for (const [where, who] of [
        [school, "tanner"],
        [school, "parr"],
        [school, "rivera"],
        [school, "ada"],
        [school, "ben"],
        [other, "rivera"],
      ] as const)
        expectRefused(await press(where, who, thursday, action, id), "That is not on your list.")
      expectRefused(await press(school, "rivera", thursday, action, "nothing"), "That is not on your list.")
    }
    expect(await theOne()).toMatchObject({ owner: "linde", state: "open" })
    await asks("ben", thursday, { asked: "someone", toId: school.people.tanner })
    const [bens] = await look<{ id: string }>(school, sql`select id from reach_out where student_id = ${school.people.ben}`)
    expect(shown(await press(school, "tanner", thursday, "reach_out_taken", bens?.id ?? ""))).toContain(
      "Ben Hollow hears that you will come to them.",
    )
  })
})

describe("what nobody answers goes on", () => {
  const escalated = (now: Date) => sceneFor(school, now, escalateReachOuts)

  test("a wish goes to every counsellor after its school day, and the student hears who has it now", async () => {
    await asks("ada", thursday)
    const { id } = await theOne()
    expect(await escalated(thursday)).toEqual(at("2027-02-05", "14:50"))
    expect(await escalated(at("2027-02-05", "14:50"))).toEqual(at("2027-02-08", "07:30"))
    expect(await theOne()).toMatchObject({ owner: null, stage: "counsellors", state: "open" })
    const owed = await owedTo("linde", "reach_out")
    expect(owed).toMatchObject({ subjectId: id, detail: { step: "passed" } })
    const composed = await letterFor(owed, "linde", at("2027-02-05", "14:50"))
    if (composed.kind !== "message") throw new Error(composed.kind)
    expect(shown(composed.message)).toContain("No me consta que alguien le respondiera a tiempo")
    expect(await owedTo("ada", "reach_out_news")).toMatchObject({ dedupeKey: `reach_out_news:${id}:counsellors`, detail: { state: "counsellors" } })
    const late = await press(school, "rivera", at("2027-02-05", "15:00"), "reach_out_answered", id)
    expect(shown(late)).toContain("It is closed")
  })

  test("one who said they would and did not is passed over too", async () => {
    await asks("ada", thursday)
    await press(school, "rivera", thursday, "reach_out_taken", (await theOne()).id)
    expect(await escalated(at("2027-02-05", "14:50"))).toEqual(at("2027-02-08", "07:30"))
    expect(await theOne()).toMatchObject({ owner: null, stage: "counsellors" })
  })

  test("a wish that starts on the counsellor list is asked about once more, then the principals know, and the student hears once", async () => {
    const mondayAt = at("2027-02-08", "07:30")
    await asks("ada", thursday, { asked: "someone" })
    expect(await escalated(at("2027-02-05", "14:50"))).toEqual(mondayAt)
    const again = await owedTo("linde", "reach_out")
    const composed = await letterFor(again, "linde", mondayAt)
    if (composed.kind !== "message") throw new Error(composed.kind)
    expect(shown(composed.message)).toContain("Todavía no me consta que alguien le haya respondido, así que vuelvo a preguntar.")
    expect((await owedTo("ada", "reach_out_news")).detail).toEqual({ state: "again" })
    expect(await escalated(mondayAt)).toBeNull()
    const office = await letterFor(await owedTo("parr", "reach_out"), "parr", mondayAt)
    if (office.kind !== "message") throw new Error(office.kind)
    expect(shown(office.message)).toContain("Please see to it that somebody does.")
    expect(actionsOf(office.message)).toEqual([])
    expect(await escalated(at("2027-02-26", "15:00"))).toBeNull()
    expect((await owedIn(school, "linde")).filter(({ kind }) => kind === "reach_out")).toHaveLength(2)
    expect((await owedIn(school, "ada")).filter(({ kind }) => kind === "reach_out_news")).toHaveLength(1)
  })

  test("a wish taken from the list and forgotten comes back to it, and ends with the principals", async () => {
    await asks("ada", thursday, { asked: "someone" })
    const { id } = await theOne()
    await press(school, "linde", thursday, "reach_out_taken", id)
    expect(await theOne()).toMatchObject({ owner: "linde", stage: "owner", dueAt: at("2027-02-05", "14:50") })
    expect(await escalated(at("2027-02-05", "14:50"))).toEqual(at("2027-02-08", "07:30"))
    expect(await theOne()).toMatchObject({ owner: null, stage: "counsellors" })
    expect((await owedTo("linde", "reach_out")).detail).toEqual({ step: "passed" })
    expect(await escalated(at("2027-02-08", "07:30"))).toBeNull()
  })

  test("two sweeps at once pass it on once", async () => {
    await asks("ada", thursday)
    await Promise.all(Array.from({ length: 4 }, () => escalated(at("2027-02-05", "15:00"))))
    expect((await owedIn(school, "linde")).filter(({ kind }) => kind === "reach_out")).toHaveLength(1)
    expect((await owedIn(school, "ada")).filter(({ kind }) => kind === "reach_out_news")).toHaveLength(1)
  })

  test("without any counsellor it stays with its adult, who is asked again, and no tick is wasted", async () => {
    await look(school, sql`delete from staff_role`)
    await asks("ada", thursday)
    expect(await escalated(at("2027-02-05", "15:00"))).toEqual(at("2027-02-08", "07:30"))
    expect(await theOne()).toMatchObject({ owner: "rivera", stage: "owner" })
    expect((await owedTo("rivera", "reach_out")).detail).toEqual({ step: "once_more" })
    expect((await owedIn(school, "ada")).filter(({ kind }) => kind === "reach_out_news")).toEqual([])
  })

  test("an unread answer goes to the second adult, then to the counsellor list, by each site's own days", async () => {
    const cleo = await answerFrom(school, "cleo", thursday, "Hi")
    const ada = await answerFrom(school, "ada", thursday, "Hi")
    const eli = await answerFrom(school, "eli", thursday, "Hi")
    const sweep = (now: Date) => sceneFor(school, now, escalateReadings)
    const state = async () => {
      const rows = await look<{ replyId: string; owner: string | null; stage: string }>(
        school,
        sql`select g.reply_id as "replyId", p.sourced_id as owner, g.stage from reading g left join person p on p.id = g.owner_id`,
      )
      return Object.fromEntries(rows.map(({ replyId, owner, stage }) => [replyId, `${stage} ${owner}`]))
    }
    expect(await sweep(at("2027-02-05", "07:30"))).toEqual(at("2027-02-08", "07:30"))
    expect(await sweep(at("2027-02-08", "07:30"))).toEqual(at("2027-02-08", "07:30", "west"))
    expect(await state()).toEqual({ [cleo]: "second okafor", [ada]: "counsellors null", [eli]: "first okafor" })
    expect(await sweep(at("2027-02-08", "07:30", "west"))).toEqual(at("2027-02-10", "07:30"))
    expect(await sweep(at("2027-02-10", "07:30"))).toBeNull()
    expect(await state()).toEqual({ [cleo]: "counsellors null", [ada]: "counsellors null", [eli]: "counsellors null" })
    expect(shown(await press(school, "linde", at("2027-02-10", "08:00"), "reading_open", ""))).toContain(
      "Está en la lista del equipo de orientación.",
    )
  })

  test("a break holds the ladder, and what is read is never passed on", async () => {
    const friday = at("2027-03-12", "15:00")
    const ada = await answerFrom(school, "ada", friday, "Hi")
    const ben = await answerFrom(school, "ben", friday, "Hi")
    await press(school, "rivera", friday, "reading_read", ben)
    const sweep = (now: Date) => sceneFor(school, now, escalateReadings)
    expect(await sweep(at("2027-03-17", "12:00"))).toEqual(at("2027-03-23", "07:30"))
    await sweep(at("2027-03-23", "07:30"))
    const rows = await look<{ replyId: string; stage: string }>(school, sql`select reply_id as "replyId", stage from reading`)
    expect(Object.fromEntries(rows.map(({ replyId, stage }) => [replyId, stage]))).toEqual({ [ada]: "counsellors", [ben]: "first" })
  })
})
