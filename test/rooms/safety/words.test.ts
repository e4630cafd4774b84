import { describe, expect, test } from "vitest"
import { limits } from "../../../src/platform/limits.ts"
import { message, text } from "../../../src/platform/message.ts"
import { proseText } from "../../../src/platform/prose.ts"
import {
  adultTaken,
  adultWords,
  fixedWords,
  fixedWordsVersion,
  nightLine,
  resourcesFor,
  studentTaken,
  studentWords,
} from "../../../src/safety/words.ts"
import { languages } from "../../../src/words/phrasebook.ts"

const zone = "America/Denver"
const monday = new Date("2026-09-07T07:30:00-06:00")
const levels = ["concern", "urgent"] as const
const cases = languages.flatMap((language) => levels.map((level) => ({ language, level })))

describe("the words to a student", () => {
  const said = ({ language, level }: (typeof cases)[number], responder: string | null = "Ms. Quill") =>
    studentWords(level, language, { responder, reads: { kind: "at", at: monday }, zone, resources: resourcesFor("US", language, "555-0100") })

  test.each(cases)("name who reads, when, and where people answer now: $level, $language", (which) => {
    const paragraphs = said(which).map(proseText)
    const all = paragraphs.join("\n")
    for (const part of ["Ms. Quill", "7:30", "911", "988", "741741", "555-0100", "bot"]) expect(all).toContain(part)
    expect(all).toContain(which.language === "en" ? "text HOME to 741741" : "AYUDA por mensaje al 741741")
    expect(Math.max(...paragraphs.map((words) => words.length))).toBeLessThan(350)
  })

  test.each(cases)("never promise secrecy, report, or name an illness: $level, $language", (which) => {
    const all = said(which).map(proseText).join("\n")
    expect(all).toContain(which.language === "en" ? "I cannot keep this a secret" : "No puedo guardarlo en secreto")
    expect(all).not.toMatch(/report|denunci|police|polic[ií]a|depress|depres|suicid|diagnos|confiden/i)
  })

  test.each(cases)("hold where no adult is left to name: $level, $language", (which) => {
    expect(said(which, null).map(proseText).join(" ")).toContain(
      which.language === "en" ? "an adult at your school" : "una persona adulta de tu escuela",
    )
  })

  test.each(languages)("say when they cannot know, and when someone is there: %s", (language) => {
    const heard = (kind: "now" | "unknown") =>
      studentWords("concern", language, { responder: "Ms. Quill", reads: { kind }, zone, resources: [] }).map(proseText)[1]
    expect(heard("now")).toMatch(/on duty|de turno/)
    expect(heard("unknown")).toMatch(/do not know|No sé/)
  })

  test("say at night when a person reads next", () => {
    expect(proseText(nightLine("en", monday, zone))).toContain("A person reads this next at 7:30 am on Monday 7 September.")
    expect(proseText(nightLine("es", monday, zone))).toContain("lunes 7 de septiembre")
  })

  test("show the name of whoever has it as it stands", () => {
    expect(studentTaken("en", "<!channel>")).toEqual([{ kind: "theirs", text: "<!channel> knows about this now and has taken it on." }])
  })
})

describe("the words to an adult", () => {
  test.each(cases)("fit a message, and leave the duty to report with the adult: $level, $language", ({ language, level }) => {
    const words = adultWords(level, language, { student: "Robin Vale", leftOut: true, again: true })
    const built = message(words.summary, words.paragraphs.map(text))
    expect(built.summary).not.toContain("Robin")
    expect(words.haveIt.length).toBeLessThanOrEqual(limits.buttonLabel)
    const all = words.paragraphs.map(proseText).join("\n")
    expect(all).toContain("Robin Vale")
    expect(all).toContain(language === "en" ? "the duty to report it is yours" : "la obligación de denunciarlo es tuya")
    expect(all).toContain(words.haveIt)
  })

  test("tell apart now and today", () => {
    const first = (level: (typeof levels)[number]) =>
      proseText(adultWords(level, "en", { student: "Robin Vale", leftOut: false, again: false }).paragraphs[0] ?? [])
    expect(first("urgent")).toBe("Robin Vale wrote something you need to see now.")
    expect(first("concern")).toBe("Robin Vale wrote something you need to see today.")
  })

  test("tell the others who has it", () => {
    expect(proseText(adultTaken("es", "Ms. Quill", "Robin Vale"))).toContain("Ms. Quill se encarga")
  })
})

test("what is signed off is the fixed words and not the help for admins", () => {
  for (const language of languages) {
    expect(fixedWords(language).some((words) => words.includes("988"))).toBe(true)
    expect(fixedWords(language).filter((words) => /[{}]|\[command\]/.test(words))).toEqual([])
  }
  expect(fixedWords("en")).toContain("I am bringing in [responder] now. They can read what you wrote.")
  const two = "Dejo fuera a [names]. Desde ahora estas personas no reciben avisos míos sobre esto, ni pueden abrir desde un aviso lo que escribiste."
  expect(fixedWords("es")).toContain(two)
  expect(fixedWordsVersion()).toMatch(/^[0-9a-f]{12}$/)
})
