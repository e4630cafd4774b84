// Decides who answers for an adult while they are away, from the day they say so until the day they name.
// Refuses to know why they are away.
import { type AwayRow, awayById, awayOn, endAwayBefore, type Handed, handOver, insertAway, isAwayBetween } from "../../db/queries/outreach-away.ts"
import { lockPerson, personById } from "../../db/queries/people.ts"
import { staffBut } from "../../db/queries/roster-find.ts"
import { calendarOf } from "../../db/queries/school.ts"
import { record } from "../access/record.ts"
import { owe } from "../delivery/owe.ts"
import type { Owed } from "../delivery/owed.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Answer, say as answer, ask, replace } from "../platform/answer.ts"
import { type Field, type FieldErrors, type Form, form, refill } from "../platform/form.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, buttons, type Message, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { nextAllowed } from "../scheduling/hours.ts"
import { parseUntil } from "../scheduling/until.ts"
import { addDays, atLocal, formatDay, localDate } from "../scheduling/zone.ts"
import { showSafely } from "../words/clean.ts"
import { isId } from "../words/id.ts"
import { findStaff, type Sought, soughtBy } from "./find-person.ts"
import { say } from "./phrases.ts"
import { hoursOf } from "./settings.ts"

/** The summary shows on lock screens: it names nobody. */
const told = (summary: string, sentence: string, ...blocks: readonly Block[]): Message =>
  message(summary, [text(plain(cut(sentence, limits.text))), ...blocks])

type Wanted = { until: string; coverId: string }
type Checked = { ok: Wanted } | { errors: FieldErrors }

const daysMax = 366
const named = /(?:^|\s)(?:cover(?:ed by)?|cubre|cubierto por|cubierta por)(?:\s|$)/iu

/** `/away until DATE cover NAME`; without anything after it, a form. */
export async function away(turn: Turn, line: string): Promise<Answer> {
  const { language } = turn.actor
  if (turn.actor.role !== "staff") return refuseAway(turn, null)
  if (soughtBy(turn, line) === "") return ask(await awayForm(turn))
  const at = named.exec(line)
  const [until, typed] = at ? [line.slice(0, at.index), line.slice(at.index + at[0].length)] : [line, ""]
  const cover = soughtBy(turn, typed)
  const checked = await check(turn, until, cover)
  if ("ok" in checked) return leave(turn, checked.ok)
  const how = until.trim() === "" || cover === "" ? [say(language, "awayHow")] : []
  return answer(told(say(language, "aboutRequest"), [...Object.values(checked.errors), ...how].join(" ")))
}

export async function openAway(turn: Turn): Promise<Answer> {
  return turn.actor.role === "staff" ? ask(await awayForm(turn)) : refuseAway(turn, null)
}

export async function submitAway(turn: Turn, submission: Submission): Promise<Answer> {
  if (turn.actor.role !== "staff") return refuseAway(turn, null)
  const checked = await check(turn, submission.values.until ?? "", submission.values.cover ?? "")
  return "ok" in checked ? leave(turn, checked.ok) : ask(refill(await awayForm(turn), submission.values), checked.errors)
}

async function refuseAway(turn: Turn, subjectId: string | null): Promise<Answer> {
  await record(turn, "away_refused", subjectId)
  return answer(told(say(turn.actor.language, "aboutRequest"), say(turn.actor.language, turn.actor.role === "staff" ? "awayOver" : "awayStaffOnly")))
}

/** A list of colleagues while they fit into one; else a name. */
async function awayForm(turn: Turn): Promise<Form> {
  const { language } = turn.actor
  const colleagues = await staffBut(turn.tx, turn.actor.personId, limits.options + 1)
  const label = say(language, "awayCover")
  const cover: Field =
    colleagues.length > limits.options || colleagues.length === 0
      ? { kind: "line", name: "cover", label, hint: say(language, "awayCoverHint"), max: 100 }
      : {
          kind: "one_of",
          name: "cover",
          label,
          options: colleagues.map(({ id, name }) => ({ value: id, label: cut(showSafely(name), limits.optionLabel) })),
        }
  return form({
    action: "away",
    id: "",
    title: say(language, "awayTitle"),
    submit: say(language, "awaySubmit"),
    intro: [plain(say(language, "awayIntro"))],
    fields: [{ kind: "day", name: "until", label: say(language, "awayUntil") }, cover],
  })
}

const dayProblems = { empty: "awayNoDay", unclear: "awayDay", past: "awayPast", far: "awayFar" } as const

async function check(turn: Turn, day: string, cover: Sought): Promise<Checked> {
  const { language, zone } = turn.actor
  const today = localDate(turn.now, zone)
  const errors: Record<string, string> = {}
  const meant = parseUntil(day, today, { first: 0, last: daysMax })
  const until = meant.kind === "date" ? meant.date : null
  if (meant.kind !== "date") errors.until = say(language, dayProblems[meant.kind])
  const found = await coverFor(turn, cover, until === null ? null : { from: today, until })
  if ("error" in found) errors.cover = found.error
  return "id" in found && until !== null ? { ok: { until, coverId: found.id } } : { errors }
}

