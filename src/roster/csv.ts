// One CSV table, read row by row. Decides whether it is whole and names file, line and column where it is not;
// refuses to know what a row means, and never hands on a column that was not asked for.
import { isUtf8 } from "node:buffer"
import { CsvError, parse } from "csv-parse/sync"
import { isDate } from "../scheduling/zone.ts"
import { cleanLine, showSafely } from "../words/clean.ts"

/** `line` counts from 1 as an editor does; `column` is the header's word, "cell 3" where it has none, null for a whole row or file. */
export type Problem = { file: string; line: number; column: string | null; says: string }
/** The first problems; `more` counts those left out. */
export type Problems = { list: Problem[]; more: number }
export type Refused = { kind: "refused"; problems: Problem[]; more: number }

export const csvLimits = { rows: 1_000_000, recordBytes: 64_000, problems: 100 } as const

export const noProblems = (): Problems => ({ list: [], more: 0 })

export function complain(problems: Problems, problem: Problem): void {
  if (problems.list.length < csvLimits.problems) problems.list.push(problem)
  else problems.more += 1
}

export const refused = (problems: Problems): Refused => ({ kind: "refused", problems: problems.list, more: problems.more })

type Wanted = { names: readonly string[]; must: boolean }
export type Columns<C extends string> = Readonly<Record<C, Wanted>>
/** A column that has to be there, under one of these names. */
export const must = (...names: readonly string[]): Wanted => ({ names, must: true })
export const may = (...names: readonly string[]): Wanted => ({ names, must: false })

/** One and the same object for every row of a table: read what you need, do not keep it. */
export type Row<C extends string> = {
  line: number
  /** The cell without outer spaces; "" where the cell or the column is missing. */
  get(column: C): string
  complain(column: C | null, says: string): void
}

/**
 * Calls `each` for every row. Problems of the file itself (not UTF-8, a header twice, a column missing, an open quotation
 * mark, a row with too few cells, too many rows) go to `problems`, and such a row is not handed on.
 */
export function readTable<C extends string>(
  file: string,
  bytes: Uint8Array,
  columns: Columns<C>,
  problems: Problems,
  each: (row: Row<C>) => void,
  maxRows: number = csvLimits.rows,
): void {
  const broken = isUtf8(bytes) ? null : brokenLine(bytes)
  if (broken !== null) {
    complain(problems, { file, line: broken, column: null, says: "is not UTF-8 text; export it again as CSV UTF-8" })
    return
  }
  let lastLine = 0
  let header: readonly string[] = []
  const nameOf = (place: number): string => header[place] || `cell ${place + 1}`
  const whole = <T>(work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      const column = typeof error.column === "number" ? nameOf(error.column) : null
      complain(problems, { file, line: lastLine + 1, column, says: faults[error.code] ?? "is not a readable CSV row" })
      return null
    }
  }
  const options = { bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: csvLimits.recordBytes }
  const first = whole(() => parse(bytes, { ...options, to: 1 }))
  if (first === null) return
  header = (first[0] ?? []).map((name) => showSafely(cleanLine(name, 100)))
  const places = placesOf(file, header, columns, problems)
  if (!places) return

  let cells: readonly string[] = []
  const row: Row<C> = {
    line: 0,
    get: (column) => cells[places.get(column) ?? -1]?.trim() ?? "",
    complain: (column, says) => {
      const name = column === null ? null : (header[places.get(column) ?? -1] ?? columns[column].names[0] ?? null)
      complain(problems, { file, line: row.line, column: name, says })
    },
  }
  let rows = -1
  const take = (record: string[], end: number): null => {
    const inside = end - lastLine > 1 ? record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0) : 0
    row.line = end - inside
    lastLine = end
    rows += 1
    if (rows === 0 || rows > maxRows) return null
    if (record.length !== header.length) {
      if (record.every((cell) => cell.trim() === "")) return null
      const says = `the row has ${record.length} cells where the header has ${header.length}`
      // The first that is missing, or the first too many.
      complain(problems, { file, line: row.line, column: nameOf(Math.min(record.length, header.length)), says })
      return null
    }
    if (record[0] === "" && record.every((cell) => cell.trim() === "")) return null
    cells = record
    each(row)
    return null
  }
  whole(() => parse(bytes, { ...options, to: maxRows + 2, on_record: (record: string[], context) => take(record, context.lines) }))
  if (rows > maxRows) complain(problems, { file, line: row.line, column: null, says: `has more than ${maxRows.toLocaleString("en")} rows` })
}

