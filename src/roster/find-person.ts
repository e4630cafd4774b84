// Decides whom a typed name or mention can mean, among the people whom the asker may see. Refuses to guess between two.
import { personById, standingOf } from "../../db/queries/people.ts"
import { peopleNamed, personOfAccount, studentsSeenBy } from "../../db/queries/roster-find.ts"
import { may } from "../access/policy.ts"
import type { Turn } from "../deps.ts"
import type { Account } from "../platform/account.ts"
import { localDate } from "../scheduling/zone.ts"
import { cleanLine } from "../words/clean.ts"

export type Match = { id: string; name: string; grade: string | null }

/** More matches than this are not listed: more of the name is asked for. */
export const matchesMax = 10
const saidMax = 100

/** Whom a command is about: the account that it mentions, as its vendor names it, else what was typed. */
export type Sought = string | Account

export function soughtBy({ event }: Turn, typed: string): Sought {
  return event.kind === "commanded" && event.about !== undefined ? event.about : typed.trim()
}

/** "@U123", "<@U123>" or "<@U123|ada>" as an account's id; null where it is a name. */
const mentioned = (said: string): string | null => /^(?:<@([^\s|>]+)(?:\|[^>]*)?>|@(\S+))$/.exec(said)?.slice(1).find(Boolean) ?? null

/** An account means its person or nobody; what was typed and is no account here is a name. */
type Meant = { kind: "person"; id: string | null } | { kind: "name"; said: string }

async function meantBy({ tx, actor }: Turn, sought: Sought): Promise<Meant> {
  const { platform, tenant } = actor.account
  if (typeof sought !== "string") {
    const here = sought.platform === platform && sought.tenant === tenant
    return { kind: "person", id: here ? await personOfAccount(tx, actor.schoolId, sought) : null }
  }
  const said = cleanLine(sought, saidMax)
  const user = mentioned(said)
  const id = user === null ? null : await personOfAccount(tx, actor.schoolId, { platform, tenant, user })
  return id === null ? { kind: "name", said } : { kind: "person", id }
}

/** Active students by name or mention that the actor may see today; one more than `matchesMax` at most. No sign in a name is special. */
export async function findStudents(turn: Turn, sought: Sought): Promise<Match[]> {
  const { tx, actor, now } = turn
  if (actor.role !== "staff") return []
  const meant = await meantBy(turn, sought)
  if (meant.kind === "person") {
    const person = meant.id === null ? null : await personById(tx, meant.id)
    if (person?.role !== "student" || !person.active) return []
    const standing = await standingOf(tx, actor.personId, person.id, localDate(now, person.zone))
    return may(actor, "see_student", standing).allowed ? [person] : []
  }
  if (meant.said === "") return []
  const counsellor = actor.staffRoles.includes("counsellor")
  return studentsSeenBy(tx, { id: actor.personId, counsellor, day: localDate(now, actor.zone) }, meant.said, matchesMax + 1)
}

/** Active staff by name or mention. */
export async function findStaff(turn: Turn, sought: Sought): Promise<{ id: string; name: string }[]> {
  const meant = await meantBy(turn, sought)
  if (meant.kind === "person") {
    const person = meant.id === null ? null : await personById(turn.tx, meant.id)
    return person?.role === "staff" && person.active ? [person] : []
  }
  return meant.said === "" ? [] : peopleNamed(turn.tx, "staff", meant.said, matchesMax + 1)
}

/** Whom of the whole school a refused name or mention would have meant, for the record; null where it is nobody or several. */
export async function studentMeant(turn: Turn, sought: Sought): Promise<string | null> {
  const meant = await meantBy(turn, sought)
  if (meant.kind === "person") return meant.id
  const found = meant.said === "" || mentioned(meant.said) !== null ? [] : await peopleNamed(turn.tx, "student", meant.said, 2)
  return found.length === 1 ? (found[0]?.id ?? null) : null
}

/** The same of what is still being typed: a part of a name means nobody yet. */
export async function studentMeantWhole(turn: Turn, typed: string): Promise<string | null> {
  const found = wholly(await peopleNamed(turn.tx, "student", cleanLine(typed, saidMax), matchesMax + 1), typed)
  return found.length === 1 ? (found[0]?.id ?? null) : null
}

/** Those whose whole name stands there, as it is listed, whatever its accents, case and punctuation. */
export const wholly = <One extends { name: string }>(found: readonly One[], typed: string): One[] =>
  found.filter(({ name }) => bared(name) === bared(typed))

const bared = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
