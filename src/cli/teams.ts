// Teams as a command reaches it: it asks and sends, and hears nothing.
import type { Teams } from "../../adapters/teams/entry.ts"
import type { TeamsConfig } from "../config-teams.ts"
import { createLog } from "../log.ts"
import { openTeams } from "../teams.ts"
import type { Session } from "./session.ts"
import { terminal } from "./terminal.ts"

/** Events are the running process's. */
export const teamsHere = ({ db }: Pick<Session, "db">, config: TeamsConfig, now: () => Date): Teams =>
  openTeams(config, { db, clock: { now }, log: createLog("silent") }, terminal().teams)
