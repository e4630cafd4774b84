// The form a student fills: the question, the line above the box, their words, and what may be asked beside them.
// The mood is asked only where a parent's or the student's own consent is on record.
import type { TiedAdult } from "../../db/queries/reflection-student.ts"
import { type Field, type Form, form } from "../platform/form.ts"
import { limits } from "../platform/limits.ts"
import { plain, strong } from "../platform/prose.ts"
import { fill, type Question } from "../words/prompts.ts"
import { say } from "./phrases.ts"
import { standingLine } from "./readers.ts"
import type { Here } from "./student-here.ts"
import { whoField, wishes } from "./talk-form.ts"

export type FormAction = "reflect_first" | "reflect_second"
export type Typed = { words: string; mood: number | null; wants: string | null; who: string | null }

export const wordsMax = limits.formParagraph
export const moods = [5, 4, 3, 2, 1] as const

export const asksMood = (here: Here): boolean => here.student.consent === "parent" || here.student.consent === "own"

export function answerForm(here: Here, at: { action: FormAction; id: string }, question: Question, adults: readonly TiedAdult[], typed: Typed): Form {
  const { language } = here.place
  const asked = [strong(fill(question.text, { name: here.student.shortName })), ...(question.hint === null ? [] : [plain(question.hint)])]
  const mood: Field = {
    kind: "one_of",
    name: "mood",
    label: say(language, "moodLabel"),
    optional: true,
    ...(typed.mood === null ? {} : { initial: String(typed.mood) }),
    options: moods.map((value) => ({ value: String(value), label: say(language, `mood${value}`) })),
  }
  // Whoever asked for a mentor that they no longer have still asks for somebody.
  const wants = typed.wants === "mentor" && here.readers.first === null ? "someone" : (typed.wants ?? "no")
  return form({
    ...at,
    title: say(language, "formTitle"),
    submit: say(language, "formSend"),
    intro: [...asked, plain(standingLine(here.readers, language))],
    fields: [
      { kind: "paragraph", name: "words", label: say(language, "wordsLabel"), hint: say(language, "wordsHint"), initial: typed.words, max: wordsMax },
      ...(asksMood(here) ? [mood] : []),
      {
        kind: "one_of",
        name: "wants",
        label: say(language, "wantsLabel"),
        optional: true,
        initial: wants,
        options: [{ value: "no", label: say(language, "wantsNo") }, ...wishes(here)],
      },
      ...whoField(here, adults, typed.who),
    ],
  })
}
