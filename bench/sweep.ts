// What the nightly sweep takes to find who has gone quiet, beside one hash aggregate over every question of the same weeks in the same database.
// Ours is `judgeWeek` as the sweep runs it: from the kept state to notes opened, row-level security and all, for every student of a district at once.
import { randomUUID } from "node:crypto"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { type Database, glance, openDatabase, rows, type Tx, withSchool } from "../db/client.ts"
import { startEmbedded } from "../db/embedded.ts"
import { migrate } from "../db/migrate.ts"
import { closeWeek } from "../db/queries/engagement.ts"
import { keepGroups } from "../db/queries/engagement-sweep.ts"
import { judgeWeek } from "../src/engagement/judge-week.ts"
import { settingsFrom } from "../src/roster/settings.ts"
import type { Measured } from "./run.ts"
import {
  lastWeek,
  schoolId,
  seedAlerts,
  seedBareOccurrences,
  seedDistrict,
  seedHistory,
  seedOccurrences,
  seedSiteWeeks,
  weeks,
} from "./sweep-school.ts"

const small = 100_000
const large = 1_000_000
const mostTurns = 5
// Seeding takes what it takes; the turns end in time, whatever is left of them.
const endsAfterMs = 100_000
const now = new Date("2027-01-27T02:00:00Z")

type Size = { students: number; ours: number; limit: number; opened: number; refreshed: number; closingMs: number | null; turns: number }

