// A property over every button, form and command: the summary of what answers them holds nothing that was typed into them.
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { routes } from "../../../src/app.ts"
import { commandAction } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, type PersonName, promptFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf, inShared } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let door: Door
let occurrenceId: string
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db)
  door = await doorOf(school, now)
  occurrenceId = (await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })).occurrenceId
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
const typed = "zanzibar"
type Happened = Parameters<typeof eventFrom>[3]

/** Everything that can be done with words in it: known and unknown names, names that are the words, and every form filled with them. */
function happenings(): Happened[] {
  const targets = ["", typed, occurrenceId, school.people.ada]
  const names = (kind: "pressed" | "submitted" | "commanded") => [...Object.keys(routes[kind]), typed]
  const fields = ["words", "wants", "mood", "starter", "until", "cover", "who", "kind", "direction", "about", "note", "day", "why"]
  const values = Object.fromEntries(fields.map((name) => [name, typed]))
  const lines = [typed, `/${typed}`, `/rapport ${typed}`, ...names("commanded").flatMap((name) => [`${name} ${typed}`, `/${name} ${typed}`])]
  return [
    ...names("pressed").flatMap((action) => targets.map((target): Happened => ({ kind: "pressed", action, target, value: typed, messageId: typed }))),
    ...names("submitted").flatMap((action) => targets.map((target): Happened => ({ kind: "submitted", action, target, values }))),
    ...lines.map((target): Happened => ({ kind: "pressed", action: commandAction, target, value: null, messageId: "m" })),
    ...names("commanded").map((name): Happened => ({ kind: "commanded", command: `/${name}`, text: typed })),
    { kind: "commanded", command: "/rapport", text: `${typed} ${typed}` },
    ...lines.flatMap((text, i): Happened[] => [
      { kind: "said", messageId: `m${i}`, text },
      { kind: "edited", messageId: `m${i}`, text: `${text} ${typed}` },
    ]),
  ]
}

test.each(["ada", "finn", "rivera", "linde", "passer-by", "nowhere"])("%s reads no typed word in a summary, whatever they do", async (who) => {
  const known = who === "passer-by" || who === "nowhere" ? "ada" : (who as PersonName)
  const as = (event: InboundEvent): InboundEvent => {
    const { account } = event.from
    if (who === "nowhere") return { ...event, from: { account: { ...account, tenant: randomUUID() }, route: "r" } }
    return who === "passer-by" ? { ...event, from: { account: { ...account, user: who }, route: "r" } } : event
  }
  const telling: string[] = []
  let summaries = 0
  for (const happened of happenings())
    for (const place of [as, (event: InboundEvent) => inShared(as(event))]) {
      const answer = await door.receive(place(eventFrom(school, known, now, happened)))
      const summary = "message" in answer ? answer.message.summary : "view" in answer ? answer.view.summary : null
      if (summary !== null) summaries += 1
      if (summary?.toLowerCase().includes(typed)) telling.push(`${JSON.stringify(happened)}: ${summary}`)
    }
  expect(telling).toEqual([])
  expect(summaries).toBeGreaterThan(100)
})
