// Decides when what an adult has not done goes to the next one: unread answers, and wishes to talk. Never held back, never lost.
// Refuses to know why they have not.
import { nextReachOutDue, type PassedOn, passReachOutsOn } from "../../db/queries/outreach-reach-out.ts"
import { nextReadingDue, passReadingsOn, type SiteStep } from "../../db/queries/outreach-reading.ts"
import { counsellors } from "../../db/queries/people.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays, never } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"
import { type Step, tell, tellStudent } from "./reach-out.ts"

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

/**
 * Overdue wishes go to every counsellor, who are asked once more, then to the principals; the student hears so each time but the last.
 * Without counsellors they stay with their adult, who is asked again.
 */
export async function escalateReachOuts(scene: Scene): Promise<Date | null> {
  const due = await nextReachOutDue(scene.tx, never)
  if (due === null || due > scene.now) return due
  const nobody = (await counsellors(scene.tx)).length === 0
  const late = await passReachOutsOn(scene.tx, await stepsOf(scene, scene.settings["reach_out.school_days"]), nobody, never, scene.now)
  for (const one of late) {
    const step = stepOf(one, nobody)
    await tell(scene, one.id, one.ownerId, step, step === "principals" ? null : String(one.wasDueAt.getTime()))
    if (!nobody && step !== "principals") await tellStudent(scene, one.id, one.studentId, step === "passed" ? "counsellors" : "again")
  }
  return nextReachOutDue(scene.tx, never)
}

/** A wish that has come from its adult is new to the counsellors; without any and without an adult, the principals are who is left. */
function stepOf({ from, ownerId, asks }: PassedOn, nobody: boolean): Step {
  if (from === "owner" && !nobody) return "passed"
  return asks >= 3 || (nobody && ownerId === null) ? "principals" : "once_more"
}
