// Puts a roster together from rows that a reader of one form has named. Decides whether the rows agree with each other;
// refuses to know how any form spells its columns.
import { cleanLine, showSafely } from "../words/clean.ts"
import { type Columns, noProblems, type Problems, type Row, readTable, said, spanIn } from "./csv.ts"
import type { Site, Teaching, Term } from "./roster.ts"
import { type Membership, type Roster, type RosterForm, type RosterGroup, type RosterPerson, type RosterTable, rosterTables } from "./roster.ts"
import { advisoryWord, isUmbrella, type RoleKind, roleKind, teaches } from "./roster-words.ts"

export type Mode = "bulk" | "delta" | "absent"
type Org = Site & { parent: string }
type Session = Term & { kind: string; parent: string }
type GivenRole = { word: string; kind: RoleKind; org: string; primary: boolean; until: string | null }
export type UserRow = Omit<RosterPerson, "role" | "siteSourcedId" | "until"> & { orgs: string[] }
type Span = { from: string | null; to: string | null }

/** A roster half read. Tables go in the order of `rosterTables`, so that a row finds what it refers to. */
export type Draft = {
  form: RosterForm
  modes: Record<RosterTable, Mode>
  files: ReadonlyMap<string, Uint8Array>
  advisory: readonly string[]
  problems: Problems
  /** Tables with a problem of their own: a row that refers to them is not blamed for it. */
  shaky: Set<RosterTable>
  seen: Record<RosterTable, Map<string, number>>
  ended: Record<RosterTable, string[]>
  orgs: Map<string, Org>
  sessions: Map<string, Session>
  users: Map<string, UserRow & { roles: GivenRole[] }>
  people: Map<string, RosterPerson>
  leftOut: Map<string, number>
  groups: Map<string, RosterGroup & Span>
  memberships: Membership[]
  teachings: Teaching[]
}

const each = <T>(make: () => T): Record<RosterTable, T> => ({
  orgs: make(),
  academicSessions: make(),
  users: make(),
  roles: make(),
  classes: make(),
  enrollments: make(),
})

export const draftOf = (form: RosterForm, modes: Draft["modes"], files: Draft["files"], advisory: readonly string[]): Draft => ({
  form,
  modes,
  files,
  advisory,
  problems: noProblems(),
  shaky: new Set(),
  seen: each(() => new Map()),
  ended: each(() => []),
  orgs: new Map(),
  sessions: new Map(),
  users: new Map(),
  people: new Map(),
  leftOut: new Map(),
  groups: new Map(),
  memberships: [],
  teachings: [],
})

export const longest = { id: 255, name: 200 } as const

/** Reads one table of the draft, if it is there. A row marked tobedeleted only ends. `id` null: the form gives such rows no key. */
export function readRows<C extends string>(
  draft: Draft,
  table: RosterTable,
  columns: Columns<C>,
  keys: { id: NoInfer<C> | null; status: NoInfer<C> | null },
  take: (row: Row<NoInfer<C>>, id: string) => void,
): void {
  const file = `${table}.csv`
  const bytes = draft.files.get(file)
  if (!bytes || draft.modes[table] === "absent") return
  const seen = draft.seen[table]
  const before = draft.problems.list.length
  readTable(file, bytes, columns, draft.problems, (row) => {
    const state = keys.status === null ? "" : row.get(keys.status).toLowerCase()
    const id = keys.id === null ? "" : row.get(keys.id)
    if (keys.id !== null) {
      const first = seen.get(id)
      if (id === "") return row.complain(keys.id, "is empty; every row needs its key")
      if (id.length > longest.id || showSafely(cleanLine(id, longest.id)) !== id) return row.complain(keys.id, `${said(id)} cannot be a key`)
      if (first !== undefined) return row.complain(keys.id, `${said(id)} already stands in line ${first}`)
      seen.set(id, row.line)
    }
    if (state === "tobedeleted") return void draft.ended[table].push(id)
    if (draft.modes[table] === "delta" && state !== "active")
      return row.complain(keys.status, `${said(state)} is not a status; a delta row says active or tobedeleted`)
    take(row, id)
  })
  if (draft.problems.list.length > before) draft.shaky.add(table)
}

