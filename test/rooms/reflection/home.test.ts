import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { personById } from "../../../db/queries/people.ts"
import type { DeliveryKind } from "../../../src/delivery/owed.ts"
import type { Composed } from "../../../src/deps.ts"
import type { Message } from "../../../src/platform/message.ts"
import { pieces } from "../../../src/reflection/home.ts"
import { letters } from "../../../src/reflection/letters.ts"
import { routes } from "../../../src/reflection/routes.ts"
import { student } from "../../../src/reflection/student.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, promptFor, type StudentName, sceneFor, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { buttonsOf, lines, messageOf, shown } from "./shown.ts"

let database: TestDatabase
let schools = 0
const newSchool = (): Promise<TestSchool> => seedSchool(database.db, { tenant: `tenant-${++schools}` })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const week = { thursday: "2027-02-04", tuesday: "2027-02-09" }
const now = at("2027-02-04", "15:00")
const friday = at("2027-02-05", "09:00")

const say = (school: TestSchool, who: StudentName, messageId: string, text: string, when = now) =>
  turnFor(school, who, when, { kind: "said", messageId, text }, (turn, event) => student.said(turn, event))
const home = (school: TestSchool, who: PersonName, when = friday): Promise<Message> =>
  turnFor(school, who, when, { kind: "opened_home" }, (turn) => student.home(turn))
const show = (school: TestSchool, who: PersonName, target: string, when = friday) =>
  turnFor(school, who, when, { kind: "pressed", action: "reflect_show", target, value: null, messageId: "b1" }, async (turn, event) => {
    const pressed = routes.pressed?.reflect_show
    if (!pressed) throw new Error("nothing answers reflect_show")
    return pressed(turn, event)
  })
const replyId = async (school: TestSchool, who: StudentName): Promise<string> =>
  (await look<{ id: string }>(school, sql`select id from reply where student_id = ${school.people[who]} order by created_at desc`))[0]?.id ?? ""

/** Rosa Rivera reads it on Friday at eight, and writes a line where there is one. */
const readBy = (school: TestSchool, id: string, line: string | null = null) =>
  sceneFor(school, friday, ({ tx, deps }) =>
    rows(
      tx,
      sql`update reading set read_at = ${at("2027-02-05", "08:00")}, read_by = ${school.people.rivera}, line = ${line === null ? null : deps.words.seal(school.id, id, 1, line)},
            line_version = ${line === null ? 0 : 1} where reply_id = ${id}`,
    ),
  )

