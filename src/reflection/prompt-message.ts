// What a student is asked, as it looks: the first words of all, the two questions, the line above the box, the buttons.
import type { OccurrenceRow } from "../../db/queries/reflection-occurrence.ts"
import { type Block, buttons, note, text } from "../platform/message.ts"
import { plain, prose, strong } from "../platform/prose.ts"
import type { Language } from "../words/phrasebook.ts"
import { fill } from "../words/prompts.ts"
import { moment, type Place } from "./days.ts"
import { say } from "./phrases.ts"
import type { Pair } from "./questions.ts"
import { type Readers, readerName, readerNames, responderName, standingLine } from "./readers.ts"

/** What a student reads before any question, once: what this is, who reads, that silence is noticed, danger, family, and how to stop. */
export function firstContact(name: string, readers: Readers, language: Language): Block[] {
  const adult = readerName(readers, language)
  const names = readerNames(readers, language)
  const lines = [
    say(language, "firstHello", { name }),
    names === null ? say(language, "firstReadsNobody") : say(language, "firstReads", { readers: names }),
    say(language, "firstSilence", { adult }),
    say(language, "firstDanger", { responder: responderName(readers, language) }),
    say(language, "firstFamily"),
    say(language, "firstStop"),
  ]
  return lines.map((line) => text(plain(line)))
}

/** The two questions, the standing line and the buttons; the same in a prompt, a reminder and after `/reflect`. */
export function questionBlocks(occurrence: OccurrenceRow, pair: Pair, name: string, readers: Readers, place: Place): Block[] {
  const { language } = place
  const asked = [pair.first, pair.second].flatMap((question, i) => {
    const words = text(prose`${strong(`${i + 1}.`)} ${fill(question.text, { name })}`)
    return question.hint === null ? [words] : [words, note(plain(question.hint))]
  })
  return [
    ...asked,
    note(plain(standingLine(readers, language))),
    buttons(
      { action: "reflect_first", id: occurrence.id, label: say(language, "answerFirst"), style: "primary", form: true },
      { action: "reflect_second", id: occurrence.id, label: say(language, "answerSecond"), style: "primary", form: true },
      ...(occurrence.state === "skipped" ? [] : [{ action: "reflect_skip", id: occurrence.id, label: say(language, "skip") }]),
    ),
    note(plain(say(language, "typeInstead", moment(occurrence.closesAt, place)))),
  ]
}

/** The first thing a student reads of any message, and never more than a sentence: for lock screens. */
export const line = (language: Language, key: Parameters<typeof say>[1], vars?: Parameters<typeof say>[2]): Block =>
  text(plain(say(language, key, vars)))
