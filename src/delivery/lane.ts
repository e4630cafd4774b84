// Decides how one workspace's owed messages leave: looked for, claimed, composed, sent, settled, given up.
// Refuses to know what they say: letters compose them, adapters send them.
import { withSchool } from "../../db/client.ts"
import * as store from "../../db/queries/delivery-lane.ts"
import { endTrouble, forgetRoute, markTrouble, type PersonCard, peopleById } from "../../db/queries/people.ts"
import { settingRows } from "../../db/queries/school.ts"
import type { Composed, Scene } from "../deps.ts"
import type { PlatformName, Workspace } from "../platform/account.ts"
import { keptOff } from "../roster/age.ts"
import { settingsFrom } from "../roster/settings.ts"
import { servesStudents } from "../safety/gate.ts"
import { lookForLost } from "./lost.ts"
import { writeAgain } from "./outcome.ts"
import { type Ready, type Sent, sendBatch } from "./send.ts"
import { type Lane, type LaneCount, type LaneDeps, type Letters, restWorkspace } from "./work.ts"

export type { LaneCount, LaneDeps, Letters } from "./work.ts"

const batchSize = 24
// A lane yields after this many batches, so that no workspace keeps a worker to itself.
const batchesMax = 20
// How soon after its message was sent an uncertain row is looked for.
const lookAfterSeconds = 2
// A letter that puts itself off to a time gone by would be asked again and again.
const laterLeastMs = 1_000

/** Sends what is due in one workspace. Any number may run at once, for the same one too: a row is held by one of them. */
export async function runLane(deps: LaneDeps, letters: Letters, schoolId: string, workspace: Workspace): Promise<LaneCount> {
  const platform = deps.platforms.get(workspace.platform)
  const count: LaneCount = { sent: 0, refused: 0, unknown: 0, expired: 0, later: 0 }
  if (!platform) return count
  const lane: Lane = { deps, platform, schoolId, workspace, count }
  const more = !(await lookForLost(lane)) && (await sendDue(lane, letters))
  await withSchool(deps.db, schoolId, (tx) => store.setLaneWake(tx, schoolId, workspace, deps.clock.now()))
  if (more) await deps.wakeLanes([workspace])
  return count
}

/** True where it stopped only to let others have a turn. */
async function sendDue(lane: Lane, letters: Letters): Promise<boolean> {
  for (let i = 0; i < batchesMax; i++) {
    const since = performance.now()
    const taken = await takeBatch(lane, letters)
    if (taken === null) return false
    const stop = await settleAll(lane, await sendBatch(lane, taken, since))
    if (stop) return false
  }
  return true
}

/** Claims and composes in one transaction, committed before any call to the vendor. Null: nothing is due. */
async function takeBatch(lane: Lane, letters: Letters): Promise<Ready[] | null> {
  const { deps, schoolId, workspace, count } = lane
  const now = deps.clock.now()
  const woken: Workspace[] = []
  let writing: store.Claimed | null = null
  const ended = { expired: 0, later: 0 }
  try {
    const taken = await withSchool(deps.db, schoolId, async (tx) => {
      ended.expired += await store.expireLate(tx, workspace, now)
      const claimed = await store.claimDue(tx, workspace, now, batchSize)
      if (claimed.length === 0) return null
      const scene: Scene = { deps, tx, schoolId, now, settings: settingsFrom(await settingRows(tx)), woken }
      const moved = new Map(
        (await store.moveElsewhere(tx, claimed, { slackMinimumAge: scene.settings["slack.minimum_age"] })).map((one) => [one.id, one]),
      )
      for (const { platform, tenant } of moved.values()) woken.push({ platform, tenant })
      const here = claimed.filter(({ id }) => !moved.has(id))
      const people = await peopleById(tx, [...new Set(here.map((one) => one.personId))])
      const live = [...people.values()].some(({ role }) => role === "student") && (await servesStudents(scene, workspace.platform))
      const ready: Ready[] = []
      const settled: store.Settlement[] = []
      for (const one of here) {
        writing = one
        const composed = await compose(scene, letters, one, people.get(one.personId), { platform: workspace.platform, live })
        writing = null
        const own = { id: one.id, lease: one.lease }
        switch (composed.kind) {
          case "message":
            ready.push({ claimed: one, message: composed.message })
            break
          case "drop":
            settled.push({ ...own, state: "expired", failure: composed.why })
            ended.expired += 1
            break
          case "later":
            settled.push({ ...own, state: "planned", dueAt: new Date(Math.max(composed.dueAt.getTime(), now.getTime() + laterLeastMs)) })
            ended.later += 1
            break
          default:
            return composed satisfies never
        }
      }
      await store.settle(tx, settled, now)
      return ready
    })
    count.expired += ended.expired
    count.later += ended.later
    if (woken.length > 0) await deps.wakeLanes(woken)
    return taken
  } catch (error) {
    if (writing === null) throw error
    await putOff(lane, writing, error)
    return []
  }
}

