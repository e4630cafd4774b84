import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { submissionIn } from "../../../adapters/teams/carried.ts"
import { formDialog } from "../../../adapters/teams/form.ts"
import { type Field, type FieldErrors, type Form, form } from "../../../src/platform/form.ts"
import { limits } from "../../../src/platform/limits.ts"
import { prose, strong } from "../../../src/platform/prose.ts"
import { cardFaults } from "./vendor/cards.ts"
import { errorsIn, handedIn } from "./vendor/dialogs.ts"
import { drawCard } from "./vendor/draw.ts"
import { json } from "./vendor/json.ts"
import type { Person } from "./vendor/state.ts"

const options = [
  { value: "a", label: "Apple" },
  { value: "b", label: "Pear" },
]
const everyField = form({
  action: "fill",
  id: "form-1",
  title: "Everything",
  submit: "Hand in",
  intro: [prose`One of ${strong("each")}.`],
  fields: [
    { kind: "paragraph", name: "words", label: "Some words", hint: "A few are plenty", max: 3_000 },
    { kind: "one_of", name: "choice", label: "A choice", options },
    { kind: "line", name: "a", label: "One line", optional: true, max: 100 },
    { kind: "day", name: "day", label: "A day", optional: true },
  ],
})
const origin = { conversationId: "a:1", activityId: "1700000000000" }
const cardOf = (value: Form, errors: FieldErrors = {}) =>
  json(JSON.parse(JSON.stringify(formDialog(value, errors, { where: "direct", origin }).task.value.card.content)))
const elements = (value: Form, errors: FieldErrors = {}) => (cardOf(value, errors).body as unknown[]).map(json)
const inputOf = (field: Field) => elements({ ...everyField, intro: [], fields: [field] })[0]
const dialog = (value: Form, errors: FieldErrors = {}) => ({ title: value.title, card: cardOf(value, errors), origin: null })
const telephone = { device: "iOS" } as Person

describe("a form's dialog", () => {
  test("has every field under its own label, and its hint beneath it", () => {
    expect(drawCard(cardOf(everyField))).toBe(
      ["One of each.", "Some words: ", "A few are plenty", "A choice: Apple | Pear", "One line: ", "A day: ", "[Hand in]"]
        .join("\n")
        .replaceAll(": \n", "\n"),
    )
    expect(cardFaults(cardOf(everyField), "dialog")).toEqual([])
  })

  test("is as high as what it asks, within a small screen", () => {
    const heightOf = (fields: readonly Field[]) => formDialog({ ...everyField, fields }, {}, { where: "direct", origin }).task.value.height
    const one: Field = { kind: "line", name: "one", label: "One", max: 10 }
    expect(heightOf([])).toBe(240)
    expect(heightOf([one, { ...one, name: "two" }])).toBeLessThan(heightOf(everyField.fields))
    expect(heightOf(Array.from({ length: 8 }, (_, i) => ({ kind: "paragraph", name: `${i}`, label: "One", max: 10 })))).toBe(640)
  })

  test("keeps what was typed, and only what the field can hold", () => {
    expect(inputOf({ kind: "line", name: "x", label: "X", max: 5, initial: "1234567" })).toMatchObject({
      value: "1234…",
      maxLength: 5,
      isMultiline: false,
    })
    expect(inputOf({ kind: "paragraph", name: "x", label: "X", max: 50, initial: "a\nb" })).toMatchObject({ value: "a\nb", isMultiline: true })
    expect(inputOf({ kind: "one_of", name: "x", label: "X", options, initial: "b" })).toMatchObject({ value: "b" })
    expect(inputOf({ kind: "one_of", name: "x", label: "X", options, initial: "gone" })).not.toHaveProperty("value")
    expect(inputOf({ kind: "day", name: "x", label: "X", initial: "2026-03-12" })).toMatchObject({ value: "2026-03-12" })
    for (const day of ["2026-02-30", "soon", ""]) expect(inputOf({ kind: "day", name: "x", label: "X", initial: day })).not.toHaveProperty("value")
  })

  test("has each error in red beneath its field, and one of no field beneath the first", () => {
    const errors = { words: "Say a little more.", day: "That day is over.", nowhere: "And this." }
    expect(errorsIn(dialog(everyField, errors))).toEqual({ "f:words": "Say a little more. And this.", "f:day": "That day is over." })
    expect(errorsIn(dialog(everyField))).toEqual({})
    expect(drawCard(cardOf(everyField, { choice: "**Which?**" }))).toContain("A choice: Apple | Pear\n**Which?**")
  })

  test("comes back as what was filled, with the form and the message that it came from, whatever a field is called", () => {
    const typed = { "f:words": "a\nb", "f:choice": "b", "f:a": "one" }
    expect(submissionIn(handedIn(dialog(everyField), typed, telephone))).toEqual({
      action: "fill",
      target: "form-1",
      origin: origin.activityId,
      values: { words: "a\nb", choice: "b", a: "one" },
    })
  })

  test("Teams takes every form that the port can build", () => {
    const label = fc.string({ unit: "grapheme", maxLength: 20 })
    const named = { name: fc.stringMatching(/^[a-z]{1,10}$/), label, hint: label }
    const field: fc.Arbitrary<Field> = fc.oneof(
      fc.record({ ...named, kind: fc.constantFrom("line" as const, "paragraph" as const), max: fc.nat(limits.formParagraph), initial: label }),
      fc.record({ ...named, kind: fc.constant("one_of" as const), options: fc.constant(options), initial: label }),
      fc.record({ ...named, kind: fc.constant("day" as const), initial: label }),
    )
    const fields = fc.uniqueArray(field, { maxLength: limits.formFields, selector: ({ name }) => name })
    fc.assert(
      fc.property(fields, label, fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), label), (some, title, errors) => {
        const value = form({ ...everyField, fields: some, title: title.slice(0, limits.formTitle) })
        const { task } = formDialog(value, errors, { where: "direct", origin: null })
        expect(task.value.title).not.toBe("")
        expect(cardFaults(cardOf(value, errors), "dialog")).toEqual([])
      }),
    )
  })
})
