import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { readCalendar } from "../../../src/roster/calendar-import.ts"
import { may, must, noProblems, readTable } from "../../../src/roster/csv.ts"
import { openRoster } from "../../../src/roster/open-roster.ts"
import { readRoster } from "../../../src/roster/read-roster.ts"
import { isDate } from "../../../src/scheduling/zone.ts"
import { lenses } from "../../../src/words/prompts.ts"
import { rosterOf } from "../../fixtures/roster/files.ts"

const folder = fileURLToPath(new URL("../../../sample", import.meta.url))
const text = (name: string): string => readFileSync(`${folder}/${name}`, "utf8")
const opened = await openRoster(folder)
if (opened.kind === "refused") throw new Error(JSON.stringify(opened.problems))
const roster = rosterOf(readRoster(opened))
const school: unknown = JSON.parse(text("school.json"))

const students = roster.people.filter((person) => person.role === "student")
const advisories = roster.groups.filter((group) => group.kind === "advisory")
const of = <T>(entries: readonly T[], key: (entry: T) => string) => Object.groupBy(entries, key)

describe("the sample school", () => {
  test("has two sites, sixty students, fourteen adults, six advisories and six classes", () => {
    expect([roster.form, roster.complete]).toEqual(["oneroster-1.2", true])
    expect(roster.sites.map((site) => site.sourcedId)).toEqual(["lvs-ridge", "lvs-prairie"])
    expect([students.length, roster.people.length - students.length]).toEqual([60, 14])
    expect([advisories.length, roster.groups.length - advisories.length]).toEqual([6, 6])
    expect(advisories.map((group) => group.siteSourcedId)).toEqual([...Array(3).fill("lvs-ridge"), ...Array(3).fill("lvs-prairie")])
    expect(roster.leftOut).toEqual({})
  })
  test("finds its advisories by title and by type", () => {
    expect(new Set(advisories.map((group) => group.why))).toEqual(new Set(["its title says advisory", "its title says crew", "its type is homeroom"]))
  })
  test("gives every student one advisory of ten with one advisor first, and two advisories a second adult", () => {
    const ties = roster.memberships.filter((tie) => advisories.some((group) => group.sourcedId === tie.groupSourcedId))
    expect(new Set(ties.map((tie) => tie.studentSourcedId)).size).toBe(60)
    expect(Object.values(of(ties, (tie) => tie.groupSourcedId)).map((group) => group?.length)).toEqual(Array(6).fill(10))
    const advisors = advisories.map((group) => roster.teachings.filter((tie) => tie.groupSourcedId === group.sourcedId))
    expect(advisors.map((group) => group.filter((tie) => tie.primary).length)).toEqual(Array(6).fill(1))
    expect(advisors.map((group) => group.length)).toEqual([2, 1, 1, 1, 2, 1])
  })
  test("ties last from the first day of autumn to the last of spring", () => {
    for (const tie of [...roster.memberships, ...roster.teachings]) expect([tie.from, tie.to]).toEqual(["2026-08-31", "2027-06-11"])
    expect(roster.terms.map((term) => [term.start, term.end])).toEqual([
      ["2026-08-31", "2026-12-18"],
      ["2027-01-04", "2027-06-11"],
    ])
  })
  test("is plainly made up, reachable only at example.org, with chosen names, pronouns and Spanish speakers", () => {
    for (const person of roster.people) expect(person.email).toMatch(/^[a-z.-]+@example\.org$/)
    expect(new Set(roster.people.map((person) => person.email)).size).toBe(74)
    expect(students.filter((person) => person.preferredName).length).toBeGreaterThanOrEqual(12)
    expect(students.filter((person) => person.pronouns).length).toBeGreaterThanOrEqual(30)
    expect(students.filter((person) => person.language === "es").length).toBeGreaterThanOrEqual(8)
    expect(new Set(students.map((person) => person.grade))).toEqual(new Set(["09", "10", "11", "12"]))
  })
  test("says of itself what no roster can: zones, consent, offices", () => {
    expect(school).toMatchObject({
      name: "Larkspur Valley Schools",
      sites: { "lvs-ridge": { zone: "America/New_York" }, "lvs-prairie": { zone: "America/Chicago" } },
      offices: [
        { person: "c-01", office: "counsellor" },
        { person: "c-02", office: "counsellor" },
        { person: "p-01", office: "principal" },
        { person: "a-01", office: "admin" },
      ],
    })
  })
})

