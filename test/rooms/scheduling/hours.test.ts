import { describe, expect, test } from "vitest"
import { addSchoolDays, isSchoolDay, nextSchoolDay, offByDate, previousSchoolDay, schoolDaysInWeek } from "../../../src/scheduling/calendar.ts"
import { defaultHours, dueAfterSchoolDays, isAllowed, never, nextAllowed, openMinutes, withinHours } from "../../../src/scheduling/hours.ts"
import { atLocal, formatDay, formatTime, isDate, isZone, localDate, localTime, mondayOf, weekdayOf } from "../../../src/scheduling/zone.ts"
import { school, zones } from "./sample.ts"

const workday = school({ off: [{ from: "2026-10-09", staff: false }, "2026-10-12"], terms: [{ start: "2026-08-17", end: "2027-06-04" }] })

describe("school days", () => {
  test("are kept apart for students and staff", () => {
    expect(isSchoolDay(workday, "2026-10-09", "students")).toBe(false)
    expect(isSchoolDay(workday, "2026-10-09", "staff")).toBe(true)
    expect(schoolDaysInWeek(workday, "2026-10-05", "students")).toEqual(["2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08"])
    expect(schoolDaysInWeek(workday, "2026-10-05", "staff")).toHaveLength(5)
  })

  test("are counted over weekends, days off and the ends of the term", () => {
    expect(nextSchoolDay(workday, "2026-10-08", "students")).toBe("2026-10-13")
    expect(previousSchoolDay(workday, "2026-10-13", "staff")).toBe("2026-10-09")
    expect(addSchoolDays(workday, "2026-10-08", 3, "students")).toBe("2026-10-15")
    expect(addSchoolDays(workday, "2026-10-13", -2, "students")).toBe("2026-10-07")
    expect(addSchoolDays(workday, "2026-10-10", 0, "students")).toBe("2026-10-13")
    expect(nextSchoolDay(workday, "2027-06-04", "students")).toBeNull()
    expect(previousSchoolDay(workday, "2026-08-17", "students")).toBeNull()
    expect(addSchoolDays(workday, "2027-06-02", 3, "students")).toBeNull()
    expect(nextSchoolDay(workday, "2025-01-01", "students")).toBe("2026-08-17")
  })

  test("of two entries for one date, whoever is off in either is off", () => {
    const off = offByDate([
      { date: "2026-10-09", students: true, staff: false, reason: "Workday" },
      { date: "2026-10-09", students: false, staff: true, reason: "Storm" },
    ])
    expect(off.get("2026-10-09")).toMatchObject({ students: true, staff: true })
  })
})

