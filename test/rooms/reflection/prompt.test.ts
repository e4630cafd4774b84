import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { personById } from "../../../db/queries/people.ts"
import { writePart } from "../../../db/queries/reflection-words.ts"
import type { Composed } from "../../../src/deps.ts"
import { letters } from "../../../src/reflection/letters.ts"
import { oneThing } from "../../../src/reflection/one-thing.ts"
import { student } from "../../../src/reflection/student.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import {
  at,
  look,
  owedIn,
  type Prompted,
  promptFor,
  type SeedOptions,
  type StudentName,
  sceneFor,
  seedSchool,
  type TestSchool,
  turnFor,
} from "../../support/school.ts"
import { buttonsOf, lines } from "./shown.ts"

let database: TestDatabase
let schools = 0
const newSchool = (options: SeedOptions = {}): Promise<TestSchool> => seedSchool(database.db, { tenant: `tenant-${++schools}`, ...options })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const weekOne = { thursday: "2027-02-04", tuesday: "2027-02-09" }
const weekTwo = { thursday: "2027-02-11", tuesday: "2027-02-16" }
const opens = at("2027-02-04", "14:45")
const opensAgain = at("2027-02-11", "14:45")

async function compose(school: TestSchool, who: StudentName, kind: "prompt" | "reminder", prompted: Prompted, now: Date): Promise<Composed> {
  const due = (await owedIn(school, who)).find(({ id }) => id === prompted.deliveryId)
  if (!due) throw new Error("nothing is owed")
  return sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error("nobody is there")
    return letters[kind](scene, { ...due, kind }, recipient)
  })
}

const read = (composed: Composed): string => {
  if (composed.kind !== "message") throw new Error(`not composed: ${JSON.stringify(composed)}`)
  return lines(composed.message).join("\n")
}

/** A reply of the week before, read by Rosa Rivera on Friday or by nobody. */
async function replied(school: TestSchool, who: StudentName, prompted: Prompted, words: string, by: "rivera" | null): Promise<string> {
  const id = crypto.randomUUID()
  const now = at("2027-02-04", "15:00")
  await sceneFor(school, now, async ({ tx, deps }) => {
    await rows(
      tx,
      sql`insert into reply (school_id, id, student_id, occurrence_id, prompt_id, lens, created_at, changed_at)
          values (${school.id}, ${id}, ${school.people[who]}, ${prompted.occurrenceId}, 'interests-five-minutes', 'interests', ${now}, ${now})`,
    )
    await writePart(tx, deps.words, { schoolId: school.id, replyId: id, part: "form", now }, words)
    await rows(
      tx,
      sql`insert into reading (school_id, reply_id, student_id, owner_id, stage, due_at, read_by, read_at)
          values (${school.id}, ${id}, ${school.people[who]}, ${school.people.rivera}, 'first', ${now},
            ${by ? school.people[by] : null}, ${by ? at("2027-02-05", "07:40") : null})`,
    )
    await rows(tx, sql`update occurrence set state = 'answered' where id = ${prompted.occurrenceId}`)
  })
  return id
}

