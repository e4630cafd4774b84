// The form of a student who would like to talk to someone, its button, and the two fields that it shares with the form of a question.
import type { TiedAdult } from "../../db/queries/reflection-student.ts"
import { type Field, type Form, form } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import type { Button, Option } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"
import { responderName } from "./readers.ts"
import type { Here } from "./student-here.ts"

/** `replyId`: the words that it is about, or none. */
export const talkButton = (language: Language, replyId: string): Button => ({ action: "talk", id: replyId, label: say(language, "talk"), form: true })

/** Whom a student may pick: the adults around them, but for the one that "yes, my mentor" already names, and whom their words about danger name. */
export const pickable = (here: Here, adults: readonly TiedAdult[]): TiedAdult[] =>
  adults.filter(({ id }) => id !== here.readers.first?.id && !here.readers.leftOut.includes(id)).slice(0, limits.options)

const label = (words: string): string => cut(words, limits.optionLabel)

export function wishes(here: Here): Option[] {
  const { language } = here.place
  const { first } = here.readers
  const mentor = first ? [{ value: "mentor", label: label(say(language, "wantsMentor", { adult: first.name })) }] : []
  return [...mentor, { value: "someone", label: say(language, first ? "wantsSomeone" : "wantsAnyone") }]
}

/** No field where there is nobody to pick. */
export function whoField(here: Here, adults: readonly TiedAdult[], initial: string | null): Field[] {
  const { language } = here.place
  const options = pickable(here, adults).map(({ id, name }) => ({ value: id, label: label(name) }))
  if (options.length === 0) return []
  const before = options.some(({ value }) => value === initial) && initial !== null ? { initial } : {}
  return [{ kind: "one_of", name: "who", label: say(language, "whoLabel"), hint: say(language, "whoHint"), optional: true, ...before, options }]
}

export function talkForm(here: Here, replyId: string, adults: readonly TiedAdult[]): Form {
  const { language } = here.place
  const options = wishes(here)
  return form({
    action: "talk",
    id: replyId,
    title: say(language, "talkTitle"),
    submit: say(language, "formSend"),
    intro: [plain(say(language, "talkIntro", { responder: responderName(here.readers, language) }))],
    fields: [
      { kind: "one_of", name: "wants", label: say(language, "talkLabel"), initial: options[0]?.value ?? "someone", options },
      ...whoField(here, adults, null),
    ],
  })
}
