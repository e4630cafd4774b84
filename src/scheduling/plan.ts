// Decides which weeks of which plans are asked now, and when the planner looks again.
// Refuses to know who the students are: one statement asks them all.
import { type PlannedWindow, type PlanRow, plans, planWindows } from "../../db/queries/scheduling.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf, rhythmOf, type Settings } from "../roster/settings.ts"
import type { SchoolCalendar } from "./calendar.ts"
import { carriedInto } from "./carried.ts"
import { defaultGraceHours, due } from "./due.ts"
import { place } from "./place.ts"
import { addDays, localDate, mondayOf } from "./zone.ts"

// A window can still be open a fortnight after its Monday (a close that fell into a break); two weeks back finds it.
const weeksBack = 2
const weeksAhead = 3
const lookAgainMs = 7 * 86_400_000

export type PlanOutcome = { occurrences: number; missed: number; owed: number; nextAt: Date }

/** Asks everybody whose time has come, each once; safe to run at any moment, by any number of processes. */
export async function planSchool(scene: Scene): Promise<PlanOutcome> {
  const known = await calendars(scene.tx)
  const windows: PlannedWindow[] = []
  let nextAt = new Date(scene.now.getTime() + lookAgainMs)
  for (const plan of await plans(scene.tx, true)) {
    const calendar = known.get(plan.siteId)
    if (!calendar) continue
    const found = windowsOf(plan, calendar, scene.settings, scene.now)
    windows.push(...found.windows)
    if (found.nextAt && found.nextAt < nextAt) nextAt = found.nextAt
  }
  const planned = await planWindows(scene.tx, scene.schoolId, windows, scene.now, scene.settings["slack.minimum_age"])
  scene.woken.push(...planned.woken)
  return { occurrences: planned.occurrences, missed: planned.missed, owed: planned.owed, nextAt }
}

function windowsOf(plan: PlanRow, calendar: SchoolCalendar, settings: Settings, now: Date): { windows: PlannedWindow[]; nextAt: Date | null } {
  const hours = hoursOf(settings)
  const rhythm = rhythmOf(settings, plan.rhythm)
  const thisMonday = mondayOf(localDate(now, calendar.zone))
  const windows: PlannedWindow[] = []
  const inBrief = (readingAt: Date, week: string): boolean => {
    const readIn = mondayOf(localDate(readingAt, calendar.zone))
    return readIn > week && carriedInto(rhythm, calendar, hours, readIn) !== null
  }
  for (let n = -weeksBack; n <= weeksAhead; n++) {
    const week = addDays(thisMonday, 7 * n)
    const placed = place(rhythm, calendar, hours, week)
    if (placed.kind === "none" || placed.opensAt < plan.since) continue
    const owed = due(placed, now, calendar, hours, { graceHours: defaultGraceHours })
    switch (owed.kind) {
      case "not_yet":
        return { windows, nextAt: owed.at }
      case "paused":
        break
      case "due":
      case "missed":
        windows.push({
          plan_id: plan.id,
          group_id: plan.groupId,
          local_date: placed.date,
          week,
          opens_at: placed.opensAt.toISOString(),
          remind_at: placed.remindAt?.toISOString() ?? null,
          closes_at: placed.closesAt.toISOString(),
          send_at: owed.kind === "due" ? owed.sendAt.toISOString() : null,
          reading_at: inBrief(placed.readingAt, week) ? null : placed.readingAt.toISOString(),
        })
        break
      default:
        return owed satisfies never
    }
  }
  return { windows, nextAt: null }
}
