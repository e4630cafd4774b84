// Decides where an open alert goes by itself: to whoever is the advisor today, back from a snooze, and up from the owner to the counsellors.
// Refuses to know what the alert says.
import { nextStepAt, type SiteDay, stepAlerts } from "../../db/queries/engagement-alerts.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"

/** Each site's day, and when a step of the ladder that begins now falls due there: the owner's three staff days, then the brief's five. */
export async function siteDaysOf({ tx, now, settings }: Pick<Scene, "tx" | "now" | "settings">): Promise<SiteDay[]> {
  const { open } = hoursOf(settings)
  return [...(await calendars(tx))].map(([siteId, calendar]) => ({
    siteId,
    today: localDate(now, calendar.zone),
    ownerDue: dueAfterSchoolDays(now, settings["alert.owner_school_days"], calendar, "staff", open),
    briefDue: dueAfterSchoolDays(now, settings["alert.brief_school_days"], calendar, "staff", open),
  }))
}

/** Moves open alerts to where they belong at this moment. Returns when the next one moves by itself. */
export async function ladderAlerts(scene: Scene): Promise<Date | null> {
  const { open } = hoursOf(scene.settings)
  await stepAlerts(scene.tx, scene.schoolId, await siteDaysOf(scene), open, scene.now)
  return nextStepAt(scene.tx, open)
}
