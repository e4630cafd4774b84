import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { readAlerts } from "../../../src/engagement/score.ts"
import { readBreaks, readWeekly } from "../../../src/engagement/weekly-file.ts"
import { row } from "./recorded.ts"

const weekNames = Array.from({ length: 43 }, (_, i) => `w${i - 4}`)
const header = ["id_student", "module", "presentation", "reg_day", "unreg_day", "result", "length_days", "active_days", "submitted", ...weekNames]
/** Ten weeks of course, so fourteen recorded. */
const cells = (changes: Readonly<Record<string, string>> = {}): string[] => {
  const sound: Record<string, string> = {
    ...{ id_student: "1", module: "ASH", presentation: "2031J", reg_day: "-20", unreg_day: "", result: "Pass", length_days: "70" },
    ...{ active_days: "00001111111111", submitted: "00000010000000" },
    ...Object.fromEntries(weekNames.map((name, i) => [name, i < 4 ? "0" : i < 14 ? "7" : ""])),
  }
  return header.map((name) => changes[name] ?? sound[name] ?? "")
}
const file = (...lines: readonly (readonly string[])[]): Uint8Array => Buffer.from(lines.map((line) => line.join(",")).join("\n"))
const reading = (bytes: Uint8Array) => readWeekly("weekly.csv", bytes)
const problemsOf = (read: ReturnType<typeof readWeekly> | ReturnType<typeof readBreaks> | ReturnType<typeof readAlerts>): string[] =>
  read.kind === "refused" ? read.problems.map(({ line, column, says }) => `${line} ${column ?? ""}: ${says}`) : []

describe("a file of weekly activity", () => {
  test("is read to its recorded weeks", () => {
    expect(reading(file(header, cells()))).toMatchObject({
      kind: "read",
      courses: [{ id: "1", registeredDay: -20, withdrewDay: null, active: [false, false, false, false, ...Array(10).fill(true)] }],
    })
  })

  test("is the same packed by gzip", () => {
    const bytes = file(header, cells())
    expect(reading(gzipSync(bytes))).toEqual(reading(bytes))
  })

  test("may end early for everybody: what is not recorded yet is empty, though digits go on", () => {
    const read = reading(file(header, cells({ w8: "", w9: "" })))
    expect(read.kind === "read" && read.courses[0]?.active.length).toBe(12)
  })

  test.each<[string, Record<string, string>, string]>([
    [
      "clicks that are no number",
      { w3: "many" },
      '2 w3: "many" is not a number of clicks; write 0 or more, or leave it empty after the course\'s end',
    ],
    ["clicks below nothing", { w3: "-1" }, '2 w3: "-1" is not a number of clicks'],
    ["a hole in the weeks", { w3: "" }, "2 w3: is empty, and w4 is not"],
    ["no weeks at all", Object.fromEntries(weekNames.map((name) => [name, ""])), "2 w-4: no week is recorded"],
    ["weeks past the course's end", { length_days: "60" }, "2 length_days: 60 days are 9 weeks, and week 9 is recorded"],
    ["a length that is none", { length_days: "long" }, '2 length_days: "long" is not a number of days'],
    ["eight active days in a week", { active_days: "00001181111111" }, '2 active_days: has "8" for week 2; write one digit from 0 to 7 a week'],
    ["too few digits", { submitted: "0000001" }, "2 submitted: has 7 digits where 14 weeks are recorded; write one digit a week from week -4"],
    ["a letter among digits", { submitted: "0000001o000000" }, '2 submitted: has "o" for week 3'],
    [
      "a day that is none",
      { reg_day: "early" },
      '2 reg_day: "early" is not a day; write whole days from the course\'s start, or leave it empty for none',
    ],
    ["a result nobody knows", { result: "Passed" }, '2 result: "Passed" is not a result; write Pass, Distinction, Fail or Withdrawn'],
    ["no student", { id_student: "" }, "2 id_student: is empty"],
    ["a formula for a student", { id_student: "=1+1" }, '2 id_student: "=1+1" is not an identifier'],
  ])("is refused for %s, by line and column", (_, changes, says) => {
    expect(problemsOf(reading(file(header, cells(changes))))).toEqual([expect.stringContaining(says)])
  })

  test("is refused where a student stands twice in a course run, with both lines", () => {
    expect(problemsOf(reading(file(header, cells(), cells({ id_student: "2" }), cells())))).toEqual([
      "4 id_student: 1 in ASH 2031J stands in line 2 already; keep one row a student and course run",
    ])
  })

  test("is refused where rows of one course run have different numbers of weeks", () => {
    expect(problemsOf(reading(file(header, cells(), cells({ id_student: "2", w9: "" }))))).toEqual([
      "3 w9: 13 weeks are recorded, and line 2 of the same course run has 14; a course run ends for everybody in one week",
    ])
  })

  test("is refused for each column that is missing", () => {
    const without = header.filter((name) => name !== "submitted" && name !== "w7")
    expect(problemsOf(reading(file(without, cells().slice(0, without.length))))).toEqual([
      '1 submitted: the column "submitted" is missing',
      '1 w7: the column "w7" is missing',
    ])
  })

  test("is refused where it is empty, has no rows, or is a broken archive", () => {
    expect(problemsOf(reading(Buffer.from("")))).toEqual(["1 : is empty; its first line must name the columns"])
    expect(problemsOf(reading(file(header)))).toEqual(["2 : has no row under its header"])
    expect(problemsOf(reading(gzipSync(file(header, cells())).subarray(0, 60)))).toEqual([expect.stringMatching(/^1 : .* cannot be unpacked/)])
  })

  test("names every problem at once", () => {
    expect(problemsOf(reading(file(header, cells({ w3: "many", result: "" }), cells({ id_student: "2", submitted: "1" }))))).toHaveLength(3)
  })
})

