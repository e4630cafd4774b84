// Decides which two questions a student may choose from: what they care about, and what nobody knows of them yet.
// Refuses to know how the student is doing: no mood, no silence, no score reaches it.
import { Temporal } from "temporal-polyfill"
import { type Lens, pickedLenses, type Season, type Topic } from "../words/prompts.ts"
import { seeded } from "../words/seed.ts"

export type Why = { kind: "emptiest_lens"; lens: Lens } | { kind: "cares"; lens: Lens }

export type ToChoose = {
  questions: readonly Topic[]
  /** What this student was asked before, answered or not; `weekStart` is the week's Monday. */
  asked: readonly { id: string; weekStart: string }[]
  /** How much is known by lens, and the last week something was added. */
  known: Readonly<Record<Lens, { count: number; lastWeek: string | null }>>
  /** The lenses the student said matter to them; family among them is passed over. */
  cares: readonly Lens[]
  familyAllowed: false
  /** `any` where the term is unknown: then only questions for any season. */
  season: Season
  /** Student and week, so that every process chooses alike. */
  seed: string
}

export type Chosen = { first: Topic; second: Topic; why: { first: Why; second: Why } }

/** What one lens has to offer: what was never asked, or else what was asked longest ago. */
type Offer = { lens: Lens; topic: Topic; fresh: boolean; count: number; lastKnown: string; lastAsked: string; chance: number }

/**
 * Two questions of two lenses. A lens that has something new comes before one that would repeat itself; among these
 * the emptiest. Throws where fewer than two lenses have a question for now, which `readPrompts` rules out.
 */
export function chooseTwo(given: ToChoose): Chosen {
  const askedIn = new Map<string, string>()
  for (const { id, weekStart } of given.asked) if (weekStart > (askedIn.get(id) ?? "")) askedIn.set(id, weekStart)
  const offers = pickedLenses.flatMap((lens) => offerOf(lens, given, askedIn) ?? []).sort(byNeed)

  const cared = offers.find(({ lens, fresh }) => fresh && given.cares.includes(lens)) ?? null
  const first = cared ?? offers[0]
  const second = offers.find((offer) => offer !== first)
  if (!first || !second) throw new Error("fewer than two lenses have a question to ask")
  const emptiest = ({ lens }: Offer): Why => ({ kind: "emptiest_lens", lens })
  return {
    first: first.topic,
    second: second.topic,
    why: { first: cared ? { kind: "cares", lens: cared.lens } : emptiest(first), second: emptiest(second) },
  }
}

function offerOf(lens: Lens, given: ToChoose, askedIn: ReadonlyMap<string, string>): Offer | null {
  let best: { topic: Topic; askedAt: string; timely: number; chance: number } | null = null
  let lastAsked = ""
  for (const topic of given.questions) {
    if (topic.lens !== lens) continue
    const askedAt = askedIn.get(topic.id) ?? ""
    if (askedAt > lastAsked) lastAsked = askedAt
    if (topic.season !== "any" && topic.season !== given.season) continue
    if (topic.follow !== null && !askedIn.has(topic.follow)) continue
    const next = { topic, askedAt, timely: topic.season === "any" ? 1 : 0, chance: seeded(`${given.seed}:${topic.id}`) }
    if (!best || (compare(next.askedAt, best.askedAt) || next.timely - best.timely || next.chance - best.chance) < 0) best = next
  }
  if (!best) return null
  const { count, lastWeek } = given.known[lens]
  const fresh = best.askedAt === ""
  return { lens, topic: best.topic, fresh, count, lastKnown: lastWeek ?? "", lastAsked, chance: seeded(`${given.seed}:${lens}`) }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

// A lens the student passed over last week waits behind one as empty that was not offered.
const byNeed = (a: Offer, b: Offer): number =>
  Number(b.fresh) - Number(a.fresh) ||
  a.count - b.count ||
  compare(a.lastAsked, b.lastAsked) ||
  compare(a.lastKnown, b.lastKnown) ||
  a.chance - b.chance

const edgeWeeks = 3

/** The first three weeks of a term are its start, the last three its end; of a shorter term, the nearer. */
export function seasonOf(term: { start: string; end: string } | null, date: string): Season {
  if (!term || date < term.start || date > term.end) return "any"
  const day = Temporal.PlainDate.from(date)
  const since = Temporal.PlainDate.from(term.start).until(day).days
  const left = day.until(Temporal.PlainDate.from(term.end)).days
  if (Math.min(since, left) >= edgeWeeks * 7) return "middle"
  return since <= left ? "start" : "end"
}
