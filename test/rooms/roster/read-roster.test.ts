import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { openRoster } from "../../../src/roster/open-roster.ts"
import { readRoster } from "../../../src/roster/read-roster.ts"
import { advisoryWord, advisoryWords } from "../../../src/roster/roster-words.ts"
import { bytesOf, read, rosterOf, textsOf } from "../../fixtures/roster/files.ts"

describe("OneRoster 1.1", () => {
  const roster = rosterOf(read(textsOf("oneroster-1.1")))
  test("is read whole: people, groups, ties", () => {
    expect(roster.form).toBe("oneroster-1.1")
    expect(roster.complete).toBe(true)
    expect(roster.given).toEqual(["orgs", "academicSessions", "users", "classes", "enrollments"])
    expect(roster.sites).toEqual([{ sourcedId: "o-1", name: "Harborlight Middle School", kind: "school" }])
    expect(roster.people.map((person) => [person.sourcedId, person.role, person.active])).toEqual([
      ["u-1", "staff", true],
      ["u-2", "student", true],
      ["u-3", "student", false],
      ["u-5", "staff", true],
    ])
    expect(roster.people[0]).toMatchObject({ email: "petra.moss@example.org", username: "pmoss", siteSourcedId: "o-1", grade: null })
    expect(roster.people[1]).toMatchObject({ grade: "08", preferredName: null, language: null })
  })
  test("keeps the terms a school year is cut into, not the year that bridges their break nor the marking periods inside", () => {
    expect(roster.terms).toEqual([{ sourcedId: "q-1", title: "Autumn", start: "2026-08-31", end: "2026-12-18" }])
  })
  test("takes a class of type homeroom for an advisory and says why", () => {
    expect(roster.groups.map((group) => [group.title, group.kind, group.why])).toEqual([
      ["Room 4, mornings", "advisory", "its type is homeroom"],
      ["Science 8", "class", "neither its type nor its title names an advisory"],
    ])
  })
  test("dates a tie by the enrolment, else by the terms of the class", () => {
    expect(roster.memberships.map((tie) => [tie.sourcedId, tie.groupSourcedId, tie.studentSourcedId, tie.from, tie.to])).toEqual([
      ["e-2", "c-1", "u-2", "2026-09-14", "2026-12-18"],
      ["e-3", "c-1", "u-3", "2026-08-31", "2026-12-18"],
      ["e-5", "c-2", "u-2", "2026-08-31", "2026-11-30"],
    ])
  })
  test("ties teachers only, and gives a class whose file names no primary teacher its first", () => {
    expect(roster.teachings.map((tie) => [tie.groupSourcedId, tie.adultSourcedId, tie.primary])).toEqual([
      ["c-1", "u-1", true],
      ["c-2", "u-1", true],
    ])
  })
  test("leaves guardians out and counts them", () => {
    expect(roster.leftOut).toEqual({ guardian: 1 })
  })
})

describe("OneRoster 1.2", () => {
  const roster = rosterOf(read(textsOf("oneroster-1.2")))
  test("takes roles from roles.csv: the primary one decides, an unknown one makes nobody staff", () => {
    expect(roster.form).toBe("oneroster-1.2")
    expect(roster.people.map((person) => [person.sourcedId, person.role, person.until])).toEqual([
      ["u-1", "staff", "2027-06-30"],
      ["u-2", "student", null],
      ["u-3", "student", null],
    ])
    expect(roster.leftOut).toEqual({ guardian: 1, "ext:volunteer": 1 })
  })
  test("knows chosen names, pronouns and languages", () => {
    expect(roster.people[1]).toMatchObject({ preferredName: "Ory", pronouns: "they/them" })
    expect(roster.people[2]).toMatchObject({ preferredName: null, pronouns: null, language: "es-MX" })
  })
  test("reads exports that name the columns as the REST binding does", () => {
    const texts = textsOf("oneroster-1.2")
    const renamed = { ...texts, "users.csv": texts["users.csv"]?.replace("preferredGivenName", "preferredFirstName") ?? "" }
    expect(rosterOf(read(renamed)).people[1]?.preferredName).toBe("Ory")
  })
})

