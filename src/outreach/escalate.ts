// Decides when what an adult has not done goes to the next one: unread answers, and wishes to talk. Never held back, never lost.
// Refuses to know why they have not.
import { nextReachOutDue, passReachOutsOn, reachOutById } from "../../db/queries/outreach-reach-out.ts"
import { nextReadingDue, passReadingsOn, type SiteStep } from "../../db/queries/outreach-reading.ts"
import { counsellors } from "../../db/queries/people.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"
import { tell, tellStudent } from "./reach-out.ts"

/** The day at each site, and when a step that begins now falls due there. */
async function stepsOf({ tx, now, settings }: Scene, schoolDays: number): Promise<SiteStep[]> {
  const { open } = hoursOf(settings)
  return [...(await calendars(tx))].map(([siteId, calendar]) => ({
    site_id: siteId,
    day: localDate(now, calendar.zone),
    due_at: dueAfterSchoolDays(now, schoolDays, calendar, "staff", open).toISOString(),
  }))
}

/** Overdue answers go to the second adult, then to the counsellor list; they ride in that adult's next list. Returns when it next has work. */
export async function escalateReadings(scene: Scene): Promise<Date | null> {
  const due = await nextReadingDue(scene.tx)
  if (due === null || due > scene.now) return due
  await passReadingsOn(scene.tx, await stepsOf(scene, scene.settings["reading.school_days"]), scene.now)
  return nextReadingDue(scene.tx)
}

/** Overdue wishes go to every counsellor, and the student hears so. Without counsellors they stay, and their adult is asked again. */
export async function escalateReachOuts(scene: Scene): Promise<Date | null> {
  const due = await nextReachOutDue(scene.tx)
  if (due === null || due > scene.now) return due
  const nobody = (await counsellors(scene.tx)).length === 0
  const late = await passReachOutsOn(scene.tx, await stepsOf(scene, scene.settings["reach_out.school_days"]), nobody, scene.now)
  for (const { id, ownerId } of late) {
    await tell(scene, id, ownerId, true)
    const one = nobody ? null : await reachOutById(scene.tx, id)
    if (one) await tellStudent(scene, id, one.studentId, "counsellors")
  }
  return nextReachOutDue(scene.tx)
}
