// Decides where an open alert goes by itself: to whoever is the advisor today, back from a snooze, and up from the owner to the counsellors.
// Refuses to know what the alert says.
import { nextStepAt, type SiteDay, stepAlerts } from "../../db/queries/engagement-ladder.ts"
import { calendarOf, calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"
import { addDays, atLocal, localDate } from "../scheduling/zone.ts"

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

/** When whoever owns an alert from now on has had it for their days. */
export const ownerDueAt = async ({ tx, now, settings }: Pick<Scene, "tx" | "now" | "settings">, siteId: string): Promise<Date> =>
  dueAfterSchoolDays(now, settings["alert.owner_school_days"], await calendarOf(tx, siteId), "staff", hoursOf(settings).open)

// Before anybody reads their morning, what a date alone changes (a tie that ended, an adult away since today) has moved.
const morning = "06:00"

function nextMorning(now: Date, zone: string): Date {
  const today = localDate(now, zone)
  const at = atLocal(today, morning, zone)
  return at > now ? at : atLocal(addDays(today, 1), morning, zone)
}

/** Moves open alerts to where they belong at this moment. Returns when to look again: at the next step or the next morning, whichever is sooner. */
export async function ladderAlerts(scene: Scene): Promise<Date | null> {
  const { tx, schoolId, now, settings } = scene
  const { open } = hoursOf(settings)
  await stepAlerts(tx, schoolId, await siteDaysOf(scene), open, now)
  const mornings = [...(await calendars(tx)).values()].map(({ zone }) => nextMorning(now, zone))
  const moments = [await nextStepAt(tx, open), ...mornings].flatMap((at) => at?.getTime() ?? [])
  return moments.length === 0 ? null : new Date(Math.min(...moments))
}
