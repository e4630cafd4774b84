// Decides when a workspace's people are read, and by which process: after an import or a connection, nightly, and one account when it writes.
// Refuses to know who is linked to whom.
import { type Database, withoutSchool, withSchool } from "../../db/client.ts"
import { askEnrolment, type DueEnrolment, dueEnrolmentRows, moveEnrolment, takeEnrolment } from "../../db/queries/roster-enrol-wake.ts"
import { schoolZone } from "../../db/queries/safety.ts"
import { settingRows } from "../../db/queries/school.ts"
import { schoolOf } from "../../db/queries/tokens.ts"
import { retryAfter } from "../delivery/outcome.ts"
import { pause } from "../delivery/pause.ts"
import type { Deps } from "../deps.ts"
import type { Account, Workspace } from "../platform/account.ts"
import { DeliveryFailure, type Failure } from "../platform/failure.ts"
import { addDays, atLocal, localDate } from "../scheduling/zone.ts"
import { type EnrolDeps, type Enrolled, enrolAccount, enrolWorkspace } from "./enrol.ts"
import { settingsFrom } from "./settings.ts"

const minuteMs = 60_000
// A run says in between that it goes on; where its process died, another takes it up after this.
const heldForMs = 10 * minuteMs
const againMs = 15 * minuteMs
const night = "03:00"

/** Workspaces whose people are to be read now, of the platforms that this process has. */
export async function dueEnrolments(deps: Pick<Deps, "db" | "clock" | "platforms">): Promise<DueEnrolment[]> {
  const due = await withoutSchool(deps.db, (tx) => dueEnrolmentRows(tx, deps.clock.now()))
  return due.filter(({ workspace }) => deps.platforms.has(workspace.platform))
}

/** `taken`: another process has it. `superseded`: somebody asked for a newer run meanwhile. Logs and puts off whatever fails; throws nothing of it. */
export type Ran = Enrolled["kind"] | "taken" | "superseded"

/** One workspace's run, in the background: it may take an hour. Ends politely where the signal says so, and is taken up again at the next start. */
export async function runEnrolment(deps: EnrolDeps, { schoolId, workspace }: DueEnrolment, signal?: AbortSignal): Promise<Ran> {
  const { db, clock, log } = deps
  let held = new Date(clock.now().getTime() + heldForMs)
  const move = async (until: Date): Promise<boolean> => {
    const ours = await withoutSchool(db, (tx) => moveEnrolment(tx, schoolId, workspace, held, until))
    held = until
    return ours
  }
  let ours = false
  const hold = async (): Promise<boolean> => {
    const until = new Date(clock.now().getTime() + heldForMs)
    if (until.getTime() - held.getTime() >= minuteMs) ours = await move(until)
    return ours
  }
  try {
    ours = await withoutSchool(db, (tx) => takeEnrolment(tx, schoolId, workspace, clock.now(), held))
    if (!ours) return "taken"
    const ran = await enrolWorkspace(deps, workspace, { hold, ...(signal ? { signal } : {}) })
    if (!ours) return "superseded"
    await move(await nextRun(deps, { schoolId, workspace }, ran))
    const { platform } = workspace
    if (ran.kind === "failed") log.warn("enrolment_failed", { platform, reason: ran.failure.reason })
    else if (ran.kind !== "not_connected") log.info("enrolment", { platform, state: ran.kind, linkedCount: ran.report.linked })
    return ran.kind
  } catch (error) {
    log.error("enrolment_failed", { platform: workspace.platform, error })
    if (ours) await move(new Date(clock.now().getTime() + againMs)).catch(() => false)
    return "failed"
  }
}

async function nextRun(deps: EnrolDeps, { schoolId, workspace }: DueEnrolment, ran: Enrolled): Promise<Date> {
  const now = deps.clock.now()
  switch (ran.kind) {
    case "done":
    case "not_connected":
      return nextNight(deps.db, schoolId, now)
    case "stopped":
      return now
    case "failed":
      if (ran.failure.reason === "denied") await rest(deps, schoolId, workspace, ran.failure.detail)
      return new Date(now.getTime() + waits(ran.failure))
    default:
      return ran satisfies never
  }
}

