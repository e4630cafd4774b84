import { randomUUID } from "node:crypto"
import postgres from "postgres"
import { inject } from "vitest"
import { type Database, openDatabase } from "../../db/client.ts"
import { databaseUrl, templateDatabase } from "./postgres.ts"

export type TestDatabase = {
  /** As the app has it: the role rapport_app, row-level security on. */
  db: Database
  /** Owns the tables and may do anything in this one database. */
  ownerUrl: string
  close(): Promise<void>
}

/** A migrated database of its own for one test file, about 60 ms. Call `close` in `afterAll`. */
export async function testDatabase(options: { max?: number; acquireTimeoutMs?: number } = {}): Promise<TestDatabase> {
  const { ownerUrl, drop } = await copyOf(templateDatabase)
  const db = openDatabase(ownerUrl, options)
  return {
    db,
    ownerUrl,
    async close() {
      await db.close(1_000)
      await drop()
    },
  }
}

/** An empty database, for tests of migration itself. */
export const emptyDatabase = () => copyOf("template0")

async function copyOf(template: string): Promise<{ ownerUrl: string; drop: () => Promise<void> }> {
  const url = inject("postgresUrl")
  const name = `t_${randomUUID().replaceAll("-", "")}`
  await admin(url, `create database ${name} template ${template} strategy file_copy`)
  return { ownerUrl: databaseUrl(url, name), drop: () => admin(url, `drop database if exists ${name} with (force)`) }
}

async function admin(url: string, statement: string): Promise<void> {
  const owner = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    await owner.unsafe(statement)
  } finally {
    await owner.end()
  }
}
