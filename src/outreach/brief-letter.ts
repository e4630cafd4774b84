// Decides what the Wednesday brief says: whom to greet and why, what waits, what notes are open. Read in twenty seconds, or not sent.
// Refuses to show a student's words, and to name more than three students of an adult's own.
import { awayOn } from "../../db/queries/outreach-away.ts"
import { type BriefName, briefNames, type Met, namesMost, type OutOfReach, outOfReach } from "../../db/queries/outreach-brief.ts"
import { openReachOutsFor } from "../../db/queries/outreach-reach-out.ts"
import { type PersonCard, staffRolesOf } from "../../db/queries/people.ts"
import type { Letter, Scene } from "../deps.ts"
import { alertBlocks } from "../engagement/alert-blocks.ts"
import { outcomeBlocks } from "../engagement/outcomes.ts"
import { type HomeOpens, homeOpens } from "../platform/home.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Button, buttons, message, note, text } from "../platform/message.ts"
import { plain, prose, strong } from "../platform/prose.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { type Language, languageOf } from "../words/phrasebook.ts"
import { takeButton, talkedButton } from "./answer-reach-out.ts"
import { firstDayFor } from "./brief-first-day.ts"
import { monthly, weeksInBrief, wentWell } from "./brief-foot.ts"
import { introduction } from "./brief-introduction.ts"
import { say } from "./brief-phrases.ts"
import { heldForStaff } from "./held.ts"
import { dayAt } from "./moments.ts"
import { nameShown } from "./name-shown.ts"
import { fitting, type Section } from "./sections.ts"
import { waitingBlocks, waitingList } from "./waiting.ts"

/** Read in twenty seconds: what can be missed gives way. */
const charsMost = 3_000

export const briefLetter: Letter = async (scene, due, recipient) => {
  const held = await heldForStaff(scene, due, recipient)
  if (held) return held
  if (due.subjectId === null) return { kind: "drop", why: "gone" }
  const today = localDate(scene.now, recipient.zone)
  if (await awayOn(scene.tx, recipient.id, today)) return { kind: "drop", why: "away" }

  const language = languageOf(recipient.language)
  const home = homeOpens(due.on)
  const counsellor = (await staffRolesOf(scene.tx, recipient.id)).includes("counsellor")
  const names = await briefNames(scene.tx, due.subjectId, recipient.id, today)
  const waiting = await waitingList(scene, { id: recipient.id, counsellor, zone: recipient.zone })
  const notes = await alertBlocks(scene, recipient.id, { limit: namesMost - names.length, home }, language)
  const list = counsellor ? await counsellorList(scene, recipient, home, language) : []
  const well = await wentWell(scene, due.subjectId, { id: recipient.id, counsellor, day: today }, language)
  if ([names, waiting, notes, list, well].every(({ length }) => length === 0)) return { kind: "drop", why: "nothing_to_say" }

  const first = await introduction(scene, recipient.id, language)
  const sections: Section[] = [
    { blocks: notes.length === 0 ? [] : [text(strong(say(language, "notes"))), ...notes] },
    { blocks: greetings(names, due.subjectId, await firstDayOf(scene, names, today), language) },
    { blocks: waitingBlocks(waiting, language, true) },
    { blocks: list.length === 0 ? [] : [text(strong(say(language, "list"))), ...list] },
    { blocks: await outcomeBlocks(scene, recipient.id, language) },
    { blocks: unreached(await outOfReach(scene.tx, recipient.id, today), language), spare: 1 },
    { blocks: well, spare: 2 },
    { blocks: await weeksInBrief(scene, recipient, language), spare: 3 },
    { blocks: first.length > 0 ? [] : monthly(localDate(due.dueAt, recipient.zone), language), spare: 4 },
  ]
  const blocks = fitting(first, sections, charsMost)
  return { kind: "message", message: message(say(language, "summary", { count: names.length }), blocks) }
}

