// Decides whether a vendor's word that a workspace took us out is still true: it may come late, after the workspace was connected again.
// Refuses to guess: what is in doubt is left to the next call, which the vendor refuses itself.
import { holdWorkspace } from "../../db/queries/tokens.ts"
import { connectedSince } from "../../db/queries/workspaces.ts"
import type { Scene } from "../deps.ts"
import type { Workspace } from "../platform/account.ts"
import { clocksDifferMs } from "../platform/clock.ts"
import { pause } from "./pause.ts"

/** Pauses the workspace, unless it was connected after `at`. */
export async function goodbye(scene: Scene, { workspace, at }: { workspace: Workspace; at: Date }): Promise<void> {
  const { tx, schoolId } = scene
  // Held first: an installation that is under way is seen, or comes after us and ends this pause.
  await holdWorkspace(tx, schoolId, workspace)
  if (!(await connectedSince(tx, workspace, new Date(at.getTime() - clocksDifferMs)))) await pause(scene, workspace, "disconnected")
}
