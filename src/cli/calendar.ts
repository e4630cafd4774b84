// The commands that say when there is school: calendar import, calendar close.
import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import type { Command } from "commander"
import { siteRows } from "../../db/queries/roster-apply.ts"
import { applyCalendar, closeSchool } from "../roster/apply-calendar.ts"
import { type CalendarReading, type IgnoredEvent, readCalendar, readTypedList } from "../roster/calendar-import.ts"
import { formatDay, localDate } from "../scheduling/zone.ts"
import { dateIn } from "./dates.ts"
import { listed, many, print, table } from "./print.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Options = { site?: string; school?: string }

export function addCalendar(program: Command): void {
  const calendar = program.command("calendar").description("when there is school")
  calendar
    .command("import")
    .argument("<file>", "an ICS file, or a typed list of days off and terms")
    .description("take over days off and terms, and say what was inferred from which words")
    .option("--site <site>", "one site only, by its key or name; else all of them")
    .option("--school <name>", "which school, where there are several")
    .option("--all", "name every event that closes no day, not only how many of a title")
    .option("--dry-run", "say what would be inferred, and change nothing")
    .addHelpText(
      "after",
      "\nExample:\n  rapport calendar import district.ics\n\nA typed list has a day or a range a line, then who is off (all, students or staff) and why; or a term:\n  2026-11-26..2026-11-27 all Thanksgiving\n  2026-10-09 students Teacher workday\n  2026-08-24..2027-06-10 term",
    )
    .action(importCalendar)
  calendar
    .command("close")
    .argument("<date>", "the day, as YYYY-MM-DD", dateIn)
    .description("close school for students and staff on one day, such as a snow day")
    .option("--site <site>", "one site only, by its key or name; else all of them")
    .option("--reason <words>", "what people read as the reason", "Closed")
    .option("--undo", "take such a day back")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", '\nExample:\n  rapport calendar close YYYY-MM-DD --reason "Snow day"')
    .action(close)
}

async function importCalendar(path: string, options: Options & { all?: true; dryRun?: true }): Promise<void> {
  const file = basename(path)
  const text = await readFile(path, "utf8").catch(() => {
    throw new Trouble(`${path} is not there or cannot be read: name an ICS file or a typed list.`)
  })
  const source = /^\uFEFF?\s*BEGIN:VCALENDAR/i.test(text) || /\.ics$/i.test(file) ? "ics" : "typed"
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const { reading, applied } = await inSchool(
      session,
      school.id,
      async (scene) => {
        const [site] = await siteRows(scene.tx)
        const today = localDate(session.now, site?.zone ?? "UTC")
        const found = source === "ics" ? readCalendar(text, { today }) : readTypedList(text)
        if (found.problems.length > 0)
          throw new Trouble([...found.problems.map(({ line, says }) => `${file}:${line}: ${says}`), "Nothing was changed."].join("\n"))
        return { reading: found, applied: await applyCalendar(scene, found, { source, site: options.site ?? null }) }
      },
      (result) => result.applied.kind === "applied" && !options.dryRun,
    )
    if (applied.kind === "site_unknown") throw unknownSite(options.site, applied.known)
    const { days, terms, inForce, sites } = applied.report
    print(...readingLines(reading, options.all ?? false), "")
    print(`At ${listed(sites)}: ${many(days.added, "day")} off added, ${days.changed} changed, ${days.ended} taken out.`)
    if (
      reading.terms.length > 0 &&
      terms.added + terms.changed === 0 &&
      !inForce.some((term) => reading.terms.some((one) => one.start === term.start))
    )
      print("The terms of the roster stand; a typed list can add to them.")
    print(
      inForce.length === 0
        ? "No terms are known: every weekday that is not listed as off counts as a school day."
        : `School is in term ${listed(inForce.map((term) => `from ${term.start} to ${term.end} (${term.title})`))}.`,
    )
    if (options.dryRun) print("This was a dry run: nothing was changed.")
    if (reading.doubts.length > 0) print("", "Please check:", ...reading.doubts.map((doubt) => `  ${doubt.says}`))
  })
}

const unknownSite = (site: string | undefined, known: readonly string[]): Trouble =>
  new Trouble(
    known.length === 0
      ? 'No site is known yet: run "roster import PATH" first.'
      : `No site is called "${site ?? ""}": the sites are ${listed(known)}.`,
  )

/** What was inferred and why, and what was passed over, so that a person can check it. */
function readingLines(reading: CalendarReading, all: boolean): string[] {
  const who = (day: { students: boolean; staff: boolean }) => (day.students ? (day.staff ? "everyone" : "students") : "staff")
  const { days, terms, ignored } = reading
  return [
    `${many(days.length, "day")} off:`,
    ...table(
      days.map((day) => [day.date, formatDay(day.date, "en").split(" ")[0] ?? "", who(day), day.reason, day.why]),
      "  ",
    ),
    ...(terms.length === 0
      ? []
      : [
          "",
          "Terms:",
          ...table(
            terms.map((term) => [`${term.start} to ${term.end}`, term.why]),
            "  ",
          ),
        ]),
    ...(ignored.length === 0
      ? []
      : [
          "",
          `${many(ignored.length, "event")} that ${ignored.length === 1 ? "closes" : "close"} no day${all ? "" : ", by title (--all names each)"}:`,
          ...table(all ? ignored.map(ignoredRow) : byTitle(ignored), "  "),
        ]),
  ]
}

const ignoredRow = (event: IgnoredEvent): string[] => [`line ${event.line}`, event.date ?? "", event.summary, event.why]

/** A title that stands once keeps its line and day. */
function byTitle(ignored: readonly IgnoredEvent[]): string[][] {
  const titles = Map.groupBy(ignored, (event) => `${event.summary}\n${event.why}`)
  return Array.from(titles.values(), (events) => {
    const [first] = events
    if (!first) return []
    if (events.length === 1) return ignoredRow(first)
    return [`${events.length} times`, first.date === null ? "" : `from ${first.date}`, first.summary, first.why]
  })
}

async function close(date: string, options: Options & { reason: string; undo?: true }): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const closed = await inSchool(session, school.id, (scene) =>
      closeSchool(scene, { date, site: options.site ?? null, reason: options.reason, reopen: options.undo ?? false }),
    )
    switch (closed.kind) {
      case "not_a_date":
        throw new Trouble(`"${date}" is not a date: write it as YYYY-MM-DD.`)
      case "past":
        throw new Trouble(`${date} is over (today is ${closed.today}): a day that is past cannot be closed any more.`)
      case "site_unknown":
        throw unknownSite(options.site, closed.known)
      case "closed":
        print(
          closed.changed === 0
            ? `${formatDay(date, "en")} was closed already at ${listed(closed.sites)}.`
            : `${formatDay(date, "en")} is closed for students and staff at ${listed(closed.sites)}: ${options.reason}.`,
        )
        return
      case "reopened":
        print(
          closed.changed === 0
            ? `${formatDay(date, "en")} was not closed by hand at ${listed(closed.sites)}; nothing was changed.`
            : `${formatDay(date, "en")} is no longer closed by hand at ${listed(closed.sites)}. If the calendar had it as a teacher workday, import the calendar again.`,
        )
        return
      default:
        return closed satisfies never
    }
  })
}
