// Decides which accounts of a workspace are whose, by the e-mail that the vendor verified and the roster gives.
// Refuses to guess: guests, shared e-mails, and whatever an admin linked by hand stay as they are.
import { type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { writeDeed } from "../../db/queries/access.ts"
import { wakeLane } from "../../db/queries/roster-connect.ts"
import {
  deedsOfLinks,
  type Judged,
  type LinkOutcome,
  linkByMail,
  markBack,
  markGone,
  oweAgain,
  type Theirs,
  takeOver,
  unlinkedPeople,
} from "../../db/queries/roster-enrol.ts"
import { takeNewcomers } from "../../db/queries/roster-newcomers.ts"
import { settingRows } from "../../db/queries/school.ts"
import { holdWorkspace, schoolOf } from "../../db/queries/tokens.ts"
import { owe } from "../delivery/owe.ts"
import type { Owed } from "../delivery/owed.ts"
import type { Deps } from "../deps.ts"
import type { Account, Profile, Workspace } from "../platform/account.ts"
import { DeliveryFailure, type Failure } from "../platform/failure.ts"
import { isZone } from "../scheduling/zone.ts"
import { languages } from "../words/phrasebook.ts"
import { readNewcomers } from "./newcomers.ts"
import { type Going, goesOn, openConversations } from "./open-conversations.ts"
import { settingsFrom } from "./settings.ts"
import { welcomeTo } from "./welcome.ts"

/** `sleep` ends early, and throws nothing, where the signal says so. */
export type EnrolDeps = Pick<Deps, "db" | "clock" | "ids" | "words" | "prompts" | "platforms" | "log" | "wakeLanes"> & {
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/** Accounts by what became of them, `left` and `back` among those linked before; people without one by their role; conversations opened. */
export type EnrolReport = Readonly<Record<LinkOutcome, number>> & {
  left: number
  back: number
  opened: number
  without: Readonly<Record<"student" | "staff", number>>
}

export type Enrolled =
  | { kind: "done"; report: EnrolReport }
  | { kind: "stopped"; report: EnrolReport }
  | { kind: "failed"; failure: Failure }
  | { kind: "not_connected" }

type Counts = Record<LinkOutcome, number> & { left: number; back: number; opened: number }
type Here = { deps: EnrolDeps; schoolId: string; workspace: Workspace; count: Counts }

const batchSize = 500

/** Reads everybody in the workspace, links who can be linked, and opens their conversations. In the background: it waits where the vendor says so. */
export async function enrolWorkspace(deps: EnrolDeps, workspace: Workspace, going: Going = {}): Promise<Enrolled> {
  const platform = deps.platforms.get(workspace.platform)
  const schoolId = await withoutSchool(deps.db, (tx) => schoolOf(tx, workspace))
  if (!platform || schoolId === null) return { kind: "not_connected" }
  const here: Here = { deps, schoolId, workspace, count: { ...none, left: 0, back: 0, opened: 0 } }
  try {
    const begun = deps.clock.now()
    const seen: string[] = []
    let batch: Profile[] = []
    const flush = async (): Promise<boolean> => {
      if (batch.length > 0 && (await take(here, batch)) === null) return false
      batch = []
      return goesOn(going)
    }
    for await (const profile of platform.people(workspace.tenant)) {
      if (going.signal?.aborted) return { kind: "stopped", report: await reported(here) }
      seen.push(profile.account.user)
      batch.push(profile)
      if (batch.length >= batchSize && !(await flush())) return { kind: "stopped", report: await reported(here) }
    }
    if (!(await flush())) return { kind: "stopped", report: await reported(here) }
    const met = await readNewcomers({ ...here, platform, take: (profiles) => take(here, profiles) }, going)
    if (!met) return { kind: "stopped", report: await reported(here) }
    // An empty list says more of the vendor than of the school.
    if (seen.length > 0) here.count.left += await withSchool(deps.db, schoolId, (tx) => markGone(tx, workspace, seen, begun, deps.clock.now()))
    const all = await openConversations({ ...here, platform }, going)
    return { kind: all ? "done" : "stopped", report: await reported(here) }
  } catch (error) {
    if (error instanceof DeliveryFailure) return { kind: "failed", failure: error.failure }
    throw error
  }
}

/** `unknown`: the vendor does not know this account; `not_connected`: nobody does. */
export type AccountOutcome = LinkOutcome | "unknown" | "not_connected"

/** The same for one account that somebody wrote from. Of whoever is nobody here it keeps nothing; what the door kept of them stays. Throws `DeliveryFailure`. */
export async function enrolAccount(deps: EnrolDeps, account: Account): Promise<AccountOutcome> {
  const workspace = { platform: account.platform, tenant: account.tenant }
  const platform = deps.platforms.get(account.platform)
  const schoolId = await withoutSchool(deps.db, (tx) => schoolOf(tx, workspace))
  if (!platform || schoolId === null) return "not_connected"
  const profile = await platform.profile(account)
  if (profile === null) return "unknown"
  const judged = await take({ deps, schoolId, workspace, count: { ...none, left: 0, back: 0, opened: 0 } }, [profile])
  return judged?.[0]?.outcome ?? "not_connected"
}

const none: Readonly<Record<LinkOutcome, number>> = { linked: 0, already: 0, elsewhere: 0, guest: 0, nobody: 0, ambiguous: 0, other_account: 0 }

/** One batch, in one transaction. Null where the workspace is no longer this school's. */
async function take({ deps, schoolId, workspace, count }: Here, batch: readonly Profile[]): Promise<Judged[] | null> {
  const now = deps.clock.now()
  const profiles = new Map(batch.map((profile) => [profile.account.user, profile]))
  const listed = [...profiles.values()].map(({ account, email, guest }) => ({ user: account.user, email, guest }))
  const taken = await withSchool(deps.db, schoolId, async (tx) => {
    if (!(await holdWorkspace(tx, schoolId, workspace))) return null
    const settings = settingsFrom(await settingRows(tx))
    const judged = await linkByMail(tx, schoolId, workspace, listed)
    const somebodys = judged.flatMap(({ user, outcome }) => (somebody.includes(outcome) ? [user] : []))
    const met = new Map((await takeNewcomers(tx, workspace, somebodys)).map((one) => [one.user, one]))
    const theirs = judged.flatMap((one): Theirs[] => {
      const profile = profiles.get(one.user)
      const known = one.outcome === "linked" || one.outcome === "already"
      const route = met.get(one.user)?.route ?? null
      return known && profile && one.personId !== null ? [{ user: one.user, personId: one.personId, ...saidBy(profile), route }] : []
    })
    const reached = await takeOver(tx, schoolId, workspace, theirs, workspace.platform === "slack" ? settings["slack.minimum_age"] : 0)
    const back = await markBack(tx, workspace, [...profiles.keys()])
    const linked = judged.flatMap((one) => (one.outcome === "linked" && one.personId !== null ? [{ user: one.user, personId: one.personId }] : []))
    const linkedIds = linked.map(({ personId }) => personId)
    await deedsOfLinks(tx, schoolId, workspace.platform, linkedIds, now)
    const owed = await oweAgain(tx, workspace, reached, now)
    if (owed) await wakeLane(tx, schoolId, workspace, now)
    const woken = owed ? [workspace] : []
    // Whoever the app was installed for is greeted once it is known who they are.
    const greeted = linked.flatMap(({ user, personId }): Owed[] => (met.get(user)?.greet ? [welcomeTo(personId, now)] : []))
    await owe({ tx, schoolId, deps, settings, woken }, ...greeted)
    return { judged, back, woken }
  })
  if (taken === null) return null
  for (const { outcome } of taken.judged) count[outcome] += 1
  count.back += taken.back
  if (taken.woken.length > 0) await deps.wakeLanes(taken.woken)
  return taken.judged
}

/** What makes an account nobody's newcomer any more. */
const somebody: readonly LinkOutcome[] = ["linked", "already", "elsewhere"]

// Slack gives this zone to every account that never set one. It is therefore taken from nobody: who does live there is at a site that does.
const unsetZone = "America/Los_Angeles"

/** What a profile says that can be used: a zone that is a place, a language that Rapport speaks. */
function saidBy({ account, zone, language }: Profile): { zone: string | null; language: string | null } {
  const unset = account.platform === "slack" && zone === unsetZone
  const short = language?.toLowerCase().slice(0, 2)
  return {
    zone: zone === null || unset || !isZone(zone) ? null : zone,
    language: languages.find((one) => one === short) ?? null,
  }
}

/** What came of it, also as the deed of the run. */
async function reported({ deps, schoolId, workspace, count }: Here): Promise<EnrolReport> {
  return withSchool(deps.db, schoolId, async (tx) => {
    const missing = await unlinkedPeople(tx, workspace)
    const of = (role: "student" | "staff") => missing.filter((person) => person.role === role).length
    const without = { student: of("student"), staff: of("staff") }
    await deedOfRun(tx, { deps, schoolId, workspace, count }, without)
    return { ...count, without }
  })
}

const deedOfRun = (tx: Tx, { deps, schoolId, workspace, count }: Here, without: EnrolReport["without"]): Promise<void> =>
  writeDeed(tx, {
    ...{ schoolId, id: deps.ids(), at: deps.clock.now(), actorId: null, via: "bot", act: "workspace_enrolled", subjectId: null },
    detail: { ...workspace, ...count, students_without: without.student, staff_without: without.staff },
  })
