// Decides what somebody hears for whom no use case answers: of no school, of no list, not served here, or not understood.
// Refuses to keep anything that they say, and to speak to whoever only joined a workspace: they asked nothing.
import { markLeft } from "../../db/queries/people.ts"
import { keepNewcomer, takeNewcomers } from "../../db/queries/roster-newcomers.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import type { Scene, Turn } from "../deps.ts"
import { type Answer, say as answer, commandAction, quiet } from "../platform/answer.ts"
import type { InboundEvent } from "../platform/event.ts"
import { cut, limits } from "../platform/limits.ts"
import { type Message, message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { showSafely } from "../words/clean.ts"
import { languageOf, languages } from "../words/phrasebook.ts"
import type { Doorway } from "./door.ts"
import { say } from "./phrases.ts"

/** A workspace of no school: there is nobody to tell, and still somebody to answer, in a language that nobody knows. */
export function unconnected(doorway: Pick<Doorway, "urgentWords">, event: InboundEvent): Answer {
  const words = doorway.urgentWords(wordsOf(event))
  return words ? answer(words) : only(event, sentencesOf(languages.map((language) => say(language, "notHere"))))
}

/** Somebody not on the school's list: one polite answer; but words about danger are heard. `looking`: their e-mail is looked for on the list now. */
export async function stranger(
  scene: Scene,
  doorway: Pick<Doorway, "lookedAtStranger">,
  school: SchoolRow,
  event: InboundEvent,
  looking: boolean,
): Promise<Answer> {
  const fixed = await doorway.lookedAtStranger(scene, event, wordsOf(event))
  await remember(scene, event, looking)
  if (fixed) return answer(fixed)
  return only(event, sentencesOf([say(languageOf(school.language), looking ? "strangerLookedFor" : "stranger", { school: school.name })]))
}

/**
 * Teams tells of everybody once, when the app is installed for them, and lists nobody afterwards: that they are there is kept until it is known who
 * they are. Nothing else is, and of Slack, which lists everybody each night, nothing at all.
 */
async function remember({ tx, schoolId, now }: Scene, event: InboundEvent, looking: boolean): Promise<void> {
  const { account, route } = event.from
  if (account.platform !== "teams" || event.where !== "direct") return
  if (event.kind === "left") await takeNewcomers(tx, account, [account.user])
  else if (looking) await keepNewcomer(tx, schoolId, account, { route, greet: event.kind === "arrived", now })
}

/** A student whom the bot is not switched on for: one sentence, and nothing of theirs is kept. */
export async function unserved({ tx, actor, event, now }: Turn, why: "noConsent" | "notLive" | "tooYoung"): Promise<Answer> {
  if (event.kind === "left") await markLeft(tx, event.from.account, now)
  return only(event, sentencesOf([say(actor.language, why, { name: actor.name })]))
}

/** The summary shows on lock screens, so what was typed stands in the message alone. */
export const unknownCommand = ({ actor: { language } }: Turn, typed: string): Answer =>
  answer(message(say(language, "unknownSummary"), [text(plain(say(language, "unknownCommand", { command: cut(showSafely(typed), commandShown) })))]))

const commandShown = 40

/** One sentence of ours: its summary says the same, so nothing that somebody typed may be in it. */
export const said = (sentence: string): Answer => answer(sentencesOf([sentence]))

const sentencesOf = (sentences: readonly string[]): Message =>
  message(
    cut(sentences.join(" "), limits.summary),
    sentences.map((sentence) => text(plain(sentence))),
  )

/** The one message there is for somebody, in whatever form this event is answered. */
function only(event: InboundEvent, view: Message): Answer {
  switch (event.kind) {
    case "arrived":
    case "left":
    case "edited":
    case "deleted":
    case "disconnected":
      return quiet
    case "opened_home":
      return { kind: "home", view }
    case "said":
    case "pressed":
    case "submitted":
    case "commanded":
      return answer(view)
    default:
      return event satisfies never
  }
}

/** Everything in an event that a person wrote. */
export function wordsOf(event: InboundEvent): string {
  switch (event.kind) {
    case "said":
    case "edited":
    case "commanded":
      return event.text
    case "submitted":
      return Object.values(event.values).join("\n")
    case "pressed":
      return event.action === commandAction ? event.target : ""
    default:
      return ""
  }
}
