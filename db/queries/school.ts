import { sql } from "drizzle-orm"
import { offByDate, type SchoolCalendar } from "../../src/scheduling/calendar.ts"
import { rows, type Tx } from "../client.ts"
import { known } from "../known.ts"

export type SchoolRow = { id: string; name: string; language: string }

export async function schoolRow(tx: Tx): Promise<SchoolRow | null> {
  const [row] = await rows<SchoolRow>(tx, sql`select id, name, language from school`)
  return row ?? null
}

/** What the school changed from the defaults, by key. */
export async function settingRows(tx: Tx): Promise<Record<string, unknown>> {
  const found = await rows<{ key: string; value: unknown }>(tx, sql`select key, value from setting`)
  return Object.fromEntries(found.map((row) => [row.key, row.value]))
}

type SiteDays = {
  siteId: string
  zone: string
  off: { date: string; students: boolean; staff: boolean; reason: string }[]
  terms: { start: string; end: string }[]
}

type Calendars = ReadonlyMap<string, SchoolCalendar>

/** Every site's calendar, read once a transaction: a use case and the rooms it calls all ask. */
export function calendars(tx: Tx): Promise<Calendars> {
  const asked = (tx.memo.get("calendars") as Promise<Calendars> | undefined) ?? known(tx, "calendars", () => readCalendars(tx))
  tx.memo.set("calendars", asked)
  return asked
}

async function readCalendars(tx: Tx): Promise<Calendars> {
  const found = await rows<SiteDays>(
    tx,
    sql`select si.id as "siteId", si.zone,
          coalesce((select jsonb_agg(jsonb_build_object('date', d.date, 'students', d.students, 'staff', d.staff, 'reason', d.reason))
                    from day_off d where d.school_id = si.school_id and d.site_id = si.id), '[]') as off,
          coalesce((select jsonb_agg(jsonb_build_object('start', t.starts, 'end', t.ends) order by t.starts)
                    from term t where t.school_id = si.school_id), '[]') as terms
        from site si`,
  )
  return new Map(found.map((row) => [row.siteId, { zone: row.zone, off: offByDate(row.off), terms: row.terms }]))
}

/** A person's own calendar: the days of their site by their own clock. It says when they may be written to, never what a school day is. */
export const ownCalendar = async (tx: Tx, person: { siteId: string; ownZone: string }): Promise<SchoolCalendar> => ({
  ...(await calendarOf(tx, person.siteId)),
  zone: person.ownZone,
})

/** One site's calendar. Throws where the site is gone: people's sites are kept by the roster import. */
export async function calendarOf(tx: Tx, siteId: string): Promise<SchoolCalendar> {
  const found = (await calendars(tx)).get(siteId)
  if (!found) throw new Error("A person's site has no row.")
  return found
}