/** A letter that throws takes its whole batch back; it waits, so that the others can go, and is given up in the end. */
async function putOff({ deps, schoolId, count }: Lane, one: store.Claimed, error: unknown): Promise<void> {
  deps.log.error("letter_failed", { deliveryId: one.id, kind: one.kind, attempt: one.attempt, error })
  const now = deps.clock.now()
  const again = writeAgain(one.attempt, now)
  await withSchool(deps.db, schoolId, (tx) => store.putOff(tx, one.id, again, now))
  if (again === null) count.refused += 1
  else count.later += 1
}

type Served = { platform: PlatformName; live: boolean }

/** `live`: students are served here. Those who are not, or are too young for it, get only where help is to be had, once they wrote of danger. */
async function compose(scene: Scene, letters: Letters, one: store.Claimed, person: PersonCard | undefined, here: Served): Promise<Composed> {
  if (!person?.active) return { kind: "drop", why: "left_school" }
  if (person.role === "student" && one.kind !== "safety_resources") {
    if (!here.live) return { kind: "drop", why: "not_live" }
    if (keptOff(here.platform, person, scene.settings)) return { kind: "drop", why: "too_young" }
  }
  return letters[one.kind](scene, { ...one, on: here.platform }, person)
}

/** Settles a batch. True where the lane must rest: the vendor is busy, or refuses the whole workspace. */
async function settleAll(lane: Lane, sent: readonly Sent[]): Promise<boolean> {
  const { deps, schoolId, workspace, count } = lane
  if (sent.length === 0) return false
  const now = deps.clock.now()
  let denied: string | null = null
  let busy = false
  const settlements = sent.map(({ claimed, outcome }): store.Settlement => {
    const own = { id: claimed.id, lease: claimed.lease }
    switch (outcome.kind) {
      case "sent":
        count.sent += 1
        return { ...own, state: "sent", messageId: outcome.receipt.messageId, route: outcome.receipt.address.route }
      case "unsent":
        count.later += 1
        return { ...own, state: "planned", dueAt: claimed.dueAt, untried: true }
      case "busy":
        busy = true
        count.later += 1
        return { ...own, state: "planned", dueAt: outcome.again, failure: "busy" }
      case "denied":
        denied = outcome.code
        count.later += 1
        return { ...own, state: "planned", dueAt: claimed.dueAt, failure: outcome.code }
      case "refused":
        count.refused += 1
        return { ...own, state: "refused", failure: outcome.code }
      case "uncertain":
        return { ...own, state: "sending", failure: outcome.code, restSeconds: lookAfterSeconds }
      default:
        return outcome satisfies never
    }
  })
  await withSchool(deps.db, schoolId, async (tx) => {
    await store.settle(tx, settlements, now)
    for (const { claimed, outcome } of sent) {
      if (outcome.kind === "sent" && claimed.trouble !== null) await endTrouble(tx, { ...workspace, user: claimed.userId }, claimed.trouble)
      if (outcome.kind === "refused" && outcome.unreachable) {
        await markTrouble(tx, { ...workspace, user: claimed.userId }, outcome.code, now)
        if (outcome.lost && claimed.route !== null) await forgetRoute(tx, { ...workspace, user: claimed.userId }, claimed.route)
      }
    }
  })
  if (denied !== null) await restWorkspace(lane, denied)
  return denied !== null || busy
}
