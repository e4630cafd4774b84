// A year of the sample school, from its first morning to July: what everybody got, when, and what nobody got.
// `npx vitest run test/journeys/year.test.ts` prints it as tables.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Tx, withSchool } from "../../db/client.ts"
import { readWeeks } from "../../db/queries/outreach-coverage.ts"
import { addDays } from "../../src/scheduling/zone.ts"
import { openTestTown, type TestTown } from "../support/town.ts"
import { readYear, type YearReport, yearTables } from "../support/year-report.ts"

const firstDay = new Date("2026-09-08T12:00:00Z")
const autumn = new Date("2026-11-25T17:00:00Z")
const summer = new Date("2027-07-01T16:00:00Z")

/** From when to before when somebody leaves every question. Nobody else leaves two in a row, and these none but here. */
const silences: Readonly<Record<string, readonly (readonly [from: string, until: string])[]>> = {
  "s-05": [["2026-12-08", "2027-01-05"]],
  "s-09": [["2027-05-10", "2027-07-01"]],
  "s-11": [
    ["2026-10-19", "2026-12-07"],
    ["2027-04-12", "2027-07-01"],
  ],
  "s-25": [["2027-02-22", "2027-04-05"]],
  "s-31": [["2026-10-19", "2027-02-01"]],
  "s-42": [["2026-12-08", "2027-01-26"]],
  "s-53": [["2027-03-15", "2027-04-20"]],
  "s-60": [["2026-08-31", "2026-10-05"]],
}
/** Leaves the very first questions: after two of them, a note of its own kind. */
const startsLate = "s-60"
/** Two questions before the winter break, and the break: never a note. */
const quietOverWinter = "s-05"
const greeting = ["t-01", "t-02", "t-03", "t-04", "t-05", "t-06", "t-07", "t-08", "t-09", "t-10", "c-01", "c-02"]
const habits = {
  ...Object.fromEntries(
    Object.entries(silences).map(([user, list]) => [user, { firstMiss: null, missesEvery: null, silentFrom: null, silences: list }]),
  ),
  ...Object.fromEntries(greeting.map((user) => [user, { greets: true }])),
}
const breaks = ["2026-10-12", "2026-12-21", "2026-12-28", "2027-03-29"]
const schoolWeeks = Array.from({ length: 41 }, (_, n) => addDays("2026-08-31", 7 * n)).filter((week) => !breaks.includes(week))

/** A question that was missed: in which silence of the student's (0: before any answer). */
type Missed = { who: string; turn: number; closed: Date; week: string }

/** The question with which a silence was long enough: the third missed, the first behind a break not counted for it; the second of who never started. */
function enough(silence: readonly Missed[]): { who: string; closed: Date; week: string; misses: number }[] {
  const broken = (i: number): boolean => breaks.some((week) => (silence[i - 1]?.week ?? week) < week && week < (silence[i]?.week ?? week))
  const at = silence.findIndex(({ turn }, i) => (turn === 0 ? i === 1 : i >= 2 && !broken(i)))
  const found = silence[at]
  return found ? [{ who: found.who, closed: found.closed, week: found.week, misses: at + 1 }] : []
}

let town: TestTown
let year: YearReport
let byAutumn: readonly { who: string; kind: string }[]

const alerted = () =>
  town.ask<{ who: string; kind: string }>(
    sql`select distinct p.sourced_id as who, a.kind from alert a left join person p on p.school_id = a.school_id and p.id = a.subject_id order by 1`,
  )

beforeAll(async () => {
  town = await openTestTown({ habits })
  await town.moveTo(firstDay)
  await town.analyze()
  await town.moveTo(autumn)
  byAutumn = await alerted()
  await town.moveTo(summer)
  year = await readYear(town)
}, 900_000)
afterAll(async () => {
  await town.close()
})

