import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import { replyWords, writePart } from "../../../db/queries/reflection-words.ts"
import type { Composed, Due } from "../../../src/deps.ts"
import { readingList } from "../../../src/outreach/reading-list.ts"
import { message } from "../../../src/platform/message.ts"
import { readPrompts } from "../../../src/words/prompts.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type PersonName, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, answerFrom, assign, buttonsOf, deedsOf, expectRefused, messageOf, newAdvisor, press, shown } from "./steps.ts"

const { prompts } = readPrompts(join(import.meta.dirname, "../../../prompts"))
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

const thursday = at("2027-02-04", "15:00")
const friday = at("2027-02-05", "07:30")
const notOnList = "That answer is not on your list."

const letter = (who: PersonName, now: Date, expiresAt = at("2027-02-09", "07:30")): Promise<Composed> =>
  sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error("nobody")
    const due: Due = { id: "d", kind: "reading_list", personId: recipient.id, subjectId: null, detail: {}, dueAt: now, expiresAt }
    return readingList(scene, due, recipient)
  })

const readings = () =>
  look<{ replyId: string; readBy: string | null; ownerId: string | null; stage: string }>(
    school,
    sql`select reply_id as "replyId", read_by as "readBy", owner_id as "ownerId", stage from reading order by due_at`,
  )

describe("what rides in a reading list", () => {
  const brief = async (...done: readonly boolean[]) => {
    const names = ["ada", "cleo", "dani"] as const
    await look(school, sql`delete from brief_name`)
    await look(school, sql`delete from brief`)
    await look(
      school,
      sql`insert into brief (school_id, id, adult_id, week, at) values (${school.id}, gen_random_uuid(), ${school.people.rivera}, '2027-02-01', ${at("2027-02-03", "07:30")})`,
    )
    for (const [rank, is] of done.entries())
      await look(
        school,
        sql`insert into brief_name (school_id, brief_id, student_id, rank, done_at)
            select school_id, id, ${school.people[names[rank] ?? "ada"]}, ${rank + 1}, ${is ? thursday : null}::timestamptz from brief`,
      )
  }
  const sent = async (): Promise<string> => {
    const composed = await letter("rivera", friday)
    if (composed.kind !== "message") throw new Error("nothing to send")
    return shown(message(composed.message.summary, composed.message.blocks))
  }

  test("names no more than three with the brief of that week: what was noticed the day after it is a number", async () => {
    await answerFrom(school, "ada", thursday, "Hi.")
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
          values (${school.id}, gen_random_uuid(), ${school.people.ben}, 'raised', 'alert', '2027-02-01', '{"kind":"raised","on":"2027-02-04"}',
            ${school.people.rivera}, 'owner', ${thursday}, ${at("2027-02-10", "07:30")})`,
    )
    await brief(false, false, false)
    expect(await sent()).toMatch(/Notes for you\n1 more note on your home page\.$/)
    expect(await sent()).not.toContain("Ben Hollow")
    await brief(false, true, false)
    expect(await sent()).toContain("noticed something about Ben Hollow")
  })
})

describe("a reply is put on one list", () => {
  test("its student's first advisor reads it, within two school days", async () => {
    const id = await answerFrom(school, "ada", thursday, "I thanked Gia.")
    const [row] = await look<{ ownerId: string; dueAt: Date; stage: string }>(
      school,
      sql`select owner_id as "ownerId", due_at as "dueAt", stage from reading where reply_id = ${id}`,
    )
    expect(row).toEqual({ ownerId: school.people.rivera, dueAt: at("2027-02-08", "07:30"), stage: "first" })
    const [wake] = await look<{ at: Date }>(school, sql`select next_at as at from wake where kind = 'sweep' and school_id = ${school.id}`)
    expect(wake?.at).toEqual(at("2027-02-08", "07:30"))
  })

  test("once, whoever calls again, and also from four connections at once", async () => {
    const id = await answerFrom(school, "ada", thursday, "Once.")
    const again = await Promise.all(
      Array.from({ length: 4 }, () => sceneFor(school, thursday, (scene) => assign(scene, id, school.people.ada, thursday))),
    )
    expect(again).toEqual(Array.from({ length: 4 }, () => school.people.rivera))
    expect(await readings()).toHaveLength(1)
  })

  test("without an advisor it lies on the counsellor list", async () => {
    await look(school, sql`update tie set to_date = '2027-01-20' where student_id = ${school.people.ada}`)
    const id = await answerFrom(school, "ada", thursday, "Anyone?")
    expect(await readings()).toEqual([{ replyId: id, readBy: null, ownerId: null, stage: "counsellors" }])
    expect(shown(await press(school, "linde", friday, "reading_open", ""))).toContain("«Anyone?»")
    await press(school, "linde", friday, "reading_read", id)
    expect(await readings()).toEqual([{ replyId: id, readBy: school.people.linde, ownerId: school.people.linde, stage: "counsellors" }])
  })
})

describe("the reading list", () => {
  test("says how many wait and from whom, and no word of theirs", async () => {
    for (const [i, who] of (["ada", "ben", "cleo", "dani"] as const).entries())
      await answerFrom(school, who, at("2027-02-04", `15:0${i}`), `secret of ${who}`)
    const composed = await letter("rivera", friday)
    if (composed.kind !== "message") throw new Error(composed.kind)
    expect(composed.message.summary).toBe("4 answers are waiting to be read")
    expect(shown(composed.message)).toContain("4 answers are waiting for you, from Ada Brook, Ben Hollow, Cleo Marsh and one more.")
    expect(JSON.stringify(composed.message)).not.toContain("secret")
    expect(shown(composed.message)).toMatch(/^I am Rapport, a bot\./)
    expect(actionsOf(composed.message)).toEqual(["reading_open"])
  })

  test("is not sent where nothing is unread, outside hours, or to whoever is away", async () => {
    expect(await letter("rivera", friday)).toEqual({ kind: "drop", why: "nothing_unread" })
    await answerFrom(school, "ada", thursday, "Hello")
    expect(await letter("rivera", at("2027-02-05", "20:00"))).toEqual({ kind: "later", dueAt: at("2027-02-08", "07:30") })
    expect(await letter("rivera", at("2027-02-05", "20:00"), at("2027-02-06", "07:30"))).toEqual({ kind: "drop", why: "too_late" })
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.parr}, '2027-02-05', '2027-02-08')`,
    )
    expect(await letter("rivera", friday)).toEqual({ kind: "drop", why: "away" })
  })
})

