// The command that reads every prompt as the bot does at start. It needs no database.
import { join } from "node:path"
import type { Command } from "commander"
import { languages } from "../words/phrasebook.ts"
import { problemLine, readPrompts } from "../words/prompts.ts"
import { many, print } from "./print.ts"
import { Trouble } from "./trouble.ts"

export const promptsFolder = join(import.meta.dirname, "..", "..", "prompts")

export function addPrompts(program: Command): void {
  const prompts = program.command("prompts").description("the words that students are asked with")
  prompts
    .command("check")
    .argument("[folder]", "where the prompts lie", promptsFolder)
    .description("read every prompt, and name file and line of what is wrong")
    .addHelpText("after", "\nExample:\n  rapport prompts check")
    .action((folder: string) => {
      const { prompts: read, problems } = readPrompts(folder)
      if (problems.length > 0) {
        const lines = problems.map((problem) => problemLine(problem, process.cwd()))
        throw new Trouble([...lines, `${many(problems.length, "problem")} in the prompts.`].join("\n"))
      }
      const starters = read.starters("en").length
      print(
        `The prompts are sound: ${many(read.questions().length, "question")} and ${many(starters, "reply starter")} in ${languages.length} languages.`,
      )
    })
}
