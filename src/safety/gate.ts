// Decides whether this school's students are served on a platform: the playground always, a real one once nothing is missing.
// Refuses to know what is not served meanwhile.
import { activeStaff } from "../../db/queries/safety.ts"
import { calendars } from "../../db/queries/school.ts"
import { peopleCalled } from "../../db/queries/settings.ts"
import type { Scene } from "../deps.ts"
import type { PlatformName } from "../platform/account.ts"
import { localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { goLive, type Missing } from "./golive.ts"

/** What `rapport golive` says: whether the school is ready, and everything that is missing. */
export async function gateOf({ tx, settings, now }: Scene, language: Language = "en"): Promise<{ ready: boolean; missing: Missing[] }> {
  const signoff = settings["safety.signoff"]
  const ladder = settings["safety.ladder"]?.steps.flatMap(({ personIds }) => personIds) ?? []
  const signerId = signoff !== null && isId(signoff.by) ? [signoff.by] : []
  const [staff, sites] = await Promise.all([activeStaff(tx, [...ladder, ...signerId]), calendars(tx)])
  const signers = signoff === null ? [] : signerId.length > 0 ? signerId.filter((id) => staff.has(id)) : await staffCalled(tx, signoff.by)
  const shown = signoff === null ? null : { ...signoff, by: staff.get(signoff.by) ?? signoff.by }
  // The day is over where it is over last.
  const today = [...sites.values()].map(({ zone }) => localDate(now, zone)).sort()[0] ?? localDate(now, "UTC")
  return goLive({ settings: { ...settings, "safety.signoff": shown }, staffIds: new Set(staff.keys()), signers, today }, language)
}

/** A sign-off that was kept by name. */
async function staffCalled(tx: Scene["tx"], by: string): Promise<string[]> {
  return (await peopleCalled(tx, by)).flatMap(({ id, role, active }) => (role === "staff" && active ? [id] : []))
}

export async function servesStudents(scene: Scene, platform: PlatformName): Promise<boolean> {
  return platform === "playground" || (await gateOf(scene)).ready
}
