// Decides what follows when a vendor refuses a whole workspace: it rests, its rows are kept while they are worth sending, and whoever can
// mend it is told once. Refuses to know why the vendor refuses, beyond its code.
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { expireInPaused, whoMends } from "../../db/queries/delivery-paused.ts"
import { pauseWorkspace } from "../../db/queries/workspaces.ts"
import type { Chore, Scene } from "../deps.ts"
import type { Workspace } from "../platform/account.ts"
import { owe } from "./owe.ts"
import type { Owed } from "./owed.ts"

const toldForMs = 14 * 86_400_000

/** `code` is the vendor's. True for the one call that paused it; that one owes the notices. */
export async function pause(scene: Scene, workspace: Workspace, code: string): Promise<boolean> {
  const { tx, schoolId, now } = scene
  if (!(await pauseWorkspace(tx, workspace, code))) return false
  const { platform, tenant } = workspace
  const since = now.toISOString()
  const notices = (await whoMends(tx)).map((personId): Owed => {
    const dedupeKey = `workspace_paused:${platform}:${tenant}:${since}:${personId}`
    const expiresAt = new Date(now.getTime() + toldForMs)
    return { kind: "workspace_paused", dedupeKey, personId, detail: { platform, tenant, code, since }, dueAt: now, expiresAt }
  })
  await owe(scene, ...notices)
  await wakeBy(tx, schoolId, "sweep", now)
  return true
}

/** A message that waits in a paused workspace until it is too late ends then, not when somebody connects it again. */
export const expirePaused: Chore = ({ tx, now }) => expireInPaused(tx, now)
