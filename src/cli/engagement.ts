// The commands that try the detector on recorded weeks: engagement replay, engagement score. They need no database.
import { readFile, writeFile } from "node:fs/promises"
import { basename, resolve } from "node:path"
import { type Command, Option } from "commander"
import { type ReplayedAlert, replay } from "../engagement/replay.ts"
import { missed, readAlerts, type Score, score, targets } from "../engagement/score.ts"
import { type Breaks, firstWeek, readBreaks, readWeekly, type StudentCourse } from "../engagement/weekly-file.ts"
import type { Problem } from "../roster/csv.ts"
import { many, print, table } from "./print.ts"
import { problemLines } from "./roster-report.ts"
import { terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

type Replaying = { breaks?: string; signals?: "submitted"; out: string }

export function addEngagement(program: Command): void {
  const engagement = program.command("engagement").description("the detector, tried on recorded weeks")
  engagement
    .command("replay")
    .argument("<file>", "weekly activity, a CSV file, packed by gzip or not")
    .description("let the detector judge recorded weeks as it judges live ones, and write whom it would have named")
    .option("--breaks <file>", "weeks without a chance, a CSV file of presentation,week")
    .addOption(new Option("--signals <source>", "a second source of weeks: the assignments handed in").choices(["submitted"]))
    .requiredOption("--out <file>", "where the alerts are written, as CSV")
    .addHelpText(
      "after",
      "\nExample:\n  rapport engagement replay weekly.csv.gz --breaks breaks.csv --out alerts.csv\n\nA row is a student in one course run: id_student, module, presentation, reg_day, unreg_day, result, length_days, active_days and submitted\n(a digit a week from week -4), then w-4 to w38 (clicks; empty after the course's end).",
    )
    .action(replayFile)
  engagement
    .command("score")
    .argument("<file>", "the weekly activity that was replayed")
    .argument("<alerts>", "what replay wrote")
    .description("hold alerts against what became of the students")
    .option("--json", "one object instead of a table")
    .addHelpText("after", "\nExample:\n  rapport engagement score weekly.csv.gz alerts.csv")
    .action(scoreFile)
}

async function bytesOf(path: string, what: string): Promise<Uint8Array> {
  return readFile(path).catch(() => {
    throw new Trouble(`${path} is not there or cannot be read: name ${what}.`)
  })
}

const refusedFile = ({ problems, more }: { problems: readonly Problem[]; more: number }, done: string): Trouble =>
  new Trouble([...problemLines(problems, more), done].join("\n"))

const nothingWritten = "Nothing was written."

async function coursesIn(path: string, done: string): Promise<StudentCourse[]> {
  const read = readWeekly(basename(path), await bytesOf(path, "a CSV file of weekly activity"))
  if (read.kind === "refused") throw refusedFile(read, done)
  return read.courses
}

async function breaksIn(path: string, courses: readonly StudentCourse[]): Promise<Breaks> {
  const read = readBreaks(basename(path), await bytesOf(path, "a CSV file of breaks"), courses)
  if (read.kind === "refused") throw refusedFile(read, nothingWritten)
  return read.breaks
}

async function replayFile(path: string, { breaks, signals, out }: Replaying): Promise<void> {
  if ([path, breaks].some((one) => one !== undefined && resolve(one) === resolve(out)))
    throw new Trouble(`${out} is what would be read: name another file with --out. ${nothingWritten}`)
  const began = terminal().now().getTime()
  const courses = await coursesIn(path, nothingWritten)
  const alerts = replay(courses, { breaks: breaks === undefined ? new Map() : await breaksIn(breaks, courses), signals: signals ?? null })
  await writeFile(out, alertsCsv(alerts)).catch(() => {
    throw new Trouble(`${out} cannot be written: name a file in a folder that is there. ${nothingWritten}`)
  })
  const seconds = (terminal().now().getTime() - began) / 1000
  const [quiet, neverStarted] = [alerts.filter(({ level }) => level === "quiet"), alerts.filter(({ kind }) => kind === "never_started")]
  const last = firstWeek - 1 + Math.max(...courses.map(({ active }) => active.length))
  print(
    `${many(courses.length, "student-course")} up to week ${last}: ${many(alerts.length - quiet.length - neverStarted.length, "alert")}, ${many(quiet.length, "line")} of the quiet list, ${many(neverStarted.length, "student")} who never started, in ${seconds.toFixed(1)} s.`,
  )
}

const cell = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

const alertsCsv = (alerts: readonly ReplayedAlert[]): string =>
  [
    "id_student,module,presentation,week,kind,level,reason",
    ...alerts.map(({ course, week, kind, level, reason }) =>
      [course.id, course.module, course.presentation, String(week), kind, level, reason].map(cell).join(","),
    ),
    "",
  ].join("\n")

async function scoreFile(path: string, alertsPath: string, { json }: { json?: true }): Promise<void> {
  const courses = await coursesIn(path, "Nothing was scored.")
  const read = readAlerts(basename(alertsPath), await bytesOf(alertsPath, "a CSV file that replay wrote"), courses)
  if (read.kind === "refused") throw refusedFile(read, "Nothing was scored.")
  const scored = score(courses, read.alerts)
  print(...(json ? [JSON.stringify(scored)] : scoreLines(scored)))
}

function scoreLines(scored: Score): string[] {
  const { counts } = scored
  const under = missed(scored)
  const rows = targets.map(({ of, words, unit, atMost, must, aim, withSignal }) => {
    const value = scored[of]
    const bound = (number: number): string => `${atMost ? "<=" : ">="} ${number}`
    const shown = value === null ? "none" : `${value.toFixed(unit === "%" ? 1 : 2)}${unit}`
    return [words, shown, bound(must), bound(aim), bound(withSignal), under.includes(of) ? "misses the must" : ""]
  })
  return [
    `${many(counts.studentCourses, "student-course")}, ${many(counts.monitoredWeeks, "week")} to judge in, ${many(counts.alerts, "alert")}, ${many(counts.hits, "hit")}.`,
    ...table([["", "here", "must", "aim", "aim with a second signal", ""], ...rows]),
    `Lost: ${counts.lost.toLocaleString("en")}, of whom noticed ${counts.lostNoticed.toLocaleString("en")}. Passed: ${counts.passers.toLocaleString("en")}, of whom bothered ${counts.passersBothered.toLocaleString("en")}.`,
    `Counted for nothing: ${many(counts.quietList, "line")} of the quiet list, ${many(counts.neverStarted, "student")} who never started, ${many(counts.notMonitored, "alert")} in weeks too early or too late to judge.`,
  ]
}
