// Decides whether a school is ready to serve students on a real platform, and says what is missing.
// Refuses to know how the answers were gathered.
import { z } from "zod"
import { isDate } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"
import type { Ladder } from "./ladder.ts"
import { safetyPhrase } from "./phrases.ts"
import { hoursExample, type Staffed, staffedShape } from "./staffed.ts"
import { fixedWordsVersion } from "./words.ts"

const date = z.string().refine(isDate, "a date like 2026-09-01")

const ladderExample = "PERSON, PERSON; PERSON"
const ladderShape = z.preprocess(
  (value) => (typeof value === "string" ? stepsIn(value) : value),
  z.object(
    {
      steps: z.array(z.object({ personIds: z.array(z.string().min(1)).min(1) })).min(1),
      stepMinutes: z.int().min(15, "15 to 30 minutes").max(30, "15 to 30 minutes").default(20),
      channel: z.string().min(1).nullable().default(null),
    },
    { error: `people in the order they are told, like “${ladderExample}”: a comma for together, a semicolon for the next step` },
  ),
)

/** The terminal's way: "a, b; c". What starts like JSON is read as such. */
function stepsIn(text: string): unknown {
  if (text.trim().startsWith("{")) return json(text)
  const steps = text.split(";").map((step) => ({ personIds: step.split(",").map((id) => id.trim()) }))
  return steps.some(({ personIds }) => personIds.includes("")) ? null : { steps }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const signoffExample = "NAME, 2026-09-01"
const signoffShape = z.preprocess(
  (value) => (typeof value === "string" ? signedIn(value) : value),
  z.object({ by: z.string().min(1), on: date, version: z.string() }, { error: `who signed and when, like “${signoffExample}”` }),
)

/** Signing from the terminal signs the words as they are now. */
function signedIn(text: string): unknown {
  const comma = text.lastIndexOf(",")
  return comma < 0 ? null : { by: text.slice(0, comma).trim(), on: text.slice(comma + 1).trim(), version: fixedWordsVersion() }
}

/** What the settings command checks these keys with; each is null until set. People of the ladder are stored by id. */
export const safetyShapes = {
  "safety.ladder": ladderShape.nullable().default(null),
  "safety.hours": staffedShape.nullable().default(null),
  "safety.signoff": signoffShape.nullable().default(null),
  "consent.basis": z.enum(["none", "school", "parent"], { error: "school, parent or none" }).default("none"),
  "family.notice": date.nullable().default(null),
} as const

type SafetySettingKey = keyof typeof safetyShapes

export type GoLiveInput = {
  settings: {
    "safety.ladder": Ladder | null
    "safety.hours": Staffed | null
    "safety.signoff": { by: string; on: string; version: string } | null
    "consent.basis": "none" | "school" | "parent"
    "family.notice": string | null
  }
  /** Active staff of the school. */
  staffIds: ReadonlySet<string>
  /** Those of them whom the sign-off means, by key, e-mail or whole name; not asked where nobody has looked. */
  signers?: readonly string[]
  /** The school's local date. */
  today: string
}

export type Missing = { key: SafetySettingKey; says: string }

const examples: Readonly<Record<SafetySettingKey, string>> = {
  "safety.ladder": `"${ladderExample}"`,
  "safety.hours": `"${hoursExample}"`,
  "safety.signoff": `"${signoffExample}"`,
  "consent.basis": "school",
  "family.notice": "2026-09-01",
}

const schoolWeekdays = [1, 2, 3, 4, 5]

/** All that is missing at once, each with the command that mends it. */
export function goLive(input: GoLiveInput, language: Language = "en"): { ready: boolean; missing: Missing[] } {
  const { settings, staffIds, signers, today } = input
  const missing: Missing[] = []
  const lacks = (key: SafetySettingKey, phrase: Parameters<typeof safetyPhrase>[1], vars: Record<string, string> = {}): void => {
    missing.push({ key, says: safetyPhrase(language, phrase, { ...vars, command: `rapport settings ${key} ${examples[key]}` }) })
  }

  const ladder = settings["safety.ladder"]
  const people = new Set(ladder?.steps.flatMap(({ personIds }) => personIds))
  const first = new Set(ladder?.steps[0]?.personIds)
  if (people.size < 2) lacks("safety.ladder", "needs_ladder")
  else if (first.size === people.size) lacks("safety.ladder", "needs_ladder_steps")
  else if ([...people].some((id) => !staffIds.has(id))) lacks("safety.ladder", "needs_ladder_left")

  const hours = settings["safety.hours"]
  const unread = schoolWeekdays.filter((day) => !hours?.weekly.some(({ weekdays }) => weekdays.includes(day)))
  if (!hours) lacks("safety.hours", "needs_hours")
  else if (unread.length > 0) {
    const days = unread.map((day) => safetyPhrase(language, "needs_hours_day", { day }))
    lacks("safety.hours", "needs_hours_days", { days: new Intl.ListFormat(language).format(days) })
  } else if (hours.breaks.kind === "nobody_reads" && hours.breaks.periods.every(({ until }) => until <= today))
    lacks("safety.hours", "needs_hours_again")

  const signed = settings["safety.signoff"]
  if (!signed) lacks("safety.signoff", "needs_signoff")
  else if (signed.on > today) lacks("safety.signoff", "needs_signoff_future")
  else if (signers?.length === 0) lacks("safety.signoff", "needs_signoff_staff", { name: signed.by })
  else if (signed.version !== fixedWordsVersion()) lacks("safety.signoff", "needs_signoff_again", { name: signed.by, date: signed.on })

  if (settings["consent.basis"] === "none") lacks("consent.basis", "needs_consent")

  const notice = settings["family.notice"]
  if (!notice) lacks("family.notice", "needs_notice")
  else if (notice > today) lacks("family.notice", "needs_notice_future", { date: notice })

  return { ready: missing.length === 0, missing }
}
