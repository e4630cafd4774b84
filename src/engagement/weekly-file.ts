// Decides whether a file of recorded weekly activity is whole, and names the line where it is not.
// Refuses to know what a week without activity means.
import { gunzipSync } from "node:zlib"
import { type Columns, complain, may, must, noProblems, type Problems, type Refused, type Row, readTable, refused, said } from "../roster/csv.ts"

export const firstWeek = -4
const lastWeek = 38
const unpackedBytes = 512_000_000

/**
 * One student in one run of a course. `active[i]` and `handedIn[i]` are of week `firstWeek + i`: whether there was any activity, and how many
 * assignments came in. Days count from the course's start. `result` and what follows a week are for scoring alone.
 */
export type StudentCourse = {
  line: number
  id: string
  module: string
  presentation: string
  registeredDay: number | null
  withdrewDay: number | null
  result: Result
  active: readonly boolean[]
  handedIn: readonly number[]
}

const results = ["Pass", "Distinction", "Fail", "Withdrawn"] as const
export type Result = (typeof results)[number]

export type WeeklyFile = { kind: "read"; courses: StudentCourse[] }

const weekColumns = Array.from({ length: lastWeek - firstWeek + 1 }, (_, i) => `w${firstWeek + i}`)

const named = ["id_student", "module", "presentation", "reg_day", "unreg_day", "result", "length_days", "active_days", "submitted"] as const
// Named so that a misspelt header is noticed; nothing here reads what is in them.
const unread = ["prev_attempts", "studied_credits", "last_click_day"] as const
const columns: Columns<string> = Object.fromEntries([
  ...[...named, ...weekColumns].map((name) => [name, must(name)]),
  ...unread.map((name) => [name, may(name)]),
])

export const runOf = ({ module, presentation }: Pick<StudentCourse, "module" | "presentation">): string => `${module} ${presentation}`
export const studentCourseKey = (one: Pick<StudentCourse, "id" | "module" | "presentation">): string => `${one.id} ${runOf(one)}`

type WeekCells = { recorded: number; active: boolean[] }

/** Clicks of each week, then empty cells after the course's end. Null where a cell is none of these, which is complained of. */
function weeksIn(row: Row<string>): WeekCells | null {
  const active: boolean[] = []
  let ended: string | null = null
  for (const name of weekColumns) {
    const cell = row.get(name)
    if (cell === "") ended ??= name
    else if (ended !== null) {
      row.complain(ended, `is empty, and ${name} is not: weeks are empty only after the course's end; write 0 for a week without clicks`)
      return null
    } else if (!/^\d{1,9}$/.test(cell)) {
      row.complain(name, `${said(cell)} is not a number of clicks; write 0 or more, or leave it empty after the course's end`)
      return null
    } else active.push(Number(cell) > 0)
  }
  if (active.length === 0) row.complain(weekColumns[0] ?? null, "no week is recorded; write a number for each week up to the course's end")
  return active.length === 0 ? null : { recorded: active.length, active }
}

/** A digit a week. More digits than recorded weeks may stand there: what is not recorded is not read. */
function digitsIn(row: Row<string>, column: "active_days" | "submitted", weeks: number, most: number): number[] | null {
  const cell = row.get(column)
  const wrong = new RegExp(`[^0-${most}]`).exec(cell)
  if (wrong) {
    row.complain(column, `has ${said(wrong[0])} for week ${firstWeek + wrong.index}; write one digit from 0 to ${most} a week`)
    return null
  }
  if (cell.length < weeks || cell.length > weekColumns.length) {
    row.complain(column, `has ${cell.length} digits where ${weeks} weeks are recorded; write one digit a week from week ${firstWeek}`)
    return null
  }
  return Array.from(cell.slice(0, weeks), Number)
}

function dayIn(row: Row<string>, column: "reg_day" | "unreg_day"): number | null | undefined {
  const cell = row.get(column)
  if (cell === "") return null
  if (/^-?\d{1,4}$/.test(cell)) return Number(cell)
  row.complain(column, `${said(cell)} is not a day; write whole days from the course's start, or leave it empty for none`)
  return undefined
}

/** An identifier is repeated in what we write: letters, digits, and marks that mean nothing to a spreadsheet. */
function idIn(row: Row<string>, column: "id_student" | "module" | "presentation"): string | null {
  const cell = row.get(column)
  if (/^[\w][\w.-]{0,39}$/.test(cell)) return cell
  row.complain(column, cell === "" ? "is empty" : `${said(cell)} is not an identifier; use up to 40 letters, digits, dots and dashes`)
  return null
}

