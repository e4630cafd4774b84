// The commands about asking: plan on and off, preview, and one step by hand.
import { type Command, InvalidArgumentError } from "commander"
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { siteRows } from "../../db/queries/roster-apply.ts"
import { type PreviewMember, previewMembers, switchPlan, type Unasked } from "../../db/queries/scheduling.ts"
import { type GroupRow, groupRows } from "../../db/queries/status.ts"
import type { Scene } from "../deps.ts"
import { unsaidZone } from "../roster/roster.ts"
import type { NotPlaced } from "../scheduling/place.ts"
import { type PreviewGroup, type PreviewStudent, previewUnasked, previewWeek } from "../scheduling/preview.ts"
import { formatDay, formatTime, localDate, localTime, mondayOf } from "../scheduling/zone.ts"
import { dateIn } from "./dates.ts"
import { listed, many, print, table } from "./print.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Options = { school?: string }
type OnOptions = Options & { weekday?: number | "school"; time?: string }

export function addPlan(program: Command): void {
  const plan = program.command("plan").description("which groups are asked each week; none until it is switched on")
  plan
    .command("list", { isDefault: true })
    .description("every group, and whether it is on")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", "\nExample:\n  rapport plan")
    .action(listPlans)
  plan
    .command("on")
    .argument("<group...>", 'a group\'s title or a part of it; "all" for every advisory')
    .description("ask a group each week from now on")
    .option("--weekday <n>", "on a weekday of its own, 1 Monday to 5; else the school's", weekdayOption)
    .option("--time <HH:MM>", "at a time of its own, local; else the school's", timeOption)
    .option("--school <name>", "which school, where there are several")
    .addHelpText(
      "after",
      '\nExample:\n  rapport plan on "Advisory Heron" --weekday 2 --time 09:40\n\nWhat is not said stays as it was; --weekday school and --time school take it back.',
    )
    .action((group: string[], options: OnOptions) => switchPlans(true, group.join(" "), options))
  plan
    .command("off")
    .argument("<group...>", 'a group\'s title or a part of it; "all" for every advisory')
    .description("ask a group no more")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", '\nExample:\n  rapport plan off "Advisory Heron"')
    .action((group: string[], options: Options) => switchPlans(false, group.join(" "), options))
  program
    .command("preview")
    .description("who would be asked in a week, when, and who would not be and why; nobody is messaged")
    .option("--week <date>", "any day of the week that is meant, as YYYY-MM-DD; else this week", dateIn)
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", "\nExample:\n  rapport preview --week YYYY-MM-DD")
    .action(preview)
}

function weekdayOption(value: string): number | "school" {
  if (value === "school") return value
  if (!/^[1-5]$/.test(value)) throw new InvalidArgumentError("Write a weekday from 1 (Monday) to 5, or school.")
  return Number(value)
}

function timeOption(value: string): string {
  if (value !== "school" && !/^([01]\d|2[0-3]):[0-5]\d$/.test(value))
    throw new InvalidArgumentError("Write a time as HH:MM, from 00:00 to 23:59, or school.")
  return value
}

async function listPlans(options: Options): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const groups = await inSchool(session, school.id, async (scene) => groupRows(scene.tx, await todayOf(scene)))
    if (groups.length === 0) throw noGroups()
    print(...groupTable(groups), "", `${groups.filter((group) => group.on).length} of ${many(groups.length, "group")} on.`)
  })
}

const noGroups = () => new Trouble('There are no groups yet: run "roster import PATH" first.')

async function todayOf(scene: Scene): Promise<string> {
  const [site] = await siteRows(scene.tx)
  return localDate(scene.now, site?.zone ?? "UTC")
}

/** Every advisory; one group by its whole title; or the only one whose title holds the words. */
function meant(said: string, groups: readonly GroupRow[]): GroupRow[] {
  const wanted = said.toLowerCase()
  if (wanted === "all") return groups.filter((group) => group.kind === "advisory")
  const exact = groups.filter((group) => group.title.toLowerCase() === wanted)
  return exact.length > 0 ? exact : groups.filter((group) => group.title.toLowerCase().includes(wanted))
}

const weekdays = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]

/** "on", and what is its own about it: "on, Tuesday 09:40". */
const onAt = ({ rhythm: { weekday, time } }: GroupRow): string => {
  const own = [weekday === undefined ? "" : (weekdays[weekday] ?? ""), time ?? ""].filter((word) => word !== "")
  return own.length === 0 ? "on" : `on, ${own.join(" ")}`
}

const groupTable = (groups: readonly GroupRow[]): string[] =>
  table(
    groups.map((group) => [group.title, group.site, group.kind, many(group.students, "student"), group.on ? onAt(group) : "off"]),
    "  ",
  )

