import { describe, expect, test } from "vitest"
import type { SchoolCalendar } from "../../../src/scheduling/calendar.ts"
import { defaultHours } from "../../../src/scheduling/hours.ts"
import { defaultRhythm, openSchoolDays, place, type Rhythm } from "../../../src/scheduling/place.ts"
import { localDate, localTime } from "../../../src/scheduling/zone.ts"
import { school, zones } from "./sample.ts"

/** A placed prompt as local times, one line each, so that a table can be read. */
function local(calendar: SchoolCalendar, monday: string, rhythm: Rhythm = defaultRhythm()) {
  const placed = place(rhythm, calendar, defaultHours, monday)
  if (placed.kind === "none") return placed.why
  const at = (instant: Date): string => `${localDate(instant, calendar.zone)} ${localTime(instant, calendar.zone)}`
  return {
    opens: at(placed.opensAt),
    reminds: placed.remindAt && at(placed.remindAt),
    closes: at(placed.closesAt),
    reads: at(placed.readingAt),
    days: openSchoolDays(placed.opensAt, placed.closesAt, calendar),
  }
}

const ordinary = {
  opens: "2026-10-08 14:45",
  reminds: "2026-10-12 08:00",
  closes: "2026-10-13 18:00",
  reads: "2026-10-09 07:30",
  days: 4,
}

describe("an ordinary week", () => {
  test.each(zones)("in %s asks on Thursday, reminds on Monday, closes on Tuesday", (zone) => {
    expect(local(school({ zone }), "2026-10-05")).toEqual(ordinary)
  })

  test("asks in the five minutes that the school names", () => {
    const rhythm = defaultRhythm({ schoolDayEnds: "15:10", weekday: 3, time: "09:40" })
    expect(local(school(), "2026-10-05", rhythm)).toEqual({ ...ordinary, opens: "2026-10-07 09:40", reads: "2026-10-08 07:30", days: 5 })
  })

  test.each([
    [1, "2026-10-05", "2026-10-07", "2026-10-08"],
    [2, "2026-10-06", "2026-10-08", "2026-10-09"],
    [5, "2026-10-09", "2026-10-12", "2026-10-13"],
  ])("on weekday %i leaves two school days to the reminder", (weekday, opens, reminds, closes) => {
    const rhythm = defaultRhythm({ schoolDayEnds: "15:00", weekday })
    expect(local(school(), "2026-10-05", rhythm)).toMatchObject({ opens: `${opens} 14:45`, reminds: `${reminds} 08:00`, closes: `${closes} 18:00` })
  })

  test("moves a time outside hours inside them", () => {
    const early = defaultRhythm({ schoolDayEnds: "15:00", time: "06:00" })
    const late = defaultRhythm({ schoolDayEnds: "15:00", time: "21:30" })
    expect(local(school(), "2026-10-05", early)).toMatchObject({ opens: "2026-10-08 07:30" })
    expect(local(school(), "2026-10-05", late)).toMatchObject({ opens: "2026-10-08 17:45" })
  })
})

describe("closed days", () => {
  const week = "2026-10-05"
  test.each([
    ["Thursday", ["2026-10-08"], { opens: "2026-10-07 14:45", reads: "2026-10-09 07:30", days: 4 }],
    ["Wednesday and Thursday", ["2026-10-07", "2026-10-08"], { opens: "2026-10-06 14:45", days: 4 }],
    ["Monday to Wednesday", ["2026-10-05", "2026-10-06", "2026-10-07"], { opens: "2026-10-08 14:45" }],
    ["Friday", ["2026-10-09"], { opens: "2026-10-08 14:45", reads: "2026-10-12 07:30", days: 3 }],
    ["the reminder's Monday", ["2026-10-12"], { reminds: "2026-10-13 08:00", closes: "2026-10-13 18:00", days: 3 }],
    ["the closing Tuesday", ["2026-10-13"], { reminds: "2026-10-12 08:00", closes: "2026-10-14 18:00", days: 4 }],
    ["Friday to Tuesday", ["2026-10-09", "2026-10-12", "2026-10-13"], { reminds: "2026-10-14 08:00", closes: "2026-10-14 18:00", days: 2 }],
  ])("%s off", (_, off, expected) => expect(local(school({ off }), week)).toMatchObject(expected))

  test("no day before: the prompt goes to the nearest day after", () => {
    const monday = defaultRhythm({ schoolDayEnds: "15:00", weekday: 1 })
    expect(local(school({ off: [week] }), week, monday)).toMatchObject({ opens: "2026-10-06 14:45", closes: "2026-10-08 18:00" })
  })

  test("one school day in the week: no prompt", () => {
    expect(local(school({ off: [{ from: week, to: "2026-10-08" }] }), week)).toBe("short_week")
  })

  test("a window that would meet the next prompt closes as that one opens", () => {
    const calendar = school({ off: [{ from: "2026-10-09", to: "2026-10-14" }] })
    expect(local(calendar, week)).toMatchObject({ closes: "2026-10-15 14:45", reminds: "2026-10-15 08:00", days: 2 })
    expect(local(calendar, "2026-10-12")).toMatchObject({ opens: "2026-10-15 14:45" })
  })

  test("a next prompt that moves to Monday closes the window there, with no reminder left", () => {
    const morning = defaultRhythm({ schoolDayEnds: "15:00", time: "08:30" })
    const calendar = school({ off: [{ from: "2026-10-13", to: "2026-10-15" }] })
    expect(local(calendar, week, morning)).toMatchObject({ closes: "2026-10-12 08:30", reminds: null })
    expect(local(calendar, "2026-10-12", morning)).toMatchObject({ opens: "2026-10-12 08:30" })
  })

  test("a teacher workday moves the prompt, and the reading list keeps it", () => {
    const calendar = school({ off: [{ from: "2026-10-08", staff: false }] })
    expect(local(calendar, week)).toMatchObject({ opens: "2026-10-07 14:45", reads: "2026-10-08 07:30" })
  })

  test("a staff day off moves the reading list, and the prompt keeps its day", () => {
    const calendar = school({ off: [{ from: "2026-10-09", students: false }] })
    expect(local(calendar, week)).toMatchObject({ opens: "2026-10-08 14:45", reads: "2026-10-12 07:30" })
  })
})

