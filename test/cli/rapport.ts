// The command, here or as a process of its own, with nothing of this machine's environment but what is given.
import { execFile } from "node:child_process"
import { join } from "node:path"
import { run } from "../../src/cli/run.ts"
import type { Terminal } from "../../src/cli/terminal.ts"

export type Run = { code: number; out: string; err: string }
export type Rapport = (...args: readonly string[]) => Promise<Run>
export type Env = Readonly<Record<string, string>>

/** The environment of a command on this database, beside nothing else. */
export const envOf = (databaseUrl: string): Env => ({
  DATABASE_URL: databaseUrl,
  RAPPORT_KEY: Buffer.alloc(32, 3).toString("base64"),
  RAPPORT_DATA: "/nonexistent/rapport",
})

const now = () => new Date("2026-11-24T15:00:00Z")

/** In this process, on a day of the sample school's autumn. `watched`: as if a person looked on. */
export const rapportHere =
  (env: Env, watched = false, teams: Terminal["teams"] = null): Rapport =>
  async (...args) => {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await run(args, { env, now, out: (text) => void out.push(text), err: (text) => void err.push(text), watched, teams })
    return { code, out: out.join(""), err: err.join("") }
  }

const cli = join(import.meta.dirname, "../../src/cli.ts")

/** As people run it. */
export const rapportProcess =
  (env: Env): Rapport =>
  (...args) =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [cli, ...args], { env: { ...env } }, (_error, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      )
    })
