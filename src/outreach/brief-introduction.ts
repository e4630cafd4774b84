// Decides that an adult's first letter from this bot says once who writes, how often, and what about. Refuses to know which letter that is.
import { wasWrittenTo } from "../../db/queries/outreach-brief.ts"
import type { Scene } from "../deps.ts"
import { type Block, divider, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./brief-phrases.ts"

/** What stands at the top of a brief or a reading list; empty once anything has reached this adult. */
export async function introduction(scene: Pick<Scene, "tx">, adultId: string, language: Language): Promise<Block[]> {
  return (await wasWrittenTo(scene.tx, adultId)) ? [] : [text(plain(say(language, "introduction"))), divider]
}
