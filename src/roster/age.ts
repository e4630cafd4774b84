// Decides who is too young for a platform, by the grade alone. Refuses to know anybody's birthday: rosters hold them, Rapport does not read them.
import type { PlatformName } from "../platform/account.ts"

/** A grade from "0" to "99". `db/queries/roster-age.ts` asks the same in SQL; a test holds the two together. */
const number = /^ *[0-9]{1,2} *$/

/**
 * A student counts as grade + 5 years old: the youngest that is usual there. Whose grade is no number ("K", "PK") or unknown counts as too
 * young. A minimum of 0 keeps nobody off.
 */
export const tooYoung = (grade: string | null, minimumAge: number): boolean =>
  minimumAge > 0 && (grade === null || !number.test(grade) || Number(grade) + 5 < minimumAge)

/** Slack's own terms set an age; the other platforms are the school's to give. */
export const keptOff = (
  platform: PlatformName,
  person: { role: "student" | "staff"; grade: string | null },
  settings: { readonly "slack.minimum_age": number },
): boolean => platform === "slack" && person.role === "student" && tooYoung(person.grade, settings["slack.minimum_age"])
