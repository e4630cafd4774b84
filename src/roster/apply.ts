// Decides what a roster changes in a school's own tables, and when it must not be taken without a second look.
// Refuses to know which files it came from, and who is asked anything afterwards.

import type { Tx } from "../../db/client.ts"
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import {
  applyGroups,
  applyPeople,
  applySites,
  applyTerms,
  type Change,
  lockSchool,
  peopleKept,
  raiseConsent,
  type SiteRow,
  siteRows,
} from "../../db/queries/roster-apply.ts"
import { askEnrolments } from "../../db/queries/roster-enrol-wake.ts"
import { type Progress, stageRoster, whole } from "../../db/queries/roster-stage.ts"
import { type AdvisoryRow, advisoryRows, followMemberships, followTies, keepEnrolments, withoutAdvisor } from "../../db/queries/roster-ties.ts"
import { isZone, localDate } from "../scheduling/zone.ts"
import { type Roster, type Site, unsaidZone } from "./roster.ts"

/** What applying needs of the world: an open transaction of the school, whose row is already there. */
export type RosterScene = { tx: Tx; schoolId: string; ids: () => string; now: Date }

/**
 * `zones`: by a site's key or name, else `everywhere`, else what the site has, else `unsaid`; without that a site that has none is
 * refused. `expectShrink`: an admin has looked, and says yes.
 */
export type ApplyOptions = {
  consent: "none" | "school" | "parent"
  zones: { everywhere: string | null; bySite: Readonly<Record<string, string>>; unsaid?: string }
  expectShrink: boolean
  progress?: Progress
}

export const changedTables = ["sites", "terms", "people", "groups", "memberships", "ties"] as const
export type ChangedTable = (typeof changedTables)[number]

export type RosterReport = {
  changes: Readonly<Record<ChangedTable, Change>>
  /** Students whose consent this import recorded or raised. */
  consented: number
  /** `why`: the sentence that made it an advisory; null where this roster did not speak of it. */
  advisories: readonly (AdvisoryRow & { why: string | null })[]
  studentsWithoutAdvisor: readonly string[]
  leftOut: Readonly<Record<string, number>>
  sitesWithoutZone: readonly Pick<Site, "sourcedId" | "name">[]
  /** The last day of all, where every term of this roster is over; else null. */
  termsEnded: string | null
}

/** Refusals leave everything as it was. */
export type Applied =
  | { kind: "applied"; report: RosterReport }
  | { kind: "zone_unknown"; zones: string[] }
  | { kind: "zone_missing"; sites: Pick<Site, "sourcedId" | "name">[] }
  | { kind: "site_unknown"; sites: string[]; known: string[] }
  | { kind: "no_site" }
  | { kind: "shrinks"; who: "student" | "staff"; now: number; kept: number }

/** All or nothing in the scene's transaction; the same roster again changes nothing. One import of a school at a time. */
export async function applyRoster(scene: RosterScene, roster: Roster, options: ApplyOptions): Promise<Applied> {
  const { tx, schoolId, now } = scene
  if (!(await lockSchool(tx, schoolId))) throw new Error("A roster is applied to a school that has no row.")
  const known = await siteRows(tx)
  const zones = zonesFor(roster.sites, known, options.zones)
  if (zones.kind !== "zones") return zones
  const [first] = [...known.map((site) => site.zone), ...zones.bySite.values()]
  if (first === undefined) return { kind: "no_site" }
  const today = localDate(now, first)

  await stageRoster(tx, roster, zones.bySite, options.progress ?? (() => {}))
  if (whole(roster, "users") && !options.expectShrink) {
    const shrunk = (await peopleKept(tx)).find(({ now: before, kept }) => kept * 2 < before)
    if (shrunk) return { kind: "shrinks", who: shrunk.role, now: shrunk.now, kept: shrunk.kept }
  }
  const sites = await applySites(tx, schoolId)
  const terms = await applyTerms(tx, schoolId, whole(roster, "academicSessions"))
  const people = await applyPeople(tx, schoolId, whole(roster, "users"))
  const consented = options.consent === "none" ? 0 : await raiseConsent(tx, options.consent, now)
  const groups = await applyGroups(tx, schoolId, whole(roster, "classes"))
  await keepEnrolments(tx, schoolId, whole(roster, "enrollments"), today)
  const memberships = await followMemberships(tx, schoolId, today)
  const ties = await followTies(tx, schoolId, today)

  const changes = { sites, terms, people, groups, memberships, ties }
  await writeDeed(tx, {
    schoolId,
    id: scene.ids(),
    at: now,
    actorId: null,
    via: "terminal",
    act: "roster_import",
    subjectId: null,
    detail: flat(changes),
  })
  for (const chore of ["plan", "sweep"] as const) await wakeBy(tx, schoolId, chore, now)
  await askEnrolments(tx, schoolId, now)
  const why = new Map(roster.groups.map((group) => [group.sourcedId, group.why]))
  const advisories = (await advisoryRows(tx, today)).map((group) => ({ ...group, why: why.get(group.sourcedId) ?? null }))
  const sitesWithoutZone = (await siteRows(tx)).filter((site) => site.zone === unsaidZone)
  const studentsWithoutAdvisor = await withoutAdvisor(tx, today)
  const last = roster.terms
    .map((term) => term.end)
    .sort()
    .at(-1)
  const termsEnded = last !== undefined && last < today ? last : null
  const { leftOut } = roster
  return { kind: "applied", report: { changes, consented, advisories, studentsWithoutAdvisor, leftOut, sitesWithoutZone, termsEnded } }
}

type ZonesFor = { kind: "zones"; bySite: ReadonlyMap<string, string> } | Extract<Applied, { kind: "zone_unknown" | "zone_missing" | "site_unknown" }>

function zonesFor(sites: readonly Site[], known: readonly SiteRow[], given: ApplyOptions["zones"]): ZonesFor {
  const wrong = [given.everywhere, ...Object.values(given.bySite)].filter((zone) => zone !== null && !isZone(zone))
  if (wrong.length > 0) return { kind: "zone_unknown", zones: [...new Set(wrong.map(String))] }
  const all = [...sites, ...known]
  const strange = Object.keys(given.bySite).filter((key) => !all.some((site) => site.sourcedId === key || site.name === key))
  if (strange.length > 0) return { kind: "site_unknown", sites: strange, known: [...new Set(all.map((site) => site.sourcedId))] }
  const before = new Map(known.map((site) => [site.sourcedId, site.zone]))
  const found = sites.map((site) => ({
    site,
    zone: given.bySite[site.sourcedId] ?? given.bySite[site.name] ?? given.everywhere ?? before.get(site.sourcedId) ?? given.unsaid,
  }))
  const missing = found.filter(({ zone }) => zone === undefined)
  if (missing.length > 0) return { kind: "zone_missing", sites: missing.map(({ site }) => ({ sourcedId: site.sourcedId, name: site.name })) }
  return { kind: "zones", bySite: new Map(found.flatMap(({ site, zone }) => (zone === undefined ? [] : [[site.sourcedId, zone] as const]))) }
}

const flat = (changes: RosterReport["changes"]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([table, change]) => Object.entries(change).map(([what, count]) => [`${table}_${what}`, count] as const)),
  )
