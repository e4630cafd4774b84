// Decides whether the database fits this version, and brings it there. Refuses to go on from a state it does not know.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { readMigrationFiles } from "drizzle-orm/migrator"
import { drizzle } from "drizzle-orm/postgres-js"
import { migrate as drizzleMigrate } from "drizzle-orm/postgres-js/migrator"
import postgres from "postgres"
import { type Database, hot, withoutSchool } from "./client.ts"

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
    const pending = pendingMigrations(await readState((text) => client.unsafe(text)), known)
    if (pending.length === 0) return []
    try {
      await drizzleMigrate(drizzle(client), { migrationsFolder: folder })
      await client.unsafe(letAppRead)
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
export async function isMigrated(db: Database, folder: string = migrationsFolder): Promise<boolean> {
  try {
    const state = await withoutSchool(db, (tx) => readState((text) => hot(tx, text)))
    return pendingMigrations(state, knownMigrations(folder)).length === 0
  } catch (error) {
    if (error instanceof MigrationTrouble) return false
    throw error
  }
}

const letAppRead = `do $$ begin
  if exists (select from pg_roles where rolname = 'rapport_app') then
    grant usage on schema drizzle to rapport_app;
    grant select on drizzle.__drizzle_migrations to rapport_app;
  end if;
end $$`

type State = { tables: number; applied: { hash: string; at: number }[] }

async function readState(ask: (text: string) => Promise<unknown>): Promise<State> {
  const [found] = (await ask(`select to_regclass('drizzle.__drizzle_migrations') is not null as journal,
    (select count(*)::int from pg_tables where schemaname = 'public') as tables`)) as { journal: boolean; tables: number }[]
  const journal = "select hash, created_at::float8 as at from drizzle.__drizzle_migrations order by created_at"
  return { tables: found?.tables ?? 0, applied: found?.journal === true ? ((await ask(journal)) as State["applied"]) : [] }
}

function knownMigrations(folder: string): Known[] {
  const { entries } = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")) as { entries: { tag: string; when: number }[] }
  const files = readMigrationFiles({ migrationsFolder: folder })
  return entries.map((entry, index) => ({ name: entry.tag, at: entry.when, hash: files[index]?.hash ?? "" }))
}

function pendingMigrations({ tables, applied }: State, known: readonly Known[]): Known[] {
  if (applied.length === 0 && tables > 0) {
    throw new MigrationTrouble(
      "This database holds tables that Rapport did not make, or a migration that stopped half way: give Rapport an empty database.",
    )
  }
  for (const [index, { hash, at }] of applied.entries()) {
    const expected = known[index]
    if (expected === undefined || at > (known.at(-1)?.at ?? 0)) {
      throw new MigrationTrouble("This database was made by a newer Rapport: install that version, or use another database.")
    }
    if (expected.at !== at) {
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
