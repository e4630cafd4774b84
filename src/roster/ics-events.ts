// Decides which events an ICS file holds and on which dates they fall, within caps, each with the line it starts on.
// Refuses to know what a title means. Nothing is fetched: only the few properties below ever reach the parser.
import ical, { type VEvent } from "node-ical"
import { cut } from "../platform/limits.ts"
import { addDays, daysBetween, isDate, isZone, localDate, localTime } from "../scheduling/zone.ts"

/** `dates` is empty for an event with a time of day. */
export type IcsEvent = { line: number; summary: string; dates: readonly string[]; cancelled: boolean }
export type Problem = { line: number; says: string }

export const caps = { chars: 5_000_000, events: 5_000, repeats: 2_000, days: 200 } as const

type Property = { line: number; name: string; params: string; value: string }
type Block = { line: number; properties: Property[] }

const kept = new Set(["SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "UID", "RECURRENCE-ID", "STATUS"])
const parsed = new Set(["DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE"])

/** Every event of the file. `today` (YYYY-MM-DD) bounds only rules without an end: a year back, two years on. */
export function icsEvents(ics: string, today: string): { events: IcsEvent[]; problems: Problem[] } {
  if (ics.length > caps.chars) return refused(1, `The file has more than ${caps.chars.toLocaleString("en")} characters. Export one school year only.`)
  const scanned = scan(ics)
  if (scanned.kind === "problem") return { events: [], problems: [scanned.problem] }
  const { blocks, zones } = scanned
  const problems: Problem[] = []
  const events: IcsEvent[] = []
  const zoneOf = zoneReader(zones)
  const moved = movedDates(blocks)
  for (const block of blocks) {
    const read = readEvent(block, today, zoneOf, moved)
    if ("says" in read) problems.push(read)
    else events.push(read)
  }
  return { events, problems }
}

const refused = (line: number, says: string): { events: IcsEvent[]; problems: Problem[] } => ({ events: [], problems: [{ line, says }] })

type Scanned = { kind: "scanned"; blocks: Block[]; zones: string[] } | { kind: "problem"; problem: Problem }

/** Unfolds lines and keeps, of each VEVENT, the properties that matter; alarms inside are passed over. */
function scan(ics: string): Scanned {
  const problem = (line: number, says: string): Scanned => ({ kind: "problem", problem: { line, says } })
  const blocks: Block[] = []
  const zones: string[] = []
  const open: { name: string; line: number }[] = []
  let block: Block | null = null
  let calendar = false
  for (const { line, text } of unfolded(ics)) {
    const property = split(line, text)
    if (property === null) continue
    const { name, value } = property
    const inside = open.map((part) => part.name)
    if (name === "BEGIN") {
      const part = value.trim().toUpperCase()
      if (part === "VCALENDAR") calendar = true
      if (part === "VEVENT") block = { line, properties: [] }
      open.push({ name: part, line })
      if (open.length > 10) return problem(line, "Parts are nested too deeply for a calendar. Export it again as ICS.")
    }
    if (inside.includes("VTIMEZONE") || (name === "BEGIN" && value.trim().toUpperCase() === "VTIMEZONE")) zones.push(text)
    if (name === "END") {
      const last = open.pop()
      if (last?.name !== value.trim().toUpperCase()) return problem(line, `END:${value} closes nothing that was opened. Export the file again.`)
      if (last.name === "VEVENT" && block) {
        blocks.push(block)
        if (blocks.length > caps.events) {
          return problem(block.line, `More than ${caps.events.toLocaleString("en")} events; this is the first too many. Export one school year only.`)
        }
        block = null
      }
    } else if (block && inside.at(-1) === "VEVENT" && kept.has(name)) block.properties.push(property)
  }
  if (!calendar) return problem(1, "This is not an ICS calendar: it has no BEGIN:VCALENDAR.")
  const unclosed = open.at(-1)
  if (unclosed) return problem(unclosed.line, `${unclosed.name} starts here and never ends: the file is cut off. Export it again.`)
  return { kind: "scanned", blocks, zones }
}

function unfolded(ics: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = []
  let run: { line: number; parts: string[] } | null = null
  const done = (): void => {
    if (run) lines.push({ line: run.line, text: run.parts.join("") })
  }
  ics
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .forEach((raw, i) => {
      if (run && (raw.startsWith(" ") || raw.startsWith("\t"))) run.parts.push(raw.slice(1))
      else {
        done()
        run = { line: i + 1, parts: [raw] }
      }
    })
  done()
  return lines
}

/** NAME;PARAMS:VALUE; a colon inside quotation marks belongs to the parameters. */
function split(line: number, text: string): Property | null {
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted
    if (text[i] !== ":" || quoted) continue
    const head = text.slice(0, i)
    const semicolon = head.indexOf(";")
    const name = (semicolon < 0 ? head : head.slice(0, semicolon)).trim().toUpperCase()
    return { line, name, params: semicolon < 0 ? "" : head.slice(semicolon), value: text.slice(i + 1) }
  }
  return null
}

const parse = (lines: readonly string[], zones: readonly string[]): VEvent | null => {
  const text = ["BEGIN:VCALENDAR", ...zones, "BEGIN:VEVENT", "UID:event", ...lines, "END:VEVENT", "END:VCALENDAR"].join("\r\n")
  const event = ical.sync.parseICS(text).event
  return event?.type === "VEVENT" ? event : null
}

type ZoneOf = (tzid: string) => string | null

/** A TZID as a zone that Temporal knows: itself, Windows' name for it, or one that the file defines. Asked once per name. */
function zoneReader(zones: readonly string[]): ZoneOf {
  const known = new Map<string, string | null>()
  return (tzid) => {
    const before = known.get(tzid)
    if (before !== undefined) return before
    let zone: string | null = isZone(tzid) ? tzid : null
    if (zone === null) {
      const probe = parse([`DTSTART;TZID=${tzid}:20260115T120000`], zones)?.start?.tz
      zone = probe !== undefined && probe !== tzid && isZone(probe) ? probe : null
    }
    known.set(tzid, zone)
    return zone
  }
}

const tzidOf = (property: Property): string | null => {
  const param = property.params.split(";").find((part) => part.toUpperCase().startsWith("TZID="))
  return param ? param.slice(5).replaceAll('"', "") : null
}

const rawDate = (value: string): string => `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`

/** By UID, the dates of a repeating event that another event of the file replaces. */
function movedDates(blocks: readonly Block[]): ReadonlyMap<string, ReadonlySet<string>> {
  const moved = new Map<string, Set<string>>()
  for (const block of blocks) {
    const id = block.properties.find((property) => property.name === "RECURRENCE-ID")
    const uid = block.properties.find((property) => property.name === "UID")?.value
    if (!id || uid === undefined) continue
    const dates = moved.get(uid) ?? new Set()
    moved.set(uid, dates.add(rawDate(id.value)))
  }
  return moved
}

function readEvent(block: Block, today: string, zoneOf: ZoneOf, moved: ReadonlyMap<string, ReadonlySet<string>>): IcsEvent | Problem {
  const one = (name: string): Property | undefined => block.properties.find((property) => property.name === name)
  const summary = title(one("SUMMARY")?.value ?? "")
  const problem = (line: number, says: string): Problem => ({ line, says: `"${summary}": ${says}` })
  const start = one("DTSTART")
  if (!start) return problem(block.line, "the event has no DTSTART, so no date.")
  for (const property of block.properties) {
    const tzid = tzidOf(property)
    if (tzid && zoneOf(tzid) === null)
      return problem(property.line, `the time zone "${cut(tzid, 60)}" is unknown. Use a name such as America/New_York.`)
  }
  for (const property of [start, one("DTEND")]) {
    if (property && !isDate(rawDate(property.value))) return problem(property.line, `"${cut(property.value, 40)}" is not a date.`)
  }
  const rule = one("RRULE")
  const often = rule ? tooOften(rule.value) : null
  if (rule && often) return problem(block.line, `${often} (line ${rule.line}). A school day off repeats daily at most; take the event out.`)

  const lines = block.properties.filter(({ name }) => parsed.has(name)).map(({ name, params, value }) => `${name}${params}:${value}`)
  try {
    const event = parse(lines, [])
    if (!event?.start) return problem(block.line, "the event cannot be read.")
    const cancelled = one("STATUS")?.value.trim().toUpperCase() === "CANCELLED"
    const tzid = tzidOf(start)
    const span = allDaySpan(event, (tzid && zoneOf(tzid)) || "UTC")
    if (span === null) return { line: block.line, summary, dates: [], cancelled }
    if (span.days > caps.days) return problem(block.line, `it lasts ${span.days} days; at most ${caps.days} are taken for one event.`)
    const starts = rule ? repeats(event, rule.value, span.zone, today) : [span.date]
    if (starts === null) {
      return problem(block.line, `it repeats more than ${caps.repeats.toLocaleString("en")} times. Give the rule an end, or take the event out.`)
    }
    const uid = one("UID")?.value
    const replaced = (!one("RECURRENCE-ID") && uid !== undefined && moved.get(uid)) || new Set<string>()
    const dates = starts.filter((date) => !replaced.has(date)).flatMap((date) => Array.from({ length: span.days }, (_, i) => addDays(date, i)))
    return { line: block.line, summary, dates, cancelled }
  } catch {
    return problem(rule?.line ?? start.line, rule ? "its rule for repeating (RRULE) cannot be followed." : "its dates cannot be read.")
  }
}

/** A title as one clean line: unescaped, without control and direction characters. */
const title = (raw: string): string => {
  const unescaped = raw.replaceAll(/\\([\\;,nN])/g, (_, letter: string) => (letter === "n" || letter === "N" ? " " : letter))
  return (
    cut(
      unescaped
        .toWellFormed()
        .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
        .trim(),
      120,
    ) || "(no title)"
  )
}

/** Why a rule is refused before anything expands it; null where it is harmless. */
function tooOften(rule: string): string | null {
  const parts = rule.toUpperCase().split(";")
  const frequency = parts.find((part) => part.startsWith("FREQ="))?.slice(5)
  if (frequency === "SECONDLY" || frequency === "MINUTELY" || frequency === "HOURLY") return `it repeats ${frequency.toLowerCase()}`
  const several = parts.find((part) => /^BY(HOUR|MINUTE|SECOND)=/.test(part) && part.includes(","))
  return several ? "it repeats several times a day" : null
}

/** First date and length of an all-day event, also of one that runs from midnight to midnight; null where it has a time of day. */
function allDaySpan(event: VEvent, zone: string): { date: string; days: number; zone: string | null } | null {
  const { start, end } = event
  if (event.datetype === "date") {
    const date = plainDate(start)
    return { date, days: end ? Math.max(1, daysBetween(date, plainDate(end))) : 1, zone: null }
  }
  if (!end || localTime(start, zone) !== "00:00" || localTime(end, zone) !== "00:00") return null
  const date = localDate(start, zone)
  const days = daysBetween(date, localDate(end, zone))
  return days < 1 ? null : { date, days, zone }
}

// node-ical gives a date without time as midnight of the process's own zone.
const plainDate = (at: Date): string => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`

/** The dates on which a repeating event starts; null where there are too many. */
function repeats(event: VEvent, rule: string, zone: string | null, today: string): string[] | null {
  if (!event.rrule) return []
  const from = addDays(today, -400)
  const to = addDays(today, 800)
  const ends = /(^|;)(UNTIL|COUNT)=/i.test(rule)
  const at = (date: string): Date => new Date(`${date}T00:00:00Z`)
  const found = ends ? event.rrule.all((_, i) => i <= caps.repeats) : event.rrule.between(at(from), at(to), true)
  if (found.length > caps.repeats) return null
  const dates = found.map((start) => (zone === null ? plainDate(start) : localDate(start, zone)))
  const except = new Set(Object.values(event.exdate ?? {}).map((day) => (zone === null ? plainDate(day) : localDate(day, zone))))
  return dates.filter((date) => !except.has(date))
}
