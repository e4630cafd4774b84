// Decides what an answer, a skip or a stop does to a student's weeks and to the alerts about them, at the moment it happens.
// Refuses to know what was said.
import { markWeek } from "../../db/queries/engagement.ts"
import { closeSilence } from "../../db/queries/engagement-alerts.ts"
import type { Hot, Scene } from "../deps.ts"

type Writing = Pick<Scene, "schoolId"> & { tx: Hot }

/**
 * Keeps an answer ("a") or a skip ("s") in the student's history; whatever was open about their silence closes by itself. `week` is the Monday
 * of the question's week, or of today for words without a question. History first, then alerts: the order in which the sweep takes them.
 */
export async function keepAnswer(scene: Writing, studentId: string, week: string, as: "a" | "s", at: Date): Promise<void> {
  const { tx, schoolId } = scene
  await Promise.all([
    markWeek(tx, { schoolId, studentId, week, as, answeredAt: as === "a" ? at : null }),
    closeSilence(tx, studentId, "answered", at),
  ])
}

/** A student who stops is not silent. */
export const keepStop = (scene: Pick<Scene, "tx">, studentId: string, at: Date): Promise<void> => closeSilence(scene.tx, studentId, "stopped", at)
