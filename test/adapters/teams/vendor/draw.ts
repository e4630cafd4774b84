// What a person sees in Teams' client: text blocks read as Markdown, rich text and labels as they stand. Words that were not kept apart are seen here.
import { type Json, json, list, text } from "./json.ts"
import type { Message } from "./state.ts"

/** `charts`: off in a client that draws their fallback. */
type Client = { charts: boolean }

/** A message as its reader sees it: its words, then its cards. */
export const visibleText = ({ text: words, cards, fresh }: Pick<Message, "text" | "cards" | "fresh">, client: Client = { charts: true }): string =>
  [drawMarkdown(words), ...(fresh === null ? cards : [fresh]).map((card) => drawCard(card, client))].filter((line) => line !== "").join("\n")

export const drawCard = (card: Json, client: Client = { charts: true }): string =>
  [drawAll(card.body, client), drawActions(card.actions)]
    .filter((line) => line !== "")
    .join("\n")
    // Of no width: nobody sees it, and a card may use it to keep words from being read.
    .replaceAll("\u200b", "")

const drawAll = (elements: unknown, client: Client): string =>
  list(elements)
    .map((element) => drawElement(json(element), client))
    .filter((line) => line !== "")
    .join("\n")

function drawElement(element: Json, client: Client): string {
  if (element.isVisible === false) return ""
  switch (element.type) {
    case "TextBlock":
      return drawMarkdown(drawDates(text(element.text) ?? ""))
    case "RichTextBlock":
      return list(element.inlines)
        .map((inline) => drawDates(text(inline) ?? text(json(inline).text) ?? ""))
        .join("")
    case "Container":
      return drawAll(element.items, client)
    case "ColumnSet":
      return list(element.columns)
        .map((column) => drawAll(json(column).items, client))
        .join("  ")
    case "FactSet":
      return list(element.facts)
        .map((fact) => `${drawMarkdown(text(json(fact).title) ?? "")} ${drawMarkdown(text(json(fact).value) ?? "")}`)
        .join("\n")
    case "Image":
      return `(${text(element.altText)})`
    case "ActionSet":
      return drawActions(element.actions)
    case "Chart.VerticalBar": {
      if (!client.charts) return element.fallback === "drop" ? "" : drawElement(json(element.fallback), client)
      const bars = list(element.data).map((point) => `${text(json(point).x)}:${json(point).y === undefined ? "" : String(json(point).y)}`)
      const title = element.showTitle === false ? null : text(element.title)
      return [title, `(chart ${bars.join(" ")})`].filter((line) => line !== null && line !== "").join(" ")
    }
    default:
      return text(element.type)?.startsWith("Input.") ? drawInput(element) : ""
  }
}

function drawInput(input: Json): string {
  const label = text(input.label)
  const value = text(input.value)
  const hint = text(input.placeholder)
  const titles = list(input.choices).map((choice) => text(json(choice).title) ?? "")
  // Only a closed list shows its choices as they stand; open ones are Markdown unless the host says otherwise.
  const choices = input.style === "expanded" || input.isMultiSelect === true ? titles.map(drawMarkdown) : titles
  const shown = choices.length > 0 ? choices.join(" | ") : (value ?? hint ?? "")
  return [label, shown].filter((line) => line !== null && line !== "").join(": ")
}

const drawActions = (actions: unknown): string =>
  list(actions)
    .map((action) => `[${text(json(action).title) ?? ""}]`)
    .join(" ")

/** In text blocks and text runs alike, the one thing that is read even in a text run. */
function drawDates(source: string): string {
  const marked = /\{\{(?:DATE|TIME)\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})(?:, ?(?:COMPACT|LONG|SHORT))?\)\}\}/g
  return source.replace(marked, "(a date)")
}

/** The Markdown of text blocks: links, emphasis, lists, entities. What is drawn says what its reader would make of it. */
export function drawMarkdown(source: string): string {
  return source
    .replace(/!?\[([^\]]*)\]\(([^)\s]*)(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/<(https?:[^\s<>]+)>/g, "$1")
    .replace(/<at>([^<]*)<\/at>/g, "@$1")
    .replace(/\*\*([^*\n]+)\*\*/g, "$1")
    .replace(/(?<!\w)__([^_\n]+)__(?!\w)/g, "$1")
    .replace(/(?<!\*)\*([^*\n]+)\*(?!\*)/g, "$1")
    .replace(/(?<!\w)_([^_\n]+)_(?!\w)/g, "$1")
    .replace(/~~([^~\n]+)~~/g, "$1")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/^\s*[-*+] /gm, "• ")
    .replace(/^#{1,6} /gm, "")
    .replace(/\\([\\`*_{}[\]()#+\-.!~])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&nbsp;", "\u00a0")
    .replaceAll("&amp;", "&")
}

const tags = /<\/?(?:a|b|strong|i|em|u|s|strike|h[1-6]|p|br|pre|code|blockquote|ul|ol|li|span|div|at|img)\b[^<>]*>/gi

/** Hero and thumbnail cards read some HTML. */
const drawHtml = (source: string): string =>
  source
    .replace(tags, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&nbsp;", "\u00a0")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")

/** A line of the results that a message extension shows. */
export const drawPreview = (content: Json): string =>
  [content.title, content.subtitle, content.text]
    .map((part) => drawHtml(text(part) ?? ""))
    .filter((line) => line !== "")
    .join("\n")
    .replaceAll("\u200b", "")
