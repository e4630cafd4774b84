// What the door asks of this room for a student, beside its routes.
import { firstContactDeed, metBefore } from "../../db/queries/reflection-student.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Message, message } from "../platform/message.ts"
import { home } from "./home.ts"
import { say } from "./phrases.ts"
import { firstContact, line } from "./prompt-message.ts"
import { deleted, edited, said } from "./said.ts"
import { studentHere } from "./student-here.ts"

/** The first words of all, when a student meets the bot before any question; once. */
async function greeting(turn: Turn): Promise<Message> {
  const here = await studentHere(turn)
  const { language } = turn.actor
  if (!here) return message(say(language, "studentsOnly"), [line(language, "studentsOnly")])
  const met = await metBefore(turn.tx, here.student.id)
  if (met.told || met.asked) return message(say(language, "homeSummary"), [line(language, "helloAgain", { name: here.student.shortName })])
  await record(turn, firstContactDeed, here.student.id)
  return message(say(language, "homeSummary"), firstContact(here.student.shortName, here.readers, language))
}

export const student = { said, edited, deleted, home, greeting }
