// Decides what a brief ends on: what went well, how the group did, and once a month a way to see how the adult themselves is doing.
// Refuses to be a reason to write on its own, but for what went well.
import { type CameBack, cameBack } from "../../db/queries/outreach-came-back.ts"
import type { PersonCard } from "../../db/queries/people.ts"
import type { Scene } from "../deps.ts"
import { type Block, buttons, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { mondayOf } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./brief-phrases.ts"
import { groupWeeks } from "./group-weeks.ts"
import { dayAt } from "./moments.ts"
import { nameShown } from "./name-shown.ts"
import { ownMeasureButton } from "./own-measure.ts"
import { pictured } from "./weeks.ts"

const wellMost = 3

/** Students who wrote again after a hello of this adult's: the two days, and no claim that one made the other. */
export async function wentWell(
  scene: Pick<Scene, "tx">,
  briefId: string,
  adult: { id: string; counsellor: boolean; day: string },
  language: Language,
): Promise<Block[]> {
  const found = await cameBack(scene.tx, briefId, adult, wellMost)
  if (found.length === 0) return []
  return [text(strong(say(language, "well"))), ...found.map((one) => text(plain(back(one, language))))]
}

function back({ name, shortName, zone, kind, direction, metAt, wroteAt }: CameBack, language: Language): string {
  const how = direction === "in" ? "came" : kind === "call" || kind === "home" ? kind : "hello"
  const days = { day: dayAt(metAt, zone, language), wrote: dayAt(wroteAt, zone, language) }
  return say(language, "cameBack", { how, student: nameShown(name), short: nameShown(shortName), ...days })
}

/** The advisor's own group, small and without a button: whoever wants more has it on their home page. */
export async function weeksInBrief(scene: Pick<Scene, "tx" | "now">, { id, siteId, zone }: PersonCard, language: Language): Promise<Block[]> {
  const trend = await groupWeeks(scene, { personId: id, siteId, zone, language })
  if (!trend) return []
  const { picture: _, ...drawn } = trend
  return [pictured(drawn)]
}

/** In the week of a month's first Monday; so at most once a month, whatever day the brief is on. */
export function monthly(day: string, language: Language): Block[] {
  const firstWeek = Number(mondayOf(day).slice(-2)) <= 7
  return firstWeek ? [note(plain(say(language, "monthly"))), buttons(ownMeasureButton(language))] : []
}
