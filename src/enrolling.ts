// Decides how who is who is read in the background of a process: workspaces when their time has come, single accounts when they write.
// Refuses to know any vendor, and to keep anybody waiting.
import { setTimeout as rest } from "node:timers/promises"
import type { Account } from "./platform/account.ts"
import type { EnrolDeps } from "./roster/enrol.ts"
import { dueEnrolments, openLookUp, runEnrolment } from "./roster/enrolments.ts"

export type Enrolling = {
  lookUp: (account: Account) => void
  /** Begins what is due and is not under way here; returns at once. */
  begin(): Promise<void>
  stop(): Promise<void>
}

export function openEnrolling(given: Omit<EnrolDeps, "sleep">): Enrolling {
  const stopping = new AbortController()
  const sleep = (ms: number, signal: AbortSignal | undefined) => rest(ms, undefined, { ...(signal ? { signal } : {}) }).catch(() => undefined)
  const deps: EnrolDeps = { ...given, sleep }
  const { lookUp, settled } = openLookUp(deps, stopping.signal)
  const running = new Map<string, Promise<unknown>>()
  return {
    lookUp,
    async begin() {
      for (const due of await dueEnrolments(deps)) {
        const name = `${due.workspace.platform}/${due.workspace.tenant}`
        if (running.has(name) || stopping.signal.aborted) continue
        const run = runEnrolment(deps, due, stopping.signal)
          .catch((error: unknown) => deps.log.error("enrolment_failed", { platform: due.workspace.platform, error }))
          .finally(() => running.delete(name))
        running.set(name, run)
      }
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled([...running.values(), settled()])
    },
  }
}
