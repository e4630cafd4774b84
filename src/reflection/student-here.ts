// Who the student is, and who reads them: what every use case of this room starts from, with what it says to those it is not for.
import type { PersonCard } from "../../db/queries/people.ts"
import { type OccurrenceRow, occurrenceById } from "../../db/queries/reflection-occurrence.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import type { Place } from "./days.ts"
import { say } from "./phrases.ts"
import { type Readers, readerName, readersOf } from "./readers.ts"

/** `adult` is the reader's name as sentences say it. */
export type Here = { student: PersonCard; readers: Readers; adult: string; place: Place }

/** Null for everybody but a student that the school has switched the bot on for: nothing of theirs is kept. */
export async function studentHere(turn: Turn): Promise<Here | null> {
  if (turn.actor.role !== "student" || turn.actor.consent === "none") return null
  const student = turn.actor.card
  // Asked in one go: neither waits for the other's answer.
  const [readers] = await Promise.all([readersOf(turn, student), calendars(turn.tx)])
  const { language } = turn.actor
  return { student, readers, adult: readerName(readers, language), place: { now: turn.now, zone: student.ownZone, language } }
}

/** The student's own occurrence; another's reads like one that was never there. */
export async function ownOccurrence(turn: Turn, id: string): Promise<OccurrenceRow | null> {
  const occurrence = await occurrenceById(turn.tx, id)
  return occurrence?.studentId === turn.actor.personId ? occurrence : null
}

export const isOpen = (turn: Turn, occurrence: OccurrenceRow): boolean => occurrence.state !== "closed" && turn.now < occurrence.closesAt

/** One or more sentences as an answer; further blocks below them. */
export function told(sentences: readonly string[], ...more: readonly Block[]): Answer {
  const [first = ""] = sentences
  return answer(message(cut(first, limits.summary), [...sentences.map((sentence) => text(plain(sentence))), ...more]))
}

export const studentsOnly = (turn: Turn): Answer => told([say(turn.actor.language, "studentsOnly")])
export const stale = (turn: Turn): Answer => told([say(turn.actor.language, "stale")])
