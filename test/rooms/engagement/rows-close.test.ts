import { sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { closeWeeks } from "../../../src/engagement/close-weeks.ts"
import { type History, type Mark, mark, read } from "../../../src/engagement/history.ts"
import { keepAnswer, keepStop } from "../../../src/engagement/keep.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, promptFor, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { alertsIn, ask, historyIn, live, monday, said, sweep, sweepTime, thursday, tuesday } from "./weeks.ts"

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

const outcomes = () => look<{ state: string; outcome: string | null }>(school, sql`select state, outcome from occurrence order by week, local_date`)
const change = (query: ReturnType<typeof sql>) => sceneFor(school, sweepTime(0), (scene) => rows(scene.tx, query))

describe("what a closed question came to", () => {
  test.each([
    ["an answer", "a", "a", null],
    ["a skip", "s", "s", null],
    ["nothing", "m", "m", "missed"],
    ["a prompt that was refused", "x", ".", "no_chance"],
  ])("%s is %j and kept as %j", async (_, letter, kept, outcome) => {
    await live(school, { ada: letter })
    expect(await historyIn(school, "ada")).toEqual({ start: monday(0), weeks: kept })
    expect((await outcomes()).map((one) => one.outcome)).toEqual([outcome])
  })

  test("a miss after an answer that nobody had read is ours, until somebody has", async () => {
    await live(school, { ada: "Amm", ben: "amm" })
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "auu" })
    expect(await historyIn(school, "ben")).toMatchObject({ weeks: "amm" })
    await change(sql`update reading set read_at = ${at(thursday(3), "09:00")}, read_by = ${school.people.linde} where read_at is null`)
    await live(school, { ada: "mmm" }, 3)
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "auummm" })
    expect(await said(school)).toEqual(["silence ada rivera"])
    expect((await outcomes()).filter((one) => one.outcome === "ours")).toHaveLength(2)
  })

  test("a reading after the close does not make an old miss the student's, however late the sweep", async () => {
    await ask(school, "ada", 0, "A")
    await ask(school, "ada", 1, "m")
    await change(sql`update reading set read_at = ${at(tuesday(1), "19:00")}, read_by = ${school.people.linde}`)
    await sweep(school, sweepTime(2))
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "au" })
  })

  test.each<[string, (id: string) => ReturnType<typeof sql>]>([
    ["stopped", (id) => sql`update person set stopped_at = ${at(thursday(0), "20:00")} where id = ${id}`],
    ["is paused at the close", (id) => sql`update person set paused_until = ${thursday(2)} where id = ${id}`],
    ["lost their consent", (id) => sql`update person set consent = 'none' where id = ${id}`],
    ["left the school", (id) => sql`update person set status = 'ended' where id = ${id}`],
    ["cannot be written to any more", (id) => sql`update address set trouble = 'blocked' where person_id = ${id}`],
    [
      "removed the app in the middle of the week",
      (id) => sql`update address set trouble = 'left', trouble_at = ${at(thursday(0), "20:00")} where person_id = ${id}`,
    ],
    ["whose account turned out to be somebody else's", (id) => sql`delete from address where person_id = ${id}`],
    [
      "was never on the bot",
      () => sql`update delivery set state = 'refused', failure = 'no_account', platform = null, tenant = null, user_id = null`,
    ],
    ["may or may not have got it", () => sql`update delivery set state = 'unknown'`],
    ["got it on the last day", () => sql`update delivery set settled_at = ${at(tuesday(0), "09:00")}`],
  ])("a student who %s had no chance", async (_, how) => {
    await ask(school, "ada", 0, "m")
    await change(how(school.people.ada))
    await sweep(school, sweepTime(0))
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "." })
    expect((await outcomes()).map((one) => one.outcome)).toEqual(["no_chance"])
  })

  test("delivery trouble is never silence, however long it lasts", async () => {
    await live(school, { ada: "axxxxxxx" })
    expect(await alertsIn(school)).toEqual([])
  })

  test("a snow day after the fact takes the chance back", async () => {
    await ask(school, "ada", 0, "m")
    await change(
      sql`insert into day_off (school_id, site_id, date, students, staff, reason, source)
          select ${school.id}::uuid, ${school.sites.east}::uuid, d::date, true, true, 'Snow', 'closed'
          from unnest(array['2027-01-15', '2027-01-18', '2027-01-19']) d`,
    )
    await sweep(school, sweepTime(0))
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "." })
  })

  test("nothing closes before its time, and the sweep says when it will", async () => {
    await ask(school, "ada", 0, "m")
    await ask(school, "gia", 0, "m")
    expect(await sweep(school, at(tuesday(0), "17:59"))).toEqual(at(tuesday(0), "18:00"))
    expect(await historyIn(school, "ada")).toBeNull()
    expect(await sweep(school, at(tuesday(0), "18:00"))).toEqual(at(tuesday(0), "18:00", "west"))
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "m" })
    expect(await historyIn(school, "gia")).toBeNull()
    expect(await sweep(school, sweepTime(0))).toBeNull()
  })
})

