// Decides what an adult may say of a contact: how it was, who came to whom, what it was about. Refuses to need any of it.
import type { About, ContactKind, Direction, Told } from "../../db/queries/outreach-contact.ts"
import type { Field, FieldErrors, Values } from "../platform/form.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"

/** What an adult may say it was; a line in reply logs itself. */
const kinds = ["hello", "chat", "hallway", "call", "home"] as const satisfies readonly ContactKind[]
const directions = ["out", "in"] as const satisfies readonly Direction[]
const abouts = ["hello", "good", "school", "problem"] as const satisfies readonly About[]

/** `asksAbout` false: it was said before, and is not asked twice. */
export function contactFields(language: Language, known: Partial<Told>, asksAbout: boolean): Field[] {
  const about: Field = {
    ...{ kind: "one_of", name: "about", label: say(language, "contactAbout"), optional: true },
    options: abouts.map((one) => ({ value: one, label: say(language, `about.${one}`) })),
  }
  return [
    {
      ...{ kind: "one_of", name: "kind", label: say(language, "outreachKind"), initial: known.kind ?? "hello" },
      options: kinds.map((kind) => ({ value: kind, label: say(language, `kind.${kind}`) })),
    },
    {
      ...{ kind: "one_of", name: "direction", label: say(language, "contactDirection"), optional: true, initial: known.direction ?? "out" },
      options: directions.map((one) => ({ value: one, label: say(language, `direction.${one}`) })),
    },
    ...(asksAbout ? [about] : []),
  ]
}

/** What was picked; a sentence by field where something is none of ours. */
export function toldIn(values: Values, language: Language): { told: Told } | { errors: FieldErrors } {
  const kind = kinds.find((one) => one === (values.kind ?? "hello"))
  const direction = directions.find((one) => one === (values.direction ?? "out"))
  const about = values.about === undefined ? null : abouts.find((one) => one === values.about)
  if (kind && direction && about !== undefined) return { told: { kind, direction, about } }
  const unknown = Object.entries({ kind, direction, about }).flatMap(([name, value]) => (value === undefined ? [name] : []))
  return { errors: Object.fromEntries(unknown.map((name) => [name, say(language, "pickOne")])) }
}
