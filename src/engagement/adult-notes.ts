// Decides which notes of adults about a student another adult reads, on a second press: advisors from their tie's start, counsellors all.
// Refuses to show them to the student, to a teacher, and to whomever words about danger name.
import { type AdultNote, notesAbout } from "../../db/queries/engagement-notes.ts"
import { personById, standingOf } from "../../db/queries/people.ts"
import { leftOutOf } from "../../db/queries/safety.ts"
import { may } from "../access/policy.ts"
import { record } from "../access/record.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, message, note, quote, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { noSuchNote, refused } from "./allowed-alert.ts"
import { engagementPhrase as say } from "./phrases.ts"

const notesMost = 5

export async function adultNotes(turn: Turn, press: Press): Promise<Answer> {
  const { tx, deps, schoolId, actor, now } = turn
  const { language } = actor
  const student = isId(press.target) ? await personById(tx, press.target) : null
  const standing =
    student?.role === "student" && student.active ? await standingOf(tx, actor.personId, student.id, localDate(now, student.zone)) : null
  const verdict = standing ? may(actor, "read_words", standing) : null
  if (!student || !verdict?.allowed) {
    await record(turn, "alert_refused", isId(press.target) ? press.target : null)
    return noSuchNote(turn)
  }
  const { since } = verdict
  const found = (await leftOutOf(tx, student.id)).includes(actor.personId)
    ? []
    : (await notesAbout(tx, deps.words, schoolId, student.id, notesMost)).filter(
        ({ at, open }) => open || since === null || localDate(at, student.zone) >= since,
      )
  await record(turn, "alert_notes_viewed", student.id, { count: found.length })
  if (found.length === 0) return refused(turn, "no_notes")
  return answer(
    message(say(language, "summary_notes"), [
      text(strong(cut(say(language, "notes_title", { about: showSafely(student.name) }), limits.text))),
      ...found.flatMap((one) => noteBlocks(one, student.zone, language)),
    ]),
  )
}

function noteBlocks({ role, at, by, words }: AdultNote, zone: string, language: Language): Block[] {
  const day = formatDay(localDate(at, zone), language)
  const adult = showSafely(by)
  if (words === null) return [note(plain(say(language, "note_unreadable", { adult, day })))]
  return [note(plain(say(language, `note_${role}`, { adult, day }))), quote(showSafely(words), adult)]
}
