// Decides who is to read a reply, and by when. Refuses to know what it says.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { putOnList } from "../../db/queries/outreach-reading.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Hot, Scene } from "../deps.ts"
import { hoursOf, rhythmOf, type Settings } from "../roster/settings.ts"
import type { SchoolCalendar } from "../scheduling/calendar.ts"
import { dueAfterSchoolDays, never } from "../scheduling/hours.ts"
import { place, type Rhythm } from "../scheduling/place.ts"
import { addDays, localDate, mondayOf, weekdayOf } from "../scheduling/zone.ts"
import { briefOf } from "./plan-briefs.ts"

// A sweep at work may not have seen this reply, and says itself when it comes next: a day later at most. What is due sooner says so too.
const sweepAtLatestMs = 86_400_000

const daysHeard = 1
const weeksLooked = [-7, 0, 7, 14] as const

/** The rhythm by which this day is one of asking: the school's, or that of a group with a day of its own. */
function rhythmAsked(askedOn: string | null, calendar: SchoolCalendar, settings: Settings): Rhythm {
  const usual = rhythmOf(settings)
  if (askedOn === null) return usual
  const placed = place(usual, calendar, hoursOf(settings), mondayOf(askedOn))
  return placed.kind === "placed" && placed.date === askedOn ? usual : rhythmOf(settings, { weekday: weekdayOf(askedOn) })
}

// Many answer at once when they are reminded, and placing weeks takes milliseconds. A calendar that is read anew begins anew.
const kept = new WeakMap<SchoolCalendar, Map<string, readonly Date[]>>()

/** The mornings about the week of `monday` on which adults hear what waits for them, by a list or the brief; the first one first. */
function mornings(askedOn: string | null, monday: string, calendar: SchoolCalendar, settings: Settings): readonly Date[] {
  const usual = [rhythmOf(settings), hoursOf(settings), settings["brief.weekday"], settings["brief.time"]]
  const key = JSON.stringify([askedOn, monday, usual])
  const known = kept.get(calendar) ?? new Map<string, readonly Date[]>()
  kept.set(calendar, known)
  const before = known.get(key)
  if (before) return before
  const rhythm = rhythmAsked(askedOn, calendar, settings)
  const found = weeksLooked.flatMap((days) => told(rhythm, addDays(monday, days), calendar, settings)).sort((a, b) => a.getTime() - b.getTime())
  known.set(key, found)
  return found
}

function told(rhythm: Rhythm, week: string, calendar: SchoolCalendar, settings: Settings): Date[] {
  const placed = place(rhythm, calendar, hoursOf(settings), week)
  const brief = briefOf([rhythm], calendar, settings, week)
  return [...(placed.kind === "placed" ? [placed.readingAt] : []), ...(brief ? [brief.dueAt] : [])]
}

/**
 * By when a reply of this moment is to be read: after so many school days, and never before whoever reads it first has had one of them since they heard
 * of it. `askedAt`: when its question opened; on that very day the list of the next morning is soon enough for both.
 */
export async function readingDue({ tx, settings }: Scene, siteId: string, at: Date, askedAt: Date | null): Promise<Date> {
  const calendar = await calendarOf(tx, siteId)
  const after = (from: Date, days: number): Date => dueAfterSchoolDays(from, days, calendar, "staff", hoursOf(settings).open)
  const usual = after(at, settings["reading.school_days"])
  const askedOn = askedAt && localDate(askedAt, calendar.zone)
  if (askedOn === localDate(at, calendar.zone)) return usual
  const heard = mornings(askedOn, mondayOf(localDate(at, calendar.zone)), calendar, settings).find((morning) => morning > at)
  const fair = heard === undefined ? never : after(heard, daysHeard)
  return fair >= never || fair < usual ? usual : fair
}

/** Whom a reply goes to: the adult who is asked first, and whoever words about danger leave out. */
export type FirstReader = { first: { id: string } | null; leftOut: readonly string[] }

/**
 * Puts a reply on its first reader's list, in the transaction that keeps the reply; once, whoever calls again. Without a first reader it lies
 * on the counsellor list. `again`: it says something new, so whoever has read it is asked once more. Returns whose it is now.
 */
export async function assignReading(
  scene: Pick<Scene, "schoolId" | "now"> & { tx: Hot },
  reply: { replyId: string; studentId: string; readers: FirstReader; dueAt: Date; again?: boolean },
): Promise<string | null> {
  const { tx, schoolId } = scene
  const { replyId, studentId, readers, dueAt, again = false } = reply
  const [owner] = await Promise.all([
    putOnList(tx, { schoolId, replyId, studentId, ownerId: readers.first?.id ?? null, leftOut: readers.leftOut, dueAt, again }),
    ...(dueAt.getTime() - scene.now.getTime() < sweepAtLatestMs ? [wakeBy(tx, schoolId, "sweep", dueAt)] : []),
  ])
  return owner
}
