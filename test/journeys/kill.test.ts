// kill -9 at the worst moments, and a new start: nothing is lost, nothing is sent twice, within 30 seconds.
import { execFile } from "node:child_process"
import { appendFileSync, readFileSync, truncateSync, watch, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import type postgres from "postgres"
import { afterAll, beforeAll, describe, type ExpectStatic, test } from "vitest"
import {
  dataFolder,
  deliveredIn,
  journalOf,
  lookInto,
  openPage,
  type Page,
  type Rapport,
  serverOn,
  startRapport,
  tidyProcesses,
  until,
} from "../support/process.ts"

const withinMs = 30_000
const timeout = 300_000
/** A quarter to three on Thursday in the east; in the west it is an hour later. */
const firstPrompts = new Date("2026-09-03T18:45:00Z")

type World = { folder: string; rapport: Rapport; page: Page; sql: postgres.Sql; readyAt: number }
type Killed = Pick<World, "folder" | "rapport"> & { sql?: postgres.Sql }

async function start(folder: string): Promise<World> {
  const rapport = startRapport({ RAPPORT_DATA: folder })
  const page = await openPage(await rapport.ready(), folder)
  return { folder, rapport, page, sql: lookInto(folder), readyAt: performance.now() }
}

/** SIGKILL, then a new start that finds the server that was left. */
async function killAndStart(world: Killed, expect: ExpectStatic, meanwhile: () => Promise<void> = async () => {}): Promise<World> {
  const server = serverOn(world.folder)
  const { signal } = await world.rapport.end("SIGKILL")
  expect(signal).toBe("SIGKILL")
  await meanwhile()
  await world.sql?.end()
  expect(serverOn(world.folder)).toEqual(server)
  const next = await start(world.folder)
  expect(serverOn(world.folder), "the server that was left over is adopted").toEqual(server)
  return next
}

type States = Partial<Record<string, number>>

/** How many deliveries whose time has come are in which state. */
async function statesOf({ sql, page }: World): Promise<States> {
  const found = await sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from delivery where due_at <= ${await page.now()} group by state`
  return Object.fromEntries(found.map(({ state, count }) => [state, count]))
}

/** Waits until each has ended, and says how long that took since it was ready. */
async function allEnded(world: World): Promise<number> {
  await until("every delivery has ended", 60_000, async () => {
    const { planned = 0, sending = 0 } = await statesOf(world)
    return planned + sending === 0
  })
  return performance.now() - world.readyAt
}

/** The vendor's memory and the database tell the same: each message once, nothing that is not known to have been sent. */
async function nothingLostOrDoubled(world: World, expect: ExpectStatic): Promise<void> {
  const { folder, sql } = world
  const rows = await sql<{ id: string; messageId: string }[]>`select id, message_id as "messageId" from delivery where state = 'sent'`
  const told = deliveredIn(folder).map(({ deliveryId, messageId }) => `${deliveryId} ${messageId}`)
  expect(told.toSorted()).toEqual(rows.map(({ id, messageId }) => `${id} ${messageId}`).toSorted())
  const { refused, unknown } = await statesOf(world)
  const late = await sql`select id from delivery where state = 'expired' and failure = 'too_late' and due_at >= ${firstPrompts}`
  expect({ refused, unknown, late: [...late] }).toEqual({ late: [] })
}

/** Every student was asked once, in their own chat. */
async function eachAskedOnce({ folder, sql }: World, expect: ExpectStatic): Promise<void> {
  const prompts = await sql<{ id: string }[]>`select id from delivery where kind = 'prompt' and state = 'sent'`
  const ids = new Set(prompts.map(({ id }) => id))
  const asked = deliveredIn(folder).filter(({ deliveryId }) => ids.has(deliveryId))
  expect(asked.length).toBe(60)
  expect(new Set(asked.map(({ user }) => user)).size).toBe(60)
}

/** The rest of the day passes without a kill: each student has had one prompt, and Rapport leaves nothing running. */
async function endOfDay(world: World, expect: ExpectStatic): Promise<void> {
  await world.page.move("next_school_day")
  await world.page.still()
  await nothingLostOrDoubled(world, expect)
  await eachAskedOnce(world, expect)
  await world.sql.end()
  expect((await world.rapport.end("SIGTERM")).code).toBe(0)
  expect(serverOn(world.folder)).toBeNull()
}

const sending = async ({ sql }: World): Promise<string[]> =>
  (await sql<{ id: string }[]>`select id from delivery where state = 'sending' and kind = 'prompt'`).map(({ id }) => id)

/** Whoever updates a row to which this applies waits until the gate is opened. */
async function gate(sql: postgres.Sql, table: string, applies: string) {
  const lock = 4_711
  const keeper = await sql.reserve()
  await keeper`select pg_advisory_lock(${lock})`
  await sql.unsafe(`
    create or replace function wait_at_the_gate() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(${lock}); return new; end $$;
    create trigger gate before update on ${table} for each row when (${applies}) execute function wait_at_the_gate()`)
  return {
    waiting: async () => (await sql`select 1 from pg_locks where locktype = 'advisory' and objid = ${lock} and not granted`).length > 0,
    async open() {
      await keeper`select pg_advisory_unlock(${lock})`
      keeper.release()
      await sql.unsafe(`drop trigger gate on ${table}`)
    },
  }
}

/** As if it had been killed before the last few sends, and in the middle of one: they are taken out of the vendor's memory. */
function tear(folder: string, count: number): void {
  const lines = readFileSync(journalOf(folder), "utf8").trimEnd().split("\n")
  const kept = lines.slice(0, -count)
  truncateSync(journalOf(folder), Buffer.byteLength(`${kept.join("\n")}\n`))
  appendFileSync(journalOf(folder), (lines.at(-1) ?? "").slice(0, 100))
}

/** Resolves in the moment in which the vendor takes a message to a student that it did not have before. */
function nextSend(folder: string): Promise<void> {
  const toStudents = () => deliveredIn(folder).filter(({ user }) => user.startsWith("s-")).length
  const before = toStudents()
  return new Promise((resolve) => {
    const watcher = watch(join(folder, "playground"), () => {
      if (toStudents() === before) return
      watcher.close()
      resolve()
    })
  })
}

/** A sample school that has just been loaded, stopped. */
let loaded: string

beforeAll(async () => {
  const { folder, sql, rapport } = await start(dataFolder())
  // As on most platforms, nobody has been written to yet: a conversation is opened first.
  await sql`update address set route = null where user_id like 's-%'`
  await sql.end()
  await rapport.end("SIGTERM")
  loaded = folder
}, timeout)
afterAll(tidyProcesses)

/** The same school, whose clock stands so many seconds before its first prompts. */
async function folderBefore(seconds: number): Promise<string> {
  const folder = dataFolder()
  await promisify(execFile)("cp", ["-a", `${loaded}/.`, folder])
  const aheadMs = firstPrompts.getTime() - seconds * 1_000 - Date.now()
  writeFileSync(join(folder, "playground/clock.json"), JSON.stringify({ aheadMs }))
  return folder
}

describe.concurrent("killed with kill -9 and started again", () => {
  test("before a message is sent, and between the sending and its record", { timeout }, async ({ expect }) => {
    let world = await start(await folderBefore(900))
    // The route of a first conversation is kept before anything is sent into it.
    const sends = await gate(world.sql, "address", "old.route is null and new.user_id like 's-%'")
    await world.page.move("next_school_day")
    const taken = await until("a batch of prompts is taken to be sent", 60_000, async () => ((await sends.waiting()) ? sending(world) : null))
    expect(taken.length).toBeGreaterThan(10)
    world = await killAndStart(world, expect, async () => {
      expect(deliveredIn(world.folder).filter(({ deliveryId }) => taken.includes(deliveryId))).toEqual([])
      await sends.open()
    })
    expect(await allEnded(world)).toBeLessThan(withinMs)
    await nothingLostOrDoubled(world, expect)

    // An hour later, where it is an hour earlier, the messages are out and nobody knows.
    const records = await gate(world.sql, "delivery", "new.state = 'sent' and new.kind = 'prompt'")
    await world.page.move("next_school_day")
    const batch = await until("a batch of prompts waits for its record", 60_000, async () => ((await records.waiting()) ? sending(world) : null))
    const out = deliveredIn(world.folder).filter(({ deliveryId }) => batch.includes(deliveryId))
    expect(out.length).toBe(batch.length)
    expect(out.length).toBeGreaterThan(10)
    const sent = deliveredIn(world.folder).length
    world = await killAndStart(world, expect, async () => {
      tear(world.folder, 3)
      expect(deliveredIn(world.folder).length).toBe(sent - 3)
      await records.open()
    })
    expect(await allEnded(world)).toBeLessThan(withinMs)
    await nothingLostOrDoubled(world, expect)
    await endOfDay(world, expect)
  })

  test("in the moment in which a job's or a move's first message is out, and while a student's words arrive", { timeout }, async ({ expect }) => {
    const folder = await folderBefore(5)
    // The clock is left to run into the time of the prompts: nobody moves it, so it is a job that sends.
    const byJob = nextSend(folder)
    const rapport = startRapport({ RAPPORT_DATA: folder })
    await byJob
    let world = await killAndStart({ folder, rapport }, expect)
    expect(await allEnded(world)).toBeLessThan(withinMs)
    await nothingLostOrDoubled(world, expect)

    await world.page.play("s-01")
    const words = async () =>
      (await world.sql`select part from reply_part where part in ('m-kept', 'm-cut') order by part`).map(({ part }) => String(part))
    const kept = { kind: "said", text: "I finally beat my brother at chess." }
    const cut = { kind: "said", text: "And my sister, too." }
    const byMove = nextSend(folder)
    await world.page.move("next_school_day")
    expect(await world.page.tell("kept", "s-01", kept)).toBe(200)
    await byMove
    const unanswered = world.page.tell("cut", "s-01", cut).catch(() => null)
    world = await killAndStart(world, expect)
    await unanswered
    expect(await words()).toContain("m-kept")
    // A vendor sends again what it got no answer to, and now and then what it did.
    expect(await world.page.tell("cut", "s-01", cut)).toBe(200)
    expect(await world.page.tell("kept", "s-01", kept)).toBe(200)
    expect(await words()).toEqual(["m-cut", "m-kept"])
    expect(await allEnded(world)).toBeLessThan(withinMs)
    await nothingLostOrDoubled(world, expect)
    await endOfDay(world, expect)
  })
})
