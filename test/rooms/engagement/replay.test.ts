import { readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type ReplayedAlert, replay } from "../../../src/engagement/replay.ts"
import { firstWeek, runOf, type StudentCourse, studentCourseKey } from "../../../src/engagement/weekly-file.ts"
import { weeklyCsv } from "../../fixtures/engagement/generate.ts"
import { blankedAfter, invented, inventedFolder, type Recorded, real, realIsThere, row } from "./recorded.ts"

const line = ({ course, week, kind, level }: ReplayedAlert): string => `${course.id} ${week} ${kind} ${level}`
const followed = (found: readonly ReplayedAlert[], id: string): string[] => found.filter(({ course }) => course.id === id).map(line)
const reason = (found: readonly ReplayedAlert[], id: string, level = "alert"): string | undefined =>
  found.find(({ course, level: one }) => course.id === id && one === level)?.reason

test("the invented weeks are what their seed says", () => {
  expect(readFileSync(join(inventedFolder, "weekly.csv"), "utf8")).toBe(weeklyCsv())
})

describe("replies alone", () => {
  const { courses, breaks } = invented()
  const found = replay(courses, { breaks, signals: null })

  test.each<[string, string, string[]]>([
    ["who is there each week is never named", "7001", []],
    ["silent from week 5 on: the quiet list after two chances, an alert after three", "7002", ["7002 6 silence quiet", "7002 7 silence alert"]],
    ["never there: one line after two chances, and no more", "7003", ["7003 1 never_started alert"]],
    ["breaks are no chances: weeks 9, 12 and 13 are the three", "7004", ["7004 12 silence quiet", "7004 13 silence alert"]],
    ["a week in which everybody was quiet is none either: 13, 15 and 16", "7005", ["7005 15 silence quiet", "7005 16 silence alert"]],
    ["who withdraws is not named after it", "7006", ["7006 5 silence quiet"]],
    ["chances begin with the first whole week of being registered", "7007", ["7007 4 never_started alert"]],
    [
      "a second silence is a second alert",
      "7008",
      ["7008 6 silence quiet", "7008 7 silence alert", "7008 12 silence quiet", "7008 13 silence alert"],
    ],
    ["two chances missed and back is the quiet list alone", "7009", ["7009 7 silence quiet"]],
    ["seen once before the course and never in it: three chances by the end of week 1", "7010", ["7010 1 silence alert"]],
    ["what was handed in plays no part", "7011", ["7011 12 silence quiet", "7011 13 silence alert"]],
  ])("%s", (_, id, lines) => {
    expect(followed(found, id)).toEqual(lines)
  })

  test("says why in one sentence that can be counted by hand", () => {
    expect(reason(found, "7002")).toBe(
      "Has not answered since week 4: 3 chances, in weeks 5, 6 and 7, while 63 of 70 in the course answered in week 7.",
    )
    expect(reason(found, "7002", "quiet")).toBe("Has not answered since week 4: 2 chances by the end of week 6.")
    expect(reason(found, "7003")).toBe("Has not answered yet: 2 chances, in weeks 0 and 1, while 60 of 70 in the course answered in week 1.")
    expect(reason(found, "7005")).toMatch(/in weeks 13, 15 and 16, .* not counted: week 14, when the whole course was quiet\.$/)
  })

  test("counts in that sentence what the file says of that week", () => {
    const inWeek7 = courses.filter(({ module, withdrewDay }) => module === "ELM" && (withdrewDay === null || withdrewDay > 55))
    expect([inWeek7.filter(({ active }) => active[7 - firstWeek]).length, inWeek7.length]).toEqual([63, 70])
  })

  test("where half the course answers, three misses are no alert while the rate is under 55 in 100", () => {
    const early = found.filter(({ course, week, level, kind }) => course.module === "OAK" && week <= 13 && level !== "quiet" && kind === "silence")
    expect(early.length).toBeGreaterThan(0)
    for (const { reason: why } of early) expect(why).toMatch(/: [4-9] chances/)
  })

  test("one answer in eight chances starts no new count: named again at the next chance missed, and why", () => {
    const others = Array.from({ length: 9 }, (_, i) => row(`o${i}`, "aaaaaaaaaaaa"))
    const both = replay([...others, row("once", "aa........a."), row("twice", "a.......a.a.")], { breaks: new Map(), signals: null })
    expect(followed(both, "once")).toEqual(["once 3 silence quiet", "once 4 silence alert", "once 11 silence alert"])
    expect(followed(both, "twice")).toEqual(["twice 2 silence quiet", "twice 3 silence alert", "twice 9 silence alert"])
    expect(both.findLast(({ course }) => course.id === "once")?.reason).toBe(
      "Has not answered since week 10: 1 chance, in week 11, while 9 of 11 in the course answered in week 11, and 7 of the last 8 chances were missed.",
    )
  })

  test("the first chance behind a break does not tip it, the second does", () => {
    const others = Array.from({ length: 9 }, (_, i) => row(`o${i}`, "aaaaaaaaaaaa"))
    const closed = new Map([["2031J", new Set([5, 6])]])
    const both = replay([...others, row("before", "aaa........."), row("straight", "aa..........")], { breaks: closed, signals: null })
    expect(followed(both, "before")).toEqual(["before 4 silence quiet", "before 8 silence alert"])
    expect(followed(both, "straight")).toEqual(["straight 3 silence quiet", "straight 4 silence alert"])
  })

  test("without the breaks marked, the net alone takes the two weeks out", () => {
    const bare = replay(courses, { breaks: new Map(), signals: null })
    expect(followed(bare, "7004")).toEqual(["7004 12 silence quiet", "7004 13 silence alert"])
    expect(reason(bare, "7004")).toContain("not counted: weeks 10 and 11, when the whole course was quiet")
  })
})

