// Decides whom a typed name or mention can mean, among the people whom the asker may see. Refuses to guess between two.
import { personById, standingOf } from "../../db/queries/people.ts"
import { peopleNamed, personOfAccount, studentsSeenBy } from "../../db/queries/roster-find.ts"
import { may } from "../access/policy.ts"
import type { Turn } from "../deps.ts"
import { localDate } from "../scheduling/zone.ts"
import { cleanLine } from "../words/clean.ts"

export type Match = { id: string; name: string; grade: string | null }

/** More matches than this are not listed: more of the name is asked for. */
export const matchesMax = 10
const saidMax = 100

/** "@U123", "<@U123>" or "<@U123|ada>" as an account's id; null where it is a name. */
const mentioned = (said: string): string | null => /^(?:<@([^\s|>]+)(?:\|[^>]*)?>|@(\S+))$/.exec(said)?.slice(1).find(Boolean) ?? null

/** Active students by name or mention that the actor may see today; one more than `matchesMax` at most. No sign in a name is special. */
export async function findStudents(turn: Turn, text: string): Promise<Match[]> {
  const { tx, actor, now } = turn
  if (actor.role !== "staff") return []
  const said = cleanLine(text, saidMax)
  const account = mentioned(said)
  const id = account === null ? null : await personOfAccount(tx, actor.schoolId, { ...actor.account, user: account })
  if (id !== null) {
    const person = await personById(tx, id)
    if (person?.role !== "student" || !person.active) return []
    const standing = await standingOf(tx, actor.personId, id, localDate(now, person.zone))
    return may(actor, "see_student", standing).allowed ? [person] : []
  }
  if (said === "") return []
  const counsellor = actor.staffRoles.includes("counsellor")
  return studentsSeenBy(tx, { id: actor.personId, counsellor, day: localDate(now, actor.zone) }, said, matchesMax + 1)
}

/** Active staff by name or mention. */
export async function findStaff(turn: Turn, text: string): Promise<{ id: string; name: string }[]> {
  const said = cleanLine(text, saidMax)
  const account = mentioned(said)
  const id = account === null ? null : await personOfAccount(turn.tx, turn.actor.schoolId, { ...turn.actor.account, user: account })
  if (id !== null) {
    const person = await personById(turn.tx, id)
    return person?.role === "staff" && person.active ? [person] : []
  }
  return said === "" ? [] : peopleNamed(turn.tx, "staff", said, matchesMax + 1)
}

/** Which student of the whole school a refused name would have meant, for the record; null where it is none or several. */
export async function studentMeant(turn: Turn, text: string): Promise<string | null> {
  const said = cleanLine(text, saidMax)
  const account = mentioned(said)
  if (account !== null) return personOfAccount(turn.tx, turn.actor.schoolId, { ...turn.actor.account, user: account })
  const found = said === "" ? [] : await peopleNamed(turn.tx, "student", said, 2)
  return found.length === 1 ? (found[0]?.id ?? null) : null
}
