// What the parts of a lane share: what they are handed, what they count, and how many calls may be in flight.
import { withSchool } from "../../db/client.ts"
import { settingRows } from "../../db/queries/school.ts"
import type { Deps, Letter } from "../deps.ts"
import type { Workspace } from "../platform/account.ts"
import type { Platform } from "../platform/platform.ts"
import { settingsFrom } from "../roster/settings.ts"
import type { DeliveryKind } from "./owed.ts"
import { pause } from "./pause.ts"

export type Letters = Readonly<Record<DeliveryKind, Letter>>
export type LaneDeps = Pick<Deps, "db" | "clock" | "ids" | "words" | "prompts" | "platforms" | "log" | "wakeLanes">
export type LaneCount = { sent: number; refused: number; unknown: number; expired: number; later: number }

/** One workspace's lane while it runs; it counts as it goes. */
export type Lane = { deps: LaneDeps; platform: Platform; schoolId: string; workspace: Workspace; count: LaneCount }

const atOnce = 8

/** At most eight calls in flight. */
export async function inParallel<In, Out>(list: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = []
  let next = 0
  const worker = async () => {
    for (let i = next++; i < list.length; i = next++) {
      const one = list[i]
      if (one !== undefined) results.push(await work(one))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker))
  return results
}

/** The vendor refuses the whole workspace: its rows are kept until somebody connects it again. */
export async function restWorkspace({ deps, schoolId, workspace }: Lane, code: string): Promise<void> {
  const woken: Workspace[] = []
  const paused = await withSchool(deps.db, schoolId, async (tx) =>
    pause({ deps, tx, schoolId, now: deps.clock.now(), settings: settingsFrom(await settingRows(tx)), woken }, workspace, code),
  )
  if (paused) deps.log.error("workspace_paused", { platform: workspace.platform, code })
  if (woken.length > 0) await deps.wakeLanes(woken)
}
