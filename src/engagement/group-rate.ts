// Decides how a group answers, and whether a quiet week is the group's, or the whole school's, and no student's own.
// Refuses to know who is in it, and whom it brings up.
import { longAt } from "./detect.ts"
import { engaged, type History, markOf, weekIndex } from "./history.ts"

/** How a group did in one week: closed chances, and how many of them were answered or skipped. */
export type Tally = { answered: number; chances: number }

/** A class of three has no reply rate: one child is a third of it. The same five as wherever a group is shown. */
const smallestRated = 5
/** Two advisories: at 20, one week in forty looks quiet by chance alone. */
const smallestNet = 40

/** One tally a week for the `span` weeks that end with `week`, oldest first. Misses that are ours are no chances. */
export function tallies(histories: Iterable<History>, week: string, span: number): Tally[] {
  const weeks = Array.from({ length: span }, () => ({ answered: 0, chances: 0 }))
  for (const history of histories) {
    const first = weekIndex(history.start, week) - span + 1
    weeks.forEach((tally, i) => {
      const mark = markOf(history, first + i)
      if (engaged(mark)) tally.answered++
      if (engaged(mark) || mark === "m" || mark === "g") tally.chances++
    })
  }
  return weeks
}

/**
 * The share of the group's closed chances in the last `span` weeks that were answered or skipped. Left out: misses that are ours,
 * weeks the net took out, and what follows the fifth miss of one silence (long known, it says nothing new about the prompts; with it
 * in, each student lost makes the next one noticed later). Null below five students or without a closed chance: nothing is known.
 */
export function groupRate(histories: readonly History[], week: string, span = 6): number | null {
  const weeks = Array.from({ length: span }, () => ({ answered: 0, chances: 0, net: false }))
  for (const history of histories) {
    const upTo = weekIndex(history.start, week)
    let misses = 0
    for (let index = 0; index <= upTo && index < history.weeks.length; index++) {
      const mark = markOf(history, index)
      if (engaged(mark)) misses = 0
      if (mark === "m") misses++
      const tally = weeks[index - upTo + span - 1]
      if (tally === undefined) continue
      if (mark === "g") tally.net = true
      if (engaged(mark)) tally.answered++
      if (engaged(mark) || (mark === "m" && misses <= longAt)) tally.chances++
    }
  }
  const counted = weeks.filter((tally) => !tally.net)
  const sum = (of: "answered" | "chances"): number => counted.reduce((total, tally) => total + tally[of], 0)
  return rateOf(histories.length, { answered: sum("answered"), chances: sum("chances") })
}

/** The same from sums that were kept. */
export const rateOf = (members: number, { answered, chances }: Tally): number | null =>
  members < smallestRated || chances === 0 ? null : answered / chances

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2
}

/**
 * The net under the calendar: was the last of these weeks one in which everybody was quiet? Weeks are tallies, oldest first, of the
 * largest group that shares the calendar. Quiet: below 0.85 of the median share of the last six weeks (itself among them), and z < -2.
 */
export function groupQuiet(weeks: readonly Tally[]): boolean {
  const now = weeks.at(-1)
  if (now === undefined || now.chances < smallestNet) return false
  const shares = weeks.filter((tally) => tally.chances > 0).map((tally) => tally.answered / tally.chances)
  const usual = median(shares.slice(-6))
  const share = now.answered / now.chances
  return share < 0.85 * usual && (share - usual) / Math.sqrt((usual * (1 - usual)) / now.chances) < -2
}

/** At least three students, and two in five of the group, came up for an alert in the same week: one notice about the group. */
export const groupDip = ({ members, newlyAlertable }: { members: number; newlyAlertable: number }): boolean =>
  newlyAlertable >= 3 && newlyAlertable * 5 >= members * 2

/** Over a quarter of the group never started: one line about the group. One student alone is always a name. */
export const groupNeverStarted = ({ members, neverStarted }: { members: number; neverStarted: number }): boolean =>
  neverStarted >= 2 && neverStarted * 4 > members
