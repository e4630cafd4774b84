// Decides who an event is from, that it acts once, that its words are screened first, and which use case answers.
// Refuses to know what any use case does: rooms hand in their routes, `app.ts` binds them.
import { type Tx, withSchool } from "../../db/client.ts"
import { type Arrival, arrive, schoolBehind } from "../../db/queries/arrive.ts"
import { keepAddress, markLeft } from "../../db/queries/people.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import type { Actor } from "../access/actor.ts"
import { goodbye } from "../delivery/goodbye.ts"
import { owe } from "../delivery/owe.ts"
import type { Deps, Routes, Said, Scene, Turn } from "../deps.ts"
import type { Workspace } from "../platform/account.ts"
import { type Answer, say as answer, commandAction, quiet } from "../platform/answer.ts"
import type { InboundEvent } from "../platform/event.ts"
import { limits } from "../platform/limits.ts"
import type { Message } from "../platform/message.ts"
import { keptOff } from "../roster/age.ts"
import { settingsFrom } from "../roster/settings.ts"
import { welcomeTo } from "../roster/welcome.ts"
import { servesStudents } from "../safety/gate.ts"
import { cleanText } from "../words/clean.ts"
import { languageOf } from "../words/phrasebook.ts"
import { slashCommand, typedCommand } from "./commands.ts"
import { type Ask, type Foresight, openForesight } from "./foresee.ts"
import { type Gather, openGather } from "./gather.ts"
import { help } from "./help.ts"
import { say } from "./phrases.ts"
import { said, stranger, unconnected, unknownCommand, unserved, wordsOf } from "./polite.ts"

/** What the rooms do for the door. `looked`: the safety screen, before anything else; it raises, and gives the fixed words. */
export type Doorway = {
  routes: Required<Routes>
  looked: (turn: Turn, words: string) => Promise<Message | null>
  lookedAtStranger: (scene: Scene, event: InboundEvent, words: string) => Promise<Message | null>
  /** The fixed words alone, without a database: for when nothing else can answer. */
  urgentWords: (words: string) => Message | null
  /** Asks what `looked` and `student.said` are going to ask. */
  foresee: Ask
  student: {
    said: (turn: Turn, said: Said) => Promise<Answer>
    edited: (turn: Turn, event: Extract<InboundEvent, { kind: "edited" }>) => Promise<Answer>
    deleted: (turn: Turn, event: Extract<InboundEvent, { kind: "deleted" }>) => Promise<Answer>
    home: (turn: Turn) => Promise<Message>
    greeting: (turn: Turn) => Promise<Message>
  }
  staff: { home: (turn: Turn) => Promise<Message> }
}

type DoorDeps = Pick<Deps, "db" | "clock" | "ids" | "words" | "prompts" | "log" | "wakeLanes" | "lookUp">

/** The core's one way in: every adapter calls it with every event. Throws only where nothing could be kept; the vendor then sends again. */
export function openDoor(deps: DoorDeps, doorway: Doorway): (event: InboundEvent) => Promise<Answer> {
  const inner: Inner = { ...deps, schoolBehind: schoolsBehind(deps), ...openForesight(doorway.foresee), gather: openGather(deps.db) }
  return async (event) => {
    try {
      return await receive(inner, doorway, event)
    } catch (error) {
      const words = doorway.urgentWords(wordsOf(event))
      deps.log.error("event_not_kept", { kind: event.kind, platform: event.from.account.platform, error })
      if (words) return { ...answer(words), again: true }
      throw error
    }
  }
}

type Inner = DoorDeps & Foresight & { schoolBehind: SchoolBehind; gather: Gather }
type SchoolBehind = (workspace: Workspace) => Promise<string | null>

/**
 * A workspace never goes to another school: once it is known, it is not asked for again. That a school was erased since is seen behind it:
 * `arrive` then finds no row, and whoever writes is answered with nothing.
 */
function schoolsBehind({ db }: DoorDeps): SchoolBehind {
  const known = new Map<string, string>()
  return async (workspace) => {
    const name = `${workspace.platform}/${workspace.tenant}`
    const schoolId = known.get(name) ?? (await schoolBehind(db, workspace))
    if (schoolId !== null) known.set(name, schoolId)
    return schoolId
  }
}

async function receive(deps: Inner, doorway: Doorway, event: InboundEvent): Promise<Answer> {
  const now = deps.clock.now()
  const { platform, tenant } = event.kind === "disconnected" ? event.workspace : event.from.account
  const schoolId = await deps.schoolBehind({ platform, tenant })
  if (schoolId === null) return unconnected(doorway, event)

  let woken: Workspace[] = []
  let unknown = false
  const keep = async (tx: Tx): Promise<Answer> => {
    // It may have begun before, with others.
    woken = []
    unknown = false
    const arriving = arrive(tx, { schoolId, id: event.id, account: event.from.account, now })
    const met = deps.foresee(tx, event, now)
    const arrival = await arriving
    if (!arrival) return quiet
    met(arrival.person)
    const scene: Scene = { deps, tx, schoolId, now, settings: settingsFrom(arrival.settings), woken }
    if (event.kind === "disconnected") {
      await goodbye(scene, event)
      return quiet
    }
    const actor = actorOf(arrival, event)
    if (!actor) {
      unknown = arrival.person === null && platform !== "playground" && event.kind !== "left"
      return stranger(scene, doorway, arrival.school, event, unknown && deps.lookUp !== undefined)
    }
    const young = arrival.person !== null && keptOff(platform, arrival.person, scene.settings)
    // Of the young no address is kept, unless it is where help is to be sent.
    const kept = !young || doorway.urgentWords(wordsOf(event)) !== null
    const address = { schoolId, ...event.from.account, personId: actor.personId, route: event.from.route, now, isInstalled: event.kind === "arrived" }
    // Ahead of whatever else is asked, which nothing need wait for.
    const keeping =
      event.where === "direct" && event.kind !== "left" && kept && isNews(arrival.heard, event.from.route, now) ? keepAddress(tx, address) : null
    const [result] = await Promise.all([act(doorway, { ...scene, actor, event }, arrival.school, young), keeping])
    return result
  }
  const speaker = deps.speaker(event)
  const result = await (speaker === null ? withSchool(deps.db, schoolId, keep) : deps.gather(schoolId, speaker, keep))
  if (woken.length > 0) await deps.wakeLanes(woken)
  if (unknown) deps.lookUp?.(event.from.account)
  return result
}

