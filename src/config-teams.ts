// Decides how Teams is set up by the environment: which app we are, or that we are nobody on this machine alone. Without an app id anyone could
// write as anyone: nothing starts then, but where that was asked for by name.
import { z } from "zod"
import { isLoopback, isLoopbackAddress } from "./web-address.ts"

export const appTypes = ["SingleTenant", "MultiTenant", "UserAssignedMSI"] as const

/** Which app we are to Microsoft. `anonymous` takes anyone for whoever they say, and hears this machine alone. */
export type TeamsConfig =
  | { kind: "registered"; appId: string; type: (typeof appTypes)[number]; password: string | null; tenantId: string | null }
  | { kind: "anonymous"; tenant: string }

const onOverview = (what: string): string => `copy "${what}" from the page "Overview" of the app registration, in the Azure portal`
const entraId = (name: string, what: string) =>
  z
    .string()
    .trim()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, {
      error: `${name} must look like 00000000-0000-0000-0000-000000000000: ${onOverview(what)}.`,
    })
    .transform((text) => text.toLowerCase())
    .optional()

const appIdIs = "Application (client) ID"
const tenantIdIs = "Directory (tenant) ID"

export const teamsShape = {
  MicrosoftAppId: entraId("MicrosoftAppId", appIdIs),
  MicrosoftAppPassword: z.string().trim().optional(),
  MicrosoftAppTenantId: entraId("MicrosoftAppTenantId", tenantIdIs),
  MicrosoftAppType: z.enum(appTypes, { error: `MicrosoftAppType must be ${appTypes.join(", ")}: a new bot is SingleTenant.` }).optional(),
  TEAMS_ANONYMOUS: z
    .literal("loopback", { error: "TEAMS_ANONYMOUS must be loopback, or unset: it takes anyone for whoever they say, on this machine alone." })
    .optional(),
}

const teamsNames = Object.keys(teamsShape)
const aboutApp = ["MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppType"] as const

/** What was given, without what is empty. */
type Given = Readonly<Record<string, string | undefined>>
const has = (given: Given, name: string): boolean => given[name] !== undefined

export const namesTeams = (given: Given): boolean => teamsNames.some((name) => has(given, name))

/** What is missing or contradicts itself among the settings of Teams; each value by itself is the schema's business. */
export function teamsProblems(given: Given): string[] {
  if (!namesTeams(given)) return []
  return has(given, "TEAMS_ANONYMOUS") ? anonymousProblems(given) : appProblems(given)
}

const toMakeSecret = 'make one on the app registration\'s page "Certificates & secrets" and copy its "Value"'

function appProblems(given: Given): string[] {
  const problems: string[] = []
  if (!has(given, "MicrosoftAppId"))
    problems.push(
      `MicrosoftAppId is needed for Teams: ${onOverview(appIdIs)}. Without it anyone could write as anyone, so Rapport does not start; for a try on this machine alone set TEAMS_ANONYMOUS=loopback and nothing else.`,
    )
  const type = given.MicrosoftAppType?.trim() ?? "SingleTenant"
  if (type === "UserAssignedMSI" && has(given, "MicrosoftAppPassword"))
    problems.push("MicrosoftAppPassword is not used by a managed identity, which has none: unset it, or set MicrosoftAppType=SingleTenant.")
  if (type !== "UserAssignedMSI" && !has(given, "MicrosoftAppPassword")) problems.push(`MicrosoftAppPassword is needed for Teams: ${toMakeSecret}.`)
  if (type !== "MultiTenant" && !has(given, "MicrosoftAppTenantId"))
    problems.push(`MicrosoftAppTenantId is needed for Teams: ${onOverview(tenantIdIs)}. Nobody of another tenant is heard.`)
  return problems
}

/** What lets anything in from outside would let anyone in as anyone. */
function anonymousProblems(given: Given): string[] {
  const why = "TEAMS_ANONYMOUS takes anyone for whoever they say"
  const app = aboutApp.filter((name) => has(given, name))
  const problems: string[] = []
  if (app.length > 0)
    problems.push(
      `${why}, ${app.join(" and ")} ${app.length === 1 ? "asks" : "ask"} for proof: keep one of the two, and unset what belongs to the other.`,
    )
  if (given.HOST !== undefined && !isLoopback(given.HOST))
    problems.push(`${why}, so the whole server listens on this machine only: unset HOST (now ${given.HOST}), or set MicrosoftAppId instead.`)
  if (given.PUBLIC_URL !== undefined && !isLoopbackAddress(given.PUBLIC_URL.trim()))
    problems.push(`${why}, so nobody may reach this server from outside: unset PUBLIC_URL, or set MicrosoftAppId instead.`)
  if (has(given, "SLACK_SIGNING_SECRET") && !has(given, "SLACK_APP_TOKEN"))
    problems.push(
      `${why}, and the way by which Slack reaches this server is open to all: use Socket Mode (SLACK_APP_TOKEN), or set MicrosoftAppId instead.`,
    )
  return problems
}

type Read = z.infer<z.ZodObject<typeof teamsShape>>

/** Once nothing is missing. */
export function teamsIn(read: Read): TeamsConfig | null {
  const { MicrosoftAppId: appId, MicrosoftAppPassword: password, MicrosoftAppTenantId: tenantId } = read
  if (read.TEAMS_ANONYMOUS !== undefined) return { kind: "anonymous", tenant: tenantId ?? "local" }
  if (appId === undefined) return null
  return { kind: "registered", appId, type: read.MicrosoftAppType ?? "SingleTenant", password: password ?? null, tenantId: tenantId ?? null }
}
