// Which command a typed line is, in either language, with or without a slash.

/** Commands by their English word, with every word that means the same. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  help: ["help", "ayuda"],
  stop: ["stop", "parar", "para", "alto", "basta", "unsubscribe", "detener"],
  start: ["start", "resume", "reanudar", "empezar"],
  pause: ["pause", "pausa", "pausar"],
  reflect: ["reflect", "reflexion", "reflexionar"],
  mentee: ["mentee", "estudiante", "alumno", "alumna"],
  outreach: ["outreach", "saludo", "saludos"],
  away: ["away", "ausente", "ausencia"],
}

/** What students may type bare among their own words: only when it is the whole message, or clearly asks for it. */
const studentsBare = new Set(["help", "stop", "start", "reflect"])
const withArgument = new Set(["pause"])

const byWord = new Map(Object.entries(spoken).flatMap(([command, words]) => words.map((word) => [word, command] as const)))

export type Command = { command: string; text: string }

const folded = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/** A slash command as the platform names it; `/rapport WORD ...` is `/WORD ...`. Unknown words come back as they are. */
export function slashCommand(command: string, text: string): Command {
  const name = folded(command.replace(/^\//, ""))
  if (name === "rapport") {
    const [first = "help", ...rest] = text.trim().split(/\s+/)
    return slashCommand(first || "help", rest.join(" "))
  }
  return { command: byWord.get(name) ?? name, text: text.trim() }
}

/** A line typed in a direct message, where it is a command and not words of a student's own. */
export function typedCommand(line: string, role: "student" | "staff"): Command | null {
  const trimmed = line.trim()
  const [head = "", ...rest] = trimmed.split(/\s+/)
  const text = rest.join(" ")
  if (head.startsWith("/") && head.length > 1) return slashCommand(head, text)
  const command = byWord.get(folded(head.replace(/[.!¡]+/g, "")))
  if (command === undefined) return null
  if (role === "staff") return { command, text }
  if (text === "" && (studentsBare.has(command) || withArgument.has(command))) return { command, text }
  return withArgument.has(command) && /^(until|hasta)\b/iu.test(text) ? { command, text } : null
}
