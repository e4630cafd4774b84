// Decides how long a message of this room is worth sending, and that staff are written to within their hours. Refuses to know what it says.
import type { PersonCard } from "../../db/queries/people.ts"
import { ownCalendar } from "../../db/queries/school.ts"
import type { Composed, Due, Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import { never, nextAllowed } from "../scheduling/hours.ts"

const weekMs = 7 * 86_400_000

/** A week from when it is due: after that it is old news. */
export const keptUntil = (dueAt: Date): Date => new Date(Math.min(never.getTime(), dueAt.getTime() + weekMs))

/** Why a letter to a member of staff is not sent now; null where it may be. */
export async function heldForStaff(scene: Scene, due: Due, recipient: PersonCard): Promise<Exclude<Composed, { kind: "message" }> | null> {
  if (!recipient.active || recipient.role !== "staff") return { kind: "drop", why: "left" }
  const sendAt = nextAllowed(scene.now, await ownCalendar(scene.tx, recipient), hoursOf(scene.settings), "staff")
  if (sendAt >= due.expiresAt) return { kind: "drop", why: "too_late" }
  return sendAt > scene.now ? { kind: "later", dueAt: sendAt } : null
}
