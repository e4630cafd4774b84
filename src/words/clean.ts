// What people typed, made safe to keep (Postgres refuses NUL and lone surrogates) and safe to show.
// Refuses to judge what the words mean.

/** Keeps every word and line break of a text; only NUL goes, and lone surrogates become U+FFFD. */
export const cleanText = (text: string): string => text.replaceAll("\0", "").toWellFormed()

/** One line for a name or title: control characters and runs of space become one space, composed, at most `max` UTF-16 units. */
export function cleanLine(text: string, max: number): string {
  let line = ""
  for (const point of cleanText(text).normalize("NFC")) {
    const next = isBlank(point) ? " " : point
    if (next === " " && (line === "" || line.endsWith(" "))) continue
    if (line.length + next.length > max) break
    line += next
  }
  return line.trimEnd()
}

const isBlank = (point: string): boolean => {
  const code = point.codePointAt(0) ?? 0
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || point.trim() === ""
}

// Marks that turn the direction of the text around them: a name that carries one rewrites the sentence it stands in.
const turning = new Set(["\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"])

/** For display only: what is stored stays as it was written. */
export function showSafely(text: string): string {
  let shown = ""
  for (const point of cleanText(text)) if (!turning.has(point)) shown += point
  return shown
}
