import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { switchPlan } from "../../../db/queries/scheduling.ts"
import { type PlanOutcome, planSchool } from "../../../src/scheduling/plan.ts"
import { addDays, localTime } from "../../../src/scheduling/zone.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, type SeedOptions, sceneFor, seedSchool, type TestSchool, zones } from "../../support/school.ts"

let database: TestDatabase
let school: TestSchool
beforeAll(async () => {
  database = await testDatabase({ max: 12 })
})
afterAll(() => database.close())
/** Both plans have been on since the Monday of that week. */
const fresh = async (options: SeedOptions = {}) => {
  school = await seedSchool(database.db, { tenant: randomUUID(), ...options })
  await look(school, sql`update plan set since = ${at("2027-02-01", "07:00")}`)
}
beforeEach(() => fresh())

const thursday = "2027-02-04"
const opens = at(thursday, "14:45")
const plan = (now: Date): Promise<PlanOutcome> => sceneFor(school, now, planSchool)
const nameOf = (id: string) => Object.entries(school.people).find(([, known]) => known === id)?.[0] ?? id

type Asked = { who: string; week: string; date: string; opensAt: Date; closesAt: Date; state: string; outcome: string | null }
const asked = async (): Promise<Asked[]> => {
  const found = await look<Omit<Asked, "who"> & { id: string }>(
    school,
    sql`select student_id as id, week, local_date as date, opens_at as "opensAt", closes_at as "closesAt", state, outcome from occurrence order by local_date`,
  )
  return found.map(({ id, ...rest }) => ({ who: nameOf(id), ...rest })).sort((a, b) => (a.date + a.who < b.date + b.who ? -1 : 1))
}
const whoIsAsked = async () => (await asked()).map(({ who }) => who)
const owed = async (kind: string) => {
  const found = await look<{ id: string; dueAt: Date; key: string; state: string }>(
    school,
    sql`select person_id as id, due_at as "dueAt", dedupe_key as key, state from delivery where kind = ${kind} order by due_at`,
  )
  return found.map(({ id, ...rest }) => ({ who: nameOf(id), ...rest })).sort((a, b) => (a.who < b.who ? -1 : 1))
}
const change = (who: PersonName, what: ReturnType<typeof sql>) => look(school, sql`update person set ${what} where id = ${school.people[who]}`)
const joins = (who: PersonName, group: "maple" | "cedar", from: string) =>
  look(
    school,
    sql`insert into membership (school_id, group_id, student_id, from_date) values (${school.id}, ${school.groups[group]}, ${school.people[who]}, ${from})`,
  )

describe("the moment a prompt opens", () => {
  test("everybody whom the school switched the bot on for is asked, at their own site's time", async () => {
    await plan(opens)
    expect(await whoIsAsked()).toEqual(["ada", "ben", "cleo", "dani"])
    await plan(at(thursday, "14:45", "west"))
    expect(await whoIsAsked()).toEqual(["ada", "ben", "cleo", "dani", "eli", "gia"])
  })

  test("each is owed the prompt now and the reminder on Monday morning, and no more once the question has closed", async () => {
    await plan(opens)
    const [prompts, reminders] = [await owed("prompt"), await owed("reminder")]
    expect(prompts.map(({ who, dueAt }) => [who, dueAt])).toEqual(["ada", "ben", "cleo", "dani"].map((who) => [who, opens]))
    expect(reminders.map(({ dueAt }) => dueAt)).toEqual(reminders.map(() => at("2027-02-08", "08:00")))
    const [row] = await look<{ ends: Date }>(school, sql`select min(expires_at) as ends from delivery where kind in ('prompt', 'reminder')`)
    expect(row?.ends).toEqual(at("2027-02-09", "18:00"))
  })

  test("not a moment sooner, and the planner says when that is", async () => {
    const early = await plan(new Date(opens.getTime() - 1_000))
    expect(early).toMatchObject({ occurrences: 0, nextAt: opens })
    expect((await plan(opens)).nextAt).toEqual(at(thursday, "14:45", "west"))
  })
})

