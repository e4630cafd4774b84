// What a brief holds beside its names: what a student wrote to, what went well, how the group did; and that all of it together stays short.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rendered } from "../../../adapters/slack/render.ts"
import { cardOf, mostCardBytes } from "../../../adapters/teams/render.ts"
import type { Told } from "../../../db/queries/outreach-contact.ts"
import { personById } from "../../../db/queries/people.ts"
import { briefLetter } from "../../../src/outreach/brief-letter.ts"
import { logContact } from "../../../src/outreach/contacts.ts"
import { planBriefs } from "../../../src/outreach/plan-briefs.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { charsOf, type Message, message } from "../../../src/platform/message.ts"
import { lenses } from "../../../src/words/prompt-kinds.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, promptFor, type StaffName, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { actionsOf, answerFrom, buttonsOf, deedsOf, messageOf, newAdvisor, press, shown } from "./steps.ts"

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

/** The second Wednesday of January's last weeks, and those after it; 3 February is in the week of that month's first Monday. */
const wednesday = at("2027-01-20", "07:30")
const next = at("2027-01-27", "07:30")
const february = at("2027-02-03", "07:30")

async function letter(who: StaffName, now: Date): Promise<Message | string> {
  await sceneFor(school, now, planBriefs)
  const due = (await owedIn(school, who)).filter(({ kind }) => kind === "brief").at(-1)
  if (!due) throw new Error(`${who} is owed no brief`)
  const composed = await sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error(`nobody is called ${who}`)
    return briefLetter(scene, due, recipient)
  })
  if (composed.kind !== "message") return composed.kind === "drop" ? composed.why : composed.kind
  return message(composed.message.summary, composed.message.blocks)
}
async function brief(who: StaffName, now: Date): Promise<Message> {
  const found = await letter(who, now)
  if (typeof found === "string") throw new Error(`no brief: ${found}`)
  return found
}
const spanish = (who: StaffName) => look(school, sql`update person set language = 'es' where id = ${school.people[who]}`)
/** Nobody is greeted for the first time. */
const known = (who: StaffName) =>
  look(
    school,
    sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, due_at, expires_at, state, settled_at)
        values (${school.id}, ${randomUUID()}, 'welcome', ${`welcome:${who}`}, ${school.people[who]}, now(), now(), 'sent', now())`,
  )
const met = (student: StudentName, when: Date, how: Partial<Told> = {}, adult: StaffName = "rivera") =>
  sceneFor(school, when, (scene) =>
    logContact(scene, {
      ...{ studentId: school.people[student], adultId: school.people[adult], kind: "hello", source: randomUUID(), at: when },
      ...how,
    }),
  )
/** A question of the week of 11 January that was let pass. */
const missed = async (who: StudentName) => {
  const { occurrenceId } = await promptFor(school, who, { thursday: "2027-01-14", tuesday: "2027-01-19" })
  await look(school, sql`update occurrence set state = 'closed', outcome = 'missed' where id = ${occurrenceId}`)
}

describe("what a student wrote to", () => {
  test("is said by what its question was about, in words of ours for each lens and language", async () => {
    await answerFrom(school, "ada", at("2027-01-14", "15:00"), "My secret garden.")
    const said = new Set<string>()
    for (const language of ["en", "es"]) {
      if (language === "es") await spanish("rivera")
      for (const lens of lenses) {
        await look(school, sql`update reply set lens = ${lens}`)
        const text = shown(await brief("rivera", wednesday))
        expect(text).not.toContain("garden")
        said.add(text.split("\n").find((line) => line.startsWith("Ada Brook.")) ?? "")
      }
    }
    expect(said.size).toBe(2 * lenses.length)
    expect([...said][0]).toBe("Ada Brook. No hello from you on record yet. Last wrote on Thursday 14 January, to a question about what they enjoy.")
    expect([...said]).toContain(
      "Ada Brook. Todavía sin saludo tuyo anotado. Escribió por última vez el jueves 14 de enero, a una pregunta sobre lo que le gusta.",
    )
  })

  test("is shown word for word on a second press, on the record, and the brief stays", async () => {
    await answerFrom(school, "ada", at("2027-01-14", "15:00"), "My secret garden.")
    const words = buttonsOf(await brief("rivera", wednesday)).filter(({ action }) => action === "mentee_words")
    expect(words.map(({ id, label }) => [id, label])).toEqual([[school.people.ada, "What Ada wrote"]])
    const answer = await press(school, "rivera", wednesday, "mentee_words", words[0]?.id ?? "")
    expect([answer.kind, shown(answer).includes("«My secret garden.»")]).toEqual(["say", true])
    expect(await deedsOf(school)).toEqual(["rivera words_viewed ada"])
  })

  test.each<[string, () => ReturnType<typeof sql>]>([
    ["taken back", () => sql`update reply_part set words = null`],
    ["from before the adult's tie", () => sql`update tie set from_date = '2027-01-15' where adult_id = ${school.people.rivera}`],
    [
      "words about danger that name the adult",
      () => sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, skipped, opened_at)
                values (${school.id}, gen_random_uuid(), 'x', ${school.people.ada}, 'concern', '[]', '', ${JSON.stringify([school.people.rivera])}::text::jsonb,
                  ${at("2027-01-14", "15:00")})`,
    ],
  ])("of an answer %s stays unsaid, and has no button", async (_, change) => {
    await answerFrom(school, "ada", at("2027-01-14", "15:00"), "My secret garden.")
    await look(school, change())
    const one = await brief("rivera", wednesday)
    expect(shown(one)).toMatch(/^Ada Brook\. No hello from you on record yet\. Last wrote on Thursday 14 January\.$/m)
    expect(actionsOf(one)).not.toContain("mentee_words")
  })

  test("without a question has nothing but its day, and its button", async () => {
    await answerFrom(school, "ada", at("2027-01-14", "15:00"), "Hi")
    await look(school, sql`update reply set lens = null, prompt_id = null`)
    const one = await brief("rivera", wednesday)
    expect(shown(one)).toMatch(/^Ada Brook\..* Last wrote on Thursday 14 January\.$/m)
    expect(actionsOf(one)).toContain("mentee_words")
  })
})

