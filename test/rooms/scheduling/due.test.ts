import { describe, expect, test } from "vitest"
import type { SchoolCalendar } from "../../../src/scheduling/calendar.ts"
import { due } from "../../../src/scheduling/due.ts"
import { defaultHours } from "../../../src/scheduling/hours.ts"
import { defaultRhythm, type PlacedPrompt, place } from "../../../src/scheduling/place.ts"
import { atLocal, localDate, localTime } from "../../../src/scheduling/zone.ts"
import { school, zones } from "./sample.ts"

const prompt = (calendar: SchoolCalendar, monday: string): PlacedPrompt => {
  const placed = place(defaultRhythm(), calendar, defaultHours, monday)
  if (placed.kind === "none") throw new Error(placed.why)
  return placed
}

function dueAt(calendar: SchoolCalendar, monday: string, now: string, pausedUntil: string | null = null): string {
  const [date = "", time = ""] = now.split(" ")
  const found = due(prompt(calendar, monday), atLocal(date, time, calendar.zone), calendar, defaultHours, { graceHours: 4, pausedUntil })
  switch (found.kind) {
    case "due":
      return `${found.late ? "late" : "due"} ${localDate(found.sendAt, calendar.zone)} ${localTime(found.sendAt, calendar.zone)}`
    case "missed":
      return found.why
    case "not_yet":
    case "paused":
      return found.kind
    default:
      return found satisfies never
  }
}

describe("the ordinary week's prompt", () => {
  test.each([
    ["2026-10-08 14:44", "not_yet"],
    ["2026-10-08 14:45", "due 2026-10-08 14:45"],
    ["2026-10-08 15:15", "due 2026-10-08 15:15"],
    ["2026-10-08 17:45", "late 2026-10-08 17:45"],
    ["2026-10-08 18:00", "late 2026-10-09 07:30"],
    ["2026-10-09 02:00", "late 2026-10-09 07:30"],
    ["2026-10-10 12:00", "late 2026-10-12 07:30"],
    ["2026-10-13 14:00", "late 2026-10-13 14:00"],
    ["2026-10-13 14:01", "too_little_time"],
    ["2026-10-13 17:59", "too_little_time"],
    ["2026-10-13 18:00", "closed"],
    ["2026-11-20 09:00", "closed"],
  ])("at %s is %s", (now, expected) => {
    for (const zone of zones) expect(dueAt(school({ zone }), "2026-10-05", now)).toBe(expected)
  })
})

test("a prompt on time is sent, however short its window", () => {
  const placed = { ...prompt(school(), "2026-10-05"), closesAt: atLocal("2026-10-08", "16:00", "America/New_York") }
  const at = (minutes: number) => due(placed, new Date(placed.opensAt.getTime() + minutes * 60_000), school(), defaultHours, { graceHours: 4 })
  expect(at(30)).toMatchObject({ kind: "due", late: false })
  expect(at(31)).toEqual({ kind: "missed", why: "too_little_time" })
})

describe("after an outage", () => {
  test("over quiet hours the catch-up waits for the morning", () => {
    expect(dueAt(school(), "2026-10-05", "2026-10-08 20:45")).toBe("late 2026-10-09 07:30")
  })
  test("over a closed Friday it waits for Monday", () => {
    expect(dueAt(school({ off: ["2026-10-09"] }), "2026-10-05", "2026-10-08 20:45")).toBe("late 2026-10-12 07:30")
  })
  test("into a break it waits for the first day back, while that leaves a day to answer", () => {
    const winter = school({ off: [{ from: "2026-12-21", to: "2027-01-01" }] })
    expect(dueAt(winter, "2026-12-14", "2026-12-24 10:00")).toBe("late 2027-01-04 07:30")
    expect(dueAt(winter, "2026-12-14", "2027-01-04 15:00")).toBe("too_little_time")
  })
  test("over the change of the clock it comes once, in the new local time", () => {
    expect(dueAt(school(), "2026-10-26", "2026-11-01 01:30")).toBe("late 2026-11-02 07:30")
    expect(dueAt(school(), "2027-03-08", "2027-03-14 02:30")).toBe("late 2027-03-15 07:30")
  })
})

describe("a pause", () => {
  test.each([
    ["2026-10-08", "due 2026-10-08 14:45"],
    ["2026-10-09", "paused"],
    [null, "due 2026-10-08 14:45"],
  ])("until %s gives %s", (until, expected) => expect(dueAt(school(), "2026-10-05", "2026-10-08 14:45", until)).toBe(expected))
})
