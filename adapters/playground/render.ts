// What a person sees of a message: the same blocks with invisible controls taken out, and the same as plain text.
// Refuses to know markup: words stay words until the page sets them as text.
import type { FieldErrors, Form } from "../../src/platform/form.ts"
import type { Block, Message } from "../../src/platform/message.ts"
import { type Prose, proseText } from "../../src/platform/prose.ts"

// C0 and C1 controls but tab and line feed; the bidi marks, embeddings and isolates that can reverse what is around them.
// biome's control-character rule reads literals only, and a built pattern says the ranges in words.
const invisible = new RegExp(
  `[${["\\u0000-\\u0008", "\\u000b-\\u001f", "\\u007f-\\u009f", "\\u200e\\u200f", "\\u202a-\\u202e", "\\u2066-\\u2069"].join("")}]`,
  "gu",
)

/** Text that is safe to show: well formed, and unable to reorder its neighbours. */
export const clean = (text: string): string => text.toWellFormed().replace(invisible, "")

const cleanProse = (value: Prose): Prose => value.map((part) => ({ ...part, text: clean(part.text) }))

export const shownMessage = (message: Message): Message => ({ summary: clean(message.summary), blocks: message.blocks.map(shownBlock) })

export const shownForm = (form: Form): Form => ({
  ...form,
  title: clean(form.title),
  submit: clean(form.submit),
  intro: form.intro.map(cleanProse),
  fields: form.fields.map((field) => ({
    ...field,
    label: clean(field.label),
    ...(field.hint === undefined ? {} : { hint: clean(field.hint) }),
    ...(field.initial === undefined ? {} : { initial: clean(field.initial) }),
  })),
})

export const shownErrors = (errors: FieldErrors): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([name, sentence]) => [name, clean(sentence)]))

function shownBlock(block: Block): Block {
  switch (block.kind) {
    case "text":
    case "note":
      return { ...block, prose: cleanProse(block.prose) }
    case "quote":
      return { ...block, words: clean(block.words), by: block.by === null ? null : clean(block.by) }
    case "facts":
      return { ...block, facts: block.facts.map(({ label, value }) => ({ label: clean(label), value: clean(value) })) }
    case "divider":
      return block
    case "buttons":
      return { ...block, buttons: block.buttons.map((button) => ({ ...button, label: clean(button.label) })) }
    case "select":
      return {
        ...block,
        label: clean(block.label),
        options: block.options.map((option) => ({ ...option, label: clean(option.label) })),
      }
    case "trend":
      return { ...block, title: clean(block.title), sentence: clean(block.sentence) }
    default:
      return block satisfies never
  }
}

/** Everything that a message says, one line per part, as a person would read it aloud. */
export const visibleText = (message: Message): string =>
  shownMessage(message)
    .blocks.flatMap(linesOf)
    .filter((line) => line !== "")
    .join("\n")

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case "text":
    case "note":
      return [proseText(block.prose)]
    case "quote":
      return block.by === null ? [block.words] : [block.words, block.by]
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${value}`)
    case "divider":
      return []
    case "buttons":
      return block.buttons.map(({ label }) => `[${label}]`)
    case "select":
      return [`${block.label}: ${block.options.map(({ label }) => label).join(" | ")}`]
    case "trend":
      return [block.title, block.sentence]
    default:
      return block satisfies never
  }
}
