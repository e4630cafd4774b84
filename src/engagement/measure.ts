// Decides what each group and site came to in a week, from one kept row a student; their letters are read only where the sums do not say it.
// Refuses to know whom that brings up.
import {
  countSiteWeeks,
  type GroupRow,
  historiesOf,
  keepSiteWeeks,
  type Least,
  type SiteSum,
  type SiteWeek,
  siteWeeks,
  stillOpen,
  sumsAt,
  takeOut,
  type Worth,
} from "../../db/queries/engagement-sweep.ts"
import type { Scene } from "../deps.ts"
import { missesNeeded } from "./detect.ts"
import { groupQuiet, groupRate, rateOf, tallies } from "./group-rate.ts"
import { weekAt } from "./history.ts"
import type { Measure } from "./judge-group.ts"

type Measured = Measure & { groupId: string; siteId: string }

// Ten weeks hold six with a chance even around a long break.
const netSpan = 10
const rateSpan = 6
// Some ten thousand histories at a time, however large the school.
const groupsAtOnce = 500
// A group that answers more, and has started, makes no notice by itself: `missesNeeded` and `groupNeverStarted` have the last word on the others.
const leastWorth = { rated: 0.4, neverStarted: 0.25 }

/** The groups of these sites that can bring anything up at the end of `week`, and the students who may be news in it. */
type Measuring = { groups: Measured[]; studentIds: string[] }

/**
 * Of the groups that had a question closed, those in which somebody may come up or has an open note, and those that can make a notice by their own sums. First
 * the net under the calendar: where a whole site was quiet, its misses of the week are taken out, and everything is read again.
 */
export async function measureGroups(
  scene: Pick<Scene, "tx" | "schoolId" | "now">,
  week: string,
  siteIds: readonly string[],
  groupIds: ReadonlySet<string>,
  least: Least,
  worth: Worth = leastWorth,
): Promise<Measuring> {
  const { tx, now } = scene
  const open = await stillOpen(tx, week, now)
  const measure = () => sumsAt(tx, siteIds, week, open, least, worth)
  let counted = await measure()
  const quietWhole = await quietSites(scene, week, siteIds, counted.sites)
  for (const siteId of quietWhole) await takeOut(tx, siteId, week, open)
  if (quietWhole.length > 0) counted = await measure()
  const found = counted.groups.filter(({ groupId }) => groupIds.has(groupId))

  const unsaid = (row: GroupRow): boolean => row.netted || missesNeeded(rateOf(row.members, row)) === null
  const read = await readGroups(scene, week, found.filter(unsaid))
  const groups = found.map((row): Measured => {
    const { groupId, siteId, asked, neverStarted, answeredNow, chancesNow } = row
    const { rate, promptWeeks } = read.get(groupId) ?? { rate: rateOf(row.members, row), promptWeeks: rateSpan }
    return { groupId, siteId, rate, promptWeeks, asked, neverStarted, answeredThisWeek: answeredNow, size: chancesNow }
  })
  return { groups, studentIds: counted.studentIds }
}

/** Keeps how the week closed at each site, and says which of them was quiet in it. */
async function quietSites(
  { tx, schoolId }: Pick<Scene, "tx" | "schoolId">,
  week: string,
  siteIds: readonly string[],
  sums: readonly SiteSum[],
): Promise<string[]> {
  const earlier = Array.from({ length: netSpan - 1 }, (_, i) => weekAt(week, i + 1 - netSpan))
  let kept = await siteWeeks(tx, siteIds, earlier)
  if (kept.length < siteIds.length * earlier.length) {
    await countSiteWeeks(tx, siteIds, earlier)
    kept = await siteWeeks(tx, siteIds, earlier)
  }
  const before = Map.groupBy(kept, ({ siteId }) => siteId)
  const closed = new Map(sums.map((sum) => [sum.siteId, sum]))
  const now = siteIds.map((siteId): SiteWeek => ({ answered: 0, chances: 0, ...closed.get(siteId), siteId, week }))
  await keepSiteWeeks(tx, schoolId, now)
  return now.filter((site) => groupQuiet([...(before.get(site.siteId) ?? []), site])).map(({ siteId }) => siteId)
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
