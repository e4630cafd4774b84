import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import { type Language, languages } from "../../src/words/phrasebook.ts"
import { fill, lenses, nudgeKinds, readPrompts, starterKinds, variables } from "../../src/words/prompts.ts"
import { protectedTopic } from "../../src/words/protected.ts"

const shipped = join(import.meta.dirname, "../../prompts")
const made: string[] = []
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true })
})

/** The shipped prompts in a folder of their own, to be spoilt. */
function copy() {
  const dir = mkdtempSync(join(tmpdir(), "prompts-"))
  made.push(dir)
  cpSync(shipped, dir, { recursive: true })
  return {
    dir,
    write: (path: string, content: string | Uint8Array) => writeFileSync(join(dir, path), content),
    remove: (path: string) => unlinkSync(join(dir, path)),
    replace: (path: string, from: string | RegExp, to: string) => {
      const before = readFileSync(join(dir, path), "utf8")
      const after = before.replace(from, to)
      if (after === before) throw new Error(`${path} does not hold ${from}`)
      writeFileSync(join(dir, path), after)
    },
    problems: () => readPrompts(dir).problems.map(({ file, line, says }) => `${file.slice(dir.length + 1)}:${line} ${says}`),
  }
}

describe("the shipped prompts", () => {
  const { prompts, problems } = readPrompts(shipped)

  test("have no problem", () => {
    expect(problems).toEqual([])
  })

  test("ask 36 questions in both languages, at least four to a lens", () => {
    expect(prompts.questions()).toHaveLength(36)
    const few = lenses.filter((lens) => prompts.questions().filter((topic) => topic.lens === lens).length < 4)
    expect(few).toEqual([])
    for (const { id } of prompts.questions()) {
      for (const language of languages) expect(prompts.question(id, language)).toMatchObject({ id, language, hint: expect.any(String) })
    }
    expect(prompts.question("nobody-wrote-this", "en")).toBeNull()
  })

  test("end in a full stop or a question mark, each Spanish question with both of its marks", () => {
    const texts = languages.flatMap((language) => prompts.questions().flatMap(({ id }) => prompts.question(id, language)?.text ?? []))
    expect(texts).toHaveLength(72)
    expect(texts.filter((text) => !/[.?]$/.test(text))).toEqual([])
    const spanish = prompts.questions().flatMap(({ id }) => prompts.question(id, "es")?.text ?? [])
    expect(spanish.filter((text) => text.split("¿").length !== text.split("?").length)).toEqual([])
  })

  test("lead from every remembering opening into the quote", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      for (const language of languages) expect(prompts.nudge("opening_remember", language, String(seed)).text).toMatch(/:$/)
    }
  })

  test("hold three variants or more of each nudge, the same one in both languages for a seed", () => {
    for (const kind of nudgeKinds) {
      const ids = new Set<string>()
      for (let seed = 0; seed < 100; seed += 1) {
        const [english, spanish] = [prompts.nudge(kind, "en", `s${seed}`), prompts.nudge(kind, "es", `s${seed}`)]
        expect(english.id).toBe(spanish.id)
        expect(english.text).not.toBe(spanish.text)
        ids.add(english.id)
      }
      expect(ids.size).toBeGreaterThanOrEqual(3)
    }
  })

  test("hold 20 starters, grouped by kind", () => {
    for (const language of languages) {
      const kinds = prompts.starters(language).map(({ kind }) => kind)
      expect(kinds).toHaveLength(20)
      expect([...new Set(kinds)]).toEqual(starterKinds)
      expect(kinds).toEqual(kinds.toSorted((a, b) => starterKinds.indexOf(a) - starterKinds.indexOf(b)))
    }
  })

  test("are filled from the variables that their kind names, and from no others", () => {
    const values = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "Robin"]))
    for (const language of languages) {
      for (const kind of nudgeKinds) {
        for (let seed = 0; seed < 30; seed += 1) {
          expect(fill(prompts.nudge(kind, language, String(seed)).text, values(variables[kind]))).not.toMatch(/[{}]/)
        }
      }
      for (const { text } of prompts.starters(language)) expect(fill(text, values(variables.starter))).not.toMatch(/[{}]/)
    }
  })
})

