// Decides how Teams is put together in a process: the adapter, and whose tenants it hears. Refuses to know what Teams sends.
import { createTeams, type Teams, type TeamsOptions } from "../adapters/teams/entry.ts"
import { messagesPath } from "../adapters/teams/paths.ts"
import { type Database, withoutSchool } from "../db/client.ts"
import { workspaceRows } from "../db/queries/workspaces.ts"
import type { TeamsConfig } from "./config-teams.ts"
import type { Deps } from "./deps.ts"
import type { Log } from "./log.ts"
import { DeliveryFailure } from "./platform/failure.ts"

/** Microsoft's own, where null; tests hand in a Teams on loopback. Never read from the environment. */
export type TeamsEndpoints = TeamsOptions["endpoints"]

export function openTeams(config: TeamsConfig, deps: Pick<Deps, "db" | "log" | "clock">, endpoints: TeamsEndpoints = null): Teams {
  return createTeams({
    app: config,
    endpoints,
    knows: tenantsKnown(config, deps.db, () => deps.clock.now()),
    now: () => deps.clock.now(),
    report: (event, fields = {}) => deps.log.warn(event, fields),
  })
}

const askedAgainMs = 5_000

/**
 * Whose events are heard at all. An app of one tenant knows that one; what no school has connected there, the door answers. An app of many knows
 * those that schools have connected, which is for good. It is asked before any token is proven: however many tenants are made up, the database hears
 * of it once in a few seconds.
 */
export function tenantsKnown(config: TeamsConfig, db: Database, now: () => Date): (tenant: string) => Promise<boolean> {
  const own = config.kind === "anonymous" ? config.tenant : config.type === "MultiTenant" ? null : config.tenantId
  if (own !== null) return async (tenant) => tenant === own
  let known: ReadonlySet<string> = new Set()
  let asked: { at: number; answer: Promise<void> } | null = null
  const ask = async (): Promise<void> => {
    try {
      known = new Set((await withoutSchool(db, workspaceRows)).flatMap(({ platform, tenant }) => (platform === "teams" ? [tenant] : [])))
    } catch (error) {
      asked = null
      throw error
    }
  }
  return async (tenant) => {
    if (known.has(tenant)) return true
    const time = now().getTime()
    if (asked === null || Math.abs(time - asked.at) >= askedAgainMs) asked = { at: time, answer: ask() }
    await asked.answer
    return known.has(tenant)
  }
}

/** How Teams reaches us, for the person who started us. Nobody is asked for it. */
export function teamsIsOn(config: TeamsConfig, publicUrl: string | null): string {
  if (config.kind === "anonymous")
    return "WARNING: Teams is on without an app (TEAMS_ANONYMOUS=loopback): whoever reaches this server is taken for whoever they say. It listens on this machine only; never let a tunnel or a proxy lead to it."
  return publicUrl === null
    ? `Teams is on: it sends events to ${messagesPath} on this server, which must be reachable by https.`
    : `Teams is on: it sends events to ${publicUrl}${messagesPath}.`
}

/** Puts on record why the identity provider turns the app away, or that it does not answer; nothing else hangs on it. */
export async function tryTeamsToken(teams: Pick<Teams, "tryToken">, log: Log): Promise<void> {
  try {
    await teams.tryToken()
  } catch (error) {
    const failure = error instanceof DeliveryFailure ? error.failure : null
    if (failure === null) log.warn("teams_not_reached", { error })
    else if (failure.reason === "denied") log.warn("teams_token_refused", { code: failure.detail })
    else log.warn("teams_not_reached", { code: failure.reason === "busy" ? failure.reason : failure.detail })
  }
}
