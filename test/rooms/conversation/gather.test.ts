// A school that answers in the same five minutes: words that come in together are kept together, and are nobody's but their own.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { withSchool } from "../../../db/client.ts"
import { lockPerson } from "../../../db/queries/people.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type StudentName, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf, said, shown } from "./knock.ts"

let database: TestDatabase
let owner: postgres.Sql
let school: TestSchool
let door: Door
beforeAll(async () => {
  database = await testDatabase()
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await owner.end()
  await database.close()
})
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
  door = await doorOf(school, now)
  await meet(door)
})

const now = at("2027-02-04", "15:00")
const everybody = ["ada", "ben", "cleo", "dani", "eli", "gia"] as const satisfies readonly StudentName[]

/** Only of accounts that have written before is it known that a student's words come from them. */
const meet = async (through: Door): Promise<void> => {
  for (const who of everybody) await through.receive(said(school, who, now, `${who} begins`))
}

const atOnce = (words: (who: StudentName) => string, through = door) =>
  Promise.allSettled(everybody.map((who) => through.receive(said(school, who, now, words(who), `${who} again ${through === door}`))))

type Part = { who: string; part: string; transaction: string }
const partsLike = (like: string): Promise<Part[]> =>
  look<Part>(
    school,
    sql`select lower(coalesce(s.preferred_name, s.given_name)) as who, p.part, p.xmin::text as transaction from reply_part p
        join reply r on r.school_id = p.school_id and r.id = p.reply_id join person s on s.school_id = r.school_id and s.id = r.student_id
        where p.part like ${like} order by 1, 2`,
  )

test("what six students write at once is kept by fewer commits, each under their own name", async () => {
  const answers = await atOnce((who) => `${who} writes on`)
  expect(answers.map(({ status }) => status)).toEqual(everybody.map(() => "fulfilled"))
  const parts = await partsLike("% again %")
  expect(parts.map(({ who, part }) => `${who}: ${part}`)).toEqual(everybody.map((who) => `${who}: ${who} again true`))
  expect(new Set(parts.map(({ transaction }) => transaction)).size).toBeLessThan(everybody.length)
})

test("each hears their own answer, in their own language, and only whose words call for a person hears the fixed words", async () => {
  const answers = await atOnce((who) => (who === "gia" ? "I want to kill myself" : "A good day."))
  const heard = new Map(everybody.map((who, i) => [who, answers[i]?.status === "fulfilled" ? shown(answers[i].value) : "refused"]))
  expect(heard.get("gia")).toContain("988")
  expect(heard.get("dani")).toMatch(/Rivera/)
  expect([...heard].filter(([, words]) => words.includes("988")).map(([who]) => who)).toEqual(["gia"])
  const events = await look<{ n: number }>(school, sql`select count(*)::int as n from safety_event`)
  expect(events).toEqual([{ n: 1 }])
})

test("where the words of one cannot be kept, those of all others are", async () => {
  await owner.unsafe(`
    create function refuse_eli() returns trigger language plpgsql as $$ begin
      if new.part like 'eli again%' then raise exception 'no room for these words'; end if; return new; end $$;
    create trigger refuse_eli before insert on reply_part for each row execute function refuse_eli()`)
  try {
    const answers = await atOnce((who) => `${who} writes on`)
    expect(everybody.filter((_, i) => answers[i]?.status === "rejected")).toEqual(["eli"])
    expect((await partsLike("% again %")).map(({ who }) => who)).toEqual(everybody.filter((who) => who !== "eli"))
  } finally {
    await owner.unsafe(`drop trigger refuse_eli on reply_part; drop function refuse_eli()`)
  }
})

test("an event that is sent four times among others acts once", async () => {
  const events = everybody.map((who) => said(school, who, now, `${who} writes on`, `${who} again`))
  await Promise.all([...events, ...events, ...events, ...events].map((event) => door.receive(event)))
  expect((await partsLike("% again")).map(({ who }) => who)).toEqual([...everybody])
})

test("two processes that keep the same students at once wait for each other, and both keep everything", async () => {
  const other = await doorOf(school, now)
  await meet(other)
  const answers = await Promise.all([atOnce((who) => `${who} writes on`), atOnce((who) => `${who} writes too`, other)])
  expect(answers.flat().filter(({ status }) => status === "rejected")).toEqual([])
  expect((await partsLike("% again %")).length).toBe(2 * everybody.length)
})

test("what one student writes in a row is kept in that order", async () => {
  const parts = Array.from({ length: 8 }, (_, n) => `part ${n}`)
  await Promise.all([...parts.map((part) => door.receive(said(school, "ada", now, part, part))), atOnce((who) => `${who} writes on`)])
  const written = await look<{ part: string }>(school, sql`select part from reply_part where part like 'part %' order by xmin::text::bigint, part`)
  expect(written.map(({ part }) => part)).toEqual(parts)
})

test("whoever is held up by another's lock holds up nobody else", async () => {
  const [holding, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holder = withSchool(database.db, school.id, async (tx) => {
    await Promise.all((["ada", "gia"] as const).map((who) => lockPerson(tx, school.people[who])))
    held.resolve()
    await holding.promise
  })
  await held.promise
  const stuck = (["ada", "gia"] as const).map((who) => door.receive(said(school, who, now, "I wait.", `${who} waits`)))
  await Promise.all(everybody.slice(1, 5).map((who) => door.receive(said(school, who, now, "I do not.", `${who} again`))))
  expect((await partsLike("% waits")).length).toBe(0)
  expect((await partsLike("% again")).map(({ who }) => who)).toEqual(["ben", "cleo", "dani", "eli"])
  holding.resolve()
  await Promise.all([holder, ...stuck])
  expect((await partsLike("% waits")).map(({ who }) => who)).toEqual(["ada", "gia"])
})
