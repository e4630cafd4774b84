import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { replyWords } from "../../../db/queries/reflection-words.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { Values } from "../../../src/platform/form.ts"
import { routes } from "../../../src/reflection/routes.ts"
import { student } from "../../../src/reflection/student.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import {
  at,
  look,
  owedIn,
  type PersonName,
  promptFor,
  type SeedOptions,
  type StudentName,
  sceneFor,
  seedSchool,
  type TestSchool,
  turnFor,
} from "../../support/school.ts"
import { buttonsOf, formOf, lines, messageOf, shown } from "./shown.ts"

let database: TestDatabase
let schools = 0
const newSchool = (options: SeedOptions = {}): Promise<TestSchool> => seedSchool(database.db, { tenant: `tenant-${++schools}`, ...options })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const week = { thursday: "2027-02-04", tuesday: "2027-02-09" }
const now = at("2027-02-04", "15:00")
const night = at("2027-02-04", "21:00")
const after = at("2027-02-10", "10:00")

type Pressed = "reflect_first" | "reflect_second" | "reflect_skip"
const press = (school: TestSchool, who: PersonName, action: Pressed, target: string, when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "pressed", action, target, value: null, messageId: "b1" }, async (turn, event) => {
    const pressed = routes.pressed?.[action]
    if (!pressed) throw new Error(`nothing answers ${action}`)
    return pressed(turn, event)
  })
const submit = (
  school: TestSchool,
  who: PersonName,
  target: string,
  values: Values,
  when = now,
  action: Pressed = "reflect_first",
): Promise<Answer> =>
  turnFor(school, who, when, { kind: "submitted", action, target, values }, async (turn, event) => {
    const submitted = routes.submitted?.[action]
    if (!submitted) throw new Error(`nothing answers ${action}`)
    return submitted(turn, event)
  })
const type = (school: TestSchool, who: PersonName, messageId: string, text: string, when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "said", messageId, text }, (turn, event) => student.said(turn, event))
const edit = (school: TestSchool, who: PersonName, messageId: string, text: string, when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "edited", messageId, text }, (turn, event) => student.edited(turn, event))
const takeBack = (school: TestSchool, who: PersonName, messageId: string, when = now): Promise<Answer> =>
  turnFor(school, who, when, { kind: "deleted", messageId }, (turn, event) => student.deleted(turn, event))

type Reply = { id: string; occurrenceId: string | null; promptId: string | null; lens: string | null; mood: number | null; wants: string | null }
const repliesOf = (school: TestSchool, who: StudentName): Promise<Reply[]> =>
  look(
    school,
    sql`select id, occurrence_id as "occurrenceId", prompt_id as "promptId", lens, mood, wants from reply where student_id = ${school.people[who]} order by created_at`,
  )
const wordsOf = (school: TestSchool, replyId: string): Promise<(string | null)[]> =>
  sceneFor(school, now, async ({ tx, deps }) =>
    ((await replyWords(tx, deps.words, school.id, [replyId])).get(replyId) ?? []).map(({ words }) => words),
  )
const stateOf = async (school: TestSchool, occurrenceId: string) =>
  (await look<{ state: string }>(school, sql`select state from occurrence where id = ${occurrenceId}`))[0]?.state
const readingsOf = (school: TestSchool) =>
  look<{ ownerId: string | null; readAt: Date | null; dueAt: Date }>(
    school,
    sql`select owner_id as "ownerId", read_at as "readAt", due_at as "dueAt" from reading`,
  )
const historyOf = async (school: TestSchool, who: StudentName) =>
  (await look<{ weeks: string }>(school, sql`select weeks from history where student_id = ${school.people[who]}`))[0]?.weeks