describe("tables of weeks", () => {
  test.each<[string, string, string[]]>([
    ["three misses", "ammm", ["silence ada rivera"]],
    ["two are only the quiet list", "amm", []],
    ["an answer in between", "ammam", []],
    ["a skip in between", "ammsmm", []],
    ["weeks not asked do not count", "am  m mm", ["silence ada rivera"]],
    ["the first week asked after some that were not tips nothing", "am  m m", []],
    ["never started", "mm", ["never_started ada rivera"]],
    ["one question is no start", "m", []],
  ])("%s: %j", async (_, weeks, expected) => {
    await live(school, { ada: weeks, ben: weeks.replaceAll(/\S/g, "a"), cleo: weeks.replaceAll(/\S/g, "a"), dani: weeks.replaceAll(/\S/g, "a") })
    expect(await said(school)).toEqual(expected)
  })

  test("an alert keeps its arithmetic, and brings it up to date while it is open", async () => {
    await live(school, { ada: "aammm", ben: "aaaaa", cleo: "aaasa", dani: "aaaam" })
    const [alert] = await alertsIn(school)
    const missed = [monday(2), monday(3), monday(4)]
    expect(alert).toMatchObject({ kind: "silence", level: "alert", week: monday(4), stage: "owner", owner: "rivera" })
    expect(alert?.facts).toEqual({
      ...{ kind: "silence", week: monday(4), since: monday(1), needed: 3, missed, ours: [], groupQuiet: [] },
      ...{ group: { rate: null, answeredThisWeek: 2, size: 4 }, sinceOn: thursday(1), lastAnsweredOn: thursday(1) },
    })
    await live(school, { ada: "mm", ben: "aa" }, 5)
    const [later, ...others] = await alertsIn(school)
    expect(others).toEqual([])
    expect(later).toMatchObject({ level: "long", week: monday(4), facts: { missed: [...missed, monday(5), monday(6)] } })
  })

  test("a reply closes it by itself; a new silence is a new alert", async () => {
    await live(school, { ada: "ammmammm" })
    expect((await alertsIn(school)).map(({ state, closedAs, week }) => [state, closedAs, week])).toEqual([
      ["closed", "answered", monday(3)],
      ["open", null, monday(7)],
    ])
  })

  test("closed by an adult, the same silence brings no second one", async () => {
    await live(school, { ada: "ammm" })
    await change(sql`update alert set state = 'closed', closed_as = 'known', closed_at = ${at(tuesday(4), "08:00")}`)
    await live(school, { ada: "mmm" }, 4)
    expect(await alertsIn(school)).toHaveLength(1)
  })

  test("whoever stops is not silent any more", async () => {
    await live(school, { ada: "ammm", ben: "ammm" })
    await sceneFor(school, sweepTime(4), (scene) => keepStop(scene, school.people.ada, scene.now))
    await change(sql`update person set stopped_at = now() where id = ${school.people.ben}`)
    await sweep(school, sweepTime(4))
    expect((await alertsIn(school)).map(({ state, closedAs }) => [state, closedAs])).toEqual([
      ["closed", "stopped"],
      ["closed", "stopped"],
    ])
  })
})

