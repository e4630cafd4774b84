// What doctor says of Teams: whether Microsoft knows us, how Teams reaches us, and who of the roster it has told of. Names are for the admin at the
// terminal alone; nobody's words, e-mails or tokens.
import { messagesPath } from "../../adapters/teams/paths.ts"
import { withoutSchool } from "../../db/client.ts"
import { addressesInTrouble, lastEventAt, reachable } from "../../db/queries/connection.ts"
import { newcomers } from "../../db/queries/roster-newcomers.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import { type WorkspaceRow, workspaceRows } from "../../db/queries/workspaces.ts"
import type { TeamsConfig } from "../config-teams.ts"
import type { Workspace } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import { addressFinding, type Finding, type Found, lastEvent, namedPeople, notSetUp } from "./finding.ts"
import { many } from "./print.ts"
import { inSchool, type Session } from "./session.ts"
import { teamsRefusalSays } from "./teams-refusal.ts"

/** Without a school (there is none yet) only Microsoft itself is asked. */
export async function teamsState(session: Session, school: SchoolRow | null, all: boolean): Promise<Found> {
  const { teams, publicUrl } = session.config
  const connected = (await withoutSchool(session.db, workspaceRows)).filter(({ platform }) => platform === "teams")
  const here = connected.filter(({ schoolId }) => schoolId === school?.id)
  if (teams === null) return { findings: here.map((row) => notSetUp("teams", row, notHere)), lines: [] }

  const found: Found = { findings: [settled(teams), await tokenFinding(session, teams), endpointFinding(teams, publicUrl)], lines: [] }
  if (school === null) return found
  const own = teams.kind === "anonymous" ? teams.tenant : teams.type === "MultiTenant" ? null : teams.tenantId
  const tenants = own === null ? here.map(({ tenant }) => tenant) : [own]
  if (tenants.length === 0)
    found.findings.push({ of: "tenant", well: null, says: `none is connected to ${school.name}: run "rapport connect teams --tenant ID"` })
  for (const tenant of tenants) {
    const row = connected.find((one) => one.tenant === tenant)
    found.findings.push(tenantFinding(row, tenant, school))
    if (row?.schoolId !== school.id) continue
    const more = await peopleIn(session, school, { platform: "teams", tenant }, all)
    found.findings.push(...more.findings)
    found.lines.push(...more.lines)
  }
  found.lines.push(...toAllow)
  return found
}

const notHere = "Teams is not set up here, so nothing is sent there: set MicrosoftAppId and its companions (.env.example)"

/** What no command can look at. */
const toAllow = [
  "Teams does not tell what IT allows. In Teams' admin center (https://admin.teams.microsoft.com):",
  '  "Manage apps": Rapport is uploaded and not blocked; custom apps are allowed there under "Org-wide app settings".',
  '  "Permission policies": nobody of the school is kept from custom apps.',
  '  "Setup policies": Rapport is installed for everybody who is to have it; it may take a day to reach all of them.',
  '  "Messaging policies": students may use chat. And in Azure, the bot\'s page "Channels" lists Microsoft Teams.',
]

function settled(teams: TeamsConfig): Finding {
  const of = "teams"
  if (teams.kind === "anonymous")
    return { of, well: null, says: "anyone on this machine is taken for whoever they say (TEAMS_ANONYMOUS): for a try, never for real people" }
  const proof = teams.type === "UserAssignedMSI" ? "a managed identity" : "a password"
  return { of, well: true, says: `an app of ${teams.type === "MultiTenant" ? "many tenants" : "one tenant"}, with ${proof}` }
}

async function tokenFinding(session: Session, teams: TeamsConfig): Promise<Finding> {
  const of = "teams token"
  if (teams.kind === "anonymous") return { of, well: true, says: "none is needed" }
  const { teamsHere } = await import("./teams.ts")
  try {
    await teamsHere(session, teams, () => session.now).tryToken()
    return { of, well: true, says: "Microsoft gives one to this app" }
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    return { of, well: false, says: teamsRefusalSays(error.failure) }
  }
}

function endpointFinding(teams: TeamsConfig, publicUrl: string | null): Finding {
  const of = "messaging endpoint"
  if (teams.kind === "anonymous") return { of, well: true, says: `the local client calls ${messagesPath} on this machine` }
  if (publicUrl === null)
    return { of, well: null, says: `PUBLIC_URL is not set: set it to this server's https address, which Teams calls with ${messagesPath} behind it` }
  return { of, well: true, says: `must read ${publicUrl}${messagesPath} on the page "Configuration" of the Azure Bot` }
}

function tenantFinding(row: WorkspaceRow | undefined, tenant: string, school: SchoolRow): Finding {
  const of = "tenant"
  if (!row) return { of, well: null, says: `${tenant} is connected to no school yet: run "rapport connect teams"` }
  if (row.schoolId !== school.id) return { of, well: false, says: `${tenant} belongs to another school here: ask about that one with --school` }
  if (row.paused === null) return { of, well: true, says: `${tenant} is connected to ${school.name}` }
  const refusal = teamsRefusalSays({ reason: "denied", detail: row.paused })
  return { of, well: false, says: `${tenant} is paused, everything owed there waits. ${refusal} Then run "rapport connect teams"` }
}

async function peopleIn(session: Session, school: SchoolRow, workspace: Workspace, all: boolean): Promise<Found> {
  const seen = await inSchool(session, school.id, async ({ tx }) => ({
    last: await lastEventAt(tx, workspace),
    trouble: await addressesInTrouble(tx, workspace),
    people: await reachable(tx, workspace),
    unknown: (await newcomers(tx, workspace, "", 100_000)).length,
  }))
  const { people } = seen
  const times = Map.groupBy(people, ({ email }) => email)
  const missed = people.filter(({ users }) => users.length === 0)
  const why = (email: string | null): string => {
    if (email === null) return "no e-mail in the roster"
    return (times.get(email)?.length ?? 0) > 1 ? "somebody else in the roster has the same e-mail" : "has not been met there"
  }
  const here = people.length - missed.length
  const none = `none has come yet: start Rapport, write help to the app in Teams and look again; if still none, compare the messaging endpoint, and look at "Test in Web Chat" of the Azure Bot`
  return {
    findings: [
      seen.last === null ? { of: "teams events", well: null, says: none } : lastEvent("teams events", seen.last),
      {
        of: "teams people",
        well: missed.length === 0 ? true : null,
        says:
          missed.length === 0
            ? `all ${here} of the roster have the app in Teams`
            : `${here} of ${people.length} in the roster ${here === 1 ? "is" : "are"} known in Teams; ${missed.length} ${missed.length === 1 ? "is" : "are"} not (see below), and ${missed.length === 1 ? "gets" : "get"} nothing there`,
      },
      {
        of: "teams strangers",
        well: true,
        says: `${many(seen.unknown, "account has", "accounts have")} the app and ${seen.unknown === 1 ? "is" : "are"} nobody's by e-mail: looked for again each night and after an import; they get one polite answer when they write`,
      },
      addressFinding("teams addresses", seen.trouble),
    ],
    lines: namedPeople(
      "Not known in Teams (install the app for them, correct the roster's e-mail, or run rapport link):",
      missed.map((person) => [person.name, person.role, why(person.email)]),
      all,
    ),
  }
}