describe("the form", () => {
  test("shows the question, the standing line, a box, and asks the mood only where consent is recorded", async () => {
    const school = await newSchool()
    const ada = await promptFor(school, "ada", week)
    const ben = await promptFor(school, "ben", week)
    const withMood = formOf(await press(school, "ada", "reflect_first", ada.occurrenceId)).form
    expect(withMood.fields.map(({ name }) => name)).toEqual(["words", "mood", "wants", "who"])
    expect(withMood.intro.flat().map(({ text }) => text)).toContain(
      "Rosa Rivera reads this. If someone may be hurt, Lena Linde too. Not watched live.",
    )
    const without = formOf(await press(school, "ben", "reflect_second", ben.occurrenceId)).form
    expect(without).toMatchObject({ action: "reflect_second", id: ben.occurrenceId })
    expect(without.fields.map(({ name }) => name)).toEqual(["words", "wants", "who"])
  })

  test("offers the mentor by name, and as someone else the other adults around the student", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "cleo", week)
    const { form } = formOf(await press(school, "cleo", "reflect_first", occurrenceId))
    const options = (name: string) => form.fields.flatMap((field) => (field.name === name && field.kind === "one_of" ? field.options : []))
    expect(options("wants").map(({ label }) => label)).toEqual(["No, thanks", "Yes, Rosa Rivera", "Yes, someone else"])
    expect(options("who").map(({ label }) => label)).toEqual(["Obi Okafor", "Tess Tanner", "Lena Linde"])
  })

  test("opened again, it holds what was written, so that answering twice is changing it", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await submit(school, "ada", occurrenceId, { words: "A paper crane.", mood: "4", wants: "no" })
    const { form } = formOf(await press(school, "ada", "reflect_first", occurrenceId))
    expect(form.fields.map((field) => field.initial)).toEqual(["A paper crane.", "4", "no", undefined])
  })

  test("another student's, a staff member's and a made-up one are refused alike", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const stale = await press(school, "ben", "reflect_first", "no such row")
    expect(shown(stale)).toContain("does nothing any more")
    expect(await press(school, "ben", "reflect_first", occurrenceId)).toEqual(stale)
    expect(await press(school, "ben", "reflect_skip", occurrenceId)).toEqual(stale)
    expect(await submit(school, "ben", occurrenceId, { words: "mine now" })).toEqual(stale)
    expect(shown(await press(school, "rivera", "reflect_first", occurrenceId))).toContain("for students")
    expect(shown(await submit(school, "rivera", occurrenceId, { words: "mine now" }))).toContain("for students")
    expect(await look(school, sql`select id from reply`)).toEqual([])
    expect(await stateOf(school, occurrenceId)).toBe("open")
  })
})

