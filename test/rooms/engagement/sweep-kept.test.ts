// What the sweep leaves unread changes nothing: the same alerts as from judging everybody, and a kept state that the rows give again.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { keepGroups } from "../../../db/queries/engagement-sweep.ts"
import { judge, leastMisses, missesNeeded } from "../../../src/engagement/detect.ts"
import { groupRate, tallies } from "../../../src/engagement/group-rate.ts"
import { type History, markOf, weekIndex } from "../../../src/engagement/history.ts"
import { judgeGroup, type Member } from "../../../src/engagement/judge-group.ts"
import { judgeWeek, noteWeek } from "../../../src/engagement/judge-week.ts"
import { keepAnswer } from "../../../src/engagement/keep.ts"
import { measureGroups } from "../../../src/engagement/measure.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { look, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { advisory, monday, sweepTime } from "./weeks.ts"

let database: TestDatabase
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const last = 8
const engaged = (letter: string) => letter === "a" || letter === "s"

type Kept = History & { studentId: string; groupId: string; asked: boolean }
type Told = {
  subjectId: string
  kind: "silence" | "never_started"
  state: "open" | "closed"
  week: string
  closedWeek: string | null
  since: string | null
}

const kept = (school: TestSchool) =>
  look<Kept>(school, sql`select student_id as "studentId", group_id as "groupId", asked, start, weeks from history order by student_id`)

/** Everybody, each with a history of their own, judged by the detector alone. */
function everybody(all: readonly Kept[], told: readonly Told[], week: string): string[] {
  return [...Map.groupBy(all, ({ groupId }) => groupId)].flatMap(([groupId, histories]) => {
    const now = histories.map((one) => markOf(one, weekIndex(one.start, week)))
    const rate = groupRate(histories, week)
    const asked = histories.filter((one) => one.asked)
    const started = { rate: null, answeredThisWeek: 0, size: 0 }
    const measure = {
      ...{ rate, answeredThisWeek: now.filter(engaged).length, size: now.filter((mark) => /[asmg]/.test(mark)).length },
      ...{ asked: asked.length, neverStarted: asked.filter((history) => judge({ history, group: started, week }).kind === "never_started").length },
      promptWeeks: tallies(histories, week, 6).filter(({ chances }) => chances > 0).length,
    }
    const members = histories
      .filter(
        (one) =>
          !engaged(
            one.weeks
              .slice(weekIndex(one.start, week) + 1)
              .replaceAll(/[^as]/g, "")
              .slice(0, 1),
          ),
      )
      .map((one): Member => {
        const lastOf = (kind: Told["kind"]) => told.filter((alert) => alert.subjectId === one.studentId && alert.kind === kind).at(-1) ?? null
        return {
          ...{ id: one.studentId, asked: one.asked, history: one, signals: null, sinceOn: null, lastAnsweredOn: null },
          last: lastOf(
            one.weeks
              .slice(0, weekIndex(one.start, week) + 1)
              .split("")
              .some(engaged)
              ? "silence"
              : "never_started",
          ),
        }
      })
    const found = judgeGroup(measure, members, week)
    return [...found.opening.map((one) => `${one.kind} ${one.level} ${one.studentId}`), ...found.notices.map((one) => `${one.kind} alert ${groupId}`)]
  })
}

const letters = fc
  .array(fc.constantFrom("a", "a", "a", "m", "m", "m", "m", ".", "s", "u", "g", "-"), { minLength: 1, maxLength: last + 2 })
  .map((list) => list.join(""))
const groups = fc.array(fc.array(letters, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 3 })

/** The first two are named for the one answer among their last eight chances, the third is not. */
const oneAnswerInEight = ["ammmmmmam", "smmmmmmsmm", "mmmmmamam", ...Array.from({ length: 7 }, () => "aaaaaaaaa")]

/** Groups of students with these letters, with notes opened about some of them before. */
async function schoolOf(given: readonly (readonly string[])[]): Promise<TestSchool> {
  const school = await seedSchool(database.db, { tenant: `k${serial++}` })
  for (const weeks of given) {
    const { students } = await advisory(
      school,
      weeks.map(() => "a"),
    )
    for (const [i, own] of weeks.entries()) await look(school, sql`update history set weeks = ${own} where student_id = ${students[i]}`)
  }
  await sceneFor(school, sweepTime(last), ({ tx }) => keepGroups(tx, monday(last)))
  return school
}

