// Decides whether a reading list is still worth sending, and tells an adult how many answers wait and from whom. Never a word of them.
// Refuses to name more than three a week: what the brief of this week names takes from it.
import { awayOn } from "../../db/queries/outreach-away.ts"
import { namesMost } from "../../db/queries/outreach-brief.ts"
import { briefOfWeek } from "../../db/queries/outreach-contact.ts"
import { staffRolesOf } from "../../db/queries/people.ts"
import type { Letter } from "../deps.ts"
import { alertBlocks } from "../engagement/alert-blocks.ts"
import { homeOpens } from "../platform/home.ts"
import { divider, message, note, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { localDate, mondayOf } from "../scheduling/zone.ts"
import { languageOf } from "../words/phrasebook.ts"
import { introduction } from "./brief-introduction.ts"
import { heldForStaff } from "./held.ts"
import { say } from "./phrases.ts"
import { waitingBlocks, waitingList } from "./waiting.ts"

export const readingList: Letter = async (scene, due, recipient) => {
  const held = await heldForStaff(scene, due, recipient)
  if (held) return held
  if (await awayOn(scene.tx, recipient.id, localDate(scene.now, recipient.zone))) return { kind: "drop", why: "away" }
  const counsellor = (await staffRolesOf(scene.tx, recipient.id)).includes("counsellor")
  const list = await waitingList(scene, { id: recipient.id, counsellor, zone: recipient.zone })
  if (list.length === 0) return { kind: "drop", why: "nothing_unread" }
  const language = languageOf(recipient.language)
  const named = (await briefOfWeek(scene.tx, recipient.id, mondayOf(localDate(scene.now, recipient.zone))))?.names ?? []
  const left = Math.max(0, namesMost - named.filter(({ doneAt }) => doneAt === null).length)
  const alerts = await alertBlocks(scene, recipient.id, { limit: left, home: homeOpens(due.on) }, language)
  return {
    kind: "message",
    message: message(say(language, "waitingSummary", { count: list.length }), [
      ...(await introduction(scene, recipient.id, language)),
      ...waitingBlocks(list, language, alerts.length > 0),
      note(plain(say(language, "waitingSeen"))),
      ...(alerts.length === 0 ? [] : [divider, text(strong(say(language, "alertsTitle"))), ...alerts]),
    ]),
  }
}
