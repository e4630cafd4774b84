// A school's roster as one value, whatever files it came in. The shape alone; no reading, no database.

export const rosterTables = ["orgs", "academicSessions", "users", "roles", "classes", "enrollments"] as const
export type RosterTable = (typeof rosterTables)[number]
export type RosterForm = "oneroster-1.1" | "oneroster-1.2" | "sds-2.1"

export type Site = { sourcedId: string; name: string; kind: string }
/** `end` is the last day, as schools write it. */
export type Term = { sourcedId: string; title: string; start: string; end: string }
export type RosterPerson = {
  sourcedId: string
  /** null only in a delta that names a user without a role: it changes someone already known, and adds nobody. */
  role: "student" | "staff" | null
  givenName: string
  familyName: string
  preferredName: string | null
  pronouns: string | null
  email: string | null
  username: string | null
  grade: string | null
  /** null: no site of their own (a district's office), or not said. */
  siteSourcedId: string | null
  active: boolean
  /** The last day of the role that the roster gives them; null: no end said. */
  until: string | null
  language: string | null
}
/** `why` says in a sentence what made the group an advisory or a class, for the dry run. */
export type RosterGroup = { sourcedId: string; siteSourcedId: string | null; title: string; kind: "advisory" | "class"; why: string }
/** `sourcedId` is the enrolment's; dates are the enrolment's own, else those of the class's terms; both days count. */
export type Membership = { sourcedId: string; groupSourcedId: string; studentSourcedId: string; from: string | null; to: string | null }
export type Teaching = {
  sourcedId: string
  groupSourcedId: string
  adultSourcedId: string
  primary: boolean
  from: string | null
  to: string | null
}

export type Roster = {
  form: RosterForm
  /** Every table in `given` is whole: who is missing from it has left. False: rows add, change or end, absence says nothing. */
  complete: boolean
  given: readonly RosterTable[]
  sites: Site[]
  terms: Term[]
  people: RosterPerson[]
  groups: RosterGroup[]
  memberships: Membership[]
  teachings: Teaching[]
  /** sourcedIds marked tobedeleted. */
  ended: Record<RosterTable, string[]>
  /** Users that were not read, by the role the file gives them, for the dry run ("guardian": 12). */
  leftOut: Readonly<Record<string, number>>
}

/** Stands where nobody said in which zone a site lies; its groups are asked nothing until somebody does. */
export const unsaidZone = "UTC"
