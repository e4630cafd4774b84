import fc from "fast-check"
import { expect, test } from "vitest"
import { askingWeeks, countedTerm, standsFrom, termOn } from "../../../src/outreach/belief-term.ts"
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

test("counts stand when the weeks of asking are over, and not on a day on which one of their questions may still be answered", () => {
  expect(standsFrom(spring, null)).toBe("2027-05-03")
  expect(standsFrom(spring, "2027-04-27")).toBe("2027-05-03")
  expect(standsFrom(spring, "2027-05-03")).toBe("2027-05-04")
})

const asked = <T>(term: T, closes: string | null = null) => ({ ...term, closes })

test("counts are those of the term asked last, of those that stand", () => {
  const autumn = { id: "autumn", starts: "2026-09-01", ends: "2026-12-18" }
  const latest = (terms: Parameters<typeof countedTerm<ReturnType<typeof asked<typeof spring>>>>[0], day: string) => countedTerm(terms, day)?.id
  expect(latest([asked(autumn), asked(spring)], "2027-05-02")).toBe("autumn")
  expect(latest([asked(autumn), asked(spring)], "2027-05-03")).toBe("spring")
  expect(latest([asked(autumn), asked(spring, "2027-05-03")], "2027-05-03")).toBe("autumn")
  expect(latest([asked(spring)], "2027-05-02")).toBeUndefined()
  expect(latest([asked(year), asked(spring)], "2027-05-03")).toBe("spring")
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
