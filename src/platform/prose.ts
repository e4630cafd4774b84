// Prose is text in which only the bot's own sentences carry emphasis. What is interpolated (a name, a title,
// a count) is kept apart as a plain part, so that each adapter can escape it in its own way.

export type Part = { kind: "ours"; text: string } | { kind: "theirs"; text: string } | { kind: "strong"; text: string }
export type Prose = readonly Part[]

/** Tagged template: the literal is ours, every interpolation is rendered inert. A nested Prose is spliced in. */
export function prose(literal: TemplateStringsArray, ...values: readonly (string | number | Prose)[]): Prose {
  const parts: Part[] = []
  literal.forEach((text, i) => {
    if (text) parts.push({ kind: "ours", text })
    const value = values[i]
    if (value === undefined) return
    if (typeof value === "object") parts.push(...value)
    else if (String(value)) parts.push({ kind: "theirs", text: String(value) })
  })
  return parts
}

/** Emphasis; its text is inert like any interpolation. */
export const strong = (text: string): Prose => [{ kind: "strong", text }]

/** Text made by the phrasebook or typed by people: shown as it stands, never as markup. */
export const plain = (text: string): Prose => (text ? [{ kind: "theirs", text }] : [])

/** Several pieces, one after the other, with `between` in the gaps. */
export const join = (pieces: readonly Prose[], between = " "): Prose =>
  pieces.flatMap((piece, i) => (i === 0 ? piece : [{ kind: "ours" as const, text: between }, ...piece]))

export const proseText = (value: Prose): string => value.map((part) => part.text).join("")