describe("reading", () => {
  test("what was typed without picking stands under the two questions of that week; loose words under none", async () => {
    const id = await answerFrom(school, "ada", thursday, "I read a lot.")
    const question = async () => shown(await press(school, "rivera", friday, "reading_open", "")).split("\n")[2]
    await look(school, sql`update reply set prompt_id = null where id = ${id}`)
    expect(await question()).toBe("Written without a question.")
    const { occurrenceId } = await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
    await look(school, sql`update reply set occurrence_id = ${occurrenceId} where id = ${id}`)
    const [first, second] = ["interests-five-minutes", "skills-a-year-ago"].map((one) =>
      prompts.question(one, "en")?.text.replace("{name}", "Ada Brook"),
    )
    expect(await question()).toBe(`Typed under these two: ${first} / ${second}`)
  })

  test("goes answer by answer, one tap each, and the student hears who read it", async () => {
    const first = await answerFrom(school, "ada", thursday, "I thanked Gia.")
    const second = await answerFrom(school, "ben", at("2027-02-04", "15:10"), "I like maps.")
    const opened = await press(school, "rivera", friday, "reading_open", "")
    expect(opened.kind).toBe("replace")
    expect(messageOf(opened).summary).toBe("Answer 1 of 2")
    expect(shown(opened)).toContain("Ada Brook, Thursday 4 February")
    expect(shown(opened)).toContain("«I thanked Gia.»")
    expect(shown(opened)).not.toContain("maps")
    expect(buttonsOf(opened).map(({ label }) => label)).toEqual(["Read, next", "Reply a line", "Later"])

    const next = await press(school, "rivera", friday, "reading_read", first)
    expect(messageOf(next).summary).toBe("Answer 2 of 2")
    expect(shown(next)).toContain("«I like maps.»")
    expect(shown(await press(school, "rivera", friday, "reading_read", second))).toContain("All read.")
    expect((await readings()).map(({ readBy }) => readBy)).toEqual([school.people.rivera, school.people.rivera])
    expect((await owedIn(school, "ada")).map(({ kind, dedupeKey, dueAt }) => ({ kind, dedupeKey, dueAt }))).toEqual([
      { kind: "read_receipt", dedupeKey: `read:${first}`, dueAt: friday },
    ])
    expect(await deedsOf(school)).toEqual(
      expect.arrayContaining(["rivera words_viewed ada", "rivera answer_read ada", "rivera words_viewed ben", "rivera answer_read ben"]),
    )
  })

  test("opened from a brief or beside an alert, it stands below and takes nobody's place", async () => {
    await answerFrom(school, "ada", thursday, "I thanked Gia.")
    const opened = await press(school, "rivera", friday, "reading_apart", "")
    expect(opened.kind).toBe("say")
    expect(shown(opened)).toContain("«I thanked Gia.»")
    expect(buttonsOf(opened).map(({ action }) => action)).toEqual(["reading_read", "reading_line", "reading_later"])
    expectRefused(await press(school, "ada", friday, "reading_apart", ""), "That one is for staff. Type help to see what you can do here.")
  })

  test("a receipt waits for the student's morning", async () => {
    const id = await answerFrom(school, "ada", thursday, "Late")
    await press(school, "rivera", at("2027-02-05", "21:00"), "reading_read", id)
    expect((await owedIn(school, "ada")).map(({ dueAt }) => dueAt)).toEqual([at("2027-02-08", "07:30")])
  })

  test("leaves one for later without reading it", async () => {
    const first = await answerFrom(school, "ada", thursday, "One")
    const second = await answerFrom(school, "ben", at("2027-02-04", "15:10"), "Two")
    expect(shown(await press(school, "rivera", friday, "reading_later", first))).toContain("«Two»")
    const end = await press(school, "rivera", friday, "reading_read", second)
    expect(shown(end)).toContain("One answer is still waiting for you.")
    expect(actionsOf(end)).toEqual(["reading_open"])
    expect(await owedIn(school, "ada")).toEqual([])
  })

  test("the first reader is who read it, however many press at once", async () => {
    const id = await answerFrom(school, "cleo", thursday, "Both of you may read this")
    const answers = await Promise.all((["rivera", "okafor", "linde"] as const).map((who) => press(school, who, friday, "reading_read", id)))
    const [row] = await readings()
    const others = answers.filter((answer) => /had already|has read that one already|ya había leído/.test(shown(answer)))
    expect(others).toHaveLength(2)
    expect((await owedIn(school, "cleo")).filter(({ kind }) => kind === "read_receipt")).toHaveLength(1)
    expect((await deedsOf(school)).filter((deed) => deed.includes("answer_read"))).toHaveLength(1)
    expect([school.people.rivera, school.people.okafor, school.people.linde]).toContain(row?.readBy)
  })

  test("a co-advisor's list holds what is theirs, and what was passed on", async () => {
    await answerFrom(school, "cleo", thursday, "For the first")
    expect(shown(await press(school, "okafor", friday, "reading_open", ""))).toBe("Nothing is waiting for you.")
    await look(school, sql`update reading set owner_id = ${school.people.okafor}, stage = 'second'`)
    expect(shown(await press(school, "okafor", friday, "reading_open", ""))).toContain("Nobody had read this in time, so it has come to you.")
    expect(shown(await press(school, "rivera", friday, "reading_open", ""))).toContain("«For the first»")
  })

  test("keeps a very long answer within the caps, and says what is missing", async () => {
    const long = `${"a long word and another ".repeat(370)}end`
    await answerFrom(school, "ada", thursday, [long, long, "and a last line"])
    const opened = await press(school, "rivera", friday, "reading_open", "")
    const quotes = messageOf(opened).blocks.flatMap((block) => (block.kind === "quote" ? block.words : []))
    expect(quotes.join("").startsWith(long)).toBe(true)
    const missing = /It goes on for ([\d,]+) more characters/.exec(shown(opened))?.[1]
    expect(Number(missing?.replace(",", "")) + quotes.join("").length).toBe(long.length * 2 + "and a last line".length)
  })

  test("shows hostile words and names as they stand, in a quote, without marks that turn them round", async () => {
    const hostile = "<!channel> <@U1> **bold** [a](https://evil.example) {{DATE()}} \u202Eevil {name} $" + "{x}"
    await look(school, sql`update person set preferred_name = ${"<!channel> {name}"} where id = ${school.people.ada}`)
    await answerFrom(school, "ada", thursday, hostile)
    const opened = await press(school, "rivera", friday, "reading_open", "")
    expect(shown(opened)).toContain("«<!channel> <@U1> **bold** [a](https://evil.example) {{DATE()}} evil {name} $" + "{x}»")
    const named = messageOf(opened).blocks.flatMap((block) => (block.kind === "text" ? block.prose : []))
    expect(named.filter(({ text, kind }) => text.includes("<!channel>") && kind === "ours")).toEqual([])
  })

  test("says that a message was taken back", async () => {
    const id = await answerFrom(school, "ada", thursday, ["Kept", "Gone"])
    await sceneFor(school, friday, ({ tx, deps, schoolId }) => writePart(tx, deps.words, { schoolId, replyId: id, part: "m1", now: friday }, null))
    const opened = shown(await press(school, "rivera", friday, "reading_open", ""))
    expect(opened).toContain("«Kept»")
    expect(opened).toContain("Ada Brook took this message back.")
    expect(opened).not.toContain("Gone")
    const parts = await sceneFor(school, friday, ({ tx, deps, schoolId }) => replyWords(tx, deps.words, schoolId, [id]))
    expect(parts.get(id)).toHaveLength(2)
  })
})

