// OneRoster 1.1 and 1.2 CSV. Decides which column says what; refuses to look at passwords, agents, phones and identifiers.
// Columns: 1EdTech OneRoster CSV binding 1.1 and 1.2.1.
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
  type UserRow,
} from "./assemble.ts"
import { complain, may, must, noProblems, type Problems, type Row, readTable, said, spanIn } from "./csv.ts"
import { type RosterForm, type RosterTable, rosterTables } from "./roster.ts"

type Files = ReadonlyMap<string, Uint8Array>
const kept = { sourcedId: must("sourcedId"), status: may("status") }
const keys = { id: "sourcedId", status: "status" } as const

/** Reads every table that the manifest says is there. Problems are in the draft. */
export function readOneRoster(files: Files, advisory: readonly string[]): Draft {
  const problems = noProblems()
  const { form, modes } = readManifest(files, problems)
  const draft: Draft = { ...draftOf(form, modes, files, advisory), problems }
  readOrgsAndSessions(draft)
  readUsers(draft)
  readRoles(draft)
  settlePeople(draft)
  readClasses(draft)
  return draft
}

function readManifest(files: Files, problems: Problems): { form: RosterForm; modes: Draft["modes"] } {
  const values = new Map<string, { value: string; line: number }>()
  const file = "manifest.csv"
  const columns = { name: must("propertyName"), value: must("value") }
  readTable(file, files.get(file) ?? new Uint8Array(), columns, problems, (row) => {
    values.set(row.get("name").toLowerCase(), { value: row.get("value").toLowerCase(), line: row.line })
  })
  const version = values.get("oneroster.version")
  const known = version === undefined || /^1\.[12](\.\d)?$/.test(version.value)
  if (!known) complain(problems, { file, line: version.line, column: "value", says: `OneRoster ${said(version.value)} is not read; 1.1 and 1.2 are` })
  const form = (version ? version.value.startsWith("1.2") : files.has("roles.csv")) ? "oneroster-1.2" : "oneroster-1.1"
  const mode = (table: RosterTable): Mode => {
    const there = files.has(`${table}.csv`)
    const stated = values.get(`file.${table.toLowerCase()}`)
    if (stated?.value === "absent" || (table === "roles" && form === "oneroster-1.1")) return "absent"
    if (stated && stated.value !== "bulk" && stated.value !== "delta")
      complain(problems, { file, line: stated.line, column: "value", says: `${said(stated.value)} is not bulk, delta or absent` })
    if (stated && !there) complain(problems, { file, line: stated.line, column: "value", says: `${table}.csv is announced but missing` })
    if (!there) return "absent"
    return stated?.value === "delta" ? "delta" : "bulk"
  }
  const modes: Draft["modes"] = {
    orgs: mode("orgs"),
    academicSessions: mode("academicSessions"),
    users: mode("users"),
    roles: mode("roles"),
    classes: mode("classes"),
    enrollments: mode("enrollments"),
  }
  const delta = rosterTables.some((table) => modes[table] === "delta")
  const needed: RosterTable[] = form === "oneroster-1.2" ? ["orgs", "users", "roles"] : ["orgs", "users"]
  for (const table of delta ? [] : needed)
    if (modes[table] === "absent") complain(problems, { file, line: 1, column: null, says: `a full roster needs ${table}.csv` })
  return { form, modes }
}

function readOrgsAndSessions(draft: Draft): void {
  const org = { ...kept, name: must("name"), type: must("type"), parent: may("parentSourcedId") }
  readRows(draft, "orgs", org, keys, (row, id) => {
    draft.orgs.set(id, { sourcedId: id, name: nameIn(row, "name"), kind: row.get("type"), parent: row.get("parent") })
  })
  const session = {
    ...kept,
    title: must("title"),
    type: must("type"),
    start: must("startDate"),
    end: must("endDate"),
    parent: may("parentSourcedId"),
  }
  readRows(draft, "academicSessions", session, keys, (row, id) => {
    const given = { sourcedId: id, title: nameIn(row, "title"), kind: row.get("type"), parent: row.get("parent") }
    addSession(draft, row, given, "start", "end")
  })
}

