// Decides where the bundled Postgres lives, who runs it and who stops it. Refuses to know what is stored in it.
import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join, resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import postgres from "postgres"
import { type Binaries, closedTo, EmbeddedTrouble, locateBinaries, type RunAs, runAs } from "./binaries.ts"

export { EmbeddedTrouble } from "./binaries.ts"

export type Embedded = {
  /** For the app, which takes the role rapport_app at connect. */
  url: string
  /** For migrations. */
  ownerUrl: string
  /** True when the server was already running, left by a crash or used by another command. */
  adopted: boolean
  /** The last one who uses the server stops it; for everyone else it goes on. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  dataDir: string
  /** For tests: nothing survives a power cut, everything is faster. */
  fast?: boolean
  log?: (event: "adopted" | "initialised" | "started" | "stopped" | "left_running") => void
}

const database = "rapport"
const user = "rapport"
const passwordFile = "rapport.password"
// Any fixed number will do; everyone who uses the server holds it shared, and who can take it alone may stop the server.
const inUseLock = 7_236_451

type Place = { root: string; data: string; log: string; binaries: Binaries; as: RunAs; fast: boolean }

/** Ready to connect to when it resolves; throws `EmbeddedTrouble`, a sentence to print. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const log = options.log ?? (() => {})
  const place = await prepare(resolve(options.dataDir), options.fast ?? false)
  if (await initialise(place)) log("initialised")

  let trouble: unknown
  for (let attempt = 0; attempt < 5; attempt++) {
    const running = await runningPort(place)
    let port = running
    try {
      port ??= await start(place)
      const hold = await takeHold(place, port)
      log(running === undefined ? "started" : "adopted")
      const url = await urlOf(place, port, database)
      return { url, ownerUrl: url, adopted: running !== undefined, stop: () => stop(place, hold, log) }
    } catch (error) {
      trouble = error
      // It answers, but not to us: nothing here may stop it.
      if (error instanceof postgres.PostgresError && !error.code.startsWith("57P")) break
      if (running !== undefined) await halt(place)
    }
  }
  throw trouble instanceof EmbeddedTrouble ? trouble : new EmbeddedTrouble(`The bundled Postgres did not start: ${await lastWords(place, trouble)}`)
}

async function stop(place: Place, hold: Hold, log: NonNullable<EmbeddedOptions["log"]>): Promise<void> {
  const last = await hold.release()
  if (last) await halt(place)
  await hold.close()
  log(last ? "stopped" : "left_running")
}

async function prepare(dataDir: string, fast: boolean): Promise<Place> {
  const binaries = await locateBinaries()
  const root = join(dataDir, "postgres")
  try {
    await mkdir(root, { recursive: true })
    const as = await runAs(root)
    if (as.kind === "other") {
      await chmod(dataDir, (await stat(dataDir)).mode | 0o011)
      await refuseClosed(as, binaries.bin, "the bundled Postgres is")
      await refuseClosed(as, root, "its data would be")
      await chown(root, as.uid, as.gid)
    }
    await chmod(root, 0o700)
    return { root, data: join(root, "data"), log: join(root, "log"), binaries, as, fast }
  } catch (error) {
    throw explained(error, dataDir)
  }
}

async function refuseClosed(as: Extract<RunAs, { kind: "other" }>, path: string, what: string): Promise<void> {
  const closed = await closedTo(as, path)
  if (closed === null) return
  throw new EmbeddedTrouble(
    `Postgres never runs as root, and the account "${as.name}" that runs it here may not enter ${closed}, where ${what}: ` +
      "move Rapport to a folder that others may enter (such as /opt/rapport), start it as an ordinary user, or set DATABASE_URL.",
  )
}

/** Made aside and moved into place in one step, so that two starts at once make one. False when it was there already. */
async function initialise(place: Place): Promise<boolean> {
  const version = await readFile(join(place.data, "PG_VERSION"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw explained(error, place.root)
  })
  if (version !== null) {
    if (version.trim() === place.binaries.major) return false
    throw new EmbeddedTrouble(
      `The data in ${place.data} was written by Postgres ${version.trim()} and this Rapport brings Postgres ${place.binaries.major}: ` +
        "start the earlier Rapport again, or move the folder away to begin anew.",
    )
  }

  try {
    const aside = await mkdtemp(join(place.root, "new-"))
    const fresh = join(aside, "data")
    const password = join(aside, "password")
    await writeFile(password, randomBytes(24).toString("base64url"), { mode: 0o600 })
    await own(place, aside)
    await own(place, password)
    const args = ["--encoding=UTF8", "--locale=C.UTF-8", `--username=${user}`, "--auth=scram-sha-256", `--pwfile=${password}`, "-D", fresh]
    await run(place, place.binaries.initdb, place.fast ? [...args, "--no-sync"] : args)
    // Inside the data directory it moves along with what it opens.
    await rename(password, join(fresh, passwordFile))
    await rename(fresh, place.data).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error
    })
    await rm(aside, { recursive: true, force: true })
    return true
  } catch (error) {
    throw explained(error, place.root)
  }
}

