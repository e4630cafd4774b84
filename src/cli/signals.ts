// The command that brings in a second source of who is there: signals import.
import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import type { Command } from "commander"
import { readSignals } from "../engagement/signals-file.ts"
import { importSignals } from "../engagement/signals-import.ts"
import { many, print } from "./print.ts"
import { problemLines } from "./roster-report.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

export function addSignals(program: Command): void {
  const signals = program.command("signals").description("attendance and papers, beside the replies")
  signals
    .command("import")
    .argument("<file>", "a CSV file with the columns student, week, kind and value")
    .description("take over who was there, or handed something in; a newer file takes the place of its weeks and kinds")
    .option("--school <name>", "which school, where there are several")
    .option("--dry-run", "say what would change, and change nothing")
    .addHelpText(
      "after",
      "\nkind is attendance or submission; value is present, absent, or a count such as 3/5; week is any day of it.\nIt never stands in for a reply: a note waits longer for whoever was always there, and comes sooner for whoever often was not.\n\nExample:\n  rapport signals import attendance.csv\n\n  student,week,kind,value\n  s-104,2026-09-14,attendance,4/5",
    )
    .action(signalsImport)
}

async function signalsImport(path: string, options: { school?: string; dryRun?: true }): Promise<void> {
  const file = basename(path)
  const bytes = await readFile(path).catch(() => {
    throw new Trouble(`${path} is not there or cannot be read: name a CSV file.`)
  })
  const read = readSignals(bytes, file)
  if (read.kind === "refused") throw refusal(read.problems, read.more)
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const found = await inSchool(
      session,
      school.id,
      (scene) => importSignals(scene, read.rows),
      (result) => result.kind === "imported" && !options.dryRun,
    )
    switch (found.kind) {
      case "imported": {
        const { students, weeks, changed, gone } = found
        const left = gone === 0 ? "" : `, ${gone} taken out that the newer file leaves out`
        print(`${many(students, "student")}, ${many(weeks, "week")}: ${changed} new or changed${left}.`)
        if (options.dryRun) print("This was a dry run: nothing was changed.")
        return
      }
      case "refused":
        throw refusal(
          found.problems.map((problem) => ({ ...problem, file })),
          0,
        )
      default:
        return found satisfies never
    }
  })
}

const refusal = (problems: Parameters<typeof problemLines>[0], more: number): Trouble =>
  new Trouble([...problemLines(problems, more), "Nothing was changed."].join("\n"))
