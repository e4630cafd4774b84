// How fast a student's words are acknowledged and how many a second: all of Rapport beside others, on one machine in one run.
// Every event is signed and new. A student's words are screened, kept, passed on to be read, put on record and answered.
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { openDatabase, rows, withSchool } from "../db/client.ts"
import { startEmbedded } from "../db/embedded.ts"
import { migrate } from "../db/migrate.ts"
import { atRate, type Load, saturate } from "./load.ts"
import { asOwner } from "./owner.ts"
import type { Server } from "./processes.ts"
import type { Measured } from "./run.ts"
import { type Chat, seedBenchSchool } from "./school.ts"

/** How many students each server hears of: Rapport of the first, all others of those behind them. */
export const students = 4_000
const perSecond = 200
const steadySeconds = 30
const bareSeconds = 5
const atOnce = 32
const saturatedSeconds = 5
const rounds = 2

export type Beside = {
  chat: Chat
  /** What the messages of students are called in the database, as `like` has it. */
  parts: string
  /** The last of `others` is the limit. They are started in this order, Rapport after them. */
  others: readonly ((databaseUrl: string) => Promise<Server>)[]
  rapport: (databaseUrl: string) => Promise<Server>
  /** What a reader must know of the comparison; nothing where there is nothing to know. */
  remark?: string
}

export async function acknowledged({ chat, parts, others, rapport, remark }: Beside): Promise<Measured> {
  const dataDir = await mkdtemp(join(tmpdir(), "rapport-bench-"))
  await chmod(dataDir, 0o755)
  // With everything on disk before it is acknowledged, as in production.
  const postgres = await startEmbedded({ dataDir })
  const servers: Server[] = []
  let lost = 0
  try {
    await migrate(postgres.ownerUrl)
    const db = openDatabase(postgres.url, { max: 2 })
    const schoolId = await seedBenchSchool(db, chat, 2 * students)
    for (const start of [...others, rapport]) servers.push(await start(postgres.url))
    const [ours, limit] = [servers.at(-1), servers.at(-2)]
    if (ours === undefined || limit === undefined) throw new Error("Nothing to measure beside.")

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
        ...(remark === undefined ? [] : [remark]),
      ],
    }

    async function kept(): Promise<number> {
      const found = await withSchool(db, schoolId, (tx) =>
        rows<{ count: number }>(tx, sql`select count(*)::int as count from reply_part where part like ${parts}`),
      )
      return found[0]?.count ?? 0
    }
  } finally {
    for (const server of servers) await server.stop()
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

const ms = (value: number): string => value.toFixed(1)

function table(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0))) ?? []
  return cells.map((row) => `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`)
}
