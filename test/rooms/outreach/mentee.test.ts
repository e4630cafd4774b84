import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { mentee as lookUp } from "../../../src/outreach/mentee.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, seedSchool, type TestSchool, turnFor } from "../../support/school.ts"
import { actionsOf, answerFrom, buttonsOf, command, deedsOf, expectRefused, messageOf, newAdvisor, press, refusal, shown } from "./steps.ts"

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

const now = at("2027-02-10", "10:00")
const mentee = (who: PersonName, name: string, at = now) => command(school, who, at, "mentee", name)

describe("a look-up by name", () => {
  test("shows the name they go by, pronouns, ties, the term's weeks and the last contact; no word of theirs", async () => {
    await answerFrom(school, "ada", at("2027-02-04", "15:00"), "secret words")
    await look(
      school,
      sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${school.people.ada}, '2027-01-11', 'a.sum')`,
    )
    await look(
      school,
      sql`insert into contact (school_id, id, student_id, adult_id, kind, source, at)
          values (${school.id}, ${randomUUID()}, ${school.people.ada}, ${school.people.tanner}, 'hallway', 'x', ${at("2027-02-01", "09:00")})`,
    )
    const answer = await mentee("rivera", "ada")
    const card = shown(answer)
    expect(card).toContain("Ada Brook")
    expect(card).toContain("Pronouns: she/her")
    expect(card).toContain("Advisor: Rosa Rivera (Maple advisory)")
    expect(card).toContain("Teacher: Tess Tanner (Biology)")
    expect(card).toContain("Last hello or talk: Monday 1 February: a word in passing, Tess Tanner")
    expect(card).toContain("3 questions counted this term: 1 answered, 1 skipped, 1 without an answer.")
    const trend = messageOf(answer).blocks.find((block) => block.kind === "trend")
    expect(trend?.points).toEqual([
      { label: "11 Jan", value: 1 },
      { label: "18 Jan", value: null },
      { label: "25 Jan", value: 0.5 },
      { label: "1 Feb", value: null },
      { label: "8 Feb", value: 0 },
    ])
    expect(actionsOf(answer)).toEqual(["hello", "mentee_words", "alert_raise"])
    expect(JSON.stringify(answer)).not.toContain("secret")
    expect(await deedsOf(school)).toEqual(["rivera mentee_viewed ada"])
  })

  test("says one week in words, and draws from the second on", async () => {
    const trendOf = (answer: Awaited<ReturnType<typeof mentee>>) => messageOf(answer).blocks.filter((block) => block.kind === "trend")
    const none = await mentee("rivera", "ada")
    expect([shown(none).includes("No question has counted yet this term."), trendOf(none)]).toEqual([true, []])
    await look(
      school,
      sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${school.people.ada}, '2027-01-11', '...a')`,
    )
    const one = await mentee("rivera", "ada")
    expect([shown(one).includes("One question counted this term: 1 answered, 0 skipped, 0 without an answer."), trendOf(one)]).toEqual([true, []])
    await look(school, sql`update history set weeks = '..aa'`)
    expect(trendOf(await mentee("rivera", "ada"))).toHaveLength(1)
  })

  test("finds preferred, given and family names by their beginnings, without accents, case or punctuation", async () => {
    await look(school, sql`update person set given_name = 'Zoë-Rün', family_name = 'O’Ñeil' where id = ${school.people.ada}`)
    for (const name of ["zoe", "ZOË", "run oneil", "o'neil", "O’ÑEIL", "neil zoe", "  zo\n "])
      expect([name, shown(await mentee("rivera", name)).split("\n")[0]]).toEqual([
        name,
        name.toLowerCase().includes("oneil") ? refusal : "Zoë-Rün O’Ñeil",
      ])
    for (const name of ["ben", "Benjamin", "hollow b"]) expect(shown(await mentee("rivera", name))).toContain("Ben Hollow")
  })

  test("takes no sign as a wild card, and hostile names as they stand", async () => {
    for (const name of ["%", "_", "*", ".*", "x%", "_rook", "\\", "'; drop table person; --", "%_%", "[a-z]+"])
      expectRefused(await mentee("rivera", name))
    await look(school, sql`update person set preferred_name = '<!channel> {name} *x*' where id = ${school.people.ada}`)
    expect(shown(await mentee("rivera", "channel"))).toContain("<!channel> {name} *x* Brook")
  })

  test("takes a mention of an account of this school's", async () => {
    expect(shown(await mentee("rivera", "@ada"))).toContain("Ada Brook")
    expect(shown(await mentee("rivera", "<@ada|ada.brook>"))).toContain("Ada Brook")
    expectRefused(await mentee("rivera", "@eli"))
    expectRefused(await mentee("rivera", "@rivera"))
  })

  test("says a grade as people do", async () => {
    await look(school, sql`update person set grade = '09' where id = ${school.people.ada}`)
    expect(shown(await mentee("rivera", "ada"))).toContain("Grade: 9\n")
  })

  test("lists several to press, only among those the adult may see", async () => {
    await look(school, sql`update person set family_name = 'Marsh' where role = 'student'`)
    const several = await mentee("rivera", "marsh")
    expect(shown(several).split("\n")[0]).toBe("Which one do you mean?")
    expect(buttonsOf(several).map(({ action, id }) => [action, id])).toEqual(
      ["ada", "ben", "cleo", "dani", "finn"].map((who) => ["mentee", school.people[who as "ada"]]),
    )
    expect(buttonsOf(await mentee("linde", "marsh"))).toHaveLength(7)
    expect(shown(await press(school, "rivera", now, "mentee", school.people.ada))).toContain("Ada Marsh")
    expectRefused(await press(school, "rivera", now, "mentee", school.people.eli))
  })

  test("without a name says how", async () => {
    expect(shown(await mentee("rivera", " "))).toBe("Write the name after it, like this: mentee Jordan.")
  })
})

