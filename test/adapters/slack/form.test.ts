import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { errorsOf, type FormMeta, formView, metaOf, unpacked, valuesOf } from "../../../adapters/slack/form.ts"
import type { Reply } from "../../../adapters/slack/reply.ts"
import { type Field, type Form, form } from "../../../src/platform/form.ts"
import { limits } from "../../../src/platform/limits.ts"
import { prose, strong } from "../../../src/platform/prose.ts"
import { viewFaults } from "./vendor/blocks.ts"

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
    { kind: "line", name: "line", label: "One line", optional: true, max: 100 },
    { kind: "day", name: "day", label: "A day", optional: true },
  ],
})
const meta: FormMeta = { id: "form-1", where: "direct", channel: "D0FICTION1", thread: null, origin: null }
const withField = (field: Field): Form => ({ ...everyField, fields: [field] })
const elementOf = (field: Field) => {
  const [, input] = formView(withField(field), meta).blocks
  return input && "element" in input ? input.element : null
}

describe("a form's view", () => {
  test("has every field under its own name", () => {
    const view = formView(everyField, meta)
    expect(viewFaults(view)).toEqual([])
    expect(view).toMatchObject({
      type: "modal",
      callback_id: "fill",
      title: { type: "plain_text", text: "Everything" },
      submit: { type: "plain_text", text: "Hand in" },
      blocks: [
        { type: "rich_text" },
        {
          type: "input",
          block_id: "words",
          optional: false,
          hint: { text: "A few are plenty" },
          element: { type: "plain_text_input", action_id: "value", multiline: true, max_length: 3_000 },
        },
        { type: "input", block_id: "choice", element: { type: "static_select", action_id: "value" } },
        {
          type: "input",
          block_id: "line",
          optional: true,
          element: { type: "plain_text_input", action_id: "value", multiline: false, max_length: 100 },
        },
        { type: "input", block_id: "day", optional: true, element: { type: "datepicker", action_id: "value" } },
      ],
    })
  })

  test("holds what was typed before", () => {
    expect(elementOf({ kind: "line", name: "x", label: "X", max: 9, initial: "before" })).toMatchObject({ initial_value: "before" })
    expect(elementOf({ kind: "one_of", name: "x", label: "X", options, initial: "b" })).toMatchObject({ initial_option: { value: "b" } })
    expect(elementOf({ kind: "day", name: "x", label: "X", initial: "2026-02-28" })).toMatchObject({ initial_date: "2026-02-28" })
  })

  test("never holds what Slack would refuse", () => {
    const fields: readonly Field[] = [
      { kind: "line", name: "x", label: "X", max: 5, initial: "much too long 🎉" },
      { kind: "line", name: "x", label: "X", max: 5, initial: "" },
      { kind: "line", name: "x", label: "X", max: 5, initial: "\u202e" },
      { kind: "paragraph", name: "x", label: "\u0000", hint: "", max: 9_000, initial: "x".repeat(9_000) },
      { kind: "one_of", name: "x", label: "X", options, initial: "gone" },
      ...["2026-02-30", "tomorrow", "", "2026-13-01"].map((initial): Field => ({ kind: "day", name: "x", label: "X", initial })),
    ]
    for (const field of fields) expect([field, viewFaults(formView(withField(field), meta))]).toEqual([field, []])
  })

  test("the fullest form is within Slack's limits", () => {
    const long = (size: number) => "word ".repeat(Math.ceil(size / 5)).slice(0, size)
    const fullest = form({
      action: "a".repeat(limits.action),
      id: "i".repeat(limits.id),
      title: long(limits.formTitle),
      submit: long(limits.formTitle),
      intro: [prose`${long(limits.text)}`, prose`${long(limits.text)}`],
      fields: Array.from({ length: limits.formFields }, (_, i) => ({
        kind: "one_of" as const,
        name: `field-${i}`,
        label: long(limits.formLabel),
        hint: long(limits.formLabel),
        options: Array.from({ length: limits.options }, (__, n) => ({ value: `${n}`, label: long(limits.optionLabel) })),
      })),
    })
    expect(viewFaults(formView(fullest, meta))).toEqual([])
  })
})

