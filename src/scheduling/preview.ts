// Decides what a week would look like, before anyone is messaged. Refuses to change anything.
import { plans, previewMembers } from "../../db/queries/scheduling.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf, rhythmOf } from "../roster/settings.ts"
import { type Placed, place } from "./place.ts"
import { mondayOf } from "./zone.ts"

/** Why a student would get nothing, as a code; null: they would be asked. */
export type PreviewStudent = { name: string; adult: string | null; hindrance: string | null; paused: string | null }
export type PreviewGroup = { title: string; on: boolean; zone: string; placed: Placed; students: PreviewStudent[] }

/** Who would get what, when, and who nothing and why, in the week of `date` (YYYY-MM-DD), for every group that has a plan. */
export async function previewWeek(scene: Pick<Scene, "tx" | "schoolId" | "settings">, date: string): Promise<PreviewGroup[]> {
  const known = await calendars(scene.tx)
  const groups: PreviewGroup[] = []
  for (const plan of await plans(scene.tx, false)) {
    const calendar = known.get(plan.siteId)
    if (!calendar) continue
    const placed = place(rhythmOf(scene.settings, plan.rhythm), calendar, hoursOf(scene.settings), mondayOf(date))
    const students = await previewMembers(scene.tx, scene.schoolId, plan.groupId, placed.kind === "placed" ? placed.date : date)
    groups.push({ title: plan.title, on: plan.active, zone: calendar.zone, placed, students })
  }
  return groups
}
