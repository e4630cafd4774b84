// Decides what a student sees who asks for this week's question, and what a skip is: an answer.

import { lockPerson } from "../../db/queries/people.ts"
import { occurrenceById, occurrenceNow, promptsSent, settleOccurrence } from "../../db/queries/reflection-occurrence.ts"
import { metBefore } from "../../db/queries/reflection-student.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { keepAnswer } from "../engagement/keep.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { buttons, divider, message } from "../platform/message.ts"
import { dayAt } from "./days.ts"
import { nextSentence } from "./next-prompt.ts"
import { say } from "./phrases.ts"
import { firstContact, questionBlocks } from "./prompt-message.ts"
import { questionsOf } from "./questions.ts"
import { changeButton } from "./saved.ts"
import { isOpen, ownOccurrence, stale, studentHere, studentsOnly, told } from "./student-here.ts"
import { talkButton } from "./talk-form.ts"

/** `/reflect`: the same two questions as the prompt's, or when the next ones come. */
export async function reflect(turn: Turn): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const { language } = here.place
  const name = here.student.shortName
  const occurrence = await occurrenceNow(turn.tx, here.student.id, turn.now)
  if (!occurrence) {
    if (here.student.stoppedAt !== null) return told([say(language, "stoppedAlready")])
    return told([await nextSentence(turn, here, null, here.student.pausedUntil)])
  }
  const pair = await questionsOf(turn, occurrence, here.student, language)
  if (occurrence.state === "answered") {
    return told(
      [say(language, "answered", { day: dayAt(occurrence.closesAt, here.place) })],
      buttons(changeButton(language, occurrence.id, "reflect_first"), talkButton(language, "")),
    )
  }
  const sent = await promptsSent(turn.tx, here.student.id, occurrence.id)
  const met = sent.before || sent.this || (await metBefore(turn.tx, here.student.id)).told
  const first = met ? [] : [...firstContact(name, here.readers, language), divider]
  return answer(message(say(language, "promptSummary"), [...first, ...questionBlocks(occurrence, pair, name, here.readers, here.place)]))
}

/** Counts like an answer; an answer after it counts instead. */
export async function skip(turn: Turn, press: Press): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const { language } = here.place
  if (!(await ownOccurrence(turn, press.target))) return stale(turn)
  await lockPerson(turn.tx, here.student.id)
  const occurrence = await occurrenceById(turn.tx, press.target)
  if (!occurrence) return stale(turn)
  const day = dayAt(occurrence.closesAt, here.place)
  if (occurrence.state === "answered") return told([say(language, "skippedAnswered")])
  if (!isOpen(turn, occurrence)) return told([say(language, "closed", { adult: here.adult, day })])
  if (occurrence.state === "open") {
    await settleOccurrence(turn.tx, occurrence.id, "skipped", turn.now)
    await keepAnswer(turn, here.student.id, occurrence.week, "s", turn.now)
    await record(turn, "skip", here.student.id, { occurrence: occurrence.id })
  }
  return told([say(language, "skipped", { day })])
}
