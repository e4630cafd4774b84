import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, existsSync, mkdtempSync } from "node:fs"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { startEmbedded } from "../../db/embedded.ts"
import { rapportHere } from "./rapport.ts"

const folder = mkdtempSync(join(tmpdir(), "rapport-beside-"))
// When root runs the tests, Postgres runs under another account that must be let in.
chmodSync(folder, 0o755)
afterAll(() => rm(folder, { recursive: true, force: true }))

const started = join(folder, "postgres/data/postmaster.pid")

test("a command whose reader goes away, as head does, still stops the Postgres that it started", { timeout: 120_000 }, async () => {
  const cli = join(import.meta.dirname, "../../src/cli.ts")
  const child = spawn(process.execPath, [cli, "doctor"], { env: { RAPPORT_DATA: folder }, stdio: ["ignore", "pipe", "pipe"] })
  child.stdout.destroy()
  let err = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text))
  expect(await once(child, "close")).toEqual([0, null])
  expect(err).not.toContain("EPIPE")
  expect(existsSync(join(folder, "postgres/data/PG_VERSION"))).toBe(true)
  expect(existsSync(started)).toBe(false)
})

test("no step is done by hand beside a Rapport that runs", { timeout: 120_000 }, async () => {
  const running = await startEmbedded({ dataDir: folder, fast: true })
  try {
    const rapport = rapportHere({ RAPPORT_DATA: folder })
    for (const step of ["plan", "deliver", "sweep"]) {
      const run = await rapport("tick", step)
      expect(run).toMatchObject({ code: 1, out: "" })
      expect(run.err).toBe(`Rapport is running on this data and does each step by itself: stop it first to ${step} by hand.\n`)
    }
  } finally {
    await running.stop()
  }
  expect(existsSync(started)).toBe(false)
})
