import { describe, expect, test } from "vitest"
import { rhythmOf, settingsFrom, settingsTogether } from "../../../src/roster/settings.ts"

describe("a school's rhythm", () => {
  const own = settingsFrom({ "prompt.close_weekday": 1, "prompt.close_time": "12:00", "prompt.remind_weekday": 5, "prompt.remind_time": "09:10" })

  test("is the usual one until it says otherwise", () => {
    expect(rhythmOf(settingsFrom({}))).toMatchObject({ weekday: 4, time: "14:45", remindWeekday: 1, closeWeekday: 2, closeTime: "18:00" })
    expect(rhythmOf(own)).toMatchObject({ weekday: 4, remindWeekday: 5, remindTime: "09:10", closeWeekday: 1, closeTime: "12:00" })
  })

  test("leaves a plan on another weekday the days that go with that one", () => {
    expect(rhythmOf(own, { weekday: 1 })).toMatchObject({ weekday: 1, remindWeekday: 3, closeWeekday: 4, closeTime: "12:00", remindTime: "09:10" })
    expect(rhythmOf(own, { weekday: 4, time: "10:00" })).toMatchObject({ time: "10:00", remindWeekday: 5, closeWeekday: 1 })
  })
})

describe("settings together", () => {
  test("are refused where less than an hour is left", () => {
    expect(settingsTogether(settingsFrom({})).refused).toBeNull()
    expect(settingsTogether(settingsFrom({ "hours.open": "17:00" })).refused).toBeNull()
    expect(settingsTogether(settingsFrom({ "hours.open": "17:01" })).refused).toContain("less than an hour")
    expect(settingsTogether(settingsFrom({ "hours.open": "19:00" })).refused).toContain("hours.open 19:00 and hours.close 18:00")
  })

  test("say of each time outside the hours where it goes", () => {
    expect(settingsTogether(settingsFrom({})).moved).toEqual([])
    expect(settingsTogether(settingsFrom({ "prompt.time": "20:00", "brief.time": "06:00" })).moved).toEqual([
      "The prompt is set for 20:00, outside the hours 07:30 to 18:00: it goes out at 17:45.",
      "The brief is set for 06:00, outside the hours 07:30 to 18:00: it goes out at 07:30.",
    ])
  })
})
