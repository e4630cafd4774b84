// How fast a student's words are acknowledged and how many a second: all of Rapport beside Bolt alone, on one machine in one run.
// Every event is signed and new. A student's words are screened, kept, passed on to be read, put on record and answered.
import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { glance, openDatabase, rows, withSchool } from "../db/client.ts"
import { startEmbedded } from "../db/embedded.ts"
import { migrate } from "../db/migrate.ts"
import { atRate, type Load, saturate, signingSecret, type Target } from "./load.ts"
import type { Measured } from "./run.ts"
import { benchChannel, benchTenant, seedBenchSchool } from "./school.ts"

const students = 4_000
const perSecond = 200
const steadySeconds = 30
const bareSeconds = 5
const atOnce = 32
const saturatedSeconds = 5
const rounds = 2
const root = join(import.meta.dirname, "..")

type Server = Target & { name: string; stop(): Promise<void> }

export async function slack(): Promise<Measured> {
  const dataDir = await mkdtemp(join(tmpdir(), "rapport-bench-"))
  await chmod(dataDir, 0o755)
  // With everything on disk before it is acknowledged, as in production.
  const postgres = await startEmbedded({ dataDir })
  const vendor = await openAnswering()
  const servers: Server[] = []
  let lost = 0
  try {
    await migrate(postgres.ownerUrl)
    const db = openDatabase(postgres.url, { max: 2 })
    const schoolId = await seedBenchSchool(db, 2 * students)
    const empty = await bare("Bolt, empty handler", [])
    const insert = await bare("Bolt, one plain durable insert", ["insert", postgres.url])
    const limit = await bare("Bolt, one prepared durable insert of the same rows", ["rows", postgres.url])
    const ours = await rapport(postgres.url, vendor.url)
    servers.push(empty, insert, limit, ours)

    for (const server of servers) await saturate(server, atOnce, 2)
    // What autovacuum does within a minute: until then Postgres plans for tables that it takes to be empty.
    await asOwner(postgres.ownerUrl, "vacuum analyze")
    const before = await kept()
    const steady: [string, Load][] = []
    for (const server of servers.toReversed()) {
      const load = await atRate(server, perSecond, server === ours ? steadySeconds : bareSeconds)
      steady.push([server.name, load])
      if (server === ours) lost = load.accepted - ((await kept()) - before)
    }
    const full = await bySaturating(servers, rounds)
    await db.close(500)

    const [own, most] = [full.get(ours.name) ?? 0, full.get(limit.name) ?? 0]
    return {
      ratio: own / most,
      ours: own,
      limit: most,
      unit: "events acknowledged a second",
      lines: [
        `${perSecond} signed events a second, students' words each (${steadySeconds} s for Rapport, ${bareSeconds} s for the others); milliseconds to the acknowledgement:`,
        ...table([
          ["", "sent", "accepted", "p50", "p99", "worst"],
          ...steady.map(([name, load]) => [name, `${load.sent}`, `${load.accepted}`, ms(load.p50), ms(load.p99), ms(load.worst)]),
        ]),
        `Acknowledged by Rapport and not in the database: ${lost}.`,
        "",
        `Saturated, ${atOnce} at once, ${rounds} turns of ${saturatedSeconds} s each:`,
        ...table([
          ["", "events a second", "Rapport beside it"],
          ...servers.map(({ name }) => [name, (full.get(name) ?? 0).toFixed(0), (own / (full.get(name) ?? 0)).toFixed(2)]),
        ]),
      ],
    }

    async function kept(): Promise<number> {
      const found = await withSchool(db, schoolId, (tx) =>
        rows<{ count: number }>(tx, sql`select count(*)::int as count from reply_part where part like 'D0STUDENT%'`),
      )
      return found[0]?.count ?? 0
    }
  } finally {
    for (const server of servers) await server.stop()
    await vendor.stop()
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Events a second of each, by turns. */
async function bySaturating(servers: readonly Server[], turns: number): Promise<Map<string, number>> {
  const sums = new Map(servers.map(({ name }) => [name, { accepted: 0, seconds: 0 }]))
  for (let turn = 0; turn < turns; turn++) {
    for (const server of servers) {
      const load = await saturate(server, atOnce, saturatedSeconds)
      const sum = sums.get(server.name)
      if (sum) Object.assign(sum, { accepted: sum.accepted + load.accepted, seconds: sum.seconds + load.seconds })
    }
  }
  return new Map([...sums].map(([name, { accepted, seconds }]) => [name, accepted / seconds]))
}

async function asOwner(url: string, statement: string): Promise<void> {
  const owner = openDatabase(url, { role: null, max: 1 })
  try {
    await glance(owner, statement, [])
  } finally {
    await owner.close()
  }
}

/** Slack's side of the answers: takes each message, and says where it is. */
async function openAnswering(): Promise<{ url: string; stop(): Promise<void> }> {
  let n = 0
  const server = createServer((request, response) => {
    request.resume()
    request.once("end", () => {
      response.writeHead(200, { "Content-Type": "application/json" })
      const team = request.url?.endsWith("auth.test") ? { team_id: benchTenant, user_id: "U0BOT", bot_id: "B0BOT" } : {}
      response.end(JSON.stringify({ ok: true, channel: benchChannel(1), ts: `${++n}.000100`, ...team }))
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function bare(name: string, args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [join(root, "bench", "slack-bare.ts"), ...args], { stdio: ["ignore", "pipe", "inherit"] })
  const port = (await firstLine(child, /^\d+$/)).trim()
  return { name, url: `http://127.0.0.1:${port}/slack/events`, from: students + 1, students, stop: () => ended(child) }
}

async function rapport(databaseUrl: string, apiUrl: string): Promise<Server> {
  const child = spawn(process.execPath, [join(root, "src", "main.ts")], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      RAPPORT_KEY: randomBytes(32).toString("base64"),
      SLACK_BOT_TOKEN: "xoxb-bench",
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: apiUrl,
      PORT: "0",
      LOG_LEVEL: "error",
    },
  })
  const line = await firstLine(child, /Rapport is ready at (\S+)/)
  const url = /Rapport is ready at (\S+)/.exec(line)?.[1] ?? ""
  return { name: "Rapport", url: `${url.replace("localhost", "127.0.0.1")}/slack/events`, from: 1, students, stop: () => ended(child) }
}

function firstLine(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ""
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      const line = text.split("\n").find((one) => wanted.test(one.trim()))
      if (line !== undefined) resolve(line)
    })
    child.once("exit", (code) => reject(new Error(`A server ended before it was ready (${code}).`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill("SIGTERM")
  await once(child, "exit")
}

const ms = (value: number): string => value.toFixed(1)

function table(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0))) ?? []
  return cells.map((row) => `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`)
}
