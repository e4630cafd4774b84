import { limits, within } from "./limits.ts"
import type { Option } from "./message.ts"
import type { Prose } from "./prose.ts"

type Named = { name: string; label: string; hint?: string; optional?: boolean }

export type Field =
  | (Named & { kind: "line"; initial?: string; max: number })
  | (Named & { kind: "paragraph"; initial?: string; max: number })
  | (Named & { kind: "one_of"; initial?: string; options: readonly Option[] })
  | (Named & { kind: "day"; initial?: string })

/** Values by field name; a day is YYYY-MM-DD. A field left empty is absent. */
export type Values = Readonly<Record<string, string>>
/** Sentences by field name. Re-asking resends the form with what was typed, so no adapter keeps state. */
export type FieldErrors = Readonly<Record<string, string>>

export type Form = { action: string; id: string; title: string; submit: string; intro: readonly Prose[]; fields: readonly Field[] }

/** Builds a form and asserts the caps of `limits`. Throws `TooLarge`. */
export function form(value: Form): Form {
  within("form title", value.title.length, limits.formTitle)
  within("form submit", value.submit.length, limits.formTitle)
  within("form fields", value.fields.length, limits.formFields)
  within("form id", value.id.length, limits.id)
  for (const field of value.fields) {
    within("field label", field.label.length, limits.formLabel)
    within("field hint", field.hint?.length ?? 0, limits.formLabel)
    if (field.kind === "one_of") {
      within("field options", field.options.length, limits.options)
      for (const option of field.options) within("option label", option.label.length, limits.optionLabel)
    }
    if (field.kind === "paragraph" || field.kind === "line") within("field max", field.max, limits.formParagraph)
  }
  return value
}

/** The same form with what the person had typed, for re-asking beside errors. */
export const refill = (value: Form, typed: Values): Form => ({
  ...value,
  fields: value.fields.map((field) => {
    const initial = typed[field.name]
    return initial === undefined ? field : { ...field, initial }
  }),
})
