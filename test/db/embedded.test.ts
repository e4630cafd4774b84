import { execFile, fork } from "node:child_process"
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import postgres from "postgres"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { closedTo, locateBinaries } from "../../db/binaries.ts"
import { type Embedded, EmbeddedTrouble, startEmbedded } from "../../db/embedded.ts"

let folder: string
let dataDir: string
let events: string[] = []
const open = new Set<Embedded>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-embedded-"))
  await chmod(folder, 0o755)
  dataDir = join(folder, "data")
})
afterEach(async () => {
  for (const server of open) await server.stop()
  open.clear()
  events = []
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function start(at = dataDir): Promise<Embedded> {
  const server = await startEmbedded({ dataDir: at, fast: true, log: (event) => events.push(event) })
  open.add(server)
  return server
}

async function stop(server: Embedded): Promise<void> {
  open.delete(server)
  await server.stop()
}

async function ask<Row extends postgres.Row>(url: string, query: string): Promise<Row[]> {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} })
  try {
    return [...(await client.unsafe<Row[]>(query))]
  } finally {
    await client.end({ timeout: 1 })
  }
}

const processOf = async () => Number((await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8")).split("\n")[0])

describe("the bundled Postgres", () => {
  test("keeps its data between starts, in UTF-8, on this machine only and behind a password", async () => {
    const first = await start()
    await ask(first.ownerUrl, "create table kept as select 'señal 😀' as words")
    const [settings] = await ask(first.url, "select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listen")
    expect(settings).toEqual({ encoding: "UTF8", listen: "127.0.0.1" })
    const stranger = Object.assign(new URL(first.url), { password: "guess" }).href
    await expect(ask(stranger, "select 1")).rejects.toMatchObject({ code: "28P01" })
    expect((await stat(join(dataDir, "postgres"))).mode & 0o777).toBe(0o700)
    await stop(first)
    await expect(ask(first.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" })

    const before = performance.now()
    const second = await start()
    expect(performance.now() - before).toBeLessThan(3_000)
    expect(await ask(second.url, "select words from kept")).toEqual([{ words: "señal 😀" }])
    expect(events).toEqual(["initialised", "started", "stopped", "started"])
  })

  test("is shared by two who start it at once, and stopped by the last of them", async () => {
    const both = await Promise.all([start(), start()])
    const [one, two] = both
    expect(one.url).toBe(two.url)
    expect(both.filter((server) => server.adopted)).toHaveLength(1)
    const [starter, guest] = one.adopted ? [two, one] : [one, two]
    await stop(starter)
    expect(await ask(guest.url, "select 1 as one")).toEqual([{ one: 1 }])
    await stop(guest)
    await expect(ask(guest.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" })
  })

  test("is made once by two first starts at the same moment", async () => {
    const fresh = join(folder, "twice")
    const [one, two] = await Promise.all([start(fresh), start(fresh)])
    expect(one.url).toBe(two.url)
    expect(await ask(two.url, "select 1 as one")).toEqual([{ one: 1 }])
  })

  test("that outlived its Rapport is adopted, and stopped in the end", async () => {
    const script = `import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, "../../db/embedded.ts"))}
      const server = await startEmbedded({ dataDir: process.argv[2], fast: true })
      process.send(server.url)`
    const path = join(folder, "dies.ts")
    await writeFile(path, script)
    const child = fork(path, [dataDir])
    const url = await new Promise((resolve) => child.once("message", resolve))
    child.kill("SIGKILL")
    const server = await start()
    expect([server.adopted, server.url]).toEqual([true, url])
    await stop(server)
    await expect(ask(server.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" })
  })

  test("that was itself killed starts again with its data", async () => {
    const first = await start()
    await ask(first.ownerUrl, "set synchronous_commit = on; create table survives as select 1 as one")
    process.kill(await processOf(), "SIGKILL")
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, "select one from survives")).toEqual([{ one: 1 }])
  })

  test("is not mistaken for whoever got its old process number", async () => {
    await stop(await start())
    await writeFile(join(dataDir, "postgres", "data", "postmaster.pid"), `${process.pid}\n${dataDir}\n0\n5432\n\n127.0.0.1\n0\nready   \n`)
    expect((await start()).adopted).toBe(false)
  })
})

describe("trouble is one sentence", () => {
  const troubleOf = async (at: string) => {
    const error = await start(at).catch((reason: unknown) => reason)
    if (!(error instanceof EmbeddedTrouble)) throw new Error("It started, or failed without a sentence.", { cause: error })
    return error.message
  }

  test("about data of another Postgres", async () => {
    const old = join(folder, "old")
    await mkdir(join(old, "postgres", "data"), { recursive: true })
    await writeFile(join(old, "postgres", "data", "PG_VERSION"), "12\n")
    expect(await troubleOf(old)).toContain("written by Postgres 12")
  })

  test("about a file where the folder should be", async () => {
    const file = join(folder, "file")
    await writeFile(file, "")
    expect(await troubleOf(file)).toContain("is a file where Rapport needs a folder")
  })

  test("about data that does not start, in the server's own words", async () => {
    const broken = join(folder, "broken")
    await stop(await start(broken))
    await rm(join(broken, "postgres", "data", "global", "pg_control"))
    expect(await troubleOf(broken)).toMatch(/did not start: .*(control|pg_control)/)
  })

  test("about a machine that no Postgres is bundled for", async () => {
    await expect(locateBinaries("plan9", "mips")).rejects.toThrow("No Postgres is bundled for this machine (plan9-mips): set DATABASE_URL")
  })

  test("about a folder that the account running Postgres may not enter", async () => {
    const shut = join(folder, "shut")
    await mkdir(join(shut, "inner"), { recursive: true })
    await chmod(shut, 0o700)
    expect(await closedTo({ uid: 65_534, gid: 65_534 }, join(shut, "inner"))).toBe(shut)
    await chmod(shut, 0o711)
    expect(await closedTo({ uid: 65_534, gid: 65_534 }, join(shut, "inner"))).toBeNull()
  })
})

test("the bundled programs run and are of the version that is checked", async () => {
  const { initdb, major } = await locateBinaries()
  const { stdout } = await promisify(execFile)(initdb, ["--version"])
  expect(stdout).toContain(`(PostgreSQL) ${major}.`)
})