describe("a name that is still being typed", () => {
  const typing = (who: PersonName, name: string) =>
    turnFor(school, who, now, { kind: "commanded", command: "mentee", text: name, typing: true }, (turn) => lookUp(turn, name))

  test("lists names to read, shows nobody and writes nothing down", async () => {
    await look(school, sql`update person set family_name = 'Marsh' where role = 'student'`)
    for (const part of ["m", "mar", "marsh"]) {
      const seen = await typing("rivera", part)
      expect(shown(seen)).toContain("Go on to the whole name, as it stands here:\nAda Marsh")
      expect(buttonsOf(seen)).toEqual([])
      expect(shown(seen)).not.toContain("Pronouns")
    }
    expect(shown(await typing("rivera", "ada"))).not.toContain("Pronouns")
    expectRefused(await typing("rivera", "nobody at all"))
    expectRefused(await typing("rivera", "eli"))
    expectRefused(await typing("ben", "ada marsh"))
    expect(shown(await typing("rivera", " "))).toContain("mentee Jordan")
    expect(await deedsOf(school)).toEqual([])
  })

  test("is a look-up once it is whole, on the record", async () => {
    expect(shown(await typing("rivera", "ada BROOK "))).toContain("Pronouns: she/her")
    expectRefused(await typing("rivera", "Eli Stone"))
    expect((await deedsOf(school)).toSorted()).toEqual(["rivera mentee_refused eli", "rivera mentee_viewed ada"])
  })
})