describe("the home view", () => {
  test("shows this week's questions, who reads, what stop means, and nothing written yet", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    const seen = lines(await home(school, "ada")).join("\n")
    expect(seen).toContain("five minutes to teach the class")
    expect(seen).toContain("Who reads what you write: Rosa Rivera and Lena Linde.")
    expect(seen).toContain("What you write will be listed here")
    expect(seen).toContain("Type stop to end the questions at once")
    expect(seen).toContain("[Pause for a while]")
  })

  test("lists answers with who read each and when; words only after a press, with the line that was written back", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await say(school, "ada", "m1", "A paper crane.")
    expect(lines(await home(school, "ada")).join("\n")).toContain("Thursday: not read yet")
    const id = await replyId(school, "ada")
    expect(shown(await show(school, "ada", id))).toContain("Nobody has read this yet.")
    await readBy(school, id, "Teach me that one.")
    const view = await home(school, "ada")
    expect(lines(view).join("\n")).toContain("Thursday: read by Rosa Rivera today, with a line for you")
    expect(JSON.stringify(view)).not.toMatch(/crane|Teach me/)
    expect(buttonsOf(view)).toContainEqual({ action: "reflect_show", id, label: "Show Thursday" })

    const opened = await show(school, "ada", id)
    expect(shown(opened)).toBe(
      ["You wrote this on Thursday:", "> A paper crane.", "Rosa Rivera read this today.", "Rosa Rivera wrote to you:", "> Teach me that one."].join(
        "\n",
      ),
    )
    expect(messageOf(opened).summary).toBe("What you wrote")
  })

  test("what was added after it was read is said to be waiting", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await say(school, "ada", "m1", "A paper crane.")
    const id = await replyId(school, "ada")
    await readBy(school, id)
    await sceneFor(school, friday, ({ tx }) =>
      rows(
        tx,
        sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at)
            values (${school.id}, gen_random_uuid(), 'read_receipt', ${`read:${id}`}, ${school.people.ada}, ${id}, ${friday}, ${friday})`,
      ),
    )
    await say(school, "ada", "m2", "And a frog.", friday)
    expect(lines(await home(school, "ada")).join("\n")).toContain("Thursday: read, and what you added since is not read yet")
    expect(shown(await show(school, "ada", id))).toContain("what you added since is waiting to be read")
  })

  test("says that it rests after a stop or in a pause, and offers to begin again", async () => {
    const school = await newSchool()
    await look(school, sql`update person set stopped_at = now() where sourced_id = 'ada'`)
    await look(school, sql`update person set paused_until = '2027-02-15' where sourced_id = 'ben'`)
    const stopped = await home(school, "ada")
    expect(lines(stopped).join("\n")).toContain("You typed stop, so I ask you nothing.")
    expect(buttonsOf(stopped).map(({ action }) => action)).toEqual(["start", "talk"])
    const paused = lines(await home(school, "ben")).join("\n")
    expect(paused).toContain("Paused until 15 February")
    expect(paused).toContain("The next questions come on 18 February")
  })

  test("says which adult noted that they spoke, for four weeks, and never names one whom words about danger name", async () => {
    const school = await newSchool()
    const noted = (who: StudentName, kind: string, when: Date) =>
      look(
        school,
        sql`insert into contact (school_id, id, student_id, adult_id, kind, source, at)
            values (${school.id}, gen_random_uuid(), ${school.people[who]}, ${school.people.rivera}, ${kind}, ${`${kind}:${when.toISOString()}`}, ${when})`,
      )
    const seen = async (who: StudentName, when?: Date) => lines(await home(school, who, when)).join("\n")
    await noted("ada", "hello", now)
    await noted("ada", "home", friday)
    expect(await seen("ada")).toContain("Rosa Rivera noted on Thursday that they said hello to you.")
    expect(await seen("ben")).not.toContain("noted")
    await noted("dani", "chat", friday)
    expect(await seen("dani")).toContain("Rosa Rivera anotó hoy que habló contigo.")
    expect(await seen("ada", at("2027-03-05", "09:00"))).not.toContain("noted")
    await look(
      school,
      sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, skipped, opened_at)
          values (${school.id}, gen_random_uuid(), 's', ${school.people.ada}, 'urgent', '[]', '\\x00', ${JSON.stringify([school.people.rivera])}::text::jsonb, ${now})`,
    )
    expect(await seen("ada")).not.toContain("noted")
  })

  test("another student's words, or a teacher's press, are refused like a row that never was", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await say(school, "ada", "m1", "A paper crane.")
    const id = await replyId(school, "ada")
    expect(await show(school, "ben", id)).toEqual(await show(school, "ben", "no such row"))
    expect(shown(await show(school, "rivera", id))).toContain("for students")
    expect(lines(await home(school, "rivera")).join()).toContain("for students")
  })

  test("long words are split over quotes, direction marks are not drawn, and what was taken back is said so", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await say(school, "ada", "m1", "word ".repeat(1_900))
    await say(school, "ada", "m2", "safe\u202eevil")
    await say(school, "ada", "m3", "gone")
    await turnFor(school, "ada", now, { kind: "deleted", messageId: "m3" }, (turn, event) => student.deleted(turn, event))
    const opened = messageOf(await show(school, "ada", await replyId(school, "ada")))
    expect(opened.blocks.filter(({ kind }) => kind === "quote")).toHaveLength(5)
    expect(lines(opened)).toContain("> safeevil")
    expect(lines(opened)).toContain("You took this message back.")
    expect(pieces("🎉".repeat(4_000)).join("")).toBe("🎉".repeat(4_000))
    expect(pieces("🎉".repeat(4_000)).every((piece) => piece.isWellFormed())).toBe(true)
  })
})

