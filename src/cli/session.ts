// How a command reaches the database and the school it speaks of. Decides which one is meant; refuses to know what is done there.
import { randomBytes, randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Database, openDatabase, withoutSchool, withSchool } from "../../db/client.ts"
import { startEmbedded } from "../../db/embedded.ts"
import { isMigrated, migrate } from "../../db/migrate.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { type SchoolRow, schoolRow, settingRows } from "../../db/queries/school.ts"
import { sampleMark } from "../../db/queries/settings.ts"
import { loadKey, openWords, type Words } from "../../db/words.ts"
import { type Config, readConfig } from "../config.ts"
import type { Scene } from "../deps.ts"
import { openMovedClock } from "../moved-clock.ts"
import { settingsFrom } from "../roster/settings.ts"
import { readPrompts } from "../words/prompts.ts"
import { complain, listed } from "./print.ts"
import { promptsFolder } from "./prompts.ts"
import { terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

export function configured(): Config {
  const read = readConfig(terminal().env)
  if (read.kind === "refused") throw new Trouble(read.problems.join("\n"))
  return read.config
}

/** `shared`: another process of ours uses the bundled Postgres now. */
export type Place = { config: Config; url: string; ownerUrl: string; key: Uint8Array; shared: boolean }

/** The database's place, the bundled one running meanwhile. The key comes first: a database without its key is of no use. */
export async function withPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const config = configured()
  const key = await loadKey({ dataDir: config.dataDir, env: config.key ?? undefined, randomBytes })
  if (key.from === "file" && key.made) complain(`A key that seals what people write was made: ${key.path}. Keep a copy of it.`)
  if (config.database.kind === "given")
    return work({ config, key: key.key, url: config.database.url, ownerUrl: config.database.ownerUrl, shared: false })
  const server = await startEmbedded({ dataDir: config.dataDir })
  try {
    return await work({ config, key: key.key, url: server.url, ownerUrl: server.ownerUrl, shared: server.adopted })
  } finally {
    await server.stop()
  }
}

export type Session = { config: Config; db: Database; words: Words; now: Date; ids: () => string; shared: boolean }

/** A database of this version. The bundled one is brought there; one of the school's own waits for `rapport migrate`. */
export const withDatabase = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
  withPlace(async ({ config, url, ownerUrl, key, shared }) => {
    if (config.database.kind === "embedded") await migrate(ownerUrl)
    const db = openDatabase(url, { max: 3, applicationName: "rapport-cli" })
    try {
      if (config.database.kind === "given" && !(await isMigrated(db)))
        throw new Trouble('This database is not of this version yet: run "npm run rapport -- migrate" first.')
      return await work({ config, db, words: openWords({ key, randomBytes }), now: nowOf(config), ids: randomUUID, shared })
    } finally {
      await db.close(1_000)
    }
  })

/** The playground's people live by a clock of their own; everybody else by this machine's. */
function nowOf(config: Config): Date {
  const file = join(config.dataDir, "playground", "clock.json")
  if (config.playground && existsSync(file)) return openMovedClock({ file, real: () => terminal().now().getTime(), start: null }).now()
  return terminal().now()
}

/** Every school of the database. */
export async function schools({ db }: Pick<Session, "db">): Promise<SchoolRow[]> {
  const ids = await withoutSchool(db, schoolIds)
  const found: SchoolRow[] = []
  for (const id of ids) found.push(...(await withSchool(db, id, async (tx) => [await schoolRow(tx)])).filter((row) => row !== null))
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

export const isCalled = (school: SchoolRow, name: string): boolean => school.id === name || school.name.toLowerCase() === name.toLowerCase()

/** Whether this is the invented school that the playground begins with. */
export const isSample = async ({ db }: Pick<Session, "db">, { id }: SchoolRow): Promise<boolean> =>
  Object.hasOwn(await withSchool(db, id, settingRows), sampleMark)

/** The one that is meant: the only one there is, or the one named. */
export async function theSchool(session: Session, name: string | undefined): Promise<SchoolRow> {
  const all = await schools(session)
  const meant = name === undefined ? all : all.filter((school) => isCalled(school, name))
  const [one, another] = meant
  const names = listed(all.map((school) => `"${school.name}"`))
  if (all.length === 0) throw new Trouble('There is no school here yet: "npm run rapport -- roster import PATH" makes it.')
  if (!one) throw new Trouble(`No school is called "${name}": here ${all.length === 1 ? "is" : "are"} ${names}.`)
  if (another)
    throw new Trouble(
      name === undefined ? `There are several schools here: add --school with one of ${names}.` : `Several schools are called "${name}": use its id.`,
    )
  return one
}

/** One transaction of a school at the command's moment. What `kept` refuses is taken back as if it had never been. */
export async function inSchool<T>(
  session: Session,
  schoolId: string,
  work: (scene: Scene & { ids: () => string }) => Promise<T>,
  kept: (result: T) => boolean = () => true,
): Promise<T> {
  const takenBack = new Error("Taken back.")
  const prompts = readPrompts(promptsFolder).prompts
  let result: { value: T } | undefined
  try {
    await withSchool(session.db, schoolId, async (tx) => {
      const settings = settingsFrom(await settingRows(tx))
      const { ids, words, now } = session
      result = { value: await work({ deps: { ids, words, prompts }, tx, schoolId, now, settings, woken: [], ids }) }
      if (!kept(result.value)) throw takenBack
    })
  } catch (error) {
    if (error !== takenBack) throw error
  }
  if (result === undefined) throw new Error("A command's transaction ended without a result.")
  return result.value
}
