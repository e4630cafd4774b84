// The messages that this room composes, by kind: what a student is asked, and what they hear back.
import type { DeliveryKind } from "../delivery/owed.ts"
import type { Letter } from "../deps.ts"
import { line, reachOutNewsLetter, readReceipt } from "./news-letters.ts"
import { prompt, reminder } from "./prompt-letter.ts"

export const letters = { prompt, reminder, read_receipt: readReceipt, line, reach_out_news: reachOutNewsLetter } satisfies Partial<
  Record<DeliveryKind, Letter>
>
