import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import type { Composed } from "../../../src/deps.ts"
import { briefLetter } from "../../../src/outreach/brief-letter.ts"
import { logContact } from "../../../src/outreach/contacts.ts"
import { planBriefs } from "../../../src/outreach/plan-briefs.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { type Message, message } from "../../../src/platform/message.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, promptFor, type StaffName, type StudentName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { live, monday } from "../engagement/weeks.ts"
import { actionsOf, answerFrom, buttonsOf, press, shown } from "./steps.ts"

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

const wednesday = at("2027-01-20", "07:30")
const introduced =
  "I am Rapport, a bot. Each week students answer one of two questions; you see their answers and who is worth a hello. Two messages a week from me, unless a student asks for someone or may be in danger."
const plan = (now: Date) => sceneFor(school, now, planBriefs)

/** The letter of an adult's latest brief, composed at `now`. */
const compose = async (who: StaffName, now: Date = wednesday, on?: "teams"): Promise<Composed> => {
  const due = (await owedIn(school, who)).filter(({ kind }) => kind === "brief").at(-1)
  if (!due) throw new Error(`${who} is owed no brief`)
  return sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people[who])
    if (!recipient) throw new Error(`nobody is called ${who}`)
    return briefLetter(scene, { ...due, ...(on ? { on } : {}) }, recipient)
  })
}

async function letter(who: StaffName, now: Date = wednesday): Promise<Message> {
  const composed = await compose(who, now)
  if (composed.kind !== "message") throw new Error(`expected a message, got ${JSON.stringify(composed)}`)
  return message(composed.message.summary, composed.message.blocks)
}

const hello = (who: StudentName, when: Date) =>
  sceneFor(school, when, (scene) =>
    logContact(scene, { studentId: school.people[who], adultId: school.people.rivera, kind: "hello", source: when.toISOString(), at: when }),
  )

/** Rivera's other students are seen to, so that a test is about those it names. */
const settle = async (...students: StudentName[]) => {
  for (const who of students) await hello(who, at("2027-01-19", "15:00"))
}

