// `npm run bench -- NAME [--json]`: one measurement beside its limit in the same run. Decides how it is shown; refuses to judge it.
import { parseArgs } from "node:util"

/** `ratio` is ours / limit, both in `unit`, measured in the same run; `lines` is the table for people. */
export type Measured = { ratio: number; ours: number; limit: number; unit: string; lines: readonly string[] }

const benches: Readonly<Record<string, () => Promise<() => Promise<Measured>>>> = {
  slack: async () => (await import("./slack.ts")).slack,
  sweep: async () => (await import("./sweep.ts")).sweep,
  teams: async () => (await import("./teams.ts")).teams,
}

const names = Object.keys(benches).join(", ")
const { values, positionals } = parseArgs({ options: { json: { type: "boolean", default: false } }, allowPositionals: true })
const [name = ""] = positionals
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench === undefined) {
  process.stderr.write(`Say what to measure: npm run bench -- NAME [--json], where NAME is one of: ${names}.\n`)
  process.exitCode = 2
} else {
  const measured = await (await bench())()
  const { lines, ...figures } = measured
  process.stdout.write(`${lines.join("\n")}\n`)
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, ...figures })}\n`)
}
