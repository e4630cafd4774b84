// Decides what becomes of words that may mean danger: a sealed row, a ladder that starts or goes on, resources that are owed.
// Refuses to judge the words, and to say anything: messages are made of what it returns.
import { writeDeed } from "../../db/queries/access.ts"
import {
  holdSubject,
  insertSafetyEvent,
  lastTaker,
  leadingEvent,
  type SafetyLevel,
  type SafetyRow,
  type Subject,
  safetyWordsVersion,
  staffNames,
  toldOf,
  widenSafetyEvent,
} from "../../db/queries/safety.ts"
import { owe } from "../delivery/owe.ts"
import type { Scene } from "../deps.ts"
import { cleanText } from "../words/clean.ts"
import { adultsNamedIn } from "./ladder.ts"
import { ladderFor, tellAlso, tellNext, zoneOf } from "./tell.ts"

const dayMs = 86_400_000

/** `via` and `actorId` say who wrote; `source` names the event that brought the words, once. `named`: adults in them. */
export type Found = {
  subject: Subject
  source: string
  level: SafetyLevel
  topics: readonly string[]
  words: string
  named: readonly string[]
  via: string
}

/**
 * `joined`: people were being told already, and nobody is told once more. `responders`: the first who hear; none where nobody may.
 * `tooLate`: the ids of adults whom the words name and who had heard before.
 */
export type Raised = { joined: boolean; responders: readonly string[]; tooLate: readonly string[]; zone: string }

/**
 * One row an event of the vendor. The first leads: it owes the alerts. What the same person writes while it is open joins it, is shown with it
 * and taken with it, and tells nobody anew, unless it turns concern into urgent or names an adult who was told.
 */
export async function raise(scene: Scene, found: Found): Promise<Raised> {
  const { tx, schoolId, now, deps } = scene
  const { subject, level } = found
  await holdSubject(tx, schoolId, subject)
  const lead = await leadingEvent(tx, subject)
  const skipped = union(lead?.skipped ?? [], found.named)
  const id = deps.ids()
  const sealed = deps.words.seal(schoolId, id, safetyWordsVersion, cleanText(found.words))
  const { source, topics } = found
  const row = { schoolId, id, source, subject, level, topics, sealed, skipped, openedAt: now, nextAt: lead ? null : now }
  const isNew = await insertSafetyEvent(tx, row)
  const zone = await zoneOf(scene, subject)
  const ladder = await ladderFor(scene, subject, skipped, zone)
  const raised = { joined: lead !== null, responders: ladder.steps[0]?.personIds ?? [], tooLate: [], zone }
  if (!isNew) return raised

  const detail = { event: id, level, left_out: found.named.length }
  await writeDeed(tx, {
    ...{ schoolId, id: deps.ids(), at: now, actorId: subject.studentId, via: found.via },
    ...{ act: "safety_raised", subjectId: subject.studentId, detail },
  })
  if (!lead) {
    await tellNext(scene, { ...subject, id, level, skipped, step: 0 }, "first")
    await oweStudent(scene, subject, id, "resources")
    const taker = await lastTaker(tx, subject, new Date(now.getTime() - dayMs))
    if (taker && !skipped.includes(taker)) await tellAlso(scene, id, taker)
    return raised
  }
  const worse = level === "urgent" && lead.level === "concern"
  const { heard } = await widen(scene, lead, worse ? "urgent" : lead.level, found.named, worse)
  if (worse) await oweStudent(scene, subject, id, "resources")
  return { ...raised, joined: !worse, tooLate: heard }
}

const union = (before: readonly string[], more: readonly string[]): string[] => [...new Set([...before, ...more])]

/** Raises and narrows an open event. Where somebody who `heard` of it is now left out, others are told at once. */
async function widen(
  scene: Scene,
  lead: SafetyRow,
  level: SafetyLevel,
  named: readonly string[],
  worse: boolean,
): Promise<{ left: string[]; heard: string[] }> {
  const left = named.filter((id) => !lead.skipped.includes(id))
  if (left.length === 0 && !worse) return { left, heard: [] }
  const told = left.length === 0 ? [] : await toldOf(scene.tx, lead.id)
  const heard = told.flatMap((one) => (one.heard && left.includes(one.personId) ? [one.personId] : []))
  const skipped = union(lead.skipped, left)
  await widenSafetyEvent(scene.tx, lead.id, level, skipped)
  if (worse) await tellNext(scene, { ...lead, level, skipped }, "top")
  else if (heard.length > 0) await tellNext(scene, { ...lead, level, skipped }, "next")
  return { left, heard }
}

/** A student who has been heard names adults to leave out. Null where nothing is open about them, or nobody new is named. */
export async function leaveOut(scene: Scene, subject: Subject, words: string, via: string): Promise<{ left: string[]; late: boolean } | null> {
  const { tx, schoolId, deps, now } = scene
  const open = await leadingEvent(tx, subject)
  if (!open) return null
  const { left, heard } = await widen(scene, open, open.level, await namedIn(scene, words), false)
  if (left.length === 0) return null
  await writeDeed(tx, {
    ...{ schoolId, id: deps.ids(), at: now, actorId: subject.studentId, via },
    ...{ act: "safety_left_out", subjectId: subject.studentId, detail: { event: open.id, people: left.length } },
  })
  return { left, late: heard.length > 0 }
}

export const namedIn = async (scene: Scene, words: string): Promise<string[]> => adultsNamedIn(words, await staffNames(scene.tx))

/** `resources`: once more as a row, in case the answer is lost. `taken`: who has it. Nobody off the list can be written to. */
export async function oweStudent(scene: Scene, { studentId }: Subject, eventId: string, what: "resources" | "taken"): Promise<void> {
  if (studentId === null) return
  const [dueAt, expiresAt] = [scene.now, new Date(scene.now.getTime() + dayMs)]
  const dedupeKey = `safety_resources:${eventId}${what === "taken" ? ":taken" : ""}`
  await owe(scene, {
    ...{ kind: "safety_resources", dedupeKey, personId: studentId, subjectId: eventId, detail: { what } },
    ...{ urgent: true, dueAt, expiresAt },
  })
}
