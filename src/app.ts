// Decides which room answers what: binds use cases, letters and chores to their dependencies, complete by type.
// Refuses to know how any of them works, and which platforms there are.
import { join } from "node:path"
import { type Doorway, openDoor } from "./conversation/door.ts"
import { welcomeStaff } from "./conversation/welcome-letter.ts"
import type { Letters } from "./delivery/lane.ts"
import { expirePaused } from "./delivery/pause.ts"
import type { Deps, Routes } from "./deps.ts"
import { closeWeeks } from "./engagement/close-weeks.ts"
import { ladderAlerts } from "./engagement/ladder.ts"
import { routes as engagementRoutes } from "./engagement/routes.ts"
import { escalateReachOuts, escalateReadings } from "./outreach/escalate.ts"
import { staffHome } from "./outreach/home.ts"
import { letters as outreachLetters } from "./outreach/letters.ts"
import { planBriefs } from "./outreach/plan-briefs.ts"
import { routes as outreachRoutes } from "./outreach/routes.ts"
import type { Receive } from "./platform/platform.ts"
import { letters as reflectionLetters } from "./reflection/letters.ts"
import { routes as reflectionRoutes } from "./reflection/routes.ts"
import { foreseeSaid } from "./reflection/said.ts"
import { student } from "./reflection/student.ts"
import { welcomeStudent } from "./reflection/welcome-letter.ts"
import { routes as rosterRoutes } from "./roster/routes.ts"
import { ladderSafety } from "./safety/ladder-rows.ts"
import { letters as safetyLetters } from "./safety/letters.ts"
import { foreseeLook, looked, lookedAtStranger, urgentWords } from "./safety/look.ts"
import { routes as safetyRoutes } from "./safety/routes.ts"
import { planSchool } from "./scheduling/plan.ts"
import type { Chores } from "./ticks.ts"

export const promptsFolder = join(import.meta.dirname, "..", "prompts")

export type App = { receive: Receive; letters: Letters; chores: Chores }

const rooms: readonly Routes[] = [reflectionRoutes, outreachRoutes, engagementRoutes, safetyRoutes, rosterRoutes]

/** All routes in one table; two rooms that claim one name are found at start. */
function merged(): Required<Routes> {
  const all = { pressed: {}, submitted: {}, commanded: {} } as { [K in keyof Required<Routes>]: Record<string, never> }
  for (const room of rooms) {
    for (const kind of ["pressed", "submitted", "commanded"] as const) {
      for (const [name, handler] of Object.entries(room[kind] ?? {})) {
        if (name in all[kind]) throw new Error(`Two rooms answer ${kind} ${name}.`)
        all[kind][name] = handler as never
      }
    }
  }
  return all
}

/** Every button, form and command there is. */
export const routes = merged()

const letters: Letters = {
  ...reflectionLetters,
  ...outreachLetters,
  ...safetyLetters,
  welcome: (scene, due, recipient) => (recipient.role === "student" ? welcomeStudent : welcomeStaff)(scene, due, recipient),
}

const foresee: Doorway["foresee"] = (tx, studentId, said, now) => {
  foreseeSaid(tx, studentId, said, now)
  foreseeLook(tx, studentId, now)
}

const doorway: Doorway = { routes, foresee, looked, lookedAtStranger, urgentWords, student, staff: { home: staffHome } }

// Danger first, then adults' silence, then students'. Readings come before histories and alerts: a student's answer locks them in that order too.
const chores: Chores = {
  plan: [async (scene) => (await planSchool(scene)).nextAt, planBriefs],
  sweep: [ladderSafety, escalateReadings, escalateReachOuts, closeWeeks, ladderAlerts, expirePaused],
}

export function createApp(deps: Omit<Deps, "platforms">): App {
  return { receive: openDoor(deps, doorway), letters, chores }
}
