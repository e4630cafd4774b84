// Decides in which order due work is taken up: plan, sweep, then the lanes. Any process may tick at any moment.
// Refuses to know what the work is.
import { type Database, withoutSchool, withSchool } from "../db/client.ts"
import { schoolIds } from "../db/queries/roster-school.ts"
import { dueWakes, nextWake, setWake, takeWake } from "../db/queries/scheduling.ts"
import { settingRows } from "../db/queries/school.ts"
import { workspaceRows } from "../db/queries/workspaces.ts"
import { type LaneCount, type LaneDeps, type Letters, runLane } from "./delivery/lane.ts"
import type { Chore, Deps, Scene } from "./deps.ts"
import type { Workspace } from "./platform/account.ts"
import { settingsFrom } from "./roster/settings.ts"

/** What the planner and the sweep do for one school, in order, each in a transaction of its own: danger's ladder never waits for another's fault. */
export type Chores = Readonly<Record<"plan" | "sweep", readonly Chore[]>>
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

const atLatestMs = 86_400_000

/** Plans or sweeps every school whose time has come. What fails is tried again in a minute, and keeps nothing and nobody else waiting. */
export async function tickChore(deps: TickDeps, chores: Chores, kind: "plan" | "sweep"): Promise<number> {
  const now = deps.clock.now()
  const due = await withoutSchool(deps.db, (tx) => dueWakes(tx, now))
  let done = 0
  for (const { schoolId } of due.filter((wake) => wake.kind === kind)) {
    if (!(await withoutSchool(deps.db, (tx) => takeWake(tx, schoolId, kind, now)))) continue
    let nextAt: Date | null = new Date(now.getTime() + atLatestMs)
    for (const chore of chores[kind]) {
      try {
        const at: Date | null = await inSchool(deps, schoolId, chore)
        if (at !== null && nextAt !== null && at < nextAt) nextAt = at
      } catch (error) {
        deps.log.error("chore_failed", { schoolId, kind, error })
        nextAt = null
      }
    }
    if (nextAt === null) continue
    const at = nextAt
    await withoutSchool(deps.db, (tx) => setWake(tx, schoolId, kind, now, at))
    done += 1
  }
  return done
}

/** The same by hand, for every school and whatever its wake says. */
export async function choreNow(deps: TickDeps, chores: Chores, kind: "plan" | "sweep"): Promise<void> {
  for (const schoolId of await withoutSchool(deps.db, schoolIds)) for (const chore of chores[kind]) await inSchool(deps, schoolId, chore)
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
