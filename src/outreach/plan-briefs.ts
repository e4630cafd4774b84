// Decides when the week's brief is due at each site, and whose names it holds (by one statement, for every adult at once).
// Refuses to know how it is worded.
import { insertBriefs, type SiteBrief } from "../../db/queries/outreach-brief.ts"
import { plans } from "../../db/queries/scheduling.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf, rhythmOf, type Settings } from "../roster/settings.ts"
import { isSchoolDay, type SchoolCalendar } from "../scheduling/calendar.ts"
import { carriedInto } from "../scheduling/carried.ts"
import { withinHours } from "../scheduling/hours.ts"
import type { Rhythm } from "../scheduling/place.ts"
import { addDays, atLocal, localDate, mondayOf } from "../scheduling/zone.ts"

const friday = 5
const weeksAhead = 8

/** Whether a plan has this week's brief bring an earlier week's answers. */
const bringsAnswers = (rhythms: readonly Rhythm[], calendar: SchoolCalendar, settings: Settings, monday: string): boolean =>
  rhythms.some((rhythm) => carriedInto(rhythm, calendar, hoursOf(settings), monday) !== null)

/**
 * The brief of one week: its day, or the next staff day of that week; null where there is none left. Where it brings an earlier week's answers,
 * the first staff day. With students to greet it is worth sending until that Friday is over; for a list alone it is of its own day.
 */
export function briefOf(rhythms: readonly Rhythm[], calendar: SchoolCalendar, settings: Settings, monday: string): Omit<SiteBrief, "siteId"> | null {
  const first = bringsAnswers(rhythms, calendar, settings, monday) ? 1 : settings["brief.weekday"]
  for (let weekday = first; weekday <= friday; weekday++) {
    const day = addDays(monday, weekday - 1)
    if (!isSchoolDay(calendar, day, "staff")) continue
    const dueAt = atLocal(day, withinHours(settings["brief.time"], hoursOf(settings)), calendar.zone)
    const dayEndsAt = atLocal(addDays(day, 1), "00:00", calendar.zone)
    return { day, week: monday, dueAt, dayEndsAt, expiresAt: atLocal(addDays(monday, friday), "00:00", calendar.zone) }
  }
  return null
}

/** Writes and owes the briefs whose time has come this week, each once, whoever else plans. Returns when the next one is due. */
export async function planBriefs(scene: Scene): Promise<Date | null> {
  const { tx, schoolId, settings, now } = scene
  const due: SiteBrief[] = []
  let nextAt: Date | null = null
  const active = await plans(tx, true)
  for (const [siteId, calendar] of await calendars(tx)) {
    const own = active.filter((plan) => plan.siteId === siteId).map((plan) => rhythmOf(settings, plan.rhythm))
    const rhythms = [...new Map(own.map((rhythm) => [JSON.stringify(rhythm), rhythm])).values()]
    const thisMonday = mondayOf(localDate(now, calendar.zone))
    for (let n = 0; n <= weeksAhead; n++) {
      const brief = briefOf(rhythms, calendar, settings, addDays(thisMonday, 7 * n))
      if (brief === null || now >= brief.expiresAt) continue
      if (now >= brief.dueAt) {
        due.push({ siteId, ...brief })
        continue
      }
      if (nextAt === null || brief.dueAt < nextAt) nextAt = brief.dueAt
      break
    }
  }
  scene.woken.push(...(await insertBriefs(tx, schoolId, due, now)).woken)
  return nextAt
}
