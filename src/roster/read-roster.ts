// The roster a school hands over, as one value or as a list of what is wrong with it. Decides which form the files are in
// and that nothing is taken from a broken set; refuses to know the database, the time, and every file it was not asked to read.
import { finish } from "./assemble.ts"
import { complain, noProblems, type Refused, refused } from "./csv.ts"
import { readOneRoster } from "./oneroster.ts"
import type { Roster } from "./roster.ts"
import { advisoryWords } from "./roster-words.ts"
import { readSds } from "./sds.ts"

export type ReadRoster = { kind: "read"; roster: Roster } | Refused

/** The only files that are ever opened: demographics, flags, relationships and the rest are not even looked at. */
export const rosterFiles = ["manifest.csv", "orgs.csv", "academicSessions.csv", "users.csv", "roles.csv", "classes.csv", "enrollments.csv"] as const

/**
 * Reads OneRoster 1.1 or 1.2 (a manifest.csv) or SDS v2.1 (users, roles and orgs without one). All or nothing: one problem
 * refuses the set. `advisory`: words that make a class an advisory when they stand in its title.
 */
export function readRoster(
  source: { files: ReadonlyMap<string, Uint8Array> },
  options: { advisory?: readonly string[] | undefined } = {},
): ReadRoster {
  const files = new Map<string, Uint8Array>()
  for (const [name, bytes] of source.files) {
    const known = rosterFile(name)
    if (known) files.set(known, bytes)
  }
  const advisory = options.advisory ?? advisoryWords
  if (!files.has("manifest.csv")) {
    const missing = ["users.csv", "roles.csv", "orgs.csv"].filter((name) => !files.has(name))
    if (missing.length > 0) return refuseSet(missing)
  }
  const draft = files.has("manifest.csv") ? readOneRoster(files, advisory) : readSds(files, advisory)
  return draft.problems.list.length > 0 ? refused(draft.problems) : { kind: "read", roster: finish(draft) }
}

/** The standard's spelling of a file name, whatever the case and folder; null for a file that is not read. */
export function rosterFile(name: string): string | null {
  const base = name.split(/[/\\]/).at(-1)?.toLowerCase()
  return rosterFiles.find((known) => known.toLowerCase() === base) ?? null
}

function refuseSet(missing: readonly string[]): Refused {
  const problems = noProblems()
  const says =
    missing.length === 3
      ? "no roster here: OneRoster has a manifest.csv, SDS v2.1 has users.csv, roles.csv and orgs.csv"
      : `is missing; a OneRoster set has a manifest.csv, an SDS v2.1 set needs ${missing.join(" and ")} too`
  complain(problems, { file: missing.length === 3 ? "manifest.csv" : (missing[0] ?? ""), line: 1, column: null, says })
  return refused(problems)
}
