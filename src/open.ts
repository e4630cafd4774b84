// Decides how everything that does not listen is opened: prompts, the key, the database and its migrations. Refuses to serve anybody.
import { randomBytes, randomUUID } from "node:crypto"
import { type Database, openDatabase } from "../db/client.ts"
import { startEmbedded } from "../db/embedded.ts"
import { migrate } from "../db/migrate.ts"
import { databaseTrouble } from "../db/trouble.ts"
import { loadKey, openWords } from "../db/words.ts"
import { promptsFolder } from "./app.ts"
import type { Config } from "./config.ts"
import type { Deps } from "./deps.ts"
import type { Log } from "./log.ts"
import { type Prompts, problemLine, readPrompts } from "./words/prompts.ts"

/** One sentence for the person who starts it: what is wrong and what to do. */
export class StartTrouble extends Error {
  override readonly name = "StartTrouble"
}

export type Opened = {
  db: Database
  deps: Omit<Deps, "platforms" | "wakeLanes" | "clock">
  /** The owner's address of the database, for migrations and jobs. */
  ownerUrl: string
  url: string
  /** Where the key that seals people's words is kept; null where the environment gave it. */
  keyFile: { path: string; made: boolean } | null
  close(): Promise<void>
}

export function loadPrompts(): Prompts {
  const { prompts, problems } = readPrompts(promptsFolder)
  if (problems.length > 0) throw new StartTrouble(problems.map((problem) => problemLine(problem, process.cwd())).join("\n"))
  return prompts
}

/** Opens everything that does not listen: what a `rapport` command needs too. */
export async function open(config: Config, log: Log): Promise<Opened> {
  const prompts = loadPrompts()
  const key = await loadKey({ dataDir: config.dataDir, env: config.key ?? undefined, randomBytes })
  const embedded = config.database.kind === "embedded" ? await startEmbedded({ dataDir: config.dataDir }) : null
  const { url, ownerUrl } = embedded ?? (config.database as Extract<Config["database"], { kind: "given" }>)
  try {
    const applied = await migrate(ownerUrl)
    if (applied.length > 0) log.info("migrated", { count: applied.length })
  } catch (error) {
    await embedded?.stop()
    const sentence = databaseTrouble(error, ownerUrl)
    throw sentence === null ? error : new StartTrouble(sentence)
  }
  const db = openDatabase(url)
  return {
    db,
    deps: { db, ids: randomUUID, words: openWords({ key: key.key, randomBytes }), prompts, log },
    url,
    ownerUrl,
    keyFile: key.from === "file" ? { path: key.path, made: key.made } : null,
    async close() {
      await db.close(500)
      await embedded?.stop()
    },
  }
}
