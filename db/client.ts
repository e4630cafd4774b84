// Decides how a transaction begins, for which school, and how it ends. Refuses to know what is asked inside it.
import type { SQL } from "drizzle-orm"
import { PgDialect } from "drizzle-orm/pg-core"
import postgres from "postgres"
import { type Each, gathering, together } from "./each.ts"
import { openPool, type Pool, type PoolOptions, type Slot } from "./pool.ts"

export { DatabaseBusy } from "./pool.ts"

/** The transaction's own connection: what was prepared on another one would run outside of the transaction. */
type Line = {
  run(text: string | Each, params: readonly unknown[], prepare?: boolean): Promise<Iterable<unknown>>
  /** Keeps a hot statement until the commit, to leave together with it. */
  last(text: string | Each, params: readonly unknown[]): void
  /** Hot statements that were asked before anybody needed them. */
  readonly foreseen: Map<string | Each, { params: readonly unknown[]; query: Promise<Iterable<unknown>> }>
}

/** As much of a transaction as hot queries need. */
export type Hot = { readonly line: Line }

/** There are no nested transactions. */
export type Tx = Hot & {
  /**
   * For writes that nothing waits for: hot statements leave with the commit, in their order and after all others, and answer nothing (no row comes
   * back). Where one fails, nothing of the transaction is kept.
   */
  readonly atCommit: Hot
  /**
   * For questions that are going to be asked: a hot one is put now, and whoever puts the very same one is handed its answer. What was asked before a
   * write that it might see must be forgotten.
   */
  readonly ahead: Hot
  /** What was asked ahead is asked anew. */
  forget(): void
  /** What is read once a transaction, by its reader's name. */
  readonly memo: Map<string, unknown>
}

export type Database = { readonly pool: Pool; close(graceMs?: number): Promise<void> }

/** Opens no connection yet. `role` is taken at connect and drops every right it does not have; null keeps the url's own. */
export function openDatabase(url: string, options: Partial<PoolOptions> = {}): Database {
  const pool = openPool(url, { role: "rapport_app", max: 10, acquireTimeoutMs: 5_000, applicationName: "rapport", ...options })
  return { pool, close: (graceMs) => pool.close(graceMs) }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One transaction that sees one school only. Throws what `work` throws; then nothing of it was kept. */
export async function withSchool<T>(db: Database, schoolId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const [result] = await transact(db.pool, beginFor(schoolId), [work])
  return result as T
}

/**
 * Several pieces of work at once in one transaction of one school: what they ask at the same time by an `Each` is asked once. All of it is kept, or,
 * where one throws or waits for somebody's lock for longer than `patienceMs`, nothing.
 */
export async function withSchoolTogether<T>(
  db: Database,
  schoolId: string,
  works: readonly ((tx: Tx) => Promise<T>)[],
  patienceMs: number,
): Promise<T[]> {
  return transact(db.pool, `${beginFor(schoolId)}; set local lock_timeout = ${Math.trunc(patienceMs)}`, works)
}

/** One message without parameters: the uuid is checked. */
function beginFor(schoolId: string): string {
  if (!uuid.test(schoolId)) throw new TypeError("A school is named by its uuid.")
  return `begin; set local app.school_id = '${schoolId}'`
}

/** A transaction for the tables that no school owns: workspace, account, wake. The others show it no row. */
export async function withoutSchool<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const [result] = await transact(db.pool, "begin", [work])
  return result as T
}

/** One read of tables that no school owns, alone and prepared: nothing is begun for it. Asked once more where a rested connection turns out to be gone. */
export async function glance<Row>(db: Database, text: string, params: readonly unknown[]): Promise<Row[]> {
  for (;;) {
    const slot = await db.pool.acquire()
    const rested = slot.lastUsed === 0 || performance.now() - slot.lastUsed > restedMs
    try {
      return [...(await slot.client.unsafe(text, [...params] as postgres.ParameterOrJSON<never>[], { prepare: true }))] as Row[]
    } catch (error) {
      if (lost(error)) slot.dead = true
      if (!slot.dead || !rested || slot.lastUsed === 0) throw error
    } finally {
      slot.lastUsed = performance.now()
      db.pool.release(slot)
    }
  }
}

/** A hot query: the text is kept by the caller, with $1, $2 ..., and is prepared on the transaction's own connection. */
export async function hot<Row>(tx: Hot, text: string | Each, params: readonly unknown[] = []): Promise<Row[]> {
  return [...(await (foreseen(tx, text, params) ?? tx.line.run(text, params, true)))] as Row[]
}

function foreseen({ line }: Hot, text: string | Each, params: readonly unknown[]): Promise<Iterable<unknown>> | undefined {
  const found = line.foreseen.get(text)
  return found?.params.every((value, i) => isSame(value, params[i])) ? found.query : undefined
}

const isSame = (one: unknown, other: unknown): boolean =>
  one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : Object.is(one, other)

/** Raw SQL of drizzle. Alias columns as the type names them: `as "studentId"`. Instants are `Date`, days `YYYY-MM-DD`, counts numbers. */
export async function rows<Row>(tx: Tx, query: SQL): Promise<Row[]> {
  const built = dialect.sqlToQuery(query)
  return [...(await tx.line.run(built.sql, built.params))] as Row[]
}

