// Decides how the direct conversations of linked people are opened: one by one, as fast as the vendor lets us, and no further than it does.
// Refuses to write to anybody.
import { withSchool } from "../../db/client.ts"
import { keepRoute } from "../../db/queries/delivery-lane.ts"
import { markTrouble } from "../../db/queries/people.ts"
import { unopened } from "../../db/queries/roster-enrol.ts"
import { settingRows } from "../../db/queries/school.ts"
import { retryAfter } from "../delivery/outcome.ts"
import type { Deps } from "../deps.ts"
import type { Address, Workspace } from "../platform/account.ts"
import { DeliveryFailure, type Failure } from "../platform/failure.ts"
import type { Platform } from "../platform/platform.ts"
import { settingsFrom } from "./settings.ts"

/** What may end a run early: the process, or a newer run. `hold` says that this one still goes on; false: another has begun. */
export type Going = { signal?: AbortSignal; hold?: () => Promise<boolean> }

export const goesOn = async ({ signal, hold }: Going): Promise<boolean> => signal?.aborted !== true && (hold === undefined || (await hold()))

export type Opening = {
  deps: Pick<Deps, "db" | "clock" | "log"> & { sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void> }
  platform: Platform
  schoolId: string
  workspace: Workspace
  count: { opened: number }
}

const pageSize = 100
// Longer than a vendor's usual minute, and well inside what a run is held for.
const restMostMs = 5 * 60_000
// A vendor that stays busy for so long is left alone: whoever is written to first is reached then.
const busyMost = 10

/** False where it was ended early. Throws `DeliveryFailure` where the vendor refuses the whole workspace. */
export async function openConversations(opening: Opening, going: Going): Promise<boolean> {
  const { deps, schoolId, workspace } = opening
  for (let after = ""; ; ) {
    const users = await withSchool(deps.db, schoolId, async (tx) => {
      const age = workspace.platform === "slack" ? settingsFrom(await settingRows(tx))["slack.minimum_age"] : 0
      return unopened(tx, workspace, age, after, pageSize)
    })
    for (const user of users) {
      const end = await openOne(opening, user, going)
      if (end !== "next") return end === "enough"
      after = user
    }
    if (users.length < pageSize) return true
  }
}

async function openOne({ deps, platform, schoolId, workspace, count }: Opening, user: string, going: Going): Promise<"next" | "enough" | "stopped"> {
  const account = { ...workspace, user }
  for (let busy = 0; ; busy++) {
    if (!(await goesOn(going))) return "stopped"
    const opened = await reach(platform, account)
    if (!("reason" in opened)) {
      await withSchool(deps.db, schoolId, (tx) => keepRoute(tx, workspace, user, opened.route))
      count.opened += 1
      return "next"
    }
    switch (opened.reason) {
      case "busy":
        if (busy >= busyMost) return "enough"
        await deps.sleep(Math.min(restMostMs, retryAfter(opened.retryAfterMs)), going.signal)
        break
      case "unreachable":
        await withSchool(deps.db, schoolId, (tx) => markTrouble(tx, account, opened.detail, deps.clock.now()))
        return "next"
      case "denied":
        throw new DeliveryFailure(opened)
      case "invalid":
      case "uncertain":
        deps.log.warn("conversation_not_opened", { platform: workspace.platform, reason: opened.reason, code: opened.detail })
        return "next"
      default:
        return opened satisfies never
    }
  }
}

async function reach(platform: Platform, account: Address["account"]): Promise<Address | Failure> {
  try {
    return await platform.reach(account)
  } catch (error) {
    if (error instanceof DeliveryFailure) return error.failure
    throw error
  }
}
