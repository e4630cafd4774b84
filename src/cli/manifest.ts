// The command that writes the app which a platform is asked to make. It needs no database and no other setting.
import { writeFile } from "node:fs/promises"
import { type Command, Option } from "commander"
import { stringify } from "yaml"
import { isFreeCommand, type SlashCommand, slackManifest } from "../../adapters/slack/manifest.ts"
import { commandNames } from "../conversation/commands.ts"
import { isSafeAddress, isWholeHost, pathRefused } from "../web-address.ts"
import { type Language, languages } from "../words/phrasebook.ts"
import { print } from "./print.ts"
import { manifestForTeams } from "./teams-manifest.ts"
import { terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

type SlackOptions = { out?: string; url?: string; socket?: true; language: Language }

export function addManifest(program: Command): void {
  const manifest = program.command("manifest").description("the app for a platform to make")
  const language = () => new Option("--language <language>", "which language the commands are explained in").choices(languages).default("en")
  manifest
    .command("slack")
    .description("for Slack: paste it at api.slack.com/apps")
    .option("--out <file>", "write it there instead of here")
    .option("--url <address>", "the https address where Slack reaches this server; PUBLIC_URL by default")
    .option("--socket", "for Socket Mode, which needs no public address; so by default where SLACK_APP_TOKEN is set")
    .addOption(language())
    .addHelpText(
      "after",
      "\nExamples:\n  rapport manifest slack --url https://rapport.example.org --out slack.yaml\n  rapport manifest slack --socket",
    )
    .action(manifestForSlack)
  manifest
    .command("teams")
    .description("for Microsoft Teams: upload it in Teams' admin center")
    .option("--out <file.zip>", "write the package there; without it, its manifest.json is shown here")
    .option("--app-id <id>", "the Application (client) ID in Microsoft Entra; MicrosoftAppId by default")
    .option("--website <address>", "an https page of the school, about who answers for Rapport and what becomes of people's data")
    .addOption(language().default("en", "en; people whose Teams speaks another of ours read that one"))
    .addHelpText("after", "\nExample:\n  rapport manifest teams --website https://school.example.org/rapport --out rapport-teams.zip")
    .action(manifestForTeams)
}

async function manifestForSlack(options: SlackOptions): Promise<void> {
  const { env } = terminal()
  const publicUrl = addressIn(options.url ?? env.PUBLIC_URL, options.url === undefined ? "PUBLIC_URL" : "--url")
  const socket = options.socket === true || (env.SLACK_APP_TOKEN ?? "").trim() !== ""
  if (publicUrl === null && !socket)
    throw new Trouble(
      "Say how Slack reaches Rapport: add --url https://rapport.example.org (or set PUBLIC_URL), or --socket where this server has no public address.",
    )
  const words = manifestWords[options.language]
  const text = stringify(slackManifest({ ...words, commands: slashCommands(options.language), publicUrl, socket }), { lineWidth: 0 })
  if (options.out === undefined) return print(text.trimEnd())
  await writeFile(options.out, text).catch((error: NodeJS.ErrnoException) => {
    throw new Trouble(`${options.out} cannot be written (${error.code ?? "no reason was given"}): name another file.`)
  })
  print(`The app is in ${options.out}: at https://api.slack.com/apps press "Create New App", "From a manifest", and paste it as YAML.`)
}

function addressIn(text: string | undefined, name: string): string | null {
  if (text === undefined || text.trim() === "") return null
  const address = text.trim().replace(/\/+$/, "")
  if (!isSafeAddress(address) || !address.startsWith("https:"))
    throw new Trouble(`${name} must be an address that begins with https://, because Slack calls no other: for a try on this machine use --socket.`)
  if (!isWholeHost(address)) throw new Trouble(pathRefused(name))
  return address
}

/** What is typed after `/rapport` only: /help, /stop and /here would be everybody's, and /away is Slack's own. */
const behindRapport: ReadonlySet<string> = new Set(["help", "stop", "start", "here", ...commandNames.filter((name) => !isFreeCommand(name))])

/** Every command that gets a slash of its own, and /rapport for all of them. */
export const slashCommands = (language: Language): SlashCommand[] =>
  [...commandNames.filter((name) => !behindRapport.has(name)), "rapport"].map((name) => {
    const [description, hint] = explained[language][name] ?? []
    if (description === undefined) throw new Error(`/${name} has no words for Slack.`)
    return { name, description, hint: hint ?? null }
  })

/** What Slack shows while somebody types a command: what it does, and what may follow it. */
const explained: Readonly<Record<Language, Readonly<Record<string, readonly [description: string, hint?: string]>>>> = {
  en: {
    mentee: ["See how a student you know is doing. Only you see the answer.", "@student or name"],
    outreach: ["Log that you said hello to a student.", "@student or name"],
    coverage: ["Principals, counsellors, admins: what the school is judged by."],
    reflect: ["Answer this week's question."],
    reachout: ["Ask for someone at your school to talk to."],
    pause: ["No questions for a while.", "until next week"],
    rapport: ["What you can do here, and everything else you can ask Rapport.", "help | stop | start | here | away until 2027-03-12"],
  },
  es: {
    mentee: ["Mira cómo le va a un estudiante que conoces. Solo tú ves la respuesta.", "@estudiante o nombre"],
    outreach: ["Anota que saludaste a un estudiante.", "@estudiante o nombre"],
    coverage: ["Dirección, orientación, administración: cómo lo está haciendo la escuela."],
    reflect: ["Responde la pregunta de esta semana."],
    reachout: ["Pide hablar con alguien de tu escuela."],
    pause: ["Sin preguntas por un tiempo.", "hasta la próxima semana"],
    rapport: ["Qué puedes hacer aquí, y todo lo demás que puedes pedirle a Rapport.", "ayuda | parar | reanudar | aquí | ausente hasta 2027-03-12"],
  },
}

const manifestWords: Readonly<Record<Language, { description: string; longDescription: string }>> = {
  en: {
    description: "Keeps every student known by an adult at school.",
    longDescription:
      "Students answer one short question a week in a direct message; an adult they know reads every answer and is seen to. Advisors get a list of what is waiting and, on Wednesdays, at most three names worth a hello. Rapport never posts in channels. It reads what is written to it, and who is in the workspace: e-mail, language and time zone, to match people with the school's roster.",
  },
  es: {
    description: "Para que un adulto de la escuela conozca a cada estudiante.",
    longDescription:
      "Cada semana los estudiantes responden una pregunta corta en un mensaje directo; un adulto que conocen lee cada respuesta, y se nota. Los tutores reciben la lista de lo que espera y, los miércoles, tres nombres como máximo para saludar. Rapport nunca escribe en canales. Lee lo que le escriben y quién está en el espacio de trabajo (correo, idioma y zona horaria), para reconocer a cada persona en la lista de la escuela.",
  },
}