describe("breaks and terms", () => {
  const winter = school({ off: [{ from: "2026-12-21", to: "2027-01-01" }] })

  test("the last prompt before a break stays open until the first day back", () => {
    expect(local(winter, "2026-12-14")).toEqual({
      opens: "2026-12-17 14:45",
      reminds: "2027-01-04 08:00",
      closes: "2027-01-04 18:00",
      reads: "2026-12-18 07:30",
      days: 3,
    })
  })

  test.each([
    ["2026-12-21", "break"],
    ["2026-12-28", "break"],
  ])("the week of %s has none", (monday, why) => expect(local(winter, monday)).toBe(why))

  test("Thanksgiving asks on Wednesday and closes on Tuesday", () => {
    const calendar = school({ off: ["2026-11-26", "2026-11-27"] })
    expect(local(calendar, "2026-11-23")).toMatchObject({ opens: "2026-11-25 14:45", reads: "2026-11-30 07:30", closes: "2026-12-01 18:00", days: 3 })
  })

  const year = school({ terms: [{ start: "2026-08-19", end: "2027-06-03" }] })
  test.each([
    ["2026-08-10", "outside_term"],
    ["2027-06-07", "outside_term"],
  ])("the week of %s is outside the term", (monday, why) => expect(local(year, monday)).toBe(why))

  test("the first week asks once school has begun", () => {
    expect(local(year, "2026-08-17")).toMatchObject({ opens: "2026-08-20 14:45" })
  })

  test("the last week asks a day sooner than the last day, and closes on it", () => {
    expect(local(year, "2027-05-31")).toMatchObject({
      opens: "2027-06-02 14:45",
      reads: "2027-06-03 07:30",
      reminds: null,
      closes: "2027-06-03 18:00",
    })
  })

  test("with staff away on the last day, the prompt comes early enough to be read", () => {
    const calendar = school({ terms: year.terms, off: [{ from: "2027-06-03", students: false }] })
    expect(local(calendar, "2027-05-31")).toMatchObject({ opens: "2027-06-01 14:45", reads: "2027-06-02 07:30" })
  })

  test("where nobody would be there to read, nothing is asked", () => {
    const calendar = school({ terms: year.terms, off: [{ from: "2027-06-01", to: "2027-06-03", students: false }] })
    expect(local(calendar, "2027-05-31")).toBe("term_ends")
  })
})

describe("clock changes", () => {
  test.each(zones)("in %s local times stay, whatever the clock does over the weekend", (zone) => {
    const autumn = local(school({ zone }), "2026-10-26")
    expect(autumn).toMatchObject({ opens: "2026-10-29 14:45", reminds: "2026-11-02 08:00", closes: "2026-11-03 18:00" })
    const spring = local(school({ zone }), "2027-03-08")
    expect(spring).toMatchObject({ opens: "2027-03-11 14:45", reminds: "2027-03-15 08:00", closes: "2027-03-16 18:00" })
  })

  test("the week in which the clock falls back is an hour longer, and has one date", () => {
    const placed = place(defaultRhythm(), school(), defaultHours, "2026-10-26")
    expect(placed).toMatchObject({
      kind: "placed",
      date: "2026-10-29",
      opensAt: new Date("2026-10-29T18:45:00Z"),
      closesAt: new Date("2026-11-03T23:00:00Z"),
    })
  })

  test("a clock that skips the named time on a school day leaves one prompt, moved past the gap", () => {
    // Egypt's clocks skip 00:00 to 01:00 on the last Friday of April.
    const cairo = school({ zone: "Africa/Cairo" })
    const rhythm = { ...defaultRhythm(), weekday: 5, time: "00:30" }
    const placed = place(rhythm, cairo, { open: "00:00", close: "04:00" }, "2026-04-20")
    expect(placed).toMatchObject({ kind: "placed", date: "2026-04-24", opensAt: new Date("2026-04-23T22:30:00Z") })
  })
})

test("open school days count the days a window touches, and no break", () => {
  const calendar = school({ off: [{ from: "2026-12-21", to: "2027-01-01" }] })
  const at = (iso: string): Date => new Date(`${iso}:00-05:00`)
  expect(openSchoolDays(at("2026-12-17T14:45"), at("2027-01-04T18:00"), calendar)).toBe(3)
  expect(openSchoolDays(at("2026-12-17T14:45"), at("2026-12-17T14:45"), calendar)).toBe(0)
  expect(openSchoolDays(at("2026-12-17T14:45"), at("2026-12-18T00:00"), calendar)).toBe(1)
  expect(openSchoolDays(at("2026-12-19T08:00"), at("2027-01-03T18:00"), calendar)).toBe(0)
})