/** A paused workspace is read when it is connected again; until then nobody asks. */
function waits(failure: Failure): number {
  if (failure.reason === "denied") return 0
  return failure.reason === "busy" ? retryAfter(failure.retryAfterMs) : againMs
}

async function nextNight(db: Database, schoolId: string, now: Date): Promise<Date> {
  const zone = await withSchool(db, schoolId, schoolZone)
  const today = localDate(now, zone)
  const tonight = atLocal(today, night, zone)
  return tonight > now ? tonight : atLocal(addDays(today, 1), night, zone)
}

/** The vendor refuses the whole workspace, as a lane may find out too. */
async function rest(deps: EnrolDeps, schoolId: string, workspace: Workspace, code: string): Promise<void> {
  const woken: Workspace[] = []
  const paused = await withSchool(deps.db, schoolId, async (tx) =>
    pause({ deps, tx, schoolId, now: deps.clock.now(), settings: settingsFrom(await settingRows(tx)), woken }, workspace, code),
  )
  if (paused) deps.log.error("workspace_paused", { platform: workspace.platform, code })
  if (woken.length > 0) await deps.wakeLanes(woken)
}

const askedLatelyMs = 10 * minuteMs
const askedMost = 1_000

export type LookUp = { lookUp: (account: Account) => void; settled: () => Promise<void> }

/**
 * What the door tells of an account that is linked to nobody: it is looked up behind the answer, once in ten minutes, and one after the other, since a
 * vendor announces a hundred new members at once. Whoever was left out is found by a run that is asked for at the
 * end: newcomers are kept, and other vendors list everybody. `settled`: every look-up so far has ended.
 */
export function openLookUp(deps: EnrolDeps, signal?: AbortSignal): LookUp {
  const asked = new Map<string, number>()
  const crowded = new Map<string, Workspace>()
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  const lookUp = (account: Account): void => {
    const now = deps.clock.now().getTime()
    const name = JSON.stringify([account.platform, account.tenant, account.user])
    for (const [known, at] of asked) if (now - at >= askedLatelyMs || asked.size >= askedMost) asked.delete(known)
    if (asked.has(name)) return
    if (waiting >= askedMost) {
      crowded.set(`${account.platform}/${account.tenant}`, { platform: account.platform, tenant: account.tenant })
      return
    }
    asked.set(name, now)
    waiting += 1
    last = last.then(async () => {
      await lookedUp(deps, account, signal)
      waiting -= 1
      if (waiting === 0) await askForTheRest(deps, crowded)
    })
  }
  return { lookUp, settled: () => last }
}

/** Where too many came at once. Should it fail, the night's run finds them. */
async function askForTheRest({ db, clock, log }: EnrolDeps, crowded: Map<string, Workspace>): Promise<void> {
  const workspaces = [...crowded.values()]
  crowded.clear()
  for (const workspace of workspaces) {
    try {
      await withoutSchool(db, async (tx) => {
        const schoolId = await schoolOf(tx, workspace)
        if (schoolId !== null) await askEnrolment(tx, schoolId, workspace, clock.now())
      })
    } catch (error) {
      log.warn("enrolment_not_asked", { platform: workspace.platform, error })
    }
  }
}

/** Waits once where the vendor is busy. Throws nothing. */
async function lookedUp(deps: EnrolDeps, account: Account, signal: AbortSignal | undefined): Promise<void> {
  const { platform } = account
  for (let again = false; signal?.aborted !== true; again = true) {
    try {
      return deps.log.info("account_looked_up", { platform, state: await enrolAccount(deps, account) })
    } catch (error) {
      const failure = error instanceof DeliveryFailure ? error.failure : null
      if (failure?.reason !== "busy" || again)
        return deps.log.warn("look_up_failed", { platform, ...(failure ? { reason: failure.reason } : { error }) })
      await deps.sleep(Math.min(minuteMs, retryAfter(failure.retryAfterMs)), signal)
    }
  }
}
