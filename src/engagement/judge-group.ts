// Decides what one group's week brings up: names, or one notice about the group in their place.
// Refuses to know where the weeks were read from, and whom it is told to.
import type { LastOpened } from "../../db/queries/engagement-sweep.ts"
import type { AlertKind, StudentFacts } from "./alert.ts"
import { type Group, type Judgement, judge, type LastAlert, missesNeeded, reasonFor, type Signals, shouldOpen } from "./detect.ts"
import { groupDip, groupNeverStarted } from "./group-rate.ts"
import type { History } from "./history.ts"
import type { GroupFacts } from "./sentence.ts"

/** A group at the end of a week. `asked`: how many of it are asked at all, `neverStarted` among them; `promptWeeks`: of its last six, those with a chance. */
export type Measure = Group & { asked: number; neverStarted: number; promptWeeks: number }

/**
 * `asked`: consent is there and they have not stopped. `sinceOn`: the local day of their last answer or skip. `last`: of their kind of silence, begun or
 * never started.
 */
export type Member = {
  id: string
  asked: boolean
  history: History
  signals: Signals | null
  sinceOn: string | null
  lastAnsweredOn: string | null
  last: LastOpened | null
}

type Named = { studentId: string; kind: Extract<AlertKind, "silence" | "never_started">; level: "alert" | "long"; facts: StudentFacts }

/** `opening`: to be opened now. `open`: those that are open already, with this week's arithmetic. `notices`: what holds about the group. */
export type Found = { opening: Named[]; open: Named[]; notices: GroupFacts[] }

/** One week says too little about prompts to call them not working. */
const leastWeeksOfPrompts = 2

/** Judges the members whom this week may bring up; all others of the group are in its measure alone. */
export function judgeGroup(measure: Measure, members: readonly Member[], week: string): Found {
  const { rate, answeredThisWeek, size } = measure
  const group: Group = { rate, answeredThisWeek, size }
  if (rate !== null && missesNeeded(rate) === null) {
    const weeks = measure.promptWeeks
    return { opening: [], open: [], notices: weeks < leastWeeksOfPrompts ? [] : [{ kind: "prompts_not_working", rate, weeks }] }
  }

  const judged = members
    .filter((member) => member.asked)
    .map((member) => ({ member, judgement: judge({ history: member.history, group, week, signals: member.signals }) }))
  const newly = judged.filter(({ member, judgement }) => shouldOpen(judgement, lastOf(member), { history: member.history, week }))
  const silent = newly.filter(({ judgement }) => judgement.kind === "alert")
  const notices: GroupFacts[] = []
  const { asked } = measure
  const dip = groupDip({ members: asked, newlyAlertable: silent.length })
  if (dip) notices.push({ kind: "group_dip", quiet: silent.length, size: asked })
  const nobodyStarted = groupNeverStarted({ members: asked, neverStarted: measure.neverStarted })
  if (nobodyStarted) notices.push({ kind: "group_never_started", quiet: measure.neverStarted, size: asked })

  const named = (list: readonly { member: Member; judgement: Judgement }[]): Named[] =>
    list.flatMap(({ member, judgement }) => nameOf(member, judgement, group, week) ?? [])
  const opening = newly.filter(({ judgement }) => (judgement.kind === "alert" ? !dip : !nobodyStarted))
  const open = judged.filter(({ member }) => lastOf(member)?.closedWeek === null)
  return { opening: named(opening), open: named(open), notices }
}

const lastOf = ({ last }: Member): LastAlert | null =>
  last === null ? null : { openedWeek: last.week, closedWeek: last.state === "closed" ? last.closedWeek : null, since: last.since }

function nameOf(member: Member, judgement: Judgement, group: Group, week: string): Named | null {
  const reason = reasonFor(judgement, { history: member.history, group, week, signals: member.signals })
  if (reason === null) return null
  const started = reason.kind === "silence"
  return {
    studentId: member.id,
    kind: reason.kind,
    level: judgement.kind === "alert" ? judgement.level : "alert",
    facts: { ...reason, sinceOn: started ? member.sinceOn : null, lastAnsweredOn: started ? member.lastAnsweredOn : null },
  }
}