async function switchPlans(on: boolean, said: string, options: OnOptions): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const lines = await inSchool(session, school.id, async (scene) => {
      const today = await todayOf(scene)
      const groups = await groupRows(scene.tx, today)
      const found = meant(said, groups)
      if (groups.length === 0) throw noGroups()
      if (found.length === 0)
        throw new Trouble(
          [
            `${said.toLowerCase() === "all" ? "There is no advisory here" : `No group is called "${said}"`}. The groups are:`,
            ...groupTable(groups),
          ].join("\n"),
        )
      if (found.length > 1 && said.toLowerCase() !== "all")
        throw new Trouble([`"${said}" may be several groups: write the whole title.`, ...groupTable(found)].join("\n"))
      const nowhere = found.find((group) => on && group.zone === unsaidZone)
      if (nowhere)
        throw new Trouble(`Nobody said in which time zone ${nowhere.site} lies: import the roster again with --zone Area/City. Nothing was changed.`)
      for (const group of found) {
        const { weekday, time } = options
        const rhythm = {
          ...(weekday === undefined ? {} : { weekday: weekday === "school" ? null : weekday }),
          ...(time === undefined ? {} : { time: time === "school" ? null : time }),
        }
        await switchPlan(scene.tx, school.id, { id: scene.ids(), groupId: group.id, active: on, now: scene.now, rhythm })
        const deed = { schoolId: school.id, id: scene.ids(), at: scene.now, actorId: null, via: "terminal", subjectId: group.id }
        await writeDeed(scene.tx, { ...deed, act: on ? "plan_on" : "plan_off" })
      }
      await wakeBy(scene.tx, school.id, "plan", scene.now)
      if (!on) return found.map((group) => `${group.title} is off: its students are asked no more.`)
      const lines: string[] = []
      const asOf = { date: today, slackMinimumAge: scene.settings["slack.minimum_age"] }
      for (const group of found) lines.push(...switchedOn(group, await previewMembers(scene.tx, school.id, group.id, asOf)))
      return lines
    })
    print(...lines)
  })
}

function switchedOn(group: GroupRow, members: readonly PreviewMember[]): string[] {
  const asked = members.filter(({ hindrance }) => hindrance === null).length
  const later = group.students - members.length
  const left = [...Map.groupBy(members, (member) => (member.hindrance === null ? "" : hindered(member)))].filter(([why]) => why !== "")
  const lines = [
    `${group.title} is on: ${asked} of ${many(group.students, "student")} will be asked. "rapport preview" says when.`,
    ...left.map(([why, { length }]) => `  ${length} will not: ${why}.`),
    ...(later > 0 ? [`  ${later} will be later: they are not in the group yet.`] : []),
  ]
  if (group.kind === "class") lines.push("  It is a class, not an advisory: its teacher does not read the answers, the students' advisors do.")
  return lines
}

async function preview(options: Options & { week?: string }): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const { date, groups, unasked } = await inSchool(session, school.id, async (scene) => {
      const day = options.week ?? (await todayOf(scene))
      const previewed = await previewWeek(scene, day)
      return { date: day, groups: previewed.filter((group) => group.on), unasked: await previewUnasked(scene, day, previewed) }
    })
    print(`The week of ${formatDay(mondayOf(date), "en")}, ${mondayOf(date)}:`)
    if (groups.length === 0) print('No group is on, so nobody is asked anything: "rapport plan on GROUP" switches one on.')
    for (const group of groups) print("", ...groupLines(group))
    print(...unaskedLines(unasked))
  })
}

const unaskedMost = 40

function unaskedLines({ students, groups, alone }: Unasked): string[] {
  if (students === 0) return []
  const more = groups.length - unaskedMost
  const shown = groups.slice(0, unaskedMost)
  return [
    "",
    `${many(students, "student")} in no group that is on, who ${students === 1 ? "gets" : "get"} nothing:`,
    ...table(
      shown.map((group) => [group.title, many(group.students, "student"), group.plan === "off" ? "its plan is off" : "it has no plan"]),
      "  ",
    ),
    ...(more > 0 ? [`  ... and ${many(more, "more group", "more groups")}`] : []),
    ...(alone.length === 0 ? [] : [`  In no group at all: ${listed(alone)}.`]),
  ]
}

function groupLines(group: PreviewGroup): string[] {
  const { placed, zone } = group
  if (placed.kind === "none") return [`${group.title} (${many(group.students.length, "student")}): nobody is asked, because ${noPrompt(placed.why)}.`]
  const at = (moment: Date) => `${formatDay(localDate(moment, zone), "en")} at ${formatTime(localTime(moment, zone), "en")}`
  const asked = group.students.filter((student) => student.hindrance === null)
  const others = group.students.filter((student) => student.hindrance !== null)
  return [
    `${group.title}: ${many(asked.length, "student")} asked on ${at(placed.opensAt)} (${zone}).`,
    `  ${placed.remindAt ? `Reminder ${at(placed.remindAt)}, to those who have not answered. ` : "No reminder. "}Closes ${at(placed.closesAt)}. Adults read from ${at(placed.readingAt)}.`,
    ...table(
      asked.map((student) => [
        student.name,
        student.adult === null ? "nobody reads the answer yet: no advisor" : `${student.adult} reads the answer`,
      ]),
      "  ",
    ),
    ...(others.length === 0
      ? []
      : [
          `  Not asked:`,
          ...table(
            others.map((student) => [student.name, hindered(student)]),
            "    ",
          ),
        ]),
  ]
}

function noPrompt(why: NotPlaced["why"]): string {
  switch (why) {
    case "break":
      return "there is no school that week"
    case "outside_term":
      return "that week lies outside every term"
    case "short_week":
      return "it has fewer than two school days"
    case "term_ends":
      return "no school day follows on which to answer or to read"
    default:
      return why satisfies never
  }
}

function hindered(student: Pick<PreviewStudent, "hindrance" | "paused">): string {
  switch (student.hindrance) {
    case "consent":
      return "no consent is recorded"
    case "stop":
      return "they said stop"
    case "pause":
      return `they paused until ${student.paused ?? "later"}`
    case "too_young":
      return "they are too young for Slack, by their grade and the setting slack.minimum_age"
    case "no_account":
      return "they are not on the bot yet"
    case "trouble":
      return "their account cannot be written to"
    case "opened_before":
      return "the plan was switched on after this week's question had opened"
    case "other_group":
      return "another group of theirs asks them that week"
    default:
      return student.hindrance ?? ""
  }
}