describe("what went well", () => {
  const comesBack = async (who: StudentName, how: Partial<Told> = {}, hello = "2027-01-20", wrote = "2027-01-21") => {
    await missed(who)
    await met(who, at(hello, "12:00"), how)
    await answerFrom(school, who, at(wrote, "15:00"), "Hello again.")
  }

  test("names who wrote again after a hello, by both days, in either language, and once", async () => {
    await sceneFor(school, wednesday, planBriefs)
    await comesBack("ada")
    await comesBack("ben", { direction: "in", kind: "chat" })
    await comesBack("dani", { kind: "call" }, "2027-01-21", "2027-01-22")
    const text = shown(await brief("rivera", next))
    expect(text).toContain(
      [
        "What went well",
        "You called Dani Sol on Thursday 21 January; Dani wrote on Friday 22 January.",
        "You said hello to Ada Brook on Wednesday 20 January; Ada wrote on Thursday 21 January.",
        "Ben Hollow came to you on Wednesday 20 January; Ben wrote on Thursday 21 January.",
      ].join("\n"),
    )
    await spanish("rivera")
    expect(shown(await brief("rivera", next))).toContain("Saludaste a Ada Brook el miércoles 20 de enero; Ada escribió el jueves 21 de enero.")
    expect(shown(await brief("rivera", february))).not.toContain("Lo que salió bien")
  })

  test("is three at most", async () => {
    for (const who of ["ada", "ben", "cleo", "dani"] as const) await comesBack(who)
    const text = shown(await brief("rivera", next))
    expect(text.match(/You said hello to/g)).toHaveLength(3)
  })

  test("is worth a message of its own", async () => {
    await comesBack("ada")
    await look(school, sql`update reading set read_at = ${at("2027-01-22", "08:00")}, read_by = ${school.people.rivera}`)
    await sceneFor(school, next, planBriefs)
    await look(school, sql`update brief_name set done_at = now()`)
    expect(shown(await brief("rivera", next))).toContain("What went well")
    await look(school, sql`update contact set kind = 'reply'`)
    expect(await letter("rivera", next)).toBe("nothing_to_say")
  })

  test.each<[string, () => Promise<unknown>]>([
    ["who had let no question pass", () => look(school, sql`update occurrence set outcome = 'ours'`)],
    ["who had answered in between", () => answerFrom(school, "ada", at("2027-01-19", "10:00"), "Hi")],
    ["whom another adult greeted", () => look(school, sql`update contact set adult_id = ${school.people.okafor}`)],
    ["to whom a line was written", () => look(school, sql`update contact set kind = 'reply'`)],
    ["who wrote before the hello", () => look(school, sql`update contact set at = ${at("2027-01-22", "10:00")}`)],
    ["who wrote more than two weeks later", () => look(school, sql`update contact set at = ${at("2027-01-06", "10:00")}`)],
    ["who is theirs no more", () => newAdvisor(school, "ada", "2027-01-26")],
    [
      "whose words were about danger",
      () =>
        look(
          school,
          sql`insert into safety_event (school_id, id, source, student_id, level, topics, words, state, opened_at)
              values (${school.id}, gen_random_uuid(), 'x', ${school.people.ada}, 'concern', '[]', '', 'closed', ${at("2027-01-21", "15:00")})`,
        ),
    ],
  ])("is not told of one %s", async (_, change) => {
    await comesBack("ada")
    await change()
    expect(shown(await brief("rivera", next))).not.toContain("What went well")
  })

  test("is told by the last of two hellos, and of a counsellor's hello too", async () => {
    await comesBack("ada")
    await met("ada", at("2027-01-21", "09:00"))
    expect(shown(await brief("rivera", next))).toContain("You said hello to Ada Brook on Thursday 21 January; Ada wrote on Thursday 21 January.")
    await look(school, sql`update contact set adult_id = ${school.people.linde}`)
    await look(school, sql`update reading set stage = 'counsellors', owner_id = null`)
    expect(shown(await brief("linde", next))).toContain("Saludaste a Ada Brook")
  })
})

