// What is kept for the sweep follows from the rows, however they came: late answers, weeks closed long after, the net.
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { weekAt, weekIndex } from "../../../src/engagement/history.ts"
import { keepAnswer } from "../../../src/engagement/keep.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { look, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { alertsIn, ask, historyIn, live, monday, sweep, sweepTime, thursday, tuesday } from "./weeks.ts"

let database: TestDatabase
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
const school = () => seedSchool(database.db, { tenant: `r${serial++}` })

const names = ["ada", "ben", "dani"] as const
type Kept = { studentId: string; start: string; weeks: string; misses: number; since: string | null; until: string; groupId: string; asked: boolean }
type Question = { studentId: string; groupId: string; week: string; state: string; outcome: string | null }

const marks: Readonly<Record<string, string>> = { answered: "a", skipped: "s", missed: "m", ours: "u", no_chance: "." }

/** The kept state as the questions alone tell it. */
function built(questions: readonly Question[]): Kept[] {
  return [...Map.groupBy(questions, ({ studentId }) => studentId)].map(([studentId, own]) => {
    const start = own.map(({ week }) => week).sort()[0] ?? ""
    const letters: string[] = []
    for (const { week, state, outcome } of own) letters[weekIndex(start, week)] = marks[state === "closed" ? (outcome ?? "") : state] ?? "o"
    const weeks = Array.from(letters, (letter) => letter ?? "-").join("")
    const last = weeks.split("").findLastIndex((letter) => letter === "a" || letter === "s")
    return {
      ...{ studentId, start, weeks, groupId: own[0]?.groupId ?? "", asked: true, until: weekAt(start, weeks.length) },
      ...{ misses: weeks.slice(last + 1).replaceAll(/[^m]/g, "").length, since: last < 0 ? null : weekAt(start, last) },
    }
  })
}

const stateOf = async (one: TestSchool) => ({
  kept: await look<Kept>(
    one,
    sql`select student_id as "studentId", start, weeks, misses, since, until, group_id as "groupId", asked from history order by student_id`,
  ),
  told: await look<{ studentId: string; told: string | null }>(one, sql`select student_id as "studentId", told from history order by student_id`),
  opened: await look<{ studentId: string; since: string | null; start: string }>(
    one,
    sql`select distinct on (a.subject_id) a.subject_id as "studentId", a.facts ->> 'since' as since, h.start from alert a join history h on h.student_id = a.subject_id
        where a.kind in ('silence', 'never_started') order by a.subject_id, a.week desc`,
  ),
  sites: await look<{ week: string; answered: number; chances: number }>(
    one,
    sql`select week, answered, chances from site_week where site_id = ${one.sites.east} order by week`,
  ),
})

const letter = fc.constantFrom("a", "s", "m", "m", "m", "x")
const plan = fc.record({
  table: fc.array(fc.tuple(letter, letter, letter), { minLength: 2, maxLength: 7 }),
  // After which weeks a sweep ran; the others are closed by a later one.
  swept: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  late: fc.array(fc.tuple(fc.nat(6), fc.nat(2)), { maxLength: 3 }),
})

describe("a kept state", () => {
  test("is the one that the rows give at once, in any order of sweeps, answers and late answers", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ table, swept, late }) => {
        const one = await school()
        for (const [n, letters] of table.entries()) {
          for (const [i, who] of names.entries()) await ask(one, who, n, letters[i] ?? " ")
          if (swept[n]) await sweep(one, sweepTime(n))
        }
        await sweep(one, sweepTime(table.length - 1))
        for (const [n, i] of late) {
          const [who, now] = [names[i] ?? "ada", sweepTime(table.length)]
          if (n < table.length)
            await sceneFor(one, now, async (scene) => {
              await rows(
                scene.tx,
                sql`update occurrence set state = 'answered', outcome = null, answered_at = ${now} where student_id = ${one.people[who]} and week = ${monday(n)}`,
              )
              await keepAnswer(scene, one.people[who], monday(n), "a", now)
            })
        }
        const { kept } = await stateOf(one)
        const questions = await look<Question>(
          one,
          sql`select student_id as "studentId", group_id as "groupId", week, state, outcome from occurrence order by student_id, week`,
        )
        expect(kept).toEqual(built(questions))
      }),
      { numRuns: 8 },
    )
  }, 120_000)

  test("knows of each site's week what its letters said, and of each silence whether it was told", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ table }) => {
        const one = await school()
        await live(one, Object.fromEntries(names.map((who, i) => [who, table.map((letters) => letters[i] ?? " ").join("")])))
        const { kept, told, opened, sites } = await stateOf(one)
        const ofWeek = (week: string, of: RegExp) => kept.filter((own) => of.test(own.weeks[weekIndex(own.start, week)] ?? "")).length
        const within = sites.filter(({ week }) => week >= monday(0))
        expect(within).toEqual(within.map(({ week }) => ({ week, answered: ofWeek(week, /[as]/), chances: ofWeek(week, /[asmg]/) })))
        for (const { studentId, since, start } of opened)
          expect(told.find((own) => own.studentId === studentId)?.told).toBe(since ?? weekAt(start, -1))
        expect(told.filter((own) => own.told !== null).map(({ studentId }) => studentId)).toEqual(opened.map(({ studentId }) => studentId))
      }),
      { numRuns: 6 },
    )
  }, 120_000)
})

describe("calendars and clocks that are not as they should be", () => {
  test("without a term every weekday is a school day: chances count, and whoever goes quiet is named", async () => {
    const one = await school()
    await look(one, sql`delete from term`)
    await live(one, { ada: "ammm" })
    expect(await historyIn(one, "ada")).toMatchObject({ weeks: "ammm" })
    expect(await alertsIn(one)).toMatchObject([{ kind: "silence", about: "ada", facts: { missed: [monday(1), monday(2), monday(3)] } }])
  })

  test("a sweep whose clock went back does nothing twice", async () => {
    const one = await school()
    await live(one, { ada: "ammm", ben: "aaaa" })
    const before = await stateOf(one)
    await promptFor(one, "ben", { thursday: thursday(4), tuesday: tuesday(4) })
    await sweep(one, sweepTime(1))
    expect(await stateOf(one)).toEqual(before)
    expect(await alertsIn(one)).toHaveLength(1)
  })
})
