import fc from "fast-check"
import { expect, test } from "vitest"
import { askingWeeks, countedTerm, termOn } from "../../../src/outreach/belief-term.ts"
import { addDays, weekdayOf } from "../../../src/scheduling/zone.ts"

const spring = { id: "spring", starts: "2027-01-11", ends: "2027-06-04" }
const year = { id: "year", starts: "2026-08-31", ends: "2027-06-11" }

test("students are asked in four weeks after the middle of the term, and counted in the fifth after", () => {
  expect(askingWeeks(spring)).toEqual({ first: "2027-03-29", last: "2027-04-19", counted: "2027-05-03" })
})

test("a day's term is the shortest that holds it, and none where the calendar has none", () => {
  expect(termOn([year, spring], "2027-03-01")).toBe(spring)
  expect(termOn([year, spring], "2026-10-01")).toBe(year)
  expect(termOn([year, spring], "2027-07-01")).toBeNull()
  expect(termOn([], "2027-03-01")).toBeNull()
})

test("counts are those of the latest term whose weeks are over", () => {
  const autumn = { id: "autumn", starts: "2026-09-01", ends: "2026-12-18" }
  expect(countedTerm([autumn, spring], "2027-05-02")).toBe(autumn)
  expect(countedTerm([autumn, spring], "2027-05-03")).toBe(spring)
  expect(countedTerm([spring], "2027-05-02")).toBeNull()
})

test("the weeks begin on a Monday in the second half, however long a term is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 300 }), (from, days) => {
      const term = { starts: addDays("2026-08-01", from), ends: addDays("2026-08-01", from + days) }
      const { first, last, counted } = askingWeeks(term)
      expect([weekdayOf(first), weekdayOf(last), weekdayOf(counted)]).toEqual([1, 1, 1])
      expect(first >= addDays(term.starts, Math.ceil(days / 2))).toBe(true)
      expect(counted > last).toBe(true)
    }),
  )
})