describe("what a form knows of itself", () => {
  const origins: readonly FormMeta["origin"][] = [
    null,
    { kind: "home" },
    { kind: "message", channel: "D0FICTION1", ts: "1700000000.000100" },
    { kind: "ephemeral", responseUrl: "https://hooks.slack.example/actions/T0FICTION/1/abc" },
  ]

  test.each(origins)("comes back with it: %o", (origin) => {
    const one: FormMeta = { id: "form-1", where: "shared", channel: null, thread: "1700000000.000100", origin }
    expect(unpacked(formView(everyField, one).private_metadata ?? null)).toEqual(one)
  })

  test("is taken from how the answer can be given", () => {
    const reply: Reply = {
      tenant: "T0FICTION",
      user: "U0FICTION1",
      channel: "D0FICTION1",
      thread: "1700000000.000100",
      triggerId: "1.2.a",
      responseUrl: "https://hooks.slack.example/x",
      origin: { kind: "home" },
      submission: false,
      where: "direct",
      typed: null,
    }
    expect(metaOf(everyField, reply)).toEqual({
      id: "form-1",
      where: "direct",
      channel: "D0FICTION1",
      thread: "1700000000.000100",
      origin: { kind: "home" },
    })
  })

  test("any id comes back, and is never over 3,000 characters", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff), { maxLength: limits.id }).map((units) => String.fromCharCode(...units)),
        fc.string({ maxLength: 4_000 }),
        (id, responseUrl) => {
          const packed = formView(everyField, { ...meta, id, origin: { kind: "ephemeral", responseUrl } }).private_metadata ?? ""
          expect(packed.length).toBeLessThanOrEqual(3_000)
          expect(unpacked(packed)).toMatchObject({ id, where: "direct", channel: "D0FICTION1" })
        },
      ),
    )
  })

  test("what it never was is not believed", () => {
    for (const text of [null, "", "null", "[]", "{}", "{", '{"id":1,"where":"direct"}', '{"id":"x","where":"everywhere"}', "[".repeat(20_000)])
      expect(unpacked(text)).toBeNull()
    expect(unpacked('{"id":"x","where":"direct","channel":7,"thread":{},"origin":{"kind":"message","channel":"D1"}}')).toEqual({
      id: "x",
      where: "direct",
      channel: null,
      thread: null,
      origin: null,
    })
  })
})

describe("errors", () => {
  test("stand by their fields", () => {
    expect(errorsOf({ words: "Say a little more.", day: "That day is over." }, everyField)).toEqual({
      words: "Say a little more.",
      day: "That day is over.",
    })
  })

  test("of no field stand by the first, together with its own", () => {
    expect(errorsOf({ form: "It has closed.", words: "Say more." }, everyField)).toEqual({ words: "It has closed. Say more." })
    expect(errorsOf({ constructor: "It has closed.", day: "Over." }, everyField)).toEqual({ words: "It has closed.", day: "Over." })
    expect(errorsOf({ form: "It has closed." }, { ...everyField, fields: [] })).toEqual({})
  })

  test("are cut where they are too long for one line, and are never empty", () => {
    expect(errorsOf({ words: "x".repeat(400) }, everyField).words).toHaveLength(150)
    expect(errorsOf({ words: "", line: "\u202e" }, everyField)).toEqual({})
  })
})

describe("what was filled in", () => {
  const state = (values: unknown) => ({ values })

  test("comes by field, and what was left empty is absent", () => {
    expect(
      valuesOf(
        state({
          words: { value: { type: "plain_text_input", value: "a\nb" } },
          line: { value: { type: "plain_text_input", value: null } },
          blank: { value: { type: "plain_text_input", value: "" } },
          choice: { value: { type: "static_select", selected_option: { text: { type: "plain_text", text: "Pear" }, value: "b" } } },
          none: { value: { type: "static_select", selected_option: null } },
          day: { value: { type: "datepicker", selected_date: "2026-03-12" } },
          noDay: { value: { type: "datepicker", selected_date: null } },
        }),
      ),
    ).toEqual({ words: "a\nb", choice: "b", day: "2026-03-12" })
  })

  test("is nothing where the state is none", () => {
    for (const value of [null, undefined, 7, "x", [], {}, state(null), state([]), state({ a: null, b: [], c: { other: { value: "x" } } })])
      expect(valuesOf(value)).toEqual({})
  })

  test("a field by any name is a value and no more", () => {
    const values = valuesOf(state(JSON.parse('{"__proto__":{"value":{"value":"x"}},"constructor":{"value":{"value":"y"}}}')))
    expect(Object.entries(values)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  })
})
