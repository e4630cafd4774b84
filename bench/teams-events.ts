// A school on Teams, and its students' words as Teams sends them, each with a token that its identity provider signed. Every activity is new.
import { type Identity, openIdentity } from "../test/adapters/teams/vendor/identity.ts"
import type { Event } from "./load.ts"
import { openVendor } from "./processes.ts"
import { benchWords, type Chat } from "./school.ts"

const appId = "00000000-0000-4000-8000-00000000b0b0"
const tenant = "00000000-0000-4000-8000-00000000beef"
const botId = `28:${appId}`
/** Teams answers for a person from the region they live in, and signs for each by itself. */
const regions = ["amer", "emea", "apac", "in"]

/** What both servers are told: who they are, and where Microsoft is. */
export type Places = {
  appId: string
  tenant: string
  endpoints: { loginUrl: string; openIdMetadataUrl: string; tokenIssuer: string; serviceUrls: string[] }
}

export type TeamsVendor = {
  chat: Chat
  parts: string
  places: Places
  /** The words of one of `students`, beginning with the student `from`, by turns. */
  events: (from: number, students: number) => () => Event
  stop: () => Promise<void>
}

/** The connector, which takes each message and says what it is called, and the identity provider, which signs and gives tokens. */
export async function openTeamsVendor(): Promise<TeamsVendor> {
  const identity = await openIdentity({ appId, tenant, issuer: "https://api.botframework.com", tokenSeconds: 3_600 })
  let n = 0
  const answerTo = (path: string, origin: string): object => {
    if (path.endsWith("/openidconfiguration")) return identity.metadata(origin)
    if (path.endsWith("/keys")) return identity.keys()
    return path.endsWith("/token") ? { token_type: "Bearer", ...identity.issue() } : { id: `b${++n}` }
  }
  const { origin, stop } = await openVendor((request, response) => {
    request.resume()
    request.once("end", () => {
      response.writeHead(200, { "Content-Type": "application/json" })
      response.end(JSON.stringify(answerTo(request.url ?? "", origin)))
    })
  })
  const serviceUrl = (n: number): string => `${origin}/${regions[n % regions.length]}/`
  const seat = (letter: string, conversation: string, n: number) => ({
    user: `00000000-0000-4000-${letter}000-${String(n).padStart(12, "0")}`,
    route: JSON.stringify({ s: serviceUrl(n), c: conversation, b: botId }),
  })
  return {
    chat: {
      platform: "teams",
      tenant,
      student: (n) => seat("8", conversationOf(n), n),
      advisor: (n) => seat("9", `a:1ADVISOR${n}`, n),
    },
    parts: "a:1STUDENT%",
    places: {
      appId,
      tenant,
      endpoints: {
        loginUrl: `${origin}/login/${tenant}`,
        openIdMetadataUrl: `${origin}/identity/v1/.well-known/openidconfiguration`,
        tokenIssuer: identity.issuer,
        serviceUrls: [`${origin}/`],
      },
    },
    events: await eventsWith(identity, serviceUrl),
    stop,
  }
}

const conversationOf = (n: number): string => `a:1STUDENT${n}`

let activities = 0

async function eventsWith(identity: Identity, serviceUrl: (n: number) => string): Promise<TeamsVendor["events"]> {
  const tokens = new Map(await Promise.all(regions.map(async (_, n) => [serviceUrl(n), await identity.token(serviceUrl(n))] as const)))
  return (from, students) => () => {
    const n = ++activities
    const student = from + (n % students)
    const url = serviceUrl(student)
    return { body: bodyOf(n, student, url), headers: { Authorization: `Bearer ${tokens.get(url)}` } }
  }
}

function bodyOf(n: number, student: number, serviceUrl: string): string {
  const at = new Date().toISOString()
  return JSON.stringify({
    type: "message",
    id: `1${process.pid}${String(n).padStart(9, "0")}`,
    timestamp: at,
    localTimestamp: at.replace("Z", "+00:00"),
    localTimezone: "America/New_York",
    channelId: "msteams",
    serviceUrl,
    from: {
      id: `29:1STUDENT${student}`,
      name: `Student Number ${student}`,
      aadObjectId: `00000000-0000-4000-8000-${String(student).padStart(12, "0")}`,
    },
    conversation: { conversationType: "personal", tenantId: tenant, id: conversationOf(student) },
    recipient: { id: botId, name: "Rapport" },
    locale: "en-US",
    textFormat: "plain",
    text: benchWords,
    attachments: [{ contentType: "text/html", content: `<p>${benchWords}</p>` }],
    entities: [{ locale: "en-US", country: "US", platform: "Windows", timezone: "America/New_York", type: "clientInfo" }],
    channelData: { tenant: { id: tenant } },
  })
}
