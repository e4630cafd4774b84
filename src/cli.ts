// The `rapport` command as a process.
import { run } from "./cli/run.ts"
import { processTerminal } from "./cli/terminal.ts"

const code = await run(process.argv.slice(2), processTerminal)
// `start` goes on after this, or has set its own.
if (code !== 0) process.exitCode = code
