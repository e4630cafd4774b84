// Decides, when a week's questions have closed, what each came to, and that the week is judged.
// Refuses to know who has gone quiet by it (judge-week.ts).
import { type Closing, closeWeek, closings, type FairClosing, nextCloseAt } from "../../db/queries/engagement.ts"
import { keepGroups } from "../../db/queries/engagement-sweep.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import type { SchoolCalendar } from "../scheduling/calendar.ts"
import { localDate } from "../scheduling/zone.ts"
import { fairUntil } from "./chance.ts"
import { judgeWeek, noteWeek } from "./judge-week.ts"

/**
 * Closes every question whose time is up and judges the weeks that are complete by it, oldest first: marks, alerts and notices in the scene's one
 * transaction, so that a crash leaves all of it to the next sweep. Returns when the next question closes.
 */
export async function closeWeeks(scene: Scene): Promise<Date | null> {
  const { tx, now, settings } = scene
  const due = await closings(tx, now)
  if (due.length > 0) {
    const known = await calendars(tx)
    const hours = hoursOf(settings)
    for (const week of [...new Set(due.map((one) => one.week))]) {
      const closing = due.filter((one) => one.week === week)
      const groups = new Set(await closeWeek(tx, week, fairOf(closing, known, hours), now))
      await keepGroups(tx, week)
      const found = await judgeWeek(scene, week, [...new Set(closing.map((one) => one.siteId))], groups)
      await noteWeek(scene, found, groups)
    }
  }
  return nextCloseAt(tx)
}

const fairOf = (closing: readonly Closing[], known: ReadonlyMap<string, SchoolCalendar>, hours: Parameters<typeof fairUntil>[2]): FairClosing[] =>
  closing.flatMap((one) => {
    const calendar = known.get(one.siteId)
    return calendar ? [{ ...one, closeDate: localDate(one.closesAt, calendar.zone), fairUntil: fairUntil(one.closesAt, calendar, hours) }] : []
  })
