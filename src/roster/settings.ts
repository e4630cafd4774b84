// Decides what a school may set and what each setting is until it does: the defaults of the mission, by key.
// Refuses to know who reads them.
import { z } from "zod"
import { safetyShapes } from "../safety/golive.ts"
import { withinHours } from "../scheduling/hours.ts"
import { defaultRhythm, type Rhythm } from "../scheduling/place.ts"

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time like 14:45")
const weekday = z.coerce
  .number("a weekday from 1 (Monday) to 5")
  .int("a weekday from 1 (Monday) to 5")
  .min(1, "a weekday from 1 (Monday) to 5")
  .max(5, "a weekday from 1 (Monday) to 5")
const days = z.coerce.number("a number of days from 1 to 20").int("a whole number of days").min(1, "at least 1 day").max(20, "at most 20 days")
const age = z.coerce.number("an age from 0 to 25").int("a whole number of years").min(0, "an age from 0").max(25, "an age up to 25")

/** Key -> shape and default. Keys are fixed names; values come from the terminal as text or from the row as JSON. */
export const settingShapes = {
  "school.day_ends": time.default("15:00"),
  "prompt.weekday": weekday.nullable().default(null),
  "prompt.time": time.nullable().default(null),
  "prompt.remind_weekday": weekday.nullable().default(null),
  "prompt.remind_time": time.nullable().default(null),
  "prompt.close_weekday": weekday.nullable().default(null),
  "prompt.close_time": time.nullable().default(null),
  "hours.open": time.default("07:30"),
  "hours.close": time.default("18:00"),
  "brief.weekday": weekday.default(3),
  "brief.time": time.default("07:30"),
  "reading.school_days": days.default(2),
  "alert.owner_school_days": days.default(3),
  "alert.brief_school_days": days.default(5),
  "reach_out.school_days": days.default(1),
  "slack.minimum_age": age.default(16),
  ...safetyShapes,
} as const

export type SettingKey = keyof typeof settingShapes
export type Settings = { readonly [K in SettingKey]: z.output<(typeof settingShapes)[K]> }

export const settingKeys = Object.keys(settingShapes) as SettingKey[]

/** What each key means, for whoever sets it. */
export const settingMeanings: Readonly<Record<SettingKey, string>> = {
  "school.day_ends": "when the school day ends; the prompt opens a quarter of an hour before, unless prompt.time says when",
  "prompt.weekday": "the weekday of the prompt, 1 Monday to 5; not set: Thursday",
  "prompt.time": "when the prompt opens, local time",
  "prompt.remind_weekday": "the weekday of the one reminder; not set: Monday, or two days after a Monday or Tuesday prompt",
  "prompt.remind_time": "when the reminder goes out, local time; not set: 08:00",
  "prompt.close_weekday": "the weekday on which the prompt closes; not set: Tuesday, or three days after a Monday or Tuesday prompt",
  "prompt.close_time": "when the prompt closes, local time; not set: 18:00",
  "hours.open": "nobody is written to before, local time",
  "hours.close": "nobody is written to after, local time",
  "brief.weekday": "the weekday of the adults' brief",
  "brief.time": "when the brief goes out, local time",
  "reading.school_days": "school days an answer may lie unread before the second adult has it",
  "alert.owner_school_days": "school days an alert waits for its owner before the brief says it once more",
  "alert.brief_school_days": "school days after that before the counsellors have it",
  "reach_out.school_days": "school days a wish for a person waits before the counsellors have it",
  "slack.minimum_age":
    "students who are younger are kept off Slack, whose own terms say 16; a student counts as grade + 5 years old, one without a numbered grade as too young; 0: nobody is kept off",
  "safety.ladder": "who is told when words are about danger, step by step",
  "safety.hours": "when somebody is there to read, and who covers breaks",
  "safety.signoff": "who read the fixed words about danger and signed them, and when",
  "consent.basis": "on what basis students are written to",
  "family.notice": "the day on which families were told",
}

/** A school's rows over the defaults. A row that no longer fits its shape falls back to the default. */
export function settingsFrom(rows: Readonly<Record<string, unknown>>): Settings {
  const settings = readBefore.get(rows) ?? read(rows)
  readBefore.set(rows, settings)
  return settings
}

// Checking thirty shapes costs more than the rest of a message's way in; the door hands in the same rows until they change.
const readBefore = new WeakMap<Readonly<Record<string, unknown>>, Settings>()

const read = (rows: Readonly<Record<string, unknown>>): Settings =>
  Object.fromEntries(
    settingKeys.map((key) => {
      const shape = settingShapes[key]
      const one = shape.safeParse(rows[key])
      return [key, one.success ? one.data : shape.parse(undefined)]
    }),
  ) as Settings

/**
 * The school's rhythm; a plan may change parts of it. The school's weekdays for reminding and closing were chosen for its own day:
 * a plan that asks on another has those that go with that one.
 */
export function rhythmOf(settings: Settings, changed: Partial<Rhythm> = {}): Rhythm {
  const usual = defaultRhythm({
    schoolDayEnds: settings["school.day_ends"],
    weekday: changed.weekday ?? settings["prompt.weekday"],
    time: changed.time ?? settings["prompt.time"],
  })
  const ownDay = changed.weekday !== undefined && changed.weekday !== rhythmOf(settings).weekday
  return {
    ...usual,
    remindWeekday: (ownDay ? null : settings["prompt.remind_weekday"]) ?? usual.remindWeekday,
    remindTime: settings["prompt.remind_time"] ?? usual.remindTime,
    closeWeekday: (ownDay ? null : settings["prompt.close_weekday"]) ?? usual.closeWeekday,
    closeTime: settings["prompt.close_time"] ?? usual.closeTime,
    ...changed,
  }
}

export const hoursOf = (settings: Settings) => ({ open: settings["hours.open"], close: settings["hours.close"] })

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/**
 * What is wrong with settings that are each well in themselves: `refused`, or null; and in `moved` a sentence for each time that
 * lies outside the hours, and is therefore another.
 */
export function settingsTogether(settings: Settings): { refused: string | null; moved: string[] } {
  const hours = hoursOf(settings)
  if (minutesOf(hours.close) - minutesOf(hours.open) < 60) {
    const refused = `hours.open ${hours.open} and hours.close ${hours.close} leave less than an hour a day in which anybody may be written to.`
    return { refused, moved: [] }
  }
  const rhythm = rhythmOf(settings)
  const times = [
    ["The prompt", rhythm.time],
    ["The reminder", rhythm.remindTime],
    ["The brief", settings["brief.time"]],
  ] as const
  const moved = times.flatMap(([what, time]) => {
    const at = withinHours(time, hours)
    return at === time ? [] : [`${what} is set for ${time}, outside the hours ${hours.open} to ${hours.close}: it goes out at ${at}.`]
  })
  return { refused: null, moved }
}