describe("School Data Sync v2.1", () => {
  const roster = rosterOf(read(textsOf("sds-2.1")))
  test("is known by its files, without a manifest", () => {
    expect(roster.form).toBe("sds-2.1")
    expect(roster.complete).toBe(true)
    expect(roster.people.map((person) => [person.sourcedId, person.role, person.grade, person.email, person.siteSourcedId])).toEqual([
      ["1", "student", "10", "ada@fernhill.example.org", "901"],
      ["2", "staff", null, "rui.c@example.org", "901"],
      ["3", "staff", null, "noor@fernhill.example.org", "901"],
    ])
    expect(roster.leftOut).toEqual({ "no role": 1 })
  })
  test("counts a department as its school and a ministry as no place at all", () => {
    expect(roster.sites.map((site) => site.sourcedId)).toEqual(["901"])
    expect(roster.groups.map((group) => [group.title, group.siteSourcedId])).toEqual([
      ["Tutoría y mentores", "901"],
      ["Ceramics", "901"],
    ])
  })
  test("takes a row that stands twice once, and an assistant for no teacher", () => {
    expect(roster.memberships).toHaveLength(2)
    expect(roster.teachings.map((tie) => tie.groupSourcedId)).toEqual(["70"])
  })
  test("without classes says nothing about them", () => {
    const { "classes.csv": _classes, "enrollments.csv": _enrolments, ...rest } = textsOf("sds-2.1")
    expect(rosterOf(read(rest)).given).toEqual(["orgs", "users", "roles"])
  })

  const shared = fileURLToPath(new URL("../../../../shared/data/roster-sds-v2.1", import.meta.url))
  test.runIf(existsSync(shared))("Microsoft's own sample reads", async () => {
    const opened = await openRoster(shared)
    if (opened.kind === "refused") throw new Error(JSON.stringify(opened.problems))
    expect([...opened.files.keys()].sort()).toEqual(["academicSessions.csv", "classes.csv", "enrollments.csv", "orgs.csv", "roles.csv", "users.csv"])
    const sample = rosterOf(readRoster(opened))
    expect(sample.people.filter((person) => person.role === "student")).toHaveLength(4)
    expect(sample.people.filter((person) => person.role === "staff")).toHaveLength(2)
    expect(sample.groups).toHaveLength(2)
    expect(sample.memberships).toHaveLength(4)
    expect(sample.teachings).toHaveLength(2)
    expect(JSON.stringify(sample)).not.toMatch(/P@ssword|1234567890|jean\.craig|bobsmithee/)
  })
})

describe("which title names an advisory", () => {
  test.each([
    ["Advisory 9A", "advisory"],
    ["ADVISORIES", null],
    ["9-Crew (Heron)", "crew"],
    ["Screw theory", null],
    ["Mentors, Tuesday", "mentor"],
    ["Mentoring", null],
    ["Home_room homeroom", "homeroom"],
    ["Tutor group", "tutor"],
    ["Intercrew", null],
    ["", null],
  ])("%s", (title, word) => {
    expect(advisoryWord(title, advisoryWords)).toBe(word)
  })
  test("words of a school's own, accents and case aside, also of several words", () => {
    expect(advisoryWord("TUTORIA 3º B", ["tutoría"])).toBe("tutoría")
    expect(advisoryWord("Tutorías de la mañana", ["tutoría"])).toBe("tutoría")
    expect(advisoryWord("Grade 9 base camp", ["base camp"])).toBe("base camp")
    expect(advisoryWord("Camp base", ["base camp"])).toBeNull()
    expect(rosterOf(read(textsOf("oneroster-1.1"), ["science"])).groups.map((group) => group.why)).toEqual([
      "its type is homeroom",
      "its title says science",
    ])
  })
})

describe("a delta", () => {
  const full = textsOf("oneroster-1.2")
  const stamp = "2026-10-01T08:00:00Z"
  const delta = {
    "manifest.csv": "propertyName,value\noneroster.version,1.2\nfile.users,delta\nfile.roles,delta\nfile.enrollments,delta\n",
    "users.csv": `sourcedId,status,dateLastModified,givenName,familyName,primaryOrgSourcedId\nu-9,active,${stamp},Wes,Ortolan,o-1\nu-2,active,${stamp},Orla,Farr-Bell,\nu-3,tobedeleted,${stamp},,,\n`,
    "roles.csv": `sourcedId,status,dateLastModified,userSourcedId,roleType,role,orgSourcedId\nr-9,active,${stamp},u-9,primary,student,o-1\nr-4,tobedeleted,${stamp},,,,\n`,
    "enrollments.csv": `sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role\ne-9,active,${stamp},c-1,u-9,student\ne-3,tobedeleted,${stamp},,,\n`,
  }
  test("adds, changes and ends; what it does not name stays", () => {
    const roster = rosterOf(read(delta))
    expect(roster.complete).toBe(false)
    expect(roster.given).toEqual(["users", "roles", "enrollments"])
    expect(roster.people.map((person) => [person.sourcedId, person.role, person.familyName])).toEqual([
      ["u-9", "student", "Ortolan"],
      ["u-2", null, "Farr-Bell"],
    ])
    expect(roster.ended).toMatchObject({ users: ["u-3"], roles: ["r-4"], enrollments: ["e-3"], classes: [] })
    expect(roster.memberships).toEqual([{ sourcedId: "e-9", groupSourcedId: "c-1", studentSourcedId: "u-9", from: null, to: null }])
  })
  test("a row without a status is refused", () => {
    const result = read({ ...delta, "users.csv": delta["users.csv"].replace("u-9,active", "u-9,") })
    expect(result).toMatchObject({ kind: "refused", problems: [{ file: "users.csv", line: 2, column: "status" }] })
  })
  test("beside full tables a reference to a full table is still checked", () => {
    const mixed = { ...full, "manifest.csv": full["manifest.csv"]?.replace("file.enrollments,bulk", "file.enrollments,delta") ?? "" }
    const rows = "sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role\ne-9,active,,c-1,u-77,student\n"
    expect(read({ ...mixed, "enrollments.csv": rows })).toMatchObject({ problems: [{ file: "enrollments.csv", line: 2, column: "userSourcedId" }] })
    expect(rosterOf(read({ ...mixed, "enrollments.csv": rows.replace("u-77", "u-2") })).complete).toBe(false)
  })
  test("in a full set a row marked tobedeleted ends too, and its enrolments go with it", () => {
    const users = full["users.csv"]?.replace("u-3,,", "u-3,tobedeleted,") ?? ""
    const roster = rosterOf(read({ ...full, "users.csv": users }))
    expect(roster.ended.users).toEqual(["u-3"])
    expect(roster.memberships.map((tie) => tie.studentSourcedId)).not.toContain("u-3")
  })
})

