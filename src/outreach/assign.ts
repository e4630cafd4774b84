// Decides who is to read a reply, and by when. Refuses to know what it says.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { putOnList } from "../../db/queries/outreach-reading.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Hot, Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"

// A sweep at work may not have seen this reply, and says itself when it comes next: a day later at most. What is due sooner says so too.
const sweepAtLatestMs = 86_400_000

/** By when a reply of this moment is to be read. */
export async function readingDue({ tx, settings }: Scene, siteId: string, at: Date): Promise<Date> {
  return dueAfterSchoolDays(at, settings["reading.school_days"], await calendarOf(tx, siteId), "staff", hoursOf(settings).open)
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
