// Decides what a week would look like, before anyone is messaged. Refuses to change anything.
import { type PlanRow, type PreviewMember, plans, previewMembers, type Unasked, unaskedStudents } from "../../db/queries/scheduling.ts"
import { calendars } from "../../db/queries/school.ts"
import type { Scene } from "../deps.ts"
import { hoursOf, rhythmOf } from "../roster/settings.ts"
import { type Placed, place } from "./place.ts"
import { mondayOf } from "./zone.ts"

/**
 * Why a student would get nothing, as a code; null: they would be asked. `opened_before`: the plan was switched on after this week's question had
 * opened. `other_group`: another group asks them first that week.
 */
export type PreviewStudent = { id: string; name: string; adult: string | null; hindrance: string | null; paused: string | null }
export type PreviewGroup = { title: string; on: boolean; zone: string; placed: Placed; students: PreviewStudent[] }

type Found = { plan: PlanRow; zone: string; placed: Placed; members: PreviewMember[] }

/** Who would get what, when, and who nothing and why, in the week of `date` (YYYY-MM-DD), for every group that has a plan. */
export async function previewWeek(scene: Pick<Scene, "tx" | "schoolId" | "settings">, date: string): Promise<PreviewGroup[]> {
  const known = await calendars(scene.tx)
  const found: Found[] = []
  for (const plan of await plans(scene.tx, false)) {
    const calendar = known.get(plan.siteId)
    if (!calendar) continue
    const placed = place(rhythmOf(scene.settings, plan.rhythm), calendar, hoursOf(scene.settings), mondayOf(date))
    const members = await previewMembers(scene.tx, scene.schoolId, plan.groupId, {
      date: placed.kind === "placed" ? placed.date : date,
      slackMinimumAge: scene.settings["slack.minimum_age"],
    })
    found.push({ plan, zone: calendar.zone, placed, members })
  }
  const askedBy = firstToAsk(found)
  return found.map(({ plan, zone, placed, members }) => {
    const of = ({ studentId, hindrance }: PreviewMember): string | null => {
      if (hindrance !== null || !plan.active || placed.kind === "none") return hindrance
      if (placed.opensAt < plan.since) return "opened_before"
      return askedBy.get(studentId) === plan.id ? null : "other_group"
    }
    const students = members.map((member) => ({
      id: member.studentId,
      name: member.name,
      adult: member.adult,
      paused: member.paused,
      hindrance: of(member),
    }))
    return { title: plan.title, on: plan.active, zone, placed, students }
  })
}

/** Who is in none of the groups that are on, and so gets nothing whatever the week. */
export function previewUnasked(scene: Pick<Scene, "tx">, date: string, groups: readonly PreviewGroup[]): Promise<Unasked> {
  const asked = groups.flatMap((group) => (group.on ? group.students.map((student) => student.id) : []))
  return unaskedStudents(scene.tx, date, asked)
}

/** Which plan asks a student of several groups: the one that opens first, as the planner has it. */
function firstToAsk(found: readonly Found[]): ReadonlyMap<string, string> {
  const asking = found
    .flatMap(({ plan, placed, members }) =>
      plan.active && placed.kind === "placed" && placed.opensAt >= plan.since ? [{ plan, placed, members }] : [],
    )
    .sort((a, b) => a.placed.opensAt.getTime() - b.placed.opensAt.getTime() || (a.plan.id < b.plan.id ? -1 : 1))
  const first = new Map<string, string>()
  for (const { plan, members } of asking) for (const { studentId } of members) if (!first.has(studentId)) first.set(studentId, plan.id)
  return first
}