describe("a student's first prompt", () => {
  test("does not repeat the first words of all to a student who was greeted with them", async () => {
    const school = await newSchool()
    await turnFor(school, "ada", opens, { kind: "arrived" }, (turn) => student.greeting(turn))
    const said = read(await compose(school, "ada", "prompt", await promptFor(school, "ada", { ...weekOne, state: "planned" }), opens))
    expect(said).not.toContain("I am Rapport")
    expect(said).toContain("Here are your first two.")
  })

  test("says first what this is, who reads by name, that silence is noticed, what happens with danger, family, and how to stop", async () => {
    const school = await newSchool()
    const said = read(await compose(school, "cleo", "prompt", await promptFor(school, "cleo", { ...weekOne, state: "planned" }), opens))
    expect(said).toContain("Hi Cleo! I am Rapport, a bot at your school.")
    expect(said).toContain("Who reads what you write: Rosa Rivera, Obi Okafor, and Lena Linde. They see your name.")
    expect(said).toContain("If you go quiet for a few weeks, I tell Rosa Rivera")
    expect(said).toContain("I tell Lena Linde too, even at night")
    expect(said).toContain("Your family may ask the school")
    expect(said).toContain("Type stop and I stop at once.")
    expect(said).toContain("Rosa Rivera reads this. If someone may be hurt, Lena Linde too. Not watched live.")
    expect(said.indexOf("Type stop")).toBeLessThan(said.indexOf("1. "))
  })

  test("asks two questions of two lenses, keeps them, and asks the same ones again", async () => {
    const school = await newSchool()
    const prompted = await promptFor(school, "ada", { ...weekOne, state: "planned" })
    const first = await compose(school, "ada", "prompt", prompted, opens)
    const again = await compose(school, "ada", "prompt", prompted, opens)
    expect(read(again)).toBe(read(first))
    const [kept] = await look<{ first: string; second: string; why: { first: { kind: string } } }>(
      school,
      sql`select first_prompt as first, second_prompt as second, why from occurrence where id = ${prompted.occurrenceId}`,
    )
    expect(kept?.why.first.kind).toBe("emptiest_lens")
    expect(kept?.first.split("-")[0]).not.toBe(kept?.second.split("-")[0])
    expect(first.kind === "message" && buttonsOf(first.message).map(({ action, id }) => [action, id])).toEqual([
      ["reflect_first", prompted.occurrenceId],
      ["reflect_second", prompted.occurrenceId],
      ["reflect_skip", prompted.occurrenceId],
    ])
  })

  test("names the first person of the school's safety ladder where there is one", async () => {
    const school = await newSchool()
    await sceneFor(school, opens, ({ tx }) =>
      rows(
        tx,
        sql`insert into setting (school_id, key, value, changed_at)
            values (${school.id}, 'safety.ladder', ${{ steps: [{ personIds: [school.people.parr] }], stepMinutes: 20, channel: null }}, ${opens})`,
      ),
    )
    const said = read(await compose(school, "ada", "prompt", await promptFor(school, "ada", { ...weekOne, state: "planned" }), opens))
    expect(said).toContain("If someone may be hurt, Pat Parr too.")
  })

  test("is Spanish for a student who reads Spanish", async () => {
    const school = await newSchool()
    const composed = await compose(school, "dani", "prompt", await promptFor(school, "dani", { ...weekOne, state: "planned" }), opens)
    const said = read(composed)
    expect(said).toContain("¡Hola, Dani! Soy Rapport")
    expect(said).toContain("Rosa Rivera y Lena Linde")
    expect(said).toContain("[Contestar la 1] [Contestar la 2] [Pasar esta semana]")
    expect(said).toContain("Abierto hasta el martes, 6:00 p.")
    expect(composed.kind === "message" && composed.message.summary).toBe("Tus dos preguntas de esta semana")
  })
})

describe("the next prompt opens by remembering", () => {
  const telling = "Hm. I would show the class how to fold a crane from one sheet. Then a frog."

  test("who read the last answer, and one sentence of it in the student's own words", async () => {
    const school = await newSchool()
    await replied(school, "ada", await promptFor(school, "ada", weekOne), telling, "rivera")
    const composed = await compose(school, "ada", "prompt", await promptFor(school, "ada", { ...weekTwo, state: "planned" }), opensAgain)
    const said = read(composed)
    expect(said).toContain("Rosa Rivera")
    expect(said).toContain("> I would show the class how to fold a crane from one sheet.\n")
    expect(said).toContain("4 February")
    expect(said).not.toContain("I am Rapport")
    expect(composed.kind === "message" && composed.message.summary).not.toContain("crane")
    const [chosen] = await look<{ lens: string }>(school, sql`select first_prompt as lens from occurrence where week = '2027-02-08'`)
    expect(chosen?.lens).not.toMatch(/^interests/)
  })

  test("honest words where nobody has read it: that is ours", async () => {
    const school = await newSchool()
    await replied(school, "ada", await promptFor(school, "ada", weekOne), telling, null)
    const said = read(await compose(school, "ada", "prompt", await promptFor(school, "ada", { ...weekTwo, state: "planned" }), opensAgain))
    expect(said).toMatch(/on us, not on you|We owe you one|We have not done ours/)
    expect(said).not.toContain("crane")
  })

  test("words that may mean danger are never quoted back; who read them still is said", async () => {
    const school = await newSchool()
    await replied(school, "ada", await promptFor(school, "ada", weekOne), "Some days I want to kill myself. I like cranes a lot, honestly.", "rivera")
    const said = read(await compose(school, "ada", "prompt", await promptFor(school, "ada", { ...weekTwo, state: "planned" }), opensAgain))
    expect(said).toContain("Rosa Rivera read what you wrote on 4 February.")
    expect(said).not.toContain(">")
  })

  test("one thing is a whole sentence, cut between words only where one is very long", () => {
    expect(oneThing("Yes.", "en")).toBe("Yes.")
    expect(oneThing("🎉🎉", "en")).toBeNull()
    expect(oneThing("¡Sí! Me gustaría enseñar a bailar cumbia en el patio. Y ya.", "es")).toBe("Me gustaría enseñar a bailar cumbia en el patio.")
    const long = oneThing("drums ".repeat(100), "en") ?? ""
    expect(long.length).toBeLessThanOrEqual(200)
    expect(long.endsWith("drums…")).toBe(true)
  })
})