describe("what is never read", () => {
  test.each(["oneroster-1.1", "oneroster-1.2", "sds-2.1"] as const)("%s: passwords, phones, demographics, flags, families", (form) => {
    const said = JSON.stringify(read(textsOf(form)))
    for (const secret of ["hunter-two-secret", "555010", "never-read-this", "Nell", "Ivo", "991", "2013-05-05"]) expect(said).not.toContain(secret)
  })
  test("whatever the password, it is in no answer: not in a roster, not in a refusal", () => {
    const texts = textsOf("oneroster-1.1")
    const secret = fc.stringMatching(/^[A-Za-z0-9!#$%&*+]{12,30}$/)
    fc.assert(
      fc.property(secret, fc.boolean(), (password, broken) => {
        const users = (texts["users.csv"] ?? "").replaceAll("hunter-two-secret", password)
        const result = read({ ...texts, "users.csv": broken ? users.replace("u-3,", "u-2,") : users })
        expect(result.kind).toBe(broken ? "refused" : "read")
        expect(JSON.stringify(result)).not.toContain(password)
      }),
      { numRuns: 50 },
    )
  })
  test("a broken demographics file disturbs nobody: it is not opened", () => {
    const texts = { ...textsOf("oneroster-1.1"), "demographics.csv": '"""', "userFlags.csv": "\0" }
    expect(read(texts).kind).toBe("read")
  })
})

describe("hostile but harmless", () => {
  const texts = textsOf("oneroster-1.1")
  test("a byte order mark, CRLF line ends, quoted line breaks and empty rows at the end", () => {
    const users = `\ufeff${(texts["users.csv"] ?? "").replaceAll("\n", "\r\n")},,,,,,,,,,,,,,,,,\r\n\r\n`.replace("Petra", '"Petra\r\nMaria"')
    const roster = rosterOf(read({ ...texts, "users.csv": users }))
    expect(roster.people).toHaveLength(4)
    expect(roster.people[0]?.givenName).toBe("Petra Maria")
  })
  test("a column called __proto__, a person called constructor, a role called __proto__", () => {
    const users = (texts["users.csv"] ?? "")
      .replace("sourcedId,", "sourcedId,__proto__,")
      .replaceAll(/^(u-\d),/gm, "$1,polluted,")
      .replaceAll("u-3", "constructor")
      .replace("guardian", "__proto__")
    const enrolments = (texts["enrollments.csv"] ?? "").replaceAll("u-3", "constructor")
    const roster = rosterOf(read({ ...texts, "users.csv": users, "enrollments.csv": enrolments }))
    expect(roster.people.map((person) => person.sourcedId)).toContain("constructor")
    expect(Object.keys(roster.leftOut)).toEqual(["__proto__"])
    expect(JSON.stringify(roster)).not.toContain("polluted")
    expect(Object.prototype).not.toHaveProperty("polluted")
  })
  test("names lose NUL, control characters and marks that turn the text around", () => {
    const users = (texts["users.csv"] ?? "").replace("Orla,Farr", "\u202eOr\0la\u0007,<!channel> Farr")
    expect(rosterOf(read({ ...texts, "users.csv": users })).people[1]).toMatchObject({ givenName: "Orla", familyName: "<!channel> Farr" })
  })
  test("file names in other letters and in a folder are the same files", () => {
    const files = bytesOf(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`export/${name.toUpperCase()}`, text])))
    expect(readRoster({ files }).kind).toBe("read")
  })
})