// 1.2.1 names the column preferredGivenName; exports that follow the REST binding say preferredFirstName.
const person = {
  enabled: may("enabledUser"),
  username: may("username"),
  givenName: must("givenName"),
  familyName: must("familyName"),
  preferredName: may("preferredGivenName", "preferredFirstName", "metadata.preferredGivenName", "metadata.preferredFirstName"),
  pronouns: may("pronouns", "metadata.pronouns"),
  language: may("metadata.language", "metadata.preferredLanguage"),
  email: may("email"),
  grades: may("grades"),
}

function userIn(row: Row<keyof typeof person>, id: string, orgs: string[]): UserRow {
  const email = row.get("email").toLowerCase()
  return {
    sourcedId: id,
    givenName: nameIn(row, "givenName"),
    familyName: nameIn(row, "familyName"),
    preferredName: orNull(nameIn(row, "preferredName")),
    pronouns: orNull(nameIn(row, "pronouns")),
    email: email.includes("@") ? email : null,
    username: orNull(row.get("username")),
    grade: listIn(row.get("grades"))[0] ?? null,
    active: row.get("enabled").toLowerCase() !== "false",
    language: orNull(row.get("language")),
    orgs,
  }
}

function readUsers(draft: Draft): void {
  if (draft.form === "oneroster-1.1") {
    readRows(draft, "users", { ...kept, ...person, role: must("role"), orgs: must("orgSourcedIds") }, keys, (row, id) => {
      const orgs = listIn(row.get("orgs"))
      for (const org of orgs) refers(draft, row, "orgs", org, "orgs")
      addUser(draft, row, userIn(row, id, orgs), "givenName")
      if (row.get("role") !== "") giveRole(draft, id, { word: row.get("role"), org: orgs[0] ?? "", primary: true, until: null })
    })
    return
  }
  readRows(draft, "users", { ...kept, ...person, org: may("primaryOrgSourcedId") }, keys, (row, id) => {
    const org = row.get("org")
    if (org !== "") refers(draft, row, "org", org, "orgs")
    addUser(draft, row, userIn(row, id, org === "" ? [] : [org]), "givenName")
  })
}

function readRoles(draft: Draft): void {
  const role = {
    ...kept,
    user: must("userSourcedId"),
    type: may("roleType"),
    role: must("role"),
    begin: may("beginDate"),
    end: may("endDate"),
    org: must("orgSourcedId"),
  }
  readRows(draft, "roles", role, keys, (row) => {
    refers(draft, row, "user", row.get("user"), "users")
    refers(draft, row, "org", row.get("org"), "orgs")
    const { to } = spanIn(row, "begin", "end")
    const primary = row.get("type").toLowerCase() === "primary"
    giveRole(draft, row.get("user"), { word: row.get("role"), org: row.get("org"), primary, until: to })
  })
}

function readClasses(draft: Draft): void {
  const group = { ...kept, title: must("title"), type: may("classType"), school: must("schoolSourcedId"), terms: may("termSourcedIds") }
  readRows(draft, "classes", group, keys, (row, id) => {
    const sessions = listIn(row.get("terms"))
    refers(draft, row, "school", row.get("school"), "orgs")
    for (const session of sessions) refers(draft, row, "terms", session, "academicSessions")
    addClass(draft, { sourcedId: id, title: nameIn(row, "title"), type: row.get("type"), org: row.get("school"), sessions })
  })
  const enrolment = {
    ...kept,
    group: must("classSourcedId"),
    user: must("userSourcedId"),
    role: must("role"),
    primary: may("primary"),
    begin: may("beginDate"),
    end: may("endDate"),
  }
  readRows(draft, "enrollments", enrolment, keys, (row, id) => {
    const given = { sourcedId: id, group: row.get("group"), user: row.get("user"), word: row.get("role"), ...spanIn(row, "begin", "end") }
    enrol(draft, row, { ...given, primary: row.get("primary").toLowerCase() === "true" }, { group: "group", user: "user", role: "role" })
  })
}
