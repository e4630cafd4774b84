// The terminal a command runs at: its environment, its clock and where it writes. Commands that run side by side, as in tests, have one each.
import { AsyncLocalStorage } from "node:async_hooks"
import type { TeamsEndpoints } from "../teams.ts"

export type Terminal = {
  env: Readonly<Record<string, string | undefined>>
  now: () => Date
  out: (text: string) => void
  err: (text: string) => void
  /** Whether a person watches `err`, so that a line may overwrite itself. */
  watched: boolean
  /** A Teams that stands elsewhere than Microsoft's; only tests have one. */
  teams?: TeamsEndpoints
}

export const processTerminal: Terminal = {
  env: process.env,
  now: () => new Date(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  watched: process.stderr.isTTY === true,
}

const current = new AsyncLocalStorage<Terminal>()

export const atTerminal = <T>(terminal: Terminal, work: () => Promise<T>): Promise<T> => current.run(terminal, work)
export const terminal = (): Terminal => current.getStore() ?? processTerminal
