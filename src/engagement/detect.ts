// Decides who has gone quiet, from counted misses of real chances alone, in steps a teacher can check by hand.
// Refuses to know names, words, moods and anything that happened after the week it judges.
import { engaged, type History, markOf, weekAt, weekIndex } from "./history.ts"

type Level = "alert" | "long"

/** `since` is the Monday of the week in which the student last answered or skipped; `rarely`: it is an alert because that was the one answer of eight chances. */
export type Judgement =
  | { kind: "fine" }
  | { kind: "quiet"; misses: number; since: string }
  | { kind: "alert"; level: Level; misses: number; needed: number; since: string; rarely?: true }
  | { kind: "never_started"; chances: number }

/**
 * What a second source knows of the same weeks (attendance, assignments): "p" was there, "x" was not though it was due, "." nothing known.
 * `start` is a Monday, as in a history, and need not be the same one. Letters may be corrected later: an assignment that comes in late is "p".
 */
export type Signals = { start: string; weeks: string }

/** The group a student is measured by: `rate` as `groupRate` gives it, and this week's replies for the sentence. */
export type Group = { rate: number | null; answeredThisWeek: number; size: number }

const quietAt = 2
const alertAt = 3
/** From so many on a silence is a long one: long known. */
export const longAt = 5
const neverStartedAt = 2
/** How many misses sooner a second source can make an alert. */
const soonerAtMost = 2
/** One answer among so many chances is no new beginning: who then misses again is named at once. */
const rarely = { chances: 8, answers: 1 } as const
/** Misses behind a break that are taken like any others. One alone is the week in which everybody finds back. */
const straightAfterBreak = 2
/**
 * Fewer counted misses than these never make an alert: what a sweep may leave unread. `rarely`: of those who answered no more than `answers` times in the
 * last `weeks` weeks that were kept.
 */
export const leastMisses = {
  ...{ alone: alertAt, withSignals: alertAt - soonerAtMost, neverStarted: neverStartedAt },
  rarely: { misses: 1, answers: rarely.answers, weeks: rarely.chances },
} as const
const weeksBetweenAlerts = 3
/** Known weeks of a second source that count: two months of attendance, most of a course's assignments. */
const signalsRead = 8
/** Weeks: what a second source last knew longer ago says nothing of this silence. */
const signalsFresh = 10
const waitWhenPresent = 5
type Run = { misses: readonly number[]; last: number | null }

/** The counted misses after the last answer or skip, latest first, as indexes into the history; nothing after `upTo` is read. */
function silence(history: History, upTo: number): Run {
  const misses: number[] = []
  for (let index = Math.min(upTo, history.weeks.length - 1); index >= 0; index--) {
    const mark = markOf(history, index)
    if (engaged(mark)) return { misses, last: index }
    if (mark === "m") misses.push(index)
  }
  return { misses, last: null }
}

/** Whether a week that was not counted lies in this silence, with no more than one miss behind it. */
function justAfterBreak(history: History, { misses, last }: Run): boolean {
  const [latest] = misses
  if (latest === undefined || last === null) return false
  let straight = 0
  for (let index = latest; index > last && markOf(history, index) === "m"; index--) straight++
  return straight < misses.length && straight < straightAfterBreak
}

/** How many of the last eight chances up to a week were missed, where there were eight; a chance that is ours or was taken out is none. */
function missedLately(history: History, upTo: number): { missed: number; chances: number } | null {
  const lately = { missed: 0, chances: 0 }
  for (let index = Math.min(upTo, history.weeks.length - 1); index >= 0 && lately.chances < rarely.chances; index--) {
    const mark = markOf(history, index)
    if (mark === "m") lately.missed++
    if (engaged(mark) || mark === "m") lately.chances++
  }
  return lately.chances === rarely.chances ? lately : null
}

/** How many counted misses make an alert where nothing but replies is known. Null under 40%: name nobody, say once that the prompts do not work. */
export function missesNeeded(rate: number | null): number | null {
  if (rate === null || rate >= 0.55) return alertAt
  if (rate >= 0.45) return 4
  return rate >= 0.4 ? 5 : null
}

type Weeks = { history: History; week: string; signals?: Signals | null }

/** The last weeks, up to and including `week`, of which the second source knows anything; oldest first. */
function knownWeeks({ week, signals }: Weeks): { present: string[]; absent: string[] } {
  const known: { present: string[]; absent: string[] } = { present: [], absent: [] }
  if (!signals) return known
  const now = weekIndex(signals.start, week)
  const read = (): number => known.present.length + known.absent.length
  for (let index = Math.min(now, signals.weeks.length - 1); index >= 0 && read() < signalsRead; index--) {
    if (read() === 0 && now - index > signalsFresh) break
    const letter = signals.weeks[index]
    if (letter === "p") known.present.unshift(weekAt(signals.start, index))
    if (letter === "x") known.absent.unshift(weekAt(signals.start, index))
  }
  return known
}

