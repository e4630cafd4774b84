// What the door asks of this room for a student, beside its routes.
import type { Turn } from "../deps.ts"
import { type Message, message } from "../platform/message.ts"
import { home } from "./home.ts"
import { say } from "./phrases.ts"
import { firstContact, line } from "./prompt-message.ts"
import { deleted, edited, said } from "./said.ts"
import { studentHere } from "./student-here.ts"

/** The first words of all, when a student meets the bot before any question. */
async function greeting(turn: Turn): Promise<Message> {
  const here = await studentHere(turn)
  const { language } = turn.actor
  if (!here) return message(say(language, "studentsOnly"), [line(language, "studentsOnly")])
  return message(say(language, "homeSummary"), firstContact(here.student.shortName, here.readers, language))
}

export const student = { said, edited, deleted, home, greeting }
