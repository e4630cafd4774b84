import type { StaffRole } from "../../src/access/actor.ts"
import type { Account, Workspace } from "../../src/platform/account.ts"
import { type Database, glance, hot, type Tx } from "../client.ts"
import { askedOf, type Each } from "../each.ts"
import { known, useVersion } from "../known.ts"
import { ownColumns, type PersonCard, staffRolesOf } from "./people.ts"
import { calendars, type SchoolRow, settingRows } from "./school.ts"

/** Everything that the door knows before it decides anything: one round trip an event. */
export type Arrival = {
  school: SchoolRow
  /** What the school changed from the defaults, by key; the same object while nothing of the school changed. */
  settings: Readonly<Record<string, unknown>>
  /** Whose account it is, whether or not they have left; null for nobody on the list. */
  person: (PersonCard & { staffRoles: StaffRole[] }) | null
  /** Where this account was last heard from; null: never. */
  heard: { route: string | null; usedAt: Date | null; trouble: string | null } | null
}

type Row = Omit<PersonCard, "zone" | "ownZone"> & {
  first: boolean
  chatZone: string | null
  schoolId: string
  schoolName: string
  schoolLanguage: string
  version: number
  route: string | null
  usedAt: Date | null
  trouble: string | null
  hasAddress: boolean
}

/** The school that a workspace belongs to; null where nobody connected it. */
export async function schoolBehind(db: Database, { platform, tenant }: Workspace): Promise<string | null> {
  const [row] = await glance<{ id: string }>(db, `select school_id as id from workspace where platform = $1 and tenant = $2`, [platform, tenant])
  return row?.id ?? null
}

/** Null where this event has acted before: whoever comes second waits for the first to commit, then sees it. */
export async function arrive(tx: Tx, event: { schoolId: string; id: string; account: Account; now: Date }): Promise<Arrival | null> {
  const { platform, tenant, user } = event.account
  const [row] = await hot<Row>(tx, arriving, [event.schoolId, platform, tenant, event.id, event.now, user])
  if (!row?.first) return null
  useVersion(tx, row.schoolId, row.version)
  const { schoolId, schoolName, schoolLanguage, route, usedAt, trouble, hasAddress } = row
  const [settings, sites] = await Promise.all([known(tx, "settings", () => settingRows(tx)), calendars(tx)])
  const zone = sites.get(row.siteId)?.zone ?? ""
  const staffRoles = row.role === "staff" ? await known(tx, `roles of ${row.id}`, () => staffRolesOf(tx, row.id)) : []
  return {
    school: { id: schoolId, name: schoolName, language: schoolLanguage },
    settings,
    person: row.id === null ? null : { ...row, zone, ownZone: row.chatZone ?? zone, staffRoles },
    heard: hasAddress ? { route, usedAt, trouble } : null,
  }
}

const intoSeen = `insert into event_seen (school_id, platform, tenant, event_id, at)`
const shape = `s.id as "schoolId", s.name as "schoolName", s.language as "schoolLanguage", s.version, ${ownColumns}, p.zone as "chatZone",
  a.route, a.used_at as "usedAt", a.trouble, a.user_id is not null as "hasAddress"`
const behind = (platform: string, tenant: string, user: string): string => `
  left join account c on c.platform = ${platform} and c.tenant = ${tenant} and c.user_id = ${user} and c.school_id = s.id
  left join person p on p.school_id = s.id and p.id = c.person_id
  left join address a on a.school_id = s.id and a.platform = ${platform} and a.tenant = ${tenant} and a.user_id = ${user}`
const arriving: Each = {
  one: `with seen as (${intoSeen} values ($1, $2, $3, $4, $5) on conflict do nothing returning event_id)
    select exists (select from seen) as first, ${shape} from school s ${behind("$2", "$3", "$6")} where s.id = $1`,
  many: `with asked as (
      select * from ${askedOf(["uuid", "text", "text", "text", "timestamptz", "text"])}
    ), seen as (
      ${intoSeen} select p1, p2, p3, p4, p5 from asked order by p2, p3, p4 on conflict do nothing returning platform, tenant, event_id
    )
    select asked.nth, seen.event_id is not null as first, ${shape} from asked join school s on s.id = p1 ${behind("p2", "p3", "p6")}
    left join seen on seen.platform = p2 and seen.tenant = p3 and seen.event_id = p4`,
}