describe("who sees how much", () => {
  test("a class tie sees name, pronouns and last contact alone", async () => {
    const answer = await mentee("tanner", "ada")
    expect(shown(answer)).toBe("Ada Brook\nPronouns: she/her\nLast hello or talk: none logged yet\n")
    expect(actionsOf(answer)).toEqual(["alert_raise"])
    expectRefused(await press(school, "tanner", now, "mentee_words", school.people.ada))
  })

  test("nobody of that name and forbidden read alike, on the record", async () => {
    expectRefused(await mentee("rivera", "nobody at all"))
    expectRefused(await mentee("rivera", "eli"))
    expectRefused(await mentee("parr", "ada"))
    expectRefused(await mentee("ben", "ada"))
    expectRefused(await press(school, "ada", now, "mentee", school.people.ada))
    expectRefused(await press(school, "rivera", now, "mentee", randomUUID()))
    expect(await deedsOf(school)).toEqual(
      expect.arrayContaining(["rivera mentee_refused nobody", "rivera mentee_refused eli", "parr mentee_refused ada", "ben mentee_refused nobody"]),
    )
  })

  test("a tie that ended yesterday, and another school's advisor, see nothing; a counsellor sees all", async () => {
    await newAdvisor(school, "ada", "2027-02-10")
    expectRefused(await mentee("rivera", "ada"))
    expectRefused(await press(school, "rivera", now, "mentee_words", school.people.ada))
    expect(shown(await mentee("okafor", "ada"))).toContain("Ada Brook")
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    expectRefused(await press(other, "rivera", now, "mentee", school.people.ben))
    expectRefused(await press(other, "rivera", now, "mentee_words", school.people.ben))
    expect(actionsOf(await mentee("linde", "eli"))).toContain("mentee_words")
  })

  test("someone who has left is not found", async () => {
    await look(school, sql`update person set status = 'ended' where id = ${school.people.ada}`)
    expectRefused(await mentee("linde", "ada"), "No conozco a nadie con ese nombre entre tus estudiantes.")
    expect(shown(await press(school, "rivera", now, "mentee_words", school.people.ada))).toBe(refusal)
  })
})

describe("last answers, on a second press", () => {
  test("are the last three as they were written, with who read each, on the record", async () => {
    for (const [i, day] of ["2027-01-14", "2027-01-21", "2027-01-28", "2027-02-04"].entries())
      await answerFrom(school, "ada", at(day, "15:00"), `words ${i}`)
    const latest = await answerFrom(school, "ada", at("2027-02-05", "15:00"), "words 4")
    await press(school, "rivera", now, "reading_read", latest)
    const answer = await press(school, "rivera", now, "mentee_words", school.people.ada)
    expect(messageOf(answer).summary).toBe("Last answers")
    expect(messageOf(answer).blocks.flatMap((block) => (block.kind === "quote" ? block.words : []))).toEqual(["words 4", "words 3", "words 2"])
    expect(shown(answer)).toContain("Read by Rosa Rivera on Wednesday 10 February.")
    expect(shown(answer)).toContain("Not read yet.")
    expect(actionsOf(answer)).toEqual(["reading_open"])
    expect(await deedsOf(school)).toContain("rivera words_viewed ada")
    const opened = await press(school, "rivera", now, "reading_open", school.people.ada)
    expect(shown(opened)).toContain("«words 0»")
  })

  test("a new advisor sees them from their first day on", async () => {
    await answerFrom(school, "ada", at("2027-02-04", "15:00"), "before")
    await newAdvisor(school, "ada", "2027-02-05")
    await answerFrom(school, "ada", at("2027-02-05", "09:00"), "after")
    const answer = await press(school, "okafor", now, "mentee_words", school.people.ada)
    expect(shown(answer)).toContain("«after»")
    expect(shown(answer)).not.toContain("before")
    expect(shown(answer)).toContain("You read from Friday 5 February on, the day you became their advisor.")
  })

  test("long ones are cut for display, and say so, within the caps", async () => {
    for (const day of ["2027-01-21", "2027-01-28", "2027-02-04"])
      await answerFrom(
        school,
        "ada",
        at(day, "15:00"),
        Array.from({ length: 12 }, () => "x".repeat(3_000)),
      )
    const answer = await press(school, "rivera", now, "mentee_words", school.people.ada)
    expect(shown(answer)).toContain("It goes on for 33,000 more characters")
  })
})
