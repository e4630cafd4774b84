// Decides how accounts that were met and are nobody's yet are asked about again: one by one, as fast as the vendor lets us, each night and after
// an import. Refuses to know who is linked to whom, and to forget anybody who is still there.
import { withSchool } from "../../db/client.ts"
import { newcomers, takeNewcomers } from "../../db/queries/roster-newcomers.ts"
import { retryAfter } from "../delivery/outcome.ts"
import type { Deps } from "../deps.ts"
import type { Account, Profile, Workspace } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import type { Platform } from "../platform/platform.ts"
import { type Going, goesOn } from "./open-conversations.ts"

type Reading = {
  deps: Pick<Deps, "db" | "clock" | "log"> & { sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void> }
  platform: Platform
  schoolId: string
  workspace: Workspace
  /** Links who can be linked. Null where the workspace is no longer this school's. */
  take: (profiles: readonly Profile[]) => Promise<unknown>
}

const pageSize = 100
const restMostMs = 60_000
// A vendor that stays busy for so long is left alone until the next run.
const busyMost = 10

/** False where it was ended early. Throws `DeliveryFailure` where the vendor refuses the whole workspace. */
export async function readNewcomers(reading: Reading, going: Going): Promise<boolean> {
  const { deps, schoolId, workspace } = reading
  for (let after = ""; ; ) {
    const users = await withSchool(deps.db, schoolId, (tx) => newcomers(tx, workspace, after, pageSize))
    const found: Profile[] = []
    for (const user of users) {
      if (!(await goesOn(going))) return false
      const profile = await asked(reading, { ...workspace, user }, going)
      if (profile === "busy") return true
      if (profile === "gone") await withSchool(deps.db, schoolId, (tx) => takeNewcomers(tx, workspace, [user]))
      else if (profile !== null) found.push(profile)
      after = user
    }
    if (found.length > 0 && (await reading.take(found)) === null) return false
    if (users.length < pageSize) return true
  }
}

/** Null: not known now. Where a conversation was met in another process it is opened anew, which says nothing to anybody. */
async function asked({ deps, platform }: Reading, account: Account, going: Going): Promise<Profile | "gone" | "busy" | null> {
  for (let busy = 0; ; busy++) {
    try {
      await platform.reach(account)
      return await platform.profile(account)
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error
      const { failure } = error
      switch (failure.reason) {
        case "busy":
          if (busy >= busyMost || going.signal?.aborted) return "busy"
          await deps.sleep(Math.min(restMostMs, retryAfter(failure.retryAfterMs)), going.signal)
          break
        case "unreachable":
          return "gone"
        case "denied":
          throw error
        case "invalid":
        case "uncertain":
          deps.log.warn("newcomer_not_asked", { platform: account.platform, reason: failure.reason, code: failure.detail })
          return null
        default:
          return failure satisfies never
      }
    }
  }
}
