// Text as it may stand in a card: well formed, and read by nothing.
import { clean } from "./words.ts"

/** Cards read one thing even in a text run, `{{DATE(...)}}`: a space that nobody sees keeps it what was typed. */
const marked = /\{\{(?=\s*(?:DATE|TIME)\b)/gi

export const shown = (text: string): string => clean(text).replace(marked, "{\u200b{")
