// Decides how an adult hears what became of a note they raised, or had before somebody else: once, a line each, wherever it can ride along.
// Refuses to be a message of its own.
import { type Outcome, tellOutcomes } from "../../db/queries/engagement-notes.ts"
import type { Scene } from "../deps.ts"
import { type Block, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { engagementPhrase as say } from "./phrases.ts"

const toldForMs = 14 * 86_400_000
const linesMost = 3

/** Empty where there is no news; what does not fit comes the next time. From here on it has been told. */
export async function outcomeBlocks({ tx, now }: Pick<Scene, "tx" | "now">, adultId: string, language: Language): Promise<Block[]> {
  const found = await tellOutcomes(tx, adultId, now, new Date(now.getTime() - toldForMs), linesMost)
  if (found.length === 0) return []
  return [text(strong(say(language, "outcomes"))), ...found.map((one) => note(plain(sentence(one, language))))]
}

function sentence({ about, kind, by, closedAt, zone }: Outcome, language: Language): string {
  const vars = { about: showSafely(about), adult: showSafely(by ?? ""), day: formatDay(localDate(closedAt, zone), language) }
  return say(language, `ended_${kind}`, vars)
}
