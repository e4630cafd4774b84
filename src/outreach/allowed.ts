// Decides, before any use case of this room, whether the actor may do a deed to a student, and how a refusal reads.
// Refuses to tell "not yours" from "not there".
import { type PersonCard, personById, standingOf } from "../../db/queries/people.ts"
import { type Deed, may, type Standing } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Message, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"

/** `since`: the first day, on the student's calendar, whose words may be read; null: all. */
export type Allowed = { student: PersonCard; standing: Standing; since: string | null }

export async function allowed(turn: Turn, studentId: string, deed: Deed): Promise<Allowed | null> {
  const student = isId(studentId) ? await personById(turn.tx, studentId) : null
  if (student?.role !== "student" || !student.active) return null
  const standing = await standingOf(turn.tx, turn.actor.personId, student.id, localDate(turn.now, student.zone))
  const verdict = may(turn.actor, deed, standing)
  return verdict.allowed ? { student, standing, since: verdict.since } : null
}

/** Refuses, on the record: `act` is what was tried, `subjectId` whom it would have been about, where there is such a row. */
export async function refuse(
  turn: Turn,
  act: "mentee" | "words" | "hello" | "reading" | "reach_out" | "outreach" | "brief" | "away" | "own_measure",
  subjectId: string | null,
  key: "noSuchStudent" | "notOnYourList" | "notYours" | "staffOnly" = "noSuchStudent",
): Promise<Answer> {
  await record(turn, `${act}_refused`, subjectId)
  return answer(told(turn.actor.language, say(turn.actor.language, key)))
}

/** One sentence, and whatever belongs under it. The summary shows on lock screens, so it never says the sentence: that may name a student. */
export const told = (language: Language, sentence: string, ...blocks: readonly Block[]): Message =>
  message(say(language, "aboutRequest"), [text(plain(cut(sentence, limits.text))), ...blocks])

/** The same where something was done. */
export const done = (language: Language, sentence: string, ...blocks: readonly Block[]): Message =>
  message(say(language, "done"), [text(plain(cut(sentence, limits.text))), ...blocks])

export const isCounsellor = (turn: Turn): boolean => turn.actor.role === "staff" && turn.actor.staffRoles.includes("counsellor")
