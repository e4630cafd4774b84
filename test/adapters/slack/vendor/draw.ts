// What a person sees in Slack's client: mrkdwn read as markup, plain and rich text as they stand. An adapter that forgot to escape is seen here.
import { type Json, json, list, text } from "./json.ts"

type Drawn = { text: string; blocks: readonly unknown[] }

/** A message as its reader sees it: its blocks, or its text where it has none. */
export const visibleText = ({ text: words, blocks }: Drawn): string => (blocks.length === 0 ? drawMrkdwn(words) : drawBlocks(blocks))

export const drawBlocks = (blocks: readonly unknown[]): string =>
  blocks
    .map((block) => drawBlock(json(block)))
    .filter((line) => line !== "")
    .join("\n")

/** A modal or home: its title, then its blocks. */
export const drawView = (view: Json): string => [drawText(view.title), drawBlocks(list(view.blocks))].filter((line) => line !== "").join("\n")

function drawBlock(block: Json): string {
  switch (block.type) {
    case "section":
      return [drawText(block.text), ...list(block.fields).map(drawText), drawElement(json(block.accessory))].filter((line) => line !== "").join("\n")
    case "header":
      return drawText(block.text)
    case "context":
      return list(block.elements)
        .map((element) => (json(element).type === "image" ? `(${text(json(element).alt_text)})` : drawText(element)))
        .join(" ")
    case "actions":
      return list(block.elements)
        .map((element) => drawElement(json(element)))
        .join(" ")
    case "input":
      return [drawText(block.label), drawElement(json(block.element)), drawText(block.hint)].filter((line) => line !== "").join("\n")
    case "image":
      return [drawText(block.title), `(${text(block.alt_text)})`].filter((line) => line !== "").join("\n")
    case "rich_text":
      return list(block.elements)
        .map((element) => drawRich(json(element)))
        .join("\n")
    default:
      return ""
  }
}

function drawElement(element: Json): string {
  switch (element.type) {
    case "button":
      return `[${drawText(element.text)}]`
    case "static_select":
    case "radio_buttons":
      return `${drawText(element.placeholder)}: ${list(element.options)
        .map((option) => drawText(json(option).text))
        .join(" | ")}`
    case "plain_text_input":
      return text(element.initial_value) ?? ""
    case "datepicker":
      return text(element.initial_date) ?? ""
    default:
      return ""
  }
}

/** Rich text is drawn as it stands: no escape and no markup means anything in it. */
function drawRich(element: Json): string {
  const parts = list(element.elements).map((part) => {
    const { type, text: words, url, user_id: user, name } = json(part)
    if (type === "link") return text(words) ?? text(url) ?? ""
    if (type === "user") return `@${text(user)}`
    if (type === "emoji") return `:${text(name)}:`
    return type === "text" ? (text(words) ?? "") : drawRich(json(part))
  })
  return parts.join(element.type === "rich_text_list" ? "\n" : "")
}

function drawText(value: unknown): string {
  const object = json(value)
  const words = text(object.text) ?? ""
  if (object.type === "mrkdwn") return drawMrkdwn(words)
  // Left to itself, Slack draws `:tada:` in plain text as an emoji.
  return object.emoji === false ? words : words.replace(/:[a-z0-9_+-]+:/g, "(emoji)")
}

/** Slack's markup: mentions, links, emphasis, code, entities, emoji. What is drawn says what its reader would make of it. */
export function drawMrkdwn(source: string): string {
  const kept: string[] = []
  const keep = (words: string) => `\uE000${kept.push(words) - 1}\uE000`
  const marked = source
    .replace(/<([^<>]*)>/g, (_whole, inside: string) => keep(drawMark(inside)))
    .replace(/```([^`]+)```/g, (_whole, code: string) => keep(code))
    .replace(/`([^`\n]+)`/g, (_whole, code: string) => keep(code))
    .replace(/:[a-z0-9_+-]+:/g, "(emoji)")
    .replace(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, "$1")
    .replace(/(?<![\w_])_([^_\n]+)_(?![\w_])/g, "$1")
    .replace(/(?<![\w~])~([^~\n]+)~(?![\w~])/g, "$1")
    .replace(/^&gt; ?/gm, "")
  const whole = marked.replace(/\uE000(\d+)\uE000/g, (_mark, n: string) => kept[Number(n)] ?? "")
  return whole.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")
}

function drawMark(inside: string): string {
  const bar = inside.indexOf("|")
  const target = bar < 0 ? inside : inside.slice(0, bar)
  const label = bar < 0 ? null : inside.slice(bar + 1)
  switch (target[0]) {
    case "@":
      return `@${label ?? target.slice(1)}`
    case "#":
      return `#${label ?? target.slice(1)}`
    case "!":
      return `@${label ?? target.slice(1)} (everybody is told)`
    default:
      return label ?? target
  }
}
