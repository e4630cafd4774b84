import fc from "fast-check"
import { expect, test } from "vitest"
import { isSchoolDay, offByDate, type SchoolCalendar } from "../../../src/scheduling/calendar.ts"
import { due } from "../../../src/scheduling/due.ts"
import { isAllowed, never, nextAllowed } from "../../../src/scheduling/hours.ts"
import { defaultRhythm, openSchoolDays, type PlacedPrompt, place, type Rhythm } from "../../../src/scheduling/place.ts"
import { addDays, localDate, mondayOf } from "../../../src/scheduling/zone.ts"
import { zones } from "./sample.ts"

// Twelve weeks over each of the two clock changes, with any days off in them.
const starts = ["2026-09-28", "2027-02-08"] as const
const weeks = 12

const calendars: fc.Arbitrary<{ calendar: SchoolCalendar; start: string }> = fc
  .record({
    start: fc.constantFrom(...starts),
    zone: fc.constantFrom(...zones),
    off: fc.array(
      fc.record({
        day: fc.nat(weeks * 7 + 20),
        length: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 12 })),
        students: fc.boolean(),
        staff: fc.boolean(),
      }),
      { maxLength: 14 },
    ),
    term: fc.option(fc.record({ from: fc.nat(20), days: fc.integer({ min: 1, max: weeks * 7 }) })),
  })
  .map(({ start, zone, off, term }) => ({
    start,
    calendar: {
      zone,
      off: offByDate(
        off.flatMap(({ day, length, students, staff }) =>
          Array.from({ length }, (_, i) => ({ date: addDays(start, day + i), students, staff, reason: "closed" })),
        ),
      ),
      terms: term ? [{ start: addDays(start, term.from), end: addDays(start, term.from + term.days) }] : [],
    },
  }))

const times = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`)
const rhythms: fc.Arbitrary<Rhythm> = fc
  .record({ weekday: fc.integer({ min: 1, max: 5 }), time: times, remindTime: times })
  .map(({ weekday, time, remindTime }) => ({ ...defaultRhythm({ schoolDayEnds: "15:00", weekday, time }), remindTime }))
const hoursOf = fc.constantFrom({ open: "07:30", close: "18:00" }, { open: "08:00", close: "16:00" }, { open: "06:00", close: "21:00" })
const cases = fc.record({ at: calendars, rhythm: rhythms, hours: hoursOf })

const placedWeeks = (rhythm: Rhythm, calendar: SchoolCalendar, hours: { open: string; close: string }, start: string): PlacedPrompt[] =>
  Array.from({ length: weeks }, (_, i) => place(rhythm, calendar, hours, addDays(start, 7 * i))).filter((placed) => placed.kind === "placed")

const runs = { numRuns: 150 }
type Hours = { open: string; close: string }
const broken = (checks: Readonly<Record<string, boolean>>): string[] => Object.keys(checks).filter((name) => !checks[name])

/** What is wrong with a placed prompt, by name; empty where all is well. */
function faults(placed: PlacedPrompt, calendar: SchoolCalendar, hours: Hours): string[] {
  const closeDate = localDate(placed.closesAt, calendar.zone)
  const { remindAt } = placed
  return broken({
    "opens on its date": localDate(placed.opensAt, calendar.zone) === placed.date,
    "opens within hours": isAllowed(placed.opensAt, calendar, hours, "students"),
    "is read within hours": isAllowed(placed.readingAt, calendar, hours, "staff"),
    "is read on a later day": localDate(placed.readingAt, calendar.zone) > placed.date,
    "reminds within hours": remindAt === null || isAllowed(remindAt, calendar, hours, "students"),
    "reminds while open": remindAt === null || (remindAt > placed.opensAt && remindAt < placed.closesAt),
    "closes on a later school day": closeDate > placed.date && isSchoolDay(calendar, closeDate, "students"),
    "is open on two school days": openSchoolDays(placed.opensAt, placed.closesAt, calendar) >= 2,
  })
}

test("whatever the calendar, each instant is within hours on a school day, in order, and there is time to answer", () => {
  fc.assert(
    fc.property(cases, ({ at: { calendar, start }, rhythm, hours }) => {
      expect(placedWeeks(rhythm, calendar, hours, start).flatMap((placed) => faults(placed, calendar, hours))).toEqual([])
    }),
    runs,
  )
})

test("windows never overlap, and each week has at most one, on a date of its own", () => {
  fc.assert(
    fc.property(cases, ({ at: { calendar, start }, rhythm, hours }) => {
      const placed = placedWeeks(rhythm, calendar, hours, start)
      expect(new Set(placed.map((one) => mondayOf(one.date))).size).toBe(placed.length)
      expect(placed.slice(1).filter((next, i) => next.opensAt < (placed[i]?.closesAt ?? next.opensAt))).toEqual([])
    }),
    runs,
  )
})

test("the same inputs place the same prompt, whatever was placed before", () => {
  fc.assert(
    fc.property(cases, fc.nat(weeks - 1), ({ at: { calendar, start }, rhythm, hours }, week) => {
      const monday = addDays(start, 7 * week)
      const alone = place(rhythm, calendar, hours, monday)
      placedWeeks(rhythm, calendar, hours, start)
      expect(place({ ...rhythm }, { ...calendar, off: new Map(calendar.off) }, { ...hours }, monday)).toEqual(alone)
    }),
    { numRuns: 40 },
  )
})

const instants = fc.record({ start: fc.constantFrom(...starts), minutes: fc.nat(weeks * 7 * 24 * 60) })

test("the next allowed instant is allowed, is its own next one, and keeps the order of instants", () => {
  fc.assert(
    fc.property(calendars, hoursOf, instants, fc.nat(20_000), fc.constantFrom("students", "staff"), ({ calendar }, hours, from, later, who) => {
      const at = new Date(Date.parse(`${from.start}T00:00:00Z`) + from.minutes * 60_000)
      const next = nextAllowed(at, calendar, hours, who)
      expect(next >= at).toBe(true)
      expect(next >= never || isAllowed(next, calendar, hours, who)).toBe(true)
      expect(nextAllowed(next, calendar, hours, who)).toEqual(next)
      expect(nextAllowed(new Date(at.getTime() + later * 60_000), calendar, hours, who) >= next).toBe(true)
    }),
    { numRuns: 300 },
  )
})

/** What is wrong with what is owed of a prompt at `now`. */
function late(placed: PlacedPrompt, now: Date, calendar: SchoolCalendar, hours: Hours): string[] {
  const found = due(placed, now, calendar, hours, { graceHours: 4 })
  if (found.kind !== "due") return broken({ "is due or missed": found.kind === "missed" })
  return broken({
    "is sent within hours": isAllowed(found.sendAt, calendar, hours, "students"),
    "is sent from now on, while open": found.sendAt >= now && found.sendAt < placed.closesAt,
  })
}

test("after any outage a prompt is sent within hours with time left, or missed; never at night", () => {
  fc.assert(
    fc.property(cases, fc.nat(14 * 24 * 60), ({ at: { calendar, start }, rhythm, hours }, outage) => {
      for (const placed of placedWeeks(rhythm, calendar, hours, start)) {
        expect(late(placed, new Date(placed.opensAt.getTime() + outage * 60_000), calendar, hours)).toEqual([])
        expect(due(placed, placed.opensAt, calendar, hours, { graceHours: 4 })).toEqual({ kind: "due", sendAt: placed.opensAt, late: false })
      }
    }),
    { numRuns: 60 },
  )
})
