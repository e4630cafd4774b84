// Decides what one group's week brings up: names, or one notice about the group in their place.
// Refuses to know where the weeks were read from, and whom it is told to.
import type { LastOpened } from "../../db/queries/engagement.ts"
import type { AlertKind, StudentFacts } from "./alert.ts"
import {
  type Group,
  groupDip,
  groupNeverStarted,
  groupRate,
  type Judgement,
  judge,
  type LastAlert,
  missesNeeded,
  reasonFor,
  shouldOpen,
} from "./detect.ts"
import { type History, markOf, weekIndex } from "./history.ts"
import type { GroupFacts } from "./sentence.ts"

/** `asked`: consent is there and they have not stopped. `sinceOn`: the local day of their last answer or skip. */
export type Member = {
  id: string
  asked: boolean
  history: History
  sinceOn: string | null
  lastAnsweredOn: string | null
  silence: LastOpened | null
  neverStarted: LastOpened | null
}

type Named = { studentId: string; kind: Extract<AlertKind, "silence" | "never_started">; level: "alert" | "long"; facts: StudentFacts }

/** `opening`: to be opened now. `open`: those that are open already, with this week's arithmetic. `notices`: what holds about the group. */
export type Found = { opening: Named[]; open: Named[]; notices: GroupFacts[] }

const rateSpan = 6
/** One week says too little about prompts to call them not working. */
const leastWeeksOfPrompts = 2

const isChance = (history: History, week: string, back: number): boolean => /[asmg]/.test(markOf(history, weekIndex(history.start, week) - back))

export function judgeGroup(members: readonly Member[], week: string): Found {
  const histories = members.map(({ history }) => history)
  const now = histories.map((history) => markOf(history, weekIndex(history.start, week)))
  const rate = groupRate(histories, week)
  const group: Group = {
    rate,
    answeredThisWeek: now.filter((mark) => mark === "a" || mark === "s").length,
    size: now.filter((mark) => /[asmg]/.test(mark)).length,
  }
  if (rate !== null && missesNeeded(rate) === null) {
    const weeks = Array.from({ length: rateSpan }, (_, back) => back).filter((back) => histories.some((one) => isChance(one, week, back))).length
    return { opening: [], open: [], notices: weeks < leastWeeksOfPrompts ? [] : [{ kind: "prompts_not_working", rate, weeks }] }
  }

  const asked = members.filter((member) => member.asked)
  const judged = asked.map((member) => ({ member, judgement: judge({ history: member.history, group, week }) }))
  const newly = judged.filter(({ member, judgement }) => shouldOpen(judgement, lastOf(member, judgement), { history: member.history, week }))
  const silent = newly.filter(({ judgement }) => judgement.kind === "alert")
  const neverStarted = judged.filter(({ judgement }) => judgement.kind === "never_started")
  const notices: GroupFacts[] = []
  const size = asked.length
  const dip = groupDip({ members: size, newlyAlertable: silent.length })
  if (dip) notices.push({ kind: "group_dip", quiet: silent.length, size })
  const nobodyStarted = groupNeverStarted({ members: size, neverStarted: neverStarted.length })
  if (nobodyStarted) notices.push({ kind: "group_never_started", quiet: neverStarted.length, size })

  const named = (list: readonly { member: Member; judgement: Judgement }[]): Named[] =>
    list.flatMap(({ member, judgement }) => nameOf(member, judgement, group, week) ?? [])
  const opening = newly.filter(({ judgement }) => (judgement.kind === "alert" ? !dip : !nobodyStarted))
  const open = judged.filter(({ member, judgement }) => lastOf(member, judgement)?.closedWeek === null)
  return { opening: named(opening), open: named(open), notices }
}

function lastOf(member: Member, judgement: Judgement): LastAlert | null {
  const row = judgement.kind === "never_started" ? member.neverStarted : member.silence
  return row === null ? null : { openedWeek: row.week, closedWeek: row.state === "closed" ? row.closedWeek : null, since: row.since }
}

function nameOf(member: Member, judgement: Judgement, group: Group, week: string): Named | null {
  const reason = reasonFor(judgement, { history: member.history, group, week })
  if (reason === null) return null
  const started = reason.kind === "silence"
  return {
    studentId: member.id,
    kind: reason.kind,
    level: judgement.kind === "alert" ? judgement.level : "alert",
    facts: { ...reason, sinceOn: started ? member.sinceOn : null, lastAnsweredOn: started ? member.lastAnsweredOn : null },
  }
}
