// Decides whom a week that has closed brings up, and what is opened, brought up to date and closed of it.
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

/** Judges the groups that had a question of `week` closed, over one kept row a student: a handful of statements, whatever their number. */
export async function judgeWeek(scene: Scene, week: string, siteIds: readonly string[], groupIds: ReadonlySet<string>): Promise<void> {
  const { tx, now } = scene
  await roomToCount(tx)
  const measured = await measureGroups(scene, week, siteIds, groupIds)
  const signals = await signalsSince(tx, week)
  const quiet = await quietAt(tx, siteIds, week, signals === null ? { ...leastMisses, withSignals: leastMisses.alone } : leastMisses)
  const known = (await signals?.(quiet.map(({ studentId }) => studentId))) ?? new Map<string, Signals>()
  const members = Map.groupBy(quiet, ({ groupId }) => groupId)

  const opening: NewAlert[] = []
  const refreshing: NewAlert[] = []
  const notices: NewAlert[] = []
  for (const group of measured) {
    const { groupId, siteId } = group
    const own = (members.get(groupId) ?? []).map((row) => memberOf(row, known.get(row.studentId) ?? null))
    const found = judgeGroup(group, own, week)
    const noted = (subjectId: string, one: Pick<NewAlert, "kind" | "level" | "facts">): NewAlert => ({
      ...{ id: scene.deps.ids(), subjectId, siteId, week },
      ...{ kind: one.kind, level: one.level, facts: one.facts },
    })
    opening.push(...found.opening.map((one) => noted(one.studentId, one)))
    refreshing.push(...found.open.map((one) => noted(one.studentId, one)))
    notices.push(...found.notices.map((facts) => noted(groupId, { kind: facts.kind, level: "alert", facts })))
  }
  const told = opening.map(({ subjectId }) => subjectId)
  const last = await lastNotices(tx, [...new Set(notices.map(({ subjectId }) => subjectId))])
  const isNews = (notice: NewAlert): boolean =>
    !last.some((one) => one.groupId === notice.subjectId && one.kind === notice.kind && weekIndex(one.week, week) < weeksBetweenNotices)
  // Histories before notes, as an answer takes them.
  await keepTold(tx, told)
  for (const some of inParts([...refreshing, ...notices])) await refreshFacts(tx, some)
  const over = (await openNotices(tx)).filter((groupId) => groupIds.has(groupId))
  if (over.length > 0) await closeGroupNotices(tx, over, notices, now)
  const days = await siteDaysOf(scene)
  for (const some of inParts([...opening, ...notices.filter(isNews)])) await openNew(tx, scene.schoolId, some, days, now)
}

function inParts<T>(all: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < all.length; from += alertsAtOnce) parts.push(all.slice(from, from + alertsAtOnce))
  return parts
}
