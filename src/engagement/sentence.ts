// Decides how a judgement is said to an adult: arithmetic that can be checked by hand, then a kind next step.
// Refuses to know how the judgement was made.
import { Temporal } from "temporal-polyfill"
import { addDays, mondayOf } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { engagementPhrase } from "./phrases.ts"

/**
 * Dates are local, YYYY-MM-DD, `today` too. `since`: the last answer or skip, null where there never was one. `chances`: counted misses, or, never
 * started, questions that arrived. `week`: the Monday of the one that was judged last.
 * `groupSize`: those of the group who had that week's chance; under two, no comparison is made.
 */
export type SilenceFacts = {
  student: string
  since: string | null
  chances: number
  week: string
  today: string
  groupAnswered: number
  groupSize: number
  lastAnsweredOn: string | null
  lastReadOn: string | null
  /** Weeks since then that were not counted: a miss after an answer that nobody had read; a week in which the whole school was quiet. */
  ours?: number
  groupQuiet?: number
  /** Where it is one answer among many chances that brings the name up: of the last `chances`, `missed` were missed. */
  lately?: { missed: number; chances: number }
  /** The last weeks that a second source knows: in so many something was missed, in so many nothing. */
  signals?: { absent: number; present: number }
}

/** "6 March", "6 de marzo". */
const dayOf = (date: string, language: Language): string =>
  Temporal.PlainDate.from(date).toLocaleString(language === "es" ? "es" : "en-GB", { day: "numeric", month: "long" })

function lastAnswer({ lastAnsweredOn, lastReadOn }: SilenceFacts, language: Language): string | null {
  if (lastAnsweredOn === null) return null
  if (lastReadOn === null) return engagementPhrase(language, "last_unread", { answered: dayOf(lastAnsweredOn, language) })
  return engagementPhrase(language, "last_read", { read: dayOf(lastReadOn, language) })
}

/** The group in the one week that was judged last: the student's chances span more weeks than that. Empty where there is nobody to compare with. */
function whileTheGroup({ groupAnswered, groupSize, week, today }: SilenceFacts, language: Language): string {
  if (groupSize < 2) return ""
  const vars = { answered: groupAnswered, size: groupSize }
  if (addDays(week, 7) === mondayOf(today)) return engagementPhrase(language, "group_last_week", vars)
  return engagementPhrase(language, "group_week", { ...vars, week: dayOf(week, language) })
}

/** What a second source says, of the last weeks it knows; and which weeks of the silence were not held against anybody. */
function besides({ ours = 0, groupQuiet = 0, lately, signals }: SilenceFacts, language: Language): string[] {
  return [
    ...(lately ? [engagementPhrase(language, "lately", { answered: lately.chances - lately.missed, chances: lately.chances })] : []),
    ...(signals && signals.absent > 0 ? [engagementPhrase(language, "also_absent", { ...signals, known: signals.absent + signals.present })] : []),
    ...(signals && signals.absent === 0 && signals.present > 0 ? [engagementPhrase(language, "was_present", { known: signals.present })] : []),
    ...(ours > 0 ? [engagementPhrase(language, "ours", { weeks: ours })] : []),
    ...(groupQuiet > 0 ? [engagementPhrase(language, "all_quiet", { weeks: groupQuiet })] : []),
  ]
}

/** Why this student's name is here, in plain sentences that can be checked by hand. */
export function silenceSentence(facts: SilenceFacts, language: Language): string {
  const { student, since, chances, lastAnsweredOn } = facts
  if (since === null) return `${engagementPhrase(language, "never_started", { student, chances })} ${engagementPhrase(language, "hello_in_person")}`
  const skipped = lastAnsweredOn === null || lastAnsweredOn < since
  const key = skipped ? ("silent_since_skip" as const) : ("silent_since" as const)
  const first = engagementPhrase(language, key, { student, since: dayOf(since, language), chances, group: whileTheGroup(facts, language) })
  return [first, ...besides(facts, language), lastAnswer(facts, language), engagementPhrase(language, "hello")]
    .filter((part) => part !== null)
    .join(" ")
}

/** The level as people see it, everywhere: "quiet 5 weeks". Counted weeks. */
export const quietWeeks = (misses: number, language: Language): string => engagementPhrase(language, "quiet_weeks", { weeks: misses })

export type GroupFacts =
  | { kind: "group_dip"; quiet: number; size: number }
  | { kind: "group_never_started"; quiet: number; size: number }
  | { kind: "prompts_not_working"; rate: number; weeks: number }

/** One notice about a group, never a list of its students. `rate` is 0..1 and is said as "31 of 100 questions". */
export function groupSentence(facts: GroupFacts, language: Language): string {
  switch (facts.kind) {
    case "group_dip":
    case "group_never_started":
      return engagementPhrase(language, facts.kind, { quiet: facts.quiet, size: facts.size })
    case "prompts_not_working":
      return engagementPhrase(language, facts.kind, { percent: Math.floor(facts.rate * 100), weeks: facts.weeks })
    default:
      return facts satisfies never
  }
}
