// Decides whom a student's wish to talk goes to, when that adult hears, and by when the student is owed an answer.
// Refuses to know why the student asks.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { standIn } from "../../db/queries/outreach-away.ts"
import { askAnother, insertReachOut, type ReachOutRow, reachOutById, reachOutOfReply, withdrawReachOut } from "../../db/queries/outreach-reach-out.ts"
import { advisorsOf, counsellors, type PersonCard, peopleById, personById, staffRolesOf, standingOf } from "../../db/queries/people.ts"
import { leftOutOf, staffWith } from "../../db/queries/safety.ts"
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
    await tell(scene, id, ownerId, "first")
  } else {
    const before = known ?? (ask.replyId === null ? null : await reachOutOfReply(tx, ask.replyId))
    if (!before) throw new Error("A wish for a person was neither kept nor found.")
    if (before.state !== "open" || (before.asked === ask.asked && before.toId === ask.toId)) return asBefore(scene, before, student.siteId)
    await askAnother(tx, before.id, { asked: ask.asked, toId: ask.toId, ownerId, dueAt })
    await tell(scene, before.id, ownerId, "first")
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
  const { first, second } = await advisorsOf(tx, schoolId, student.id, day)
  const leftOut = await leftOutOf(tx, student.id)
  return [first, second].find((id) => id !== null && !leftOut.includes(id)) ?? null
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

/**
 * What a message about a wish is for: that it is new, that it came to the counsellors, that it is asked about once more, that it is still open
 * after that, or that the student took it back. `mark`: what tells one such message to a person from the next.
 */
export type Step = "first" | "passed" | "once_more" | "principals" | "withdrawn"

/** Owes the message to the owner, or to each counsellor where there is none; past all of them to the principals. */
export async function tell(scene: Scene, reachOutId: string, ownerId: string | null, step: Step, mark: string | null = null): Promise<void> {
  const { tx, now, settings } = scene
  const to = step === "principals" ? await office(scene) : ownerId === null ? await counsellors(tx) : [ownerId]
  const wish = await reachOutById(tx, reachOutId)
  const leftOut = wish ? await leftOutOf(tx, wish.studentId) : []
  // Whom the student picked by name hears; whom words about danger name does not hear as one of a list.
  const told = await peopleById(tx, ownerId === null || step === "principals" ? to.filter((id) => !leftOut.includes(id)) : to)
  const days = await calendars(tx)
  const name = ["reach_out", ...(step === "first" ? [] : [step]), ...(mark === null ? [] : [mark])].join("_")
  const owed = [...told.values()].flatMap(({ id: personId, siteId }): Owed[] => {
    const calendar = days.get(siteId)
    if (!calendar) return []
    const dueAt = nextAllowed(now, calendar, hoursOf(settings), "staff")
    const dedupeKey = `${name}:${reachOutId}:${personId}`
    return [{ kind: "reach_out", dedupeKey, personId, subjectId: reachOutId, detail: { step }, dueAt, expiresAt: keptUntil(dueAt) }]
  })
  await owe(scene, ...owed)
}

async function office({ tx }: Scene): Promise<string[]> {
  const principals = await staffWith(tx, ["principal"])
  return principals.length > 0 ? principals : staffWith(tx, ["admin"])
}

/**
 * The student no longer asks for anybody: whoever has heard of the wish hears that, and what is unsent about it is not sent any more. Null
 * where this reply has no open wish. `ownerName` null: the counsellor list had it.
 */
export async function withdrawWish(scene: Scene, replyId: string): Promise<{ ownerName: string | null } | null> {
  const { tx } = scene
  const one = await reachOutOfReply(tx, replyId)
  if (!one || !(await withdrawReachOut(tx, one.id))) return null
  const now = await reachOutById(tx, one.id)
  await tell(scene, one.id, now?.ownerId ?? null, "withdrawn")
  return { ownerName: now?.ownerName ?? null }
}

/** What the student hears of; each once, but for each adult who takes it. */
export type News = "counsellors" | "again" | "answered" | `taken:${string}`

export const newsKey = (reachOutId: string, news: News): string => `reach_out_news:${reachOutId}:${news}`

/** Owes the student a word on where their wish is now. */
export async function tellStudent(scene: Scene, reachOutId: string, studentId: string, news: News): Promise<void> {
  const { tx, now, settings } = scene
  const student = await personById(tx, studentId)
  if (!student) return
  const dueAt = nextAllowed(now, await calendarOf(tx, student.siteId), hoursOf(settings), "students")
  const state = news === "counsellors" || news === "again" || news === "answered" ? news : "taken"
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