describe("how the group did", () => {
  const marks = (line: string) =>
    look(
      school,
      sql`insert into history (school_id, student_id, start, weeks) select school_id, student_id, '2027-01-11', ${line} from membership
          where group_id = ${school.groups.maple}`,
    )
  const asked = async () => {
    for (const who of ["ada", "ben", "cleo", "dani", "finn"] as const)
      for (const week of [
        { thursday: "2027-01-14", tuesday: "2027-01-19" },
        { thursday: "2027-01-21", tuesday: "2027-01-26" },
      ])
        await promptFor(school, who, week)
    await look(school, sql`update occurrence set state = 'closed'`)
  }

  test("is one small picture without a button, and in words alone for one week", async () => {
    await asked()
    await marks("a")
    const one = await brief("rivera", next)
    expect([one.blocks.some(({ kind }) => kind === "trend"), shown(one).includes("Maple advisory answered 5 of 5")]).toEqual([false, true])
    await look(school, sql`update history set weeks = 'aa'`)
    const trends = (await brief("rivera", next)).blocks.filter((block) => block.kind === "trend")
    expect(trends.map(({ of, sentence, picture }) => [of, sentence, picture])).toEqual([
      ["group", "Maple advisory answered 5 of 5 last week.", undefined],
    ])
  })

  test("is no reason to write", async () => {
    await asked()
    await marks("aa")
    await sceneFor(school, next, planBriefs)
    await look(school, sql`update brief_name set done_at = now()`)
    expect(await letter("rivera", next)).toBe("nothing_to_say")
  })
})

