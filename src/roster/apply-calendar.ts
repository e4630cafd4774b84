// Decides which days off and terms a calendar leaves in a school's own tables. Refuses to judge what its titles mean.
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { type Change, lockSchool, type SiteRow, siteRows } from "../../db/queries/roster-apply.ts"
import { closeDay, reopenDay, replaceDaysOff, replaceTerms, type TermRow, termRows } from "../../db/queries/roster-calendar.ts"
import { isDate, localDate } from "../scheduling/zone.ts"
import type { RosterScene } from "./apply.ts"
import type { CalendarReading } from "./calendar-import.ts"

/** A site by its key or name; null for all of them. */
type Where = { site: string | null }

export type CalendarReport = {
  sites: readonly string[]
  days: Change
  terms: Change
  /** What now counts as a term, whoever named it. */
  inForce: readonly TermRow[]
}
export type CalendarApplied = { kind: "applied"; report: CalendarReport } | SiteUnknown
type SiteUnknown = { kind: "site_unknown"; known: string[] }

/** The reading must have no problems. The same calendar again changes nothing. */
export async function applyCalendar(
  scene: RosterScene,
  reading: Pick<CalendarReading, "days" | "terms">,
  options: Where & { source: "ics" | "typed" },
): Promise<CalendarApplied> {
  const { tx, schoolId } = scene
  const sites = await sitesOf(scene, options)
  if (sites.kind !== "sites") return sites
  const from = [...reading.days.map((day) => day.date), ...reading.terms.map((term) => term.start)].sort()[0]
  const nothing: Change = { added: 0, changed: 0, ended: 0 }
  const siteIds = sites.list.map((site) => site.id)
  const days = from === undefined ? nothing : await replaceDaysOff(tx, schoolId, { siteIds, source: options.source, from, days: reading.days })
  const terms = await replaceTerms(tx, schoolId, options.source, reading.terms)
  await changed(scene, "calendar_import", { days_added: days.added, days_changed: days.changed, days_ended: days.ended })
  return { kind: "applied", report: { sites: sites.list.map((site) => site.name), days, terms, inForce: await termRows(tx) } }
}

export type Closed =
  | { kind: "closed" | "reopened"; sites: readonly string[]; changed: number }
  | SiteUnknown
  | { kind: "not_a_date" }
  | { kind: "past"; today: string }

/** A snow day: closed for students and staff. `reopen` takes it back. */
export async function closeSchool(scene: RosterScene, day: Where & { date: string; reason: string; reopen: boolean }): Promise<Closed> {
  if (!isDate(day.date)) return { kind: "not_a_date" }
  const { tx, schoolId } = scene
  const sites = await sitesOf(scene, day)
  if (sites.kind !== "sites") return sites
  const today = sites.list.map((site) => localDate(scene.now, site.zone)).sort()[0]
  if (today !== undefined && day.date < today) return { kind: "past", today }
  const siteIds = sites.list.map((site) => site.id)
  const count = day.reopen ? await reopenDay(tx, { siteIds, date: day.date }) : await closeDay(tx, schoolId, { siteIds, ...day })
  await changed(scene, day.reopen ? "calendar_reopen" : "calendar_close", { date: day.date, sites: count })
  return { kind: day.reopen ? "reopened" : "closed", sites: sites.list.map((site) => site.name), changed: count }
}

async function sitesOf(scene: RosterScene, where: Where): Promise<{ kind: "sites"; list: SiteRow[] } | SiteUnknown> {
  if (!(await lockSchool(scene.tx, scene.schoolId))) throw new Error("A calendar is applied to a school that has no row.")
  const known = await siteRows(scene.tx)
  const list = where.site === null ? known : known.filter((site) => site.sourcedId === where.site || site.name === where.site)
  return list.length > 0 ? { kind: "sites", list } : { kind: "site_unknown", known: known.map((site) => site.sourcedId) }
}

async function changed(scene: RosterScene, act: string, detail: Record<string, string | number>): Promise<void> {
  const { tx, schoolId, now } = scene
  await writeDeed(tx, { schoolId, id: scene.ids(), at: now, actorId: null, via: "terminal", act, subjectId: null, detail })
  for (const chore of ["plan", "sweep"] as const) await wakeBy(tx, schoolId, chore, now)
}
