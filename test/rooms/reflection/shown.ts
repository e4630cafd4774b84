import type { Answer } from "../../../src/platform/answer.ts"
import type { Button, Message } from "../../../src/platform/message.ts"
import { proseText } from "../../../src/platform/prose.ts"

/** A message as a reader sees it, a line a block; a quote is marked, so that words cannot pass for ours. */
export const lines = (shown: Message): string[] =>
  shown.blocks.flatMap((block) => {
    switch (block.kind) {
      case "text":
      case "note":
        return [proseText(block.prose)]
      case "quote":
        return [`> ${block.words}`]
      case "buttons":
        return [`[${block.buttons.map(({ label }) => label).join("] [")}]`]
      default:
        return [`(${block.kind})`]
    }
  })

export function messageOf(answer: Answer): Message {
  if (answer.kind === "say" || answer.kind === "replace") return answer.message
  if (answer.kind === "home") return answer.view
  throw new Error(`an answer of the kind ${answer.kind} shows no message`)
}

export const shown = (answer: Answer): string => lines(messageOf(answer)).join("\n")

export const buttonsOf = (message: Message): Button[] => message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []))

export function formOf(answer: Answer) {
  if (answer.kind !== "ask") throw new Error(`an answer of the kind ${answer.kind} asks nothing`)
  return answer
}
