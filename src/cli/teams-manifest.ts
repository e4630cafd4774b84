// The package that Teams' administrators upload, and the words in it. It needs no database, and of the settings the app's id alone.
import { writeFile } from "node:fs/promises"
import type { Localized, TeamsCommand, TeamsManifestInput, TeamsWords } from "../../adapters/teams/manifest.ts"
import { isSafeAddress } from "../web-address.ts"
import { type Language, languages } from "../words/phrasebook.ts"
import { complain, print } from "./print.ts"
import { terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

export type TeamsManifestOptions = { out?: string; appId?: string; website?: string; language: Language }

export async function manifestForTeams(options: TeamsManifestOptions): Promise<void> {
  const input = inputOf(options)
  const { out } = options
  if (out === undefined) {
    const { teamsManifest } = await import("../../adapters/teams/manifest.ts")
    print(JSON.stringify(teamsManifest(input), null, 2))
  } else {
    if (!/\.zip$/i.test(out)) throw new Trouble(`--out must name a file that ends in .zip, such as rapport-teams.zip: Teams takes no other.`)
    const { teamsPackage } = await import("../../adapters/teams/package.ts")
    await writeFile(out, teamsPackage(input)).catch((error: NodeJS.ErrnoException) => {
      throw new Trouble(
        error.code === "EISDIR"
          ? `${out} is a folder: name a file, such as rapport-teams.zip.`
          : `${out} cannot be written (${error.code ?? "no reason was given"}): name another file.`,
      )
    })
    print(`The app is in ${out}: at https://admin.teams.microsoft.com, "Teams apps", "Manage apps", press "Actions", "Upload new app".`)
  }
  if (options.website === undefined)
    complain(`Its links to who answers for it, to privacy and to terms lead to ${input.website}: --website names the school's own page.`)
}

function inputOf({ appId, website, language }: TeamsManifestOptions): TeamsManifestInput {
  const { env } = terminal()
  const id = (appId ?? env.MicrosoftAppId ?? "").trim().toLowerCase()
  const name = appId === undefined ? "MicrosoftAppId" : "--app-id"
  if (id === "")
    throw new Trouble(
      "Say which app it is: set MicrosoftAppId, or add --app-id, the Application (client) ID of the app's registration in Microsoft Entra.",
    )
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new Trouble(
      `${name} must be the Application (client) ID, such as 00000000-0000-0000-0000-000000000000: copy it from the app's page in Microsoft Entra.`,
    )
  const page = website?.trim()
  if (page !== undefined && (!isSafeAddress(page) || !page.startsWith("https:")))
    throw new Trouble("--website must be an address that begins with https://, because Teams takes no other.")
  const rest = languages.filter((one) => one !== language)
  return { appId: id, website: page ?? pageOf(env.PUBLIC_URL), languages: [localized(language), ...rest.map(localized)] }
}

const pageOf = (publicUrl = ""): string =>
  isSafeAddress(publicUrl.trim()) && /^https:/.test(publicUrl.trim()) ? publicUrl.trim() : "https://example.org"

const localized = (tag: Language): Localized => ({ tag, words: teamsWords(tag) })

/** In a team it is asked about somebody who is mentioned there; everything else is each person's own chat. */
const inTeams: readonly string[] = ["mentee", "outreach", "help"]
/** What is shown in one's own chat: what students may type, what staff may, and what all may. */
const inChat: readonly string[] = [
  ...["reflect", "reachout", "pause", "stop", "start"],
  ...["mentee", "outreach", "coverage", "away"],
  "here",
  "home",
  "help",
]

export function teamsWords(language: Language): TeamsWords {
  const commands = explained[language]
  const command = (name: string): TeamsCommand => {
    const [title, description] = commands[name] ?? []
    if (title === undefined || description === undefined) throw new Error(`${name} has no words for Teams.`)
    return { title, description }
  }
  return { ...app[language], personal: inChat.map(command), team: inTeams.map(command) }
}

/** What Teams writes into the chat for whoever picks it, and what it says beside it. A word that may be a student's answer keeps its slash. */
const explained: Readonly<Record<Language, Readonly<Record<string, readonly [title: string, description: string]>>>> = {
  en: {
    reflect: ["reflect", "Answer this week's question."],
    reachout: ["reachout", "Ask for someone at your school to talk to."],
    pause: ["pause", "No questions for a while: pause until next week"],
    stop: ["stop", "No more questions."],
    start: ["start", "Questions again."],
    mentee: ["mentee", "Staff: See how a student you know is doing. Only you see the answer: mentee Ada Brook"],
    outreach: ["outreach", "Staff: Log that you said hello to a student: outreach Ada Brook"],
    coverage: ["coverage", "Staff: What the school is judged by, for principals, counsellors and admins."],
    away: ["away", "Staff: Somebody else answers for you for a while: away until 2027-03-12 cover Ruth Okafor"],
    here: ["/here", "If you have Rapport in two apps: it writes to you in this one from now on."],
    home: ["/home", "Your home page: what is waiting, and everything else you can do."],
    help: ["help", "What you can type here."],
  },
  es: {
    reflect: ["reflexión", "Responde la pregunta de esta semana."],
    reachout: ["hablar con alguien", "Pide hablar con alguien de tu escuela."],
    pause: ["pausa", "Sin preguntas por un tiempo: pausa hasta la próxima semana"],
    stop: ["parar", "Sin más preguntas."],
    start: ["reanudar", "Preguntas otra vez."],
    mentee: ["estudiante", "Para el personal: mira cómo le va a un estudiante que conoces. Solo tú ves la respuesta: estudiante Ada Brook"],
    outreach: ["saludo", "Para el personal: anota que saludaste a un estudiante: saludo Ada Brook"],
    coverage: ["cobertura", "Para el personal: cómo lo está haciendo la escuela, para dirección, orientación y administración."],
    away: ["ausente", "Para el personal: alguien responde por ti un tiempo: ausente hasta 2027-03-12 cubre Ruth Okafor"],
    here: ["/aquí", "Si tienes Rapport en dos aplicaciones, desde ahora te escribe en esta."],
    home: ["/inicio", "Tu página de inicio: lo que espera, y todo lo demás que puedes hacer."],
    help: ["ayuda", "Qué puedes escribir aquí."],
  },
}

const app: Readonly<Record<Language, Omit<TeamsWords, "personal" | "team">>> = {
  en: {
    fullName: "Rapport: every student known by an adult at school",
    description: "Keeps every student known by an adult at school.",
    longDescription:
      "Students answer one short question a week in their own chat with Rapport; an adult they know reads every answer and is seen to. Advisors get a list of what is waiting and, on Wednesdays, at most three names worth a hello. Rapport never posts in a channel: what is asked there is answered in the chat of whoever asked. It reads what is written to it and, of each person who has the app, name, e-mail, language and time zone, to match people with the school's roster.",
    lookUp: {
      title: "Look up a student",
      description: "Staff: how a student you know is doing. Only you see it.",
      name: "Name",
      nameDescription: "The student's name, or a part of it",
    },
  },
  es: {
    fullName: "Rapport: cada estudiante, conocido por un adulto de la escuela",
    description: "Para que un adulto de la escuela conozca a cada estudiante.",
    longDescription:
      "Cada semana los estudiantes responden una pregunta corta en su propio chat con Rapport; un adulto que conocen lee cada respuesta, y se nota. Los tutores reciben la lista de lo que espera y, los miércoles, tres nombres como máximo para saludar. Rapport nunca escribe en un canal: lo que se pregunta allí se responde en el chat de quien preguntó. Lee lo que le escriben y, de cada persona que tiene la aplicación, nombre, correo, idioma y zona horaria, para reconocerla en la lista de la escuela.",
    lookUp: {
      title: "Buscar a un estudiante",
      description: "Para el personal: cómo le va a un estudiante que conoces. Solo tú lo ves.",
      name: "Nombre",
      nameDescription: "El nombre del estudiante, o una parte",
    },
  },
}
