// Decides how lanes are woken and spread over processes: pg-boss, one job a workspace.
// Refuses to know what a lane does; timers are due rows, never jobs.
import { PgBoss } from "pg-boss"
import type { Log } from "./log.ts"
import type { Workspace } from "./platform/account.ts"

const queue = "lane"

// A killed worker's job is seen dead after 10 s and run again within 15: with the defaults of one minute it took 60.
const supervision = { superviseIntervalSeconds: 5, monitorIntervalSeconds: 5 }
// `stately` keeps one wake-up waiting beside the one at work; `exclusive` would refuse and lose it.
const lanePolicy = { policy: "stately", heartbeatSeconds: 10, retryLimit: 5, expireInSeconds: 900, deleteAfterSeconds: 3_600 } as const

/** Brings pg-boss's own schema and queue into the database, once, with the owner's rights; processes then run with the app's. */
export async function prepareJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 1, supervise: false, schedule: false })
  boss.on("error", () => {})
  await boss.start()
  try {
    if ((await boss.getQueue(queue)) === null) await boss.createQueue(queue, lanePolicy)
    await boss.getDb().executeSql(`grant usage on schema pgboss to rapport_app`)
    await boss.getDb().executeSql(`grant select, insert, update, delete on all tables in schema pgboss to rapport_app`)
    await boss.getDb().executeSql(`grant execute on all functions in schema pgboss to rapport_app`)
  } finally {
    await boss.stop({ graceful: false, timeout: 1_000 })
  }
}

export type Jobs = {
  /** Wakes the lanes of these workspaces, each once. */
  wake(workspaces: readonly Workspace[]): Promise<void>
  stop(): Promise<void>
}

const keyOf = (workspace: Workspace): string => `${workspace.platform}/${workspace.tenant}`

/** A lane that fails is seen in the log; pg-boss runs it again a few times, and the next tick after that, for as long as something is due. */
async function tried(work: (workspace: Workspace) => Promise<void>, workspace: Workspace, log: Log): Promise<void> {
  try {
    await work(workspace)
  } catch (error) {
    log.error("lane_failed", { platform: workspace.platform, error })
    throw error
  }
}

/** `work` null: this process wakes lanes and runs none. */
export async function startJobs(options: { url: string; work: ((workspace: Workspace) => Promise<void>) | null; log: Log }): Promise<Jobs> {
  const { work, log } = options
  const boss = new PgBoss({
    connectionString: options.url,
    options: "-c role=rapport_app",
    max: 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: work !== null,
    ...supervision,
  })
  boss.on("error", (error) => log.error("jobs_failed", { error }))
  await boss.start()
  const worker =
    work === null
      ? null
      : await boss.work<Workspace>(queue, { pollingIntervalSeconds: 0.5, localConcurrency: 4 }, async ([job]) => {
          if (job) await tried(work, job.data, log)
        })
  return {
    async wake(workspaces) {
      const lanes = new Map(workspaces.map((workspace) => [keyOf(workspace), workspace]))
      for (const [key, { platform, tenant }] of lanes) await boss.send(queue, { platform, tenant }, { singletonKey: key })
      if (worker !== null) boss.notifyWorker(worker)
    },
    stop: () => boss.stop({ graceful: true, timeout: 2_500 }),
  }
}
