// Decides how the sample school's simulated people behave: their habits, and words that fit the question they answer.
// Refuses to know when they act.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "csv-parse/sync"
import type { Habit } from "../adapters/playground/habit-plans.ts"
import type { HabitReplies } from "../adapters/playground/habits.ts"
import { proseText } from "./platform/prose.ts"
import { sampleFolder } from "./sample.ts"
import type { Language } from "./words/phrasebook.ts"
import type { Lens, Prompts } from "./words/prompts.ts"

type HabitRow = { person: string; habit: Habit["kind"]; misses_every: string; first_miss: string; silent_from: string }

export function sampleHabits(): ReadonlyMap<string, Habit> {
  const rows = parse(readFileSync(join(sampleFolder, "habits.csv")), { columns: true, bom: true }) as HabitRow[]
  return new Map(
    rows.map((row) => [
      row.person,
      {
        kind: row.habit,
        firstMiss: Number(row.first_miss) || null,
        missesEvery: Number(row.misses_every) || null,
        silentFrom: row.silent_from || null,
      },
    ]),
  )
}

/** What may be said to a form: the lines of its question's lens; any line where no question is known in it. */
export function sampleReplies(prompts: Pick<Prompts, "questions" | "question">): HabitReplies {
  const lines = { en: readLines("en"), es: readLines("es") }
  const begins = { en: beginningsOf(prompts, "en"), es: beginningsOf(prompts, "es") }
  return (language, form) => {
    const shown = form.intro.map(proseText)
    const asked = begins[language].find(({ words }) => shown.some((text) => text.startsWith(words)))
    const fitting = lines[language].filter(({ lens }) => lens === asked?.lens)
    return (fitting.length > 0 ? fitting : lines[language]).map(({ words }) => words)
  }
}

/** Each question up to its first variable. */
const beginningsOf = (prompts: Pick<Prompts, "questions" | "question">, language: Language): { words: string; lens: Lens }[] =>
  prompts.questions().flatMap(({ id, lens }) => {
    const words = prompts.question(id, language)?.text.split("{")[0] ?? ""
    return words === "" ? [] : [{ words, lens }]
  })

/** Lines like `skills: I mended a chair.` */
const readLines = (language: Language): { lens: string; words: string }[] =>
  readFileSync(join(sampleFolder, `replies.${language}.txt`), "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, lens, words] = /^(\w+):\s*(.+)$/.exec(line) ?? []
      return lens === undefined || words === undefined ? [] : [{ lens, words: words.trim() }]
    })
