// Twelve weeks of the sample school, over a break and the end of summer time: what everybody got, when, and what nobody got.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openTestTown, type TestTown } from "../support/town.ts"

const end = new Date("2026-11-25T17:00:00Z")
/** Mondays of the twelve weeks; Thursday's prompt comes on Wednesday where Thursday is off, and not at all in the break. */
const breakWeek = "2026-10-12"
const weeks = [
  "2026-08-31",
  "2026-09-07",
  "2026-09-14",
  "2026-09-21",
  "2026-09-28",
  "2026-10-05",
  "2026-10-19",
  "2026-10-26",
  "2026-11-02",
  "2026-11-09",
  "2026-11-16",
  "2026-11-23",
]
const silent = ["s-11", "s-31"]

let town: TestTown

beforeAll(async () => {
  town = await openTestTown()
  await town.moveTo(end)
}, 300_000)
afterAll(async () => {
  await town.close()
})

describe("twelve weeks of the sample school", () => {
  it("asks every student exactly once in every school week, and never in the break", async () => {
    const asked = await town.ask<{ week: string; students: number; prompts: number }>(
      sql`select to_char(o.week, 'YYYY-MM-DD') as week, count(distinct o.student_id)::int as students, count(*)::int as prompts
          from occurrence o join delivery d on d.subject_id = o.id and d.kind = 'prompt' and d.state = 'sent' group by 1 order by 1`,
    )
    expect(asked).toEqual(weeks.map((week) => ({ week, students: 60, prompts: 60 })))
    expect(asked.map(({ week }) => week)).not.toContain(breakWeek)
  })

  it("sends each prompt once into the student's own chat", async () => {
    const [{ students } = { students: 0 }] = await town.ask<{ students: number }>(
      sql`select count(*)::int as students from person where role = 'student'`,
    )
    expect(students).toBe(60)
    const perStudent = Array.from({ length: 60 }, (_, i) => `s-${String(i + 1).padStart(2, "0")}`).map((user) => {
      const targets = town
        .messages(user)
        .flatMap((item) => (item.by === "bot" ? item.message.blocks : []))
        .flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
        .filter(({ action }) => action === "reflect_first")
      return new Set(targets.map(({ id }) => id)).size
    })
    expect(Math.max(...perStudent)).toBeLessThanOrEqual(weeks.length)
  })

  it("opens at a quarter to three by each site's own clock, before and after the clocks change", async () => {
    const times = await town.ask<{ zone: string; time: string; offset: string; count: number }>(
      sql`select distinct si.zone, to_char(d.settled_at at time zone si.zone, 'HH24:MI') as time from delivery d
          join person p on p.school_id = d.school_id and p.id = d.person_id join site si on si.school_id = p.school_id and si.id = p.site_id
          where d.kind = 'prompt' and d.state = 'sent' order by 1, 2`,
    )
    expect(times).toEqual([
      { zone: "America/Chicago", time: "14:45" },
      { zone: "America/New_York", time: "14:45" },
    ])
  })

  it("sends nothing in quiet hours, on a weekend or on a closed day, to students or to staff", async () => {
    const outside = await town.ask(
      sql`select d.kind, d.settled_at, p.role from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id
          join site si on si.school_id = p.school_id and si.id = p.site_id
          cross join lateral (select d.settled_at at time zone si.zone as local) l
          where d.state = 'sent' and not d.urgent and (
            l.local::time < '07:30' or l.local::time >= '18:00' or extract(isodow from l.local) > 5
            or exists (select from day_off o where o.school_id = p.school_id and o.site_id = p.site_id and o.date = l.local::date
              and case when p.role = 'student' then o.students else o.staff end))`,
    )
    expect(outside).toEqual([])
  })

  it("tells of the two students who went silent, and of no one else", async () => {
    const alerts = await town.ask<{ who: string; kind: string }>(
      sql`select distinct p.sourced_id as who, a.kind from alert a left join person p on p.school_id = a.school_id and p.id = a.subject_id order by 1`,
    )
    expect(alerts).toEqual(silent.map((who) => ({ who, kind: "silence" })))
  })

  it("has at least 95 in 100 answers read by a named adult, or passed on, before the next prompt", async () => {
    const [row] = await town.ask<{ answers: number; seen: number }>(
      sql`select count(*)::int as answers, count(*) filter (where g.read_at < next.opens_at or g.stage <> 'first')::int as seen
          from reply r join reading g on g.school_id = r.school_id and g.reply_id = r.id join occurrence o on o.school_id = r.school_id and o.id = r.occurrence_id
          join lateral (select n.opens_at from occurrence n where n.school_id = o.school_id and n.student_id = o.student_id and n.week > o.week order by n.week limit 1) next on true`,
    )
    expect(row?.answers).toBeGreaterThan(400)
    expect((row?.seen ?? 0) / (row?.answers ?? 1)).toBeGreaterThanOrEqual(0.95)
  })

  it("starts at most two messages a week to any adult", async () => {
    const over = await town.ask(
      sql`select d.person_id, date_trunc('week', d.settled_at at time zone 'UTC') as week, count(*)::int from delivery d
          where d.kind in ('reading_list', 'brief') and d.state = 'sent' group by 1, 2 having count(*) > 2`,
    )
    expect(over).toEqual([])
    const three = await town.ask(sql`select brief_id, count(*)::int from brief_name group by 1 having count(*) > 3`)
    expect(three).toEqual([])
  })

  it("loses nothing: every delivery whose time has passed has ended", async () => {
    const states = await town.ask<{ state: string; count: number }>(
      sql`select state, count(*)::int as count from delivery where due_at <= ${town.clock.now()} group by 1 order by 1`,
    )
    expect(states.map(({ state }) => state).filter((state) => state === "planned" || state === "sending" || state === "unknown")).toEqual([])
    expect(states.find(({ state }) => state === "sent")?.count).toBeGreaterThan(1_000)
  })
})