describe("a brief", () => {
  test("names three with why, a tap each or one for all, and who is not reached", async () => {
    await answerFrom(school, "cleo", at("2027-01-14", "15:00"), "I mend bikes.")
    await look(school, sql`update reading set read_at = ${at("2027-01-15", "08:00")}, read_by = ${school.people.okafor}`)
    await hello("cleo", at("2027-01-13", "10:00"))
    await settle("ada", "ben")
    await promptFor(school, "dani", { thursday: "2027-01-14", tuesday: "2027-01-19" })
    await plan(wednesday)
    const brief = await letter("rivera")
    expect(brief.summary).toBe("3 students are worth a hello this week")
    expect(shown(brief)).toBe(
      [
        introduced,
        "",
        "Worth a hello this week",
        "Finn Quill. No hello from you on record yet.",
        "Dani Sol. No hello from you on record yet. Has not written yet.",
        "Cleo Marsh. No hello from you on record since Wednesday 13 January. Last wrote on Thursday 14 January, to a question about the people around them.",
        "",
        "",
        "",
        "Not reached by me, so only in person: Finn Quill.",
      ].join("\n"),
    )
    expect(buttonsOf(brief).map(({ action, label }) => `${action}: ${label}`)).toEqual([
      "hello: I said hello to Finn",
      "hello: I said hello to Dani",
      "hello: I said hello to Cleo",
      "hello_all: Said hello to all three",
      "mentee_words: What Cleo wrote",
    ])
  })

  test("in Spanish too, and one tap for all does it", async () => {
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    await promptFor(school, "ada", { thursday: "2027-01-14", tuesday: "2027-01-19" })
    await plan(wednesday)
    const brief = await letter("rivera")
    expect(brief.summary).toBe("Esta semana, un saludo para 3 personas")
    expect(shown(brief)).toContain("Ada Brook. Todavía sin saludo tuyo anotado. Todavía no ha escrito.")
    // Nobody has asked Ben anything yet, so nothing is said about his writing.
    expect(shown(brief)).toMatch(/^Ben Hollow. Todavía sin saludo tuyo anotado.$/m)
    const all = buttonsOf(brief).find(({ action }) => action === "hello_all")
    expect(all?.label).toBe("Ya saludé a las tres personas")
    await press(school, "rivera", wednesday, "hello_all", all?.id ?? "")
    expect(await look(school, sql`select count(*)::int as hellos from contact`)).toEqual([{ hellos: 3 }])
    expect(await compose("rivera")).toEqual({ kind: "drop", why: "nothing_to_say" })
  })

  test("before anybody was asked says once on which day that begins, and nothing about writing", async () => {
    await plan(wednesday)
    expect(
      shown(await letter("rivera"))
        .split("\n")
        .slice(2, 7),
    ).toEqual([
      "Worth a hello this week",
      "Ada Brook. No hello from you on record yet.",
      "Ben Hollow. No hello from you on record yet.",
      "Cleo Marsh. No hello from you on record yet.",
      "The first questions go out on Thursday 21 January.",
    ])
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    expect(shown(await letter("rivera"))).toContain("Las primeras preguntas salen el jueves 21 de enero.")
    // One that is going out has no day to be told, and without a plan there is none.
    expect(shown(await letter("rivera", at("2027-01-21", "14:50")))).not.toContain("preguntas salen")
    await look(school, sql`update plan set active = false`)
    expect(shown(await letter("rivera"))).not.toContain("preguntas salen")
  })

  test("on a platform that serves no students yet names no day", async () => {
    await plan(wednesday)
    await look(school, sql`update address set platform = 'slack' where person_id <> ${school.people.rivera}`)
    expect(shown(await letter("rivera"))).not.toContain("The first questions")
  })

  test("says who writes to an adult for the first time, and never again", async () => {
    await plan(wednesday)
    expect(shown(await letter("rivera")).startsWith(`${introduced}\n`)).toBe(true)
    await look(school, sql`update person set language = 'es' where id = ${school.people.rivera}`)
    expect(shown(await letter("rivera"))).toMatch(/^Soy Rapport, un bot\. Tus estudiantes contestan una de dos preguntas por semana;/)
    await look(school, sql`update delivery set state = 'sent', settled_at = due_at where person_id = ${school.people.rivera}`)
    await plan(at("2027-01-27", "07:30"))
    expect(shown(await letter("rivera", at("2027-01-27", "07:30")))).not.toContain("Rapport")
  })

  test("gives as a reason what it is ordered by: a read and a line are contacts too", async () => {
    await settle("ben", "finn")
    for (const who of ["ada", "cleo", "dani"] as const) await answerFrom(school, who, at("2027-01-14", "15:00"), "I like maps.")
    const readBy = (who: StudentName, day: string) =>
      look(school, sql`update reading set read_at = ${at(day, "08:00")}, read_by = ${school.people.rivera} where student_id = ${school.people[who]}`)
    await readBy("cleo", "2027-01-18")
    await readBy("dani", "2027-01-15")
    await readBy("ada", "2027-01-15")
    await look(school, sql`update reading set line_at = ${at("2027-01-19", "08:00")} where student_id = ${school.people.ada}`)
    await plan(wednesday)
    expect(
      shown(await letter("rivera"))
        .split("\n")
        .slice(3, 6),
    ).toEqual([
      "Dani Sol. You last read an answer on Friday 15 January. Last wrote on Thursday 14 January, to a question about the people around them.",
      "Cleo Marsh. You last read an answer on Monday 18 January. Last wrote on Thursday 14 January, to a question about the people around them.",
      "Ada Brook. You last wrote back on Tuesday 19 January. Last wrote on Thursday 14 January, to a question about the people around them.",
    ])
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.tanner}, '2027-01-25', '2027-01-29')`,
    )
    await plan(at("2027-01-27", "07:30"))
    expect(shown(await letter("tanner", at("2027-01-27", "07:30")))).toContain("Dani Sol. An answer was last read on Friday 15 January.")
  })

  test("says how many answers wait, and never a word of them", async () => {
    await answerFrom(school, "ada", at("2027-01-14", "15:00"), "My secret garden.")
    await plan(wednesday)
    const brief = await letter("rivera")
    expect(shown(brief)).toContain("One answer is waiting for you, from Ada Brook.")
    expect(actionsOf(brief)).toContain("reading_apart")
    expect(JSON.stringify(brief)).not.toContain("garden")
    expect(brief.summary).not.toContain("Ada")
  })

  test("has the quiet ones within the three, with their sentence and buttons", async () => {
    await live(school, { ada: "aammm", ben: "aaaaa", cleo: "aaaaa", dani: "aaaaa" })
    await plan(at("2027-02-17", "07:30"))
    const brief = await letter("rivera", at("2027-02-17", "07:30"))
    expect(shown(brief)).toMatch(/^Notes for you\nAda Brook has not answered since 21 January: 3 chances\b/m)
    expect(new Set(buttonsOf(brief).flatMap(({ action, id }) => (action === "hello" ? [id] : []))).size).toBe(3)
    expect(actionsOf(brief)).toEqual([...["hello", "alert_acknowledge", "alert_more"], ...["hello", "hello", "hello_all"]])
  })

  test("with three alerts has no further name; a fourth is a number", async () => {
    await live(school, { ada: "ammm", ben: "ammm", cleo: "ammm", dani: "ammm" })
    await look(school, sql`update alert set state = 'closed' where kind = 'group_dip'`)
    for (const who of ["ada", "ben", "cleo", "dani"] as const) {
      await look(
        school,
        sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, owner_id, stage, opened_at, due_at)
            values (${school.id}, gen_random_uuid(), ${school.people[who]}, 'silence', 'alert', ${monday(3)},
              ${{ kind: "silence", week: monday(3), since: monday(0), needed: 3, missed: [monday(1)], ours: [], groupQuiet: [], group: { rate: null, answeredThisWeek: 0, size: 4 }, sinceOn: "2027-01-14", lastAnsweredOn: "2027-01-14" }}::jsonb,
              ${school.people.rivera}, 'owner', ${at("2027-02-09", "22:00")}, ${at("2027-02-12", "07:30")})`,
      )
    }
    await plan(at("2027-02-10", "07:30"))
    const brief = await letter("rivera", at("2027-02-10", "07:30"))
    expect(actionsOf(brief).filter((action) => action === "hello")).toHaveLength(3)
    expect(shown(brief)).toContain("1 more note on your home page.")
    expect(JSON.stringify(await compose("rivera", at("2027-02-10", "07:30"), "teams"))).toContain("1 more note on your home page: type /home.")
    expect(shown(brief)).not.toContain("Worth a hello this week")
  })

  test("tells who asked for no more questions apart from who is not reached", async () => {
    await look(school, sql`update person set stopped_at = now() where id = ${school.people.ben}`)
    await look(school, sql`update address set trouble = 'left' where person_id = ${school.people.cleo}`)
    await plan(wednesday)
    const text = shown(await letter("rivera"))
    expect(text).toContain("Not reached by me, so only in person: Cleo Marsh and Finn Quill.")
    expect(text).toContain("Asked me for no more questions: Ben Hollow. A hello is always fine.")
  })

  test("of a counsellor shows the list: wishes to talk, quiet students, unread answers", async () => {
    await live(school, { ada: "ammm", ben: "aaaa", cleo: "aaaa", dani: "aaaa" })
    await look(school, sql`update alert set stage = 'counsellors', owner_id = null`)
    await sceneFor(school, at("2027-02-09", "10:00"), (scene) =>
      askForPerson(scene, { student: school.people.gia, replyId: null, asked: "someone", toId: null }),
    )
    await look(school, sql`update reach_out set stage = 'counsellors', owner_id = null`)
    await answerFrom(school, "ben", at("2027-02-08", "10:00"), "Hello?")
    await look(school, sql`update reading set stage = 'counsellors', owner_id = null where read_at is null`)
    await plan(at("2027-02-10", "07:30"))
    const brief = await letter("linde", at("2027-02-10", "07:30"))
    expect(brief.summary).toBe("Tu semana en breve")
    expect(shown(brief)).toContain("En la lista de orientación\nGia Vale quiere hablar con alguien; lo pidió el martes 9 de febrero.")
    expect(shown(brief)).toContain("Ada Brook no responde desde el 14 de enero")
    expect(actionsOf(brief)).toEqual(expect.arrayContaining(["reading_apart", "reach_out_taken", "reach_out_answered", "hello", "alert_more"]))
  })
})

