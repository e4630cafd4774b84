// Says whose a tenant of Microsoft's is: the one of the settings, or one of several that an app of many has.
import { withSchool } from "../../db/client.ts"
import { askEnrolment } from "../../db/queries/roster-enrol-wake.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import type { TeamsConfig } from "../config-teams.ts"
import type { Workspace } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import { connectByHand } from "../roster/connect.ts"
import type { Session } from "./session.ts"
import { teamsHere } from "./teams.ts"
import { teamsRefusalSays } from "./teams-refusal.ts"
import { Trouble } from "./trouble.ts"

export async function connectTeams(session: Session, school: SchoolRow, config: TeamsConfig, given: string | undefined): Promise<string[]> {
  const workspace: Workspace = { platform: "teams", tenant: tenantIn(config, given?.trim().toLowerCase()) }
  const called = `The Microsoft tenant ${workspace.tenant}`
  const { db, ids, now } = session
  try {
    await teamsHere(session, config, () => now).tryToken()
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    throw new Trouble(`${teamsRefusalSays(error.failure)} Nothing was changed.`)
  }
  const taken = await connectByHand({ db, ids, now: () => now, wakeLanes: async () => {} }, workspace, school.id)
  if (taken === "elsewhere") throw new Trouble(`${called} belongs to another school here: nothing was changed. Use --school.`)
  if (taken === "kept") await withSchool(db, school.id, (tx) => askEnrolment(tx, school.id, workspace, now))
  return [
    `${called} is ${taken === "kept" ? "connected already" : "now connected"} to ${school.name}.`,
    ...(config.kind === "anonymous" ? locally(workspace) : byPolicy),
  ]
}

const byPolicy = [
  "Now install the app for everybody, by a setup policy in Teams' admin center: while Rapport runs, whoever has it is found by their e-mail.",
  'Teams tells of each person once, and only while Rapport runs: start it before that. "rapport doctor" says who was found.',
]

/** Behind a local client there is neither a policy nor an e-mail. */
const locally = ({ tenant }: Workspace): string[] => [
  `Now say who of the roster the local client's person is, ID being their aadObjectId there: rapport link "NAME" teams:${tenant}/ID`,
  "Then start Rapport, and write to it from the client on this machine.",
]

/** Of an app of one tenant there is one; an app of many is told which. */
function tenantIn(config: TeamsConfig, given: string | undefined): string {
  if (config.kind === "anonymous") return config.tenant
  const many = config.type === "MultiTenant"
  const tenant = many ? (given ?? config.tenantId) : config.tenantId
  if (tenant === null) throw new Trouble("This app is of many tenants: say which with --tenant, the Directory (tenant) ID of the school's.")
  if (given !== undefined && given !== tenant)
    throw new Trouble(`This app is of one tenant, ${tenant}: leave --tenant out, or correct MicrosoftAppTenantId.`)
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenant))
    throw new Trouble("--tenant must be a Directory (tenant) ID, such as 00000000-0000-0000-0000-000000000000.")
  return tenant
}
