// An empty school in a test's database, and rosters to fill it with.
import { randomUUID } from "node:crypto"
import { fileURLToPath } from "node:url"
import { sql } from "drizzle-orm"
import { type Database, rows, withSchool } from "../../../db/client.ts"
import { createSchool } from "../../../db/queries/roster-school.ts"
import { type Applied, type ApplyOptions, applyRoster, type RosterReport, type RosterScene } from "../../../src/roster/apply.ts"
import { openRoster } from "../../../src/roster/open-roster.ts"
import { readRoster } from "../../../src/roster/read-roster.ts"
import type { Roster } from "../../../src/roster/roster.ts"
import { rosterOf } from "../../fixtures/roster/files.ts"

export type EmptySchool = { db: Database; id: string }

export async function emptySchool(db: Database, now: Date): Promise<EmptySchool> {
  const id = randomUUID()
  await withSchool(db, id, (tx) => createSchool(tx, { id, name: "Larch Hill", language: "en", now }))
  return { db, id }
}

export const inSchool = <T>(school: EmptySchool, now: Date, work: (scene: RosterScene) => Promise<T>): Promise<T> =>
  withSchool(school.db, school.id, (tx) => work({ tx, schoolId: school.id, ids: randomUUID, now }))

export const zones = { everywhere: "America/New_York", bySite: {} } as const

export const apply = (school: EmptySchool, now: Date, roster: Roster, options: Partial<ApplyOptions> = {}): Promise<Applied> =>
  inSchool(school, now, (scene) => applyRoster(scene, roster, { consent: "none", zones, expectShrink: false, ...options }))

export function reportOf(applied: Applied): RosterReport {
  if (applied.kind !== "applied") throw new Error(JSON.stringify(applied))
  return applied.report
}

/** Added, changed and ended of every table, in one line each that is not empty: `people +74 ~0 -0`. */
export const changesOf = (applied: Applied): string[] =>
  Object.entries(reportOf(applied).changes)
    .filter(([, change]) => change.added + change.changed + change.ended > 0)
    .map(([table, { added, changed, ended }]) => `${table} +${added} ~${changed} -${ended}`)

export const look = <Row>(school: EmptySchool, query: ReturnType<typeof sql>): Promise<Row[]> =>
  withSchool(school.db, school.id, (tx) => rows<Row>(tx, query))

export async function personId(school: EmptySchool, sourcedId: string): Promise<string> {
  const [row] = await look<{ id: string }>(school, sql`select id from person where sourced_id = ${sourcedId}`)
  if (!row) throw new Error(`nobody has the key ${sourcedId}`)
  return row.id
}

export async function sampleRoster(): Promise<Roster> {
  const opened = await openRoster(fileURLToPath(new URL("../../../sample", import.meta.url)))
  if (opened.kind === "refused") throw new Error(JSON.stringify(opened.problems))
  return rosterOf(readRoster(opened))
}

/** Two advisories of four and a class, as a form reads them: small enough to count by hand. Whole, unless `delta`. */
export function smallRoster(change: (roster: Roster) => void = () => {}): Roster {
  const student = (key: string): Roster["people"][number] => ({ ...adult(key), role: "student", grade: "10" })
  const adult = (key: string): Roster["people"][number] => ({
    sourcedId: key,
    role: "staff",
    givenName: `Given ${key}`,
    familyName: `Family ${key}`,
    preferredName: null,
    pronouns: null,
    email: `${key}@example.org`,
    username: null,
    grade: null,
    siteSourcedId: "main",
    active: true,
    until: null,
    language: null,
  })
  const learns = (student: string, group: string) => ({
    sourcedId: `e-${group}-${student}`,
    groupSourcedId: group,
    studentSourcedId: student,
    from: null,
    to: null,
  })
  const teaches = (adult: string, group: string, primary: boolean) => ({
    sourcedId: `e-${group}-${adult}`,
    groupSourcedId: group,
    adultSourcedId: adult,
    primary,
    from: null,
    to: null,
  })
  const roster: Roster = {
    form: "oneroster-1.1",
    complete: true,
    given: ["orgs", "academicSessions", "users", "classes", "enrollments"],
    sites: [{ sourcedId: "main", name: "Main building", kind: "school" }],
    terms: [{ sourcedId: "year", title: "Year", start: "2026-08-31", end: "2027-06-11" }],
    people: [...["s1", "s2", "s3", "s4"].map(student), ...["t1", "t2", "t3"].map(adult)],
    groups: [
      { sourcedId: "oak", siteSourcedId: "main", title: "Oak advisory", kind: "advisory", why: "its title says advisory" },
      { sourcedId: "elm", siteSourcedId: "main", title: "Elm advisory", kind: "advisory", why: "its title says advisory" },
      { sourcedId: "art", siteSourcedId: "main", title: "Art", kind: "class", why: "it is a class" },
    ],
    memberships: [learns("s1", "oak"), learns("s2", "oak"), learns("s3", "elm"), learns("s1", "art"), learns("s4", "art")],
    teachings: [teaches("t1", "oak", true), teaches("t2", "oak", false), teaches("t2", "elm", true), teaches("t3", "art", true)],
    ended: { orgs: [], academicSessions: [], users: [], roles: [], classes: [], enrollments: [] },
    leftOut: {},
  }
  change(roster)
  return roster
}

/** Only what `change` puts into it. */
export const delta = (change: (roster: Roster) => void): Roster =>
  smallRoster((roster) => {
    Object.assign(roster, { complete: false, sites: [], terms: [], people: [], groups: [], memberships: [], teachings: [] })
    change(roster)
  })
