// A form as the card of a dialog, with each error beneath its field.
// Refuses to keep state: what a form must know again when it is handed in travels in its own button.
import type { IAdaptiveCard, IChoiceSetInput, IDateInput, ITextInput } from "@microsoft/teams.cards"
import type { Field, FieldErrors, Form } from "../../src/platform/form.ts"
import { cut, limits } from "../../src/platform/limits.ts"
import { fieldInput, formData } from "./carried.ts"
import type { Element } from "./chart.ts"
import { adaptive, cardWith, lineOf, proseElements, run, titleOf } from "./render.ts"
import type { Reply } from "./reply.ts"
import { shown } from "./shown.ts"

/** What task/fetch and task/submit are answered with to show a card in the dialog. */
export type Dialog = {
  task: { type: "continue"; value: { title: string; width: number; height: number; card: { contentType: typeof adaptive; content: IAdaptiveCard } } }
}

export const dialogOf = (title: string, card: IAdaptiveCard, height: number): Dialog => ({
  task: { type: "continue", value: { title: titleOf(title), width, height: sized(height), card: { contentType: adaptive, content: card } } },
})

/** Pixels: as wide as a line is read well, and no higher than a small screen. */
const width = 560
const sized = (height: number): number => Math.round(Math.min(Math.max(height, 240), 640))

/** `errors`: a name that is no field stands beneath the first, so that no sentence is lost. */
export function formDialog(form: Form, errors: FieldErrors, reply: Pick<Reply, "where" | "origin">): Dialog {
  const shownErrors = errorsOf(errors, form)
  const body = [...form.intro.flatMap((prose) => proseElements(prose)), ...form.fields.flatMap((field) => fieldElements(field, shownErrors))]
  const card: IAdaptiveCard = {
    ...cardWith(body, form.title),
    actions: [
      {
        type: "Action.Submit",
        title: titleOf(form.submit),
        style: "positive",
        data: formData(form.action, form.id, reply.origin),
      },
    ],
  }
  return dialogOf(form.title, card, heightOf(form, shownErrors.size))
}

function fieldElements(field: Field, errors: ReadonlyMap<string, string>): readonly Element[] {
  return [
    inputOf(field),
    ...lineOf([run(errors.get(field.name) ?? "", { color: "Attention", weight: "Bolder" })], { spacing: "None", id: `error:${field.name}` }),
    ...lineOf([run(field.hint ?? "", { isSubtle: true, size: "Small" })], { spacing: "None" }),
  ]
}

function inputOf(field: Field): ITextInput | IChoiceSetInput | IDateInput {
  const named = { id: fieldInput(field.name), label: titleOf(field.label, limits.formLabel), spacing: "Medium" as const }
  switch (field.kind) {
    case "line":
    case "paragraph": {
      const most = Math.max(field.max, 1)
      const initial = field.initial === undefined ? "" : cut(shown(field.initial), most)
      const filled = initial === "" ? {} : { value: initial }
      return { type: "Input.Text", ...named, isMultiline: field.kind === "paragraph", maxLength: most, ...filled }
    }
    case "one_of": {
      const choices = field.options.map(({ label, value }) => ({ title: titleOf(label, limits.optionLabel), value }))
      const isThere = choices.some(({ value }) => value === field.initial)
      const chosen = isThere && field.initial !== undefined ? { value: field.initial } : {}
      return { type: "Input.ChoiceSet", ...named, style: "compact", wrap: true, choices, ...chosen }
    }
    case "day":
      return { type: "Input.Date", ...named, ...(isDay(field.initial) ? { value: field.initial } : {}) }
    default:
      return field satisfies never
  }
}

const isDay = (day: string | undefined): day is string => {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

function errorsOf(errors: FieldErrors, form: Form): ReadonlyMap<string, string> {
  const names = new Set(form.fields.map(({ name }) => name))
  const [first] = form.fields
  const byField = new Map<string, string>()
  for (const [name, sentence] of Object.entries(errors)) {
    const field = names.has(name) ? name : first?.name
    if (field === undefined || sentence === "") continue
    byField.set(field, [byField.get(field), sentence].filter((part) => part !== undefined).join(" "))
  }
  return byField
}

const heights = { dialog: 130, line: 90, paragraph: 150, one_of: 90, day: 90, sentence: 26, lineOfWords: 24, charactersALine: 70 } as const

function heightOf({ intro, fields }: Form, errors: number): number {
  const introLines = intro.reduce(
    (sum, prose) => sum + 1 + Math.floor(prose.reduce((size, { text }) => size + text.length, 0) / heights.charactersALine),
    0,
  )
  const fieldsHeight = fields.reduce((sum, { kind, hint }) => sum + heights[kind] + (hint === undefined ? 0 : heights.sentence), 0)
  return heights.dialog + introLines * heights.lineOfWords + fieldsHeight + errors * heights.sentence
}
