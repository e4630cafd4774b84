import type { Actor } from "../access/actor.ts"
import { oversees } from "../access/oversees.ts"
import type { PlatformName } from "../platform/account.ts"
import { homeOpens } from "../platform/home.ts"
import { buttons, type Message, message, note, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say } from "./phrases.ts"

const studentLines = ["helpReflect", "helpPause", "helpStop", "helpStart", "helpReachOut", "helpHereStudent"] as const
const staffLines = ["helpOutreach", "helpAway", "helpHere"] as const

/** Where a word alone is enough, and where it may also follow a slash. */
const how = {
  slack: { student: "helpSlashStudent", staff: "helpSlashStaff" },
  teams: { student: "helpWord", staff: "helpWord" },
  playground: { student: "helpWord", staff: "helpWord" },
} as const satisfies Record<PlatformName, object>

/** What this person may type, and how, on the platform that they ask from. */
export function help({ role, staffRoles, language, account }: Pick<Actor, "role" | "staffRoles" | "language" | "account">): Message {
  const student = role === "student"
  // A counsellor finds every student; every office sees what the school is judged by.
  const mentee = staffRoles.includes("counsellor") ? "helpMenteeAny" : "helpMentee"
  const office = oversees({ role, staffRoles }) ? (["helpCoverage"] as const) : []
  const keys = student ? ([...studentLines, "helpPerson"] as const) : ([mentee, ...office, ...staffLines] as const)
  const intro = say(language, student ? "helpStudent" : "helpStaff")
  const lines = keys.map((key) => text(plain(say(language, key))))
  const talk = student ? [buttons({ action: "talk", id: "", label: say(language, "helpTalk"), form: true })] : []
  const home = homeOpens(account.platform) === "typed" ? "helpHomeTyped" : "helpHome"
  const notes = [how[account.platform][role], home] as const
  return message(intro, [text(plain(intro)), ...lines, ...talk, ...notes.map((key) => note(plain(say(language, key))))])
}
