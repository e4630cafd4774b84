// Decides on which day students whom nothing was asked yet get their first questions. Refuses to guess where that is open.
import { askedIn } from "../../db/queries/outreach-brief.ts"
import { plans } from "../../db/queries/scheduling.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf, rhythmOf } from "../roster/settings.ts"
import { servesStudents } from "../safety/gate.ts"
import { place } from "../scheduling/place.ts"
import { addDays, localDate, mondayOf } from "../scheduling/zone.ts"

// The longest break between two terms of one school year; beyond it a day says little.
const weeksAhead = 8

/** The local day of the next prompt that reaches one of these; null where none is placed, one is going out just now, or students are not served yet. */
export async function firstDayFor(scene: Scene, studentIds: readonly string[], today: string): Promise<string | null> {
  const found = await askedIn(scene.tx, studentIds, today)
  const groupIds = new Set<string>()
  for (const { groupId, platform } of found) if (await servesStudents(scene, platform)) groupIds.add(groupId)
  if (groupIds.size === 0) return null
  const known = await calendars(scene.tx)
  const days: string[] = []
  for (const plan of await plans(scene.tx, true)) {
    const calendar = known.get(plan.siteId)
    if (!groupIds.has(plan.groupId) || !calendar) continue
    const monday = mondayOf(localDate(scene.now, calendar.zone))
    for (let n = -1; n <= weeksAhead; n++) {
      const placed = place(rhythmOf(scene.settings, plan.rhythm), calendar, hoursOf(scene.settings), addDays(monday, 7 * n))
      if (placed.kind === "none" || placed.opensAt < plan.since || placed.closesAt <= scene.now) continue
      if (placed.opensAt <= scene.now) return null
      days.push(placed.date)
      break
    }
  }
  return days.sort()[0] ?? null
}
