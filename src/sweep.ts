// Decides in which order due work of people's silence is taken up: danger first, then adults' silence, then students'.
// Refuses to know what any of it is.
import type { Scene } from "./deps.ts"
import { closeWeeks } from "./engagement/close-weeks.ts"
import { ladderAlerts } from "./engagement/ladder.ts"

/** One kind of due work: takes up what is due, and says when more of it is; null: none is under way. */
export type Part = (scene: Scene) => Promise<Date | null>

const atLatestMs = 86_400_000

/**
 * Takes up whatever is due at this school, in the scene's one transaction; safe to run at any moment. `before` are the ladders of safety, readings
 * and reach-outs. Readings come before histories and alerts: a student's answer locks them in that order too. Returns when the next of it falls due.
 */
export async function sweepSchool(scene: Scene, before: readonly Part[]): Promise<Date> {
  let next = new Date(scene.now.getTime() + atLatestMs)
  for (const part of [...before, closeWeeks, ladderAlerts]) {
    const at = await part(scene)
    if (at !== null && at < next) next = at
  }
  return next
}