/** A name or title: one line, safe to show; a problem where it is too long to be one. */
export function nameIn<C extends string>(row: Row<C>, column: C): string {
  const cell = row.get(column)
  if (cell.length > longest.name) row.complain(column, `is longer than ${longest.name} characters`)
  return showSafely(cleanLine(cell, longest.name)).trim()
}

export const orNull = (text: string): string | null => (text === "" ? null : text)
export const listIn = (cell: string): string[] => cell.split(",").flatMap((part) => part.trim() || [])

/** Whether a row may refer to this key; complains where the table is whole and does not know it. */
export function refers<C extends string>(draft: Draft, row: Row<C>, column: C, key: string, table: RosterTable): boolean {
  if (draft.seen[table].has(key) || draft.modes[table] !== "bulk" || draft.shaky.has(table)) return true
  row.complain(column, key === "" ? "is empty" : `${said(key)} is not in ${table}.csv`)
  return false
}

export function addSession<C extends string>(draft: Draft, row: Row<C>, session: Omit<Session, "start" | "end">, first: C, last: C): void {
  for (const column of [first, last]) if (row.get(column) === "") row.complain(column, "is empty; a session needs its first and its last day")
  const { from: start, to: end } = spanIn(row, first, last)
  if (start !== null && end !== null) draft.sessions.set(session.sourcedId, { ...session, start, end })
}

export function addUser<C extends string>(draft: Draft, row: Row<C>, user: UserRow, column: C): void {
  if (user.givenName === "" && user.familyName === "") row.complain(column, "is empty, and so is the family name")
  else draft.users.set(user.sourcedId, { ...user, roles: [] })
}

const earliest = (days: readonly string[]): string | null =>
  days.reduce<string | null>((best, day) => (best !== null && best < day ? best : day), null)
const latest = (days: readonly string[]): string | null => days.reduce<string | null>((best, day) => (best !== null && best > day ? best : day), null)

export function giveRole(draft: Draft, user: string, role: Omit<GivenRole, "kind">): void {
  draft.users.get(user)?.roles.push({ ...role, kind: roleKind(role.word) })
}

/** Decides who of the users is a student or staff; family, unknown roles and users without one are counted and forgotten. */
export function settlePeople(draft: Draft): void {
  const known = draft.form === "oneroster-1.1" ? draft.modes.users === "bulk" : draft.modes.roles === "bulk"
  for (const [key, { roles, orgs, ...user }] of draft.users) {
    draft.users.delete(key)
    const ranked = [...roles.filter((role) => role.primary), ...roles.filter((role) => !role.primary)]
    const own = ranked.filter((role) => role.kind === "student" || role.kind === "staff")
    const kind = own[0]?.kind
    if (kind !== "student" && kind !== "staff" && (known || roles.length > 0)) {
      const word = showSafely(cleanLine(roles[0]?.word ?? "", 40)) || "no role"
      draft.leftOut.set(word, (draft.leftOut.get(word) ?? 0) + 1)
      continue
    }
    const ends = own.filter((role) => role.kind === kind).map((role) => role.until)
    const places = [...own.map((role) => role.org), ...orgs].map((org) => siteOf(draft, org))
    draft.people.set(key, {
      ...user,
      role: kind === "student" || kind === "staff" ? kind : null,
      siteSourcedId: places.find((place) => place !== null) ?? null,
      until: ends.some((end) => end === null) ? null : latest(ends.flatMap((end) => end ?? [])),
    })
  }
}

/** The place where people of this org meet: a department counts as its school, a district as none (unless there is nothing else). */
function siteOf(draft: Draft, key: string): string | null {
  let org = draft.orgs.get(key)
  for (let step = 0; org?.kind.toLowerCase() === "department" && draft.orgs.has(org.parent) && step < 10; step += 1) org = draft.orgs.get(org.parent)
  if (!org) return orNull(key)
  return isSite(draft, org) ? org.sourcedId : null
}

const isSite = (draft: Draft, org: Org): boolean => {
  if (org.kind.toLowerCase() === "department" && draft.orgs.has(org.parent)) return false
  return !isUmbrella(org.kind) || ![...draft.orgs.values()].some((other) => !isUmbrella(other.kind))
}

