// Which errors of the machine a person can do something about, and in which words.
import { DatabaseBusy } from "../../db/client.ts"
import { EmbeddedTrouble } from "../../db/embedded.ts"
import { MigrationTrouble } from "../../db/migrate.ts"
import { databaseTrouble } from "../../db/trouble.ts"
import { KeyTrouble } from "../../db/words.ts"
import { Trouble } from "./trouble.ts"

const known = [Trouble, EmbeddedTrouble, MigrationTrouble, KeyTrouble, DatabaseBusy]

/** The sentence for an error, or null where it is a fault of ours. */
export function sentenceOf(error: unknown, databaseUrl: string): string | null {
  if (!(error instanceof Error)) return null
  if (known.some((kind) => error instanceof kind)) return error.message
  return databaseTrouble(error, databaseUrl) ?? databaseTrouble(error.cause, databaseUrl)
}