describe("a year of the sample school", () => {
  it("is told in tables", () => {
    console.log(yearTables(year))
    expect(year.adultWeeks.length).toBe(year.adults.length * year.weeks.length)
    expect(year.adultWeeks.some(({ names }) => names.length === 3)).toBe(true)
  })

  it("asks every student once in every school week, and never in a break", async () => {
    const asked = await town.ask<{ week: string; students: number; prompts: number }>(
      sql`select to_char(o.week, 'YYYY-MM-DD') as week, count(distinct o.student_id)::int as students, count(*)::int as prompts
          from occurrence o join delivery d on d.subject_id = o.id and d.kind = 'prompt' and d.state = 'sent' group by 1 order by 1`,
    )
    expect(asked).toEqual(schoolWeeks.map((week) => ({ week, students: 60, prompts: 60 })))
  })

  it("sends each prompt once into the student's own chat", () => {
    for (const user of Array.from({ length: 60 }, (_, i) => `s-${String(i + 1).padStart(2, "0")}`)) {
      const prompts = town
        .messages(user)
        .flatMap((item) => (item.by === "bot" ? item.message.blocks : []))
        .flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
        .filter(({ action }) => action === "reflect_first")
      expect(new Set(prompts.map(({ id }) => id)).size).toBeLessThanOrEqual(schoolWeeks.length)
    }
  })

  it("opens at a quarter to three by each site's own clock, before and after both changes of the clocks", async () => {
    const times = await town.ask(
      sql`select distinct si.zone, to_char(d.settled_at at time zone si.zone, 'HH24:MI') as time from delivery d
          join person p on p.school_id = d.school_id and p.id = d.person_id join site si on si.school_id = p.school_id and si.id = p.site_id
          where d.kind = 'prompt' and d.state = 'sent' order by 1, 2`,
    )
    expect(times).toEqual([
      { zone: "America/Chicago", time: "14:45" },
      { zone: "America/New_York", time: "14:45" },
    ])
  })

  it("sends nothing but what is urgent outside of half past seven to six, on a weekend or on a day off, to students or to staff", async () => {
    const outside = await town.ask(
      sql`select d.kind, d.settled_at, p.role from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id
          join site si on si.school_id = p.school_id and si.id = p.site_id
          cross join lateral (select d.settled_at at time zone si.zone as local) l
          where d.state = 'sent' and not d.urgent and (
            l.local::time < '07:30' or l.local::time >= '18:00' or extract(isodow from l.local) > 5
            or not exists (select from term t where t.school_id = p.school_id and l.local::date between t.starts and t.ends)
            or exists (select from day_off o where o.school_id = p.school_id and o.site_id = p.site_id and o.date = l.local::date
              and case when p.role = 'student' then o.students else o.staff end))`,
    )
    expect(outside).toEqual([])
  })

  it("writes to nobody on a day that is off for everybody", async () => {
    const off = await town.ask<{ day: string; sent: number }>(
      sql`select to_char(o.date, 'YYYY-MM-DD') as day, (select count(*)::int from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id
            join site si on si.school_id = p.school_id and si.id = p.site_id
            where d.state = 'sent' and si.id = o.site_id and (d.settled_at at time zone si.zone)::date = o.date) as sent
          from day_off o where o.students and o.staff`,
    )
    expect(off.length).toBeGreaterThan(40)
    expect(off.filter(({ sent }) => sent > 0)).toEqual([])
  })

  it("gives no adult more than three names in a week, those of notes among them", () => {
    expect(year.adultWeeks.filter(({ names }) => names.length > 3)).toEqual([])
  })

  it("starts at most two messages a week to any adult", () => {
    expect(year.adultWeeks.filter(({ started }) => started > 2)).toEqual([])
  })

  it("puts a name on one list a week, the counsellors' being one", () => {
    const listed = year.adultWeeks.flatMap(({ user, week, names }) =>
      names.map((name) => ({ user: user.replace(/^c-.*/, "counsellors"), week, name })),
    )
    const shared = [...Map.groupBy(listed, ({ week, name }) => `${week} ${name}`)].filter(
      ([, list]) => new Set(list.map(({ user }) => user)).size > 1,
    )
    expect(shared.map(([what, list]) => `${what}: ${list.map(({ user }) => user).join(", ")}`)).toEqual([])
  })

  it("tells by late autumn of the two students who had gone silent and the one who started late, and of no one else", () => {
    expect(byAutumn).toEqual([
      { who: "s-11", kind: "silence" },
      { who: "s-31", kind: "silence" },
      { who: startsLate, kind: "never_started" },
    ])
  })

  it("tells of every silence of three questions once, and of nobody else", () => {
    const expected = Object.entries(silences).flatMap(([who, list]) => (who === quietOverWinter ? [] : list.map(() => who)))
    expect(year.alerts.map(({ user }) => user).sort()).toEqual(expected.sort())
    for (const { user, kind } of year.alerts) expect(kind).toBe(user === startsLate ? "never_started" : "silence")
  })

  it("tells in the week in which the third missed question closes, or the second of one who never started", async () => {
    const missed = await town.ask<Missed>(
      sql`with silent as (
            select o.*, count(*) filter (where o.state in ('answered', 'skipped')) over (partition by o.student_id order by o.week) as turn from occurrence o
          )
          select p.sourced_id as who, s.turn::int as turn, s.closes_at as closed, to_char(s.week, 'YYYY-MM-DD') as week from silent s
          join person p on p.school_id = s.school_id and p.id = s.student_id where s.outcome = 'missed' order by s.week`,
    )
    const due = [...Map.groupBy(missed, ({ who, turn }) => `${who} ${turn}`).values()].flatMap(enough)
    const told = year.alerts.map(({ user, week, openedAt, misses }) => ({ who: user, closed: openedAt, week, misses }))
    const inOrder = (list: typeof told) => list.toSorted((a, b) => a.closed.getTime() - b.closed.getTime() || a.who.localeCompare(b.who))
    expect(inOrder(told)).toEqual(inOrder(due))
  })

  it("has one open note at a time about a student", () => {
    for (const list of Map.groupBy(year.alerts, ({ user }) => user).values())
      for (const [i, one] of list.entries()) expect(i === 0 || (list[i - 1]?.closedOn ?? "9999") <= one.openedOn).toBe(true)
  })

  it("opens no note in a break or for one that only the break made", () => {
    for (const { openedOn } of year.alerts) for (const week of breaks) expect(openedOn < week || openedOn > addDays(week, 6)).toBe(true)
    expect(year.alerts.map(({ user }) => user)).not.toContain(quietOverWinter)
  })

  it("has at least 95 in 100 answers read by a named adult before the next question, as the school is told", async () => {
    const [own] = await town.ask<{ answers: number; read: number }>(
      sql`select count(*)::int as answers, count(*) filter (where g.read_by is not null and g.read_at < next.at)::int as read
          from reply r join occurrence o on o.school_id = r.school_id and o.id = r.occurrence_id join reading g on g.school_id = r.school_id and g.reply_id = r.id
          cross join lateral (select coalesce(min(n.opens_at), o.opens_at + interval '28 days') as at from occurrence n
            where n.school_id = o.school_id and n.student_id = o.student_id and n.week > o.week) next where next.at <= ${summer}`,
    )
    const sites = await town.ask<{ id: string }>(sql`select id from site`)
    const told = await Promise.all(
      sites.map(({ id }) =>
        withSchool(town.db, town.schoolId, (tx: Tx) => readWeeks(tx, { siteId: id, first: "2026-08-31", last: "2027-06-07", now: summer })),
      ),
    )
    const sum = (of: "answers" | "read") => told.flat().reduce((total, week) => total + week[of], 0)
    expect({ answers: sum("answers"), read: sum("read") }).toEqual(own)
    expect(sum("answers")).toBeGreaterThan(1_500)
    expect(sum("read") / sum("answers")).toBeGreaterThanOrEqual(0.95)
  })

  it("loses nothing: every delivery has ended, and what became of them adds up", async () => {
    const states = await town.ask<{ state: string; count: number }>(sql`select state, count(*)::int as count from delivery group by 1 order by 1`)
    const ended = states.filter(({ state }) => ["sent", "refused", "unknown", "expired"].includes(state))
    expect(states.filter((one) => !ended.includes(one))).toEqual([])
    const [all] = await town.ask<{ count: number }>(sql`select count(*)::int as count from delivery`)
    expect(ended.reduce((sum, { count }) => sum + count, 0)).toBe(all?.count)
    expect(ended.find(({ state }) => state === "sent")?.count).toBe(year.sent.reduce((sum, { count }) => sum + count, 0))
  })
})
