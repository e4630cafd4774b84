// Decides who may see what the school is judged by, and shows it: counts of many, groups in order of name.
// Refuses a ranking, and any figure about one person, adult or student.

import { siteNamed } from "../../db/queries/outreach-coverage.ts"
import { oversees } from "../access/oversees.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Block, type Message, message, note, type Trend, text } from "../platform/message.ts"
import { plain, strong } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import type { Language } from "../words/phrasebook.ts"
import { type Figures, figuresOf } from "./coverage-figures.ts"
import type { Part, Shown } from "./coverage-parts.ts"
import { say } from "./coverage-phrases.ts"
import { beliefSentences, contactSentence, readSentence, suggestionSentence, usefulSentence } from "./coverage-words.ts"
import { shortDay } from "./weeks.ts"

/** `/coverage`: the asker's own site. */
export async function coverage(turn: Turn): Promise<Answer> {
  const { actor } = turn
  const { language, siteId, zone } = actor
  if (!oversees(actor)) {
    await record(turn, "coverage_refused", null)
    return answer(message(say(language, "summary"), [text(plain(say(language, actor.role === "staff" ? "refusedStaff" : "refused")))]))
  }
  await record(turn, "coverage_viewed", null)
  const [site, figures] = [await siteNamed(turn.tx, siteId), await figuresOf(turn, { id: siteId, zone }, say(language, "noGroup"))]
  return answer(shown(site, figures, language))
}

const groupsMost = 20

function shown(site: string, figures: Figures, language: Language): Message {
  const { contact, belief } = figures
  const suggested = suggestionSentence(figures, language)
  const hides = contact.hidden + (belief?.shown.hidden ?? 0) > 0
  const anyGroup = contact.parts.length + (belief?.shown.parts.length ?? 0) > 0
  return message(say(language, "summary"), [
    text(strong(cut(say(language, "title", { site: showSafely(site) }), limits.text))),
    ...weeks(figures, language),
    ...beliefSentences(figures, language).map((sentence) => text(plain(sentence))),
    ...groups(belief?.shown ?? null, "believing", language),
    text(plain(usefulSentence(figures, language))),
    ...(suggested === null ? [] : [note(plain(suggested))]),
    text(plain(contactSentence(figures, language))),
    ...groups(contact, "inTouch", language),
    ...(hides || anyGroup ? [note(plain(say(language, "groups")))] : []),
    ...(belief?.shown.total ? [note(plain(say(language, "groupsBelief")))] : []),
  ])
}

function weeks(figures: Figures, language: Language): Block[] {
  const sentence = readSentence(figures, language)
  if (figures.weeks.length === 0) return [text(plain(sentence))]
  const strip: Trend = {
    kind: "trend",
    as: "strip",
    of: "group",
    title: say(language, "weeksTitle"),
    points: figures.weeks.map(({ week, share }) => ({ label: shortDay(week, language), value: share })),
    max: 1,
    sentence: figures.weeks.some(({ share }) => share === null) ? `${sentence} ${say(language, "blank")}` : sentence,
    picture: say(language, "picture"),
  }
  return [strip]
}

function groups(parts: Shown | null, key: "believing" | "inTouch", language: Language): Block[] {
  const all = parts?.parts ?? []
  const listed = all.slice(0, groupsMost).map(({ name, of, yes }: Part) => ({
    label: cut(showSafely(name), limits.fact / 4),
    value: say(language, key, { of, yes }),
  }))
  const blocks = Array.from({ length: Math.ceil(listed.length / limits.facts) }, (_, i): Block => {
    return { kind: "facts", facts: listed.slice(i * limits.facts, (i + 1) * limits.facts) }
  })
  const left = all.length - listed.length
  return left > 0 ? [...blocks, note(plain(say(language, "more", { count: left })))] : blocks
}
