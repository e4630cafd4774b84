// Decides what may leave in a log line: a named event with ids, kinds, counts and durations. Refuses words, names and e-mails.
import { type DestinationStream, pino } from "pino"

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const
export type LogLevel = (typeof logLevels)[number]

/** Ids end in `Id`, durations in `Ms`, counts in `Count`; besides those, only the names below pass. */
export type LogFields = Readonly<Record<string, unknown>> & { error?: unknown }

/** `event` is a fixed snake_case name, never a sentence: nothing that was interpolated can pass. */
export type Log = {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

const named = new Set([
  "action",
  "attempt",
  "code",
  "count",
  "from",
  "kind",
  "level",
  "path",
  "platform",
  "port",
  "reason",
  "role",
  "state",
  "step",
  "status",
])
const counted = /^[a-z][A-Za-z]*(Id|Ms|Count)$/
const eventName = /^[a-z][a-z0-9_]{0,63}$/
// One word of code, without spaces, @ or anything a person's sentence or address would need.
const token = /^[A-Za-z0-9_.:/-]{1,80}$/

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: () => `,"time":"${new Date(Date.now()).toISOString()}"`, messageKey: "event" }
  const out = destination === undefined ? pino(options) : pino(options, destination)
  const write =
    (at: Exclude<LogLevel, "silent">) =>
    (event: string, fields: LogFields = {}) =>
      out[at](allowed(fields), eventName.test(event) ? event : "unnamed_event")
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") }
}

function allowed(fields: LogFields): Record<string, string | number | boolean> {
  const passed: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (key === "error") Object.assign(passed, shape(value))
    else if ((named.has(key) || counted.test(key)) && harmless(value)) passed[key] = value
  }
  return passed
}

function harmless(value: unknown): value is string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && token.test(value))
}

/** An error's message may repeat what somebody wrote: only its name, its code and the place in our code pass. */
function shape(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error }
  const code = "code" in error ? error.code : undefined
  // The stack opens with the message, and a message may look like a frame.
  const frames = (error.stack ?? "")
    .replace(error.message, "")
    .split("\n")
    .filter((line) => /^\s+at \S/.test(line) && !line.includes("node_modules"))
  const place = frames.map((line) => /((?:src|adapters|db|test)\/[\w./-]+:\d+):\d+\)?$/.exec(line)?.[1]).find((found) => found !== undefined)
  const { cause } = error
  return {
    errorName: token.test(error.name) ? error.name : "Error",
    ...(typeof code === "string" && token.test(code) ? { errorCode: code } : {}),
    ...(place === undefined ? {} : { errorAt: place }),
    ...(cause instanceof Error && "code" in cause && typeof cause.code === "string" && token.test(cause.code) ? { causeCode: cause.code } : {}),
  }
}