describe("an answer sent by the form", () => {
  test("is one reply with its question, mood and words, passed on to the advisor, on the record", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const answer = await submit(school, "ada", occurrenceId, { words: "  A paper crane.\0 ", mood: "4", wants: "no" })
    expect(shown(answer)).toContain("Got it, Ada. Rosa Rivera reads this by Monday.")
    const [reply] = await repliesOf(school, "ada")
    expect(reply).toMatchObject({ occurrenceId, promptId: "interests-five-minutes", lens: "interests", mood: 4, wants: "no" })
    expect(await wordsOf(school, reply?.id ?? "")).toEqual(["A paper crane."])
    expect(await stateOf(school, occurrenceId)).toBe("answered")
    expect(await readingsOf(school)).toMatchObject([{ ownerId: school.people.rivera, readAt: null }])
    expect(await historyOf(school, "ada")).toBe("a")
    expect(await look(school, sql`select act from deed where actor_id = ${school.people.ada} and subject_id = ${school.people.ada}`)).toEqual([
      { act: "reply" },
    ])
    expect(JSON.stringify(answer)).not.toContain("crane")
  })

  test("keeps nothing and says where the trouble is: no words, too many, a choice that was not offered", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    expect(formOf(await submit(school, "ada", occurrenceId, { words: " \n " })).errors).toEqual({ words: expect.stringContaining("press Skip") })
    const long = "word ".repeat(700)
    const refused = formOf(await submit(school, "ada", occurrenceId, { words: long, mood: "4", wants: "someone" }))
    expect(refused.errors.words).toContain("3,499 characters")
    expect(refused.form.fields.map((field) => field.initial)).toEqual([long, "4", "someone", undefined])
    const forged = formOf(await submit(school, "ada", occurrenceId, { words: "ok", mood: "9", wants: "someone", who: school.people.okafor }))
    expect(Object.keys(forged.errors)).toEqual(["mood", "who"])
    expect(Object.keys(formOf(await submit(school, "ada", occurrenceId, { words: "ok", wants: "everyone" })).errors)).toEqual(["wants"])
    expect(await repliesOf(school, "ada")).toEqual([])
  })

  test("never keeps a mood that there is no consent for", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ben", week)
    await submit(school, "ben", occurrenceId, { words: "A beat.", mood: "2" })
    expect(await repliesOf(school, "ben")).toMatchObject([{ mood: null, wants: "no" }])
  })

  test("at night says when a person is there again", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const answer = shown(await submit(school, "ada", occurrenceId, { words: "A crane." }, night))
    expect(answer).toContain("School is closed now, so nobody sees this before tomorrow, 7:30 am.")
  })

  test("after the question closed is kept with its question all the same, and counts", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await sceneFor(school, after, ({ tx }) => rows(tx, sql`update occurrence set state = 'closed', outcome = 'missed'`))
    expect(shown(await press(school, "ada", "reflect_first", occurrenceId, after))).toContain("These questions closed on Tuesday.")
    expect(shown(await press(school, "ada", "reflect_skip", occurrenceId, after))).toContain("These questions closed on Tuesday.")
    const answer = shown(await submit(school, "ada", occurrenceId, { words: "I was still writing." }, after))
    expect(answer).toContain("your answer counts")
    expect(await repliesOf(school, "ada")).toMatchObject([{ occurrenceId: null, promptId: "interests-five-minutes" }])
    expect(await look(school, sql`select start, weeks from history`)).toEqual([{ start: "2027-02-01", weeks: "a" }])
    expect(await readingsOf(school)).toHaveLength(1)
  })
})

describe("asking for a person", () => {
  test("my mentor hears now, in school hours, and the student hears who and by when", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const answer = shown(await submit(school, "ada", occurrenceId, { words: "Can we talk?", wants: "mentor" }))
    expect(answer).toContain("I am telling Rosa Rivera right now.")
    expect(answer).toContain("I ask them to get back to you by tomorrow. If that does not happen, I tell the counsellors.")
    expect(await owedIn(school, "rivera")).toMatchObject([{ kind: "reach_out", state: "planned", dueAt: now }])
    expect(await look(school, sql`select asked, owner_id as "ownerId", state from reach_out`)).toEqual([
      { asked: "mentor", ownerId: school.people.rivera, state: "open" },
    ])
  })

  test("someone else by name hears in the morning where it is night", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const answer = shown(await submit(school, "ada", occurrenceId, { words: "Hi.", wants: "someone", who: school.people.tanner }, night))
    expect(answer).toContain("I tell Tess Tanner tomorrow, 7:30 am.")
    expect(await owedIn(school, "tanner")).toMatchObject([{ kind: "reach_out", dueAt: at("2027-02-05", "07:30") }])
  })

  test("taken back, the student hears whom I told", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await submit(school, "ada", occurrenceId, { words: "Hi.", wants: "someone", who: school.people.tanner })
    const { form } = formOf(await press(school, "ada", "reflect_first", occurrenceId))
    expect(form.fields.map((field) => field.initial)).toEqual(["Hi.", undefined, "someone", school.people.tanner])
    const back = shown(await submit(school, "ada", occurrenceId, { words: "Hi.", wants: "no" }))
    expect(back).toContain("You no longer want anyone to reach out: I have told Tess Tanner.")
    expect(shown(await submit(school, "ada", occurrenceId, { words: "Hi.", wants: "no" }))).not.toContain("no longer")
    expect(await look(school, sql`select state from reach_out`)).toEqual([{ state: "withdrawn" }])
  })

  test("sent four times it is one wish and one message", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await Promise.all([1, 2, 3, 4].map(() => submit(school, "ada", occurrenceId, { words: "Can we talk?", wants: "mentor" })))
    expect(await look(school, sql`select id from reach_out`)).toHaveLength(1)
    expect(await owedIn(school, "rivera")).toHaveLength(1)
  })
})

