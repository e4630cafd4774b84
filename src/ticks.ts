// Decides in which order due work is taken up: plan, sweep, then the lanes. Any process may tick at any moment.
// Refuses to know what the work is.
import { type Database, withoutSchool, withSchool } from "../db/client.ts"
import { schoolIds } from "../db/queries/roster-school.ts"
import { dueWakes, nextWake, setWake, takeWake } from "../db/queries/scheduling.ts"
import { settingRows } from "../db/queries/school.ts"
import { workspaceRows } from "../db/queries/workspaces.ts"
import { type LaneCount, type LaneDeps, type Letters, runLane } from "./delivery/lane.ts"
import type { Deps, Scene } from "./deps.ts"
import type { Workspace } from "./platform/account.ts"
import { settingsFrom } from "./roster/settings.ts"

/** What the planner and the sweep do for one school, and when they look again. */
export type Chores = Readonly<Record<"plan" | "sweep", (scene: Scene) => Promise<Date>>>
export type TickDeps = Deps & { db: Database }

/** One school's transaction at this moment; lanes it gave work to are woken once it is kept. */
export async function inSchool<T>(deps: TickDeps, schoolId: string, work: (scene: Scene) => Promise<T>): Promise<T> {
  const woken: Workspace[] = []
  const result = await withSchool(deps.db, schoolId, async (tx) => {
    const settings = settingsFrom(await settingRows(tx))
    return work({ deps, tx, schoolId, now: deps.clock.now(), settings, woken })
  })
  if (woken.length > 0) await deps.wakeLanes(woken)
  return result
}

/** Plans or sweeps every school whose time has come. One that fails looks again in a minute, and keeps nobody else waiting. */
export async function tickChore(deps: TickDeps, chores: Chores, kind: "plan" | "sweep"): Promise<number> {
  const now = deps.clock.now()
  const due = await withoutSchool(deps.db, (tx) => dueWakes(tx, now))
  let done = 0
  for (const { schoolId } of due.filter((wake) => wake.kind === kind)) {
    if (!(await withoutSchool(deps.db, (tx) => takeWake(tx, schoolId, kind, now)))) continue
    try {
      const nextAt = await inSchool(deps, schoolId, chores[kind])
      await withoutSchool(deps.db, (tx) => setWake(tx, schoolId, kind, now, nextAt))
      done += 1
    } catch (error) {
      deps.log.error("chore_failed", { schoolId, kind, error })
    }
  }
  return done
}

/** The same by hand, for every school and whatever its wake says. */
export async function choreNow(deps: TickDeps, chores: Chores, kind: "plan" | "sweep"): Promise<void> {
  for (const schoolId of await withoutSchool(deps.db, schoolIds)) await inSchool(deps, schoolId, chores[kind])
}

/** Lanes with something due now. */
export async function dueLanes(deps: Pick<Deps, "db" | "clock">): Promise<{ schoolId: string; workspace: Workspace }[]> {
  const due = await withoutSchool(deps.db, (tx) => dueWakes(tx, deps.clock.now()))
  return due.flatMap(({ kind, schoolId, platform, tenant }) =>
    kind === "lane" && platform !== "" ? [{ schoolId, workspace: { platform, tenant } }] : [],
  )
}

/** Runs one workspace's lane, for its job. */
export async function workLane(deps: LaneDeps, letters: Letters, workspace: Workspace): Promise<LaneCount | null> {
  const rows = await withoutSchool(deps.db, workspaceRows)
  const row = rows.find(({ platform, tenant, paused }) => platform === workspace.platform && tenant === workspace.tenant && paused === null)
  return row ? runLane(deps, letters, row.schoolId, workspace) : null
}

/** Runs every due lane here and now, without jobs. Throws what the first failed one threw, once the others have had their turn. */
export async function deliverDue(deps: LaneDeps, letters: Letters): Promise<LaneCount> {
  const total: LaneCount = { sent: 0, refused: 0, unknown: 0, expired: 0, later: 0 }
  const failed: unknown[] = []
  for (const { schoolId, workspace } of await dueLanes(deps)) {
    try {
      const count = await runLane(deps, letters, schoolId, workspace)
      for (const key of Object.keys(total) as (keyof LaneCount)[]) total[key] += count[key]
    } catch (error) {
      failed.push(error)
    }
  }
  if (failed.length > 0) throw failed[0]
  return total
}

/** When anything next has work; null: never. */
export const nextWork = (deps: Pick<Deps, "db">): Promise<Date | null> => withoutSchool(deps.db, nextWake)
