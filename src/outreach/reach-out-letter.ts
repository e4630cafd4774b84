// Decides whether a student's wish to talk is still this adult's to hear of, and says it: who, when, by when, and nothing of why.
import { reachOutById } from "../../db/queries/outreach-reach-out.ts"
import { staffRolesOf } from "../../db/queries/people.ts"
import type { Letter } from "../deps.ts"
import { buttons, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { never } from "../scheduling/hours.ts"
import { languageOf } from "../words/phrasebook.ts"
import { takeButton, talkedButton } from "./answer-reach-out.ts"
import { heldForStaff } from "./held.ts"
import { moment } from "./moments.ts"
import { say } from "./phrases.ts"

export const reachOut: Letter = async (scene, due, recipient) => {
  const held = await heldForStaff(scene, due, recipient)
  if (held) return held
  const one = due.subjectId === null ? null : await reachOutById(scene.tx, due.subjectId)
  if (!one) return { kind: "drop", why: "gone" }
  if (one.state === "answered") return { kind: "drop", why: "answered" }
  const own = one.ownerId === recipient.id
  const onList = one.ownerId === null && (await staffRolesOf(scene.tx, recipient.id)).includes("counsellor")
  if (!own && !onList) return { kind: "drop", why: "moved" }

  const language = languageOf(recipient.language)
  const asked = moment(one.createdAt, recipient.zone, language)
  const how = one.asked === "mentor" ? "reachOutMentor" : one.toId === recipient.id ? "reachOutPicked" : "reachOutSomeone"
  const why = due.detail.again === true ? "reachOutAgain" : one.asked === "mentor" && onList ? "reachOutNoAdvisor" : null
  const byWhen = one.stage === "owner" && one.dueAt < never ? say(language, "reachOutBy", moment(one.dueAt, recipient.zone, language)) : null
  return {
    kind: "message",
    message: message(say(language, "reachOutSummary"), [
      text(plain(say(language, own ? "reachOutYou" : "reachOutList", { student: one.studentName }))),
      note(plain(say(language, how, asked))),
      ...(why === null ? [] : [note(plain(say(language, why)))]),
      ...(byWhen === null ? [] : [note(plain(byWhen))]),
      buttons(takeButton(one.id, language), talkedButton(one.id, language)),
    ]),
  }
}
