// What a command writes: plain text, aligned, the same on a screen and in a file. Control characters of anybody's words never reach the terminal.
import type { Block, Message, Trend } from "../platform/message.ts"
import { proseText } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import { terminal } from "./terminal.ts"

/** Without what could move a cursor or change a colour; line ends stay. */
const inert = (text: string): string =>
  Array.from(showSafely(text))
    .filter((point) => point === "\n" || !isControl(point.codePointAt(0) ?? 0))
    .join("")

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code <= 0x9f)

export const print = (...lines: readonly string[]): void => {
  for (const line of lines) terminal().out(`${inert(line)}\n`)
}

export const complain = (line: string): void => terminal().err(`${inert(line)}\n`)

/** Columns side by side, two spaces apart. */
export function table(rows: readonly (readonly string[])[], indent = ""): string[] {
  const width = (cell: string): number => Array.from(cell).length
  const widths = Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) =>
    Math.max(0, ...rows.map((row) => width(row[i] ?? ""))),
  )
  const padded = (cell: string, i: number) => cell + " ".repeat((widths[i] ?? 0) - width(cell))
  return rows.map((row) => `${indent}${row.map(padded).join("  ")}`.trimEnd())
}

export const many = (count: number, one: string, more = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : more}`

/** "a, b and c". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`

/** Names up to a number, then how many more. */
export const some = (words: readonly string[], most: number): string =>
  words.length <= most ? listed(words) : `${words.slice(0, most).join(", ")} and ${words.length - most} more`

/** A line that overwrites itself while long work goes on; silent unless somebody watches. */
export function progress(what: string): { at(done: number, of: number): void; end(): void } {
  const { err, watched } = terminal()
  let shown = ""
  const show = (line: string) => {
    if (watched && line !== shown) err(`\r${line.padEnd(shown.length)}`)
    shown = line
  }
  return {
    at: (done, of) => show(`${what}: ${Math.floor((100 * done) / Math.max(1, of))}%`),
    end() {
      if (shown === "") return
      show("")
      if (watched) err("\r")
    },
  }
}

/** A chat message as text, without its buttons: they cannot be pressed here. */
export const messageText = (message: Message): string[] => message.blocks.flatMap(blockText)

function blockText(block: Block): string[] {
  switch (block.kind) {
    case "text":
    case "note":
      return [proseText(block.prose)]
    case "quote":
      return [...block.words.split("\n").map((line) => `> ${line}`), ...(block.by === null ? [] : [`  ${block.by}`])]
    case "facts":
      return table(block.facts.map((fact) => [`${fact.label}:`, fact.value]))
    case "divider":
      return [""]
    case "buttons":
      return []
    case "select":
      return [`${block.label}: ${block.options.map((option) => option.label).join(" | ")}`]
    case "trend":
      return block.points.every(({ value }) => value === null) ? [block.sentence] : [block.title, trendLine(block), block.sentence]
    default:
      return block satisfies never
  }
}

/** One character a week: how full the bar would be, a dot where there was no chance. */
const trendLine = (trend: Trend): string =>
  trend.points.map(({ value }) => (value === null ? "." : (["_", "-", "#"][Math.round((2 * value) / Math.max(1, trend.max))] ?? "#"))).join("")