describe("a file of breaks", () => {
  const courses = [row("1", "aaaaaaaaaa")]
  const readingBreaks = (...lines: readonly string[]) => readBreaks("breaks.csv", Buffer.from(["presentation,week", ...lines].join("\n")), courses)

  test("is weeks by presentation", () => {
    expect(readingBreaks("2031J,3", "2031J,4")).toEqual({ kind: "read", breaks: new Map([["2031J", new Set([3, 4])]]) })
    expect(readingBreaks()).toEqual({ kind: "read", breaks: new Map() })
    expect(readingBreaks("2031J,20")).toEqual({ kind: "read", breaks: new Map([["2031J", new Set([20])]]) })
  })

  test.each([
    ["a presentation that is not in the weekly file", "2032J,3", '2 presentation: "2032J" is not a presentation of the weekly file; it has 2031J'],
    ["a week that no file has", "2031J,39", '2 week: "39" is not a week; write a number from -4 to 38'],
    ["a week that is no number", "2031J,Christmas", '2 week: "Christmas" is not a week; write a number'],
  ])("is refused for %s", (_, line, says) => {
    expect(problemsOf(readingBreaks(line))).toEqual([expect.stringContaining(says)])
  })

  test("is refused where a week stands twice", () => {
    expect(problemsOf(readingBreaks("2031J,3", "2031J,3"))).toEqual(["3 week: week 3 of 2031J stands here twice; keep one row a week"])
  })
})

describe("a list of alerts", () => {
  const courses = [row("1", "aaaaaaaaaa")]
  const readingAlerts = (...lines: readonly string[]) =>
    readAlerts("alerts.csv", Buffer.from(["id_student,module,presentation,week,kind,level,reason", ...lines].join("\n")), courses)

  test("is read by student and course run", () => {
    expect(readingAlerts('1,ASH,2031J,5,silence,alert,"Has not answered, so"')).toEqual({
      kind: "read",
      alerts: new Map([["1 ASH 2031J", [{ week: 5, kind: "silence", level: "alert" }]]]),
    })
  })

  test.each([
    ["a student who is not in the weekly file", "9,ASH,2031J,5,silence,alert,", '2 id_student: "9 ASH 2031J" is not in the weekly file'],
    ["a week the course does not have", "1,ASH,2031J,10,silence,alert,", '2 week: "10" is not a week of ASH 2031J; it has -4 to 9'],
    ["another kind", "1,ASH,2031J,5,noise,alert,", '2 kind: "noise" is no kind; write silence or never_started'],
    ["another level", "1,ASH,2031J,5,silence,urgent,", '2 level: "urgent" is no level; write quiet, alert, long'],
  ])("is refused for %s", (_, line, says) => {
    expect(problemsOf(readingAlerts(line))).toEqual([expect.stringContaining(says)])
  })

  test("is refused where one stands twice", () => {
    const line = "1,ASH,2031J,5,silence,alert,"
    expect(problemsOf(readingAlerts(line, line))).toEqual(["3 week: week 5 stands twice for 1 ASH 2031J; keep one row"])
  })
})