describe("hours", () => {
  test.each([
    ["2026-10-08 07:29", "students", "2026-10-08 07:30"],
    ["2026-10-08 07:30", "students", "2026-10-08 07:30"],
    ["2026-10-08 17:59", "staff", "2026-10-08 17:59"],
    ["2026-10-08 18:00", "staff", "2026-10-09 07:30"],
    ["2026-10-08 18:00", "students", "2026-10-13 07:30"],
    ["2026-10-09 10:00", "students", "2026-10-13 07:30"],
    ["2026-10-09 10:00", "staff", "2026-10-09 10:00"],
    ["2026-10-31 23:59", "students", "2026-11-02 07:30"],
    ["2026-11-01 01:30", "staff", "2026-11-02 07:30"],
    ["2027-03-14 02:30", "staff", "2027-03-15 07:30"],
  ] as const)("at %s next allow a message to %s at %s", (now, who, expected) => {
    for (const zone of zones) {
      const calendar = { ...workday, zone }
      const at = atLocal(now.slice(0, 10), now.slice(11), zone)
      const next = nextAllowed(at, calendar, defaultHours, who)
      expect(`${localDate(next, zone)} ${localTime(next, zone)}`).toBe(expected)
      expect(isAllowed(at, calendar, defaultHours, who)).toBe(next.getTime() === at.getTime())
    }
  })

  test("in summer, with no term known to follow, nothing is allowed until the calendar says more", () => {
    expect(nextAllowed(new Date("2027-07-01T12:00:00Z"), workday, defaultHours, "staff")).toEqual(never)
    expect(nextAllowed(never, workday, defaultHours, "staff")).toEqual(never)
    expect(dueAfterSchoolDays(new Date("2027-06-03T12:00:00Z"), 5, workday, "staff", "07:30")).toEqual(never)
  })

  test("that never open allow nothing", () => {
    expect(nextAllowed(new Date("2026-10-08T12:00:00Z"), workday, { open: "18:00", close: "07:30" }, "staff")).toEqual(never)
  })

  test("carry a ladder's step by school days, not by days", () => {
    const step = (date: string, n: number): string =>
      localDate(dueAfterSchoolDays(atLocal(date, "16:20", "America/New_York"), n, workday, "staff", "07:30"), "America/New_York")
    expect(step("2026-10-08", 1)).toBe("2026-10-09")
    expect(step("2026-10-08", 3)).toBe("2026-10-14")
    expect(step("2026-10-10", 1)).toBe("2026-10-13")
  })

  test("count open minutes within hours on school days alone", () => {
    const at = (date: string, time: string): Date => atLocal(date, time, "America/New_York")
    expect(openMinutes(at("2026-10-08", "14:45"), at("2026-10-13", "08:30"), workday, defaultHours, "students")).toBe(195 + 60)
    expect(openMinutes(at("2026-10-08", "18:00"), at("2026-10-13", "07:30"), workday, defaultHours, "students")).toBe(0)
    expect(openMinutes(at("2026-10-10", "08:00"), at("2026-10-09", "08:00"), workday, defaultHours, "staff")).toBe(0)
  })

  test("take a time inside them", () => {
    expect(["06:00", "07:30", "12:00", "18:00", "23:00"].map((time) => withinHours(time, defaultHours))).toEqual([
      "07:30",
      "07:30",
      "12:00",
      "17:45",
      "17:45",
    ])
    expect(withinHours("09:00", { open: "08:00", close: "08:10" })).toBe("08:00")
  })
})

describe("local time", () => {
  test("moves a skipped time past the gap, and takes the first of a doubled one", () => {
    expect(atLocal("2027-03-14", "02:30", "America/New_York")).toEqual(new Date("2027-03-14T07:30:00Z"))
    expect(atLocal("2026-11-01", "01:30", "America/New_York")).toEqual(new Date("2026-11-01T05:30:00Z"))
    expect(atLocal("2026-11-01", "01:30", "America/Chicago")).toEqual(new Date("2026-11-01T06:30:00Z"))
  })

  test("names a week by its Monday", () => {
    expect(mondayOf("2026-11-01")).toBe("2026-10-26")
    expect(mondayOf("2026-10-26")).toBe("2026-10-26")
    expect(weekdayOf("2026-11-01")).toBe(7)
  })

  test("is said as people say it", () => {
    expect(formatDay("2025-03-06", "en")).toBe("Thursday 6 March")
    expect(formatDay("2025-03-06", "es")).toBe("jueves 6 de marzo")
    expect(["00:05", "07:30", "12:00", "14:45"].map((time) => formatTime(time, "en"))).toEqual(["12:05 am", "7:30 am", "12:00 pm", "2:45 pm"])
    expect(formatTime("14:45", "es")).toBe("2:45 p.\u00A0m.")
  })

  test("knows real dates and zones", () => {
    expect(["2026-02-28", "2026-02-29", "2026-2-1", "20260201", ""].map(isDate)).toEqual([true, false, false, false, false])
    expect(["America/Chicago", "UTC", "Mars/Olympus", "+05:00", "", "__proto__"].map(isZone)).toEqual([true, true, false, false, false, false])
  })
})
