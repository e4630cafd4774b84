// A message as Slack's blocks and the plain text beside them; every word of ours or of others is inert in both.
// Refuses mrkdwn: prose and people's words are rich text, labels are plain text.
import type {
  ActionsBlock,
  HomeView,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  RichTextBlockElement,
  StaticSelect,
} from "@slack/types"
import { cut } from "../../src/platform/limits.ts"
import type { Block, Button, Message, Option, Trend } from "../../src/platform/message.ts"
import { type Prose, proseText } from "../../src/platform/prose.ts"
import { pictureAction, pictureValue } from "./picture-value.ts"
import { clean, escaped } from "./words.ts"

export type Rendered = { text: string; blocks: KnownBlock[] }

/** What chat.postMessage, chat.update and a response_url take. `text` is what a lock screen shows. */
export const rendered = (message: Message): Rendered => ({ text: escaped(clean(message.summary)), blocks: blocksOf(message) })

export const homeView = (view: Message): HomeView => ({ type: "home", blocks: blocksOf(view) })

const caps = { placeholder: 150, button: 75, option: 75, text: 3_000 }

const blocksOf = (message: Message): KnownBlock[] => message.blocks.flatMap((block, n) => blockOf(block, n))

/** None where nothing is left to show: Slack refuses what is empty. `n` makes ids unique in the message. */
function blockOf(block: Block, n: number): readonly KnownBlock[] {
  switch (block.kind) {
    case "text":
      return proseBlocks([block.prose])
    case "note": {
      const shown = cut(clean(proseText(block.prose)), caps.text)
      return shown === "" ? [] : [{ type: "context", elements: [plainText(shown)] }]
    }
    case "quote":
      return richText([quoted(block.words), section([part(block.by ?? "", "italic")])])
    case "facts":
      return richText([section(block.facts.flatMap(factParts))])
    case "divider":
      return [{ type: "divider" }]
    case "buttons":
      return block.buttons.length === 0 ? [] : [{ type: "actions", elements: block.buttons.map(buttonOf) }]
    case "select":
      return selectBlocks(block, n)
    case "trend":
      return trendBlocks(block)
    default:
      return block satisfies never
  }
}

const factParts = ({ label, value }: { label: string; value: string }, n: number): readonly Piece[] => [
  part(`${n === 0 ? "" : "\n"}${label}: `, "bold"),
  part(value, null),
]

type Style = "bold" | "italic" | null
type Piece = { text: string; style: Style }
type TextElement = { type: "text"; text: string; style?: { bold?: true; italic?: true } }

const part = (text: string, style: Style): Piece => ({ text: clean(text), style })

const elementsOf = (pieces: readonly Piece[]): TextElement[] =>
  pieces
    .filter(({ text }) => text !== "")
    .map(({ text, style }) => ({
      type: "text",
      text,
      ...(style === "bold" ? { style: { bold: true } } : style === "italic" ? { style: { italic: true } } : {}),
    }))

const section = (pieces: readonly Piece[]): RichTextBlockElement => ({ type: "rich_text_section", elements: elementsOf(pieces) })
const quoted = (words: string): RichTextBlockElement => ({ type: "rich_text_quote", elements: elementsOf([part(words, null)]) })

function richText(elements: readonly RichTextBlockElement[]): readonly RichTextBlock[] {
  const full = elements.filter((element) => element.elements.length > 0)
  return full.length === 0 ? [] : [{ type: "rich_text", elements: full }]
}

/** One block a paragraph. */
export const proseBlocks = (paragraphs: readonly Prose[]): readonly RichTextBlock[] =>
  paragraphs.flatMap((prose) => richText([section(prose.map(({ kind, text }) => part(text, kind === "strong" ? "bold" : null)))]))

/** Never empty, which Slack refuses; `emoji: false` keeps `:words:` words. */
export const plainText = (text: string): PlainTextElement => ({ type: "plain_text", text: text === "" ? "…" : text, emoji: false })

export const optionOf = ({ label, value }: Option): PlainTextOption => ({ text: plainText(cut(clean(label), caps.option)), value })

const buttonOf = ({ action, id, label, style }: Button, n: number): ActionsBlock["elements"][number] => ({
  type: "button",
  action_id: actionIdOf(action, n),
  text: plainText(cut(clean(label), caps.button)),
  ...(id === "" ? {} : { value: id }),
  ...(style ? { style } : {}),
})

function selectBlocks({ action, id, label, options, chosen }: Extract<Block, { kind: "select" }>, n: number): readonly ActionsBlock[] {
  if (options.length === 0) return []
  const shown = options.map(optionOf)
  const initial = shown.find(({ value }) => value === chosen)
  const placeholder = cut(clean(label), caps.placeholder)
  const select: StaticSelect = {
    type: "static_select",
    action_id: actionIdOf(action, 0),
    placeholder: plainText(placeholder),
    options: shown,
    ...(initial ? { initial_option: initial } : {}),
  }
  return [{ type: "actions", block_id: selectIdOf(id, n), elements: [select] }]
}

// Slack wants action ids that differ within a block, and block ids that differ within a message: a number makes them so.
const actionIdOf = (action: string, n: number): string => `${action}#${n}`
const selectIdOf = (id: string, n: number): string => `${n}:${id}`

export const actionIn = (actionId: string): string => actionId.replace(/#\d+$/, "")
export const selectIdIn = (blockId: string): string => blockId.replace(/^\d+:/, "")

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
/** From nought to all; a week without a share stays empty. */
const shades = ["·", "░", "▒", "▓", "█"]

function trendBlocks(trend: Trend): readonly KnownBlock[] {
  const { as, title, points, max, sentence, picture } = trend
  const steps = as === "strip" ? shades : bars
  const drawn = points.map(({ value }) => (value === null ? " " : stepOf(steps, value, max))).join("")
  const asked = picture === undefined ? null : pictureValue(trend)
  return [
    ...richText([
      section([part(title, "bold")]),
      { type: "rich_text_preformatted", elements: elementsOf([part(drawn.trim() === "" ? "" : drawn, null)]) },
      section([part(sentence, null)]),
    ]),
    ...(picture === undefined || asked === null
      ? []
      : [{ type: "actions" as const, elements: [buttonOf({ action: pictureAction, id: asked, label: picture }, 0)] }]),
  ]
}

const stepOf = (steps: readonly string[], value: number, max: number): string => {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0
  return steps[Math.round(share * (steps.length - 1))] ?? steps[0] ?? ""
}
