// Decides whether a student's wish to talk is still this adult's to hear of, and says it: who, when, by when, and nothing of why.
import { heardOf, type ReachOutRow, reachOutById } from "../../db/queries/outreach-reach-out.ts"
import { type PersonCard, staffRolesOf } from "../../db/queries/people.ts"
import type { Composed, Letter, Scene } from "../deps.ts"
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
  const { step } = due.detail
  if (step === "withdrawn" && one.state === "withdrawn") return withdrawn(scene, one, recipient)
  if (one.state !== "open" || step === "withdrawn") return { kind: "drop", why: one.state }
  const own = one.ownerId === recipient.id
  const onList = one.ownerId === null && (await staffRolesOf(scene.tx, recipient.id)).includes("counsellor")
  const overAll = step === "principals" && (await staffRolesOf(scene.tx, recipient.id)).some((role) => role === "principal" || role === "admin")
  if (!own && !onList && !overAll) return { kind: "drop", why: "moved" }

  const language = languageOf(recipient.language)
  const asked = moment(one.createdAt, recipient.ownZone, language)
  const how = one.asked === "mentor" ? "reachOutMentor" : one.toId === recipient.id ? "reachOutPicked" : "reachOutSomeone"
  const why = whyAgain(step) ?? (one.asked === "mentor" && onList ? "reachOutNoAdvisor" : null)
  const byWhen =
    own && one.stage === "owner" && one.dueAt < never ? say(language, "reachOutBy", moment(one.dueAt, recipient.ownZone, language)) : null
  return {
    kind: "message",
    message: message(say(language, "reachOutSummary"), [
      text(plain(say(language, own ? "reachOutYou" : "reachOutList", { student: one.studentName }))),
      note(plain(say(language, how, asked))),
      ...(why === null ? [] : [note(plain(say(language, why)))]),
      ...(byWhen === null ? [] : [note(plain(byWhen))]),
      ...(own || onList ? [buttons(takeButton(one.id, language), talkedButton(one.id, language))] : []),
    ]),
  }
}

function whyAgain(step: unknown): "reachOutAgain" | "reachOutOnceMore" | "reachOutPrincipals" | null {
  if (step === "passed") return "reachOutAgain"
  if (step === "once_more") return "reachOutOnceMore"
  return step === "principals" ? "reachOutPrincipals" : null
}

/** Whoever never heard of the wish hears nothing of its end. */
async function withdrawn(scene: Scene, one: ReachOutRow, recipient: PersonCard): Promise<Composed> {
  if (!(await heardOf(scene.tx, one.id, recipient.id))) return { kind: "drop", why: "withdrawn" }
  const language = languageOf(recipient.language)
  const sentence = plain(say(language, "reachOutWithdrawn", { student: one.studentName }))
  return { kind: "message", message: message(say(language, "reachOutWithdrawnSummary"), [text(sentence)]) }
}