/** Once for all of them, and only while nobody among them was asked. */
const firstDayOf = (scene: Scene, names: readonly BriefName[], today: string): Promise<string | null> | null =>
  names.some(({ asked }) => asked)
    ? null
    : firstDayFor(
        scene,
        names.map(({ studentId }) => studentId),
        today,
      )

/** Each name with its why, then one row of buttons: a tap each, or one for all. What they wrote stands behind a button of its own. */
function greetings(names: readonly BriefName[], briefId: string, firstDay: string | null, language: Language): Block[] {
  if (names.length === 0) return []
  const hellos = names.map(({ studentId, shortName }): Button => {
    return { action: "hello", id: studentId, label: cut(say(language, "saidHelloTo", { name: showSafely(shortName) }), limits.buttonLabel) }
  })
  const words = names
    .filter(({ readable }) => readable)
    .map(({ studentId, shortName }): Button => {
      return { action: "mentee_words", id: studentId, label: cut(say(language, "wordsOf", { name: showSafely(shortName) }), limits.buttonLabel) }
    })
  const all: Button = { action: "hello_all", id: briefId, label: say(language, "saidHelloAll", { count: names.length }), style: "primary" }
  return [
    text(strong(say(language, "title"))),
    ...names.map((one) => text(prose`${strong(nameShown(one.name))}. ${why(one, language)}`)),
    ...(firstDay === null ? [] : [text(plain(say(language, "firstDay", { day: formatDay(firstDay, language) })))]),
    buttons(...hellos, ...(names.length > 1 ? [all] : [])),
    ...(words.length === 0 ? [] : [buttons(...words)]),
  ]
}

/** Facts on record, no guess at their reason; what the student wrote to, and no word of it. Of one who was never asked nothing is said about writing. */
function why({ zone, asked, met, wroteAt, lens }: BriefName, language: Language): string {
  const last = met === null ? say(language, "metNever") : lastMet(met, zone, language)
  if (wroteAt !== null) {
    const day = dayAt(wroteAt, zone, language)
    return `${last} ${lens === null ? say(language, "wrote", { day }) : say(language, "wroteAbout", { day, lens })}`
  }
  return asked ? `${last} ${say(language, "wroteNever")}` : last
}

const metKeys = { hello: "metHello", read: "metRead", line: "metLine" } as const

const lastMet = ({ kind, own, at }: Met, zone: string, language: Language): string =>
  say(language, metKeys[kind], { by: own ? "you" : "other", day: dayAt(new Date(at), zone, language) })

const unreachedShown = 4

function unreached(found: readonly OutOfReach[], language: Language): Block[] {
  return (["not_here", "stopped"] as const).flatMap((kind) => {
    const names = found.filter((one) => one.why === kind).map((one) => nameShown(one.name))
    if (names.length === 0) return []
    const more = names.length - unreachedShown
    const shown =
      more > 0
        ? say(language, "more", { names: names.slice(0, unreachedShown).join(", "), count: more })
        : new Intl.ListFormat(language).format(names)
    return [note(plain(say(language, kind === "not_here" ? "notHere" : "stopped", { names: shown })))]
  })
}

const listShown = 3

/** What nobody has taken: wishes to talk first, then quiet students. Its unread answers are counted with the counsellor's own. */
async function counsellorList(scene: Scene, { id: adultId, zone }: PersonCard, home: HomeOpens, language: Language): Promise<Block[]> {
  const wishes = (await openReachOutsFor(scene.tx, adultId, true)).filter((one) => one.ownerId === null)
  const shown = wishes
    .slice(0, listShown)
    .flatMap(({ id, studentName, createdAt }) => [
      text(plain(say(language, "wish", { student: nameShown(studentName), day: dayAt(createdAt, zone, language) }))),
      buttons(takeButton(id, language), talkedButton(id, language)),
    ])
  const more = wishes.length - listShown
  return [
    ...shown,
    ...(more > 0 ? [note(plain(say(language, "wishesMore", { count: more, home })))] : []),
    ...(await alertBlocks(scene, adultId, { limit: listShown, list: "counsellors", home }, language)),
  ]
}
