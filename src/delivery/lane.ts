// Decides how one workspace's owed messages leave: claimed, composed, sent, settled, looked for, given up.
// Refuses to know what they say: letters compose them, adapters send them.
import { withoutSchool, withSchool } from "../../db/client.ts"
import * as store from "../../db/queries/delivery-lane.ts"
import { markTrouble, type PersonCard, peopleById } from "../../db/queries/people.ts"
import { settingRows } from "../../db/queries/school.ts"
import { pauseWorkspace } from "../../db/queries/workspaces.ts"
import type { Composed, Deps, Letter, Scene } from "../deps.ts"
import type { Address, Workspace } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import type { Message } from "../platform/message.ts"
import type { Platform } from "../platform/platform.ts"
import { settingsFrom } from "../roster/settings.ts"
import { servesStudents } from "../safety/gate.ts"
import { type Outcome, outcomeOf } from "./outcome.ts"
import type { DeliveryKind } from "./owed.ts"

export type Letters = Readonly<Record<DeliveryKind, Letter>>
export type LaneDeps = Pick<Deps, "db" | "clock" | "ids" | "words" | "prompts" | "platforms" | "log" | "wakeLanes">
export type LaneCount = { sent: number; refused: number; unknown: number; expired: number; later: number }

const batchSize = 24
const atOnce = 8
// A lane yields after this many batches, so that no workspace keeps a worker to itself; its wake row brings it back.
const batchesMax = 20

type Ready = { claimed: store.Claimed; message: Message }

/** Sends what is due in one workspace. Any number may run at once, for the same one too: a row is claimed by one of them. */
export async function runLane(deps: LaneDeps, letters: Letters, schoolId: string, workspace: Workspace): Promise<LaneCount> {
  const platform = deps.platforms.get(workspace.platform)
  const count: LaneCount = { sent: 0, refused: 0, unknown: 0, expired: 0, later: 0 }
  if (!platform) return count
  await lookForUncertain(deps, platform, schoolId, workspace, count)
  for (let i = 0; i < batchesMax; i++) {
    const taken = await takeBatch(deps, letters, schoolId, workspace, count)
    if (taken.claimed === 0) break
    const outcomes = await inParallel(taken.ready, (one) => sendOne(deps, platform, schoolId, workspace, one))
    const stop = await settleAll(deps, schoolId, workspace, outcomes, count)
    if (stop) break
  }
  await withSchool(deps.db, schoolId, (tx) => store.setLaneWake(tx, schoolId, workspace))
  return count
}

/** Claims and composes in one transaction, committed before any call to the vendor. */
async function takeBatch(deps: LaneDeps, letters: Letters, schoolId: string, workspace: Workspace, count: LaneCount) {
  const now = deps.clock.now()
  const woken: Workspace[] = []
  const taken = await withSchool(deps.db, schoolId, async (tx) => {
    count.expired += await store.expireLate(tx, workspace, now)
    const claimed = await store.claimDue(tx, workspace, now, batchSize)
    if (claimed.length === 0) return { claimed: 0, ready: [] }
    const scene: Scene = { deps, tx, schoolId, now, settings: settingsFrom(await settingRows(tx)), woken }
    const people = await peopleById(tx, [...new Set(claimed.map((one) => one.personId))])
    const ready: Ready[] = []
    const settled: store.Settlement[] = []
    const live = [...people.values()].some(({ role }) => role === "student") && (await servesStudents(scene, workspace.platform))
    for (const one of claimed) {
      const composed = await compose(scene, letters, one, people.get(one.personId), live)
      switch (composed.kind) {
        case "message":
          ready.push({ claimed: one, message: composed.message })
          break
        case "drop":
          settled.push({ id: one.id, state: "expired", failure: composed.why })
          count.expired += 1
          break
        case "later":
          settled.push({ id: one.id, state: "planned", dueAt: composed.dueAt })
          count.later += 1
          break
        default:
          return composed satisfies never
      }
    }
    await store.settle(tx, settled, now)
    return { claimed: claimed.length, ready }
  })
  if (woken.length > 0) await deps.wakeLanes(woken)
  return taken
}

/** `live`: students are served here. Until they are, only where help is to be had still goes to one who wrote of danger. */
async function compose(scene: Scene, letters: Letters, one: store.Claimed, person: PersonCard | undefined, live: boolean): Promise<Composed> {
  if (!person?.active) return { kind: "drop", why: "left_school" }
  if (person.role === "student" && !live && one.kind !== "safety_resources") return { kind: "drop", why: "not_live" }
  return letters[one.kind](scene, one, person)
}

