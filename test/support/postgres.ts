// One Postgres for the whole run, with one migrated database that every test file copies.
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import type { TestProject } from "vitest/node"
import { startEmbedded } from "../../db/embedded.ts"
import { migrate } from "../../db/migrate.ts"

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

export const templateDatabase = "rapport_template"

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "rapport-test-"))
  // When root runs the tests, Postgres runs under another account that must be let in.
  await chmod(dataDir, 0o755)
  const tidy = () => rm(dataDir, { recursive: true, force: true })
  const server = await startEmbedded({ dataDir, fast: true }).catch(async (error: unknown) => {
    await tidy()
    throw error
  })
  const stop = async () => {
    await server.stop()
    await tidy()
  }
  try {
    const owner = postgres(server.ownerUrl, { max: 1, onnotice: () => {} })
    await owner.unsafe(`create database ${templateDatabase}`)
    await owner.end()
    await migrate(databaseUrl(server.ownerUrl, templateDatabase))
  } catch (error) {
    await stop()
    throw error
  }
  project.provide("postgresUrl", server.ownerUrl)
  return stop
}

export function databaseUrl(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
