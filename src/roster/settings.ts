// Decides what a school may set and what each setting is until it does: the defaults of the mission, by key.
// Refuses to know who reads them.
import { z } from "zod"
import { defaultRhythm, type Rhythm } from "../scheduling/place.ts"

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time like 14:45")
const weekday = z.coerce.number().int().min(1).max(5)
const days = z.coerce.number().int().min(1).max(20)

/** Key -> shape and default. Keys are fixed names; values come from the terminal as text or from the row as JSON. */
export const settingShapes = {
  "school.day_ends": time.default("15:00"),
  "prompt.weekday": weekday.nullable().default(null),
  "prompt.time": time.nullable().default(null),
  "hours.open": time.default("07:30"),
  "hours.close": time.default("18:00"),
  "brief.weekday": weekday.default(3),
  "brief.time": time.default("07:30"),
  "reading.school_days": days.default(2),
  "alert.owner_school_days": days.default(3),
  "alert.brief_school_days": days.default(5),
  "reach_out.school_days": days.default(1),
} as const

export type SettingKey = keyof typeof settingShapes
export type Settings = { readonly [K in SettingKey]: z.output<(typeof settingShapes)[K]> }

export const settingKeys = Object.keys(settingShapes) as SettingKey[]

/** A school's rows over the defaults. A row that no longer fits its shape falls back to the default. */
export function settingsFrom(rows: Readonly<Record<string, unknown>>): Settings {
  return Object.fromEntries(
    settingKeys.map((key) => {
      const shape = settingShapes[key]
      const read = shape.safeParse(rows[key])
      return [key, read.success ? read.data : shape.parse(undefined)]
    }),
  ) as Settings
}

/** The school's rhythm; a plan may change parts of it. */
export const rhythmOf = (settings: Settings, changed: Partial<Rhythm> = {}): Rhythm => ({
  ...defaultRhythm({
    schoolDayEnds: settings["school.day_ends"],
    weekday: changed.weekday ?? settings["prompt.weekday"],
    time: changed.time ?? settings["prompt.time"],
  }),
  ...changed,
})

export const hoursOf = (settings: Settings) => ({ open: settings["hours.open"], close: settings["hours.close"] })
