// Decides how a claimed batch leaves: held by its lease, one call each, and no further once the vendor says no.
// Refuses to know what the messages say, and what becomes of their rows.
import { withSchool } from "../../db/client.ts"
import { type Claimed, holdOn, keepRoute } from "../../db/queries/delivery-lane.ts"
import type { Address } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import type { Message } from "../platform/message.ts"
import { type Outcome, outcomeOf } from "./outcome.ts"
import { inParallel, type Lane } from "./work.ts"

export type Ready = { claimed: Claimed; message: Message }
export type Sent = { claimed: Claimed; outcome: Outcome }

// With the 10 s that one call may take, well inside a lease: whoever has waited longer asks first whether the row is still theirs.
const freshMs = 4_000

/** Sends a batch; what somebody else has taken up meanwhile is not among the outcomes. `since`: when it was claimed, by `performance.now()`. */
export async function sendBatch(lane: Lane, batch: readonly Ready[], since: number): Promise<Sent[]> {
  let rests: "no" | "busy" | "denied" = "no"
  const results = await inParallel(batch, async ({ claimed, message }): Promise<Sent | null> => {
    if (rests === "denied" || (rests === "busy" && !claimed.urgent)) return { claimed, outcome: { kind: "unsent" } }
    const sent = await sendOne(lane, { claimed, message }, since)
    if (sent?.outcome.kind === "denied") rests = "denied"
    else if (sent?.outcome.kind === "busy" && rests === "no") rests = "busy"
    return sent
  })
  return results.filter((one) => one !== null)
}

async function sendOne(lane: Lane, { claimed, message }: Ready, since: number): Promise<Sent | null> {
  const { platform } = lane
  try {
    let held = await stillHeld(lane, { claimed, since })
    if (held === null) return null
    const to = await addressOf(lane, claimed)
    held = await stillHeld(lane, held)
    if (held === null) return null
    try {
      return { claimed: held.claimed, outcome: { kind: "sent", receipt: await platform.send(to, message, claimed.id) } }
    } catch (error) {
      return { claimed: held.claimed, outcome: outcomeAfter(lane, claimed, error) }
    }
  } catch (error) {
    return { claimed, outcome: outcomeAfter(lane, claimed, error) }
  }
}

/** What throws something else has broken the port's promise: its message may have gone out or not, like any uncertain one. */
function outcomeAfter({ deps }: Lane, claimed: Claimed, error: unknown): Outcome {
  if (error instanceof DeliveryFailure) return outcomeOf(error.failure, deps.clock.now(), claimed.urgent)
  deps.log.error("send_failed", { deliveryId: claimed.id, kind: claimed.kind, error })
  return { kind: "uncertain", code: "send_failed" }
}

type Held = { claimed: Claimed; since: number }

async function stillHeld({ deps, schoolId }: Lane, held: Held): Promise<Held | null> {
  const at = performance.now()
  if (at - held.since < freshMs) return held
  const lease = await withSchool(deps.db, schoolId, (tx) => holdOn(tx, held.claimed))
  return lease === null ? null : { claimed: { ...held.claimed, lease }, since: at }
}

async function addressOf({ deps, platform, schoolId, workspace }: Lane, one: Claimed): Promise<Address> {
  const account = { ...workspace, user: one.userId }
  if (one.route !== null) return { account, route: one.route }
  const opened = await platform.reach(account)
  await withSchool(deps.db, schoolId, (tx) => keepRoute(tx, workspace, one.userId, opened.route))
  return opened
}