describe("at send", () => {
  test.each<[string, string, () => ReturnType<typeof sql>]>([
    ["left", "an adult who has left", () => sql`update person set status = 'ended' where id = ${school.people.rivera}`],
    [
      "away",
      "an adult who is away by now",
      () => sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
                values (${school.id}, gen_random_uuid(), ${school.people.rivera}, ${school.people.tanner}, '2027-01-20', '2027-01-20')`,
    ],
    ["nothing_to_say", "nobody left to greet", () => sql`update tie set to_date = '2027-01-19' where adult_id = ${school.people.rivera}`],
  ])("is dropped (%s): %s", async (why, _, change) => {
    await plan(wednesday)
    await look(school, change())
    expect(await compose("rivera")).toEqual({ kind: "drop", why })
  })

  test("waits for the adult's hours, and is not sent when the week is over", async () => {
    await plan(wednesday)
    expect(await compose("rivera", at("2027-01-20", "19:00"))).toEqual({ kind: "later", dueAt: at("2027-01-21", "07:30") })
    expect(await compose("rivera", at("2027-01-22", "18:30"))).toEqual({ kind: "drop", why: "too_late" })
  })

  test("leaves out whoever was greeted, or is not theirs any more", async () => {
    await plan(wednesday)
    await press(school, "rivera", wednesday, "hello", school.people.ada)
    await look(school, sql`update tie set to_date = '2027-01-19' where student_id = ${school.people.ben}`)
    const brief = await letter("rivera")
    expect(shown(brief)).toMatch(/^Worth a hello this week\nCleo Marsh\./m)
    expect(actionsOf(brief)).toEqual(["hello"])
  })

  test("names that try to be markup stay names", async () => {
    await look(school, sql`update person set family_name = '*<!channel>* {x}' where id = ${school.people.ada}`)
    await plan(wednesday)
    const brief = await letter("rivera")
    expect(shown(brief)).toContain("Ada *<!channel>* {x}. No hello from you")
  })
})
