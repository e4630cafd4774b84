// A small invented school around the playground, served on loopback, for the tests of the adapter and of its page.
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import express from "express"
import {
  createPlayground,
  type Move,
  type MoveProgress,
  type Playground,
  type PlaygroundOptions,
  type PlaygroundPerson,
} from "../../adapters/playground/entry.ts"
import type { Receive } from "../../src/platform/platform.ts"

const person = (user: string, name: string, role: PlaygroundPerson["role"], group: string | null, language = "en"): PlaygroundPerson => ({
  user,
  name,
  role,
  group,
  site: "Larkspur Valley High",
  email: `${user}@larkspur.example`,
  zone: "America/Denver",
  language,
})

export const people: readonly PlaygroundPerson[] = [
  person("maya", "Maya Okafor", "student", "Advisory Juniper"),
  person("luis", "Luis Sandoval Ortiz", "student", "Advisory Juniper", "es"),
  person("tess", "Tess Wren", "student", "Advisory Juniper"),
  person("omar", "Omar Haddad", "student", "Advisory Aspen"),
  person("priya", "Priya Raman", "student", "Advisory Aspen"),
  person("hostile", "<img src=x onerror=alert(1)> <!channel>", "student", "Advisory Aspen"),
  person("avery", "Avery Lindqvist", "advisor", "Advisory Juniper"),
  person("jo", "Jo Castellanos", "advisor", "Advisory Aspen", "es"),
  person("noor", "Noor Bakshi", "counsellor", null),
  person("dana", "Dana Whitfield", "principal", null),
]

export type Stage = {
  playground: Playground
  origin: string
  clock: { now: Date; moves: Move[] }
  journal: string
  /** The vendor's own memory stays, the process is a new one, on the same port if it is given. */
  restart(port?: number): Promise<void>
  close(): Promise<void>
}

type Overrides = Partial<Pick<PlaygroundOptions, "trouble" | "report" | "people">>

export async function openStage(receive: Receive, overrides: Overrides = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "playground-"))
  const journal = join(folder, "journal.jsonl")
  const clock = { now: new Date("2026-03-12T20:45:00Z"), moves: [] as Move[] }
  let ids = 0
  let progress: MoveProgress | null = null

  async function move(to: Move): Promise<void> {
    clock.moves.push(to)
    const from = clock.now
    const end = new Date(from.getTime() + (to === "next_week" ? 7 : 1) * 86_400_000)
    for (let step = 1; step <= 5; step += 1) {
      progress = { from, at: clock.now, to: end }
      await new Promise((resolve) => setTimeout(resolve, 60))
      clock.now = new Date(from.getTime() + ((end.getTime() - from.getTime()) * step) / 5)
    }
    progress = null
  }

  async function serve(port = 0) {
    const playground = createPlayground({
      journal,
      people: async () => people,
      time: { now: () => clock.now, zone: "America/Denver", move, progress: () => progress },
      tenant: "playground",
      ids: () => `id-${++ids}`,
      now: () => clock.now,
      ...overrides,
    })
    playground.listen(receive)
    const app = express()
    app.use(playground.router)
    const server = createServer(app)
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the test server has no port")
    return { playground, server, origin: `http://127.0.0.1:${address.port}` }
  }

  async function shut({ playground, server }: Awaited<ReturnType<typeof serve>>) {
    await playground.stop()
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }

  let running = await serve()
  const stage: Stage = {
    playground: running.playground,
    origin: running.origin,
    clock,
    journal,
    async restart(port) {
      await shut(running)
      running = await serve(port)
      Object.assign(stage, { playground: running.playground, origin: running.origin })
    },
    async close() {
      await shut(running)
      await rm(folder, { recursive: true, force: true })
    },
  }
  return stage
}