describe("its calendar", () => {
  const calendar = readCalendar(text("calendar.ics"), { today: "2026-08-31" })
  const autumn = calendar.days.filter((day) => day.date < "2026-12-19")
  test("closes the days it should, for whom it should, and no other day of autumn", () => {
    expect([calendar.problems, calendar.doubts]).toEqual([[], []])
    expect(autumn.map((day) => `${day.date} ${day.staff ? "all" : "students"}`)).toEqual([
      "2026-09-07 all",
      "2026-09-25 students",
      ...["12", "13", "14", "15", "16"].map((day) => `2026-10-${day} all`),
      ...["25", "26", "27"].map((day) => `2026-11-${day} all`),
    ])
  })
  test("keeps spirit week, A and B days and an evening as days of school", () => {
    expect(calendar.ignored.map((event) => event.summary)).toEqual(
      expect.arrayContaining(["Spirit Week", "A Day", "B Day", "Family welcome evening"]),
    )
  })
})

type Habit = { person: string; habit: string; every: number; first: number; silentFrom: string }
function habitsOf(): Habit[] {
  const habits: Habit[] = []
  const problems = noProblems()
  const columns = { person: must("person"), habit: must("habit"), every: may("misses_every"), first: may("first_miss"), silent: may("silent_from") }
  readTable("habits.csv", readFileSync(`${folder}/habits.csv`), columns, problems, (row) => {
    const [every, first] = [Number(row.get("every")), Number(row.get("first"))]
    habits.push({ person: row.get("person"), habit: row.get("habit"), every, first, silentFrom: row.get("silent") })
  })
  expect(problems.list).toEqual([])
  return habits
}

describe("its habits", () => {
  const habits = habitsOf()
  const byPerson = new Map(habits.map((habit) => [habit.person, habit]))
  const misses = (habit: Habit, chance: number): boolean => habit.every > 0 && chance >= habit.first && (chance - habit.first) % habit.every === 0
  test("are known for everybody, in words the playground knows", () => {
    expect([...byPerson.keys()].sort()).toEqual(roster.people.map((person) => person.sourcedId).sort())
    for (const person of roster.people) {
      const known = person.role === "student" ? ["steady", "late", "brief", "skips"] : ["reads", "slow"]
      expect(known).toContain(byPerson.get(person.sourcedId)?.habit)
    }
    expect(habits.filter((habit) => habit.habit === "skips")).toHaveLength(2)
    expect(habits.filter((habit) => habit.habit === "slow")).toHaveLength(1)
  })
  test("make exactly two students go silent after the break, at either site, in different advisories", () => {
    const silent = habits.filter((habit) => habit.silentFrom !== "")
    expect(silent.map((habit) => habit.silentFrom)).toEqual(["2026-10-19", "2026-10-19"])
    expect(silent.every((habit) => isDate(habit.silentFrom))).toBe(true)
    const sites = silent.map((habit) => students.find((student) => student.sourcedId === habit.person)?.siteSourcedId)
    expect(new Set(sites).size).toBe(2)
  })
  test("let nobody else miss twice running, and never more than two of an advisory at once, in forty weeks", () => {
    for (const habit of habits) for (let n = 1; n < 40; n += 1) expect(misses(habit, n) && misses(habit, n + 1)).toBe(false)
    for (const group of advisories) {
      const members = roster.memberships.flatMap((tie) => (tie.groupSourcedId === group.sourcedId ? (byPerson.get(tie.studentSourcedId) ?? []) : []))
      for (let n = 1; n <= 40; n += 1) expect(members.filter((member) => misses(member, n)).length).toBeLessThanOrEqual(2)
    }
  })
})

describe("its replies", () => {
  const replies = (language: string) =>
    text(`replies.${language}.txt`)
      .trim()
      .split("\n")
      .map((line) => ({ lens: line.slice(0, line.indexOf(": ")), words: line.slice(line.indexOf(": ") + 2) }))
  test.each([
    ["en", 60],
    ["es", 15],
  ])("in %s are many, stand under every lens, and each is said once", (language, atLeast) => {
    const all = replies(language)
    expect(all.length).toBeGreaterThanOrEqual(atLeast)
    expect(new Set(all.map((reply) => reply.lens))).toEqual(new Set([...lenses, "brief"]))
    expect(new Set(all.map((reply) => reply.words)).size).toBe(all.length)
    for (const reply of all) expect(reply.words.length).toBeLessThan(200)
  })
})