describe("filling in", () => {
  test("throws on a variable without a value, an inherited one too", () => {
    expect(() => fill("Hi {name}, {adult} read this.", { name: "Ada" })).toThrow("nothing to put in place of {adult}")
    expect(() => fill("{toString}", {})).toThrow("{toString}")
  })

  test("never reads a value as a template", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, adult) => {
        expect(fill("{name}|{adult}|{name}", { name, adult })).toBe(`${name}|${adult}|${name}`)
      }),
    )
    expect(fill("Hi {name}.", { name: "{adult} $& $1" })).toBe("Hi {adult} $& $1.")
  })
})

const lost = "reflection/interests-lost-track.en.md"
const front = (changes: Record<string, string | null>): string => {
  const keys = { id: "interests-lost-track", version: "1", lens: "interests", language: "en", audience: "student", ...changes }
  const lines = Object.entries(keys).flatMap(([key, value]) => (value === null ? [] : `${key}: ${value}`))
  return `---\n${lines.join("\n")}\n---\n`
}

describe("a prompt is refused with its file and line:", () => {
  const cases: [name: string, content: string | Uint8Array, says: string][] = [
    ["an unknown variable, on its own line", `${front({})}\nHello,\n{nmae}, what now?\n`, "10 the variable {nmae} is unknown: use {name}"],
    ["a variable of another kind", `${front({})}What did {adult} say?\n`, "8 the variable {adult} is unknown: use {name}"],
    ["a brace alone", `${front({})}What now, {name?\n`, "8 a brace stands alone: a variable is written {name}"],
    ["a variable in a hint", `${front({ hint: '"Well, {name}?"' })}What now?\n`, "7 the variable {name} is unknown: none can stand here"],
    ["a missing lens", `${front({ lens: null })}What now?\n`, "1 the front matter has no lens"],
    ["an unknown lens", `${front({ lens: "hobbies" })}What now?\n`, `4 lens “hobbies” is unknown: use ${lenses.join(", ")}`],
    ["an empty lens", `${front({ lens: "" })}What now?\n`, "4 lens wants words"],
    ["a text too long", `${front({})}${"long ".repeat(48)}?\n`, "8 the question has 241 characters, at most 240"],
    ["a hint too long", `${front({ hint: "h".repeat(121) })}What now?\n`, "7 the hint has 121 characters, at most 120"],
    ["a missing id", `${front({ id: null })}What now?\n`, "1 the front matter has no id"],
    ["an id of other characters", `${front({ id: "Lost Track" })}What now?\n`, "2 an id is small letters, digits and hyphens, not “Lost Track”"],
    ["a missing version", `${front({ version: null })}What now?\n`, "1 the front matter has no version"],
    ["a missing language key", `${front({ language: null })}What now?\n`, "1 the front matter has no language"],
    ["an unknown language", `${front({ language: "fr" })}What now?\n`, "5 language “fr” is unknown: use en, es"],
    ["a missing audience", `${front({ audience: null })}What now?\n`, "1 the front matter has no audience"],
    ["an unknown audience", `${front({ audience: "parents" })}What now?\n`, "6 audience “parents” is unknown: use student"],
    ["version 0", `${front({ version: "0" })}What now?\n`, "3 version is a whole number from 1 up"],
    ["version 1.5", `${front({ version: "1.5" })}What now?\n`, "3 version is a whole number from 1 up"],
    ["a version in quotes", `${front({ version: '"1"' })}What now?\n`, "3 version is a whole number from 1 up"],
    ["an unknown season", `${front({ season: "winter" })}What now?\n`, "7 season “winter” is unknown: use any, start, middle, end"],
    [
      "an unknown key",
      `${front({ mood: "sunny" })}What now?\n`,
      "7 no key is called mood: use id, version, lens, language, audience, season, follow, hint",
    ],
    ["an empty text", `${front({})}\n\n`, "8 there are no words after the front matter"],
    ["no front matter", "What now?\n", "1 a prompt starts with its front matter between two lines of ---"],
    ["an empty file", "", "1 a prompt starts with its front matter between two lines of ---"],
    ["front matter left open", "---\nid: x\nWhat now?\n", "1 the front matter is not closed: put a line of --- after its last key"],
    ["front matter without keys", "---\n---\nWhat now?\n", "2 the front matter has no keys: write one to a line, as in `id: a-name`"],
    ["a key twice", `${front({ "lens ": "peers" })}What now?\n`, "7 the front matter is not YAML: map keys must be unique"],
    ["a file that is not UTF-8", new Uint8Array([45, 45, 45, 10, 0xff]), "1 the file is not UTF-8 text: save it again as UTF-8"],
    [
      "a name that is not its id",
      `${front({ id: "interests-found-track" })}What now?\n`,
      "2 the file's name is its id and language: interests-found-track.en.md",
    ],
    ["an unknown question to follow", `${front({ follow: "nobody-wrote-this" })}What now?\n`, "7 no question is called “nobody-wrote-this”"],
    [
      "a question that follows itself",
      `${front({ follow: "interests-lost-track" })}What now?\n`,
      "7 it follows itself by way of “interests-lost-track”, so it would never be asked",
    ],
    [
      "a protected topic",
      `${front({})}Which church do you go to?\n`,
      "8 “church” touches religion: a school may not ask about that without a family's consent",
    ],
  ]

  const folder = copy()
  test.each(cases)("%s", (_, content, says) => {
    folder.write(lost, content)
    expect(folder.problems()).toContain(`${lost}:${says}`)
    expect(readPrompts(folder.dir).prompts.question("interests-lost-track", "en")).toBeNull()
  })

  test("a lens that differs between languages", () => {
    const folder = copy()
    folder.replace(lost, "lens: interests", "lens: peers")
    expect(folder.problems()).toEqual([`reflection/interests-lost-track.es.md:4 lens is not the same as in ${join(folder.dir, lost)}`])
  })

  test("an id taken twice in a language", () => {
    const folder = copy()
    folder.write("reflection/interests-new.en.md", `${front({})}What now?\n`)
    expect(folder.problems()).toEqual([
      `reflection/interests-new.en.md:2 the id “interests-lost-track” is taken in English by ${join(folder.dir, lost)}`,
    ])
  })

  test.each<[Language, string]>([
    ["es", "reflection/interests-lost-track.en.md:2 “interests-lost-track” has no Spanish: write interests-lost-track.es.md"],
    ["en", "reflection/interests-lost-track.es.md:2 “interests-lost-track” has no English: write interests-lost-track.en.md"],
  ])("a language missing (%s)", (language, says) => {
    const folder = copy()
    folder.remove(`reflection/interests-lost-track.${language}.md`)
    expect(folder.problems()).toEqual([says])
  })

  test("a nudge that names what its kind does not know, and one of no kind", () => {
    const folder = copy()
    folder.replace("nudge/opening-two-minutes.en.md", "{name}", "{name} and {day}")
    folder.replace("nudge/reminder-still-time.es.md", "kind: reminder", "kind: threat")
    expect(folder.problems()).toEqual([
      "nudge/opening-two-minutes.en.md:8 the variable {day} is unknown: use {name}",
      "nudge/reminder-still-time.es.md:4 kind “threat” is unknown: use opening, opening_remember, opening_unread, reminder",
    ])
  })

  test("a starter too long, or with a key of another folder", () => {
    const folder = copy()
    folder.replace("starter/next-an-idea.en.md", "{student}", "{student}".repeat(9))
    folder.replace("starter/next-bring-it.es.md", "kind: next_step\n", "kind: next_step\nlens: peers\n")
    expect(folder.problems()).toEqual([
      "starter/next-an-idea.en.md:8 the starter has 133 characters, at most 70",
      "starter/next-bring-it.es.md:5 no key is called lens: use id, version, kind, language, audience",
    ])
  })

  test("a starter that no longer fits its list once it names a student with a long name", () => {
    const folder = copy()
    folder.replace("starter/next-an-idea.en.md", "when I see you.", "all about it next week.")
    expect(folder.problems()).toEqual(["starter/next-an-idea.en.md:8 with a name of 12 letters the starter has 72 characters, at most 70"])
  })

  test("a file that is no prompt, and a folder that is not there", () => {
    const folder = copy()
    folder.write("nudge/notes.txt", "Ask Sam")
    rmSync(join(folder.dir, "starter"), { recursive: true })
    expect(folder.problems()).toEqual(["nudge/notes.txt:1 a prompt is a readable file whose name ends in .md", "starter:1 there is no such folder"])
  })

  test("a lens with nothing left to ask, and a kind with nothing left to say", () => {
    const folder = copy()
    const { prompts } = readPrompts(shipped)
    for (const { id } of prompts.questions().filter(({ lens, season }) => lens === "peers" && season === "any")) {
      for (const language of languages) folder.remove(`reflection/${id}.${language}.md`)
    }
    for (const { id } of prompts.starters("en").filter(({ kind }) => kind === "belief")) {
      for (const language of languages) folder.remove(`starter/${id}.${language}.md`)
    }
    expect(folder.problems()).toEqual([
      "reflection:1 there is no question of the lens peers that fits any season and follows no other in English",
      "reflection:1 there is no question of the lens peers that fits any season and follows no other in Spanish",
      "starter:1 there is no starter of the kind belief in English",
      "starter:1 there is no starter of the kind belief in Spanish",
    ])
  })
})

