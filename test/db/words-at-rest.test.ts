// What people wrote, looked for in every column of every table: nobody who holds the database alone can read it.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createApp } from "../../src/app.ts"
import type { Answer } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { planSchool } from "../../src/scheduling/plan.ts"
import { type Door, doorOf, keptWords, said } from "../rooms/conversation/knock.ts"
import { lettersOf, openPost, oweTo, type Post } from "../rooms/delivery/vendor.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { at, eventFrom, look, type PersonName, promptFor, sceneFor, type TestSchool } from "../support/school.ts"

let database: TestDatabase
let owner: postgres.Sql
let post: Post
let school: TestSchool
let door: Door
const now = at("2027-02-04", "15:00")
const seen: Answer[] = []
const sent: string[] = []

const typed = "zanzibar-typed"
const formed = "zanzibar-formed"
const edited = "zanzibar-edited"
const loose = "zanzibar-loose"
const line = "zanzibar-line"
const outside = "zanzibar-outside"
const danger = "zanzibar-danger"
const command = "zanzibar-command"
const all = [typed, formed, edited, loose, line, outside, danger, command]

/** Everything that people do here in a week, through the door and the lanes. */
beforeAll(async () => {
  database = await testDatabase()
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  post = await openPost(database.db, now)
  school = post.school
  door = await doorOf(school, now)
  const { letters } = createApp(post.deps)
  post.letters = lettersOf(async (scene, due, recipient) => {
    const composed = await letters[due.kind](scene, due, recipient)
    if (composed.kind === "message") sent.push(composed.message.summary)
    return composed
  })
  const tell = async (event: InboundEvent) => {
    const answer = await door.receive(event)
    seen.push(answer)
    return answer
  }
  const does = (who: PersonName, happened: Parameters<typeof eventFrom>[3]) => tell(eventFrom(school, who, now, happened))

  const { occurrenceId } = await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
  await does("ada", { kind: "submitted", action: "reflect_first", target: occurrenceId, values: { words: `I built ${formed}.`, wants: "someone" } })
  await tell(said(school, "ada", now, `And then ${typed}.`, "m1"))
  await does("ada", { kind: "edited", messageId: "m1", text: `And then ${edited}.` })
  await tell(said(school, "ben", now, `By the way, ${loose}.`))
  await tell(said(school, "cleo", now, `I want to kill myself ${danger}`))
  const stranger = said(school, "ada", now, `I want to die ${outside}`)
  await tell({ ...stranger, from: { account: { ...stranger.from.account, user: "passer-by" }, route: "r" } })
  let shown = await does("rivera", { kind: "pressed", action: "reading_open", target: "", value: null, messageId: "m" })
  for (let reply = offered(shown, "reading_read"); reply !== undefined; reply = offered(shown, "reading_read")) {
    await does("rivera", { kind: "submitted", action: "reading_line", target: reply, values: { words: `Well done, ${line}.` } })
    shown = await does("rivera", { kind: "pressed", action: "reading_read", target: reply, value: null, messageId: "m" })
  }
  await does("rivera", { kind: "commanded", command: "/mentee", text: "Ada" })
  await does("rivera", { kind: "commanded", command: "/rapport", text: command })
  await tell(said(school, "ada", now, `/${command}`))
  await sceneFor(school, at("2027-02-11", "14:45"), planSchool)
  await oweTo(post, "ada", { key: randomUUID() })
  post.clock.at = at("2027-02-11", "14:50")
  await post.run()
})
afterAll(async () => {
  await owner.end()
  await database.close()
})

test("the week took place: the words are kept, and their adult was shown them", async () => {
  const kept = (await keptWords(school)).join("\n")
  for (const words of [formed, edited, loose, danger]) expect(kept).toContain(words)
  for (const words of [loose, line, command]) expect(JSON.stringify(seen)).toContain(words)
  expect(await look(school, sql`select 1 from safety_event`)).toHaveLength(2)
  expect(await look(school, sql`select 1 from reading where read_at is not null`)).not.toEqual([])
})

test("no column of any table holds a word that somebody wrote, in plain letters, in base64 or as bytes", async () => {
  const tables =
    await owner`select schemaname as schema, tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`
  const needles = all.flatMap((words) => [words, Buffer.from(words).toString("hex"), ...base64s(words)])
  const found: string[] = []
  for (const { schema, name } of tables) {
    const [row] = await owner`select count(*)::int as n from ${owner(schema)}.${owner(name)} t where t::text ~ ${needles.join("|")}`
    if (row?.n > 0) found.push(`${schema}.${name}`)
  }
  expect(found).toEqual([])
  expect(tables.length).toBeGreaterThan(25)
})

test("the search would have found them", async () => {
  await owner.unsafe(`create table planted (words bytea, more jsonb); insert into planted values ('${typed}', '{"a": "${formed}"}')`)
  const [row] = await owner`select t::text as text from planted t`
  await owner.unsafe("drop table planted")
  expect(row?.text).toContain(Buffer.from(typed).toString("hex"))
  expect(row?.text).toContain(formed)
})

test("no log line of that week holds them either", () => {
  const lines = [...door.logged, ...post.logged].join("\n")
  for (const words of all) expect(lines).not.toContain(words)
})

test("no summary of an answer or of a letter holds them: it may show on a lock screen", () => {
  const summaries = seen.flatMap((answer) => ("message" in answer ? [answer.message.summary] : "view" in answer ? [answer.view.summary] : []))
  for (const words of all) expect([...summaries, ...sent].join("\n")).not.toContain(words)
  expect(summaries.length).toBeGreaterThan(5)
  expect(new Set(sent).size).toBeGreaterThan(3)
})

/** What the first button of this action is about, as someone who reads this answer could press it. */
function offered(answer: Answer, action: string): string | undefined {
  const blocks = "message" in answer ? answer.message.blocks : []
  return blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : [])).find((button) => button.action === action)?.id
}

/** A text's middle as base64 shows it at each of the three places where it can begin. */
function base64s(words: string): string[] {
  return [0, 1, 2].map((skip) => Buffer.from(words.slice(skip)).toString("base64").replace(/=+$/, "").slice(0, -1))
}