/** The database's clock: the same instant through the whole transaction. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await hot<{ now: Date }>(tx, "select now() as now")
  if (row === undefined) throw new Error("The database did not tell the time.")
  return row.now
}

const dialect = new PgDialect()

// Texts that differ by the length of a list would fill every connection with statements: past this many, only hot ones are prepared.
const preparedTextsMax = 500
const preparedTexts = new Set<string>()

function worthPreparing(text: string): boolean {
  if (preparedTexts.has(text)) return true
  if (preparedTexts.size >= preparedTextsMax) return false
  preparedTexts.add(text)
  return true
}

const restedMs = 1_000

async function transact<T>(pool: Pool, begin: string, works: readonly ((tx: Tx) => Promise<T>)[]): Promise<T[]> {
  const { slot, began } = await beginOn(pool, begin)
  let over: Error | null = null
  let firstError: unknown = null

  function note(error: unknown): void {
    firstError ??= error
    if (lost(error)) slot.dead = true
  }
  function run(text: string, params: readonly unknown[], prepare?: boolean): Promise<Iterable<unknown>> {
    const refused = over ?? (slot.dead ? new Error("The connection was lost inside this transaction.", { cause: firstError }) : null)
    if (refused !== null) return Promise.reject(refused)
    const values = params.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value)) as postgres.ParameterOrJSON<never>[]
    const query = slot.client.unsafe(text, values, { prepare: prepare ?? worthPreparing(text) })
    query.catch(note)
    return query
  }
  const askEach = works.length > 1 ? gathering(run) : (each: Each, params: readonly unknown[]) => run(each.one, params, true)
  const last: (readonly [string | Each, readonly unknown[]])[] = []
  const lineOf = (): Line => ({
    last: (text, params) => void last.push([text, params]),
    foreseen: new Map(),
    run(text, params, prepare) {
      const missing = params.indexOf(undefined)
      if (missing >= 0) return Promise.reject(new TypeError(`Parameter ${missing + 1} of this query is undefined.`))
      return typeof text === "string" ? run(text, params, prepare) : askEach(text, params)
    },
  })
  began.catch(note)

  try {
    const results = await Promise.all(works.map((work) => work(txOn(lineOf()))))
    for (const { text, params } of together(last)) run(text, params, true).catch(note)
    over = new Error("This transaction is over: a query was left running without await.")
    await began
    if (slot.dead) throw firstError ?? new Error("The connection was lost inside this transaction.")
    const end = await slot.client.unsafe("commit")
    if (end.command !== "COMMIT") throw new Error("Nothing was kept: a query inside this transaction had failed.", { cause: firstError })
    return results
  } catch (error) {
    over ??= new Error("This transaction has already failed.", { cause: error })
    note(error)
    if (!slot.dead) await slot.client.unsafe("rollback").catch(() => (slot.dead = true))
    // What the work threw may be a later echo of a lost connection; the first error is the cause.
    throw slot.dead && firstError !== null ? firstError : error
  } finally {
    slot.lastUsed = performance.now()
    pool.release(slot)
  }
}

/**
 * A connection that has just been used is taken on trust and the first query travels with the begin. One that rested may have
 * been cut meanwhile (a restart): its begin is awaited, and another slot is taken while nothing has run yet.
 */
async function beginOn(pool: Pool, begin: string): Promise<{ slot: Slot; began: Promise<unknown> }> {
  for (;;) {
    const slot = await pool.acquire()
    const rested = performance.now() - slot.lastUsed > restedMs
    const isNew = slot.lastUsed === 0
    const began = slot.client.unsafe(begin).execute()
    if (!rested && !isNew) return { slot, began }
    try {
      await began
      return { slot, began }
    } catch (error) {
      slot.dead = true
      pool.release(slot)
      if (isNew || !lost(error)) throw error
    }
  }
}

/** Whether after this error the connection can answer nobody any more. */
function lost(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === "FATAL" || error.severity === "PANIC" || error.code.startsWith("08")
  // postgres.js marks its own errors and the socket's with a code in capitals: CONNECTION_CLOSED, ECONNRESET.
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^(CONNECT|ECONN|EPIPE|ETIMEDOUT)/.test(error.code)
}

const nothing = () => Promise.resolve([])

function txOn(line: Line): Tx {
  return {
    line,
    atCommit: {
      line: {
        ...line,
        run(text, params) {
          line.last(text, params)
          return nothing()
        },
      },
    },
    ahead: {
      line: {
        ...line,
        run(text, params) {
          line.foreseen.set(text, { params, query: line.run(text, params, true) })
          return nothing()
        },
      },
    },
    forget: () => line.foreseen.clear(),
    memo: new Map(),
  }
}

// postgres.js types an array by its first element (an array of booleans becomes a boolean): as text the server types it itself.
function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(arrayElement).join(",")}}`
}

function arrayElement(value: unknown): string {
  if (value === null || value === undefined) return "NULL"
  if (Array.isArray(value)) return arrayLiteral(value)
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value)
  const text = value instanceof Date ? value.toISOString() : value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : value
  return `"${(typeof text === "string" ? text : JSON.stringify(text)).replace(/[\\"]/g, "\\$&")}"`
}