describe("words simply typed", () => {
  test("land on the open question; a second message adds to them", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    expect(shown(await type(school, "ada", "m1", "A crane."))).toContain("Got it, Ada.")
    expect(shown(await type(school, "ada", "m2", "And a frog.", at("2027-02-05", "08:00")))).toBe(
      "Added. Rosa Rivera reads it with the rest.\n[Change or add] [I'd like to talk to someone]",
    )
    const [reply, ...others] = await repliesOf(school, "ada")
    expect(others).toEqual([])
    expect(reply?.occurrenceId).toBe(occurrenceId)
    expect(await wordsOf(school, reply?.id ?? "")).toEqual(["A crane.", "And a frog."])
    expect(await stateOf(school, occurrenceId)).toBe("answered")
  })

  test("before the delivery is recorded as sent, they are joined to it all the same", async () => {
    const school = await newSchool()
    const { occurrenceId, deliveryId } = await promptFor(school, "ada", week)
    await sceneFor(school, now, ({ tx }) => rows(tx, sql`update delivery set state = 'sending', settled_at = null where id = ${deliveryId}`))
    await type(school, "ada", "m1", "A crane.")
    expect(await repliesOf(school, "ada")).toMatchObject([{ occurrenceId }])
  })

  test("before the question was ever shown, they are no answer to it", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", { ...week, state: "planned" })
    expect(shown(await type(school, "ada", "m1", "hello?"))).toContain("No question is open right now")
    expect(await repliesOf(school, "ada")).toMatchObject([{ occurrenceId: null }])
    expect(await stateOf(school, occurrenceId)).toBe("open")
  })

  test("without an open question they are kept and passed on; two on one day are one thing to read", async () => {
    const school = await newSchool()
    expect(shown(await type(school, "eli", "m1", "I got the part!", after))).toContain("Obi Okafor reads them by Friday.")
    await type(school, "eli", "m2", "Opening night is in May.", after)
    await type(school, "eli", "m3", "Still happy.", at("2027-02-11", "10:00"))
    const [first, second] = await repliesOf(school, "eli")
    expect(await wordsOf(school, first?.id ?? "")).toEqual(["I got the part!", "Opening night is in May."])
    expect(await wordsOf(school, second?.id ?? "")).toEqual(["Still happy."])
    expect(await readingsOf(school)).toHaveLength(2)
  })

  test("of nothing but blanks are not kept; emoji, bidi marks and lone surrogates are", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    expect(shown(await type(school, "ada", "m1", " \u0000 \n"))).toContain("I can only read words.")
    await type(school, "ada", "m2", "🎉 \u202e \ud800")
    const [reply] = await repliesOf(school, "ada")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual(["🎉 \u202e \ufffd"])
  })

  test("of nothing but marks that nobody sees are not kept either", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    expect(shown(await type(school, "ada", "m1", "\u0000\u202e \u200f\u2066\u200b"))).toContain("I can only read words.")
    expect(await repliesOf(school, "ada")).toEqual([])
    expect(shown(await type(school, "ada", "m2", "🙂"))).toContain("Got it, Ada.")
  })

  test("that may mean stop are kept, and the button to stop stands beside them", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    const answer = messageOf(await type(school, "ada", "m1", "leave me alone please"))
    expect(lines(answer).join("\n")).toContain("Got it, Ada.")
    expect(buttonsOf(answer)).toContainEqual({ action: "stop", id: "", label: "Stop the questions" })
    const stopped = await turnFor(
      school,
      "ada",
      now,
      { kind: "pressed", action: "stop", target: "", value: null, messageId: "b1" },
      async (turn, event) => routes.pressed?.stop?.(turn, event),
    )
    expect(stopped && shown(stopped)).toContain("Stopped.")
    expect(buttonsOf(messageOf(await type(school, "ada", "m2", "stop asking me")))).not.toContainEqual(expect.objectContaining({ action: "stop" }))
    expect(shown(await type(school, "dani", "m3", "ya no me preguntes"))).toContain("[Parar las preguntas]")
  })

  test("of a length a form would refuse are kept whole", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    const long = "word ".repeat(1_999)
    await type(school, "ada", "m1", long)
    const [reply] = await repliesOf(school, "ada")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual([long])
  })

  test("by staff go nowhere", async () => {
    const school = await newSchool()
    expect(shown(await type(school, "rivera", "m1", "hello"))).toContain("for students")
    expect(await look(school, sql`select id from reply`)).toEqual([])
  })
})