test("how the adult does is one button, in the week of a month's first Monday, and never in the first letter", async () => {
  await known("rivera")
  const found: string[] = []
  for (let n = 0; n < 16; n++) {
    const day = new Date(wednesday.getTime() + n * 7 * 86_400_000)
    if (await letter("rivera", day).then((one) => typeof one !== "string" && actionsOf(one).includes("own_measure")))
      found.push(day.toISOString().slice(0, 10))
  }
  expect(found).toEqual(["2027-02-03", "2027-03-03", "2027-04-07", "2027-05-05"])
  const first = await brief("okafor", at("2027-05-05", "07:30", "west"))
  expect([shown(first).includes("I am Rapport"), actionsOf(first).includes("own_measure")]).toEqual([true, false])
})

describe("all of it together", () => {
  /** Every part at its fullest: three names with words, answers, three who came back, the counsellor list, the group, out of reach. */
  async function fill(familyName: string): Promise<void> {
    await known("rivera")
    const maple = ["ada", "ben", "cleo", "dani", "finn"] as const
    await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.rivera}, 'counsellor')`)
    await look(school, sql`update person set family_name = left(${familyName} || ' ' || family_name, 200), consent = 'parent' where role = 'student'`)
    for (const who of maple) {
      await missed(who)
      const { occurrenceId } = await promptFor(school, who, { thursday: "2027-01-21", tuesday: "2027-01-26" })
      await look(school, sql`update occurrence set state = 'closed' where id = ${occurrenceId}`)
      await met(who, at("2027-01-27", "12:00"))
      await answerFrom(school, who, at("2027-01-28", "15:00"), "Hello again.")
    }
    for (const who of ["eli", "gia"] as const) {
      await answerFrom(school, who, at("2027-01-28", "15:00"), "Hi")
      await sceneFor(school, at("2027-01-28", "16:00"), (scene) =>
        askForPerson(scene, { student: school.people[who], replyId: null, asked: "someone", toId: null }),
      )
    }
    await look(
      school,
      sql`update reading set stage = 'counsellors', owner_id = null where student_id in (${school.people.eli}, ${school.people.gia})`,
    )
    await look(school, sql`update reach_out set stage = 'counsellors', owner_id = null`)
    await look(
      school,
      sql`insert into history (school_id, student_id, start, weeks) select school_id, student_id, '2027-01-11', 'aa' from membership
          where group_id = ${school.groups.maple}`,
    )
    await look(school, sql`update person set stopped_at = now() where sourced_id in ('ada', 'ben')`)
    await look(school, sql`update address set trouble = 'left' where user_id in ('cleo', 'dani', 'finn')`)
    const facts = (kind: string) => ({
      ...{ kind, week: monday, since: "2027-01-11", needed: 3, missed: ["2027-01-14", "2027-01-21"], ours: [], groupQuiet: [] },
      ...{ group: { rate: null, answeredThisWeek: 4, size: 5 }, sinceOn: "2027-01-14", lastAnsweredOn: "2027-01-14" },
    })
    for (const who of ["eli", "gia", "finn"] as const)
      await look(
        school,
        sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
            values (${school.id}, ${randomUUID()}, ${school.people[who]}, 'silence', 'long', ${monday}, ${JSON.stringify(facts("silence"))}::text::jsonb,
              null, 'counsellors', ${february}, ${february})`,
      )
  }
  const monday = "2027-02-01"
  /** Shown and pressed: what a reader's eyes pass over. */
  const holds = (one: Message, most: number) => {
    expect(charsOf(one.blocks)).toBeLessThanOrEqual(most)
    expect(rendered(one).blocks.length).toBeLessThanOrEqual(50)
    expect(Buffer.byteLength(JSON.stringify(cardOf(one)))).toBeLessThanOrEqual(mostCardBytes)
  }

  test.each(["en", "es"] as const)("is read in twenty seconds, whatever there is to say (%s)", async (language) => {
    await fill("Santillán")
    if (language === "es") await spanish("rivera")
    const one = await brief("rivera", february)
    holds(one, 3_000)
    expect(buttonsOf(one).filter(({ action }) => action === "mentee_words")).toHaveLength(3)
    expect(actionsOf(one)).toEqual(expect.arrayContaining(["hello_all", "reading_apart", "reach_out_taken", expect.stringMatching(/^alert_/)]))
  })

  test("holds to every platform's caps with the longest names a roster takes, and leaves out what can be missed", async () => {
    await fill(`${"Wolfeschlegelsteinhausen".repeat(8)}`)
    const one = await brief("rivera", february)
    holds(one, 11_000)
    expect(actionsOf(one)).toEqual(expect.arrayContaining(["hello_all", "reading_apart", "reach_out_taken", expect.stringMatching(/^alert_/)]))
    expect(actionsOf(one)).not.toContain("own_measure")
  })

  test.each([
    [0, "Your week in short"],
    [1, "One student is worth a hello this week"],
    [3, "3 students are worth a hello this week"],
  ])("with %i names says so first", async (count, summary) => {
    await fill("Sol")
    await sceneFor(school, february, planBriefs)
    await look(school, sql`update brief_name set done_at = now() where rank > ${count}`)
    const one = await brief("rivera", february)
    expect(one.summary).toBe(summary)
    holds(one, 3_000)
    expect(actionsOf(one).includes("hello_all")).toBe(count > 1)
  })

  test("with nothing but a name has a name and a button", async () => {
    await known("rivera")
    await look(school, sql`update tie set to_date = '2027-01-12' where adult_id = ${school.people.rivera} and student_id <> ${school.people.ada}`)
    const one = await brief("rivera", wednesday)
    expect(one.blocks.map(({ kind }) => kind)).toEqual(["text", "text", "text", "buttons"])
  })
})

