// Whether one file of words is a prompt, key by key; says what is wrong, where, and what would be right.
// Refuses to know the other files.
import { type Language, languages } from "./phrasebook.ts"
import { type Problem, type PromptFile, parsePromptFile } from "./prompt-file.ts"
import { lenses, longest, type Nudge, nudgeKinds, type Question, type Starter, seasons, starterKinds, variables } from "./prompt-kinds.ts"
import { protectedTopic } from "./protected.ts"

const keysOf = {
  reflection: { required: ["id", "version", "lens", "language", "audience"], optional: ["season", "follow", "hint"], audience: "student" },
  nudge: { required: ["id", "version", "kind", "language", "audience"], optional: [], audience: "student" },
  starter: { required: ["id", "version", "kind", "language", "audience"], optional: [], audience: "adult" },
} as const satisfies Record<string, { required: readonly string[]; optional: readonly string[]; audience: string }>

export type Folder = keyof typeof keysOf
export const folders = ["reflection", "nudge", "starter"] as const satisfies readonly Folder[]

export type Item = { folder: "reflection"; words: Question } | { folder: "nudge"; words: Nudge } | { folder: "starter"; words: Starter }

/** As long as a first name that a starter still has to fit into its list with. */
const longName = "x".repeat(12)

/** A file whose id and language are known; `item` is null where anything else in it is refused. */
export type Checked = { folder: Folder; file: string; id: string; language: Language; parts: PromptFile; item: Item | null }

/** Where a key stands, for a problem with it. */
export const lineOf = (parts: PromptFile, key: string): number => parts.keys.get(key)?.line ?? 1

export function checkPromptFile(folder: Folder, file: string, bytes: Uint8Array): { checked: Checked | null; problems: Problem[] } {
  const parsed = parsePromptFile(file, bytes)
  if (parsed.kind === "refused") return { checked: null, problems: parsed.problems }
  const { parts } = parsed
  const problems: Problem[] = []
  const refuse = (line: number, says: string): null => {
    problems.push({ file, line, says })
    return null
  }

  const { required, optional, audience } = keysOf[folder]
  const known: readonly string[] = [...required, ...optional]
  for (const key of required) if (!parts.keys.has(key)) refuse(1, `the front matter has no ${key}`)
  for (const [key, { line }] of parts.keys) if (!known.includes(key)) refuse(line, `no key is called ${key}: use ${known.join(", ")}`)

  const words = (key: string): string | null => {
    const entry = parts.keys.get(key)
    if (!entry) return null
    return typeof entry.value === "string" && entry.value.trim() ? entry.value.trim() : refuse(entry.line, `${key} wants words`)
  }
  const oneOf = <T extends string>(key: string, values: readonly T[]): T | null => {
    const value = words(key)
    const match = values.find((each) => each === value)
    if (value !== null && !match) return refuse(lineOf(parts, key), `${key} “${value}” is unknown: use ${values.join(", ")}`)
    return match ?? null
  }
  const id = words("id")
  if (id !== null && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) refuse(lineOf(parts, "id"), `an id is small letters, digits and hyphens, not “${id}”`)
  const version = parts.keys.get("version")?.value
  if (parts.keys.has("version") && !(typeof version === "number" && Number.isSafeInteger(version) && version > 0))
    refuse(lineOf(parts, "version"), "version is a whole number from 1 up")
  const language = oneOf("language", languages)
  oneOf("audience", [audience])

  const read = (what: string, lines: PromptFile["lines"], text: string, most: number, vars: readonly string[]): void => {
    const line = lines.find((each) => each.text.trim() !== "")?.line ?? parts.bodyLine
    if (text.length > most) refuse(line, `the ${what} has ${text.length} characters, at most ${most}`)
    for (const each of lines) for (const says of braces(each.text, vars)) refuse(each.line, says)
    const touched = language && protectedTopic(text, language)
    if (touched) refuse(line, `“${touched.word}” touches ${touched.area}: a school may not ask about that without a family's consent`)
  }
  if (!parts.text) refuse(parts.bodyLine, "there are no words after the front matter")

  const finish = (): Item | null => {
    const written = { id: id ?? "", version: Number(version), language: language ?? "en", text: parts.text }
    switch (folder) {
      case "reflection": {
        const [lens, follow, hint] = [oneOf("lens", lenses), words("follow"), words("hint")]
        const season = parts.keys.has("season") ? oneOf("season", seasons) : "any"
        read("question", parts.lines, parts.text, longest.question, variables.question)
        if (hint !== null) read("hint", [{ line: lineOf(parts, "hint"), text: hint }], hint, longest.hint, [])
        return lens && season && { folder, words: { ...written, lens, season, follow, hint } }
      }
      case "nudge": {
        const kind = oneOf("kind", nudgeKinds)
        if (kind) read("nudge", parts.lines, parts.text, longest.nudge, variables[kind])
        return kind && { folder, words: { ...written, kind } }
      }
      case "starter": {
        const kind = oneOf("kind", starterKinds)
        read("starter", parts.lines, parts.text, longest.starter, variables.starter)
        const named = parts.text.replaceAll("{student}", longName).length
        if (parts.text.length <= longest.starter && named > longest.starter) {
          refuse(parts.bodyLine, `with a name of ${longName.length} letters the starter has ${named} characters, at most ${longest.starter}`)
        }
        return kind && { folder, words: { ...written, kind } }
      }
      default:
        return folder satisfies never
    }
  }
  const item = finish()
  if (id === null || language === null) return { checked: null, problems }
  return { checked: { folder, file, id, language, parts, item: problems.length === 0 ? item : null }, problems }
}

/** A sentence for each variable the text may not name, and for a brace that belongs to none. */
function braces(text: string, allowed: readonly string[]): string[] {
  const use = allowed.length > 0 ? `use ${allowed.map((name) => `{${name}}`).join(", ")}` : "none can stand here"
  const unknown = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name).filter((name) => !allowed.includes(name))
  const says = unknown.map((name) => `the variable {${name}} is unknown: ${use}`)
  return /[{}]/.test(text.replace(/\{[^{}]*\}/g, "")) ? [...says, "a brace stands alone: a variable is written {name}"] : says
}
