import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { IntlMessageFormat } from "intl-messageformat"
import { describe, expect, test } from "vitest"
import { languages, phrasebooks } from "../src/words/phrasebook.ts"
import { nudgeKinds, readPrompts } from "../src/words/prompts.ts"

const root = join(import.meta.dirname, "..")
const files = globSync("src/**/*.ts", { cwd: root })
  .filter((file) => /= phrasebook\(/.test(readFileSync(join(root, file), "utf8")))
  .sort()
for (const file of files) await import(join(root, file))
const books = [...phrasebooks()]
const phrases = books.flatMap(([room, book]) =>
  languages.flatMap((language) => Object.entries(book[language]).map(([key, text]) => ({ at: `${room}: ${key} (${language})`, language, text }))),
)

/** Labels that name a child by what is missing, and what to say instead. A * stands for any ending. */
const labels: { en: string[]; es: string[]; because: string }[] = [
  {
    en: ["at risk", "at-risk", "risk score*"],
    es: ["en riesgo", "de riesgo"],
    because: "a guess about a child reads as a verdict: say what happened, and “worth a hello”",
  },
  {
    en: ["struggling", "failing", "falling behind"],
    es: ["rezagad*", "fracas*", "va mal", "van mal"],
    because: "it names the student, not the thing that is hard",
  },
  {
    en: ["low", "low-performing", "weak student*"],
    es: ["bajo rendimiento", "alumno flojo", "alumna floja"],
    because: "children are not high or low",
  },
  {
    en: ["troubled", "problem student*", "difficult student*"],
    es: ["problematic*", "conflictiv*"],
    because: "people have problems; they are not problems",
  },
  {
    en: ["disengaged", "unmotivated", "lazy"],
    es: ["desmotivad*", "desinteresad*", "perezos*"],
    because: "silence is what we see; why is theirs to tell",
  },
  { en: ["deficit*", "deficien*", "disadvantaged"], es: ["deficit*", "deficien*", "desfavorecid*"], because: "it starts from what someone lacks" },
]

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
function labelIn(text: string, language: "en" | "es"): string | null {
  for (const { [language]: words, because } of labels) {
    const found = words.find((word) => new RegExp(`(?<!\\p{L})${word.replace(/\*$/, "\\p{L}*")}(?!\\p{L})`, "u").test(fold(text)))
    if (found) return `“${found}”: ${because}`
  }
  return null
}

type Element = ReturnType<IntlMessageFormat["getAst"]>[number]
/** The variables of an ICU message; a select also names its choices, which are the code's and not a language's. */
function variablesOf(elements: readonly Element[]): string[] {
  return elements.flatMap((element): string[] => {
    if (!("value" in element) || element.type === 0) return []
    if (!("options" in element)) return [element.value]
    const inner = Object.values(element.options).flatMap(({ value }) => variablesOf(value))
    const choices = "pluralType" in element ? [] : Object.keys(element.options).map((choice) => `${element.value}=${choice}`)
    return [element.value, ...choices, ...inner]
  })
}
const named = (text: string, language: string) =>
  [...new Set(variablesOf(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst()))].sort()

describe("the phrases of every room", () => {
  test("are all on the shelf", () => {
    console.info(`words: ${phrases.length} phrases of ${books.length} phrasebooks in ${files.length} files`)
    expect(files).not.toEqual([])
    expect(books.length).toBeGreaterThanOrEqual(files.length)
    expect(phrases.length).toBeGreaterThan(0)
  })

  test("name the same variables in English and Spanish", () => {
    for (const [room, { en, es }] of books) {
      const variables = (texts: Readonly<Record<string, string>>, language: string) =>
        Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${room}: ${key}`, named(text, language)]))
      expect(variables(es, "es")).toEqual(variables(en, "en"))
    }
  })

  test("are never empty, and open every Spanish question and cry", () => {
    const halved = (text: string) => text.split("¿").length !== text.split("?").length || text.split("¡").length !== text.split("!").length
    expect(phrases.filter(({ language, text }) => text.trim() === "" || (language === "es" && halved(text)))).toEqual([])
  })

  test("carry no label", () => {
    expect(phrases.flatMap(({ at, language, text }) => (labelIn(text, language) ? `${at} says ${labelIn(text, language)}` : []))).toEqual([])
  })
})

test("no prompt carries a label", () => {
  const { prompts } = readPrompts(join(root, "prompts"))
  const texts = languages.flatMap((language) => [
    ...prompts.questions().flatMap(({ id }) => {
      const question = prompts.question(id, language)
      return question ? [question, { ...question, text: question.hint ?? "" }] : []
    }),
    ...nudgeKinds.flatMap((kind) => Array.from({ length: 50 }, (_, seed) => prompts.nudge(kind, language, String(seed)))),
    ...prompts.starters(language),
  ])
  const distinct = new Set(texts.map(({ text }) => text))
  console.info(`words: ${distinct.size} texts of prompts`)
  expect(distinct.size).toBeGreaterThan(150)
  expect(texts.flatMap(({ id, language, text }) => (labelIn(text, language) ? `${id} (${language}) says ${labelIn(text, language)}` : []))).toEqual(
    [],
  )
})

test("the checks see what they are for", () => {
  expect(labelIn("A student who is At Risk", "en")).toContain("verdict")
  expect(labelIn("Un alumno conflictivo", "es")).toContain("people have problems")
  expect(labelIn("The yellow slow below", "en")).toBeNull()
  expect(named("{n, plural, one {# day for {name}} other {# days for {name}}}", "en")).toEqual(["n", "name"])
  expect(named("{who, select, adult {A} other {B {x}}}", "en")).toEqual(["who", "who=adult", "who=other", "x"])
})