export async function sweep(): Promise<Measured> {
  const began = performance.now()
  const dataDir = await mkdtemp(join(tmpdir(), "rapport-bench-"))
  await chmod(dataDir, 0o755)
  let postgres = await startEmbedded({ dataDir })
  try {
    // New tables are then written once instead of twice; what is measured writes to tables that are there.
    for (const [key, value] of [
      ["wal_level", "minimal"],
      ["max_wal_senders", "0"],
      ["max_wal_size", "8GB"],
    ])
      await asOwner(postgres.ownerUrl, `alter system set ${key} = '${value}'`)
    await postgres.stop()
    postgres = await startEmbedded({ dataDir })
    const sizes: Size[] = []
    for (const students of [small, large]) {
      const url = await databaseFor(postgres.ownerUrl, students)
      sizes.push(await measure(url, students, () => performance.now() - began < endsAfterMs))
    }
    return shown(sizes)
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function databaseFor(ownerUrl: string, students: number): Promise<string> {
  await asOwner(ownerUrl, `create database sweep_${students}`)
  const url = new URL(ownerUrl)
  url.pathname = `/sweep_${students}`
  await migrate(url.href)
  return url.href
}

async function measure(url: string, students: number, inTime: () => boolean): Promise<Size> {
  const [owner, app] = [openDatabase(url, { role: null, max: 1 }), openDatabase(url, { max: 1 })]
  const isSmall = students === small
  try {
    await withSchool(owner, schoolId, async (tx) => {
      await seedDistrict(tx, students, isSmall)
      await seedHistory(tx, !isSmall)
      await seedAlerts(tx)
      await seedSiteWeeks(tx)
      await (isSmall ? seedOccurrences(tx) : seedBareOccurrences(tx))
    })
    await glance(owner, "vacuum analyze", [])
    const closingMs = isSmall ? await close(app) : null
    if (isSmall) await glance(owner, "vacuum analyze history", [])

    const turns: { ours: number; limit: number }[] = []
    let found = { opened: 0, refreshed: 0 }
    for (let turn = 0; turn <= mostTurns && (turn < 2 || inTime()); turn++) {
      const limit = await aggregate(app, isSmall ? "occurrence" : "bench_occurrence", owner)
      const { ms, ...counts } = await judge(app)
      found = counts
      // The first turn warms both.
      if (turn > 0) turns.push({ ours: ms, limit })
    }
    return {
      students,
      ours: median(turns.map(({ ours }) => ours)),
      limit: median(turns.map(({ limit }) => limit)),
      ...found,
      closingMs,
      turns: turns.length,
    }
  } finally {
    await owner.close(500)
    await app.close(500)
  }
}

/** What the sweep does before it judges: every open question is closed, its outcome kept with the question and in the student's history. */
async function close(db: Database): Promise<number> {
  const from = performance.now()
  await withSchool(db, schoolId, async (tx) => {
    const due = await rows<{ siteId: string; closesAt: Date }>(
      tx,
      sql`select distinct g.site_id as "siteId", o.closes_at as "closesAt" from occurrence o join school_group g on g.id = o.group_id where o.state = 'open'`,
    )
    await closeWeek(
      tx,
      lastWeek,
      due.map((one) => ({ ...one, week: lastWeek, closeDate: "2027-01-26", fairUntil: new Date("2027-01-25T20:00:00Z") })),
      now,
    )
    await keepGroups(tx, lastWeek)
  })
  return performance.now() - from
}

class Undone extends Error {}

/** One sweep's judging of everybody, undone for the next turn. */
async function judge(db: Database): Promise<{ ms: number; opened: number; refreshed: number }> {
  let ms = 0
  let counts = { opened: 0, refreshed: 0 }
  await withSchool(db, schoolId, async (tx) => {
    const groupIds = (await rows<{ id: string }>(tx, sql`select id from school_group`)).map(({ id }) => id)
    const siteIds = (await rows<{ id: string }>(tx, sql`select id from site`)).map(({ id }) => id)
    const [before] = await countAlerts(tx)
    const deps = { ids: randomUUID } as never
    const from = performance.now()
    await judgeWeek({ deps, tx, schoolId, now, settings: settingsFrom({}), woken: [] }, lastWeek, siteIds, new Set(groupIds))
    ms = performance.now() - from
    const [after] = await countAlerts(tx)
    counts = { opened: (after?.all ?? 0) - (before?.all ?? 0), refreshed: (after?.current ?? 0) - ((after?.all ?? 0) - (before?.all ?? 0)) }
    throw new Undone()
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  return { ms, ...counts }
}

const countAlerts = (tx: Tx) =>
  rows<{ all: number; current: number }>(
    tx,
    sql`select count(*)::int as "all", count(*) filter (where facts ->> 'week' = ${lastWeek} and state <> 'closed')::int as current from alert`,
  )

/** The same memory as the sweep has, no row-level security, and nothing of what it finds is fetched. */
async function aggregate(_app: Database, table: string, owner: Database): Promise<number> {
  return withSchool(owner, schoolId, async (tx) => {
    await rows(tx, sql`select set_config('work_mem', '64MB', true)`)
    const from = performance.now()
    await rows(
      tx,
      sql.raw(`select count(*), sum(chances), sum(answers), sum(misses) from (
        select student_id, count(*) filter (where state in ('answered', 'skipped') or outcome = 'missed') as chances,
          count(*) filter (where state in ('answered', 'skipped')) as answers, count(*) filter (where outcome = 'missed') as misses
        from ${table} where school_id = '${schoolId}' group by student_id) one`),
    )
    return performance.now() - from
  })
}

async function asOwner(url: string, statement: string): Promise<void> {
  const owner = openDatabase(url, { role: null, max: 1 })
  try {
    await glance(owner, statement, [])
  } finally {
    await owner.close()
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const count = (n: number): string => n.toLocaleString("en-US")

function shown(sizes: readonly Size[]): Measured {
  const last = sizes.at(-1)
  if (last === undefined) throw new Error("Nothing was measured.")
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
  return {
    ratio: last.ours / last.limit,
    ours: last.ours / 1_000,
    limit: last.limit / 1_000,
    unit: "seconds for a week's detection, 1,000,000 students x 20 weeks",
    lines: sizes.flatMap((size) => [
      `${count(size.students)} students x ${weeks} weeks, median of ${size.turns} turns by turns:`,
      `  detection: from the kept state to ${count(size.opened)} notes opened, ${count(size.refreshed)} brought up to date  ${seconds(size.ours)}`,
      `  one hash aggregate over ${count(size.students * weeks)} ${size.students === small ? "questions, in the product's own table" : "rows of the questions' week, state and outcome, without an index"}  ${seconds(size.limit)}`,
      `  ratio  ${(size.ours / size.limit).toFixed(3)}`,
      ...(size.closingMs === null
        ? []
        : [`  beside it, not counted: closing the week (outcomes of open questions, letters, groups), once  ${seconds(size.closingMs)}`]),
      ...(size.students === small
        ? [""]
        : ["  Students' own rows and memberships, which detection does not read, are there for the smaller size only."]),
    ]),
  }
}
