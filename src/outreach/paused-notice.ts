// Tells whoever can mend it that a chat platform no longer lets us in. It waits where there is no other way to reach them, and is dropped as
// over once that workspace is connected again: nothing is wrong any more.
import { stillPaused } from "../../db/queries/delivery-paused.ts"
import type { Due, Letter } from "../deps.ts"
import { type PlatformName, platformNames, type Workspace } from "../platform/account.ts"
import { cut } from "../platform/limits.ts"
import { message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import { languageOf } from "../words/phrasebook.ts"
import { heldForStaff } from "./held.ts"
import { moment } from "./moments.ts"
import { say } from "./phrases.ts"

const called: Readonly<Record<PlatformName, string>> = { slack: "Slack", teams: "Microsoft Teams", playground: "Playground" }
const codeShown = 60

type Pause = { workspace: Workspace; code: string; since: Date }

function pauseOf({ detail }: Due): Pause | null {
  const platform = platformNames.find((name) => name === detail.platform)
  const since = new Date(String(detail.since))
  if (!platform || Number.isNaN(since.getTime())) return null
  return { workspace: { platform, tenant: String(detail.tenant) }, code: String(detail.code), since }
}

export const workspacePaused: Letter = async (scene, due, recipient) => {
  const held = await heldForStaff(scene, due, recipient)
  if (held) return held
  const paused = pauseOf(due)
  if (!paused || !(await stillPaused(scene.tx, scene.schoolId, paused.workspace, due.id))) return { kind: "drop", why: "over" }
  const language = languageOf(recipient.language)
  const platform = called[paused.workspace.platform]
  const code = cut(showSafely(paused.code), codeShown)
  return {
    kind: "message",
    message: message(say(language, "pausedSummary", { platform }), [
      text(plain(say(language, "paused", { platform, code, ...moment(paused.since, recipient.ownZone, language) }))),
      text(plain(say(language, "pausedKept"))),
      note(plain(say(language, "pausedMend"))),
    ]),
  }
}