describe("with the assignments handed in beside", () => {
  const { courses, breaks } = invented()
  const found = replay(courses, { breaks, signals: "submitted" })

  test.each<[string, string, string[]]>([
    ["one of two not handed in: an alert after two chances where both came late enough", "7002", ["7002 6 silence quiet", "7002 8 silence alert"]],
    ["the only one not handed in: an alert after one chance", "7006", ["7006 4 silence alert"]],
    ["two of two not handed in: an alert after one chance", "7011", ["7011 9 silence alert"]],
    ["all handed in: an alert after eight chances", "7004", ["7004 12 silence quiet", "7004 19 silence long"]],
    ["what never started is said as before", "7003", ["7003 1 never_started alert"]],
    ["who is there each week is not named for what was not handed in", "7001", []],
  ])("%s", (_, id, lines) => {
    expect(followed(found, id)).toEqual(lines)
  })

  test("the sentence names what was not handed in, or that all was", () => {
    expect(reason(found, "7011")).toBe(
      "Has not answered since week 8: 1 chance, in week 9, while 58 of 70 in the course answered in week 9, and what was due in weeks 4 and 8 was not handed in (2 of the last 2 times).",
    )
    expect(reason(found, "7004", "long")).toContain(", though what was due was handed in each of the last 3 times")
    expect(reason(found, "7006")).toContain(", and what was due in week 4 was not handed in.")
  })

  test("an assignment that comes in late is no longer missing", () => {
    const others = Array.from({ length: 9 }, (_, i) => row(`o${i}`, "aaaaaaaaaa", { handedIn: handingIn(2) }))
    const late = row("late", "aaaaa.....", { handedIn: handingIn(4) })
    const never = row("never", "aaaaa.....")
    const both = replay([...others, late, never], { breaks: new Map(), signals: "submitted" })
    expect(followed(both, "never")).toEqual(["never 5 silence alert"])
    expect(followed(both, "late")).toEqual(["late 6 silence quiet"])
  })
})

const handingIn = (...weeks: readonly number[]): number[] => Array.from({ length: 14 }, (_, i) => (weeks.includes(firstWeek + i) ? 1 : 0))

