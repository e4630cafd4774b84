// Decides which adults a student is told about: who reads their words, and who hears of danger. Refuses to know what was written.
import { readersAround } from "../../db/queries/reflection-student.ts"
import { leftOutOf } from "../../db/queries/safety.ts"
import type { Scene } from "../deps.ts"
import { localDate } from "../scheduling/zone.ts"
import { isId } from "../words/id.ts"
import type { Language } from "../words/phrasebook.ts"
import { say } from "./phrases.ts"

export type Named = { id: string; name: string }
/**
 * `first` is asked first and is the one a student is told of; without advisors the counsellor list reads. `responders`: the first step of the
 * school's safety ladder, or the counsellors until it has one. `leftOut`: whom words about danger name; nobody above is one of them.
 */
export type Readers = {
  first: Named | null
  second: Named | null
  counsellors: readonly Named[]
  responders: readonly Named[]
  leftOut: readonly string[]
}

export async function readersOf(scene: Pick<Scene, "tx" | "schoolId" | "now" | "settings">, student: { id: string; zone: string }): Promise<Readers> {
  const { tx, schoolId } = scene
  const firstStep = scene.settings["safety.ladder"]?.steps[0]?.personIds.filter(isId) ?? null
  const of = { schoolId, studentId: student.id, day: localDate(scene.now, student.zone), also: firstStep ?? [] }
  const [around, leftOut] = await Promise.all([readersAround(tx, of), leftOutOf(tx, student.id)])
  const stays = (id: string | null): id is string => id !== null && !leftOut.includes(id)
  const [first = null, second = null] = [around.first, around.second].filter(stays)
  const list = around.counsellors.filter(stays)
  const names = new Map(around.people.map(({ id, name }) => [id, name]))
  const named = (id: string | null): Named | null => {
    const name = id === null ? undefined : names.get(id)
    return id === null || name === undefined ? null : { id, name }
  }
  const all = (ids: readonly string[]): Named[] => ids.flatMap((id) => named(id) ?? [])
  return { first: named(first), second: named(second), counsellors: all(list), responders: all(firstStep?.filter(stays) ?? list), leftOut }
}

// More names than this say less than "the counsellors".
const namesMax = 3

const listed = (names: readonly string[], language: Language, type: "conjunction" | "disjunction"): string =>
  new Intl.ListFormat(language, { type }).format(names)

const few = (people: readonly Named[], language: Language): string =>
  people.length === 0 || people.length > namesMax
    ? say(language, "theCounsellors")
    : listed(
        people.map(({ name }) => name),
        language,
        "disjunction",
      )

/** Who is told when someone may be hurt, by name while they are few. */
export const responderName = (readers: Readers, language: Language): string => few(readers.responders, language)
export const counsellorNames = (readers: Readers, language: Language): string => few(readers.counsellors, language)

/** The one adult a student's words go to first. */
export function readerName(readers: Readers, language: Language): string {
  if (readers.first) return readers.first.name
  return readers.counsellors.length > 0 ? counsellorNames(readers, language) : say(language, "anAdult")
}

/** Everyone who may read, by name; null where the school has nobody yet. */
export function readerNames(readers: Readers, language: Language): string | null {
  const advisors = [readers.first, readers.second].flatMap((one) => one?.name ?? [])
  const others = readers.counsellors.map(({ name }) => name).filter((name) => !advisors.includes(name))
  const names = [...advisors, ...(others.length > namesMax ? [say(language, "theCounsellors")] : others)]
  return names.length > 0 ? listed(names, language, "conjunction") : null
}

/** The one line that stands above every box. */
export function standingLine(readers: Readers, language: Language): string {
  const [adult, responder] = [readerName(readers, language), responderName(readers, language)]
  return adult === responder ? say(language, "standingSame", { adult }) : say(language, "standing", { adult, responder })
}
