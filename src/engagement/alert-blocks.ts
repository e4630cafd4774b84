// Decides how alerts look wherever they ride along: a brief, a reading list, a home view.
// Refuses to know who is allowed to see them: it is asked for one adult's own, or for the counsellor list; whom words about danger name sees none.
import { type AlertRow, openAlerts, openAlertsAbout, usefulOfLast } from "../../db/queries/engagement-alerts.ts"
import { hasNotes } from "../../db/queries/engagement-notes.ts"
import type { Scene } from "../deps.ts"
import type { HomeOpens } from "../platform/home.ts"
import { type Block, type Button, buttons, note, text } from "../platform/message.ts"
import { type Prose, plain, prose, strong } from "../platform/prose.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { type AlertFacts, isAboutStudent } from "./alert.ts"
import { engagementPhrase as say } from "./phrases.ts"
import { groupSentence, quietWeeks, type SilenceFacts, silenceSentence } from "./sentence.ts"

/** Enough closings for a share to mean something, and few enough to be this year's. */
const closingsShown = 30
/** Of notices about groups: a message holds 45 blocks. */
const noticesMost = 2

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
          ...(facts.kind === "silence" ? notCounted(facts) : {}),
        },
        language,
      )
      if (alert.level !== "long") return plain(sentence)
      return prose`${strong(capital(quietWeeks(facts.missed.length, language)))}. ${sentence}`
    }
    case "raised": {
      const vars = { about: showSafely(alert.subjectName), adults: listed(alert.raisedBy, language), day: formatDay(facts.on, language) }
      return plain(say(language, "noticed", vars))
    }
    case "group_dip":
    case "group_never_started":
    case "prompts_not_working":
      return prose`${strong(showSafely(alert.subjectName))}: ${groupSentence(facts, language)}`
    default:
      return facts satisfies never
  }
}

const notCounted = ({
  ours,
  groupQuiet,
  lately,
  signals,
}: Extract<AlertFacts, { kind: "silence" }>): Pick<SilenceFacts, "ours" | "groupQuiet" | "lately" | "signals"> => ({
  ours: ours.length,
  groupQuiet: groupQuiet.length,
  ...(lately ? { lately } : {}),
  ...(signals ? { signals: { absent: signals.absent.length, present: signals.present.length } } : {}),
})

const listed = (names: readonly string[], language: Language): string => new Intl.ListFormat(language).format(names.map(showSafely))

/** Who gave it to whom, and who is on it, as far as the reader does not know. */
function standing(alert: AlertRow, readerId: string, language: Language): Block[] {
  const day = (at: Date): string => formatDay(localDate(at, alert.zone), language)
  const own = alert.ownerId === readerId ? "you" : "other"
  const adult = showSafely(alert.ownerName ?? "")
  const lines = [
    ...(alert.handedAt !== null && alert.handedByName !== null
      ? [say(language, "handed_by", { own, adult, by: showSafely(alert.handedByName), day: day(alert.handedAt) })]
      : []),
    ...(alert.acknowledgedAt === null ? [] : [say(language, "on_it", { own, adult, day: day(alert.acknowledgedAt) })]),
  ]
  return lines.length === 0 ? [] : [note(plain(lines.join(" ")))]
}

/**
 * A hello is the next step; the rest is out of the way. Whoever has it by hand may have no other tie, and what was noticed is settled by no other
 * hello: those go by the note.
 */
function alertButtons(alert: AlertRow, language: Language): Block {
  const { id, subjectId } = alert
  const by =
    alert.handedAt === null && alert.kind !== "raised" ? ({ action: "hello", id: subjectId } as const) : ({ action: "alert_hello", id } as const)
  return buttons(
    ...(isAboutStudent(alert.kind) ? [{ ...by, label: say(language, "said_hello"), style: "primary" } as const] : []),
    ...(alert.kind === "raised" ? [{ action: "alert_notes", id: subjectId, label: say(language, "show_noticed") }] : []),
    ...(alert.acknowledgedAt === null ? [{ action: "alert_acknowledge", id, label: say(language, "have_this") }] : []),
    { action: "alert_more", id, label: say(language, "more") },
  )
}

/**
 * An adult's open alerts, or with `list: "counsellors"` those that nobody has taken; each a sentence and its buttons. At most `limit` name a
 * student, the rest of those is a number; notices about groups name nobody and are not counted, two at most. Empty where there are none. Under them this school's own share of useful ones, once 30 were closed.
 * `home`: how the rest is seen; `here` on the home page itself.
 */
export async function alertBlocks(
  scene: Pick<Scene, "tx" | "now">,
  adultId: string,
  { limit, list = "own", home }: { limit: number; list?: "own" | "counsellors"; home: HomeOpens | "here" },
  language: Language,
): Promise<Block[]> {
  const found = await openAlerts(scene.tx, list, adultId)
  if (found.length === 0) return []
  const aboutStudents = found.filter(({ kind }) => isAboutStudent(kind))
  const shown = [...aboutStudents.slice(0, limit), ...found.filter(({ kind }) => !isAboutStudent(kind)).slice(0, noticesMost)]
  const blocks = shown.flatMap((alert) => [
    text(alertProse(alert, scene.now, language)),
    ...standing(alert, adultId, language),
    alertButtons(alert, language),
  ])
  if (found.length > shown.length) blocks.push(note(plain(say(language, "more_alerts", { count: found.length - shown.length, home }))))
  const { useful, closed } = await usefulOfLast(scene.tx, closingsShown)
  if (closed === closingsShown) blocks.push(note(plain(say(language, "useful_of_last", { useful, closed }))))
  return blocks
}

/** What is open about one student, in words alone: for a mentee's page. */
export async function alertsAbout(scene: Pick<Scene, "tx" | "now">, studentId: string, readerId: string, language: Language): Promise<Block[]> {
  const found = await openAlertsAbout(scene.tx, studentId, readerId)
  return found.flatMap((alert) => [text(alertProse(alert, scene.now, language)), ...standing(alert, readerId, language)])
}

/** What belongs beside a student on a mentee's page: reading what adults noted, where there is any and they may, and saying that something was noticed. */
export async function noteButtons({ tx }: Pick<Scene, "tx">, studentId: string, reads: boolean, language: Language): Promise<Button[]> {
  const raise: Button = { action: "alert_raise", id: studentId, label: say(language, "raise_button"), form: true }
  const read: Button = { action: "alert_notes", id: studentId, label: say(language, "notes_button") }
  return reads && (await hasNotes(tx, studentId)) ? [read, raise] : [raise]
}
