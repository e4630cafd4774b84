// An answer to the message extension: one line above the asker's compose box, seen by the asker alone.
// Refuses to put any of it in what would be posted, should they choose the line.
import type { IAdaptiveCard } from "@microsoft/teams.cards"
import { cut, limits } from "../../src/platform/limits.ts"
import type { Block, Message } from "../../src/platform/message.ts"
import { proseText } from "../../src/platform/prose.ts"
import { adaptive, cardWith, lineOf, run } from "./render.ts"
import { shown } from "./shown.ts"

const posted = {
  en: "Rapport answers each person in their own chat. Write to it there.",
  es: "Rapport responde a cada persona en su propio chat. Escríbele allí.",
} as const

/** What composeExtension/query is answered with; null shows that nothing was found. */
export function preview(seen: Message | null, language: string | null): object {
  const attachments = seen === null ? [] : [{ contentType: adaptive, content: placeholder(language), preview: lineFor(seen) }]
  return { composeExtension: { type: "result", attachmentLayout: "list", attachments } }
}

function placeholder(language: string | null): IAdaptiveCard {
  const words = posted[language?.toLowerCase().startsWith("es") ? "es" : "en"]
  return cardWith(lineOf([run(words)]), words)
}

const lineFor = (seen: Message): object => ({
  contentType: "application/vnd.microsoft.card.thumbnail",
  content: { title: inert(seen.summary), text: inert(cut(seen.blocks.flatMap(wordsOf).join("\n"), limits.text)) },
})

/** Thumbnail cards read HTML. */
const inert = (text: string): string => shown(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

function wordsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case "text":
    case "note":
      return [proseText(block.prose)]
    case "quote":
      return [block.words, ...(block.by === null ? [] : [block.by])]
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${value}`)
    case "trend":
      return [`${block.title}. ${block.sentence}`]
    case "divider":
    case "buttons":
    case "select":
      return []
    default:
      return block satisfies never
  }
}
