// Decides how accounts that were met and are nobody's yet are asked about again: one by one, as fast as the vendor lets us, each night and after
// an import. Refuses to know who is linked to whom, and to forget anybody who may still be there, but for whoever was nobody's for a year.
import { withSchool } from "../../db/client.ts"
import { dropNewcomers, moveNewcomer, newcomers, takeNewcomers } from "../../db/queries/roster-newcomers.ts"
import { retryAfter } from "../delivery/outcome.ts"
import type { Deps } from "../deps.ts"
import type { Account, Profile, Workspace } from "../platform/account.ts"
import { DeliveryFailure, type Failure } from "../platform/failure.ts"
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
// A school year: whoever was in no roster of it is not going to be.
const keptForMs = 366 * 86_400_000
const restMostMs = 60_000
// A vendor that stays busy for so long is left alone until the next run.
const busyMost = 10

/** False where it was ended early. Throws `DeliveryFailure` where the vendor refuses the whole workspace. */
export async function readNewcomers(reading: Reading, going: Going): Promise<boolean> {
  const { deps, schoolId, workspace } = reading
  const aYearAgo = new Date(deps.clock.now().getTime() - keptForMs)
  await withSchool(deps.db, schoolId, (tx) => dropNewcomers(tx, workspace, aYearAgo))
  for (let after = ""; ; ) {
    const page = await withSchool(deps.db, schoolId, (tx) => newcomers(tx, workspace, after, pageSize))
    const found: Profile[] = []
    for (const { user, route } of page) {
      if (!(await goesOn(going))) return false
      const profile = await asked(reading, { ...workspace, user }, route, going)
      if (profile === "busy") return true
      if (profile === "gone") await withSchool(deps.db, schoolId, (tx) => takeNewcomers(tx, workspace, [user]))
      else if (profile !== null) found.push(profile)
      after = user
    }
    if (found.length > 0 && (await reading.take(found)) === null) return false
    if (page.length < pageSize) return true
  }
}

/** What a vendor says only of somebody who has not the app: of anything else, one strange night would forget everybody. */
const goneCodes: readonly string[] = ["not_installed", "BotNotInConversationRoster"]

/** Null: not known now. By the route that is kept; where that leads nowhere, their conversation is opened anew, which says nothing to anybody. */
async function asked(reading: Reading, account: Account, route: string | null, going: Going): Promise<Profile | "gone" | "busy" | null> {
  const { deps, platform, schoolId } = reading
  for (let busy = 0; ; busy++) {
    try {
      const profile = route === null ? null : await platform.profile(account, route)
      if (profile !== null) return profile
      const opened = await platform.reach(account)
      if (opened.route !== route) await withSchool(deps.db, schoolId, (tx) => moveNewcomer(tx, account, opened.route))
      return await platform.profile(account, opened.route)
    } catch (error) {
      if (!(error instanceof DeliveryFailure)) throw error
      const { failure } = error
      switch (failure.reason) {
        case "busy":
          if (busy >= busyMost || going.signal?.aborted) return "busy"
          await deps.sleep(Math.min(restMostMs, retryAfter(failure.retryAfterMs)), going.signal)
          break
        case "denied":
          throw error
        case "unreachable":
          if (goneCodes.includes(failure.detail)) return "gone"
          return passedOver(reading, failure)
        case "invalid":
        case "uncertain":
          return passedOver(reading, failure)
        default:
          return failure satisfies never
      }
    }
  }
}

function passedOver({ deps, platform }: Reading, { reason, detail }: Exclude<Failure, { reason: "busy" }>): null {
  deps.log.warn("newcomer_not_asked", { platform: platform.name, reason, code: detail })
  return null
}