describe("who may not read", () => {
  test("a class tie, another school's adult, a student, nobody's id: one wording", async () => {
    const id = await answerFrom(school, "ada", thursday, "Mine")
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    for (const action of ["reading_read", "reading_line", "reading_later"]) {
      expectRefused(await press(school, "tanner", friday, action, id), notOnList)
      expectRefused(await press(school, "parr", friday, action, id), notOnList)
      expectRefused(await press(school, "ben", friday, action, id), notOnList)
      expectRefused(await press(school, "ada", friday, action, id), notOnList)
      expectRefused(await press(other, "rivera", friday, action, id), notOnList)
      expectRefused(await press(other, "linde", friday, action, id), "Esa respuesta no está en tu lista.")
      expectRefused(await press(school, "rivera", friday, action, "x' or true --"), notOnList)
    }
    expect(shown(await press(school, "tanner", friday, "reading_open", school.people.ada))).toBe("Nothing is waiting for you.")
    expect((await readings()).map(({ readBy }) => readBy)).toEqual([null])
    expect(await deedsOf(school)).toContain("tanner words_refused ada")
  })

  test("a tie that ended yesterday reads no more, and a new advisor from their first day on", async () => {
    const before = await answerFrom(school, "ada", thursday, "To Rivera")
    await newAdvisor(school, "ada", "2027-02-05")
    const after = await answerFrom(school, "ada", at("2027-02-05", "09:00"), "To Okafor")
    const noon = at("2027-02-05", "12:00")
    expectRefused(await press(school, "rivera", noon, "reading_read", before), notOnList)
    expectRefused(await press(school, "rivera", noon, "reading_read", after), notOnList)
    expectRefused(await press(school, "okafor", noon, "reading_read", before), notOnList)
    const opened = shown(await press(school, "okafor", noon, "reading_open", ""))
    expect(opened).toContain("«To Okafor»")
    expect(opened).not.toContain("To Rivera")
  })
})