describe("an answer is due to be read", () => {
  const dueOf = async (school: TestSchool): Promise<unknown> => (await readingsOf(school))[0]?.dueAt

  test("two school days after the day it was asked for, whose list comes the next morning", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await type(school, "ada", "m1", "A crane.", night)
    expect(await dueOf(school)).toEqual(at("2027-02-08", "07:30"))
  })

  test("where it comes after the reminder, a school day after the brief that first tells of it, and the student is told so", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    const answer = await type(school, "ada", "m1", "A crane.", at("2027-02-08", "09:00"))
    expect(await dueOf(school)).toEqual(at("2027-02-11", "07:30"))
    expect(shown(answer)).toMatch(/Thursday/)
  })

  test("by the days of a group with a day of its own", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", { thursday: "2027-02-02", tuesday: "2027-02-05" })
    await type(school, "ada", "m1", "A crane.", now)
    expect(await dueOf(school)).toEqual(at("2027-02-11", "07:30"))
  })
})

describe("an edit", () => {
  test("is a new version, once, and is read again where it had been read", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await type(school, "ada", "m1", "A crain.")
    await sceneFor(school, now, ({ tx }) => rows(tx, sql`update reading set read_at = ${now}, read_by = ${school.people.rivera}`))
    expect(shown(await edit(school, "ada", "m1", "A crane.", at("2027-02-05", "09:00")))).toContain("Changed.")
    expect((await edit(school, "ada", "m1", "A crane.", at("2027-02-05", "09:01"))).kind).toBe("quiet")
    const [reply] = await repliesOf(school, "ada")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual(["A crane."])
    expect(await look(school, sql`select version from reply_part order by version`)).toEqual([{ version: 1 }, { version: 2 }])
    expect(await readingsOf(school)).toEqual([{ ownerId: school.people.rivera, readAt: null, dueAt: at("2027-02-11", "07:30") }])
  })

  test("of a message that was never kept is kept now, and another student's message is not theirs to edit", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await edit(school, "ada", "m1", "Now it is short enough.")
    expect(await repliesOf(school, "ada")).toHaveLength(1)
    await edit(school, "ben", "m1", "mine now")
    const [reply] = await repliesOf(school, "ada")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual(["Now it is short enough."])
    expect(await edit(school, "rivera", "m1", "mine now")).toEqual({ kind: "quiet" })
    expect(await takeBack(school, "rivera", "m1")).toEqual({ kind: "quiet" })
  })

  test("to nothing, like a deletion, takes the words back; with nothing left, nothing waits to be read", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await type(school, "ada", "m1", "A crane.")
    await type(school, "ada", "m2", "A frog.")
    expect(shown(await takeBack(school, "ada", "m1"))).toContain("Taken back.")
    expect((await takeBack(school, "ada", "m1")).kind).toBe("quiet")
    const [reply] = await repliesOf(school, "ada")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual([null, "A frog."])
    expect(await readingsOf(school)).toHaveLength(1)
    await edit(school, "ada", "m2", "  ")
    expect(await wordsOf(school, reply?.id ?? "")).toEqual([null, null])
    expect(await readingsOf(school)).toEqual([])
    expect(await stateOf(school, occurrenceId)).toBe("answered")
    await type(school, "ada", "m3", "A boat.")
    expect(await readingsOf(school)).toHaveLength(1)
  })
})

