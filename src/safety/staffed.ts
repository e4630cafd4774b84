// Decides when the school's people are there to read, from the hours it set. Refuses to know who they are.
import { z } from "zod"
import { addDays, atLocal, isDate, localDate, localTime, weekdayOf } from "../scheduling/zone.ts"

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time like 07:30")
const date = z.string().refine(isDate, "a date like 2026-12-19")

/** `breaks` covers holidays and summer: `covered`, or the periods in which nobody reads; `until` is the day somebody does again. */
export type Staffed = {
  weekly: { weekdays: number[]; open: string; close: string }[]
  breaks: { kind: "covered" } | { kind: "nobody_reads"; periods: { from: string; until: string }[] }
}

export const hoursExample = "mon-fri 07:30-16:00; nobody 2026-12-19 to 2027-01-04; nobody 2027-06-12 to 2027-08-25"

export const staffedShape = z.preprocess(
  (value) => (typeof value === "string" ? parsed(value) : value),
  z.object(
    {
      weekly: z
        .array(
          z
            .object({ weekdays: z.array(z.int().min(1).max(7)).min(1), open: time, close: time })
            .refine(({ open, close }) => open < close, "hours that open before they close"),
        )
        .min(1, "at least one weekday with hours"),
      breaks: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("covered") }),
        z.object({
          kind: z.literal("nobody_reads"),
          periods: z
            .array(z.object({ from: date, until: date }).refine(({ from, until }) => from < until, "a break that ends after it begins"))
            .min(1),
        }),
      ]),
    },
    { error: `hours like “${hoursExample}”, or “...; breaks covered”` },
  ),
)

const dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

/** The terminal's way to write it; null where it cannot be read. */
function parsed(text: string): unknown {
  const weekly: Staffed["weekly"] = []
  const periods: { from: string; until: string }[] = []
  let covered = false
  for (const part of text.trim().toLowerCase().split(";")) {
    const [first = "", second = "", third = "", fourth = "", ...rest] = part.trim().split(" ").filter(Boolean)
    if (rest.length > 0) return null
    if (first === "breaks" && second === "covered" && !third) covered = true
    else if (first === "nobody" && third === "to" && fourth) periods.push({ from: second, until: fourth })
    else {
      const [from, to = from] = first.split("-").map((name) => dayNames.indexOf(name) + 1)
      const [open = "", close = ""] = second.split("-")
      if (!from || !to || from > to || third) return null
      weekly.push({ weekdays: dayNames.map((_, i) => i + 1).filter((day) => from <= day && day <= to), open, close })
    }
  }
  if (covered === periods.length > 0) return null
  return { weekly, breaks: covered ? { kind: "covered" } : { kind: "nobody_reads", periods } }
}

/** What can honestly be said about when a person reads. */
export type Reads = { kind: "now" } | { kind: "at"; at: Date } | { kind: "unknown" }

const longestLook = 400

/** When somebody is next there to read, in the school's own zone; `unknown` where no hours are set. */
export function nextRead(staffed: Staffed | null, now: Date, zone: string): Reads {
  if (!staffed) return { kind: "unknown" }
  const today = localDate(now, zone)
  const clock = localTime(now, zone)
  for (let ahead = 0; ahead <= longestLook; ahead += 1) {
    const day = addDays(today, ahead)
    if (isAway(staffed, day)) continue
    const windows = staffed.weekly.filter(({ weekdays }) => weekdays.includes(weekdayOf(day)))
    if (ahead === 0 && windows.some(({ open, close }) => open <= clock && clock < close)) return { kind: "now" }
    const opens = windows
      .map(({ open }) => open)
      .filter((open) => ahead > 0 || open > clock)
      .sort()
    if (opens[0]) return { kind: "at", at: atLocal(day, opens[0], zone) }
  }
  return { kind: "unknown" }
}

const isAway = ({ breaks }: Staffed, day: string): boolean =>
  breaks.kind === "nobody_reads" && breaks.periods.some(({ from, until }) => from <= day && day < until)
