// Decides how alerts look wherever they ride along: a brief, a reading list, a home view.
// Refuses to know who is allowed to see them: it is asked for one adult's own, or for the counsellor list.
import { type AlertRow, openAlerts, openAlertsAbout, usefulOfLast } from "../../db/queries/engagement-alerts.ts"
import type { Scene } from "../deps.ts"
import type { HomeOpens } from "../platform/home.ts"
import { type Block, type Button, buttons, note, text } from "../platform/message.ts"
import { type Prose, plain, prose, strong } from "../platform/prose.ts"
import { localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { isAboutStudent } from "./alert.ts"
import { engagementPhrase as say } from "./phrases.ts"
import { groupSentence, quietWeeks, silenceSentence } from "./sentence.ts"

/** Enough closings for a share to mean something, and few enough to be this year's. */
const closingsShown = 30

const capital = (phrase: string): string => phrase.charAt(0).toUpperCase() + phrase.slice(1)

/** One alert in words: checkable facts, then a kind next step. */
export function alertProse(alert: AlertRow, now: Date, language: Language): Prose {
  const { facts, zone } = alert
  switch (facts.kind) {
    case "silence":
    case "never_started": {
      const day = (at: Date | null): string | null => (at === null ? null : localDate(at, zone))
      const sentence = silenceSentence(
        {
          student: showSafely(alert.subjectName),
          since: facts.sinceOn,
          chances: facts.missed.length,
          week: facts.week,
          today: localDate(now, zone),
          groupAnswered: facts.group.answeredThisWeek,
          groupSize: facts.group.size,
          lastAnsweredOn: facts.lastAnsweredOn,
          lastReadOn: day(alert.lastReadAt),
        },
        language,
      )
      if (alert.level !== "long") return plain(sentence)
      return prose`${strong(capital(quietWeeks(facts.missed.length, language)))}. ${sentence}`
    }
    case "group_dip":
    case "group_never_started":
    case "prompts_not_working":
      return prose`${strong(showSafely(alert.subjectName))}: ${groupSentence(facts, language)}`
    default:
      return facts satisfies never
  }
}

function alertButtons(alert: AlertRow, language: Language): Block {
  const snooze: Button = { action: "alert_snooze", id: alert.id, label: say(language, "snooze"), form: true }
  const hello: Button = { action: "hello", id: alert.subjectId, label: say(language, "said_hello"), style: "primary" }
  return buttons(
    ...(isAboutStudent(alert.kind) ? [hello] : []),
    snooze,
    { action: "alert_useful", id: alert.id, label: say(language, "useful") },
    { action: "alert_known", id: alert.id, label: say(language, "known") },
    { action: "alert_false", id: alert.id, label: say(language, "not_so") },
  )
}

/**
 * An adult's open alerts, or with `list: "counsellors"` those that nobody has taken; each a sentence and its buttons. At most `limit` name a
 * student, the rest of those is a number; notices about groups name nobody and are not counted. Empty where there are none. Under them this school's own share of useful ones, once 30 were closed.
 * `home`: how the rest is seen; `here` on the home page itself.
 */
export async function alertBlocks(
  scene: Pick<Scene, "tx" | "now">,
  adultId: string,
  { limit, list = "own", home }: { limit: number; list?: "own" | "counsellors"; home: HomeOpens | "here" },
  language: Language,
): Promise<Block[]> {
  const found = await openAlerts(scene.tx, list === "own" ? adultId : null)
  if (found.length === 0) return []
  const aboutStudents = found.filter(({ kind }) => isAboutStudent(kind))
  const shown = [...aboutStudents.slice(0, limit), ...found.filter(({ kind }) => !isAboutStudent(kind))]
  const blocks = shown.flatMap((alert) => [text(alertProse(alert, scene.now, language)), alertButtons(alert, language)])
  if (found.length > shown.length) blocks.push(note(plain(say(language, "more_alerts", { count: found.length - shown.length, home }))))
  const { useful, closed } = await usefulOfLast(scene.tx, closingsShown)
  if (closed === closingsShown) blocks.push(note(plain(say(language, "useful_of_last", { useful, closed }))))
  return blocks
}

/** What is open about one student, in words alone: for a mentee's page. */
export async function alertsAbout(scene: Pick<Scene, "tx" | "now">, studentId: string, language: Language): Promise<Block[]> {
  return (await openAlertsAbout(scene.tx, studentId)).map((alert) => text(alertProse(alert, scene.now, language)))
}
