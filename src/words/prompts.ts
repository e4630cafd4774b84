// The prompts as writers left them in prompts/: read once at boot, checked against each other, looked up by id or kind.
// Refuses to know who is asked, and when.
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { type Language, languages } from "./phrasebook.ts"
import { type Checked, checkPromptFile, type Folder, folders, type Item, lineOf } from "./prompt-check.ts"
import type { Problem } from "./prompt-file.ts"
import { type Nudge, type NudgeKind, nudgeKinds, pickedLenses, type Question, type Starter, starterKinds, type Topic } from "./prompt-kinds.ts"
import { seeded } from "./seed.ts"

export type { Problem } from "./prompt-file.ts"
export * from "./prompt-kinds.ts"

export type Prompts = {
  /** `null` where no such question is written any more. */
  question(id: string, language: Language): Question | null
  questions(): readonly Topic[]
  /** One of a kind's variants; a seed gives the same variant in every language. Throws where none is written, which boot refuses. */
  nudge(kind: NudgeKind, language: Language, seed: string): Nudge
  /** Grouped by kind: belief, high standard, next step. */
  starters(language: Language): readonly Starter[]
}

/** Reads the folder. A file with a problem is left out of `prompts`; whether to start without it is the caller's to decide. */
export function readPrompts(dir: string): { prompts: Prompts; problems: Problem[] } {
  const problems: Problem[] = []
  const items: Item[] = []
  for (const folder of folders) {
    const path = join(dir, folder)
    const read = readFolder(folder, path)
    problems.push(...read.problems)
    items.push(...read.items)
  }
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return { prompts: shelve(items), problems }
}

/** A problem as editors jump to it; `from` is the folder that its path is told from. */
export const problemLine = ({ file, line, says }: Problem, from: string): string => `${relative(from, file) || file}:${line}: ${says}`

