import type { Actor } from "../access/actor.ts"
import { type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say } from "./phrases.ts"

const studentLines = ["helpReflect", "helpPause", "helpStop", "helpPerson"] as const
const staffLines = ["helpMentee", "helpOutreach", "helpAway"] as const

/** What this person may type. */
export function help(actor: Pick<Actor, "role" | "language">): Message {
  const student = actor.role === "student"
  const intro = say(actor.language, student ? "helpStudent" : "helpStaff")
  const lines = (student ? studentLines : staffLines).map((key) => text(plain(say(actor.language, key))))
  return message(intro, [text(plain(intro)), ...lines, note(plain(say(actor.language, "helpHome")))])
}
