// Decides whether this school's students are served on a platform: the playground always, a real one once nothing is missing.
// Refuses to know what is not served meanwhile.
import { activeStaff, schoolZone } from "../../db/queries/safety.ts"
import { peopleCalled } from "../../db/queries/settings.ts"
import type { Scene } from "../deps.ts"
import type { PlatformName } from "../platform/account.ts"
import { localDate } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import { goLive, type Missing } from "./golive.ts"

/** What `rapport golive` says: whether the school is ready, and everything that is missing. */
export async function gateOf({ tx, settings, now }: Scene, language: Language = "en"): Promise<{ ready: boolean; missing: Missing[] }> {
  const people = settings["safety.ladder"]?.steps.flatMap(({ personIds }) => personIds) ?? []
  const by = settings["safety.signoff"]?.by ?? null
  const signed = by === null ? [] : await peopleCalled(tx, by)
  const signers = signed.flatMap(({ id, role, active }) => (role === "staff" && active ? [id] : []))
  const today = localDate(now, await schoolZone(tx))
  return goLive({ settings, staffIds: await activeStaff(tx, people), signers, today }, language)
}

export async function servesStudents(scene: Scene, platform: PlatformName): Promise<boolean> {
  return platform === "playground" || (await gateOf(scene)).ready
}
