// Decides, before anything else is done with them, whether words call for a person, and answers at once with fixed words.
// Refuses to know what else becomes of the words: whatever this says, they go their way.
import { peopleById, personById } from "../../db/queries/people.ts"
import { personOfAccount } from "../../db/queries/roster-find.ts"
import { heardLately, heardRows, openAbout, type Subject } from "../../db/queries/safety.ts"
import { schoolRow } from "../../db/queries/school.ts"
import type { Hot, Scene, Turn } from "../deps.ts"
import type { InboundEvent } from "../platform/event.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Message, message, text } from "../platform/message.ts"
import { type Prose, plain } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import { type Language, languageOf, languages } from "../words/phrasebook.ts"
import { safetyPhrase } from "./phrases.ts"
import { leaveOut, namedIn, type Raised, raise } from "./raise.ts"
import { type Screened, screen, screenTogether } from "./screen.ts"
import { nextRead } from "./staffed.ts"
import { addedWords, nobodyWords, resourcesFor, studentWords } from "./words.ts"

const hourMs = 3_600_000
const partsMost = 12

/** Asks what `looked` will ask about a student's words. */
export function foreseeLook(tx: Hot, studentId: string, now: Date): void {
  void openAbout(tx, studentId)
  void heardRows(tx, studentId, hourBefore(now))
}

const hourBefore = (now: Date): Date => new Date(now.getTime() - hourMs)

/** What a student wrote, with what they wrote in the past hour. Null where nothing calls for a person; staff are not screened. */
export async function looked(turn: Turn, words: string): Promise<Message | null> {
  const { actor, event, tx, now } = turn
  if (actor.role !== "student") return null
  const subject: Subject = { studentId: actor.personId, account: null }
  const [open, heard] = await Promise.all([openAbout(tx, actor.personId), heardRows(tx, actor.personId, hourBefore(now))])
  const before = heardLately(turn.deps.words, turn.schoolId, heard, partsMost)
  const found = screenTogether(before, words)
  const all = [...before, words].join(" ")
  const via = event.from.account.platform
  if (found.level === "none") return open.some(({ leads }) => leads) ? leftOut(turn, subject, words, via, actor.language) : null
  const raised = await raise(turn, {
    ...{ subject, level: found.level, topics: found.topics, via, source: sourceOf(event) },
    ...{ words: evidence(event, before, words, found), named: await namedIn(turn, all) },
  })
  return answerTo(turn, raised, found.level, actor.language)
}

/** What somebody off the list wrote; whoever has left the school is named by their old row. */
export async function lookedAtStranger(scene: Scene, event: InboundEvent, words: string): Promise<Message | null> {
  if (words.trim() === "") return null
  const { platform, tenant, user } = event.from.account
  const personId = await personOfAccount(scene.tx, scene.schoolId, event.from.account)
  const person = personId === null ? null : await personById(scene.tx, personId)
  const subject: Subject =
    person?.role === "student" ? { studentId: person.id, account: null } : { studentId: null, account: `${platform}/${tenant}/${user}` }
  const language = languageOf(person?.language ?? null, languageOf((await schoolRow(scene.tx))?.language ?? null))
  const found = screen(words)
  if (found.level === "none") return leftOut(scene, subject, words, platform, language)
  const named = await namedIn(scene, words)
  const raised = await raise(scene, { subject, level: found.level, topics: found.topics, source: sourceOf(event), words, named, via: platform })
  return answerTo(scene, raised, found.level, language)
}

/** The fixed words alone, in every language: nothing could be kept, and nothing is known of who writes. */
export function urgentWords(words: string): Message | null {
  if (screen(words).level === "none") return null
  return said(
    "en",
    languages.flatMap((language) => [plain(safetyPhrase(language, "student_not_kept")), ...resourcesFor("US", language)]),
  )
}

const sourceOf = ({ id, from: { account } }: InboundEvent): string => `${account.platform}/${account.tenant}/${id}`

/** What the adult reads: the words of a form without its taps, and, where only messages together say it, those before them too. */
function evidence(event: InboundEvent, before: readonly string[], words: string, found: Screened): string {
  const typed = event.kind === "submitted" ? event.values.words : undefined
  const own = typed !== undefined && screen(typed).level === found.level ? typed : words
  return screen(own).level === found.level ? own : [...before, own].join("\n\n")
}

async function answerTo(scene: Scene, raised: Raised, level: "concern" | "urgent", language: Language): Promise<Message> {
  const { joined, responders, tooLate, zone } = raised
  const resources = resourcesFor("US", language)
  if (responders.length === 0) return said(language, nobodyWords(language, resources))
  const responder = responders.length > namesMost ? null : await namesOf(scene, responders, language)
  const late = tooLate.length > 0 ? [await leftOutWords(scene, tooLate, true, language)] : []
  if (joined) return said(language, [...late, ...addedWords(level, language, responder, resources)])
  const reads = nextRead(scene.settings["safety.hours"], scene.now, zone)
  return said(language, [...late, ...studentWords(level, language, { responder, reads, zone, resources })])
}

// More names than this say less than "an adult whose job this is".
const namesMost = 3

async function namesOf(scene: Scene, ids: readonly string[], language: Language): Promise<string> {
  const people = await peopleById(scene.tx, ids)
  const names = ids.flatMap((id) => people.get(id)?.name ?? [])
  return cut(showSafely(new Intl.ListFormat(language).format(names)), limits.fact)
}

/** The fixed words ask a student to name adults who are part of it: here they do. */
async function leftOut(scene: Scene, subject: Subject, words: string, via: string, language: Language): Promise<Message | null> {
  const out = await leaveOut(scene, subject, words, via)
  return out && said(language, [await leftOutWords(scene, out.left, out.late, language)])
}

async function leftOutWords(scene: Scene, ids: readonly string[], late: boolean, language: Language): Promise<Prose> {
  const who = { names: await namesOf(scene, ids, language), count: ids.length }
  return plain(safetyPhrase(language, late ? "student_left_out_late" : "student_left_out", who))
}

const said = (language: Language, paragraphs: readonly Prose[]): Message => message(safetyPhrase(language, "student_summary"), paragraphs.map(text))
