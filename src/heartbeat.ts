// Decides that it is time to look. Refuses to know what is due: it ticks, and keeps no state worth losing.
import { schedule } from "node-cron"
import type { Log } from "./log.ts"

export type Heartbeat = {
  /** No tick begins any more; resolves when the last one has ended. */
  stop(): Promise<void>
}

/** Calls `tick` as often as `every` says (six fields: seconds first), never twice at once: a slow one lets the next pass, and what is due waits for it. */
export function startHeartbeat(tick: () => Promise<void>, log: Log, every = "* * * * *"): Heartbeat {
  let running: Promise<void> | null = null

  async function beat(): Promise<void> {
    try {
      await tick()
    } catch (error) {
      log.error("tick_failed", { error })
    }
  }

  const task = schedule(
    every,
    () => {
      if (running !== null) {
        log.warn("tick_still_running")
        return
      }
      running = beat().finally(() => {
        running = null
      })
    },
    { timezone: "UTC", suppressMissedWarning: true },
  )

  return {
    async stop() {
      await task.destroy()
      await running
    },
  }
}
