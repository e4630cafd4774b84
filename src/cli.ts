// The `rapport` command. Decides how a command ends: 0 done, 1 failed, 2 wrong usage. Refuses to know what any of them does.
import { Command, CommanderError } from "commander"
import { addCalendar } from "./cli/calendar.ts"
import { addPeople } from "./cli/people.ts"
import { addPlan } from "./cli/plan.ts"
import { complainTo } from "./cli/print.ts"
import { addPrompts } from "./cli/prompts.ts"
import { addRoster } from "./cli/roster.ts"
import { addRunning } from "./cli/running.ts"
import { addSettings } from "./cli/settings.ts"
import { addState } from "./cli/state.ts"
import { sentenceOf } from "./cli/trouble.ts"

const program = new Command("rapport")
  .description("Rapport keeps every student known by an adult at school.")
  .exitOverride()
  .showHelpAfterError("(add --help to see how it is used)")
  .addHelpText("after", '\nRun it as "npm run rapport -- COMMAND", for example "npm run rapport -- doctor".')

for (const add of [addRunning, addRoster, addCalendar, addPlan, addSettings, addPeople, addState, addPrompts]) add(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = endOf(error)
}

function endOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const sentence = sentenceOf(error, process.env.DATABASE_URL ?? "")
  complainTo(sentence ?? `Rapport failed at something it did not expect: ${error instanceof Error ? error.message : String(error)}`)
  if (sentence === null && process.env.LOG_LEVEL === "debug" && error instanceof Error) complainTo(error.stack ?? "")
  return 1
}
