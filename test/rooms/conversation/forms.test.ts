// A property over every button that anybody is shown: it says beforehand whether pressing it may open a form. Walked as people would, from what
// they are sent and what they may type to whatever that shows.
import { afterAll, beforeAll, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import { createApp, routes } from "../../../src/app.ts"
import type { Button, Message } from "../../../src/platform/message.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, owedIn, type PersonName, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { live, thursday, tuesday } from "../engagement/weeks.ts"
import { answerFrom, buttonsOf } from "../outreach/steps.ts"
import { type Door, doorOf } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let door: Door
const now = at(thursday(5), "16:00")
const forms = Object.keys(routes.submitted)

type Pressed = { who: PersonName; button: Button; answer: string }
const pressed: Pressed[] = []

beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
  await live(school, { ada: "aammm", ben: "aaaaa", cleo: "aaaaa", dani: "aaaaa" })
  for (const who of ["ada", "ben"] as const) await promptFor(school, who, { thursday: thursday(5), tuesday: tuesday(5) })
  await promptFor(school, "cleo", { thursday: thursday(5), tuesday: tuesday(5), state: "planned" })
  await answerFrom(school, "dani", at(thursday(5), "15:00"), "I built a crane.")
  door = await doorOf(school, now)
  await walk()
})
afterAll(() => database.close())

type Happened = Parameters<typeof eventFrom>[3]
// Adults first: whoever writes is no longer quiet.
const people = ["rivera", "okafor", "linde", "dani", "cleo", "ada"] as const

async function walk(): Promise<void> {
  const seen = new Set<string>()
  const show = async (who: PersonName, buttons: readonly Button[]): Promise<void> => {
    // A form only opens, and so does what else can be done; what is pressed after them may close what they are about.
    const opens = ({ form, action }: Button): number => Number(form === true || action === "alert_more")
    for (const button of buttons.toSorted((a, b) => opens(b) - opens(a))) {
      const name = JSON.stringify([who, button])
      if (seen.has(name)) continue
      seen.add(name)
      const answer = await door.receive(
        eventFrom(school, who, now, { kind: "pressed", action: button.action, target: button.id, value: null, messageId: "m" }),
      )
      pressed.push({ who, button, answer: answer.kind })
      if (answer.kind !== "quiet" && answer.kind !== "ask") await show(who, buttonsOf(answer))
    }
  }
  const happens = async (who: PersonName, happened: Happened): Promise<void> => {
    const answer: Awaited<ReturnType<Door["receive"]>> = await door.receive(eventFrom(school, who, now, happened))
    if (answer.kind !== "quiet" && answer.kind !== "ask") await show(who, buttonsOf(answer))
  }
  for (const who of people) {
    for (const { message } of await lettersTo(who)) await show(who, buttonsOf(message))
    await happens(who, { kind: "opened_home" })
    for (const text of ["help", "reflect", "/mentee Ada", "/mentee", "/outreach Ben", "/away until 2027-03-12 cover Okafor"])
      await happens(who, { kind: "said", messageId: `${who}-${text}`, text })
    await happens(who, { kind: "said", messageId: `${who}-words`, text: "I want to kill myself. Here is what I built." })
    for (const text of ["I built a tower too.", "stop"]) await happens(who, { kind: "said", messageId: `${who}-${text}`, text })
    await happens(who, { kind: "opened_home" })
  }
  for (const who of people) for (const { message } of await lettersTo(who)) await show(who, buttonsOf(message))
}

/** Everything owed to somebody, as its letter writes it now. */
async function lettersTo(who: PersonName): Promise<{ message: Message }[]> {
  const owed = await owedIn(school, who)
  return sceneFor(school, now, async (scene) => {
    const log = { debug() {}, info() {}, warn() {}, error() {} } as never
    const { letters } = createApp({ ...scene.deps, db: database.db, clock: { now: () => now }, log, wakeLanes: async () => {} })
    const person = await personById(scene.tx, school.people[who])
    const written: { message: Message }[] = []
    for (const due of owed) {
      const composed = person && (await letters[due.kind](scene, due, person))
      if (composed?.kind === "message") written.push({ message: composed.message })
    }
    return written
  })
}

const named = (list: readonly Pressed[]): string[] => [...new Set(list.map(({ button }) => button.action))].sort()

test("whatever opens a form said so before it was pressed", () => {
  expect(pressed.filter(({ button, answer }) => answer === "ask" && button.form !== true)).toEqual([])
  expect(pressed.filter(({ button }) => forms.includes(button.action) && button.form !== true)).toEqual([])
})

test("whatever says so can open one, and every form there is was opened by a button", () => {
  expect(named(pressed.filter(({ answer }) => answer === "ask"))).toEqual([...forms].sort())
  expect(named(pressed.filter(({ button }) => button.form === true))).toEqual([...forms].sort())
})

test("the walk went a long way", () => {
  expect(new Set(pressed.map(({ button }) => button.action)).size).toBeGreaterThan(20)
})
