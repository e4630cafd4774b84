// What the nightly sweep takes to find who has gone quiet, beside one hash aggregate over every question of the same weeks in the same database.
// Ours is `judgeWeek` as the sweep runs it: from the kept state to who is to be told of, row-level security and all, for every student of a district at once.
import { randomUUID } from "node:crypto"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { type Database, openDatabase, rows, withSchool } from "../db/client.ts"
import { startEmbedded } from "../db/embedded.ts"
import { migrate } from "../db/migrate.ts"
import { judgeWeek, noteWeek } from "../src/engagement/judge-week.ts"
import { settingsFrom } from "../src/roster/settings.ts"
import { asOwner } from "./owner.ts"
import type { Measured } from "./run.ts"
import { lastWeek, schoolId, seed, weeks } from "./sweep-school.ts"

const small = 100_000
const large = 1_000_000
const measuredTurns = 3
const now = new Date("2027-01-27T02:00:00Z")

type Size = { students: number; ours: number; limit: number; opened: number; refreshed: number; writeMs: number; seedMs: number }

export async function sweep(): Promise<Measured> {
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
      sizes.push(await measure(url, students))
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

async function measure(url: string, students: number): Promise<Size> {
  const [owner, app] = [openDatabase(url, { role: null, max: 2 }), openDatabase(url, { max: 1 })]
  try {
    const began = performance.now()
    await seed(owner, students)
    const seedMs = performance.now() - began
    const turns: { ours: number; limit: number }[] = []
    let written: Pick<Size, "opened" | "refreshed" | "writeMs"> | null = null
    // The first turn warms both, and writes what it finds.
    for (let turn = 0; turn <= measuredTurns; turn++) {
      const limit = await aggregate(owner)
      const { ms, ...found } = await judge(app, turn === 0)
      if (turn > 0) turns.push({ ours: ms, limit })
      else written = found
    }
    if (written === null) throw new Error("Nothing was measured.")
    const [ours, limit] = [median(turns.map((turn) => turn.ours)), median(turns.map((turn) => turn.limit))]
    return { students, ours, limit, ...written, seedMs }
  } finally {
    await owner.close(500)
    await app.close(500)
  }
}

class Undone extends Error {}

/** One sweep's judging of everybody, and where `writes` what it writes of it. All of it is undone for the next turn. */
async function judge(db: Database, writes: boolean): Promise<{ ms: number } & Pick<Size, "opened" | "refreshed" | "writeMs">> {
  let [ms, opened, refreshed, writeMs] = [0, 0, 0, 0]
  await withSchool(db, schoolId, async (tx) => {
    const groupIds = new Set((await rows<{ id: string }>(tx, sql`select id from school_group`)).map(({ id }) => id))
    const siteIds = (await rows<{ id: string }>(tx, sql`select id from site`)).map(({ id }) => id)
    const scene = { deps: { ids: randomUUID } as never, tx, schoolId, now, settings: settingsFrom({}), woken: [] }
    const from = performance.now()
    const found = await judgeWeek(scene, lastWeek, siteIds, groupIds)
    ms = performance.now() - from
    opened = found.opening.length + found.notices.length
    refreshed = found.refreshing.length
    if (writes) {
      const wrote = performance.now()
      await noteWeek(scene, found, groupIds)
      writeMs = performance.now() - wrote
    }
    throw new Undone()
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  return { ms, opened, refreshed, writeMs }
}

/** As much memory as the sweep has, as many processors as the server likes, no row-level security, and nothing of what it finds is fetched. */
async function aggregate(owner: Database): Promise<number> {
  return withSchool(owner, schoolId, async (tx) => {
    await rows(tx, sql`select set_config('work_mem', '64MB', true)`)
    const from = performance.now()
    await rows(
      tx,
      sql.raw(`select count(*), sum(chances), sum(answers), sum(misses) from (
        select student_id, count(*) filter (where state in ('answered', 'skipped') or outcome = 'missed') as chances,
          count(*) filter (where state in ('answered', 'skipped')) as answers, count(*) filter (where outcome = 'missed') as misses
        from bench_occurrence where school_id = '${schoolId}' group by student_id) one`),
    )
    return performance.now() - from
  })
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
    lines: [
      ...sizes.flatMap((size) => [
        `${count(size.students)} students x ${weeks} weeks, median of ${measuredTurns} turns by turns after one to warm up:`,
        `  detection, from the kept state to who is to be told of: ${count(size.opened)} new, ${count(size.refreshed)} told before  ${seconds(size.ours)}`,
        `  one hash aggregate over ${count(size.students * weeks)} questions  ${seconds(size.limit)}`,
        `  ratio  ${(size.ours / size.limit).toFixed(3)}`,
        `  beside it, not counted: writing these notes, once  ${seconds(size.writeMs)}; making up the school  ${seconds(size.seedMs)}`,
      ]),
      "The questions are a narrow copy (school, student, week, state, outcome) without an index, which favours the aggregate. It reads them and writes nothing.",
      "Detection writes how the week closed at each site. Of students there is what it reads: kept weeks, notes of earlier weeks, skipped questions.",
    ],
  }
}
