// Decides whether a placed prompt is owed now, later or no more, so that an outage ends in one catch-up inside hours or in a counted miss.
// Refuses to know what was sent before; the occurrence's key keeps it from being sent twice.
import type { SchoolCalendar } from "./calendar.ts"
import { type Hours, nextAllowed, openMinutes } from "./hours.ts"
import type { PlacedPrompt } from "./place.ts"

export type Due =
  | { kind: "not_yet"; at: Date }
  | { kind: "due"; sendAt: Date; late: boolean }
  | { kind: "missed"; why: "closed" | "too_little_time" }
  | { kind: "paused" }

/**
 * `graceHours`: a prompt sent more than half an hour late must leave this many hours within hours before its close,
 * or it is missed: expired, counted as ours, never as the student's silence. `pausedUntil`: YYYY-MM-DD, the first
 * day on which the student is asked again.
 */
export type DueOptions = { graceHours: number; pausedUntil?: string | null }
export const defaultGraceHours = 4

const onTimeMs = 30 * 60_000

/** What is owed of this prompt at `now`. `sendAt` is the next instant within hours, so what a night or a weekend held back goes in the morning. */
export function due(placed: PlacedPrompt, now: Date, calendar: SchoolCalendar, hours: Hours, options: DueOptions): Due {
  if (options.pausedUntil && placed.date < options.pausedUntil) return { kind: "paused" }
  if (now < placed.opensAt) return { kind: "not_yet", at: placed.opensAt }
  if (now >= placed.closesAt) return { kind: "missed", why: "closed" }
  const sendAt = nextAllowed(now, calendar, hours, "students")
  if (sendAt >= placed.closesAt) return { kind: "missed", why: "too_little_time" }
  const late = sendAt.getTime() > placed.opensAt.getTime() + onTimeMs
  if (late && openMinutes(sendAt, placed.closesAt, calendar, hours, "students") < options.graceHours * 60) {
    return { kind: "missed", why: "too_little_time" }
  }
  return { kind: "due", sendAt, late }
}