test("a byte order mark, Windows line ends and a wrapped text are a writer's habit, not a problem", () => {
  const folder = copy()
  folder.write(lost, `\uFEFF${front({})}\nWhat was it,\n  {name}, and why?\n\n`.replaceAll("\n", "\r\n"))
  expect(folder.problems()).toEqual([])
  expect(readPrompts(folder.dir).prompts.question("interests-lost-track", "en")?.text).toBe("What was it, {name}, and why?")
})

test("whatever a file holds, it is read or refused by line, and nothing is thrown", () => {
  const folder = copy()
  const piece = fc.constantFrom(
    "---",
    "\n",
    "\r\n",
    "id: x",
    "lens: peers",
    "{",
    "}",
    "{name}",
    ": ",
    "- ",
    "&a *a",
    "[",
    '"',
    "version: 1",
    "!!binary x",
    "\t",
    "? ",
    "|",
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 }))), (pieces) => {
      folder.write(lost, `---\n${pieces.join("")}`)
      for (const { line, says } of readPrompts(folder.dir).problems) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(says).not.toBe("")
      }
    }),
    { numRuns: 60 },
  )
})

test.each<[Language, string, string | null]>([
  ["en", "What did you vote for?", "politics"],
  ["en", "Have you had therapy?", "mental health"],
  ["en", "Do you have a girlfriend?", "sex"],
  ["en", "Were you ever drunk?", "illegal or self-incriminating behavior"],
  ["en", "How often do you argue with your mom?", "judging close family"],
  ["en", "What did you tell your doctor?", "privileged relationships"],
  ["en", "When do you pray?", "religion"],
  ["en", "How much money is there at home?", "income"],
  ["es", "¿Por quién votarías?", "politics"],
  ["es", "¿Tienes DEPRESIÓN?", "mental health"],
  ["es", "¿Tienes novio?", "sex"],
  ["es", "¿Has probado drogas?", "illegal or self-incriminating behavior"],
  ["es", "¿Hay problemas en casa?", "judging close family"],
  ["es", "¿Qué le contaste a tu médico?", "privileged relationships"],
  ["es", "¿Crees en Dios?", "religion"],
  ["es", "¿Cuánto gana tu madre?", "income"],
  ["en", "Essex sprayed goddesses, devoted to drugstores", null],
  ["es", "Un partido, una elección, tacos al pastor", null],
])("the plain words of a protected topic are seen (%s: %s)", (language, text, area) => {
  expect(protectedTopic(text, language)?.area ?? null).toBe(area)
})