function readFolder(folder: Folder, path: string): { items: Item[]; problems: Problem[] } {
  const names = attempt(() => readdirSync(path))
  if (!names) return { items: [], problems: [{ file: path, line: 1, says: "there is no such folder" }] }
  const problems: Problem[] = []
  const checked: Checked[] = []
  for (const name of names.filter((each) => !each.startsWith(".")).sort()) {
    const file = join(path, name)
    const bytes = name.endsWith(".md") ? attempt(() => readFileSync(file)) : null
    if (!bytes) {
      problems.push({ file, line: 1, says: "a prompt is a readable file whose name ends in .md" })
      continue
    }
    const one = checkPromptFile(folder, file, bytes)
    problems.push(...one.problems)
    if (one.checked) checked.push(one.checked)
  }
  problems.push(...compare(checked, new Set(names)))
  const refused = new Set(problems.map(({ file }) => file))
  const items = checked.flatMap(({ file, item }) => (item && !refused.has(file) ? item : []))
  return { items, problems: [...problems, ...gaps(folder, path, items)] }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

const languageNames: Record<Language, string> = { en: "English", es: "Spanish" }
/** One folder's files against each other: a name for each, no id twice in a language, every language there and of one mind. */
function compare(checked: readonly Checked[], names: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = []
  const byId = new Map<string, Map<Language, Checked>>()
  for (const one of checked) {
    const line = lineOf(one.parts, "id")
    const same = byId.get(one.id) ?? new Map<Language, Checked>()
    byId.set(one.id, same)
    const twin = same.get(one.language)
    const [first] = same.values()
    if (twin) {
      problems.push({ file: one.file, line, says: `the id “${one.id}” is taken in ${languageNames[one.language]} by ${twin.file}` })
      continue
    }
    same.set(one.language, one)
    if (!one.file.endsWith(`${one.id}.${one.language}.md`)) {
      problems.push({ file: one.file, line, says: `the file's name is its id and language: ${one.id}.${one.language}.md` })
    }
    for (const key of first ? differences(one, first) : []) {
      problems.push({ file: one.file, line: lineOf(one.parts, key), says: `${key} is not the same as in ${first?.file}` })
    }
  }
  for (const [id, same] of byId) {
    const [first] = same.values()
    if (!first) continue
    for (const language of languages) {
      if (same.has(language) || names.has(`${id}.${language}.md`)) continue
      const says = `“${id}” has no ${languageNames[language]}: write ${id}.${language}.md`
      problems.push({ file: first.file, line: lineOf(first.parts, "id"), says })
    }
    const trail = followed(first, byId)
    if (trail) for (const one of same.values()) problems.push({ file: one.file, line: lineOf(one.parts, "follow"), says: trail })
  }
  return problems
}

/** The keys that may not differ between the languages of one prompt, and do; of two files that are well in themselves. */
function differences(one: Checked, other: Checked): string[] {
  type Shared = { lens?: string; season?: string; follow?: string | null; kind?: string } | undefined
  const [a, b]: Shared[] = [one.item?.words, other.item?.words]
  return a && b ? (["lens", "season", "follow", "kind"] as const).filter((key) => a[key] !== b[key]) : []
}

/** What is wrong with the chain of questions that one follows. */
function followed(start: Checked, byId: ReadonlyMap<string, ReadonlyMap<Language, Checked>>): string | null {
  const seen = new Set([start.id])
  let at: Checked | undefined = start
  while (at) {
    const next: unknown = at.parts.keys.get("follow")?.value
    if (typeof next !== "string") return null
    if (seen.has(next)) return `it follows itself by way of “${next}”, so it would never be asked`
    seen.add(next)
    const [target]: Iterable<Checked> = byId.get(next)?.values() ?? []
    if (!target) return at === start ? `no question is called “${next}”` : null
    at = target
  }
  return null
}

/** What the bot could not do without: something to ask in each lens at any time, an opening and a starter of each kind. */
function gaps(folder: Folder, path: string, items: readonly Item[]): Problem[] {
  const needs: Record<Folder, { what: string; met: (item: Item) => boolean }[]> = {
    reflection: pickedLenses.map((lens) => ({
      what: `question of the lens ${lens} that fits any season and follows no other`,
      met: ({ folder: at, words }) => at === "reflection" && words.lens === lens && words.season === "any" && words.follow === null,
    })),
    nudge: nudgeKinds.map((kind) => ({ what: `nudge of the kind ${kind}`, met: ({ folder: at, words }) => at === "nudge" && words.kind === kind })),
    starter: starterKinds.map((kind) => ({
      what: `starter of the kind ${kind}`,
      met: ({ folder: at, words }) => at === "starter" && words.kind === kind,
    })),
  }
  return languages.flatMap((language) =>
    needs[folder]
      .filter(({ met }) => !items.some((item) => item.words.language === language && met(item)))
      .map(({ what }) => ({ file: path, line: 1, says: `there is no ${what} in ${languageNames[language]}` })),
  )
}

function shelve(items: readonly Item[]): Prompts {
  const questions = new Map<string, Question>()
  const nudges: Nudge[] = []
  const starters: Starter[] = []
  for (const item of items) {
    if (item.folder === "reflection") questions.set(`${item.words.language}:${item.words.id}`, item.words)
    else if (item.folder === "nudge") nudges.push(item.words)
    else starters.push(item.words)
  }
  const [first] = languages
  const topics = [...questions.values()]
    .filter(({ language }) => language === first)
    .map(({ id, lens, season, follow }): Topic => ({ id, lens, season, follow }))
  const rank = ({ kind }: Starter): number => starterKinds.indexOf(kind)
  const sorted = starters.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
  return {
    question: (id, language) => questions.get(`${language}:${id}`) ?? null,
    questions: () => topics,
    nudge: (kind, language, seed) => {
      const variants = nudges.filter((nudge) => nudge.kind === kind && nudge.language === language)
      const variant = variants[seeded(seed) % variants.length]
      if (!variant) throw new Error(`no nudge of the kind ${kind} in ${language}`)
      return variant
    },
    starters: (language) => sorted.filter((starter) => starter.language === language),
  }
}
