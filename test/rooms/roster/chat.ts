// A vendor with people in it, beside a school whose roster has e-mails; what enrolment is handed.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import type { Database } from "../../../db/client.ts"
import { withoutSchool } from "../../../db/client.ts"
import { connectWorkspace } from "../../../db/queries/workspaces.ts"
import { createLog } from "../../../src/log.ts"
import type { PlatformName, Profile, Workspace } from "../../../src/platform/account.ts"
import { DeliveryFailure, type Failure } from "../../../src/platform/failure.ts"
import type { EnrolDeps } from "../../../src/roster/enrol.ts"
import { look, type PersonName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { openVendor, type Vendor } from "../delivery/vendor.ts"

export type Chat = {
  school: TestSchool
  workspace: Workspace
  vendor: Vendor
  /** What the vendor lists, by user. */
  people: Map<string, Profile>
  /** How often the whole list was read. */
  listed: number
  onList: (user: string) => void
  onProfile: (user: string) => Failure | null
  clock: { at: Date; now(): Date }
  slept: number[]
  woken: Workspace[]
  logged: string[]
  deps: EnrolDeps
  /** Somebody on the vendor's list: `joins("U1", "ada")` has the e-mail that the roster gives Ada. */
  joins(user: string, who: PersonName | null, more?: Partial<Omit<Profile, "account">>): void
}

export const mail = (who: PersonName): string => `${who}@larch.example`

export async function openChat(db: Database, now: Date, platform: PlatformName = "slack"): Promise<Chat> {
  const school = await seedSchool(db, { tenant: randomUUID() })
  const workspace: Workspace = { platform, tenant: `T-${randomUUID()}` }
  await withoutSchool(db, (tx) => connectWorkspace(tx, workspace, school.id))
  await look(school, sql`update person set email = sourced_id || '@larch.example', grade = '11', language = null`)
  await look(school, sql`delete from address`)
  const clock = { at: now, now: () => clock.at }
  const vendor = openVendor(platform)
  const { deps } = await sceneFor(school, now, async (scene) => scene)
  const chat: Chat = {
    ...{ school, workspace, vendor, clock, people: new Map<string, Profile>(), listed: 0 },
    ...{ slept: [], woken: [], logged: [], onList: () => {}, onProfile: () => null },
    deps: {
      ...deps,
      ...{ db, clock, platforms: new Map([[platform, vendor]]) },
      log: createLog("debug", { write: (line) => void chat.logged.push(line) }),
      wakeLanes: async (workspaces) => void chat.woken.push(...workspaces),
      sleep: async (ms) => void chat.slept.push(ms),
    },
    joins(user, who, more = {}) {
      const account = { ...workspace, user }
      chat.people.set(user, { account, email: who === null ? null : mail(who), zone: null, language: null, guest: false, ...more })
    },
  }
  vendor.people = async function* () {
    chat.listed += 1
    for (const [user, profile] of chat.people) {
      chat.onList(user)
      yield profile
    }
  }
  vendor.profile = async ({ user }) => {
    const failure = chat.onProfile(user)
    if (failure) throw new DeliveryFailure(failure)
    return chat.people.get(user) ?? null
  }
  return chat
}

/** Users by the person they are linked to. */
export async function linksIn({ school, workspace }: Chat): Promise<Record<string, string>> {
  const found = await look<{ user: string; who: string }>(
    school,
    sql`select a.user_id as "user", p.sourced_id as who from account a join person p on p.school_id = a.school_id and p.id = a.person_id
        where a.tenant = ${workspace.tenant} order by 1`,
  )
  return Object.fromEntries(found.map(({ user, who }) => [user, who]))
}

export type AddressRow = { user: string; route: string | null; usedAt: Date | null; trouble: string | null }
export const addressesIn = ({ school, workspace }: Chat): Promise<AddressRow[]> =>
  look(school, sql`select user_id as "user", route, used_at as "usedAt", trouble from address where tenant = ${workspace.tenant} order by 1`)

export const deedsIn = ({ school }: Chat): Promise<{ act: string; subject: string | null; detail: Record<string, unknown> }[]> =>
  look(
    school,
    sql`select d.act, p.sourced_id as subject, d.detail from deed d left join person p on p.school_id = d.school_id and p.id = d.subject_id order by d.act, 2`,
  )