describe("a skip", () => {
  test("is not offered a second time", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    await press(school, "ada", "reflect_skip", occurrenceId)
    const home = await turnFor(school, "ada", now, { kind: "opened_home" }, (turn) => student.home(turn))
    expect(lines(home).join("\n")).toContain("You skipped this week.")
    expect(buttonsOf(home).map(({ action }) => action)).toEqual(["reflect_first", "reflect_second", "talk", "pause"])
  })

  test("is an answer, and an answer after it counts instead", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    expect(shown(await press(school, "ada", "reflect_skip", occurrenceId))).toContain("Skipped. That counts as an answer")
    await press(school, "ada", "reflect_skip", occurrenceId)
    expect(await stateOf(school, occurrenceId)).toBe("skipped")
    expect(await historyOf(school, "ada")).toBe("s")
    expect(await look(school, sql`select act from deed where act = 'skip'`)).toHaveLength(1)
    await submit(school, "ada", occurrenceId, { words: "After all: a crane." })
    expect(await stateOf(school, occurrenceId)).toBe("answered")
    expect(await historyOf(school, "ada")).toBe("a")
    expect(shown(await press(school, "ada", "reflect_skip", occurrenceId))).toContain("Your answer stays")
    expect(await stateOf(school, occurrenceId)).toBe("answered")
  })

  test("is not for staff", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    expect(shown(await press(school, "rivera", "reflect_skip", occurrenceId))).toContain("for students")
    expect(await stateOf(school, occurrenceId)).toBe("open")
  })
})

describe("raced on several connections", () => {
  test("the form sent four times at once is one reply with one version", async () => {
    const school = await newSchool()
    const { occurrenceId } = await promptFor(school, "ada", week)
    const answers = await Promise.all([1, 2, 3, 4].map(() => submit(school, "ada", occurrenceId, { words: "A crane." })))
    expect(answers.every(({ kind }) => kind === "say")).toBe(true)
    expect(await repliesOf(school, "ada")).toHaveLength(1)
    expect(await look(school, sql`select version from reply_part`)).toEqual([{ version: 1 }])
    expect(await readingsOf(school)).toHaveLength(1)
  })

  test("two messages at once are two parts of one reply", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await Promise.all([type(school, "ada", "m1", "A crane."), type(school, "ada", "m2", "A frog.")])
    const [reply, ...others] = await repliesOf(school, "ada")
    expect(others).toEqual([])
    expect(new Set(await wordsOf(school, reply?.id ?? ""))).toEqual(new Set(["A crane.", "A frog."]))
  })

  test("a form, a typed message and a skip at once are one answered reply, whoever comes first", async () => {
    const school = await newSchool()
    for (const who of ["ada", "ben", "cleo", "dani"] as const) {
      const { occurrenceId } = await promptFor(school, who, week)
      await Promise.all([
        press(school, who, "reflect_skip", occurrenceId),
        type(school, who, `m-${who}`, "And a frog."),
        submit(school, who, occurrenceId, { words: "A crane." }),
      ])
      const [reply, ...others] = await repliesOf(school, who)
      expect(others).toEqual([])
      expect(await wordsOf(school, reply?.id ?? "")).toHaveLength(2)
      expect(await stateOf(school, occurrenceId)).toBe("answered")
      expect(await historyOf(school, who)).toBe("a")
    }
  })

  test("two edits at once are two versions", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await type(school, "ada", "m1", "one")
    await Promise.all([edit(school, "ada", "m1", "two"), edit(school, "ada", "m1", "three")])
    expect(await look(school, sql`select version from reply_part order by version`)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }])
  })
})
