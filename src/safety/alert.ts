// Decides what an adult sees of an open event: who it is about, what is asked of them, and no words before they ask for them.
// Refuses to know who may see it.
import { personById } from "../../db/queries/people.ts"
import { joinedCount, type SafetyRow } from "../../db/queries/safety.ts"
import type { Scene } from "../deps.ts"
import { cut } from "../platform/limits.ts"
import { type Block, type Button, buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { safetyPhrase } from "./phrases.ts"
import { adultTaken, adultWords } from "./words.ts"

const nameMost = 100

/** As sentences name them; somebody off the list by their account's own id, which the platform's admin can look up. */
export async function nameOf(scene: Scene, event: SafetyRow, language: Language): Promise<string> {
  if (event.studentId === null) return safetyPhrase(language, "adult_off_list", { account: cut(showSafely(event.account), nameMost) })
  const student = await personById(scene.tx, event.studentId)
  return cut(showSafely(student?.name ?? ""), nameMost)
}

const showButton = (event: SafetyRow, language: Language): Button => ({
  action: "safety_show",
  id: event.id,
  label: safetyPhrase(language, "button_show"),
})
const takeButton = (event: SafetyRow, language: Language): Button => ({
  ...{ action: "safety_taken", id: event.id, label: safetyPhrase(language, "button_have_it") },
  style: "primary",
})

export type Shown = { again: boolean; quotes: readonly Block[] }

/** The alert itself; with `quotes`, once they were asked for, instead of the button that asks. */
export async function alertMessage(scene: Scene, event: SafetyRow, language: Language, { again, quotes }: Shown): Promise<Message> {
  const student = await nameOf(scene, event, language)
  const words = adultWords(event.level, language, { student, leftOut: event.skipped.length > 0, again })
  const more = await joinedCount(scene.tx, event)
  const [first, ...rest] = words.paragraphs.map(text)
  const show = quotes.length === 0 ? [showButton(event, language)] : []
  const take = event.state === "open" ? [takeButton(event, language)] : []
  return message(words.summary, [
    ...(first ? [first] : []),
    ...(more > 0 ? [note(plain(safetyPhrase(language, "adult_more", { count: more })))] : []),
    ...quotes,
    ...rest,
    ...(event.state === "taken" ? [text(adultTaken(language, await takerOf(scene, event), student))] : []),
    ...(show.length + take.length > 0 ? [buttons(...show, ...take)] : []),
  ])
}

export async function takerOf(scene: Scene, event: SafetyRow): Promise<string> {
  const person = event.takenBy === null ? null : await personById(scene.tx, event.takenBy)
  return cut(showSafely(person?.name ?? ""), nameMost)
}

/** To the others who were told, and to whoever comes second. */
export const takenMessage = async (scene: Scene, event: SafetyRow, language: Language): Promise<Message> =>
  message(safetyPhrase(language, "adult_summary_taken"), [
    text(adultTaken(language, await takerOf(scene, event), await nameOf(scene, event, language))),
    buttons(showButton(event, language)),
  ])

/** To the one who has it; the words stay a press away. */
export async function mineMessage(scene: Scene, event: SafetyRow, language: Language): Promise<Message> {
  const student = await nameOf(scene, event, language)
  const told = event.studentId === null ? "" : ` ${safetyPhrase(language, "adult_mine_told", { student })}`
  return message(safetyPhrase(language, "adult_summary_taken"), [
    text(plain(`${safetyPhrase(language, "adult_mine", { student })}${told}`)),
    text(plain(safetyPhrase(language, "adult_duty"))),
    buttons(showButton(event, language)),
  ])
}