describe("a clock that jumps", () => {
  const briefsOf = async (who: StaffName) => (await owedIn(school, who)).filter(({ kind }) => kind === "brief")

  test("three weeks ahead leaves one brief, of the week it is now", async () => {
    await sceneFor(school, wednesday, planBriefs)
    await sceneFor(school, at("2027-02-10", "09:00"), planBriefs)
    expect((await briefsOf("rivera")).map(({ dueAt }) => dueAt)).toEqual([wednesday, at("2027-02-10", "07:30")])
  })

  test("back and on again leaves one brief a week", async () => {
    for (const now of [next, wednesday, next, at("2027-01-20", "09:00"), next]) await sceneFor(school, now, planBriefs)
    expect((await briefsOf("rivera")).map(({ dueAt }) => dueAt)).toEqual([wednesday, next])
  })

  test("two briefs of one adult in one week cannot be written at all", async () => {
    await sceneFor(school, wednesday, planBriefs)
    const again = look(
      school,
      sql`insert into brief (school_id, id, adult_id, week, at) select school_id, ${randomUUID()}::uuid, adult_id, week, at from brief where adult_id = ${school.people.rivera}`,
    )
    await expect(again).rejects.toThrow("brief_once")
  })
})

test("what an adult does with a brief makes the bot start no message to staff", async () => {
  await answerFrom(school, "ada", at("2027-01-14", "15:00"), "Hi")
  const one = await brief("rivera", wednesday)
  const owed = async () => (await owedIn(school)).map(({ dedupeKey }) => dedupeKey)
  const before = await owed()
  const hello = messageOf(
    await press(school, "rivera", wednesday, "hello_all", buttonsOf(one).find(({ action }) => action === "hello_all")?.id ?? ""),
  )
  for (const { action, id } of [...buttonsOf(hello), { action: "own_measure", id: "" }, { action: "mentee_words", id: school.people.ada }])
    await press(school, "rivera", wednesday, action, id)
  expect(await owed()).toEqual(before)
})
