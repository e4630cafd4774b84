// Decides what an adult is shown of themselves, and that nobody else is: it takes no id but the actor's own. It makes the next hello easy, it is no grade.
// Refuses to compare them with anybody, and to keep a figure.
import { type LongWithout, ownMeasure } from "../../db/queries/outreach-own.ts"
import type { Waiting } from "../../db/queries/outreach-reading.ts"
import type { Press, Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, divider, message, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { isCounsellor, refuse } from "./allowed.ts"
import { dayAt } from "./moments.ts"
import { nameShown } from "./name-shown.ts"
import { say } from "./own-phrases.ts"
import { readButton, waitingList } from "./waiting.ts"

const weeksBack = 8
const weekMs = 7 * 86_400_000
/** Within two weeks nobody has been left alone for long. */
const longWeeks = 2
const namesMax = 3

export const ownMeasureButton = (language: Language): Button => ({ action: "own_measure", id: "", label: say(language, "button") })

/** "How am I doing?": whatever the button carries, the actor sees themselves. */
export async function ownMeasurePressed(turn: Turn, _press: Press): Promise<Answer> {
  const { actor, now } = turn
  const { language, personId } = actor
  if (actor.role !== "staff") return refuse(turn, "own_measure", null, "staffOnly")
  const waiting = await ownWaiting(turn)
  const since = new Date(now.getTime() - weeksBack * weekMs)
  const own = await ownMeasure(turn.tx, personId, { day: localDate(now, actor.zone), since, weeksMin: longWeeks, most: namesMax })
  const log: Button = { action: "outreach", id: "", label: say(language, "log"), form: true }
  const head = [text(strong(say(language, "title"))), note(plain(say(language, "private")))]
  if (own.students === 0 && own.contacts === 0 && waiting.length === 0)
    return answer(message(say(language, "summary"), [...head, text(plain(say(language, "empty"))), buttons(log)]))
  const { students, longest, ...counts } = own
  return answer(
    message(say(language, "summary"), [
      ...head,
      ...unread(turn, waiting),
      divider,
      ...longWithout(longest, students, language),
      ...(students > 0 ? [divider] : []),
      ...contactsOf(counts, language),
      buttons(log),
    ]),
  )
}

/** What waits for this adult by name, oldest first; the counsellor list is nobody's own. */
async function ownWaiting(turn: Turn): Promise<Waiting[]> {
  const { personId, zone } = turn.actor
  const list = await waitingList(turn, { id: personId, counsellor: isCounsellor(turn), zone })
  return list.filter(({ stage }) => stage !== "counsellors")
}

function unread({ actor: { language, zone } }: Turn, [oldest, ...others]: readonly Waiting[]): Block[] {
  if (!oldest) return [text(plain(say(language, "readAll")))]
  const vars = { count: others.length + 1, day: dayAt(oldest.createdAt, zone, language) }
  return [text(plain(say(language, "unread", vars))), readButton(language, true)]
}

function longWithout(longest: readonly LongWithout[], students: number, language: Language): Block[] {
  if (students === 0) return []
  if (longest.length === 0) return [text(plain(say(language, "nobodyLong")))]
  const hellos = longest.map(({ studentId, shortName }): Button => {
    return { action: "hello", id: studentId, label: cut(say(language, "saidHello", { name: showSafely(shortName) }), limits.buttonLabel) }
  })
  return [
    text(plain(say(language, "longest"))),
    ...longest.map(({ name, weeks, never }) => text(plain(say(language, never ? "never" : "weeks", { name: nameShown(name), weeks })))),
    buttons(...hellos),
  ]
}

function contactsOf(
  { contacts, came, told, problems }: { contacts: number; came: number; told: number; problems: number },
  language: Language,
): Block[] {
  return [
    text(plain(say(language, "contacts", { contacts, came, weeks: weeksBack }))),
    ...(told === 0 ? [] : [text(plain(say(language, "about", { told, problems })))]),
    ...(problems * 2 > told ? [note(plain(say(language, "goodToo")))] : []),
  ]
}
