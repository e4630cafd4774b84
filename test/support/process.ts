// Rapport as people run it: a process of its own on a folder of its own, its page spoken to over HTTP, its database looked at from outside.
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdtempSync, readFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import postgres from "postgres"
import type { Line } from "../../adapters/playground/chats.ts"
import type { Move } from "../../adapters/playground/people.ts"
import { startEmbedded } from "../../db/embedded.ts"
import { keyOf } from "../adapters/playground-harness.ts"

export const root = join(import.meta.dirname, "../..")

type Command = { program: string; args: readonly string[]; cwd: string }
export const nodeMain = (cwd = root): Command => ({ program: process.execPath, args: ["src/main.ts"], cwd })
export const npmStart: Command = { program: "npm", args: ["start"], cwd: root }

export type Ended = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string; afterMs: number }

export type Rapport = {
  child: ChildProcess
  /** The page's address, once it says that it is ready; throws what it wrote where it ended instead. */
  ready(): Promise<string>
  /** Sends the signal, and once more at once where told so, and waits for the end. */
  end(signal: NodeJS.Signals, twice?: boolean): Promise<Ended>
  ended: Promise<Ended>
}

const children = new Set<ChildProcess>()
const folders = new Set<string>()
let tidied = false

/** A new folder for one Rapport's data, with nothing in it. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rapport-process-"))
  // When root runs the tests, Postgres runs under another account that must be let in.
  chmodSync(folder, 0o755)
  folders.add(folder)
  return folder
}

/** Starts it with nothing of this machine's environment but what is given. */
export function startRapport(env: Readonly<Record<string, string>>, { program, args, cwd }: Command = nodeMain()): Rapport {
  // A test that was given up goes on by itself.
  if (tidied) throw new Error("The tests of this file are over.")
  const path = [join(root, "node_modules/.bin"), process.env.PATH ?? ""].join(":")
  const child = spawn(program, args, {
    cwd,
    env: { PATH: path, HOME: tmpdir(), PORT: "0", LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.add(child)
  const written = { out: "", err: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => (written.out += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (written.err += text))
  let from = performance.now()
  const ended = once(child, "close").then(([code, signal]): Ended => {
    children.delete(child)
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...written, afterMs: performance.now() - from }
  })
  const ready = () =>
    until("it is ready", 120_000, () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended: ${written.out}${written.err}`)
      return /ready at (http:\/\/localhost:\d+)/.exec(written.out)?.[1]
    })
  return {
    child,
    ready,
    ended,
    end(signal, twice = false) {
      from = performance.now()
      child.kill(signal)
      if (twice) child.kill(signal)
      return ended
    },
  }
}

/** Asks until there is an answer; null, undefined and false are none. */
export async function until<T>(what: string, withinMs: number, ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer as NonNullable<Exclude<T, false>>
    if (performance.now() > end) throw new Error(`After ${withinMs / 1_000} s still not so: ${what}.`)
    await pause(100)
  }
}

/** Ends every process and server that a test file began and takes its folders away, whatever became of its tests. */
export async function tidyProcesses(): Promise<void> {
  tidied = true
  for (const child of children) child.kill("SIGKILL")
  for (const folder of folders) {
    if (serverOn(folder) !== null) await (await startEmbedded({ dataDir: folder, fast: true })).stop()
    await rm(folder, { recursive: true, force: true })
  }
  folders.clear()
}

/** The process number and port of the bundled Postgres on this folder; null: none is running. */
export function serverOn(folder: string): { pid: number; port: number } | null {
  const file = join(folder, "postgres/data/postmaster.pid")
  if (!existsSync(file)) return null
  const lines = readFileSync(file, "utf8").split("\n")
  const pid = Number(lines[0])
  return isAlive(pid) ? { pid, port: Number(lines[3]) } : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A connection of the database's owner, beside the process's own. */
export function lookInto(folder: string): postgres.Sql {
  const port = serverOn(folder)?.port
  const password = readFileSync(join(folder, "postgres/data/rapport.password"), "utf8")
  return postgres(`postgres://rapport:${password}@127.0.0.1:${port}/rapport`, { max: 2, idle_timeout: 0, onnotice: () => {} })
}

/** What the vendor itself keeps: the journal's whole lines. */
export const journalOf = (folder: string): string => join(folder, "playground/journal.jsonl")
export const linesOf = (folder: string): Line[] =>
  (existsSync(journalOf(folder)) ? readFileSync(journalOf(folder), "utf8") : "")
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line]
      } catch {
        return []
      }
    })

export type Delivered = Extract<Line, { kind: "sent" }> & { deliveryId: string }
export const deliveredIn = (folder: string): Delivered[] =>
  linesOf(folder).filter((line): line is Delivered => line.kind === "sent" && line.deliveryId !== null)

export type Page = {
  now(): Promise<Date>
  people(): Promise<readonly { user: string; role: string }[]>
  /** Has the clock moved. */
  move(to: Move): Promise<void>
  /** Waits until it stands where it was to go. */
  still(): Promise<void>
  /** The status of one event. */
  tell(id: string, user: string, deed: Readonly<Record<string, unknown>>): Promise<number>
  /** Leaves a person to the test. */
  play(user: string): Promise<void>
  /** Holds a tab open until the server closes it. */
  listen(): Promise<void>
}

type State = { people: { user: string; role: string }[]; clock: { now: string; moving: unknown; failed: boolean } }

export async function openPage(origin: string, folder: string): Promise<Page> {
  const key = await keyOf(origin)
  // Between the asking and the beginning of a move the clock still stands: what it keeps on disk tells the two apart.
  const saved = () => readFileSync(join(folder, "playground/clock.json"), "utf8")
  let before = ""
  const call = (path: string, body?: unknown) =>
    fetch(`${origin}/playground/api/${path}`, {
      headers: { "X-Playground-Key": key, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    })
  const state = async () => (await (await call("people")).json()) as State
  const done = async (response: Promise<Response>) => {
    const { ok, status } = await response
    if (!ok) throw new Error(`The page was refused: ${status}.`)
  }
  return {
    now: async () => new Date((await state()).clock.now),
    people: async () => (await state()).people,
    async move(to) {
      before = saved()
      await done(call("clock", { to }))
    },
    async still() {
      const clock = await until("the clock stands", 150_000, async () => {
        const { clock } = await state()
        return clock.failed || (clock.moving === null && saved() !== before) ? clock : null
      })
      if (clock.failed) throw new Error("The clock failed to move.")
    },
    tell: async (id, user, deed) => (await call("events", { id, user, ...deed })).status,
    play: (user) => done(call("habits", { user, on: false })),
    async listen() {
      const response = await call("live?user=")
      void response.text().catch(() => {})
    },
  }
}
