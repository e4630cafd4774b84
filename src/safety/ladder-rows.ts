// Decides when open events are taken up their ladder: every step that is due, until somebody has it. Refuses to know whom a step tells.
import { dueSafetyEvents, nextSafetyDue } from "../../db/queries/safety.ts"
import type { Scene } from "../deps.ts"
import { tellNext } from "./tell.ts"

// Few are ever open at once; what is over this waits for the next tick.
const atOnce = 50

/** At any hour, on any day. Returns when it next has work. */
export async function ladderSafety(scene: Scene): Promise<Date | null> {
  for (const event of await dueSafetyEvents(scene.tx, scene.now, atOnce)) await tellNext(scene, event, "next")
  return nextSafetyDue(scene.tx)
}