function courseIn(row: Row<string>): StudentCourse | null {
  const [id, module, presentation] = [idIn(row, "id_student"), idIn(row, "module"), idIn(row, "presentation")]
  const [registeredDay, withdrewDay] = [dayIn(row, "reg_day"), dayIn(row, "unreg_day")]
  const result = results.find((one) => one === row.get("result"))
  if (!result)
    row.complain("result", `${said(row.get("result"))} is not a result; write ${results.slice(0, -1).join(", ")} or ${results.at(-1) ?? ""}`)
  const length = row.get("length_days")
  const weeks = weeksIn(row)
  const fits = /^[1-9]\d{0,2}$/.test(length)
  if (!fits) row.complain("length_days", `${said(length)} is not a number of days`)
  if (!weeks) return null
  const whole = Math.ceil(Number(length) / 7) - firstWeek
  if (fits && weeks.recorded > whole)
    row.complain("length_days", `${length} days are ${whole + firstWeek} weeks, and week ${weeks.recorded + firstWeek - 1} is recorded`)
  const activeDays = digitsIn(row, "active_days", weeks.recorded, 7)
  const handedIn = digitsIn(row, "submitted", weeks.recorded, 9)
  if (id === null || module === null || presentation === null || registeredDay === undefined || withdrewDay === undefined) return null
  if (!result || !activeDays || !handedIn || !fits || weeks.recorded > whole) return null
  return { line: row.line, id, module, presentation, registeredDay, withdrewDay, result, active: weeks.active, handedIn }
}

/** Reads a weekly file, packed by gzip or not. `file` is its name in problems. */
export function readWeekly(file: string, bytes: Uint8Array): WeeklyFile | Refused {
  const problems = noProblems()
  const text = unpacked(file, bytes, problems)
  const courses: StudentCourse[] = []
  const [seen, runs] = [new Map<string, number>(), new Map<string, StudentCourse>()]
  if (text)
    readTable(file, text, columns, problems, (row) => {
      const course = courseIn(row)
      if (!course) return
      const before = seen.get(studentCourseKey(course))
      if (before !== undefined) {
        row.complain("id_student", `${course.id} in ${runOf(course)} stands in line ${before} already; keep one row a student and course run`)
        return
      }
      seen.set(studentCourseKey(course), row.line)
      const first = runs.get(runOf(course))
      if (!first) runs.set(runOf(course), course)
      else if (first.active.length !== course.active.length) {
        const says = `${course.active.length} weeks are recorded, and line ${first.line} of the same course run has ${first.active.length}; a course run ends for everybody in one week`
        row.complain(weekColumns[Math.min(first.active.length, course.active.length)] ?? null, says)
        return
      }
      courses.push(course)
    })
  if (problems.list.length === 0 && courses.length === 0) complain(problems, { file, line: 2, column: null, says: "has no row under its header" })
  return problems.list.length > 0 ? refused(problems) : { kind: "read", courses }
}

function unpacked(file: string, bytes: Uint8Array, problems: Problems): Uint8Array | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: unpackedBytes })
  } catch {
    complain(problems, { file, line: 1, column: null, says: "starts like a gzip file and cannot be unpacked; copy it again, or unpack it first" })
    return null
  }
}

/** Weeks without a chance, by presentation. */
export type Breaks = ReadonlyMap<string, ReadonlySet<number>>

/** Reads a file of breaks (`presentation,week`), against the course runs it is for; it may name weeks that are not recorded yet. */
export function readBreaks(file: string, bytes: Uint8Array, courses: readonly StudentCourse[]): { kind: "read"; breaks: Breaks } | Refused {
  const problems = noProblems()
  const presentations = new Set(courses.map(({ presentation }) => presentation))
  const breaks = new Map<string, Set<number>>()
  readTable(file, bytes, { presentation: must("presentation"), week: must("week") }, problems, (row) => {
    const [presentation, cell] = [row.get("presentation"), row.get("week")]
    if (!presentations.has(presentation)) {
      row.complain("presentation", `${said(presentation)} is not a presentation of the weekly file; it has ${[...presentations].sort().join(", ")}`)
      return
    }
    const week = Number(cell)
    if (!/^-?\d{1,2}$/.test(cell) || week < firstWeek || week > lastWeek) {
      row.complain("week", `${said(cell)} is not a week; write a number from ${firstWeek} to ${lastWeek}`)
      return
    }
    const held = breaks.get(presentation) ?? new Set()
    if (held.has(week)) row.complain("week", `week ${week} of ${presentation} stands here twice; keep one row a week`)
    breaks.set(presentation, held.add(week))
  })
  return problems.list.length > 0 ? refused(problems) : { kind: "read", breaks }
}
