// Decides, when a week's questions have closed, what each came to, who has gone quiet, and which of that an adult is told.
// Refuses to know how a silence is judged (detect.ts) and how it is said.
import {
  type Closing,
  closeWeek,
  closings,
  type FairClosing,
  type MemberRow,
  markGroupQuiet,
  membersAt,
  nextCloseAt,
} from "../../db/queries/engagement.ts"
import { closeGroupNotices, lastNotices, type NewAlert, openNew, refreshFacts } from "../../db/queries/engagement-ladder.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf } from "../roster/settings.ts"
import type { SchoolCalendar } from "../scheduling/calendar.ts"
import { localDate } from "../scheduling/zone.ts"
import type { AlertKind } from "./alert.ts"
import { fairUntil } from "./chance.ts"
import { groupQuiet, tallies } from "./detect.ts"
import { type History, mark, markOf, weekIndex } from "./history.ts"
import { judgeGroup, type Member } from "./judge-group.ts"
import { siteDaysOf } from "./ladder.ts"

// Ten weeks hold six with a chance even around a long break.
const netSpan = 10
const weeksBetweenNotices = 3

/**
 * Closes every question whose time is up and judges the weeks that are complete by it, oldest first: marks, alerts and notices in the scene's one
 * transaction, so that a crash leaves all of it to the next sweep. Returns when the next question closes.
 */
export async function closeWeeks(scene: Scene): Promise<Date | null> {
  const { tx, now, settings } = scene
  const due = await closings(tx, now)
  if (due.length > 0) {
    const known = await calendars(tx)
    const hours = hoursOf(settings)
    for (const week of [...new Set(due.map((one) => one.week))]) {
      const closing = due.filter((one) => one.week === week)
      const groups = await closeWeek(tx, week, fairOf(closing, known, hours), now)
      await judgeWeek(scene, week, new Set(closing.map((one) => one.siteId)), new Set(groups))
    }
  }
  return nextCloseAt(tx)
}

const fairOf = (closing: readonly Closing[], known: ReadonlyMap<string, SchoolCalendar>, hours: Parameters<typeof fairUntil>[2]): FairClosing[] =>
  closing.flatMap((one) => {
    const calendar = known.get(one.siteId)
    return calendar ? [{ ...one, closeDate: localDate(one.closesAt, calendar.zone), fairUntil: fairUntil(one.closesAt, calendar, hours) }] : []
  })

/** A student about whom nothing was ever said has had no chance: not one of the group as far as counting goes. */
const historyOf = ({ start, weeks }: MemberRow): History[] => (start === null || weeks === null ? [] : [{ start, weeks }])

const later = (one: string | null, other: string | null): string | null => (one === null || (other !== null && other > one) ? other : one)

/** Judges the groups that had a question closed, over rows loaded once for their sites. */
async function judgeWeek(scene: Scene, week: string, siteIds: ReadonlySet<string>, groupIds: ReadonlySet<string>): Promise<void> {
  const { tx, now } = scene
  const members = (await membersAt(tx, [...siteIds], week, now)).flatMap((row) => historyOf(row).map((history) => ({ row, history })))
  for (const siteId of siteIds)
    await takeOutQuietWeek(
      scene,
      week,
      members.filter(({ row }) => row.siteId === siteId),
    )

  const opening: NewAlert[] = []
  const refreshing: NewAlert[] = []
  const holding: { subjectId: string; kind: AlertKind }[] = []
  const told = await lastNotices(tx, [...groupIds])
  for (const groupId of groupIds) {
    const own = members.filter(({ row }) => row.groupId === groupId)
    const siteId = own[0]?.row.siteId
    if (siteId === undefined) continue
    const found = judgeGroup(
      own.map(
        ({ row, history }): Member => ({
          id: row.studentId,
          asked: row.asked,
          history,
          sinceOn: later(row.lastAnsweredOn, row.lastSkippedOn),
          lastAnsweredOn: row.lastAnsweredOn,
          silence: row.silence,
          neverStarted: row.neverStarted,
        }),
      ),
      week,
    )
    const noted = (subjectId: string, one: Pick<NewAlert, "kind" | "level" | "facts">): NewAlert => ({
      ...{ id: scene.deps.ids(), subjectId, siteId, week },
      ...{ kind: one.kind, level: one.level, facts: one.facts },
    })
    opening.push(...found.opening.map((one) => noted(one.studentId, one)))
    refreshing.push(...found.open.map((one) => noted(one.studentId, one)))
    for (const facts of found.notices) {
      const notice = noted(groupId, { kind: facts.kind, level: "alert", facts })
      holding.push(notice)
      refreshing.push(notice)
      const last = told.find((one) => one.groupId === groupId && one.kind === facts.kind)
      if (!last || weekIndex(last.week, week) >= weeksBetweenNotices) opening.push(notice)
    }
  }
  await refreshFacts(tx, refreshing)
  await closeGroupNotices(tx, [...groupIds], holding, now)
  await openNew(tx, scene.schoolId, opening, await siteDaysOf(scene), now)
}

/** The net under the calendar: where a whole site was quiet, its misses of that week are taken out, in the rows and in what was loaded. */
async function takeOutQuietWeek(scene: Scene, week: string, site: { row: MemberRow; history: History }[]): Promise<void> {
  const closed = site.filter(({ row }) => row.closed)
  if (
    !groupQuiet(
      tallies(
        closed.map(({ history }) => history),
        week,
        netSpan,
      ),
    )
  )
    return
  const missed = closed.filter(({ history }) => markOf(history, weekIndex(history.start, week)) === "m")
  for (const one of missed) one.history = mark(one.history, week, "g")
  await markGroupQuiet(
    scene.tx,
    scene.schoolId,
    week,
    missed.map(({ row }) => row.studentId),
  )
}