describe("each is asked once", () => {
  test("by four planners at the same moment", async () => {
    const outcomes = await Promise.all([plan(opens), plan(opens), plan(opens), plan(opens)])
    expect(outcomes.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(4)
    expect(await whoIsAsked()).toEqual(["ada", "ben", "cleo", "dani"])
    expect(await owed("prompt")).toHaveLength(4)
    expect(await owed("reminder")).toHaveLength(4)
  })

  test("by a planner that looks again and again", async () => {
    for (const time of ["14:45", "14:46", "15:30", "17:59"]) await plan(at(thursday, time))
    await plan(at("2027-02-05", "08:00"))
    expect((await owed("prompt")).filter(({ who }) => who === "ada")).toHaveLength(1)
  })

  test("a day and plan by its unique key", async () => {
    await plan(opens)
    const again = look(
      school,
      sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at)
          select school_id, gen_random_uuid(), plan_id, group_id, student_id, local_date, week + 7, opens_at, closes_at from occurrence`,
    )
    await expect(again).rejects.toThrow("occurrence_once")
  })

  test("a week by its unique key", async () => {
    await plan(opens)
    const again = look(
      school,
      sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at)
          select school_id, gen_random_uuid(), gen_random_uuid(), group_id, student_id, local_date, week, opens_at, closes_at from occurrence`,
    )
    await expect(again).rejects.toThrow("occurrence_once_a_week")
  })

  test("a week when two groups of theirs have a plan: by the one that opens first", async () => {
    await joins("ada", "cedar", "2027-01-11")
    await look(school, sql`update plan set rhythm = '{"weekday": 2}' where id = ${school.plans.cedar}`)
    await plan(at("2027-02-02", "14:45", "west"))
    await plan(opens)
    const ada = (await asked()).filter(({ who }) => who === "ada")
    expect(ada.map(({ date }) => date)).toEqual(["2027-02-02"])
  })

  test("a week when two groups of theirs fall due at once: by the one that can still be answered", async () => {
    await joins("ada", "cedar", "2027-01-11")
    await look(school, sql`update plan set rhythm = '{"weekday": 1, "closeWeekday": 2}' where id = ${school.plans.cedar}`)
    await plan(opens)
    const ada = (await asked()).filter(({ who, week }) => who === "ada" && week === "2027-02-01")
    expect(ada.map(({ date, state }) => [date, state])).toEqual([[thursday, "open"]])
  })
})

describe("nobody is asked", () => {
  test("in a group whose plan is off", async () => {
    await look(school, sql`update plan set active = false where id = ${school.plans.maple}`)
    await plan(opens)
    expect(await whoIsAsked()).toEqual([])
  })
  test("in a group without a plan", async () => {
    await look(school, sql`delete from plan`)
    expect(await plan(opens)).toMatchObject({ occurrences: 0, missed: 0, owed: 0 })
  })
  test("in a group that has ended", async () => {
    await look(school, sql`update school_group set status = 'ended' where id = ${school.groups.maple}`)
    await plan(opens)
    expect(await whoIsAsked()).toEqual([])
  })
  test("after the fact, when a plan is switched on in the middle of a week", async () => {
    const friday = at("2027-02-05", "10:00")
    const maple = { id: school.plans.maple, groupId: school.groups.maple }
    await sceneFor(school, opens, ({ tx }) => switchPlan(tx, school.id, { ...maple, active: false, now: at("2027-01-11", "07:00") }))
    await sceneFor(school, friday, ({ tx }) => switchPlan(tx, school.id, { ...maple, active: true, now: friday }))
    await plan(friday)
    expect(await whoIsAsked()).not.toContain("ada")
    await plan(at("2027-02-11", "14:45"))
    expect((await asked()).filter(({ who }) => who === "ada").map(({ date }) => date)).toEqual(["2027-02-11"])
  })
  test("in a week of holidays", async () => {
    await plan(at("2027-03-18", "14:45"))
    expect((await asked()).filter(({ week }) => week === "2027-03-15")).toEqual([])
  })
  test.each([
    ["who has no consent", "finn", null],
    ["who said stop", "ada", sql`stopped_at = ${opens}`],
    ["who pauses past that day", "ada", sql`paused_until = '2027-02-05'`],
    ["who has left", "ada", sql`status = 'ended'`],
  ] as const)("%s", async (_what, who, what) => {
    if (what) await change(who, what)
    await plan(opens)
    expect(await whoIsAsked()).not.toContain(who)
  })
  test("who has no account: the prompt is refused at once, and counted", async () => {
    await look(school, sql`delete from address where user_id = 'ada'`)
    await plan(opens)
    const prompts = await owed("prompt")
    expect(prompts.find(({ who }) => who === "ada")?.state).toBe("refused")
    expect(prompts.find(({ who }) => who === "ben")?.state).toBe("planned")
  })
})

describe("members by date", () => {
  test("whoever joins on the day is asked", async () => {
    await look(school, sql`update membership set from_date = ${thursday} where student_id = ${school.people.ada}`)
    await plan(opens)
    expect(await whoIsAsked()).toContain("ada")
  })
  test("whoever joins the day after is not", async () => {
    await look(school, sql`update membership set from_date = '2027-02-05' where student_id = ${school.people.ada}`)
    await plan(opens)
    expect(await whoIsAsked()).not.toContain("ada")
  })
  test("whoever leaves that day is still asked", async () => {
    await look(school, sql`update membership set to_date = ${thursday} where student_id = ${school.people.ada}`)
    await plan(opens)
    expect(await whoIsAsked()).toContain("ada")
  })
  test("whoever left the day before is not", async () => {
    await look(school, sql`update membership set to_date = '2027-02-03' where student_id = ${school.people.ada}`)
    await plan(opens)
    expect(await whoIsAsked()).not.toContain("ada")
  })
  test("whoever's pause ends that day is asked", async () => {
    await change("ada", sql`paused_until = ${thursday}`)
    await plan(opens)
    expect(await whoIsAsked()).toContain("ada")
  })
})

