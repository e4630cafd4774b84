import { existsSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { readCalendar, readTypedList } from "../../../src/roster/calendar-import.ts"
import { titleSays } from "../../../src/roster/calendar-phrases.ts"

const today = "2026-09-01"
const fixture = readFileSync(new URL("../../fixtures/calendar/larkfield.ics", import.meta.url), "utf8")
const ics = (...events: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...events.flatMap((event) => ["BEGIN:VEVENT", ...event.split("\n"), "END:VEVENT"]), "END:VCALENDAR", ""].join(
    "\r\n",
  )
const lineOf = (text: string, part: string): number => text.split("\r\n").findIndex((line) => line.includes(part)) + 1

describe("a title", () => {
  test.each([
    ["No School", "all"],
    ["NO SCHOOL – Labor Day", "all"],
    ["Veteran’s Day", "all"],
    ["MLK Day", "all"],
    ["Snow day", "all"],
    ["Mid-Winter Break", "all"],
    ["Día festivo: Acción de Gracias", "all"],
    ["No hay clases", "all"],
    ["Vacaciones de primavera", "all"],
    ["Teacher Workday", "students_only"],
    ["No School – Teacher Workday", "students_only"],
    ["Indigenous People's (in-service) Day", "students_only"],
    ["End of 1st Semester (non-student day)", "students_only"],
    ["Student holiday", "students_only"],
    ["Parent-Teacher Conferences – No School", "students_only"],
    ["Schools & Offices Closed", "all"],
    ["No hay escuela", "all"],
    ["Desarrollo profesional", "students_only"],
    ["Sin clases: capacitación docente", "students_only"],
  ])("%s closes the day for %s", (title, who) => expect(titleSays(title)).toMatchObject({ kind: "closed", who }))

  test.each([
    "A Day",
    "B Day",
    "Spirit Week",
    "Halloween",
    "Late Start Wednesday (PD)",
    "Early Release – Professional Development",
    "Salida temprana",
    "Holiday Concert",
    "Thanksgiving Feast",
    "Spring Break Camp",
    "Last day before winter break",
    "School resumes after winter break",
    "Regreso a clases después de vacaciones",
    "Snow make-up day",
    "Snow Day Make-Up",
    "Parent-Teacher Conferences",
    "No School for Kindergarten",
    "Yom Kippur",
    "Breakfast with the band",
    "",
    "🎉🎉",
  ])("%s closes nothing", (title) => expect(titleSays(title).kind).toBe("nothing"))

  test.each([
    ["First Day of School", "first_day"],
    ["Primer día de clases", "first_day"],
    ["Last day of school (early release)", "last_day"],
    ["Last day of school before winter break", "nothing"],
    ["First day of school, 2nd semester", "nothing"],
    ["Último día de clases", "last_day"],
  ])("%s is read as %s", (title, kind) => expect(titleSays(title).kind).toBe(kind))
})

describe("an ICS file", () => {
  const read = readCalendar(fixture, { today })
  const day = (date: string) => read.days.find((found) => found.date === date)

  test("gives the closed weekdays, students and staff apart, and the words that decided", () => {
    expect(read.problems).toEqual([])
    expect(read.days.map(({ date, staff }) => `${date} ${staff ? "all" : "students"}`)).toEqual([
      "2026-09-07 all",
      "2026-10-09 students",
      "2026-10-12 students",
      "2026-11-06 students",
      "2026-11-26 all",
      "2026-11-27 all",
      "2026-12-21 students",
      ...["22", "23", "24", "25", "28", "29", "30", "31"].map((d) => `2026-12-${d} all`),
      "2027-01-01 all",
      "2027-01-11 students",
    ])
    expect(day("2026-09-07")).toMatchObject({ students: true, reason: "Labor Day – No School", why: 'it says "no school"' })
    expect(day("2026-12-21")?.reason).toBe("Vacaciones de invierno; Desarrollo profesional")
  })

  test("infers the year from its first and last day", () => {
    expect(read.terms).toEqual([{ start: "2026-08-17", end: "2027-06-04", why: "from its first and last day of school" }])
  })

  test("says why each other event closes nothing", () => {
    const why = Object.fromEntries(read.ignored.map((event) => [event.summary, event.why]))
    expect(why["Late Start Wednesday (PD)"]).toContain("late start")
    expect(why["A Day"]).toBe("nothing in it says that school is closed")
    expect(why["Snow Day"]).toBe("it was cancelled")
    expect(why["No School Concert Night"]).toContain("time of day")
    expect(Object.keys(why)).toContain("Spirit Week")
  })

  test("doubts a single open weekday in the middle of a break", () => {
    const two = ics("UID:1\nDTSTART;VALUE=DATE:20261229\nSUMMARY:Winter Break", "UID:2\nDTSTART;VALUE=DATE:20261231\nSUMMARY:Winter Break")
    expect(readCalendar(two, { today }).doubts.map((doubt) => doubt.date)).toEqual(["2026-12-30"])
    expect(read.doubts).toEqual([])
  })

  test("follows a yearly rule without end to the years around today", () => {
    const rule = ics("UID:1\nDTSTART;VALUE=DATE:19980525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\nSUMMARY:Memorial Day")
    expect(readCalendar(rule, { today }).days.map((found) => found.date)).toEqual(["2026-05-25", "2027-05-31", "2028-05-29"])
  })

  test("finds no day in a rule that no date ever meets", () => {
    const rule = ics("UID:1\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31\nSUMMARY:No School")
    expect(readCalendar(rule, { today })).toMatchObject({ days: [], problems: [], ignored: [{ summary: "No School", date: null }] })
  })

  test("keeps midnight at midnight over a clock change", () => {
    const rule = ics(
      "UID:1\nDTSTART;TZID=America/Chicago:20261030T000000\nDTEND;TZID=America/Chicago:20261031T000000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:No School",
    )
    expect(readCalendar(rule, { today }).days.map((found) => found.date)).toEqual(["2026-10-30", "2026-11-06", "2026-11-13"])
  })

  const named = "UID:1\nSUMMARY:No School"
  const zoned = ";TZID=Mars/Olympus:20261009T000000"
  test.each([
    ["every second", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=SECONDLY`, "BEGIN:VEVENT", "secondly (line 7)"],
    ["every minute", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=MINUTELY;COUNT=5`, "BEGIN:VEVENT", "minutely"],
    ["every hour", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=HOURLY`, "BEGIN:VEVENT", "hourly"],
    ["many times a day", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=DAILY;BYHOUR=1,2;BYSECOND=1,2`, "BEGIN:VEVENT", "several times a day"],
    ["too many times", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=DAILY;COUNT=99999999`, "BEGIN:VEVENT", "more than 2,000 times"],
    ["a rule of nonsense", `${named}\nDTSTART;VALUE=DATE:20261009\nRRULE:FREQ=NONSENSE`, "RRULE", "cannot be followed"],
    ["an unknown zone", `${named}\nDTSTART${zoned}`, "DTSTART", '"Mars/Olympus" is unknown'],
    ["an unknown zone at its end", `${named}\nDTSTART:20261009T000000Z\nDTEND${zoned}`, "DTEND", "is unknown"],
    ["no such day", `${named}\nDTSTART;VALUE=DATE:20260231`, "DTSTART", "is not a date"],
    ["no date", named, "BEGIN:VEVENT", "no DTSTART"],
    ["a century", `${named}\nDTSTART;VALUE=DATE:20261009\nDTEND;VALUE=DATE:21261009`, "BEGIN:VEVENT", "at most 200"],
  ])("with %s is refused with line and title, and nothing is taken from it", (_, event, part, says) => {
    const text = ics(event, "UID:2\nSUMMARY:Snow day\nDTSTART;VALUE=DATE:20270111")
    const refused = readCalendar(text, { today })
    expect(refused.days).toEqual([])
    expect(refused.problems).toEqual([{ line: lineOf(text, part), says: expect.stringContaining(says) }])
    expect(refused.problems[0]?.says).toContain('"No School"')
  })

  test("with 10,000 events is refused at the first too many", () => {
    const many = ics(...Array.from({ length: 10_000 }, (_, i) => `UID:${i}\nSUMMARY:No School\nDTSTART;VALUE=DATE:20261009`))
    expect(readCalendar(many, { today })).toMatchObject({
      days: [],
      problems: [{ line: 3 + 5 * 5_000, says: expect.stringContaining("5,000 events") }],
    })
  })

  test.each([
    ["nothing", "", 1, "not an ICS calendar"],
    ["a CSV", "date,reason\n2026-10-09,PD", 1, "not an ICS calendar"],
    ["half a file", fixture.slice(0, 400), 10, "cut off"],
    ["a calendar without events", "BEGIN:VCALENDAR\nEND:VCALENDAR", 1, "no events"],
    ["parts that cross", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", 3, "closes nothing"],
  ])("that is %s is refused with its line", (_, text, line, says) => {
    expect(readCalendar(text, { today }).problems).toEqual([{ line, says: expect.stringContaining(says) }])
  })

  test("takes hostile names as plain words", () => {
    const hostile = ics("UID:__proto__\nSUMMARY:No School\u202E<!channel>\u0000\nDTSTART;VALUE=DATE:20261009")
    expect(readCalendar(hostile, { today }).days).toEqual([
      { date: "2026-10-09", students: true, staff: true, reason: "No School <!channel>", why: 'it says "no school"' },
    ])
  })

  // The sample lies beside the repository, not in it; the fixture above is what a bare clone is tested on.
  const samples = [new URL("../../../../shared/data/calendar/skhs-ab-days.ics", import.meta.url)].filter((url) => existsSync(url))
  test.each(samples)("of a real high school closes its holidays and none of its A and B days", (sample) => {
    const real = readCalendar(readFileSync(sample, "utf8"), { today: "2023-09-01" })
    expect(real.problems).toEqual([])
    expect(real.days).toHaveLength(23)
    expect(real.days.filter((found) => !found.staff).map((found) => found.date)).toEqual(["2023-10-09", "2024-01-29"])
    expect(real.doubts.map((doubt) => doubt.date)).toEqual(["2024-01-01"])
  })
})

describe("a typed list", () => {
  test("gives days, ranges and terms", () => {
    const read = readTypedList(
      "# Larkfield\n2026-11-26..2026-11-29 all Thanksgiving\n\n2026-10-09 students Teacher workday\n2026-10-30 Staff Regional training\r\n2026-08-17..2027-06-04 term\n",
    )
    expect(read.problems).toEqual([])
    expect(read.days.map(({ date, students, staff, reason }) => [date, students, staff, reason])).toEqual([
      ["2026-10-09", true, false, "Teacher workday"],
      ["2026-10-30", false, true, "Regional training"],
      ["2026-11-26", true, true, "Thanksgiving"],
      ["2026-11-27", true, true, "Thanksgiving"],
    ])
    expect(read.terms).toMatchObject([{ start: "2026-08-17", end: "2027-06-04" }])
  })

  test.each([
    ["2026-02-30 all Snow", "is not a date"],
    ["26 Nov all Thanksgiving", "is not a date"],
    ["2026-11-27..2026-11-26 all Thanksgiving", "ends before it starts"],
    ["2026-11-26 everyone Thanksgiving", "does not say who is off"],
    ["2026-11-26 __proto__ Thanksgiving", "does not say who is off"],
    ["2026-11-26 all", "Say why"],
    ["2026-01-01..2027-01-01 all Everything", "at most 200"],
    ["2026-10-09 all Again", "listed twice"],
    ["2026-10-01..2026-10-02..2026-10-03 all Fall", "more than two dates"],
  ])("with the line %s is refused, and nothing is taken from it", (line, says) => {
    const read = readTypedList(`2026-10-09 students Teacher workday\n${line}`)
    expect(read.days).toEqual([])
    expect(read.problems).toEqual([{ line: 2, says: expect.stringContaining(says) }])
  })
})
