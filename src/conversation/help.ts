import type { Actor } from "../access/actor.ts"
import { buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say } from "./phrases.ts"

const studentLines = ["helpReflect", "helpPause", "helpStop", "helpReachOut", "helpPerson"] as const
const staffLines = ["helpMentee", "helpOutreach", "helpAway"] as const

/** What this person may type. */
export function help(actor: Pick<Actor, "role" | "language">): Message {
  const student = actor.role === "student"
  const intro = say(actor.language, student ? "helpStudent" : "helpStaff")
  const lines = (student ? studentLines : staffLines).map((key) => text(plain(say(actor.language, key))))
  const talk = student ? [buttons({ action: "talk", id: "", label: say(actor.language, "helpTalk") })] : []
  return message(intro, [text(plain(intro)), ...lines, ...talk, note(plain(say(actor.language, "helpHome")))])
}