/**
 * How many misses make an alert, here and now. Just behind a break it takes one more. A second source moves it, and never stands in for a reply: a student
 * it never missed is in somebody's sight, so wait; one it missed for over a third of the weeks it knows is named one miss sooner, for two thirds two sooner,
 * break or not. One answer in eight chances starts no new count.
 */
function neededNow(usual: number, { history, week, signals, run }: Weeks & { run: Run }): { needed: number; rarely: boolean } {
  const { present, absent } = knownWeeks({ history, week, signals: signals ?? null })
  const known = present.length + absent.length
  const counted = usual + (justAfterBreak(history, run) ? 1 : 0)
  if (known > 0 && absent.length === 0) return { needed: counted + waitWhenPresent, rarely: false }
  const needed = absent.length * 3 <= known ? counted : usual - (absent.length * 3 >= known * 2 ? soonerAtMost : 1)
  const lately = usual > alertAt || run.misses.length >= needed ? null : missedLately(history, weekIndex(history.start, week))
  const answers = lately === null ? Number.POSITIVE_INFINITY : lately.chances - lately.missed
  return answers <= rarely.answers ? { needed: leastMisses.rarely.misses, rarely: true } : { needed, rarely: false }
}

/** What one student's history says at the end of `week`. Blanking any later week changes nothing. */
export function judge({ history, group, week, signals = null }: Weeks & { group: Group }): Judgement {
  const usual = missesNeeded(group.rate)
  if (usual === null) return { kind: "fine" }
  const run = silence(history, weekIndex(history.start, week))
  const { last } = run
  const count = run.misses.length
  if (last === null) return count >= neverStartedAt ? { kind: "never_started", chances: count } : { kind: "fine" }
  const since = weekAt(history.start, last)
  const { needed, rarely: rare } = neededNow(usual, { history, week, signals, run })
  if (count >= needed)
    return { kind: "alert", level: count >= longAt ? "long" : "alert", misses: count, needed, since, ...(rare && { rarely: rare }) }
  return count >= quietAt ? { kind: "quiet", misses: count, since } : { kind: "fine" }
}

/** The alert of the same kind that was opened last for this student; `since` as its judgement had it, null for never started. */
export type LastAlert = { openedWeek: string; closedWeek: string | null; since: string | null }

/**
 * One alert per silence: not while one is open, not before the student has been active again, never two within three weeks. And only
 * with a new miss in `week`, the week judged: a break, or a group whose rate moved, never brings a name up by itself.
 */
export function shouldOpen(judgement: Judgement, last: LastAlert | null, { history, week }: Weeks): boolean {
  if (markOf(history, weekIndex(history.start, week)) !== "m") return false
  switch (judgement.kind) {
    case "fine":
    case "quiet":
      return false
    case "never_started":
      return last === null
    case "alert": {
      if (last === null) return true
      const activeAgain = last.since === null || judgement.since > last.since
      return last.closedWeek !== null && activeAgain && weekIndex(last.openedWeek, week) >= weeksBetweenAlerts
    }
    default:
      return judgement satisfies never
  }
}

/** Whether a reply or a skip has ended the silence that the alert was about. */
export function cleared(history: History, since: string | null, week: string): boolean {
  const { last } = silence(history, weekIndex(history.start, week))
  return last !== null && (since === null || weekAt(history.start, last) > since)
}

/** The arithmetic kept with an alert, as JSON: every week that was counted, every week that was not, and the group beside it. */
export type Reason =
  | {
      kind: "silence"
      week: string
      since: string
      needed: number
      missed: string[]
      ours: string[]
      groupQuiet: string[]
      group: Group
      lately?: { missed: number; chances: number }
      signals?: { present: string[]; absent: string[] }
    }
  | { kind: "never_started"; week: string; missed: string[]; group: Group }

/** Null where the judgement is no alert. */
export function reasonFor(judgement: Judgement, { history, group, week, signals = null }: Weeks & { group: Group }): Reason | null {
  const upTo = weekIndex(history.start, week)
  const missed = silence(history, upTo)
    .misses.map((index) => weekAt(history.start, index))
    .reverse()
  switch (judgement.kind) {
    case "fine":
    case "quiet":
      return null
    case "never_started":
      return { kind: "never_started", week, missed, group }
    case "alert": {
      const { since, needed } = judgement
      const first = weekIndex(history.start, since)
      const weeksMarked = (wanted: "u" | "g"): string[] =>
        Array.from({ length: upTo - first }, (_, i) => first + 1 + i)
          .filter((index) => markOf(history, index) === wanted)
          .map((index) => weekAt(history.start, index))
      const lately = judgement.rarely ? missedLately(history, upTo) : null
      const counted = { week, since, needed, missed, ours: weeksMarked("u"), groupQuiet: weeksMarked("g"), group, ...(lately && { lately }) }
      if (!signals) return { kind: "silence", ...counted }
      return { kind: "silence", ...counted, signals: knownWeeks({ history, week, signals }) }
    }
    default:
      return judgement satisfies never
  }
}
