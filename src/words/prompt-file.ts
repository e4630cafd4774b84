// One file of words: YAML front matter between two lines of ---, then the words themselves; every part keeps its line.
// Refuses to know which keys a folder wants.
import { isMap, isScalar, LineCounter, parseDocument } from "yaml"

/** What is wrong with a file of words, said to the person who wrote it. Lines count from 1. */
export type Problem = { file: string; line: number; says: string }

export type PromptFile = {
  keys: ReadonlyMap<string, { value: unknown; line: number }>
  /** The words as one paragraph; a line break in the file is a space. */
  text: string
  lines: readonly { line: number; text: string }[]
  /** Where the words start, or would. */
  bodyLine: number
}

type Parsed = { kind: "parsed"; parts: PromptFile } | { kind: "refused"; problems: Problem[] }

export function parsePromptFile(file: string, bytes: Uint8Array): Parsed {
  const refused = (line: number, says: string): Parsed => ({ kind: "refused", problems: [{ file, line, says }] })
  let content: string
  try {
    content = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return refused(1, "the file is not UTF-8 text: save it again as UTF-8")
  }
  const lines = content.split(/\r\n|\r|\n/)
  if (lines[0]?.trimEnd() !== "---") return refused(1, "a prompt starts with its front matter between two lines of ---")
  const close = lines.findIndex((line, i) => i > 0 && line.trimEnd() === "---")
  if (close < 0) return refused(1, "the front matter is not closed: put a line of --- after its last key")

  const counter = new LineCounter()
  const document = parseDocument(lines.slice(1, close).join("\n"), { lineCounter: counter, prettyErrors: false })
  // The YAML starts on the file's second line, and yaml counts from 1.
  const lineAt = (offset: number): number => counter.linePos(offset).line + 1
  const broken = document.errors[0]
  if (broken) return refused(lineAt(broken.pos[0]), `the front matter is not YAML: ${broken.message.toLowerCase()}`)
  if (!isMap(document.contents)) return refused(2, "the front matter has no keys: write one to a line, as in `id: a-name`")

  const keys = new Map<string, { value: unknown; line: number }>()
  const problems: Problem[] = []
  for (const pair of document.contents.items) {
    const line = isScalar(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : 2
    if (!isScalar(pair.key)) problems.push({ file, line, says: "a key is one word" })
    else keys.set(String(pair.key.value), { value: isScalar(pair.value) ? pair.value.value : pair.value, line })
  }
  if (problems.length > 0) return { kind: "refused", problems }

  const body = lines.slice(close + 1).map((text, i) => ({ line: close + 2 + i, text }))
  const first = body.find(({ text }) => text.trim() !== "")
  const text = body
    .map((line) => line.text.trim())
    .filter(Boolean)
    .join(" ")
  return { kind: "parsed", parts: { keys, text, lines: body, bodyLine: first?.line ?? close + 2 } }
}
