// Decides who is to read a reply, and by when. Refuses to know what it says.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { insertReading } from "../../db/queries/outreach-reading.ts"
import { advisorsOf, personById } from "../../db/queries/people.ts"
import { leftOutOf } from "../../db/queries/reflection-student.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"

/**
 * Puts a reply on its first reader's list, in the transaction that keeps the reply; once, whoever calls again. An adult whom words about
 * danger name is passed over, until that is closed. Both null: nobody is left, so it lies on the counsellor list.
 */
export async function assignReading(
  scene: Scene,
  reply: { replyId: string; studentId: string; at: Date },
): Promise<{ ownerId: string | null; ownerName: string | null }> {
  const { tx, schoolId, settings } = scene
  const student = await personById(tx, reply.studentId)
  if (!student) throw new Error("A reply's student has no row.")
  const calendar = await calendarOf(tx, student.siteId)
  const advisors = await advisorsOf(tx, schoolId, student.id, localDate(reply.at, calendar.zone))
  const leftOut = await leftOutOf(tx, student.id)
  const first = [advisors.first, advisors.second].find((id) => id !== null && !leftOut.includes(id)) ?? null
  const dueAt = dueAfterSchoolDays(reply.at, settings["reading.school_days"], calendar, "staff", hoursOf(settings).open)
  const ownerId = await insertReading(tx, { schoolId, replyId: reply.replyId, studentId: student.id, ownerId: first, dueAt, leftOut })
  await wakeBy(tx, schoolId, "sweep", dueAt)
  const owner = ownerId === null ? null : await personById(tx, ownerId)
  return { ownerId, ownerName: owner?.name ?? null }
}
