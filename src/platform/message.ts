import { limits, within } from "./limits.ts"
import { type Prose, proseText } from "./prose.ts"

/**
 * `action` names a use case, `id` is one opaque row id. Neither is trusted: the actor is checked against loaded rows. `form`: pressing it may
 * be answered with `ask`, which Teams wants to know before the press.
 */
export type Button = { action: string; id: string; label: string; style?: "primary" | "danger"; form?: true }
export type Option = { value: string; label: string }

/**
 * A few numbers over weeks. `sentence` says the same in words; `null` is a week without a chance. Only a group's may become a
 * picture that outlives the moment; one student's stays in the message. `picture` is the label of a button that asks for it, where
 * the platform needs one. `as` strip: a row of cells, each as dark as its share, for many weeks at a glance; bars unless said.
 */
export type Trend = {
  kind: "trend"
  as?: "strip"
  of: "student" | "group"
  title: string
  points: readonly { label: string; value: number | null }[]
  max: number
  sentence: string
  picture?: string
}

export type Block =
  | { kind: "text"; prose: Prose }
  | { kind: "note"; prose: Prose }
  | { kind: "quote"; words: string; by: string | null }
  | { kind: "facts"; facts: readonly { label: string; value: string }[] }
  | { kind: "divider" }
  | { kind: "buttons"; buttons: readonly Button[] }
  | { kind: "select"; action: string; id: string; label: string; options: readonly Option[]; chosen: string | null }
  | Trend

/** `summary` shows on lock screens and to screen readers: never a student's words. */
export type Message = { summary: string; blocks: readonly Block[] }

/** Builds a message and asserts the caps of `limits`. Throws `TooLarge`. */
export function message(summary: string, blocks: readonly Block[]): Message {
  within("summary", summary.length, limits.summary)
  within("blocks", blocks.length, limits.blocks)
  within("message", charsOf(blocks), limits.messageChars)
  return { summary, blocks }
}

/** Characters that blocks show together. Throws `TooLarge` where one of their parts is over its cap. */
export const charsOf = (blocks: readonly Block[]): number => blocks.reduce((chars, block) => chars + measure(block), 0)

/** Characters a block shows; throws `TooLarge` where one of its parts is over its cap. */
function measure(block: Block): number {
  switch (block.kind) {
    case "text":
    case "note": {
      const size = proseText(block.prose).length
      within(block.kind, size, limits.text)
      return size
    }
    case "quote":
      within("quote", block.words.length, limits.quote)
      return block.words.length
    case "facts":
      within("facts", block.facts.length, limits.facts)
      return block.facts.reduce((sum, fact) => {
        within("fact", fact.label.length + fact.value.length, limits.fact)
        return sum + fact.label.length + fact.value.length
      }, 0)
    case "divider":
      return 0
    case "buttons":
      within("buttons", block.buttons.length, limits.buttons)
      for (const button of block.buttons) {
        within("button label", button.label.length, limits.buttonLabel)
        within("button id", button.id.length, limits.id)
        within("action", button.action.length, limits.action)
      }
      return block.buttons.reduce((sum, button) => sum + button.label.length, 0)
    case "select":
      within("options", block.options.length, limits.options)
      for (const option of block.options) within("option label", option.label.length, limits.optionLabel)
      within("select id", block.id.length, limits.id)
      return block.options.reduce((sum, option) => sum + option.label.length, 0)
    case "trend":
      within("trend points", block.points.length, limits.trendPoints)
      within("trend sentence", block.sentence.length, limits.fact)
      within("button label", block.picture?.length ?? 0, limits.buttonLabel)
      return block.sentence.length
    default:
      return block satisfies never
  }
}

export const text = (value: Prose): Block => ({ kind: "text", prose: value })
export const note = (value: Prose): Block => ({ kind: "note", prose: value })
export const quote = (words: string, by: string | null = null): Block => ({ kind: "quote", words, by })
export const divider: Block = { kind: "divider" }
export const buttons = (...list: readonly Button[]): Block => ({ kind: "buttons", buttons: list })
