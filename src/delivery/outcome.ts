// Decides what a vendor's answer to one send means for its row, on the failure's reason alone.
import type { Receipt } from "../platform/account.ts"
import type { Failure } from "../platform/failure.ts"

export type Outcome =
  | { kind: "sent"; receipt: Receipt }
  | { kind: "busy"; again: Date }
  | { kind: "denied"; code: string }
  | { kind: "refused"; code: string; unreachable: boolean }
  | { kind: "uncertain"; code: string }

const leastMs = 1_000
const mostMs = 3_600_000

/** A vendor's Retry-After, believed between one second and one hour; what is no number is one second. */
export const retryAfter = (ms: number): number => (Number.isFinite(ms) ? Math.min(mostMs, Math.max(leastMs, ms)) : ms > 0 ? mostMs : leastMs)

export function outcomeOf(failure: Failure, now: Date): Outcome {
  switch (failure.reason) {
    case "busy":
      return { kind: "busy", again: new Date(now.getTime() + retryAfter(failure.retryAfterMs)) }
    case "unreachable":
      return { kind: "refused", code: failure.detail, unreachable: true }
    case "denied":
      return { kind: "denied", code: failure.detail }
    case "invalid":
      return { kind: "refused", code: failure.detail, unreachable: false }
    case "uncertain":
      return { kind: "uncertain", code: failure.detail }
    default:
      return failure satisfies never
  }
}
