import type { Actor } from "../access/actor.ts"
import type { PlatformName } from "../platform/account.ts"
import { homeOpens } from "../platform/home.ts"
import { buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say } from "./phrases.ts"

const studentLines = ["helpReflect", "helpPause", "helpStop", "helpStart", "helpReachOut", "helpHereStudent"] as const
const staffLines = ["helpMentee", "helpOutreach", "helpAway", "helpHere"] as const
// A counsellor finds every student; no other office adds a command.
const counsellorLines = ["helpMenteeAny", "helpOutreach", "helpAway", "helpHere"] as const

/** Where a word alone is enough, and where it may also follow a slash. */
const how = {
  slack: { student: "helpSlashStudent", staff: "helpSlashStaff" },
  teams: { student: "helpWord", staff: "helpWord" },
  playground: { student: "helpWord", staff: "helpWord" },
} as const satisfies Record<PlatformName, object>

/** What this person may type, and how, on the platform that they ask from. */
export function help({ role, staffRoles, language, account }: Pick<Actor, "role" | "staffRoles" | "language" | "account">): Message {
  const student = role === "student"
  const keys = student ? ([...studentLines, "helpPerson"] as const) : staffRoles.includes("counsellor") ? counsellorLines : staffLines
  const intro = say(language, student ? "helpStudent" : "helpStaff")
  const lines = keys.map((key) => text(plain(say(language, key))))
  const talk = student ? [buttons({ action: "talk", id: "", label: say(language, "helpTalk"), form: true })] : []
  const home = homeOpens(account.platform) === "typed" ? "helpHomeTyped" : "helpHome"
  const notes = [how[account.platform][role], home] as const
  return message(intro, [text(plain(intro)), ...lines, ...talk, ...notes.map((key) => note(plain(say(language, key))))])
}
