// Decides which people the next step of an open event is owed to, and owes it. Somebody is always told while anybody may be.
// Refuses to know what was written: those it names were left out before.
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { advisorsOf, counsellors, personById } from "../../db/queries/people.ts"
import { activeStaff, anyReachable, type SafetyRow, type Subject, schoolZone, setSafetyStep, staffWith } from "../../db/queries/safety.ts"
import { owe } from "../delivery/owe.ts"
import type { Scene } from "../deps.ts"
import { localDate } from "../scheduling/zone.ts"
import { type Ladder, nextStep } from "./ladder.ts"

const minutesUnset = 20
const dayMs = 86_400_000
// Where everybody is left out or gone: the roster or the ladder may change.
const hourMs = 3_600_000

export const zoneOf = async (scene: Scene, { studentId }: Subject): Promise<string> => {
  const student = studentId === null ? null : await personById(scene.tx, studentId)
  return student?.zone ?? schoolZone(scene.tx)
}

/** The school's ladder as it can be climbed today, without those who left or are left out; else the counsellors, the office, the advisors. */
export async function ladderFor(scene: Scene, subject: Subject, skipped: readonly string[], zone: string): Promise<Ladder> {
  const { tx, schoolId, now, settings } = scene
  const set = settings["safety.ladder"]
  const { stepMinutes, channel } = set ?? { stepMinutes: minutesUnset, channel: null }
  const active = await activeStaff(tx, set?.steps.flatMap(({ personIds }) => personIds) ?? [])
  const heard = (ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => !skipped.includes(id))
  const steps = (set?.steps ?? []).map(({ personIds }) => ({ personIds: heard(personIds.filter((id) => active.has(id))) }))
  const climbed = steps.filter(({ personIds }) => personIds.length > 0)
  if (climbed.length > 0) return { steps: climbed, stepMinutes, channel }

  const list = heard(await counsellors(tx))
  const office = list.length > 0 ? list : heard(await staffWith(tx, ["admin", "principal"]))
  if (office.length > 0) return { steps: [{ personIds: office }], stepMinutes, channel: null }
  if (subject.studentId === null) return { steps: [], stepMinutes, channel: null }
  const { first, second } = await advisorsOf(tx, schoolId, subject.studentId, localDate(now, zone))
  const advisors = heard([first, second].filter((id) => id !== null))
  return { steps: advisors.length > 0 ? [{ personIds: advisors }] : [], stepMinutes, channel: null }
}

type Alert = { what: "alert"; again: boolean } | { what: "taken" }

/** Owes one alert each; at any hour, for a day. */
async function oweAlerts(scene: Scene, eventId: string, step: number | "taken", personIds: readonly string[], detail: Alert): Promise<void> {
  const [dueAt, expiresAt] = [scene.now, new Date(scene.now.getTime() + dayMs)]
  const each = { kind: "safety_alert", subjectId: eventId, detail, urgent: true, dueAt, expiresAt } as const
  await owe(scene, ...personIds.map((personId) => ({ ...each, personId, dedupeKey: `safety_alert:${eventId}:${step}:${personId}` })))
}

/** Whoever took what the same person wrote before hears that there is more, whatever step they are on. */
export const tellAlso = (scene: Scene, eventId: string, personId: string): Promise<void> =>
  oweAlerts(scene, eventId, 1, [personId], { what: "alert", again: false })

export const oweTaken = (scene: Scene, eventId: string, personIds: readonly string[]): Promise<void> =>
  oweAlerts(scene, eventId, "taken", personIds, { what: "taken" })

type Climbing = Pick<SafetyRow, "id" | "level" | "skipped" | "step"> & Subject

/**
 * Takes a step: tells its people, and says when the next falls due. People without any account do not hold up the first round.
 * `how`: the first step of all, the next one, or from the top again, for what has become worse.
 */
export async function tellNext(scene: Scene, event: Climbing, how: "first" | "next" | "top"): Promise<void> {
  const { tx, schoolId, now } = scene
  const zone = await zoneOf(scene, event)
  const ladder = await ladderFor(scene, event, event.skipped, zone)
  const top = Math.ceil(event.step / Math.max(1, ladder.steps.length)) * ladder.steps.length
  for (let step = how === "top" ? Math.max(event.step, top) : event.step; ; ) {
    const state = { level: event.level, step, nextAt: null, taken: false }
    const next = nextStep(ladder, state, now, { excluded: event.skipped, named: [], zone })
    const tells = next.kind === "tell" ? next : { personIds: [], step, nextAt: new Date(now.getTime() + hourMs), page: true, again: false }
    await oweAlerts(scene, event.id, tells.step, tells.personIds, { what: "alert", again: how !== "first" || tells.again })
    await deedOfStep(scene, event, tells.step, tells.personIds.length)
    const held = next.kind === "tell" && tells.page && tells.step < ladder.steps.length && !(await anyReachable(tx, tells.personIds))
    step = tells.step
    if (held) continue
    await setSafetyStep(tx, event.id, step, tells.nextAt)
    return wakeBy(tx, schoolId, "sweep", tells.nextAt)
  }
}

const deedOfStep = ({ tx, schoolId, deps, now }: Scene, event: { id: string } & Subject, step: number, people: number): Promise<void> =>
  writeDeed(tx, {
    ...{ schoolId, id: deps.ids(), at: now, actorId: null, via: "bot" },
    ...{ act: "safety_told", subjectId: event.studentId, detail: { event: event.id, step, people } },
  })