/** The port of a live server on this data, waiting while it comes up or goes down; undefined when there is none. */
async function runningPort(place: Place): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    const found = await readPidFile(place)
    if (found === null) return undefined
    if (!(await isOurServer(place, found.pid))) {
      await rm(join(place.data, "postmaster.pid"), { force: true })
      return undefined
    }
    if (found.state === "ready") return found.port
    await sleep(50)
  }
  await halt(place)
  return undefined
}

async function readPidFile(place: Place): Promise<{ pid: number; port: number; state: string } | null> {
  const text = await readFile(join(place.data, "postmaster.pid"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw explained(error, place.root)
  })
  if (text === null) return null
  const lines = text.split("\n")
  return { pid: Number(lines[0]), port: Number(lines[3]), state: (lines[7] ?? "starting").trim() }
}

/** After a crash of the machine or in a new container the number may belong to anyone. */
async function isOurServer(place: Place, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  if (process.platform !== "linux") return true
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return command.includes("postgres") && command.includes(place.data)
}

async function start(place: Place): Promise<number> {
  const port = await freePort()
  const settings = [
    ...["listen_addresses=127.0.0.1", "unix_socket_directories="],
    // People's words must not reach the log by way of a failed statement.
    ...["log_min_error_statement=panic", "log_error_verbosity=terse"],
    ...(place.fast ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] : []),
  ]
  const serverOptions = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(" ")
  await rm(place.log, { force: true })
  await run(place, place.binaries.pgCtl, ["start", "-w", "-t", "60", "-s", "-D", place.data, "-l", place.log, "-o", serverOptions])
  return port
}

async function halt(place: Place): Promise<void> {
  for (const mode of ["fast", "immediate"]) {
    const stopped = await run(place, place.binaries.pgCtl, ["stop", "-w", "-t", "20", "-s", "-m", mode, "-D", place.data]).then(
      () => true,
      () => false,
    )
    if (stopped || (await readPidFile(place)) === null) return
  }
}

type Hold = { release(): Promise<boolean>; close(): Promise<void> }

/** Everyone who uses the server holds one lock together; the one who can then take it alone is the last. */
async function takeHold(place: Place, port: number): Promise<Hold> {
  const url = await urlOf(place, port, "postgres")
  const client = postgres(url, { max: 1, connect_timeout: 10, idle_timeout: 0, max_lifetime: 0, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock_shared(${inUseLock})`
    const exists = await client`select 1 from pg_database where datname = ${database}`
    if (exists.length === 0) {
      await client.unsafe(`create database ${database}`).catch((error: unknown) => {
        const made = error instanceof postgres.PostgresError && (error.code === "42P04" || error.code === "23505")
        if (!made) throw error
      })
    }
  } catch (error) {
    await client.end({ timeout: 0 })
    throw error
  }
  return {
    async release() {
      try {
        await client`select pg_advisory_unlock_shared(${inUseLock})`
        const [row] = await client<{ alone: boolean }[]>`select pg_try_advisory_lock(${inUseLock}) as alone`
        return row?.alone === true
      } catch {
        return false
      }
    },
    close: () => client.end({ timeout: 0 }),
  }
}

async function urlOf(place: Place, port: number, name: string): Promise<string> {
  const password = await readFile(join(place.data, passwordFile), "utf8").catch((error: unknown) => {
    throw explained(error, place.root)
  })
  return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === "string") throw new EmbeddedTrouble("This machine gave no free port on 127.0.0.1.")
  return address.port
}

async function own(place: Place, path: string): Promise<void> {
  if (place.as.kind === "other") await chown(path, place.as.uid, place.as.gid)
}

async function run(place: Place, program: string, args: string[]): Promise<void> {
  const account = place.as.kind === "other" ? { uid: place.as.uid, gid: place.as.gid } : {}
  await promisify(execFile)(program, args, { ...account, cwd: place.root, env: { PATH: process.env.PATH, LC_ALL: "C" } })
}

async function lastWords(place: Place, error: unknown): Promise<string> {
  const written = await readFile(place.log, "utf8").catch(() => "")
  const fatal = written.split("\n").findLast((line) => /FATAL|PANIC|could not/.test(line))
  const told = fatal?.replace(/^.*?(FATAL|PANIC):\s*/, "") ?? (error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error))
  return `${told ?? "it gave no reason"} (its log is ${place.log}).`
}

function explained(error: unknown, folder: string): Error {
  if (error instanceof EmbeddedTrouble || !(error instanceof Error) || !("code" in error))
    return error instanceof Error ? error : new Error(String(error))
  const move = "or set RAPPORT_DATA to another folder."
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      return new EmbeddedTrouble(`This account may not write to ${folder}: start Rapport as the account that owns it, ${move}`, { cause: error })
    case "EROFS":
      return new EmbeddedTrouble(`The disk that holds ${folder} can only be read: make it writable, ${move}`, { cause: error })
    case "ENOSPC":
      return new EmbeddedTrouble(`The disk that holds ${folder} is full: make room, ${move}`, { cause: error })
    case "ENOTDIR":
    case "EEXIST":
      return new EmbeddedTrouble(`${folder} is a file where Rapport needs a folder: move it away, ${move}`, { cause: error })
    default:
      return error
  }
}