test("a student who meets the bot is greeted with the first words of all, in their language", async () => {
  const school = await newSchool()
  const greet = (who: PersonName) => turnFor(school, who, now, { kind: "arrived" }, (turn) => student.greeting(turn))
  expect(lines(await greet("ada"))).toHaveLength(6)
  expect(lines(await greet("ada"))).toEqual([expect.stringContaining("Hi again, Ada.")])
  expect(lines(await greet("dani")).join("\n")).toContain("Escribe parar y paro enseguida.")
  expect(lines(await greet("parr")).join("\n")).toContain("for students")
})

describe("news for a student", () => {
  async function compose(
    school: TestSchool,
    kind: DeliveryKind & keyof typeof letters,
    subjectId: string,
    key: string,
    when: Date,
  ): Promise<Composed> {
    return sceneFor(school, when, async (scene) => {
      const recipient = await personById(scene.tx, school.people.ada)
      if (!recipient) throw new Error("nobody is there")
      const [due] = await rows<{ id: string }>(
        scene.tx,
        sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, due_at, expires_at)
            values (${school.id}, gen_random_uuid(), ${kind}, ${key}, ${school.people.ada}, ${subjectId}, ${when}, ${at("2027-02-12", "12:00")})
            on conflict (school_id, dedupe_key) do update set due_at = excluded.due_at returning id`,
      )
      const expiresAt = at("2027-02-12", "12:00")
      return letters[kind](scene, { id: due?.id ?? "", kind, personId: recipient.id, subjectId, detail: {}, dueAt: when, expiresAt }, recipient)
    })
  }
  const read = (composed: Composed): string => {
    if (composed.kind !== "message") throw new Error(`not composed: ${JSON.stringify(composed)}`)
    return lines(composed.message).join("\n")
  }

  test("who read it, with the line where there is one; in the morning where it is night; never after consent ended", async () => {
    const school = await newSchool()
    await promptFor(school, "ada", week)
    await say(school, "ada", "m1", "A paper crane.")
    const id = await replyId(school, "ada")
    const receipt = (when = friday) => compose(school, "read_receipt", id, `read:${id}`, when)
    expect(await receipt()).toEqual({ kind: "drop", why: "gone" })
    await readBy(school, id)
    expect(read(await receipt())).toBe("Rosa Rivera read what you wrote on Thursday.")
    await readBy(school, id, "Teach me that one.")
    expect(read(await receipt())).toBe("Rosa Rivera read what you wrote on Thursday.\nRosa Rivera wrote to you:\n> Teach me that one.")
    expect(read(await compose(school, "line", id, `line:${id}:1`, friday))).toContain("> Teach me that one.")
    expect(await receipt(at("2027-02-05", "19:00"))).toEqual({ kind: "later", dueAt: at("2027-02-08", "07:30") })
    expect(await receipt(at("2027-02-12", "12:00"))).toEqual({ kind: "drop", why: "too_late" })
    await look(school, sql`update person set stopped_at = ${friday} where sourced_id = 'ada'`)
    expect((await receipt()).kind).toBe("message")
    await readBy(school, id)
    expect(await receipt()).toEqual({ kind: "drop", why: "stopped" })
    await look(school, sql`update person set consent = 'none' where sourced_id = 'ada'`)
    expect(await receipt()).toEqual({ kind: "drop", why: "consent" })
  })

  test("what became of asking for a person", async () => {
    const school = await newSchool()
    const id = crypto.randomUUID()
    await look(
      school,
      sql`insert into reach_out (school_id, id, student_id, asked, owner_id, stage, created_at, due_at)
          values (${school.id}, ${id}, ${school.people.ada}, 'mentor', ${school.people.rivera}, 'owner', ${now}, ${friday})`,
    )
    const news = (state: string) => compose(school, "reach_out_news", id, `reach_out_news:${id}:${state}`, friday)
    expect(read(await news("taken"))).toBe("Rosa Rivera has seen that you would like to talk and will come to you.")
    await look(school, sql`update reach_out set stage = 'counsellors', owner_id = null`)
    expect(read(await news("counsellors"))).toContain("I have told Lena Linde too. You did the right thing by asking.")
    await look(school, sql`update reach_out set state = 'answered', answered_by = ${school.people.linde}`)
    expect(read(await news("answered"))).toContain("Lena Linde says that you two have been in touch.")
  })
})
