// How an advisor's whole group did, week by week: counts of many, so that nobody in it can be told apart.
// Refuses to show a group, or a week, of fewer than five.
import { advisoryWeeks } from "../../db/queries/outreach-group.ts"
import { calendarOf } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { weekAt, weekIndex } from "../engagement/history.ts"
import { cut, limits } from "../platform/limits.ts"
import type { Trend } from "../platform/message.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"
import { shortDay, weeksSoFar } from "./weeks.ts"

// Below this, one student is a fifth of the bar.
const smallest = 5

/** The advisor's own group over this term; null where there is none to show yet. A skip is an answer, as students are told. */
export async function groupWeeks(
  { tx, now }: Pick<Scene, "tx" | "now">,
  advisor: { personId: string; siteId: string; zone: string; language: Language },
): Promise<Trend | null> {
  const { language } = advisor
  const today = localDate(now, advisor.zone)
  const { first, last } = weeksSoFar(today, await calendarOf(tx, advisor.siteId))
  const weeks = await advisoryWeeks(tx, { id: advisor.personId, day: today }, { first, last }, smallest)
  const latest = weeks.at(-1)
  if (!latest) return null
  const byWeek = new Map(weeks.map(({ week, answered, chances }) => [week, answered / chances]))
  const points = Array.from({ length: weekIndex(first, last) + 1 }, (_, i) => weekAt(first, i)).map((week) => ({
    label: shortDay(week, language),
    value: byWeek.get(week) ?? null,
  }))
  const group = cut(showSafely(latest.group), limits.fact / 4)
  const ago = weekIndex(latest.week, last)
  const key = ago === 0 ? "groupThisWeek" : ago === 1 ? "groupLastWeek" : "groupWeekOf"
  const { answered, chances, week } = latest
  return {
    kind: "trend",
    of: "group",
    title: say(language, "groupTitle", { group }),
    points,
    max: 1,
    sentence: say(language, key, { group, answered, chances, day: formatDay(week, language) }),
    picture: say(language, "groupPicture"),
  }
}
