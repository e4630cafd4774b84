import fc from "fast-check"
import { expect, test } from "vitest"
import { fairUntil } from "../../../src/engagement/chance.ts"
import { offByDate, type SchoolCalendar } from "../../../src/scheduling/calendar.ts"
import { defaultHours, openMinutes } from "../../../src/scheduling/hours.ts"
import { openSchoolDays } from "../../../src/scheduling/place.ts"
import { atLocal } from "../../../src/scheduling/zone.ts"

const zone = "America/New_York"
const off = ["2027-02-01", "2027-03-15", "2027-03-16", "2027-03-17", "2027-03-18", "2027-03-19"]
const calendar: SchoolCalendar = {
  ...{ zone, off: offByDate(off.map((date) => ({ date, students: true, staff: true, reason: "off" }))) },
  terms: [{ start: "2027-01-11", end: "2027-06-04" }],
}
const at = (date: string, time: string): Date => atLocal(date, time, zone)
const lastMoment = (date: string): Date => new Date(at(date, "23:59").getTime() + 59_999)

test.each([
  ["a Tuesday evening", "2027-02-09", "18:00", lastMoment("2027-02-08")],
  ["a Tuesday after a Monday off", "2027-02-02", "18:00", lastMoment("2027-01-29")],
  ["a close an hour into the day", "2027-02-09", "08:30", at("2027-02-08", "15:00")],
  ["a close at midnight, which belongs to the day before", "2027-02-10", "00:00", lastMoment("2027-02-08")],
  ["a close on a Sunday", "2027-02-07", "18:00", lastMoment("2027-02-04")],
  ["the first day back, after a week's break", "2027-03-22", "18:00", lastMoment("2027-03-12")],
])("%s is a chance for what was sent until the day before", (_, date, time, expected) => {
  expect(fairUntil(at(date, time), calendar, defaultHours)).toEqual(expected)
})

test("the first day of all is a chance for nobody", () => {
  expect(fairUntil(at("2027-01-11", "18:00"), calendar, defaultHours)).toBeNull()
})

test("whatever closes when, what is sent by then has two school days and four open hours, and a minute later it has not", () => {
  const days = fc.integer({ min: 2, max: 130 }).map((n) => new Date(Date.UTC(2027, 0, 11 + n)).toISOString().slice(0, 10))
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "30"))
    .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`)
  fc.assert(
    fc.property(days, times, (date, time) => {
      const closesAt = at(date, time)
      const until = fairUntil(closesAt, calendar, defaultHours)
      if (until === null) return
      const isFair = (sent: Date) =>
        openSchoolDays(sent, closesAt, calendar) >= 2 && openMinutes(sent, closesAt, calendar, defaultHours, "students") >= 240
      expect([isFair(until), isFair(new Date(until.getTime() + 60_000))]).toEqual([true, false])
    }),
  )
})
