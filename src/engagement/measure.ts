// Decides what each group and site came to in a week, from one kept row a student; their letters are read only where the sums do not say it.
// Refuses to know whom that brings up.
import {
  countSiteWeeks,
  type GroupRow,
  groupsAt,
  historiesOf,
  keepSiteWeeks,
  type SiteWeek,
  siteWeeks,
  stillOpen,
  takeOut,
} from "../../db/queries/engagement-sweep.ts"
import type { Scene } from "../deps.ts"
import { groupQuiet, groupRate, leastMisses, missesNeeded, rateOf, tallies } from "./detect.ts"
import { weekAt } from "./history.ts"
import type { Measure } from "./judge-group.ts"

export type Measured = Measure & { groupId: string; siteId: string }

// Ten weeks hold six with a chance even around a long break.
const netSpan = 10
const rateSpan = 6
// Some ten thousand histories at a time, however large the school.
const groupsAtOnce = 500

/**
 * The groups of these sites that had a question closed, at the end of `week`. First the net under the calendar: where a whole site was quiet, its misses
 * of the week are taken out.
 */
export async function measureGroups(
  scene: Pick<Scene, "tx" | "schoolId" | "now">,
  week: string,
  siteIds: readonly string[],
  groupIds: ReadonlySet<string>,
): Promise<Measured[]> {
  const { tx, now } = scene
  const rowsNow = () => groupsAt(tx, siteIds, week, leastMisses.neverStarted)
  const open = new Set(await stillOpen(tx, week, now))
  const counted = await rowsNow()
  const closed = counted.filter(({ groupId }) => !open.has(groupId))
  const quiet = await quietSites(scene, week, siteIds, closed)
  for (const siteId of quiet) await takeOut(tx, siteId, week, [...open])
  const found = (quiet.length === 0 ? counted : await rowsNow()).filter(({ groupId }) => groupIds.has(groupId))

  const unsaid = (row: GroupRow): boolean => row.netted || missesNeeded(rateOf(row.members, row)) === null
  const read = await readGroups(scene, week, found.filter(unsaid))
  return found.map((row): Measured => {
    const { groupId, siteId, asked, neverStarted, answeredNow, chancesNow } = row
    const { rate, promptWeeks } = read.get(groupId) ?? { rate: rateOf(row.members, row), promptWeeks: rateSpan }
    return { groupId, siteId, rate, promptWeeks, asked, neverStarted, answeredThisWeek: answeredNow, size: chancesNow }
  })
}

/** Keeps how the week closed at each site, and says which of them was quiet in it. */
async function quietSites(
  { tx, schoolId }: Pick<Scene, "tx" | "schoolId">,
  week: string,
  siteIds: readonly string[],
  closed: readonly GroupRow[],
): Promise<string[]> {
  const earlier = Array.from({ length: netSpan - 1 }, (_, i) => weekAt(week, i + 1 - netSpan))
  let kept = await siteWeeks(tx, siteIds, earlier)
  if (kept.length < siteIds.length * earlier.length) {
    await countSiteWeeks(tx, siteIds, earlier)
    kept = await siteWeeks(tx, siteIds, earlier)
  }
  const now = new Map(siteIds.map((siteId): [string, SiteWeek] => [siteId, { siteId, week, answered: 0, chances: 0 }]))
  for (const { siteId, answeredNow, chancesNow } of closed) {
    const site = now.get(siteId)
    if (site) Object.assign(site, { answered: site.answered + answeredNow, chances: site.chances + chancesNow })
  }
  await keepSiteWeeks(tx, schoolId, [...now.values()])
  return [...now.values()].filter((site) => groupQuiet([...kept.filter(({ siteId }) => siteId === site.siteId), site])).map(({ siteId }) => siteId)
}

/** The rate, and the weeks with a chance, of groups that need their letters for it. */
async function readGroups(
  { tx }: Pick<Scene, "tx">,
  week: string,
  groups: readonly GroupRow[],
): Promise<Map<string, Pick<Measure, "rate" | "promptWeeks">>> {
  const found = new Map<string, Pick<Measure, "rate" | "promptWeeks">>()
  for (let from = 0; from < groups.length; from += groupsAtOnce) {
    const histories = Map.groupBy(
      await historiesOf(
        tx,
        groups.slice(from, from + groupsAtOnce).map(({ groupId }) => groupId),
      ),
      ({ groupId }) => groupId,
    )
    for (const [groupId, own] of histories) {
      const promptWeeks = tallies(own, week, rateSpan).filter(({ chances }) => chances > 0).length
      found.set(groupId, { rate: groupRate(own, week), promptWeeks })
    }
  }
  return found
}
