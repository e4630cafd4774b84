// The `rapport` command. Decides how a command ends: 0 done, 1 failed, 2 wrong usage. Refuses to know what any of them does.
import { Command, CommanderError } from "commander"
import { complain } from "./print.ts"
import { atTerminal, type Terminal, terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

type Add = (program: Command) => void

/** Each file of commands with the words that lead to it: only that one is loaded, all of them for the overview. */
const files: readonly { words: readonly string[]; load: () => Promise<Add> }[] = [
  { words: ["start", "migrate", "tick"], load: async () => (await import("./running.ts")).addRunning },
  { words: ["roster", "caseload"], load: async () => (await import("./roster.ts")).addRoster },
  { words: ["signals"], load: async () => (await import("./signals.ts")).addSignals },
  { words: ["calendar"], load: async () => (await import("./calendar.ts")).addCalendar },
  { words: ["plan", "preview"], load: async () => (await import("./plan.ts")).addPlan },
  { words: ["settings", "golive"], load: async () => (await import("./settings.ts")).addSettings },
  { words: ["lookup", "staff"], load: async () => (await import("./people.ts")).addPeople },
  { words: ["link", "unlink"], load: async () => (await import("./accounts.ts")).addAccounts },
  { words: ["doctor"], load: async () => (await import("./doctor.ts")).addDoctor },
  { words: ["status"], load: async () => (await import("./status.ts")).addStatus },
  { words: ["connect"], load: async () => (await import("./connect.ts")).addConnect },
  { words: ["manifest"], load: async () => (await import("./manifest.ts")).addManifest },
  { words: ["prompts"], load: async () => (await import("./prompts.ts")).addPrompts },
  { words: ["engagement"], load: async () => (await import("./engagement.ts")).addEngagement },
]

/** Runs one command line at a terminal; the number is its exit code. */
export const run = (args: readonly string[], at: Terminal): Promise<number> =>
  atTerminal(at, async () => {
    const program = new Command("rapport")
      .description("Rapport keeps every student known by an adult at school.")
      .exitOverride()
      .configureOutput({ writeOut: at.out, writeErr: at.err })
      .showHelpAfterError("(add --help to see how it is used)")
      .addHelpText("after", '\nRun it as "npm run rapport -- COMMAND", for example "npm run rapport -- doctor".')
    const meant = files.filter(({ words }) => words.includes(args[0] ?? ""))
    for (const { load } of meant.length > 0 ? meant : files) (await load())(program)
    try {
      await program.parseAsync([...args], { from: "user" })
      return 0
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
      complain(await sentenceFor(error))
      return 1
    }
  })

async function sentenceFor(error: unknown): Promise<string> {
  if (error instanceof Trouble) return error.message
  const { env } = terminal()
  const sentence = (await import("./sentence.ts")).sentenceOf(error, env.DATABASE_URL ?? "")
  if (sentence !== null) return sentence
  const told = error instanceof Error ? (env.LOG_LEVEL === "debug" ? error.stack : error.message) : String(error)
  return `Rapport failed at something it did not expect: ${told ?? "no reason was given"}`
}