const faults: Readonly<Partial<Record<string, string>>> = {
  CSV_QUOTE_NOT_CLOSED: "a quotation mark opens in this row and never closes",
  CSV_MAX_RECORD_SIZE: "this row is far too long; a quotation mark may be open",
  CSV_INVALID_CLOSING_QUOTE: "text follows a closing quotation mark; a quotation mark inside a cell is written twice",
  INVALID_OPENING_QUOTE: "a quotation mark stands in the middle of a cell; put the whole cell in quotation marks and write it twice",
}

function placesOf<C extends string>(file: string, header: readonly string[], columns: Columns<C>, problems: Problems): ReadonlyMap<C, number> | null {
  const refuse = (column: string | null, says: string) => complain(problems, { file, line: 1, column, says })
  if (header.length === 0) {
    refuse(null, "is empty; its first line must name the columns")
    return null
  }
  if (header.length === 1 && header[0]?.includes(";")) {
    refuse(null, "cells must be parted by commas, not semicolons")
    return null
  }
  const seen = new Map<string, number>()
  let good = true
  header.forEach((name, i) => {
    const key = name.toLowerCase()
    if (key !== "" && seen.has(key)) {
      good = false
      refuse(name, `the column "${name}" stands twice in the header`)
    }
    seen.set(key, i)
  })
  const places = new Map<C, number>()
  for (const column of Object.keys(columns) as C[]) {
    const { names, must: needed } = columns[column]
    const at = names.map((name) => seen.get(name.toLowerCase())).find((place) => place !== undefined)
    if (at !== undefined) places.set(column, at)
    else if (needed) {
      good = false
      refuse(names[0] ?? null, `the column "${names[0]}" is missing`)
    }
  }
  return good ? places : null
}

function brokenLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start <= bytes.length; line += 1) {
    const next = bytes.indexOf(10, start)
    const end = next === -1 ? bytes.length : next
    if (!isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
  return 1
}

/** A cell's own words inside a problem: short, on one line, inert. */
export const said = (cell: string): string => `"${showSafely(cleanLine(cell, 60))}"`

// A million rows name the same few days, and asking Temporal each time took most of the reading.
const asked = new Set<string>()
const isKnownDate = (day: string): boolean => {
  if (asked.has(day)) return true
  if (!isDate(day)) return false
  if (asked.size > 5_000) asked.clear()
  asked.add(day)
  return true
}

/** YYYY-MM-DD, or the date of an ISO date and time; an empty cell is null; anything else is a problem and null. */
function dateIn<C extends string>(row: Row<C>, column: C): string | null {
  const cell = row.get(column)
  if (cell === "") return null
  const day = cell.length > 10 && cell[10] === "T" ? cell.slice(0, 10) : cell
  if (isKnownDate(day)) return day
  row.complain(column, `${said(cell)} is not a date; write YYYY-MM-DD`)
  return null
}

/** A pair of dates; a problem where the first is after the last. */
export function spanIn<C extends string>(row: Row<C>, first: C, last: C): { from: string | null; to: string | null } {
  const from = dateIn(row, first)
  const to = dateIn(row, last)
  if (from !== null && to !== null && from > to) row.complain(last, `ends on ${to}, before it begins on ${from}`)
  return { from, to }
}
