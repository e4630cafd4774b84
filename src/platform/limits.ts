// Caps that Slack and Teams both satisfy, asserted when a message or form is built.
// Slack: docs.slack.dev/reference/block-kit; all words of a message together, which it does not document, as bolt-js issues 2509 and 2867 measured. Teams: an Adaptive Card of at most 28 kB.

export const limits = {
  summary: 150,
  blocks: 45,
  text: 2_900,
  quote: 2_900,
  facts: 10,
  fact: 400,
  buttons: 5,
  buttonLabel: 60,
  options: 60,
  optionLabel: 70,
  id: 250,
  action: 60,
  formTitle: 24,
  formLabel: 150,
  formFields: 8,
  formParagraph: 3_000,
  trendPoints: 40,
  messageChars: 11_000,
  saidChars: 10_000,
} as const

/** Thrown at construction: a message that no platform would take is a fault of ours, found by the first test that builds it. */
export class TooLarge extends Error {
  constructor(what: string, size: number, cap: number) {
    super(`${what} is ${size}, at most ${cap}`)
    this.name = "TooLarge"
  }
}

export const within = (what: string, size: number, cap: number): void => {
  if (size > cap) throw new TooLarge(what, size, cap)
}

/** Cut for display only, with a mark that it was cut; never splits a surrogate pair. */
export function cut(text: string, cap: number): string {
  const points = Array.from(text)
  if (text.length <= cap) return text
  let kept = ""
  for (const point of points) {
    if (kept.length + point.length > cap - 1) break
    kept += point
  }
  return `${kept}…`
}
