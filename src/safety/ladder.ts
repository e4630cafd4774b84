// Decides who is told next, and when, until somebody says "I have it". Refuses to know what was written, and how it is sent.
import { addDays, atLocal, localDate, localTime } from "../scheduling/zone.ts"
import { fold } from "./normalise.ts"

/** Steps in order, each told together; `channel` is a room of the school's responders, told from the last step on, or null. */
export type Ladder = { steps: { personIds: string[] }[]; stepMinutes: number; channel: string | null }

/** `step`: how many steps were paged so far; `nextAt`: when the next falls due, null before the first. */
export type LadderState = { level: "concern" | "urgent"; step: number; nextAt: Date | null; taken: boolean }

/** `page`: by every means there is, not chat alone. `step` and `nextAt` are what the state becomes. `nobody`: all of the ladder is left out. */
export type Next =
  | { kind: "settled" }
  | { kind: "wait"; until: Date }
  | { kind: "tell"; personIds: string[]; channel: string | null; page: boolean; again: boolean; step: number; nextAt: Date }
  | { kind: "nobody" }

const pagesFrom = "07:30"
const pagesUntil = "18:00"

/** `excluded` by the student, `named` by the words: neither is ever told. Urgent runs at any hour, concern pages from 07:30 on any day. */
export function nextStep(
  ladder: Ladder,
  state: LadderState,
  now: Date,
  { excluded, named, zone }: { excluded: readonly string[]; named: readonly string[]; zone: string },
): Next {
  if (state.taken) return { kind: "settled" }
  if (state.nextAt && now < state.nextAt) return { kind: "wait", until: state.nextAt }
  const skipped = new Set([...excluded, ...named])
  const steps = ladder.steps.map(({ personIds }) => personIds.filter((id) => !skipped.has(id))).filter((ids) => ids.length > 0)
  const personIds = steps[state.step % steps.length]
  if (!personIds) return { kind: "nobody" }
  const page = state.level === "urgent" || pageOpens(now, zone) <= now
  const later = new Date(now.getTime() + ladder.stepMinutes * 60_000)
  // A channel cannot leave one reader out, so it hears nothing where anyone is skipped.
  const channel = page && skipped.size === 0 && state.step >= steps.length - 1 ? ladder.channel : null
  return {
    kind: "tell",
    personIds,
    channel,
    page,
    again: state.step > 0,
    step: page ? state.step + 1 : state.step,
    nextAt: state.level === "urgent" ? later : pageOpens(page ? later : now, zone),
  }
}

/** `at` itself within the hours of paging, else the next time they begin. */
function pageOpens(at: Date, zone: string): Date {
  const date = localDate(at, zone)
  const time = localTime(at, zone)
  if (pagesFrom <= time && time < pagesUntil) return at
  return atLocal(time < pagesFrom ? date : addDays(date, 1), pagesFrom, zone)
}

const titles = new Set(
  "mr mrs ms miss mx dr prof professor coach teacher mister missus senor senora senorita sr sra srta don dona profe profesor profesora maestro maestra doctor doctora director directora principal padre entrenador entrenadora"
    .split(" ")
    .map((title) => fold(title).trim()),
)

/**
 * The adults whom words may name, by a full name, by the last word of one, or by a title before the first ("Miss Marta"). Leaving
 * out one adult too many costs a step; telling the adult whom the words are about may cost the child, so any likeness counts.
 */
export function adultsNamedIn(text: string, adults: readonly { id: string; names: readonly string[] }[]): string[] {
  const words = wordsOf(text)
  const joined = ` ${words.join(" ")} `
  const has = (phrase: string): boolean => joined.includes(` ${phrase} `) || joined.includes(` ${phrase}s `)
  const titled = (first: string): boolean => words.some((word, i) => titles.has(word) && (words[i + 1] === first || words[i + 1] === `${first}s`))
  return adults
    .filter(({ names }) =>
      names.some((name) => {
        const parts = wordsOf(name).filter((part) => !titles.has(part))
        const [first, last] = [parts[0], parts.at(-1)]
        if (!first || !last) return false
        return has(parts.join(" ")) || (last.length > 1 && has(last)) || titled(first)
      }),
    )
    .map(({ id }) => id)
}

const wordsOf = (text: string): string[] => fold(text).trim().split(" ").filter(Boolean)
