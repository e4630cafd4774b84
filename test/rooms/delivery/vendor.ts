// The world outside: a vendor that does what a test tells it, and a lane that sends to it.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { Router } from "express"
import type { Database } from "../../../db/client.ts"
import { type LaneCount, type LaneDeps, type Letters, runLane } from "../../../src/delivery/lane.ts"
import { owe } from "../../../src/delivery/owe.ts"
import type { DeliveryKind } from "../../../src/delivery/owed.ts"
import type { Letter } from "../../../src/deps.ts"
import { createLog } from "../../../src/log.ts"
import type { PlatformName, Workspace } from "../../../src/platform/account.ts"
import { DeliveryFailure, type Failure } from "../../../src/platform/failure.ts"
import { message } from "../../../src/platform/message.ts"
import type { Platform } from "../../../src/platform/platform.ts"
import { fixedWordsVersion } from "../../../src/safety/words.ts"
import { look, type PersonName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"

export type Call = { user: string; deliveryId: string; nth: number }
/** `lost_answer`: it arrives, but we hear that nobody knows. An error: the adapter breaks its promise. */
export type Happens = "arrives" | "lost_answer" | Failure | Error
type Looks = "looks" | "unknowable" | Failure | Error

/** `inbox` holds delivery ids in the order of their arrival, a double twice. */
export type Vendor = Platform & {
  inbox: { user: string; deliveryId: string }[]
  calls: string[]
  onSend: (call: Call) => Happens | Promise<Happens>
  onFind: (deliveryId: string) => Looks
  onReach: (user: string) => "opens" | Failure
}

export function openVendor(name: PlatformName = "playground"): Vendor {
  const tries = new Map<string, number>()
  const vendor: Vendor = {
    name,
    router: Router(),
    inbox: [],
    calls: [],
    onSend: () => "arrives",
    onFind: () => "looks",
    onReach: () => "opens",
    listen() {},
    async send(to, _message, deliveryId) {
      const { user } = to.account
      const nth = (tries.get(deliveryId) ?? 0) + 1
      tries.set(deliveryId, nth)
      vendor.calls.push(`send ${user}`)
      const happens = await vendor.onSend({ user, deliveryId, nth })
      if (happens === "arrives" || happens === "lost_answer") vendor.inbox.push({ user, deliveryId })
      if (happens === "lost_answer") throw new DeliveryFailure({ reason: "uncertain", detail: "timeout" })
      if (happens !== "arrives") throw happens instanceof Error ? happens : new DeliveryFailure(happens)
      return { address: to, messageId: `m-${deliveryId}` }
    },
    async reach(account) {
      vendor.calls.push(`reach ${account.user}`)
      const happens = vendor.onReach(account.user)
      if (happens !== "opens") throw new DeliveryFailure(happens)
      return { account, route: `opened:${account.user}` }
    },
    async find(to, deliveryId) {
      vendor.calls.push(`find ${to.account.user}`)
      const looks = vendor.onFind(deliveryId)
      if (looks === "unknowable") return "unknowable"
      if (looks !== "looks") throw looks instanceof Error ? looks : new DeliveryFailure(looks)
      return vendor.inbox.some((one) => one.deliveryId === deliveryId) ? { address: to, messageId: `m-${deliveryId}` } : "absent"
    },
    async *people() {},
    profile: async () => null,
    async stop() {},
  }
  return vendor
}

const kinds: readonly DeliveryKind[] = [
  ...(["welcome", "prompt", "reminder", "read_receipt", "line", "reach_out", "reach_out_news", "reading_list", "brief"] as const),
  ...(["safety_resources", "safety_alert", "notice", "workspace_paused"] as const),
]
/** One letter for every kind. */
export const lettersOf = (letter: Letter): Letters => Object.fromEntries(kinds.map((kind) => [kind, letter])) as Letters
export const hello: Letter = async () => ({ kind: "message", message: message("Hello", []) })

/** A school of its own in the file's database, its vendor, its clock, and the lane between them. */
export type Post = {
  school: TestSchool
  vendor: Vendor
  workspace: Workspace
  clock: { at: Date; now(): Date }
  letters: Letters
  deps: LaneDeps
  woken: Workspace[]
  logged: string[]
  run(): Promise<LaneCount>
  later(seconds: number): void
}

export async function openPost(db: Database, now: Date): Promise<Post> {
  const school = await seedSchool(db, { tenant: randomUUID() })
  const vendor = openVendor()
  const clock = { at: now, now: () => clock.at }
  const logged: string[] = []
  const woken: Workspace[] = []
  const { deps } = await sceneFor(school, now, async (scene) => scene)
  const log = createLog("debug", { write: (line) => void logged.push(line) })
  const post: Post = {
    ...{ school, vendor, clock, logged, woken },
    workspace: { platform: "playground", tenant: school.tenant },
    letters: lettersOf(hello),
    deps: {
      ...deps,
      ...{ db, clock, log },
      platforms: new Map([["playground", vendor]]),
      wakeLanes: async (workspaces) => void woken.push(...workspaces),
    },
    run: () => runLane(post.deps, post.letters, school.id, post.workspace),
    later(seconds) {
      clock.at = new Date(clock.at.getTime() + seconds * 1_000)
    },
  }
  return post
}

type More = { kind?: DeliveryKind; key?: string; urgent?: boolean; dueAt?: Date; expiresAt?: Date; subjectId?: string }

/** Owes one person a message, due now and for a day unless told otherwise. */
export const oweTo = (post: Post, who: PersonName, more: More = {}): Promise<Workspace[]> =>
  sceneFor(post.school, post.clock.at, async (scene) => {
    await owe(scene, {
      kind: more.kind ?? "notice",
      dedupeKey: more.key ?? `test:${randomUUID()}`,
      personId: post.school.people[who],
      urgent: more.urgent ?? false,
      dueAt: more.dueAt ?? scene.now,
      expiresAt: more.expiresAt ?? new Date(scene.now.getTime() + 86_400_000),
      ...(more.subjectId === undefined ? {} : { subjectId: more.subjectId }),
    })
    return scene.woken
  })

export type Row = {
  id: string
  user: string
  state: string
  failure: string | null
  dueAt: Date
  attempt: number
  messageId: string | null
  settledAt: Date | null
}
export const rowsOf = (post: Post): Promise<Row[]> =>
  look(
    post.school,
    sql`select id, user_id as "user", state, failure, due_at as "dueAt", attempt, message_id as "messageId", settled_at as "settledAt"
        from delivery order by due_at, user_id, id`,
  )

export async function onlyRow(post: Post): Promise<Row> {
  const [row, ...others] = await rowsOf(post)
  if (!row || others.length > 0) throw new Error(`expected one delivery, got ${others.length + (row ? 1 : 0)}`)
  return row
}

/** As `state failure`, by account. */
export const ends = async (post: Post): Promise<Record<string, string>> =>
  Object.fromEntries((await rowsOf(post)).map(({ user, state, failure }) => [user, failure === null ? state : `${state} ${failure}`]))

/** As if the worker that holds them had been gone for longer than a lease. */
export const leasesRunOut = (post: Post): Promise<unknown> =>
  look(post.school, sql`update delivery set lease_until = now() - interval '1 second' where state = 'sending'`)

/** As a worker leaves a row that was killed while it sent it. */
export const killedWhileSending = (post: Post): Promise<unknown> =>
  look(
    post.school,
    sql`update delivery set state = 'sending', attempt = 1, first_attempt_at = ${post.clock.at}, lease_until = now() - interval '1 second' where state = 'planned'`,
  )

/** Everything that the gate asks for, so that students are served on a real platform. */
export async function goLive(school: TestSchool): Promise<void> {
  const { linde, parr } = school.people
  const settings = {
    "safety.ladder": { steps: [{ personIds: [linde] }, { personIds: [parr] }] },
    "safety.hours": { weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "07:30", close: "16:00" }], breaks: { kind: "covered" } },
    "safety.signoff": { by: linde, on: "2027-01-08", version: fixedWordsVersion() },
    "consent.basis": "school",
    "family.notice": "2027-01-09",
  }
  for (const [key, value] of Object.entries(settings))
    await look(
      school,
      sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, ${key}, ${JSON.stringify(value)}::text::jsonb, ${new Date("2027-01-09T12:00:00Z")})`,
    )
}
