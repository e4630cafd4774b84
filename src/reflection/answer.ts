// Decides what happens when a student opens the form of a question and sends it in. Refuses to keep half of it: a form with an error keeps nothing.

import { reachOutOfReply } from "../../db/queries/outreach-reach-out.ts"
import { type ReplyRow, replyTo } from "../../db/queries/reflection.ts"
import type { OccurrenceRow } from "../../db/queries/reflection-occurrence.ts"
import type { TiedAdult } from "../../db/queries/reflection-student.ts"
import { replyWords } from "../../db/queries/reflection-words.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, ask } from "../platform/answer.ts"
import type { FieldErrors, Values } from "../platform/form.ts"
import { refill } from "../platform/form.ts"
import { cleanText } from "../words/clean.ts"
import type { Question } from "../words/prompts.ts"
import { answerForm, asksMood, type FormAction, moods, type Typed, wordsMax } from "./answer-form.ts"
import { dayAt } from "./days.ts"
import { holdSpot, keepReply } from "./keep-reply.ts"
import { say } from "./phrases.ts"
import { questionsOf } from "./questions.ts"
import { saved } from "./saved.ts"
import { isBlank } from "./short.ts"
import { type Here, isOpen, ownOccurrence, stale, studentHere, studentsOnly, told } from "./student-here.ts"
import { adultsOf, askFor, type Chosen, checkWish, takeBackWish } from "./talk.ts"

const partOf: Record<FormAction, string> = { reflect_first: "form", reflect_second: "form_second" }

const questionOf = async (turn: Turn, here: Here, occurrence: OccurrenceRow, action: FormAction): Promise<Question> => {
  const pair = await questionsOf(turn, occurrence, here.student, here.place.language)
  return action === "reflect_first" ? pair.first : pair.second
}

const nothingTyped: Typed = { words: "", mood: null, wants: null, who: null }

/** What this form holds already, so that answering again is changing it. */
async function typedBefore(turn: Turn, reply: ReplyRow | null, action: FormAction): Promise<Typed> {
  if (!reply) return nothingTyped
  const parts = (await replyWords(turn.tx, turn.deps.words, turn.schoolId, [reply.id])).get(reply.id) ?? []
  const words = parts.find(({ part }) => part === partOf[action])?.words ?? ""
  return { words, mood: reply.mood, wants: reply.wants, who: (await reachOutOfReply(turn.tx, reply.id))?.toId ?? null }
}

/** A press on one of the two questions opens its form. */
export const openForm =
  (action: FormAction) =>
  async (turn: Turn, press: Press): Promise<Answer> => {
    const here = await studentHere(turn)
    if (!here) return studentsOnly(turn)
    const occurrence = await ownOccurrence(turn, press.target)
    if (!occurrence) return stale(turn)
    if (!isOpen(turn, occurrence)) {
      return told([say(here.place.language, "closed", { adult: here.adult, day: dayAt(occurrence.closesAt, here.place) })])
    }
    const typed = await typedBefore(turn, await replyTo(turn.tx, occurrence.id), action)
    const question = await questionOf(turn, here, occurrence, action)
    return ask(answerForm(here, { action, id: occurrence.id }, question, await adultsOf(turn, here), cutToBox(typed)))
  }

// What was typed as a message and is longer than the box stays a message.
const cutToBox = (typed: Typed): Typed => (typed.words.length > wordsMax ? { ...typed, words: "" } : typed)

type Filled = { words: string; mood: number | null; wish: Chosen | null }

/** Fields are checked against what the form could have offered, never taken on trust. */
function check(here: Here, values: Values, adults: readonly TiedAdult[], hasWords: boolean): { filled: Filled; errors: FieldErrors } {
  const { language } = here.place
  const words = cleanText(values.words ?? "").trim()
  const errors: Record<string, string> = {}
  if (isBlank(words) && !hasWords) errors.words = say(language, "wordsEmpty")
  if (words.length > wordsMax) errors.words = say(language, "wordsLong", { count: words.length, max: wordsMax })
  const mood = moods.find((value) => String(value) === values.mood) ?? null
  if (values.mood && mood === null) errors.mood = say(language, "pickOne")
  const wish = (values.wants || "no") === "no" ? null : checkWish(here, values, adults)
  return { filled: { words, mood: asksMood(here) ? mood : null, wish: wish?.chosen ?? null }, errors: { ...errors, ...wish?.errors } }
}

/** The form comes back: its errors by field, or it is kept. Sent after the question closed, it is kept all the same. */
export const submitForm =
  (action: FormAction) =>
  async (turn: Turn, submission: Submission): Promise<Answer> => {
    const here = await studentHere(turn)
    if (!here) return studentsOnly(turn)
    const occurrence = await ownOccurrence(turn, submission.target)
    if (!occurrence) return stale(turn)
    const adults = await adultsOf(turn, here)
    const question = await questionOf(turn, here, occurrence, action)
    const open = isOpen(turn, occurrence)
    const reply = await replyTo(turn.tx, occurrence.id)
    const { filled, errors } = check(here, submission.values, adults, reply !== null)
    if (Object.keys(errors).length > 0) {
      const blank = answerForm(here, { action, id: occurrence.id }, question, adults, nothingTyped)
      return ask(refill(blank, submission.values), errors)
    }
    const belongs = open || reply !== null
    const part = belongs ? partOf[action] : `${partOf[action]}:${occurrence.id}`
    const kept = await keepReply(turn, here, {
      occurrence: belongs ? occurrence : null,
      held: await holdSpot(turn, here.student, belongs ? occurrence.id : null, part),
      week: occurrence.week,
      part,
      words: isBlank(filled.words) ? null : filled.words,
      question,
      mood: filled.mood,
      wants: filled.wish?.wants ?? "no",
    })
    const wish = await (filled.wish ? askFor(turn, here, kept.replyId, filled.wish) : takeBackWish(turn, here, kept.replyId))
    return saved(turn, here, kept, open ? { kind: "open", occurrence, action } : { kind: "late" }, { wish })
  }