describe("at the moment of sending, a prompt", () => {
  const cases: [string, ReturnType<typeof sql>, string][] = [
    ["that was answered meanwhile", sql`update occurrence set state = 'answered'`, "answered"],
    ["that was skipped", sql`update occurrence set state = 'skipped'`, "skipped"],
    ["whose question was closed", sql`update occurrence set state = 'closed'`, "closed"],
    ["of a student who typed stop", sql`update person set stopped_at = now() where sourced_id = 'ada'`, "stopped"],
    ["of a student on a pause", sql`update person set paused_until = '2027-02-08' where sourced_id = 'ada'`, "paused"],
    ["whose consent was withdrawn", sql`update person set consent = 'none' where sourced_id = 'ada'`, "consent"],
    ["whose occurrence is gone", sql`delete from occurrence`, "gone"],
  ]
  test.each(cases)("%s is dropped", async (_, change, why) => {
    const school = await newSchool()
    const prompted = await promptFor(school, "ada", { ...weekOne, state: "planned" })
    await sceneFor(school, opens, ({ tx }) => rows(tx, change))
    expect(await compose(school, "ada", "prompt", prompted, opens)).toEqual({ kind: "drop", why })
  })

  test("that comes late waits for the morning, and too late is dropped", async () => {
    const school = await newSchool()
    const prompted = await promptFor(school, "ada", { ...weekOne, state: "planned" })
    const night = await compose(school, "ada", "prompt", prompted, at("2027-02-04", "19:30"))
    expect(night).toEqual({ kind: "later", dueAt: at("2027-02-05", "07:30") })
    expect(await compose(school, "ada", "prompt", prompted, at("2027-02-06", "12:00"))).toEqual({ kind: "later", dueAt: at("2027-02-08", "07:30") })
    expect(await compose(school, "ada", "prompt", prompted, at("2027-02-09", "15:00"))).toEqual({ kind: "drop", why: "too_late" })
    expect(await compose(school, "ada", "prompt", prompted, at("2027-02-09", "18:00"))).toEqual({ kind: "drop", why: "too_late" })
  })

  test("whose pause ends that day is sent", async () => {
    const school = await newSchool()
    const prompted = await promptFor(school, "ada", { ...weekOne, state: "planned" })
    await sceneFor(school, opens, ({ tx }) => rows(tx, sql`update person set paused_until = '2027-02-04' where sourced_id = 'ada'`))
    expect((await compose(school, "ada", "prompt", prompted, opens)).kind).toBe("message")
  })
})

describe("the one reminder", () => {
  test("shows the same two questions and until when", async () => {
    const school = await newSchool()
    const prompted = await promptFor(school, "ada", weekOne)
    const said = read(await compose(school, "ada", "reminder", prompted, at("2027-02-08", "08:00")))
    expect(said).toMatch(/Ada|two questions/)
    expect(said).toContain("until tomorrow")
    expect(said).toContain("five minutes to teach the class")
    expect(said).toContain("Not watched live")
    expect(said).not.toContain("I am Rapport")
  })

  test("is dropped where the prompt never arrived, or two hours before the close", async () => {
    const school = await newSchool()
    const refused = await promptFor(school, "ada", { ...weekOne, state: "refused" })
    expect(await compose(school, "ada", "reminder", refused, at("2027-02-08", "08:00"))).toEqual({ kind: "drop", why: "not_delivered" })
    const sent = await promptFor(school, "ben", weekOne)
    expect(await compose(school, "ben", "reminder", sent, at("2027-02-09", "16:30"))).toEqual({ kind: "drop", why: "too_late" })
  })
})