async function addressOf(deps: LaneDeps, platform: Platform, schoolId: string, workspace: Workspace, one: store.Claimed): Promise<Address> {
  const account = { ...workspace, user: one.userId }
  if (one.route !== null) return { account, route: one.route }
  const opened = await platform.reach(account)
  await withSchool(deps.db, schoolId, (tx) => store.keepRoute(tx, workspace, one.userId, opened.route))
  return opened
}

type Sent = { claimed: store.Claimed; outcome: Outcome }

async function sendOne(deps: LaneDeps, platform: Platform, schoolId: string, workspace: Workspace, { claimed, message }: Ready): Promise<Sent> {
  try {
    const to = await addressOf(deps, platform, schoolId, workspace, claimed)
    return { claimed, outcome: { kind: "sent", receipt: await platform.send(to, message, claimed.id) } }
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    return { claimed, outcome: outcomeOf(error.failure, deps.clock.now()) }
  }
}

/** Settles a batch. True where the lane must rest: the vendor is busy, or refuses the whole workspace. */
async function settleAll(deps: LaneDeps, schoolId: string, workspace: Workspace, sent: readonly Sent[], count: LaneCount): Promise<boolean> {
  const now = deps.clock.now()
  let denied: string | null = null
  let busy = false
  const settlements = sent.map(({ claimed, outcome }): store.Settlement => {
    const { id } = claimed
    switch (outcome.kind) {
      case "sent":
        count.sent += 1
        return { id, state: "sent", messageId: outcome.receipt.messageId, route: outcome.receipt.address.route }
      case "busy":
        busy = true
        count.later += 1
        return { id, state: "planned", dueAt: outcome.again, failure: "busy" }
      case "denied":
        denied = outcome.code
        count.later += 1
        return { id, state: "planned", dueAt: claimed.dueAt, failure: outcome.code }
      case "refused":
        count.refused += 1
        return { id, state: "refused", failure: outcome.code }
      case "uncertain":
        return { id, state: "sending", failure: outcome.code }
      default:
        return outcome satisfies never
    }
  })
  await withSchool(deps.db, schoolId, async (tx) => {
    await store.settle(tx, settlements, now)
    for (const { claimed, outcome } of sent) {
      if (outcome.kind === "refused" && outcome.unreachable) await markTrouble(tx, { ...workspace, user: claimed.userId }, outcome.code, now)
    }
  })
  if (denied !== null) {
    const why: string = denied
    deps.log.error("workspace_paused", { platform: workspace.platform, code: why })
    await withoutSchool(deps.db, (tx) => pauseWorkspace(tx, workspace, why))
  }
  return denied !== null || busy
}

/** Rows whose fate nobody knows are looked for before they are ever sent again; where that cannot be known, only safety is repeated. */
async function lookForUncertain(deps: LaneDeps, platform: Platform, schoolId: string, workspace: Workspace, count: LaneCount): Promise<void> {
  const lost = await withSchool(deps.db, schoolId, (tx) => store.claimUncertain(tx, workspace, batchSize))
  const settlements = await inParallel(lost, async (one): Promise<store.Settlement> => {
    const { id } = one
    // No route was known when it was taken: nothing can have been sent.
    if (one.route === null) return { id, state: "planned", dueAt: one.dueAt }
    try {
      const found = await platform.find({ account: { ...workspace, user: one.userId }, route: one.route }, id, one.firstAttemptAt)
      if (found === "absent") return { id, state: "planned", dueAt: one.dueAt }
      if (found !== "unknowable") {
        count.sent += 1
        return { id, state: "sent", messageId: found.messageId, route: found.address.route }
      }
      if (one.urgent) return { id, state: "planned", dueAt: one.dueAt }
      count.unknown += 1
      return { id, state: "unknown", failure: "unknowable" }
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error
      return { id, state: "sending", failure: error.failure.reason }
    }
  })
  await withSchool(deps.db, schoolId, (tx) => store.settle(tx, settlements, deps.clock.now()))
}

/** At most `atOnce` calls in flight. */
async function inParallel<In, Out>(list: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = []
  let next = 0
  const worker = async () => {
    for (let i = next++; i < list.length; i = next++) {
      const one = list[i]
      if (one !== undefined) results.push(await work(one))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker))
  return results
}
