// A form as Slack's modal, and what was filled in as values by field name.
// Refuses to keep state: what a submission must know again travels in the view itself.
import type { InputBlock, InputBlockElement, ModalView } from "@slack/types"
import { type Body, bodyIn, isBody, textIn } from "../../src/platform/body.ts"
import type { Field, FieldErrors, Form, Values } from "../../src/platform/form.ts"
import { cut } from "../../src/platform/limits.ts"
import { idIn } from "./narrow.ts"
import { optionOf, plainText, proseBlocks } from "./render.ts"
import type { Origin, Reply } from "./reply.ts"
import { clean } from "./words.ts"

/** What a form must know again when it is handed in. */
export type FormMeta = {
  id: string
  where: "direct" | "shared"
  channel: string | null
  thread: string | null
  origin: Origin | null
}

export const metaOf = (form: Form, { where, channel, thread, origin }: Reply): FormMeta => ({ id: form.id, where, channel, thread, origin })

const caps = { title: 24, metadata: 3_000, label: 2_000, input: 3_000, error: 150 }

/** The view for views.open, and for an acknowledgement that updates it. */
export function formView(form: Form, meta: FormMeta): ModalView {
  return {
    type: "modal",
    callback_id: form.action,
    private_metadata: packed(meta),
    title: plainText(cut(clean(form.title), caps.title)),
    submit: plainText(cut(clean(form.submit), caps.title)),
    blocks: [...proseBlocks(form.intro), ...form.fields.map(fieldBlock)],
  }
}

function fieldBlock(field: Field): InputBlock {
  const hint = field.hint === undefined ? "" : cut(clean(field.hint), caps.label)
  return {
    type: "input",
    block_id: field.name,
    label: plainText(cut(clean(field.label), caps.label)),
    ...(hint === "" ? {} : { hint: plainText(hint) }),
    optional: field.optional ?? false,
    element: fieldElement(field),
  }
}

/** The one element of every field. */
const actionId = "value"

function fieldElement(field: Field): InputBlockElement {
  switch (field.kind) {
    case "line":
    case "paragraph": {
      const max = Math.min(field.max, caps.input)
      const initial = field.initial === undefined ? "" : cut(clean(field.initial), max)
      return {
        type: "plain_text_input",
        action_id: actionId,
        multiline: field.kind === "paragraph",
        max_length: max,
        ...(initial === "" ? {} : { initial_value: initial }),
      }
    }
    case "one_of": {
      const options = field.options.map(optionOf)
      const initial = options.find(({ value }) => value === field.initial)
      return { type: "static_select", action_id: actionId, options, ...(initial ? { initial_option: initial } : {}) }
    }
    case "day":
      return { type: "datepicker", action_id: actionId, ...(isDay(field.initial) ? { initial_date: field.initial } : {}) }
    default:
      return field satisfies never
  }
}

const isDay = (day: string | undefined): day is string => {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}

/** Sentences by block_id; one whose name is no field stands by the first field, so that no sentence is lost. */
export function errorsOf(errors: FieldErrors, form: Form): Record<string, string> {
  const names = new Set(form.fields.map(({ name }) => name))
  const [first] = form.fields
  const byField = new Map<string, string>()
  for (const [name, sentence] of Object.entries(errors)) {
    const field = names.has(name) ? name : first?.name
    if (field === undefined) continue
    byField.set(field, [byField.get(field), clean(sentence)].filter((part) => part !== undefined && part !== "").join(" "))
  }
  return Object.fromEntries([...byField].filter(([, sentence]) => sentence !== "").map(([name, sentence]) => [name, cut(sentence, caps.error)]))
}

/** `view.state` as values by field name; what was left empty is absent. */
export function valuesOf(state: unknown): Values {
  const blocks = isBody(state) ? bodyIn(state, "values") : null
  const filled: [string, string][] = []
  for (const name of Object.keys(blocks ?? {})) {
    const value = enteredIn(bodyIn(bodyIn(blocks, name), actionId))
    if (value !== null && value !== "") filled.push([name, value])
  }
  return Object.fromEntries(filled)
}

const enteredIn = (element: Body | null): string | null =>
  textIn(element, "value") ?? textIn(bodyIn(element, "selected_option"), "value") ?? textIn(element, "selected_date")

/** Never over Slack's 3,000 characters: without its origin, a form is answered with a message. */
function packed(meta: FormMeta): string {
  const whole = JSON.stringify(meta)
  return whole.length <= caps.metadata ? whole : JSON.stringify({ ...meta, origin: null })
}

/** What `formView` packed; null for what it never made. */
export function unpacked(metadata: string | null): FormMeta | null {
  let value: unknown
  try {
    value = JSON.parse(metadata ?? "")
  } catch {
    return null
  }
  if (!isBody(value)) return null
  const id = textIn(value, "id")
  const where = textIn(value, "where")
  if (id === null || (where !== "direct" && where !== "shared")) return null
  return { id, where, channel: idIn(value, "channel"), thread: idIn(value, "thread"), origin: originIn(bodyIn(value, "origin")) }
}

function originIn(origin: Body | null): Origin | null {
  const channel = idIn(origin, "channel")
  const ts = idIn(origin, "ts")
  const responseUrl = textIn(origin, "responseUrl")
  switch (textIn(origin, "kind")) {
    case "message":
      return channel === null || ts === null ? null : { kind: "message", channel, ts }
    case "ephemeral":
      return responseUrl === null ? null : { kind: "ephemeral", responseUrl }
    case "home":
      return { kind: "home" }
    default:
      return null
  }
}