async function coverFor(turn: Turn, cover: Sought, days: { from: string; until: string } | null): Promise<{ id: string } | { error: string }> {
  const { language, personId } = turn.actor
  if (typeof cover === "string" && cover.trim() === "") return { error: say(language, "awayNoCover") }
  const chosen = typeof cover === "string" && isId(cover) ? await personById(turn.tx, cover) : null
  const found = chosen ? [chosen].filter(({ active, role }) => active && role === "staff") : await findStaff(turn, cover)
  const [only] = found
  if (!only) return { error: say(language, "awayUnknown") }
  if (found.length > 1) {
    const names = new Intl.ListFormat(language).format(found.slice(0, 5).map(({ name }) => showSafely(name)))
    return { error: say(language, "awaySeveral", { names }) }
  }
  if (only.id === personId) return { error: say(language, "awaySelf") }
  if (days && (await isAwayBetween(turn.tx, only.id, days.from, days.until)))
    return { error: say(language, "awayBoth", { cover: showSafely(only.name) }) }
  return only
}

/** From today on the cover answers: what waits is theirs now, and they are told. A second away takes the place of the first. */
async function leave(turn: Turn, { until, coverId }: Wanted): Promise<Answer> {
  const { tx, schoolId, now, deps, actor } = turn
  const { language, personId } = actor
  const today = localDate(now, actor.zone)
  await lockPerson(tx, personId)
  const before = await awayOn(tx, personId, today)
  if (before) await takeBack(turn, before)
  await endAwayBefore(tx, personId, today)
  const id = deps.ids()
  await insertAway(tx, { schoolId, id, adultId: personId, coverId, fromDate: today, untilDate: until })
  const handed = await handOver(tx, personId, coverId, null)
  await record(turn, "away_set", personId, { coverId, until })
  await tellCover(turn, id, coverId, until, handed)
  const cover = showSafely((await personById(tx, coverId))?.name ?? "")
  const set = say(language, "awaySet", { day: formatDay(until, language), cover })
  const moved = say(language, "awayMoved", { cover, readings: handed.readings, reachOuts: handed.reachOuts.length })
  return answer(told(say(language, "done"), set, text(plain(moved)), buttons({ action: "away_back", id, label: say(language, "awayBack") })))
}

/** That they cover, and of each student who would like to talk: a wish that is passed on is not left for the cover to find. */
async function tellCover(turn: Turn, awayId: string, coverId: string, until: string, { reachOuts }: Handed): Promise<void> {
  const cover = await personById(turn.tx, coverId)
  if (!cover) return
  const dueAt = nextAllowed(turn.now, await calendarOf(turn.tx, cover.siteId), hoursOf(turn.settings), "staff")
  const expiresAt = atLocal(addDays(until, 1), "00:00", cover.zone)
  if (dueAt >= expiresAt) return
  const owed = { personId: coverId, dueAt, expiresAt }
  await owe(
    turn,
    { kind: "notice", dedupeKey: `notice:cover:${awayId}`, subjectId: awayId, ...owed },
    ...reachOuts.map((id): Owed => ({ kind: "reach_out", dedupeKey: `reach_out:${id}:${coverId}`, subjectId: id, ...owed })),
  )
}

/** What was handed to the cover, or came to them since from the adult's students, and is not answered, is the adult's again. */
const takeBack = (turn: Turn, { adultId, coverId }: AwayRow): Promise<Handed> =>
  handOver(turn.tx, coverId, adultId, { of: adultId, day: localDate(turn.now, turn.actor.zone) })

/** "I'm back": from today on, whatever day was named. */
export async function awayBack(turn: Turn, press: Press): Promise<Answer> {
  const { tx, now, actor } = turn
  const one = isId(press.target) ? await awayById(tx, press.target) : null
  if (one?.adultId !== actor.personId || actor.role !== "staff") return refuseAway(turn, one?.adultId ?? null)
  const today = localDate(now, actor.zone)
  await lockPerson(tx, actor.personId)
  const current = await awayOn(tx, actor.personId, today)
  if (!current) return answer(told(say(actor.language, "aboutRequest"), say(actor.language, "awayOver")))
  const handed = await takeBack(turn, current)
  await endAwayBefore(tx, actor.personId, today)
  await record(turn, "away_ended", actor.personId, { coverId: current.coverId })
  const counts = { readings: handed.readings, reachOuts: handed.reachOuts.length }
  const none = counts.readings + counts.reachOuts === 0
  return replace(told(say(actor.language, "done"), none ? say(actor.language, "awayNothing") : say(actor.language, "awayReturned", counts)))
}
