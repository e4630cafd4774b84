// Decides whether the database fits this version, and brings it there. Refuses to go on from a state it does not know.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { readMigrationFiles } from "drizzle-orm/migrator"
import { drizzle } from "drizzle-orm/postgres-js"
import { migrate as drizzleMigrate } from "drizzle-orm/postgres-js/migrator"
import postgres from "postgres"

/** One sentence for the person who installs it: what is wrong and what to do. */
export class MigrationTrouble extends Error {
  override readonly name = "MigrationTrouble"
}

export const migrationsFolder = join(import.meta.dirname, "migrations")

const lock = 7_236_452

type Known = { name: string; at: number; hash: string }

/** Brings the database to this version; every process may call it, one does it. Returns the migrations applied now, by name. */
export async function migrate(ownerUrl: string, folder: string = migrationsFolder): Promise<string[]> {
  const client = postgres(ownerUrl, { max: 1, connect_timeout: 10, idle_timeout: 0, max_lifetime: 0, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${lock})`
    const known = knownMigrations(folder)
    const pending = await pendingMigrations(client, known)
    if (pending.length === 0) return []
    try {
      await drizzleMigrate(drizzle(client), { migrationsFolder: folder })
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new MigrationTrouble(
        `The migration ${nameOfFailed(error, folder, pending)} did not fit this database (${reason}): nothing was changed; ` +
          "restore the backup this database came from, or use an empty one.",
        { cause: error },
      )
    }
    return pending.map((migration) => migration.name)
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Whether every migration of this version has been applied and none of a newer one: what `/readyz` asks. */
export async function isMigrated(url: string, folder: string = migrationsFolder): Promise<boolean> {
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    return (await pendingMigrations(client, knownMigrations(folder))).length === 0
  } catch (error) {
    if (error instanceof MigrationTrouble) return false
    throw error
  } finally {
    await client.end({ timeout: 1 })
  }
}

function knownMigrations(folder: string): Known[] {
  const { entries } = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")) as { entries: { tag: string; when: number }[] }
  const files = readMigrationFiles({ migrationsFolder: folder })
  return entries.map((entry, index) => ({ name: entry.tag, at: entry.when, hash: files[index]?.hash ?? "" }))
}

async function pendingMigrations(client: postgres.Sql, known: readonly Known[]): Promise<Known[]> {
  const [found] = await client<{ journal: string | null; tables: number }[]>`
    select to_regclass('drizzle.__drizzle_migrations')::text as journal,
      (select count(*)::int from pg_tables where schemaname = 'public') as tables`
  const applied =
    found?.journal === null || found === undefined
      ? []
      : await client<{ hash: string; at: string }[]>`select hash, created_at as at from drizzle.__drizzle_migrations order by created_at`
  if (applied.length === 0 && found !== undefined && found.tables > 0) {
    throw new MigrationTrouble(
      "This database holds tables that Rapport did not make, or a migration that stopped half way: give Rapport an empty database.",
    )
  }
  for (const [index, { hash, at }] of applied.entries()) {
    const expected = known[index]
    if (expected === undefined || Number(at) > (known.at(-1)?.at ?? 0)) {
      throw new MigrationTrouble("This database was made by a newer Rapport: install that version, or use another database.")
    }
    if (expected.at !== Number(at)) {
      throw new MigrationTrouble(`The migration ${expected.name} is missing from this database though later ones are there: restore its backup.`)
    }
    if (expected.hash !== hash) {
      throw new MigrationTrouble(`The migration ${expected.name} was changed after this database applied it: install the version it was made by.`)
    }
  }
  return known.slice(applied.length)
}

function nameOfFailed(error: unknown, folder: string, pending: readonly Known[]): string {
  const query = error instanceof Error && "query" in error ? String(error.query).trim() : ""
  const holds = ({ name }: Known) => readFileSync(join(folder, `${name}.sql`), "utf8").includes(query)
  return (pending.find(holds) ?? pending[0])?.name ?? "of this version"
}
