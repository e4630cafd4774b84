import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { limits } from "../../../src/platform/limits.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, type PersonName, type TestSchool } from "../../support/school.ts"
import { buttonsOf, lines, messageOf, shown } from "../reflection/shown.ts"
import { climb, deedsIn, eventsIn, freshSchool, knock, letterOf, press, safetyOwed, sendAll, write } from "./rows-steps.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const night = at("2027-02-04", "23:10")
const later = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000)
const urgent = "I want to kill myself"
const ladder = [["linde", "parr"], ["okafor"]] as const

/** A school in which Ada has written, and both of the first step have been sent their alert. */
async function raised(words = urgent): Promise<{ school: TestSchool; id: string }> {
  const school = await freshSchool(database.db, ladder)
  await write(school, "ada", night, words)
  await sendAll(school, night)
  const [event] = await eventsIn(school)
  if (!event) throw new Error("nothing was raised")
  return { school, id: event.id }
}

const newest = async (school: TestSchool, who: PersonName) => {
  const row = (await safetyOwed(school, who)).find(({ state }) => state === "planned")
  if (!row) throw new Error(`nothing is owed to ${who}`)
  const letter = await letterOf(school, later(night, 5), row)
  if (letter.kind !== "message") throw new Error(`dropped: ${letter.kind === "drop" ? letter.why : "later"}`)
  return letter.message
}

describe("the alert", () => {
  test("says who it is about and shows no word of theirs before a second press", async () => {
    const { school, id } = await raised()
    const row = (await safetyOwed(school, "parr"))[0]
    const letter = row && (await letterOf(school, night, row))
    if (letter?.kind !== "message") throw new Error("no alert")
    expect(letter.message.summary).toBe("A student wrote something you need to see now.")
    expect(lines(letter.message).join("\n")).toContain("Ada Brook wrote something you need to see now.")
    expect(JSON.stringify(letter.message)).not.toContain("kill")
    expect(buttonsOf(letter.message).map(({ action, id: target }) => [action, target])).toEqual([
      ["safety_show", id],
      ["safety_taken", id],
    ])
    const answer = await press(school, "parr", later(night, 3), "safety_show", id)
    expect(answer.kind).toBe("replace")
    expect(shown(answer)).toContain(`> ${urgent}`)
    expect(shown(answer)).toContain("What was written, 11:10 pm on Thursday 4 February:")
    expect(messageOf(answer).summary).not.toMatch(/Ada|kill/)
    expect(buttonsOf(messageOf(answer)).map(({ action }) => action)).toEqual(["safety_taken"])
    expect(await deedsIn(school)).toEqual(["safety_raised", "safety_told", "safety_shown"])
  })

  test("says at the next step that it is still open", async () => {
    const { school } = await raised()
    await climb(school, later(night, 20))
    expect(lines(await newest(school, "okafor"))).toContain("Still open: nobody has pressed “I have it” yet.")
  })

  test("shows words split over messages, and those that joined, each with its time", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, "sometimes I want to kill")
    await write(school, "ada", later(night, 1), "myself")
    await write(school, "ada", later(night, 4), "I have the pills here")
    const lead = (await eventsIn(school)).find(({ nextAt }) => nextAt !== null)
    const words = shown(await press(school, "linde", later(night, 5), "safety_show", lead?.id ?? ""))
    expect(words).toContain("> sometimes I want to kill\n\nmyself")
  })

  test("holds to the caps for the longest words, says what is not shown, and keeps them harmless", async () => {
    const school = await freshSchool(database.db, ladder)
    const long = `${urgent} \u202E<!channel> ${"a long day 🙂 ".repeat(3_000)}`
    await write(school, "ada", night, long)
    for (let i = 0; i < 12; i++) await write(school, "ada", later(night, i + 1), `${urgent} again ${i} ${"and on ".repeat(1_000)}`)
    const lead = (await eventsIn(school)).find(({ nextAt }) => nextAt !== null)
    const answer = await press(school, "linde", later(night, 15), "safety_show", lead?.id ?? "")
    const words = shown(answer)
    expect(words).toContain(urgent)
    expect(words).toContain("caracteres de en medio")
    expect(words).not.toContain("\u202E")
    expect(words.isWellFormed()).toBe(true)
    expect(words.length).toBeLessThan(limits.messageChars)
    expect(words).toContain("again 11")
  })

  test("shows what was typed into a form, not the taps beside it", async () => {
    const school = await freshSchool(database.db, ladder)
    const values = { words: urgent, mood: "1", wants: "someone", who: school.people.rivera }
    await knock(school, night, eventFrom(school, "ada", night, { kind: "submitted", action: "reflect_first", target: randomUUID(), values }))
    const words = shown(await press(school, "linde", night, "safety_show", (await eventsIn(school))[0]?.id ?? ""))
    expect(words).toContain(`> ${urgent}`)
    expect(words).not.toContain(school.people.rivera)
  })
})