describe("a planner that was down", () => {
  test("over the evening asks once, in the morning", async () => {
    await fresh({ settings: { "prompt.time": "17:00" } })
    await plan(at(thursday, "20:00"))
    await plan(at("2027-02-05", "07:30"))
    const prompts = (await owed("prompt")).filter(({ who }) => who === "ada")
    expect(prompts.map(({ dueAt }) => dueAt)).toEqual([at("2027-02-05", "07:30")])
  })
  test("over the weekend asks on Monday, without a reminder in the same breath", async () => {
    await plan(at("2027-02-06", "12:00"))
    const ada = (list: { who: string }[]) => list.filter(({ who }) => who === "ada")
    expect(ada(await owed("prompt"))).toMatchObject([{ dueAt: at("2027-02-08", "07:30") }])
    expect(ada(await owed("reminder")).length).toBeLessThanOrEqual(1)
  })
  test("until too little time is left asks nobody, and counts it as no chance", async () => {
    expect(await plan(at("2027-02-09", "15:00", "west"))).toMatchObject({ owed: 0 })
    const ada = (await asked()).filter(({ who, week }) => who === "ada" && week === "2027-02-01")
    expect(ada.map(({ state, outcome }) => [state, outcome])).toEqual([["closed", "no_chance"]])
  })
  test("for a week counts what it missed, asks what is open, and both once", async () => {
    for (let i = 0; i < 2; i++) await plan(at("2027-02-11", "14:45"))
    const ada = (await asked()).filter(({ who }) => who === "ada")
    expect(ada.map(({ week, state }) => [week, state])).toEqual([
      ["2027-02-01", "closed"],
      ["2027-02-08", "open"],
    ])
    expect((await owed("prompt")).filter(({ who }) => who === "ada")).toHaveLength(1)
  })
})

describe("when the clocks change", () => {
  const every = async (from: string, days: number) => {
    for (let i = 0; i <= days; i++) for (const time of ["01:30", "02:30", "14:45", "23:30"]) await plan(at(addDays(from, i), time))
  }
  test.each([
    ["forward", "2027-03-08", 17, ["2027-03-11", "2027-03-25"]],
    ["back", "2027-11-01", 11, ["2027-11-04", "2027-11-11"]],
  ])("%s, each week's prompt is there once, at a quarter to three", async (_what, from, days, dates) => {
    await look(school, sql`update term set ends = '2027-12-17'`)
    await look(school, sql`update plan set since = ${at(from, "00:00")}`)
    await every(from, days)
    const ada = (await asked()).filter(({ who }) => who === "ada")
    expect(ada.map(({ date }) => date)).toEqual(dates)
    expect(ada.map(({ opensAt }) => localTime(opensAt, zones.east))).toEqual(dates.map(() => "14:45"))
    expect(ada.map(({ closesAt }) => localTime(closesAt, zones.east))).toEqual(dates.map(() => "18:00"))
  })
})

describe("reading lists", () => {
  test("are owed once to each adult who will read, on the next staff morning", async () => {
    await plan(opens)
    const lists = await owed("reading_list")
    expect(lists.map(({ who, dueAt }) => [who, dueAt])).toEqual(["linde", "okafor", "rivera"].map((who) => [who, at("2027-02-05", "07:30")]))
  })
  test("are owed once a week to an adult of two groups", async () => {
    await plan(opens)
    await plan(at(thursday, "14:45", "west"))
    expect((await owed("reading_list")).filter(({ who }) => who === "okafor")).toHaveLength(1)
  })
  test("are owed once, however many plan at the same moment", async () => {
    await Promise.all([plan(opens), plan(opens), plan(opens)])
    expect(await owed("reading_list")).toHaveLength(3)
  })
  test("go to whoever covers", async () => {
    await look(
      school,
      sql`insert into away (school_id, id, adult_id, cover_id, from_date, until_date)
          values (${school.id}, ${randomUUID()}, ${school.people.rivera}, ${school.people.tanner}, '2027-02-01', '2027-02-12')`,
    )
    await plan(opens)
    expect((await owed("reading_list")).map(({ who }) => who)).toEqual(["linde", "okafor", "tanner"])
  })
  test("are owed to nobody for a week that nobody could answer", async () => {
    await plan(at("2027-02-09", "15:00", "west"))
    expect(await owed("reading_list")).toEqual([])
  })
})

test("the lanes that get work are told of", async () => {
  const woken = await sceneFor(school, opens, async (scene) => {
    await planSchool(scene)
    return scene.woken
  })
  expect(woken).toEqual([{ platform: "playground", tenant: school.tenant }])
})

test("a plan that is switched off ends what is open: no reminder is owed any more, and nobody missed a chance", async () => {
  await plan(opens)
  await sceneFor(school, at("2027-02-05", "10:00"), ({ tx }) =>
    switchPlan(tx, school.id, { id: school.plans.maple, groupId: school.groups.maple, active: false, now: at("2027-02-05", "10:00") }),
  )
  const states = await look<{ state: string; outcome: string; group: string }>(
    school,
    sql`select distinct state, outcome, group_id as "group" from occurrence where group_id = ${school.groups.maple}`,
  )
  expect(states).toEqual([{ state: "closed", outcome: "no_chance", group: school.groups.maple }])
})