describe("promises kept over any weeks", () => {
  const letters = fc.array(fc.constantFrom("a", "a", "a", "."), { minLength: 16, maxLength: 16 }).map((list) => list.join(""))
  const course = fc.record({
    weeks: letters,
    before: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    handedIn: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 20, maxLength: 20 }),
    registeredDay: fc.constantFrom(null, -30, 9),
    withdrewDay: fc.constantFrom(null, null, null, 40, 80),
  })
  const file = fc.array(course, { minLength: 1, maxLength: 60 }).map((list): StudentCourse[] =>
    list.map(({ weeks, before, ...more }, i) => {
      const one = row(String(i), weeks)
      return { ...one, ...more, active: [...before, ...one.active.slice(4)], result: more.withdrewDay === null ? "Fail" : "Withdrawn" }
    }),
  )
  const breaks = fc.constantFrom<number[]>([], [6, 7], [5]).map((weeks) => new Map([["2031J", new Set(weeks)]]))
  const signals = fc.constantFrom("submitted" as const, null)

  type Options = Parameters<typeof replay>[1]
  /** The alerts up to a week, as they were and as they are when nothing later is known. */
  const upTo = (courses: readonly StudentCourse[], options: Options, last: number): { whole: string[]; blanked: string[] } => {
    const [whole, blanked] = [courses, blankedAfter(courses, last)].map((from) =>
      replay(from, options)
        .filter(({ week }) => week <= last)
        .map((one) => `${line(one)} ${one.reason}`),
    )
    return { whole: whole ?? [], blanked: blanked ?? [] }
  }

  test("blanking every column after a week leaves the alerts up to that week as they were", () => {
    fc.assert(
      fc.property(file, breaks, signals, fc.integer({ min: firstWeek, max: 15 }), (courses, closed, source, last) => {
        const { whole, blanked } = upTo(courses, { breaks: closed, signals: source }, last)
        expect(blanked).toEqual(whole)
      }),
    )
  })

  test.each([1, 7, 12, 16])("so it does in the invented course runs, at week %i", (last) => {
    const { courses, breaks: closed } = invented()
    for (const source of ["submitted", null] as const) {
      const { whole, blanked } = upTo(courses, { breaks: closed, signals: source }, last)
      expect(blanked).toEqual(whole)
    }
  })

  test.skipIf(!realIsThere)("so it does in real course runs, which lie beside the repository", { timeout: 120_000 }, () => {
    const all = real()
    const runs = [...Map.groupBy(all.courses, runOf).values()].filter((run) => run.length < 700).slice(0, 3)
    expect(runs).toHaveLength(3)
    for (const run of runs)
      for (const source of ["submitted", null] as const)
        for (const last of [5, 13, 22]) {
          const { whole, blanked } = upTo(run, { breaks: all.breaks, signals: source }, last)
          expect(blanked).toEqual(whole)
        }
  })

  /** What of the alerts breaks a promise: too soon, not active between, in a break, in a week of activity, after leaving, or said twice. */
  function broken({ courses, breaks: closed }: Recorded, source: "submitted" | null): string[] {
    const found = replay(courses, { breaks: closed, signals: source })
    const silences = found.filter(({ kind, level }) => kind === "silence" && level !== "quiet")
    const again = [...Map.groupBy(silences, (one) => studentCourseKey(one.course)).values()].flatMap((own) =>
      own.filter(({ week, course: { active } }, i) => {
        const before = own[i - 1]?.week ?? Number.NEGATIVE_INFINITY
        return i > 0 && (week - before < 3 || !active.slice(before + 1 - firstWeek, week - firstWeek).includes(true))
      }),
    )
    const misplaced = found.filter(
      ({ course: one, week }) =>
        closed.get(one.presentation)?.has(week) || one.active[week - firstWeek] || (one.withdrewDay !== null && one.withdrewDay <= 7 * week + 6),
    )
    const twice = [...Map.groupBy(found, ({ course: one, week, kind }) => `${studentCourseKey(one)} ${week} ${kind}`).values()].filter(
      (same) => same.length > 1,
    )
    return [...again, ...misplaced, ...twice.flat()].map(line)
  }

  test("one alert a silence, never two within three weeks, none in a break, in a week of activity or after leaving", () => {
    fc.assert(
      fc.property(file, breaks, signals, (courses, closed, source) => {
        expect(broken({ courses, breaks: closed }, source)).toEqual([])
      }),
    )
  })

  test.skipIf(!realIsThere)("so it is on the development split", { timeout: 120_000 }, () => {
    expect(broken(real(), "submitted")).toEqual([])
  })

  test("a course run is judged by itself, whatever else is in the file", () => {
    const { courses, breaks: closed } = invented()
    const options = { breaks: closed, signals: null }
    const apart = [...Map.groupBy(courses, runOf).values()].flatMap((run) => replay(run, options))
    expect(replay(courses, options).map(line)).toEqual(apart.map(line))
  })
})
