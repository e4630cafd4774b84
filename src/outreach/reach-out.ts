// Decides whom a student's wish to talk goes to, when that adult hears, and by when the student is owed an answer.
// Refuses to know why the student asks.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { standIn } from "../../db/queries/outreach-away.ts"
import { askAnother, insertReachOut, type ReachOutRow, reachOutOfReply } from "../../db/queries/outreach-reach-out.ts"
import { advisorsOf, counsellors, type PersonCard, peopleById, personById, staffRolesOf, standingOf } from "../../db/queries/people.ts"
import { calendarOf, calendars } from "../../db/queries/school.ts"
import { owe } from "../delivery/owe.ts"
import type { Owed } from "../delivery/owed.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { dueAfterSchoolDays, never, nextAllowed } from "../scheduling/hours.ts"
import { localDate, localTime } from "../scheduling/zone.ts"
import { keptUntil } from "./held.ts"

export type Ask = { student: string; replyId: string | null; asked: "mentor" | "someone"; toId: string | null }

/** `ownerName` null: the whole counsellor list has it. `hearsAt`: when the adult is told; `byWhen`: when it goes on to the counsellors. */
export type Asked = { ownerName: string | null; byWhen: Date; hearsAt: Date }

/**
 * Keeps a student's wish for a person and owes the message to that person. Asked again by the same reply, it follows the student's new
 * choice as long as nobody has answered. A person who is not around this student (or has left) is passed over for the advisor.
 */
export async function askForPerson(scene: Scene, ask: Ask): Promise<Asked> {
  const { tx, schoolId, now, deps } = scene
  const student = await personById(tx, ask.student)
  if (!student) throw new Error("Whoever asks has no row.")
  const ownerId = await chosen(scene, student, ask)
  const times = await timesFor(scene, ownerId ?? null, student.siteId)
  const id = deps.ids()
  const known = ask.replyId === null ? null : await reachOutOfReply(tx, ask.replyId)
  const dueAt = times.byWhen
  if (!known && (await insertReachOut(tx, { schoolId, id, studentId: student.id, ...ask, ownerId, createdAt: now, dueAt }))) {
    await tell(scene, id, ownerId)
  } else {
    const before = known ?? (ask.replyId === null ? null : await reachOutOfReply(tx, ask.replyId))
    if (!before) throw new Error("A wish for a person was neither kept nor found.")
    if (before.state === "answered" || (before.asked === ask.asked && before.toId === ask.toId)) return asBefore(scene, before, student.siteId)
    await askAnother(tx, before.id, { asked: ask.asked, toId: ask.toId, ownerId, dueAt })
    await tell(scene, before.id, ownerId)
  }
  await wakeBy(tx, schoolId, "sweep", dueAt)
  const owner = ownerId === null ? null : await personById(tx, ownerId)
  return { ownerName: owner?.name ?? null, ...times }
}

/** The adult whom the student means, or who stands in for them; null for the counsellor list. */
async function chosen({ tx, schoolId, now }: Scene, student: PersonCard, { asked, toId }: Ask): Promise<string | null> {
  const day = localDate(now, student.zone)
  // "Someone else", unnamed: it may be their mentor whom they would rather not talk to.
  if (asked === "someone" && toId === null) return null
  if (toId !== null) {
    const standing = await standingOf(tx, toId, student.id, day)
    const around = standing.advisorSince !== null || standing.classTie || (await staffRolesOf(tx, toId)).includes("counsellor")
    const person = around ? await standIn(tx, toId, day) : null
    if (person) return person
  }
  return (await advisorsOf(tx, schoolId, student.id, day)).first
}

/** When whoever is asked hears of it, and one school day more. By their own site's days and hours. */
export async function timesFor(scene: Scene, ownerId: string | null, studentSiteId: string): Promise<{ hearsAt: Date; byWhen: Date }> {
  const { tx, now, settings } = scene
  const owner = ownerId === null ? null : await personById(tx, ownerId)
  const calendar = await calendarOf(tx, owner?.siteId ?? studentSiteId)
  const hearsAt = nextAllowed(now, calendar, hoursOf(settings), "staff")
  const days = settings["reach_out.school_days"]
  const byWhen = hearsAt >= never ? never : dueAfterSchoolDays(hearsAt, days, calendar, "staff", localTime(hearsAt, calendar.zone))
  return { hearsAt, byWhen }
}

async function asBefore(scene: Scene, before: ReachOutRow, siteId: string): Promise<Asked> {
  const { hearsAt } = await timesFor(scene, before.ownerId, siteId)
  return { ownerName: before.ownerName, byWhen: before.dueAt, hearsAt }
}

/** Owes the message to the owner, or to each counsellor where there is none. `again`: nobody answered in time, and it was passed on. */
export async function tell(scene: Scene, reachOutId: string, ownerId: string | null, again = false): Promise<void> {
  const { tx, now, settings } = scene
  const told = await peopleById(tx, ownerId === null ? await counsellors(tx) : [ownerId])
  const days = await calendars(tx)
  const owed = [...told.values()].flatMap(({ id: personId, siteId }): Owed[] => {
    const calendar = days.get(siteId)
    if (!calendar) return []
    const dueAt = nextAllowed(now, calendar, hoursOf(settings), "staff")
    const dedupeKey = `${again ? "reach_out_again" : "reach_out"}:${reachOutId}:${personId}`
    return [{ kind: "reach_out", dedupeKey, personId, subjectId: reachOutId, detail: { again }, dueAt, expiresAt: keptUntil(dueAt) }]
  })
  await owe(scene, ...owed)
}

/** What the student hears of; each once, but for each adult who takes it. */
export type News = "counsellors" | "answered" | `taken:${string}`

export const newsKey = (reachOutId: string, news: News): string => `reach_out_news:${reachOutId}:${news}`

/** Owes the student a word on where their wish is now. */
export async function tellStudent(scene: Scene, reachOutId: string, studentId: string, news: News): Promise<void> {
  const { tx, now, settings } = scene
  const student = await personById(tx, studentId)
  if (!student) return
  const dueAt = nextAllowed(now, await calendarOf(tx, student.siteId), hoursOf(settings), "students")
  const state = news === "counsellors" || news === "answered" ? news : "taken"
  await owe(scene, {
    kind: "reach_out_news",
    dedupeKey: newsKey(reachOutId, news),
    personId: student.id,
    subjectId: reachOutId,
    detail: { state },
    dueAt,
    expiresAt: keptUntil(dueAt),
  })
}
