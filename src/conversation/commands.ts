// Which command a typed line is, in either language, with or without a slash.

/** Commands by their English word, with every word that means the same. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  help: ["help", "ayuda"],
  stop: ["stop", "parar", "para", "alto", "basta", "unsubscribe", "detener"],
  start: ["start", "resume", "reanudar", "empezar"],
  pause: ["pause", "pausa", "pausar"],
  reflect: ["reflect", "reflexion", "reflexionar"],
  reachout: ["reachout", "hablar"],
  mentee: ["mentee", "estudiante", "alumno", "alumna"],
  outreach: ["outreach", "saludo"],
  coverage: ["coverage", "cobertura"],
  away: ["away", "ausente", "ausencia"],
  here: ["here", "aqui"],
}

/** Every command there is, by its English word. */
export const commandNames: readonly string[] = Object.keys(spoken)

/** What each may type without a slash when it is the whole message: anything longer that begins so is words of their own. */
const bare = {
  student: new Set(["help", "stop", "start", "reflect", "pause", "reachout"]),
  staff: new Set(["help", "stop", "start", "pause", "reflect", "mentee", "outreach", "coverage", "away", "here"]),
}
/** Whole messages that are a command of several words: a student's, but for the one that is everybody's. */
const phrases = new Map([
  ...["reach out", "talk to someone", "hablar con alguien"].map((words) => [words, "reachout"] as const),
  // "Here" alone may well be an answer.
  ...["write to me here", "escribeme aqui"].map((words) => [words, "here"] as const),
])
/** What staff may type with something after it; what they write without a command goes to nobody anyway. */
const staffWithText = new Set(["help", "mentee", "outreach", "away"])
const day = /^((until|till|til|hasta)(?!\p{L})|\d{4}-\d{2}-\d{2}$)/iu

const byWord = new Map(Object.entries(spoken).flatMap(([command, words]) => words.map((word) => [word, command] as const)))

export type Command = { command: string; text: string }

const folded = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

const bared = (line: string): string => line.replace(/[.,:;!¡?¿…"'“”«»]+/g, "")

/** A slash command as the platform names it; `/rapport WORD ...` is `/WORD ...`. Unknown words come back as they are. */
export function slashCommand(command: string, text: string): Command {
  if (nameOf(command) !== "rapport") return { command: known(nameOf(command)), text: text.trim() }
  const words = text.trim().split(/\s+/)
  const at = words.findIndex((word) => nameOf(word) !== "rapport")
  return { command: known(nameOf(words[at] ?? "") || "help"), text: words.slice(at + 1).join(" ") }
}

const nameOf = (command: string): string => folded(command.replace(/^\//, ""))
const known = (name: string): string => byWord.get(name) ?? name

/** A line typed in a direct message, where it is a command and not words of a student's own. */
export function typedCommand(line: string, role: "student" | "staff"): Command | null {
  const trimmed = line.trim()
  const [head = "", ...rest] = trimmed.split(/\s+/)
  const text = rest.join(" ")
  if (head.startsWith("/") && head.length > 1) return slashCommand(head, text)
  const phrase = phrases.get(folded(bared(trimmed).replace(/\s+/g, " ")))
  if (phrase !== undefined && (role === "student" || phrase === "here")) return { command: phrase, text: "" }
  const command = byWord.get(folded(bared(head)))
  if (command === undefined) return null
  if (text === "") return bare[role].has(command) ? { command, text } : null
  if (role === "staff" && staffWithText.has(command)) return { command, text }
  return command === "pause" && day.test(text) ? { command, text } : null
}
