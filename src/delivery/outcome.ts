// Decides what a vendor's answer to one send means for its row, on the failure's reason alone, and how long a row waits for its next try.
import type { Receipt } from "../platform/account.ts"
import type { Failure } from "../platform/failure.ts"

/** `unsent`: it was not tried, because the lane came to rest before its turn. */
export type Outcome =
  | { kind: "sent"; receipt: Receipt }
  | { kind: "unsent" }
  | { kind: "busy"; again: Date }
  | { kind: "denied"; code: string }
  | { kind: "refused"; code: string; unreachable: boolean; lost?: true }
  | { kind: "uncertain"; code: string }

const leastMs = 1_000
const mostMs = 3_600_000
// Safety is tried again within the minute, whatever a vendor says.
const mostUrgentMs = 60_000

/** A vendor's Retry-After, believed between one second and one hour; what is no number is one second. */
export function retryAfter(ms: number, urgent = false): number {
  const most = urgent ? mostUrgentMs : mostMs
  if (Number.isNaN(ms)) return leastMs
  return Math.min(most, Math.max(leastMs, ms))
}

const firstRestMs = 30_000
const longestRestMs = 15 * 60_000

/** When what got lost is sent again: the first time at once, then after ever longer rests; its expiry ends it. */
export function sendAgain(attempt: number, now: Date): Date {
  const rest = attempt <= 1 ? 0 : Math.min(longestRestMs, firstRestMs * 2 ** Math.min(attempt - 2, 20))
  return new Date(now.getTime() + rest)
}

const lettersMost = 8

/** When a letter that failed is written again; null: it is given up, after about two hours. */
export const writeAgain = (attempt: number, now: Date): Date | null =>
  attempt >= lettersMost ? null : new Date(now.getTime() + Math.min(mostMs, 60_000 * 2 ** (attempt - 1)))

export function outcomeOf(failure: Failure, now: Date, urgent = false): Outcome {
  switch (failure.reason) {
    case "busy":
      return { kind: "busy", again: new Date(now.getTime() + retryAfter(failure.retryAfterMs, urgent)) }
    case "unreachable":
      return { kind: "refused", code: failure.detail, unreachable: true, ...(failure.lost ? { lost: true } : {}) }
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
