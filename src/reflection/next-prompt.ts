// Decides what a student is told of the next questions: open until when, or coming when. Promises nothing that is not planned.
import { type OccurrenceRow, plansOf, type Spot, spotNow } from "../../db/queries/reflection-occurrence.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Turn } from "../deps.ts"
import { hoursOf, rhythmOf } from "../roster/settings.ts"
import { place } from "../scheduling/place.ts"
import { addDays, localDate, mondayOf } from "../scheduling/zone.ts"
import { moment } from "./days.ts"
import { say } from "./phrases.ts"
import type { Here } from "./student-here.ts"

// A summer is shorter.
const weeksAhead = 16

/** When the student is asked next; null where no plan or calendar says so. `from`: not before that day. */
export async function nextOpening(turn: Turn, here: Here, from: string | null): Promise<Date | null> {
  const { student } = here
  const today = localDate(turn.now, student.zone)
  const calendar = await calendarOf(turn.tx, student.siteId)
  const opens: Date[] = []
  for (const plan of await plansOf(turn.tx, student.id, today)) {
    const rhythm = rhythmOf(turn.settings, plan.rhythm)
    for (let n = 0; n <= weeksAhead; n++) {
      const placed = place(rhythm, calendar, hoursOf(turn.settings), addDays(mondayOf(today), 7 * n))
      if (placed.kind === "none" || placed.opensAt <= turn.now || placed.opensAt < plan.since || (from !== null && placed.date < from)) continue
      opens.push(placed.opensAt)
      break
    }
  }
  return opens.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}

/** One sentence on the next questions; `open` is what is open now. */
export async function nextSentence(turn: Turn, here: Here, open: OccurrenceRow | null, from: string | null = null): Promise<string> {
  const { language } = here.place
  if (open && open.state === "open") return say(language, "nextOpen", moment(open.closesAt, here.place))
  const opensAt = await nextOpening(turn, here, from)
  return opensAt === null ? say(language, "nextNone") : say(language, "nextOn", moment(opensAt, here.place))
}

/** What a student can answer now, with the reply it has. Questions they have never been shown are nothing they could have answered. */
export async function shownNow(turn: Turn, part: string): Promise<Spot | null> {
  const spot = await spotNow(turn.tx, turn.actor.personId, part, turn.now)
  return spot?.occurrence.firstPrompt ? spot : null
}
