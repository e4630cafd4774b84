// Decides how replay says why a student's number is in its list: one sentence that a teacher can check against the file by hand.
// Refuses to know odds and the names of levels.
import type { Judgement, Reason } from "./detect.ts"

/** `weekOf`: the recorded week's number behind a history's Monday. */
type Numbered = { week: number; weekOf: (monday: string) => number }

const list = new Intl.ListFormat("en-GB", { type: "conjunction" })
const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`
const weeks = (numbers: readonly number[]): string => `${numbers.length === 1 ? "week" : "weeks"} ${list.format(numbers.map(String))}`

/** Two misses: to be kept in view, and no alert. */
export const quietSentence = ({ misses, since }: Extract<Judgement, { kind: "quiet" }>, { week, weekOf }: Numbered): string =>
  `Has not answered since week ${weekOf(since)}: ${count(misses, "chance")} by the end of week ${week}.`

export function alertSentence(reason: Reason, { week, weekOf }: Numbered): string {
  const { group, missed } = reason
  const numbers = missed.map(weekOf)
  const beside = `while ${group.answeredThisWeek} of ${group.size} in the course answered in week ${week}`
  switch (reason.kind) {
    case "never_started":
      return `Has not answered yet: ${count(numbers.length, "chance")}, in ${weeks(numbers)}, ${beside}.`
    case "silence": {
      const left = reason.groupQuiet.map(weekOf)
      const uncounted = left.length === 0 ? "" : `; not counted: ${weeks(left)}, when the whole course was quiet`
      const first = `Has not answered since week ${weekOf(reason.since)}: ${count(numbers.length, "chance")}, in ${weeks(numbers)}, ${beside}`
      const { lately } = reason
      const rarely = lately ? `, and ${lately.missed} of the last ${lately.chances} chances were missed` : ""
      return `${first}${rarely}${assignmentsSentence(reason, weekOf)}${uncounted}.`
    }
    default:
      return reason satisfies never
  }
}

function assignmentsSentence({ signals }: Extract<Reason, { kind: "silence" }>, weekOf: Numbered["weekOf"]): string {
  if (!signals) return ""
  const { present, absent } = signals
  const known = present.length + absent.length
  if (known === 0) return ""
  if (absent.length === 0)
    return known === 1 ? ", though what was due was handed in" : `, though what was due was handed in each of the last ${known} times`
  const share = known === 1 ? "" : ` (${absent.length} of the last ${known} times)`
  return `, and what was due in ${weeks(absent.map(weekOf))} was not handed in${share}`
}