const hourMs = 3_600_000

/** Whether an address says something that is not known yet. Which of two accounts was used last needs no more than the hour. */
const isNews = (heard: Arrival["heard"], route: string, now: Date): boolean =>
  heard === null || heard.route !== route || heard.trouble !== null || heard.usedAt === null || now.getTime() - heard.usedAt.getTime() > hourMs

/** Null where the person has left: their rights ended with their status. */
function actorOf({ person, school }: Arrival, event: InboundEvent): Actor | null {
  if (!person?.active) return null
  const { id: personId, role, staffRoles, name, siteId, zone, consent } = person
  const language = languageOf(person.language, languageOf(school.language))
  return { schoolId: school.id, personId, role, staffRoles, name, language, siteId, zone, consent, card: person, account: event.from.account }
}

async function act(doorway: Doorway, turn: Turn, school: SchoolRow, young: boolean): Promise<Answer> {
  const { actor, event } = turn
  const words = wordsOf(event)
  const [fixed, live] = await Promise.all([
    words === "" ? null : doorway.looked(turn, words),
    actor.role === "student" && servesStudents(turn, actor.account.platform),
  ])
  if (actor.role === "student") {
    if (young) return fixed ? answer(fixed) : unserved(turn, "tooYoung")
    if (!live || actor.consent === "none") return fixed ? answer(fixed) : unserved(turn, live ? "noConsent" : "notLive")
  }
  // Who reads a student may have changed with words about danger.
  if (fixed) turn.tx.forget()
  const result = words.length > limits.saidChars && event.kind !== "submitted" ? tooLong(turn, words) : await route(doorway, turn, school)
  return fixed ? answer(fixed) : result
}

const tooLong = (turn: Turn, words: string): Answer => said(say(turn.actor.language, "tooLong", { count: words.length, max: limits.saidChars }))

async function route(doorway: Doorway, turn: Turn, school: SchoolRow): Promise<Answer> {
  const { actor, event } = turn
  const { routes, student, staff } = doorway
  switch (event.kind) {
    case "pressed": {
      if (event.action === commandAction) return pressedCommand(doorway, turn, event.target)
      const pressed = named(routes.pressed, event.action)
      return pressed ? pressed(turn, { ...event, target: cleanText(event.target) }) : said(say(actor.language, "staleButton"))
    }
    case "submitted": {
      const submitted = named(routes.submitted, event.action)
      return submitted ? submitted(turn, { ...event, target: cleanText(event.target) }) : said(say(actor.language, "staleButton"))
    }
    case "commanded":
      return command(doorway, turn, slashCommand(event.command, event.text))
    case "said": {
      const typed = typedCommand(event.text, actor.role)
      if (typed) return command(doorway, turn, typed)
      if (actor.role === "staff") return said(say(actor.language, "staffSaid"))
      return event.where === "direct" ? student.said(turn, event) : said(say(actor.language, "sharedSaid"))
    }
    case "edited":
      return actor.role === "student" && event.where === "direct" ? student.edited(turn, event) : quiet
    case "deleted":
      return actor.role === "student" && event.where === "direct" ? student.deleted(turn, event) : quiet
    case "opened_home":
      return { kind: "home", view: await (actor.role === "student" ? student.home(turn) : staff.home(turn)) }
    case "arrived":
      // A policy installs at night, and again.
      if (actor.account.platform === "teams") return owe(turn, welcomeTo(actor.personId, turn.now)).then(() => quiet)
      return actor.role === "student"
        ? answer(await student.greeting(turn))
        : said(say(actor.language, "greetStaff", { name: actor.name, school: school.name }))
    case "left":
      await markLeft(turn.tx, event.from.account, turn.now)
      return quiet
    case "disconnected":
      return quiet
    default:
      return event satisfies never
  }
}

/** The words that a button stands for are what they were when they were typed; anything else behind it is somebody's own making. */
async function pressedCommand(doorway: Doorway, turn: Turn, words: string): Promise<Answer> {
  const typed = typedCommand(cleanText(words), turn.actor.role)
  return typed ? command(doorway, turn, typed) : said(say(turn.actor.language, "staleButton"))
}

async function command(doorway: Doorway, turn: Turn, typed: { command: string; text: string }): Promise<Answer> {
  if (typed.command === "help") return answer(help(turn.actor))
  const known = named(doorway.routes.commanded, typed.command)
  if (known) return known(turn, typed.text)
  return unknownCommand(turn, typed.command)
}

/** What was bound under a name that came from outside; nothing that every object has. */
const named = <Handler>(handlers: Readonly<Record<string, Handler>>, name: string): Handler | undefined =>
  Object.hasOwn(handlers, name) ? handlers[name] : undefined
