// Microsoft School Data Sync v2.1 CSV. Decides which column says what; refuses to look at passwords, phones, demographics,
// flags and relationships. Columns: learn.microsoft.com, "SDS v2.1 CSV file format".
import {
  addClass,
  addSession,
  addUser,
  type Draft,
  draftOf,
  enrol,
  giveRole,
  listIn,
  type Mode,
  nameIn,
  orNull,
  readRows,
  refers,
  settlePeople,
} from "./assemble.ts"
import { may, must, spanIn } from "./csv.ts"

type Files = ReadonlyMap<string, Uint8Array>
const keyed = { id: "sourcedId", status: null } as const
const keyless = { id: null, status: null } as const

/** SDS knows no delta: a file that is there is whole, and without classes nothing is said about them. */
export function readSds(files: Files, advisory: readonly string[]): Draft {
  const mode = (file: string): Mode => (files.has(file) ? "bulk" : "absent")
  const modes = {
    orgs: mode("orgs.csv"),
    academicSessions: mode("academicSessions.csv"),
    users: mode("users.csv"),
    roles: mode("roles.csv"),
    classes: mode("classes.csv"),
    enrollments: mode("enrollments.csv"),
  }
  const draft = draftOf("sds-2.1", modes, files, advisory)
  readPlaces(draft)
  readPeople(draft)
  settlePeople(draft)
  readClasses(draft)
  return draft
}

function readPlaces(draft: Draft): void {
  const org = { sourcedId: must("sourcedId"), name: must("name"), type: must("type"), parent: may("parentSourcedId") }
  readRows(draft, "orgs", org, keyed, (row, id) => {
    draft.orgs.set(id, { sourcedId: id, name: nameIn(row, "name"), kind: row.get("type"), parent: row.get("parent") })
  })
  const session = { sourcedId: must("sourcedId"), title: must("title"), type: must("type"), start: must("startDate"), end: must("endDate") }
  readRows(draft, "academicSessions", session, keyed, (row, id) => {
    addSession(draft, row, { sourcedId: id, title: nameIn(row, "title"), kind: row.get("type"), parent: "" }, "start", "end")
  })
}

function readPeople(draft: Draft): void {
  const user = {
    sourcedId: must("sourcedId"),
    username: must("username"),
    givenName: may("givenName"),
    familyName: may("familyName"),
    account: may("activeDirectoryMatchId"),
    email: may("email"),
    preferredName: may("preferredGivenName", "preferredFirstName"),
    pronouns: may("pronouns"),
    language: may("preferredLanguage", "language"),
  }
  readRows(draft, "users", user, keyed, (row, id) => {
    const addresses = [row.get("email"), row.get("account"), row.get("username")].filter((address) => address.includes("@"))
    const given = {
      sourcedId: id,
      givenName: nameIn(row, "givenName"),
      familyName: nameIn(row, "familyName"),
      preferredName: orNull(nameIn(row, "preferredName")),
      pronouns: orNull(nameIn(row, "pronouns")),
      email: addresses[0]?.toLowerCase() ?? null,
      username: orNull(row.get("username")),
      grade: null,
      active: true,
      language: orNull(row.get("language")),
      orgs: [],
    }
    addUser(draft, row, given, "givenName")
  })
  const role = {
    user: must("userSourcedId"),
    org: must("orgSourcedId"),
    role: must("role"),
    grade: may("grade"),
    primary: may("isPrimary"),
    begin: may("roleStartDate"),
    end: may("roleEndDate"),
  }
  readRows(draft, "roles", role, keyless, (row) => {
    const id = row.get("user")
    refers(draft, row, "user", id, "users")
    refers(draft, row, "org", row.get("org"), "orgs")
    const primary = row.get("primary").toLowerCase() === "true"
    giveRole(draft, id, { word: row.get("role"), org: row.get("org"), primary, until: spanIn(row, "begin", "end").to })
    const user = draft.users.get(id)
    if (user && row.get("role").toLowerCase() === "student" && (primary || user.grade === null)) user.grade = orNull(row.get("grade"))
  })
}

function readClasses(draft: Draft): void {
  const group = { sourcedId: must("sourcedId"), org: must("orgSourcedId"), title: must("title"), sessions: may("sessionSourcedIds") }
  readRows(draft, "classes", group, keyed, (row, id) => {
    const sessions = listIn(row.get("sessions"))
    refers(draft, row, "org", row.get("org"), "orgs")
    for (const session of sessions) refers(draft, row, "sessions", session, "academicSessions")
    addClass(draft, { sourcedId: id, title: nameIn(row, "title"), type: "", org: row.get("org"), sessions })
  })
  const seen = new Set<string>()
  readRows(draft, "enrollments", { group: must("classSourcedId"), user: must("userSourcedId"), role: must("role") }, keyless, (row) => {
    const given = { group: row.get("group"), user: row.get("user"), word: row.get("role") }
    const sourcedId = `${given.group}/${given.user}/${given.word.toLowerCase()}`
    if (seen.has(sourcedId)) return
    seen.add(sourcedId)
    enrol(draft, row, { ...given, sourcedId, primary: false, from: null, to: null }, { group: "group", user: "user", role: "role" })
  })
}