export function addClass(draft: Draft, given: { sourcedId: string; title: string; type: string; org: string; sessions: readonly string[] }): void {
  const word = advisoryWord(given.title, draft.advisory)
  const homeroom = given.type.toLowerCase() === "homeroom"
  const terms = given.sessions.flatMap((key) => draft.sessions.get(key) ?? [])
  const whole = terms.length > 0 && terms.length === given.sessions.length
  draft.groups.set(given.sourcedId, {
    sourcedId: given.sourcedId,
    siteSourcedId: siteOf(draft, given.org),
    title: given.title,
    kind: homeroom || word !== null ? "advisory" : "class",
    why: homeroom ? "its type is homeroom" : word !== null ? `its title says ${word}` : "neither its type nor its title names an advisory",
    from: whole ? earliest(terms.map((term) => term.start)) : null,
    to: whole ? latest(terms.map((term) => term.end)) : null,
  })
}

type Enrolment = { sourcedId: string; group: string; user: string; word: string; primary: boolean } & Span

/** A student's place or a teacher's post in a group; other roles of a class, and people who were left out, tie nobody. */
export function enrol<C extends string>(draft: Draft, row: Row<C>, given: Enrolment, columns: { group: C; user: C; role: C }): void {
  const right = [refers(draft, row, columns.group, given.group, "classes"), refers(draft, row, columns.user, given.user, "users")]
  if (right.includes(false)) return
  const group = draft.groups.get(given.group)
  const person = draft.people.get(given.user)
  const gone = (draft.seen.classes.has(given.group) && !group) || (draft.seen.users.has(given.user) && !person)
  const student = roleKind(given.word) === "student"
  if (gone || (!student && !teaches(given.word))) return
  if (person?.role === (student ? "staff" : "student"))
    row.complain(columns.role, `${said(given.user)} is ${student ? "staff, not a student" : "a student, not a teacher"} in this roster`)
  const tie = {
    sourcedId: given.sourcedId,
    groupSourcedId: group?.sourcedId ?? given.group,
    from: given.from ?? group?.from ?? null,
    to: given.to ?? group?.to ?? null,
  }
  const key = person?.sourcedId ?? given.user
  if (student) draft.memberships.push({ ...tie, studentSourcedId: key })
  else draft.teachings.push({ ...tie, adultSourcedId: key, primary: given.primary })
}

export function finish(draft: Draft): Roster {
  const led = new Set(draft.teachings.flatMap((teaching) => (teaching.primary ? teaching.groupSourcedId : [])))
  for (const teaching of draft.teachings) {
    if (led.has(teaching.groupSourcedId) || !draft.groups.has(teaching.groupSourcedId)) continue
    teaching.primary = true
    led.add(teaching.groupSourcedId)
  }
  const given = rosterTables.filter((table) => draft.modes[table] !== "absent")
  return {
    form: draft.form,
    complete: given.every((table) => draft.modes[table] === "bulk"),
    given,
    sites: [...draft.orgs.values()].filter((org) => isSite(draft, org)).map(({ parent: _parent, ...site }) => site),
    terms: termsOf([...draft.sessions.values()]),
    people: [...draft.people.values()],
    groups: [...draft.groups.values()].map(({ from: _from, to: _to, ...group }) => group),
    memberships: draft.memberships,
    teachings: draft.teachings,
    ended: draft.ended,
    leftOut: Object.fromEntries(draft.leftOut),
  }
}

/** A school year that is cut into terms would bridge the break between them; grading periods say nothing that their term does not. */
function termsOf(sessions: readonly Session[]): Term[] {
  const isPeriod = (session: Session) => session.kind.toLowerCase() === "gradingperiod"
  const cut = new Set(sessions.flatMap((session) => (isPeriod(session) ? [] : session.parent)))
  const keys = new Set(sessions.map((session) => session.sourcedId))
  return sessions
    .filter((session) => (isPeriod(session) ? !keys.has(session.parent) : !cut.has(session.sourcedId)))
    .map(({ kind: _kind, parent: _parent, ...term }) => term)
}
