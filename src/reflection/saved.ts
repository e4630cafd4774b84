// What a student hears the moment their words are kept: that they are, who reads them by when, and what comes of asking for a person.
import type { OccurrenceRow } from "../../db/queries/reflection-occurrence.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Turn } from "../deps.ts"
import { beliefAsked } from "../outreach/belief.ts"
import type { Answer } from "../platform/answer.ts"
import { type Button, buttons } from "../platform/message.ts"
import { hoursOf } from "../roster/settings.ts"
import { isAllowed, never, nextAllowed } from "../scheduling/hours.ts"
import type { Language } from "../words/phrasebook.ts"
import { knownDay, moment } from "./days.ts"
import type { Kept } from "./keep-reply.ts"
import { say } from "./phrases.ts"
import { type Here, told } from "./student-here.ts"
import { talkButton } from "./talk-form.ts"

/** `late`: the answer to a question that had just closed. `closed`: words beneath one that is over. `loose`: no question at all. */
export type Where =
  | { kind: "open"; occurrence: OccurrenceRow; action: "reflect_first" | "reflect_second" }
  | { kind: "late" }
  | { kind: "closed" }
  | { kind: "loose" }

/** `wish`: what became of asking for a person, or of no longer asking. `stop`: the words may mean that the questions are to end. */
export type Besides = { wish?: Wish; stop?: boolean }
export type Wish = { kind: "asked" | "withdrawn"; sentences: readonly string[] }

export async function saved(turn: Turn, here: Here, kept: Kept, where: Where, { wish, stop = false }: Besides = {}): Promise<Answer> {
  const { language } = here.place
  const offered = buttons(
    ...(where.kind === "open" ? [changeButton(language, where.occurrence.id, where.action)] : []),
    ...(wish?.kind === "asked" ? [] : [talkButton(language, kept.replyId)]),
    ...(stop && here.student.stoppedAt === null ? [{ action: "stop", id: "", label: say(language, "stopButton") }] : []),
  )
  const more = offered.kind === "buttons" && offered.buttons.length > 0 ? [offered] : []
  const asked = wish?.sentences ?? []
  if (!kept.first && where.kind !== "closed")
    return told([say(language, kept.changed ? "added" : "unchanged", { adult: here.adult }), ...asked], ...more)
  // Never beside asking for a person, or for an end.
  const calm = wish?.kind !== "asked" && !stop
  const besides = kept.first && calm && where.kind === "open" ? await beliefAsked(turn, where.occurrence) : []
  return told([keptSentence(here, kept, where), ...(await closedNow(turn, here)), ...asked], ...more, ...besides)
}

export const changeButton = (language: Language, occurrenceId: string, action: "reflect_first" | "reflect_second"): Button => ({
  action,
  id: occurrenceId,
  label: say(language, "change"),
  form: true,
})

const sentences = {
  open: { by: "saved", someday: "savedSomeday" },
  late: { by: "savedLate", someday: "savedLateSomeday" },
  closed: { by: "savedClosed", someday: "savedClosedSomeday" },
  loose: { by: "savedLoose", someday: "savedLooseSomeday" },
} as const

function keptSentence(here: Here, kept: Kept, where: Where): string {
  const { language } = here.place
  const words = { name: here.student.shortName, adult: here.adult }
  const day = kept.readBy && knownDay(kept.readBy, here.place)
  const { by, someday } = sentences[where.kind]
  return day === null ? say(language, someday, words) : say(language, by, { ...words, day })
}

/** Somebody who writes at night is told when an adult is there again. */
async function closedNow(turn: Turn, here: Here): Promise<string[]> {
  const calendar = await calendarOf(turn.tx, here.student.siteId)
  const hours = hoursOf(turn.settings)
  if (isAllowed(turn.now, calendar, hours, "staff")) return []
  const opens = nextAllowed(turn.now, calendar, hours, "staff")
  return opens >= never ? [] : [say(here.place.language, "night", moment(opens, here.place))]
}
