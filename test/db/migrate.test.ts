import { execFile } from "node:child_process"
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import postgres from "postgres"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openDatabase } from "../../db/client.ts"
import { isMigrated, MigrationTrouble, migrate, migrationsFolder } from "../../db/migrate.ts"
import { emptyDatabase } from "../support/database.ts"

let folder: string
let database: Awaited<ReturnType<typeof emptyDatabase>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-migrate-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  database = await emptyDatabase()
})
afterEach(() => database.drop())

async function owner(statement: string): Promise<postgres.Row[]> {
  const client = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  try {
    return [...(await client.unsafe(statement))]
  } finally {
    await client.end()
  }
}

/** A small history of its own, so that these tests do not depend on ours. */
async function history(name: string, ...migrations: string[]): Promise<string> {
  const at = join(folder, name)
  await cp(migrationsFolder, at, { recursive: true, filter: (source) => !source.endsWith(".sql") })
  const entries = migrations.map((_, index) => ({ idx: index, version: "7", when: 1_000 + index, tag: `000${index}_step`, breakpoints: true }))
  await writeFile(join(at, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }))
  for (const [index, statements] of migrations.entries()) await writeFile(join(at, `000${index}_step.sql`), statements)
  return at
}

describe("migration", () => {
  test("is done once, whoever else starts at the same moment, and is then done", async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl)))
    const all = (await readdir(migrationsFolder)).filter((name) => name.endsWith(".sql")).map((name) => name.replace(".sql", ""))
    expect(runs.flat()).toEqual(all)
    expect(await migrate(database.ownerUrl)).toEqual([])
  })

  test("is seen to be done by the role that the app drops to", async () => {
    await migrate(database.ownerUrl)
    const db = openDatabase(database.ownerUrl, { max: 1 })
    expect(await isMigrated(db)).toBe(true)
    await owner("insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)")
    expect(await isMigrated(db)).toBe(false)
    await db.close()
  })

  test("goes on from an earlier version", async () => {
    await migrate(database.ownerUrl, await history("early", "create table a (n int)"))
    expect(await migrate(database.ownerUrl, await history("late", "create table a (n int)", "create table b (n int)"))).toEqual(["0001_step"])
  })

  test("leaves no drift between the schema and the migrations", async () => {
    const out = join(folder, "drift")
    await cp(migrationsFolder, out, { recursive: true })
    const root = join(import.meta.dirname, "../..")
    const tool = join(root, "node_modules/drizzle-kit/bin.cjs")
    // It takes a relative folder only.
    const options = ["--dialect=postgresql", `--schema=${join(root, "db/schema/*.ts")}`, "--out=./drift"]
    const { stdout } = await promisify(execFile)(process.execPath, [tool, "generate", ...options], { cwd: folder })
    expect(stdout).toContain("No schema changes")
    expect(await readFile(join(out, "meta/_journal.json"), "utf8")).toBe(await readFile(join(migrationsFolder, "meta/_journal.json"), "utf8"))
  })
})

describe("migration is refused in one sentence", () => {
  const refusal = async (at?: string) => {
    const error = await migrate(database.ownerUrl, at).catch((reason: unknown) => reason)
    if (!(error instanceof MigrationTrouble)) throw new Error("It went through, or failed without a sentence.", { cause: error })
    return error.message
  }

  test("by a database from a newer version", async () => {
    await migrate(database.ownerUrl, await history("newer", "create table a (n int)", "create table b (n int)"))
    expect(await refusal(await history("older", "create table a (n int)"))).toContain("made by a newer Rapport")
  })

  test("by tables that are already there", async () => {
    await owner("create table person (n int)")
    expect(await refusal()).toContain("stopped half way")
  })

  test("by a migration that was changed after it was applied", async () => {
    await migrate(database.ownerUrl, await history("as-it-was", "create table a (n int)"))
    expect(await refusal(await history("as-it-is", "create table a (m int)"))).toContain("0000_step was changed")
  })

  test("by a gap in what was applied", async () => {
    const full = await history("full", "create table a (n int)", "create table b (n int)")
    await migrate(database.ownerUrl, full)
    await owner("delete from drizzle.__drizzle_migrations where created_at = 1000")
    expect(await refusal(full)).toContain("0000_step is missing")
  })

  test("by a statement that fails, and then nothing of it is kept", async () => {
    const at = await history(
      "fails",
      "create table a (n int)",
      "create table b (n int);--> statement-breakpoint\nalter table nowhere add column n int",
    )
    expect(await refusal(at)).toMatch(/0001_step did not fit this database \(relation "nowhere" does not exist\): nothing was changed/)
    expect(await owner("select tablename from pg_tables where schemaname = 'public'")).toEqual([])
  })
})
