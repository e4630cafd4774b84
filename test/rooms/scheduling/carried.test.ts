import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { SchoolCalendar } from "../../../src/scheduling/calendar.ts"
import { carriedInto } from "../../../src/scheduling/carried.ts"
import { defaultHours } from "../../../src/scheduling/hours.ts"
import { defaultRhythm, place, type Rhythm } from "../../../src/scheduling/place.ts"
import { addDays, localDate, mondayOf } from "../../../src/scheduling/zone.ts"
import { school } from "./sample.ts"

const carried = (calendar: SchoolCalendar, monday: string, rhythm = defaultRhythm()) => carriedInto(rhythm, calendar, defaultHours, monday)

describe("answers that are first read in the next prompt's week", () => {
  test("are none after an ordinary week", () => {
    expect(carried(school(), "2026-10-12")).toBeNull()
  })

  test("are those of a Thursday before a closed Friday, on Monday", () => {
    expect(carried(school({ off: ["2026-10-09"] }), "2026-10-12")).toBe("2026-10-12")
  })

  test("are none where only students have that Friday off", () => {
    expect(carried(school({ off: [{ from: "2026-10-09", staff: false }] }), "2026-10-12")).toBeNull()
  })

  test("are those from before a break, on the first day back", () => {
    expect(carried(school({ off: [{ from: "2026-10-09", to: "2026-10-16" }] }), "2026-10-19")).toBe("2026-10-19")
  })

  test("are none where they are the only ones of their week, as after every Friday's prompt", () => {
    expect(carried(school(), "2026-10-12", defaultRhythm({ schoolDayEnds: "15:00", weekday: 5 }))).toBeNull()
  })
})

test("whatever the calendar, a week has one list at most, and what is carried comes on its first day", () => {
  const start = "2026-09-28"
  const days = fc.uniqueArray(
    fc.nat(34).map((n) => addDays(start, n)),
    { maxLength: 15 },
  )
  const weekday = fc.integer({ min: 1, max: 5 })
  fc.assert(
    fc.property(days, weekday, (off, asked) => {
      const calendar = school({ off })
      const rhythm: Rhythm = defaultRhythm({ schoolDayEnds: "15:00", weekday: asked })
      const lists = [0, 1, 2, 3, 4].flatMap((n) => {
        const placed = place(rhythm, calendar, defaultHours, addDays(start, 7 * n))
        if (placed.kind === "none") return []
        const day = localDate(placed.readingAt, calendar.zone)
        return day < addDays(start, 35) ? [day] : []
      })
      for (const [week, inWeek] of Map.groupBy(lists, mondayOf)) {
        expect(carried(calendar, week, rhythm)).toBe(inWeek.length > 1 ? inWeek[0] : null)
        expect(inWeek.length).toBeLessThanOrEqual(2)
      }
    }),
    { numRuns: 150 },
  )
})
