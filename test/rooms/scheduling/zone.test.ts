// Local dates and times against the engine itself: what is kept of its answers must never be seen.
import fc from "fast-check"
import { Temporal } from "temporal-polyfill"
import { expect, test } from "vitest"
import { atLocal, localDate, localTime } from "../../../src/scheduling/zone.ts"

const zones = [
  "America/New_York",
  "America/Los_Angeles",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Europe/Madrid",
  "Pacific/Apia",
  "Africa/Casablanca",
]
const zone = fc.constantFrom(...zones)
const instant = fc.date({ min: new Date("1980-01-01T00:00:00Z"), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })

/** The last moment before a zone's next change of clocks, and the first of it. */
const aroundChange = fc.tuple(zone, instant).map(([name, at]) => {
  const next = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(name).getTimeZoneTransition("next")
  const ms = next?.epochMilliseconds ?? at.getTime()
  return { name, moments: [new Date(ms - 1), new Date(ms), new Date(ms + 1)] }
})

const engine = (at: Date, name: string) => {
  const there = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(name)
  return [there.toPlainDate().toString(), there.toPlainTime().toString({ smallestUnit: "minute" })]
}

test("every instant has the date and time that the engine gives it, asked in any order", () => {
  fc.assert(
    fc.property(zone, instant, (name, at) => {
      expect([localDate(at, name), localTime(at, name)]).toEqual(engine(at, name))
    }),
    { numRuns: 500 },
  )
})

test("also a moment before and after the clocks change", () => {
  fc.assert(
    fc.property(aroundChange, ({ name, moments }) => {
      for (const at of moments) expect([localDate(at, name), localTime(at, name)]).toEqual(engine(at, name))
    }),
    { numRuns: 300 },
  )
})

test("a local time asked twice is the same instant, and nobody can change it for the next", () => {
  const first = atLocal("2027-03-14", "14:45", "America/New_York")
  first.setTime(0)
  expect(atLocal("2027-03-14", "14:45", "America/New_York").toISOString()).toBe("2027-03-14T18:45:00.000Z")
})
