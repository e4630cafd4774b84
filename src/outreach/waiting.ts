// Decides which unread answers wait for an adult, and how that is said without a word of them.
// Refuses to know what the answers say.
import { type Waiting, waitingFor } from "../../db/queries/outreach-reading.ts"
import type { Scene } from "../deps.ts"
import { type Block, buttons, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { nameShown } from "./name-shown.ts"
import { say } from "./phrases.ts"

export type Reader = { id: string; counsellor: boolean; zone: string }

/** Oldest first. A new advisor reads from their tie's first day on, by the student's calendar. */
export async function waitingList(scene: Pick<Scene, "tx" | "now">, reader: Reader): Promise<Waiting[]> {
  const found = await waitingFor(scene.tx, reader.id, reader.counsellor, localDate(scene.now, reader.zone))
  return found.filter(({ since, createdAt, zone }) => reader.counsellor || (since !== null && localDate(createdAt, zone) >= since))
}

const namesMax = 3

/** "Ada Brook, Ben Hollow, Cleo Marsh and 4 more": each student once. */
function namesOf(students: readonly string[], language: Language): string {
  const names = [...new Set(students)].map(nameShown)
  const more = names.length - namesMax
  if (more <= 0) return new Intl.ListFormat(language).format(names)
  return say(language, "waitingMore", { names: names.slice(0, namesMax).join(", "), count: more })
}

/**
 * How many wait and from whom, with the button that opens them; nothing where none does. For letters of other rooms too. `apart`: the message
 * holds more than this, so that what opens must not take its place.
 */
export function waitingBlocks(list: readonly Waiting[], language: Language, apart = false): Block[] {
  if (list.length === 0) return []
  const names = namesOf(
    list.map(({ studentName }) => studentName),
    language,
  )
  return [text(plain(say(language, "waiting", { count: list.length, names }))), readButton(language, apart)]
}

export const readButton = (language: Language, apart = false): Block =>
  buttons({ action: apart ? "reading_apart" : "reading_open", id: "", label: say(language, "readAnswers"), style: "primary" })
