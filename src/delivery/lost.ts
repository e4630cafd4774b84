// Decides what becomes of a row whose fate nobody knows: looked for before it is ever sent again, and in the end given up.
// Refuses to send anything itself.
import { withSchool } from "../../db/client.ts"
import { type Claimed, claimUncertain, type Settlement, settle } from "../../db/queries/delivery-lane.ts"
import { DeliveryFailure, type Failure } from "../platform/failure.ts"
import type { Found } from "../platform/platform.ts"
import { retryAfter, sendAgain } from "./outcome.ts"
import { inParallel, type Lane, restWorkspace } from "./work.ts"

const batchSize = 24
// Where nobody can know, an alert is repeated this often; its ladder tells other people meanwhile.
const urgentMost = 5
const restSeconds = 30

/** Looks for what a worker left behind or never heard about. True where the vendor refuses the whole workspace. */
export async function lookForLost(lane: Lane): Promise<boolean> {
  const { deps, schoolId, workspace } = lane
  const lost = await withSchool(deps.db, schoolId, (tx) => claimUncertain(tx, workspace, batchSize))
  if (lost.length === 0) return false
  let denied: string | null = null
  const settlements = await inParallel(lost, async (one): Promise<Settlement> => {
    // No route was known when it was taken: nothing can have been sent.
    const found = one.route === null ? "absent" : await find(lane, one, one.route)
    if (typeof found === "object" && "reason" in found && found.reason === "denied") denied = found.detail
    return settlementOf(lane, one, found)
  })
  await withSchool(deps.db, schoolId, (tx) => settle(tx, settlements, deps.clock.now()))
  if (denied === null) return false
  await restWorkspace(lane, denied)
  return true
}

async function find({ deps, platform, workspace }: Lane, one: Claimed, route: string): Promise<Found | Failure> {
  try {
    return await platform.find({ account: { ...workspace, user: one.userId }, route }, one.id, one.firstAttemptAt)
  } catch (error) {
    if (error instanceof DeliveryFailure) return error.failure
    deps.log.error("find_failed", { deliveryId: one.id, kind: one.kind, error })
    return { reason: "uncertain", detail: "find_failed" }
  }
}

function settlementOf({ deps, count }: Lane, one: Claimed, found: Found | Failure): Settlement {
  const now = deps.clock.now()
  const own = { id: one.id, lease: one.lease }
  const again = (): Settlement => ({ ...own, state: "planned", dueAt: sendAgain(one.attempt, now) })
  const unknown = (failure: string): Settlement => {
    count.unknown += 1
    return { ...own, state: "unknown", failure }
  }
  const nobodyKnows = (code: string) => (one.urgent && one.attempt < urgentMost ? again() : unknown(code))
  const lookAgain = (code: string, seconds: number): Settlement =>
    one.expiresAt <= now ? unknown(code) : { ...own, state: "sending", failure: code, restSeconds: seconds }

  if (found === "absent") return again()
  if (found === "unknowable") return nobodyKnows("unknowable")
  if (!("reason" in found)) {
    count.sent += 1
    return { ...own, state: "sent", messageId: found.messageId, route: found.address.route }
  }
  switch (found.reason) {
    case "busy":
      return lookAgain("busy", retryAfter(found.retryAfterMs, one.urgent) / 1_000)
    case "denied":
    case "uncertain":
      return lookAgain(found.detail, restSeconds)
    case "unreachable":
    case "invalid":
      return nobodyKnows(found.detail)
    default:
      return found satisfies never
  }
}
