// Decides how the parts of a long message follow each other, and which of them give way where it would grow too long. Refuses to know what they say.
import { limits } from "../platform/limits.ts"
import { type Block, charsOf, divider } from "../platform/message.ts"

/** `spare`: it can be missed, the highest first; without it, never. */
export type Section = { blocks: readonly Block[]; spare?: number }

/** What has something to say, a line between each two, below `head`; as many of the spare ones as there is room for. */
export function fitting(head: readonly Block[], sections: readonly Section[], charsMost: number = limits.messageChars): Block[] {
  const said = sections.filter(({ blocks }) => blocks.length > 0)
  const all = [...head, ...said.flatMap(({ blocks }, i) => (i === 0 ? blocks : [divider, ...blocks]))]
  const spares = said.flatMap(({ spare }) => spare ?? [])
  if (spares.length === 0 || (all.length <= limits.blocks && charsOf(all) <= charsMost)) return all
  const first = Math.max(...spares)
  return fitting(
    head,
    said.filter(({ spare }) => spare !== first),
    charsMost,
  )
}
