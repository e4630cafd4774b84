// Decides what an adult sees on their home page: what waits for them, and how their group is doing. Refuses to show a student's words.
import { awayOn } from "../../db/queries/outreach-away.ts"
import { briefOfWeek } from "../../db/queries/outreach-contact.ts"
import { openReachOutsFor } from "../../db/queries/outreach-reach-out.ts"
import { readLately } from "../../db/queries/outreach-reading.ts"
import type { Turn } from "../deps.ts"
import { alertBlocks } from "../engagement/alert-blocks.ts"
import { outcomeBlocks } from "../engagement/outcomes.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { never } from "../scheduling/hours.ts"
import { formatDay, localDate, mondayOf } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isCounsellor } from "./allowed.ts"
import { takeButton, talkedButton } from "./answer-reach-out.ts"
import { groupWeeks } from "./group-weeks.ts"
import { moment } from "./moments.ts"
import { ownMeasureButton } from "./own-measure.ts"
import { say } from "./phrases.ts"
import { fitting, type Section } from "./sections.ts"
import { readButton, waitingList } from "./waiting.ts"
import { pictured } from "./weeks.ts"

// A home page holds 45 blocks; an alert and a wish take two each, and a counsellor sees two lists of alerts.
const alertsMax = { own: 5, withList: 3 }
const wishesMax = 3
const namesMax = 3
const linesMax = limits.buttons

/** What waits comes first, and gives way last; but for the brief's names, which have been sent as well. */
export async function staffHome(turn: Turn): Promise<Message> {
  const { language, name } = turn.actor
  const parts: Section[] = [
    { blocks: await wishes(turn) },
    { blocks: await answers(turn) },
    { blocks: await brief(turn), spare: 1 },
    { blocks: await alerts(turn) },
    { blocks: await outcomeBlocks(turn, turn.actor.personId, language) },
  ]
  const empty = parts.every(({ blocks }) => blocks.length === 0)
  const sections: Section[] = [
    ...(empty ? [{ blocks: [text(plain(say(language, "homeEmpty")))] }] : parts),
    { blocks: await group(turn), spare: 2 },
    { blocks: await lines(turn), spare: 3 },
    { blocks: await foot(turn) },
  ]
  const head = text(strong(say(language, "homeHello", { name: showSafely(name) })))
  return message(say(language, "homeSummary"), fitting([head], sections))
}

async function answers(turn: Turn): Promise<Block[]> {
  const { personId, zone, language } = turn.actor
  const list = await waitingList(turn, { id: personId, counsellor: isCounsellor(turn), zone })
  if (list.length === 0) return []
  const onList = list.filter(({ stage }) => stage === "counsellors").length
  return [
    text(plain(say(language, "homeWaiting", { count: list.length }))),
    ...(isCounsellor(turn) && onList > 0 ? [note(plain(say(language, "homeList", { count: onList })))] : []),
    readButton(language),
  ]
}

const label = (words: string): string => cut(words, limits.buttonLabel)

async function brief(turn: Turn): Promise<Block[]> {
  const { personId, zone, language } = turn.actor
  const one = await briefOfWeek(turn.tx, personId, mondayOf(localDate(turn.now, zone)))
  if (!one || one.names.length === 0) return []
  const names = one.names.slice(0, namesMax).map((each) => ({ ...each, name: showSafely(each.name) }))
  const open = names.filter(({ doneAt }) => doneAt === null)
  const actions = open.map(
    ({ studentId, name }): Button => ({ action: "hello", id: studentId, label: label(say(language, "homeHelloTo", { name })) }),
  )
  if (open.length > 1) actions.push({ action: "hello_all", id: one.id, label: say(language, "homeHelloAll") })
  return [
    text(strong(say(language, "homeBrief"))),
    ...names.map(({ name, doneAt }) => text(plain(say(language, doneAt === null ? "homeOpen" : "homeDone", { name })))),
    ...(actions.length > 0 ? [buttons(...actions)] : []),
  ]
}

async function alerts(turn: Turn): Promise<Block[]> {
  const { personId, language } = turn.actor
  const counsellor = isCounsellor(turn)
  const limit = counsellor ? alertsMax.withList : alertsMax.own
  const own = await alertBlocks(turn, personId, { limit, home: "here" }, language)
  const list = counsellor ? await alertBlocks(turn, personId, { limit, list: "counsellors", home: "here" }, language) : []
  return [
    ...(own.length === 0 ? [] : [text(strong(say(language, "alertsTitle"))), ...own]),
    ...(list.length === 0 ? [] : [text(strong(say(language, "alertsOnList"))), ...list]),
  ]
}

async function wishes(turn: Turn): Promise<Block[]> {
  const { personId, zone, language } = turn.actor
  const open = await openReachOutsFor(turn.tx, personId, isCounsellor(turn))
  if (open.length === 0) return []
  const one = open.slice(0, wishesMax).flatMap(({ id, studentName, ownerId, dueAt }) => {
    const student = showSafely(studentName)
    const sentence =
      ownerId !== null && dueAt < never
        ? say(language, "homeReachOutYours", { student, ...moment(dueAt, zone, language) })
        : say(language, "homeReachOutOpen", { student })
    return [text(plain(sentence)), buttons(takeButton(id, language), talkedButton(id, language))]
  })
  return [text(strong(say(language, "homeReachOuts"))), ...one]
}

const weekMs = 7 * 86_400_000

async function lines(turn: Turn): Promise<Block[]> {
  const { personId, language } = turn.actor
  const read = await readLately(turn.tx, personId, new Date(turn.now.getTime() - weekMs), linesMax)
  if (read.length === 0) return []
  return [
    text(strong(say(language, "homeLines"))),
    note(plain(say(language, "homeLinesHint"))),
    buttons(
      ...read.map(({ replyId, studentName }): Button => {
        return { action: "reading_line", id: replyId, label: label(say(language, "homeLineTo", { name: showSafely(studentName) })), form: true }
      }),
    ),
  ]
}

async function group(turn: Turn): Promise<Block[]> {
  const trend = await groupWeeks(turn, turn.actor)
  return trend ? [pictured(trend)] : []
}

async function foot(turn: Turn): Promise<Block[]> {
  const { personId, zone, language } = turn.actor
  const away = await awayOn(turn.tx, personId, localDate(turn.now, zone))
  const log: Button = { action: "outreach", id: "", label: say(language, "homeLog"), form: true }
  const goes: Button = { action: "away", id: "", label: say(language, "homeAwayButton"), form: true }
  const own = ownMeasureButton(language)
  if (!away) return [note(plain(say(language, "homeCommands"))), buttons(log, goes, own)]
  const vars = { day: formatDay(away.untilDate, language), cover: showSafely(away.coverName) }
  return [text(plain(say(language, "homeAway", vars))), buttons({ action: "away_back", id: away.id, label: say(language, "homeBack") }, log, own)]
}
