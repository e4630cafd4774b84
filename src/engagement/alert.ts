// What an alert holds: who it is about and the arithmetic behind it, as kept in its row.
// Refuses to know who is told, and when.
import type { Reason } from "./detect.ts"
import type { GroupFacts } from "./sentence.ts"

/** A note that an adult raised by hand, on a local day; what they noticed is kept apart, sealed. */
type RaisedFacts = { kind: "raised"; on: string }

export type AlertKind = Reason["kind"] | RaisedFacts["kind"] | GroupFacts["kind"]

/** `sinceOn`: the local day of the last answer or skip, null where there never was one. `lastAnsweredOn`: of the last answer. */
export type StudentFacts = Reason & { sinceOn: string | null; lastAnsweredOn: string | null }
export type AlertFacts = StudentFacts | RaisedFacts | GroupFacts

export const isAboutStudent = (kind: AlertKind): boolean => kind === "silence" || kind === "never_started" || kind === "raised"