describe("once, whoever sweeps", () => {
  test("four sweeps at the same time open one alert", async () => {
    await live(school, { ada: "amm" })
    await ask(school, "ada", 3, "m")
    await Promise.all(Array.from({ length: 4 }, () => sweep(school, sweepTime(3))))
    expect(await said(school)).toEqual(["silence ada rivera"])
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "ammm" })
  })

  test("a crash between marking and judging loses nothing: the next sweep does both", async () => {
    await live(school, { ada: "amm" })
    await ask(school, "ada", 3, "m")
    const crash = sceneFor(school, sweepTime(3), async (scene) => {
      await closeWeeks(scene)
      throw new Error("the power went")
    })
    await expect(crash).rejects.toThrow("the power went")
    expect(await said(school)).toEqual([])
    await sweep(school, sweepTime(3))
    expect(await said(school)).toEqual(["silence ada rivera"])
  })

  test("weeks that an outage left open are judged oldest first, each by what was known then", async () => {
    await live(school, { ada: "a" })
    for (const n of [1, 2, 3]) await ask(school, "ada", n, "m")
    await sweep(school, sweepTime(5))
    expect(await alertsIn(school)).toMatchObject([{ week: monday(3), facts: { missed: [monday(1), monday(2), monday(3)] } }])
  })

  test("an answer at the very close and the sweep never wait for each other, and the answer stays", async () => {
    const { occurrenceId } = await promptFor(school, "ada", { thursday: thursday(0), tuesday: tuesday(0) })
    const now = at(tuesday(0), "18:00")
    await sceneFor(school, now, async (scene) => {
      await rows(scene.tx, sql`update occurrence set state = 'answered', answered_at = ${now} where id = ${occurrenceId}`)
      await sweep(school, now)
      await keepAnswer(scene, school.people.ada, monday(0), "a", now)
    })
    await sweep(school, sweepTime(0))
    expect(await historyIn(school, "ada")).toEqual({ start: monday(0), weeks: "a" })
    expect((await outcomes()).map((one) => one.state)).toEqual(["answered"])
  })

  test("an answer just after the close takes the miss and its alert back", async () => {
    await live(school, { ada: "ammm" })
    await sceneFor(school, at(tuesday(3), "23:00"), (scene) => keepAnswer(scene, school.people.ada, monday(3), "a", scene.now))
    expect(await historyIn(school, "ada")).toMatchObject({ weeks: "amma" })
    expect(await said(school)).toEqual([])
  })
})

describe("a history kept on write", () => {
  /** The history as the rows of a student's questions tell it, without what was kept. */
  const rebuilt = async (): Promise<History | null> => {
    const found = await look<{ week: string; state: string; outcome: string | null }>(
      school,
      sql`select week, state, outcome from occurrence where student_id = ${school.people.ada} order by week`,
    )
    const marks: Record<string, Mark> = { answered: "a", skipped: "s", missed: "m", ours: "u", no_chance: "." }
    return found.reduce<History | null>((history, { week, state, outcome }) => {
      const as = marks[outcome ?? state] ?? "o"
      return mark(history ?? { start: week, weeks: "" }, week, as)
    }, null)
  }

  test("equals one that is built anew from the rows, over any sequence of answers, skips and misses", async () => {
    const letters = fc.array(fc.constantFrom("a", "A", "s", "m", "m", "x", " "), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(letters, async (weeks) => {
        school = await seedSchool(database.db, { tenant: `p${serial++}` })
        await live(school, { ada: weeks.join("") })
        const [kept, built] = [await historyIn(school, "ada"), await rebuilt()]
        const span = (history: History) => read(history, monday(0), monday(8))
        expect(kept && span(kept)).toEqual(built && span(built))
      }),
      { numRuns: 12 },
    )
  })

  test("marks land the same in any order, before the start and far behind the end", async () => {
    const weeks = fc.array(fc.record({ n: fc.integer({ min: 0, max: 12 }), as: fc.constantFrom("a" as const, "s" as const) }), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(weeks, async (list) => {
        await change(sql`delete from history`)
        await sceneFor(school, sweepTime(0), async (scene) => {
          for (const { n, as } of list) await keepAnswer(scene, school.people.ada, monday(n), as, scene.now)
        })
        const [first, ...others] = list
        const begun = { start: monday(first?.n ?? 0), weeks: first?.as ?? "" }
        expect(await historyIn(school, "ada")).toEqual(others.reduce<History>((history, { n, as }) => mark(history, monday(n), as), begun))
      }),
      { numRuns: 40 },
    )
  })
})