describe("“I have it”", () => {
  test("pressed by all at once is one person's; the student and the others hear whose, and the ladder stops", async () => {
    const { school, id } = await raised()
    const answers = await Promise.all(
      (["linde", "parr", "linde", "parr"] as const).map((who) => press(school, who, later(night, 4), "safety_taken", id)),
    )
    const [event] = await eventsIn(school)
    expect(event).toMatchObject({ state: "taken", nextAt: null })
    const linde = event?.takenBy === school.people.linde
    const [taker, other] = linde ? (["linde", "parr"] as const) : (["parr", "linde"] as const)
    const takerName = linde ? "Lena Linde" : "Pat Parr"
    expect(answers.map(shown).filter((words) => words.includes(linde ? "Te encargas tú" : "You have it:"))).toHaveLength(2)
    expect((await deedsIn(school)).filter((act) => act === "safety_taken")).toHaveLength(1)

    expect(lines(await newest(school, "ada"))).toEqual([`${takerName} knows about this now and has taken it on.`])
    expect(lines(await newest(school, other)).join("\n")).toContain(linde ? "Lena Linde has it" : "Pat Parr se encarga")
    expect((await safetyOwed(school, taker)).filter(({ state }) => state === "planned")).toEqual([])
    await climb(school, later(night, 60))
    expect(await safetyOwed(school, "okafor")).toEqual([])
  })

  test("takes all that joined, and an alert not yet sent is not sent any more", async () => {
    const school = await freshSchool(database.db, ladder)
    await write(school, "ada", night, urgent)
    await write(school, "ada", later(night, 1), urgent)
    const lead = (await eventsIn(school)).find(({ nextAt }) => nextAt !== null)
    await press(school, "linde", later(night, 2), "safety_taken", lead?.id ?? "")
    expect((await eventsIn(school)).map(({ state, takenBy }) => [state, takenBy])).toEqual([
      ["taken", school.people.linde],
      ["taken", school.people.linde],
    ])
    const [alert] = await safetyOwed(school, "parr")
    expect(alert && (await letterOf(school, later(night, 2), alert))).toEqual({ kind: "drop", why: "taken" })
  })

  test("is not the end: new words start the ladder anew, and whoever had it hears too", async () => {
    const school = await freshSchool(database.db, [["parr"], ["okafor"]])
    await write(school, "ada", night, urgent)
    const [first] = await eventsIn(school)
    await press(school, "linde", later(night, 2), "safety_taken", first?.id ?? "")
    await write(school, "ada", later(night, 30), urgent)
    const open = (await eventsIn(school)).find(({ state }) => state === "open")
    const told = (who: PersonName) => safetyOwed(school, who).then((rows) => rows.filter(({ subjectId }) => subjectId === open?.id))
    expect(await told("parr")).toHaveLength(1)
    expect(await told("linde")).toHaveLength(1)
  })

  test("and words that come in at the same moment are never left without a ladder", async () => {
    const { school, id } = await raised()
    await Promise.all([press(school, "linde", later(night, 4), "safety_taken", id), write(school, "ada", later(night, 4), urgent)])
    const open = (await eventsIn(school)).filter(({ state }) => state === "open")
    expect(open.every(({ nextAt }) => nextAt !== null)).toBe(true)
  })
})

describe("nobody else", () => {
  test.each(["rivera", "tanner", "okafor", "ada", "ben"] as const)("%s may show or take it: they were not told", async (who) => {
    const { school, id } = await raised()
    for (const action of ["safety_show", "safety_taken"] as const) {
      const answer = shown(await press(school, who, later(night, 1), action, id))
      expect(answer).toBe("I have no such alert for you.")
      expect(shown(await press(school, who, later(night, 1), action, randomUUID()))).toBe(answer)
      expect(shown(await press(school, who, later(night, 1), action, "' or 1=1"))).toBe(answer)
    }
    expect((await eventsIn(school))[0]?.state).toBe("open")
    expect((await deedsIn(school)).filter((act) => act === "safety_refused")).toHaveLength(6)
  })

  test("may, once the student leaves them out, not even a counsellor who was told", async () => {
    const { school, id } = await raised()
    await write(school, "ada", later(night, 1), "please not Ms Linde")
    for (const action of ["safety_show", "safety_taken"] as const)
      expect(shown(await press(school, "linde", later(night, 2), action, id))).toBe("No tengo ningún aviso así para ti.")
  })

  test("may in another school", async () => {
    const { id } = await raised()
    const { school } = await raised()
    expect(shown(await press(school, "linde", night, "safety_show", id))).toBe("No tengo ningún aviso así para ti.")
  })

  test("may once they have left", async () => {
    const { school, id } = await raised()
    await look(school, sql`update person set status = 'ended' where id = ${school.people.parr}`)
    expect(shown(await press(school, "parr", night, "safety_show", id))).not.toContain(urgent)
  })
})
