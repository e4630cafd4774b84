import { DatabaseBusy } from "../../db/client.ts"
import { EmbeddedTrouble } from "../../db/embedded.ts"
import { MigrationTrouble } from "../../db/migrate.ts"
import { databaseTrouble } from "../../db/trouble.ts"
import { KeyTrouble } from "../../db/words.ts"

/** What a person at the terminal reads instead of a stack: one sentence that says what to do (or several lines, each a place in a file). */
export class Trouble extends Error {
  override readonly name = "Trouble"
}

const known = [Trouble, EmbeddedTrouble, MigrationTrouble, KeyTrouble, DatabaseBusy]

/** The sentence for an error, or null where it is a fault of ours. */
export function sentenceOf(error: unknown, databaseUrl: string): string | null {
  if (known.some((kind) => error instanceof kind)) return error instanceof Error ? error.message : null
  return (
    databaseTrouble(error, databaseUrl) ?? (error instanceof Error && error.cause !== undefined ? databaseTrouble(error.cause, databaseUrl) : null)
  )
}
