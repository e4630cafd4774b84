// A message as an Adaptive Card; every word of ours or of others is inert in it.
// Refuses Markdown: words are text runs, which nothing reads; labels and titles are plain by themselves.
import type { IAdaptiveCard, IContainer, IExecuteAction, IRichTextBlock, ISubmitAction, ITextRun } from "@microsoft/teams.cards"
import type { Activity } from "botframework-schema"
import { cut, limits, TooLarge } from "../../src/platform/limits.ts"
import type { Block, Button, Message } from "../../src/platform/message.ts"
import { type Prose, proseText } from "../../src/platform/prose.ts"
import { buttonData, selectInput } from "./carried.ts"
import { type Element, trendElements } from "./chart.ts"
import { shown } from "./shown.ts"

export const adaptive = "application/vnd.microsoft.card.adaptive"

/** What Teams takes of one card, in bytes of JSON. */
export const mostCardBytes = 28 * 1024

export type Rendered = Pick<Activity, "type" | "summary" | "attachments">

/** `summary` is what a lock screen shows; the words are in the card alone. */
export const rendered = (message: Message): Rendered => ({
  type: "message",
  summary: shown(message.summary),
  attachments: [{ contentType: adaptive, content: cardOf(message) }],
})

/** What long words are cut to, one after the other, until a card of many bytes a letter can be sent at all. */
const caps: readonly number[] = [limits.text, 2_000, 1_400, 1_000, 700, 500, 350, 250]

/** Throws `TooLarge` for what no cut makes small enough. */
export function cardOf(message: Message): IAdaptiveCard {
  let bytes = 0
  for (const cap of caps) {
    const card = cardWith(elementsOf(message.blocks, cap), message.summary)
    bytes = Buffer.byteLength(JSON.stringify(card))
    if (bytes <= mostCardBytes) return card
  }
  throw new TooLarge("card bytes", bytes, mostCardBytes)
}

export const cardWith = (body: readonly Element[], summary: string): IAdaptiveCard => ({
  type: "AdaptiveCard",
  $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
  version: "1.5",
  speak: shown(summary),
  body: [...body],
})

/** A divider is a line above what comes next. */
function elementsOf(blocks: readonly Block[], cap: number): readonly Element[] {
  const elements: Element[] = []
  let isDivided = false
  for (const [n, block] of blocks.entries()) {
    if (block.kind === "divider") {
      isDivided = elements.length > 0
      continue
    }
    const [first, ...rest] = elementOf(block, n, cap)
    if (first === undefined) continue
    elements.push(isDivided ? { ...first, separator: true, spacing: "Large" } : first, ...rest)
    isDivided = false
  }
  return elements
}

/** None where nothing is left to show: Teams refuses what is empty. `n` makes an input's id unique in the card. */
function elementOf(block: Exclude<Block, { kind: "divider" }>, n: number, cap: number): readonly Element[] {
  switch (block.kind) {
    case "text":
      return proseElements(block.prose, cap)
    case "note":
      return lineOf([run(cut(proseText(block.prose), cap), { isSubtle: true, size: "Small" })], { spacing: "Small" })
    case "quote":
      return quoted(block.words, block.by, cap)
    case "facts":
      return lineOf(block.facts.flatMap(factRuns))
    case "buttons":
      return block.buttons.length === 0 ? [] : [{ type: "ActionSet", spacing: "Medium", actions: block.buttons.map(actionOf) }]
    case "select":
      return selectElements(block, n)
    case "trend":
      return trendElements(block)
    default:
      return block satisfies never
  }
}

const factRuns = ({ label, value }: { label: string; value: string }, n: number): readonly (ITextRun | null)[] => [
  run(`${n === 0 ? "" : "\n"}${label}: `, { weight: "Bolder" }),
  run(value),
]

type Look = Partial<Pick<ITextRun, "weight" | "size" | "isSubtle" | "italic" | "color">>

export function run(text: string, look: Look = {}): ITextRun | null {
  const words = shown(text)
  return words === "" ? null : { type: "TextRun", text: words, ...look }
}

export function lineOf(runs: readonly (ITextRun | null)[], look: Partial<Pick<IRichTextBlock, "spacing" | "id">> = {}): readonly IRichTextBlock[] {
  const inlines = runs.filter((one) => one !== null)
  return inlines.length === 0 ? [] : [{ type: "RichTextBlock", ...look, inlines }]
}

/** What is strong from end to end is a heading. */
export function proseElements(prose: Prose, cap: number = limits.text): readonly IRichTextBlock[] {
  const isHeading = prose.length > 0 && prose.every(({ kind }) => kind === "strong")
  const strong: Look = isHeading ? { weight: "Bolder", size: "Medium" } : { weight: "Bolder" }
  let left = cap
  const runs = prose.map(({ kind, text }) => {
    const words = left <= 0 ? "" : cut(text, left)
    left -= words.length
    return run(words, kind === "strong" ? strong : {})
  })
  return lineOf(runs, isHeading ? { spacing: "Medium" } : {})
}

function quoted(words: string, by: string | null, cap: number): readonly IContainer[] {
  const items = [...lineOf([run(cut(words, cap))]), ...lineOf([run(by ?? "", { italic: true, isSubtle: true })], { spacing: "Small" })]
  return items.length === 0 ? [] : [{ type: "Container", style: "emphasis", items }]
}

const styles = { primary: "positive", danger: "destructive" } as const

/** Never empty, which Teams refuses. */
export const titleOf = (label: string, cap: number = limits.buttonLabel): string => cut(shown(label), cap) || "…"

/** A dialog opens from an Action.Submit that says so beforehand; everything else is answered in place. */
function actionOf({ action, id, label, style, form }: Button): IExecuteAction | ISubmitAction {
  const data = buttonData(action, id)
  const look = { title: titleOf(label), associatedInputs: "none" as const, ...(style ? { style: styles[style] } : {}) }
  return form === true
    ? { type: "Action.Submit", ...look, data: { ...data, msteams: { type: "task/fetch" } } }
    : { type: "Action.Execute", verb: action, ...look, data, fallback: { type: "Action.Submit", ...look, data } }
}

function selectElements({ action, id, label, options, chosen }: Extract<Block, { kind: "select" }>, n: number): readonly Element[] {
  if (options.length === 0) return []
  const input = selectInput(n)
  const data = buttonData(action, id, input)
  const isThere = options.some(({ value }) => value === chosen)
  return [
    {
      type: "Input.ChoiceSet",
      id: input,
      label: titleOf(label, limits.formLabel),
      style: "compact",
      wrap: true,
      choices: options.map((option) => ({ title: titleOf(option.label, limits.optionLabel), value: option.value })),
      ...(isThere && chosen !== null ? { value: chosen } : {}),
    },
    {
      type: "ActionSet",
      spacing: "Small",
      // Says the same in both languages.
      actions: [{ type: "Action.Execute", title: "OK", verb: action, data, fallback: { type: "Action.Submit", title: "OK", data } }],
    },
  ]
}
