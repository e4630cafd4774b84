// Decides whom a week that has closed brings up (`judgeWeek`), and what is opened, brought up to date and closed of it (`noteWeek`).
// Refuses to know how the week was closed, how a silence is judged (detect.ts) and how it is said.
import { closeGroupNotices, lastNotices, type NewAlert, openNew, refreshFacts } from "../../db/queries/engagement-ladder.ts"
import { signalsSince } from "../../db/queries/engagement-signals.ts"
import { keepTold, openNotices, type QuietRow, quietAt, roomToCount } from "../../db/queries/engagement-sweep.ts"
import type { Scene } from "../deps.ts"
import { leastMisses, type Signals } from "./detect.ts"
import { weekIndex } from "./history.ts"
import { judgeGroup, type Member } from "./judge-group.ts"
import { siteDaysOf } from "./ladder.ts"
import { measureGroups } from "./measure.ts"

const weeksBetweenNotices = 3
// What one statement carries as JSON stays at a few megabytes.
const alertsAtOnce = 5_000

const later = (one: string | null, other: string | null): string | null => (one === null || (other !== null && other > one) ? other : one)

const memberOf = (row: QuietRow, signals: Signals | null): Member => ({
  ...{ id: row.studentId, asked: row.asked, history: { start: row.start, weeks: row.weeks }, signals },
  ...{ sinceOn: later(row.lastAnsweredOn, row.lastSkippedOn), lastAnsweredOn: row.lastAnsweredOn },
  last: row.last,
})

/** What a week brings up. `opening`: notes about students; `refreshing`: open ones with this week's arithmetic; `notices`: what holds about groups. */
export type WeekFound = { week: string; opening: NewAlert[]; refreshing: NewAlert[]; notices: NewAlert[] }

/** Judges the groups that had a question of `week` closed, over one kept row a student: a handful of statements, whatever their number. */
export async function judgeWeek(
  scene: Pick<Scene, "tx" | "schoolId" | "now"> & { deps: Pick<Scene["deps"], "ids"> },
  week: string,
  siteIds: readonly string[],
  groupIds: ReadonlySet<string>,
): Promise<WeekFound> {
  const { tx } = scene
  await roomToCount(tx)
  const signals = await signalsSince(tx, week)
  const least = signals === null ? { ...leastMisses, withSignals: leastMisses.alone } : leastMisses
  const { groups, studentIds } = await measureGroups(scene, week, siteIds, groupIds, least)
  const quiet = await quietAt(tx, siteIds, week, least, studentIds)
  const known = (await signals?.(quiet.map(({ studentId }) => studentId))) ?? new Map<string, Signals>()
  const members = Map.groupBy(quiet, ({ groupId }) => groupId)

  const all: WeekFound = { week, opening: [], refreshing: [], notices: [] }
  for (const group of groups) {
    const { groupId, siteId } = group
    const own = (members.get(groupId) ?? []).map((row) => memberOf(row, known.get(row.studentId) ?? null))
    const found = judgeGroup(group, own, week)
    const noted = (subjectId: string, one: Pick<NewAlert, "kind" | "level" | "facts">): NewAlert => ({
      ...{ id: scene.deps.ids(), subjectId, siteId, week },
      ...{ kind: one.kind, level: one.level, facts: one.facts },
    })
    all.opening.push(...found.opening.map((one) => noted(one.studentId, one)))
    all.refreshing.push(...found.open.map((one) => noted(one.studentId, one)))
    all.notices.push(...found.notices.map((facts) => noted(groupId, { kind: facts.kind, level: "alert", facts })))
  }
  return all
}

/** Opens and brings up to date what the week brought up, and closes the notices of its groups that no longer hold. */
export async function noteWeek(scene: Scene, { week, opening, refreshing, notices }: WeekFound, groupIds: ReadonlySet<string>): Promise<void> {
  const { tx, schoolId, now } = scene
  const last = await lastNotices(tx, [...new Set(notices.map(({ subjectId }) => subjectId))])
  const isNews = (notice: NewAlert): boolean =>
    !last.some((one) => one.groupId === notice.subjectId && one.kind === notice.kind && weekIndex(one.week, week) < weeksBetweenNotices)
  // Histories before notes, as an answer takes them.
  await keepTold(
    tx,
    schoolId,
    opening.map(({ subjectId }) => subjectId),
  )
  for (const some of inParts([...refreshing, ...notices])) await refreshFacts(tx, some)
  const over = (await openNotices(tx)).filter((groupId) => groupIds.has(groupId))
  if (over.length > 0) await closeGroupNotices(tx, over, notices, now)
  const days = await siteDaysOf(scene)
  for (const some of inParts([...opening, ...notices.filter(isNews)])) await openNew(tx, schoolId, some, days, now)
}

function inParts<T>(all: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < all.length; from += alertsAtOnce) parts.push(all.slice(from, from + alertsAtOnce))
  return parts
}
