// The `rapport` command as a process.
import { run } from "./cli/run.ts"
import { processTerminal } from "./cli/terminal.ts"

// Whoever reads may go away, as `| head` does: the command still ends in order, and stops what it started.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = 1
  })
}
const code = await run(process.argv.slice(2), processTerminal)
// `start` goes on after this, or has set its own.
if (code !== 0) process.exitCode = code
