// Tells a colleague that they answer for somebody who is away, and what waits for them now.
import { awayById } from "../../db/queries/outreach-away.ts"
import { staffRolesOf } from "../../db/queries/people.ts"
import type { Letter } from "../deps.ts"
import { message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say as roster } from "../roster/phrases.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { languageOf } from "../words/phrasebook.ts"
import { heldForStaff } from "./held.ts"
import { waitingBlocks, waitingList } from "./waiting.ts"

export const notice: Letter = async (scene, due, recipient) => {
  const held = await heldForStaff(scene, due, recipient)
  if (held) return held
  const away = due.subjectId === null ? null : await awayById(scene.tx, due.subjectId)
  if (away?.coverId !== recipient.id || away.untilDate < localDate(scene.now, recipient.zone)) return { kind: "drop", why: "over" }
  const language = languageOf(recipient.language)
  const counsellor = (await staffRolesOf(scene.tx, recipient.id)).includes("counsellor")
  const list = await waitingList(scene, { id: recipient.id, counsellor, zone: recipient.zone })
  const vars = { adult: showSafely(away.adultName), day: formatDay(away.untilDate, language) }
  return {
    kind: "message",
    message: message(roster(language, "coverSummary"), [text(plain(roster(language, "cover", vars))), ...waitingBlocks(list, language)]),
  }
}
