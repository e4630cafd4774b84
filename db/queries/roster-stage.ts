import { sql } from "drizzle-orm"
import type { Roster, RosterTable } from "../../src/roster/roster.ts"
import { rows, type Tx } from "../client.ts"

/** What a roster says, laid beside the tables for one transaction, so that each comparison is one statement whatever its size. */
const staged = {
  given_site: "sourced_id text primary key, name text, zone text",
  given_term: "sourced_id text primary key, title text, starts date, ends date",
  given_person:
    "sourced_id text primary key, role text, given_name text, family_name text, preferred_name text, pronouns text, email text, grade text, language text, site text, active boolean",
  given_group: "sourced_id text primary key, site text, title text, kind text",
  given_enrolment: "sourced_id text primary key, group_key text, person_key text, role text, lead boolean, from_date date, to_date date",
  given_end: "what text, sourced_id text, primary key (what, sourced_id)",
} as const

type Staged = keyof typeof staged
export type Progress = (done: number, of: number) => void

// One parameter of this many rows stays a few megabytes.
const rowsAtOnce = 5_000

/** Lays a roster out. `zones` by site key: null keeps the zone that the site has. */
export async function stageRoster(tx: Tx, roster: Roster, zones: ReadonlyMap<string, string | null>, progress: Progress): Promise<void> {
  // A plan kept from a small import would join a large one row by row.
  await rows(tx, sql.raw("set local plan_cache_mode = force_custom_plan"))
  for (const [table, columns] of Object.entries(staged)) {
    await rows(tx, sql.raw(`create temporary table if not exists ${table} (${columns}) on commit drop`))
    await rows(tx, sql.raw(`truncate ${table}`))
  }
  const until = new Map(roster.people.map((person) => [person.sourcedId, person.until]))
  const given: readonly [Staged, readonly object[]][] = [
    ["given_site", roster.sites.map((site) => ({ sourced_id: site.sourcedId, name: site.name, zone: zones.get(site.sourcedId) ?? null }))],
    ["given_term", roster.terms.map((term) => ({ sourced_id: term.sourcedId, title: term.title, starts: term.start, ends: term.end }))],
    ["given_person", roster.people.map(personRow)],
    ["given_group", roster.groups.map((group) => ({ sourced_id: group.sourcedId, site: group.siteSourcedId, title: group.title, kind: group.kind }))],
    ["given_enrolment", enrolmentRows(roster, until)],
    ["given_end", Object.entries(roster.ended).flatMap(([what, ids]) => [...new Set(ids)].map((id) => ({ what, sourced_id: id })))],
  ]
  const all = given.reduce((sum, [, list]) => sum + list.length, 0)
  let done = 0
  for (const [table, list] of given) {
    for (let from = 0; from < list.length; from += rowsAtOnce) {
      const part = JSON.stringify(list.slice(from, from + rowsAtOnce))
      await rows(tx, sql`insert into ${sql.raw(table)} select * from jsonb_populate_recordset(null::${sql.raw(table)}, ${part}::jsonb)`)
      done += Math.min(rowsAtOnce, list.length - from)
      progress(done, all)
    }
    await rows(tx, sql.raw(`analyze ${table}`))
  }
}

const personRow = (person: Roster["people"][number]) => ({
  sourced_id: person.sourcedId,
  role: person.role,
  given_name: person.givenName,
  family_name: person.familyName,
  preferred_name: person.preferredName,
  pronouns: person.pronouns,
  email: person.email,
  grade: person.grade,
  language: person.language,
  site: person.siteSourcedId,
  active: person.active,
})

/** A role that ends takes its holder's enrolments with it. */
const earlier = (one: string | null, other: string | null): string | null => (one === null || (other !== null && other < one) ? other : one)

const enrolmentRows = (roster: Roster, until: ReadonlyMap<string, string | null>) => [
  ...roster.memberships.map((one) => ({
    sourced_id: one.sourcedId,
    group_key: one.groupSourcedId,
    person_key: one.studentSourcedId,
    role: "student",
    lead: false,
    from_date: one.from,
    to_date: earlier(one.to, until.get(one.studentSourcedId) ?? null),
  })),
  ...roster.teachings.map((one) => ({
    sourced_id: one.sourcedId,
    group_key: one.groupSourcedId,
    person_key: one.adultSourcedId,
    role: "teacher",
    lead: one.primary,
    from_date: one.from,
    to_date: earlier(one.to, until.get(one.adultSourcedId) ?? null),
  })),
]

/** Which of the tables this roster holds whole, so that absence means gone. */
export const whole = (roster: Roster, table: RosterTable): boolean => roster.complete && roster.given.includes(table)
