// What a school is judged by, a site at a time, in a terminal. The same counts as `/coverage` shows, and no others.
import { siteRows } from "../../db/queries/roster-apply.ts"
import type { Scene } from "../deps.ts"
import { type Figures, figuresOf } from "../outreach/coverage-figures.ts"
import type { Shown } from "../outreach/coverage-parts.ts"
import { beliefSentences, contactSentence, readSentence, suggestionSentence, usefulSentence } from "../outreach/coverage-words.ts"
import { table } from "./print.ts"

/** `all`: with the groups that may be shown. */
export async function judgedLines(scene: Pick<Scene, "tx" | "now">, all: boolean): Promise<string[]> {
  const lines: string[] = []
  for (const site of await siteRows(scene.tx)) {
    const figures = await figuresOf(scene, site, "In no advisory")
    // A district's own row has no students.
    if (figures.contact.total === null && figures.contact.hidden === 0) continue
    lines.push(`What we are judged by: ${site.name}`, ...sentences(figures).map((sentence) => `  ${sentence}`))
    if (all) lines.push(...groupLines("In touch in the last four weeks:", figures.contact))
    if (all && figures.belief) lines.push(...groupLines("Said that an adult here believes in them:", figures.belief.shown))
    lines.push("")
  }
  return lines
}

function sentences(figures: Figures): string[] {
  const suggested = suggestionSentence(figures, "en")
  return [
    readSentence(figures, "en"),
    ...beliefSentences(figures, "en"),
    usefulSentence(figures, "en"),
    ...(suggested === null ? [] : [suggested]),
    contactSentence(figures, "en"),
  ]
}

const groupLines = (heading: string, { parts }: Shown): string[] =>
  parts.length === 0
    ? []
    : [
        `  ${heading}`,
        ...table(
          parts.map(({ name, of, yes }) => [name, `${yes} of ${of}`]),
          "    ",
        ),
      ]
