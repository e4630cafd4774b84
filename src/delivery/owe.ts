import { oweDeliveries } from "../../db/queries/delivery-owe.ts"
import type { Scene } from "../deps.ts"
import type { Owed } from "./owed.ts"

/** Owes messages in the scene's transaction, each once by its dedupe key; their lanes are woken after the commit. */
export async function owe(scene: Pick<Scene, "tx" | "schoolId" | "deps" | "settings" | "woken">, ...owed: readonly Owed[]): Promise<void> {
  scene.woken.push(...(await oweDeliveries(scene, owed)))
}