async function tell(school: TestSchool, all: readonly Kept[], picks: readonly number[]): Promise<Told[]> {
  const told = picks.flatMap((pick, i): Told[] => {
    const one = all[pick % all.length]
    if (!one || all.indexOf(one) !== pick % all.length) return []
    const first = one.weeks.split("").findLastIndex(engaged)
    const kind = first < 0 ? "never_started" : "silence"
    const open = i % 3 === 0
    const since = kind === "silence" ? monday(Math.min(first, last)) : null
    return [
      {
        subjectId: one.studentId,
        kind,
        state: open ? "open" : "closed",
        week: monday(last - 1 - (i % 5)),
        closedWeek: open ? null : monday(last),
        since: i % 2 && since ? monday(0) : since,
      },
    ]
  })
  const once = [...new Map(told.map((one) => [`${one.subjectId}${one.kind}`, one])).values()]
  for (const one of once)
    await look(
      school,
      sql`insert into alert (school_id, id, subject_id, kind, level, week, facts, stage, state, opened_at, due_at, closed_at)
          values (${school.id}, ${randomUUID()}, ${one.subjectId}, ${one.kind}, 'alert', ${one.week}, ${JSON.stringify({ kind: one.kind, since: one.since })}::jsonb, 'counsellors', ${one.state},
            ${sweepTime(0)}, ${sweepTime(0)}, ${one.state === "closed" ? sweepTime(last - 1) : null}::timestamptz)`,
    )
  return once
}

test("the sweep opens exactly what judging everybody would open", async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.array(fc.nat(60), { maxLength: 8 }), async (given, picks) => {
      const school = await schoolOf(given)
      const all = await kept(school)
      const told = await tell(school, all, picks)
      const before = new Set((await look<{ id: string }>(school, sql`select id from alert`)).map(({ id }) => id))
      const groupIds = new Set(all.map(({ groupId }) => groupId))
      await sceneFor(school, sweepTime(last), async (scene) =>
        noteWeek(scene, await judgeWeek(scene, monday(last), [school.sites.east], groupIds), groupIds),
      )
      const opened = await look<{ id: string; said: string }>(school, sql`select id, kind || ' ' || level || ' ' || subject_id as said from alert`)
      expect(opened.flatMap(({ id, said }) => (before.has(id) ? [] : [said])).sort()).toEqual(everybody(all, told, monday(last)).sort())
    }),
    { numRuns: 60, examples: [[[oneAnswerInEight], []]] },
  )
})

test("a group's kept sums are what its histories say, in late sweeps too", async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.integer({ min: 0, max: last + 1 }), async (given, n) => {
      const school = await schoolOf(given)
      const week = monday(n)
      const all = await kept(school)
      // As if every group could make a notice, so that none is left out.
      const { groups: measured } = await sceneFor(school, sweepTime(last), (scene) =>
        measureGroups(scene, week, [school.sites.east], new Set(all.map(({ groupId }) => groupId)), leastMisses, { rated: 1, neverStarted: 0 }),
      )
      expect(measured).toHaveLength(new Set(all.map(({ groupId }) => groupId)).size)
      for (const { groupId, ...group } of measured) {
        const own = all.filter((one) => one.groupId === groupId)
        const now = own.map((one) => markOf(one, weekIndex(one.start, week)))
        expect(group).toMatchObject({ answeredThisWeek: now.filter(engaged).length, size: now.filter((mark) => /[asmg]/.test(mark)).length })
        const [rate, expected] = [group.rate, groupRate(own, week)]
        expect(rate).toEqual(expected)
        expect(missesNeeded(rate)).toEqual(missesNeeded(expected))
        const unsaid = { rate: null, answeredThisWeek: 0, size: 0 }
        const never = own.filter((one) => one.asked && judge({ history: one, group: unsaid, week }).kind === "never_started")
        expect(group.neverStarted).toBe(never.length)
      }
    }),
    { numRuns: 40 },
  )
})

test("what is kept beside the letters is what the letters say, in whatever order they came", async () => {
  const school = await seedSchool(database.db, { tenant: `k${serial++}` })
  const marks = fc.array(fc.record({ n: fc.integer({ min: 0, max: 30 }), as: fc.constantFrom("a" as const, "s" as const, "m" as const) }), {
    minLength: 1,
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(marks, async (list) => {
      await look(school, sql`delete from history`)
      await sceneFor(school, sweepTime(0), async (scene) => {
        for (const { n, as } of list)
          if (as === "m")
            await rows(
              scene.tx,
              sql`insert into history (school_id, student_id, start, weeks) values (${school.id}, ${school.people.ada}, ${monday(n)}, 'm') on conflict do nothing`,
            )
          else await keepAnswer(scene, school.people.ada, monday(n), as, scene.now)
      })
      const [one] = await look<History & { misses: number; since: string | null; answered: number }>(
        school,
        sql`select start, weeks, misses, since, answered from history`,
      )
      if (!one) throw new Error("nothing was kept")
      const found = judge({ history: one, group: { rate: null, answeredThisWeek: 0, size: 0 }, week: monday(31) })
      const tail = one.weeks.replace(/.*[as]/, "").replaceAll(/[^m]/g, "").length
      const at = one.weeks.split("").findLastIndex(engaged)
      expect(one.misses).toBe(tail)
      expect(one.since).toBe(at < 0 ? null : monday(weekIndex(monday(0), one.start) + at))
      const rarely = one.answered <= leastMisses.rarely.answers && one.weeks.length >= leastMisses.rarely.weeks
      expect(found.kind === "alert" && (one.since === null || (one.misses < leastMisses.alone && !rarely))).toBe(false)
    }),
    { numRuns: 40 },
  )
})
