// The sample school's other people: who answers, when, and with what words, as the clock moves.
// Decides from seeds alone, so that the same weeks come out the same; refuses to know what any action means.
import type { Answer } from "../../src/platform/answer.ts"
import type { Happening } from "../../src/platform/event.ts"
import type { Field, Form, Values } from "../../src/platform/form.ts"
import type { Button, Message } from "../../src/platform/message.ts"
import type { Item } from "./chats.ts"
import type { Mailbox } from "./entry.ts"

/**
 * Who answers is never left to chance: the n-th prompt goes unanswered when n is `firstMiss`, or `firstMiss` plus a multiple of `missesEvery`,
 * and every one from the local date `silentFrom` (YYYY-MM-DD) on, or from the first to before the last of one of `silences`. `greets`: an adult says
 * hello to most of the names they are given, and what came of most notes about a student.
 */
export type Habit = {
  kind: "steady" | "late" | "brief" | "skips" | "reads" | "slow"
  firstMiss: number | null
  missesEvery: number | null
  silentFrom: string | null
  silences?: readonly (readonly [from: string, until: string])[]
  greets?: boolean
}

/** Action names by what a person does with them. In `read`, an earlier name is preferred to a later one; in `close`, an earlier one comes more often. */
export type HabitActions = {
  answer: readonly string[]
  skip: readonly string[]
  read: readonly string[]
  greet?: readonly string[]
  close?: readonly string[]
}

/** What may be written into a form, in a person's language; never empty. */
export type HabitReplies = (language: "en" | "es", form: Form) => readonly string[]

export type HabitOptions = {
  mailbox: Mailbox
  habits: ReadonlyMap<string, Habit>
  actions: HabitActions
  replies: HabitReplies
  /** Names of choice fields that people vary in; any other keeps what it starts with, or its first option. */
  varied: readonly string[]
  random: Random
}

/** From a seed to a number from 0 up to, not including, 1: the same for the same seed. */
export type Random = (seed: string) => number

export type Habits = {
  /** Does everything whose time has come by `now`; returns how many messages were acted on. */
  act(now: Date): Promise<number>
  /** When the next of what they mean to do is due; null: nothing is waiting. */
  next(): Date | null
}

/**
 * What is done with one message, and how many minutes after it came. `goesOn`: whatever the press leads to is pressed too; `closing`: this, where
 * the answer to it offers it. `nth`: of several hellos on one message.
 */
export type Plan = { press: Button; goesOn: boolean; afterMinutes: number; seed: string; closing?: string | null; nth?: number }

/** Where a message stands among this person's: `nth` of its kind, from 1; `reminded`: the same prompt came before. */
export type Standing = { nth: number; reminded: boolean }

type Pace = { from: number; to: number }
// Most answer in the minutes after a prompt, some that evening; adults read between two lessons or the next morning.
const paces: Readonly<Record<Habit["kind"], Pace>> = {
  steady: { from: 2, to: 45 },
  brief: { from: 1, to: 15 },
  late: { from: 20, to: 240 },
  skips: { from: 1, to: 20 },
  reads: { from: 10, to: 240 },
  slow: { from: 300, to: 1_800 },
}

/** What this person does with this message, or null: nothing, ever. */
export function planFor(
  habit: Habit,
  actions: HabitActions,
  message: Message,
  seed: string,
  { nth, reminded }: Standing,
  random: Random,
): Plan | null {
  const press = pressFor(habit, actions, message, random(`${seed} which`))
  if (press === null) return null
  if (habit.kind === "late" && !reminded) return null
  if (leaves(habit, nth)) return null
  const { from, to } = paces[habit.kind]
  const goesOn = habit.kind === "reads" || habit.kind === "slow"
  return { press, goesOn, seed, afterMinutes: Math.round(from + (to - from) * random(`${seed} when`) ** 2) }
}

// Of ten names, seven are met before the next list comes; of ten hellos about a note, nine end it.
const greeted: Readonly<Record<"reads" | "slow", number>> = { reads: 0.7, slow: 0.4 }
const closed = 0.9

/** The hellos that this adult says on this message, each once. */
export function greetingsFor(habit: Habit, { greet = [], close = [] }: HabitActions, shown: Message, seed: string, random: Random): Plan[] {
  if (!habit.greets || (habit.kind !== "reads" && habit.kind !== "slow")) return []
  const [chance, { from, to }] = [greeted[habit.kind], paces[habit.kind]]
  return buttonsOf(shown)
    .filter(({ action }) => greet.includes(action))
    .flatMap((press, place) => {
      const own = `${seed} hello ${place}`
      if (random(`${own} whether`) >= chance) return []
      const as = random(`${own} close`) / closed
      const closing = as < 1 ? (close[Math.floor(as ** 2 * close.length)] ?? null) : null
      return [{ press, goesOn: false, closing, nth: place, seed: own, afterMinutes: Math.round(from + (to - from) * random(`${own} when`)) }]
    })
}

/** Whether the n-th is one of those that this person leaves; who is slow leaves every third. */
function leaves({ kind, firstMiss, missesEvery }: Habit, nth: number): boolean {
  if (kind === "slow") return nth % 3 === 0
  if (firstMiss === null || nth < firstMiss) return false
  return missesEvery === null ? nth === firstMiss : (nth - firstMiss) % missesEvery === 0
}

const isSilent = ({ silentFrom, silences = [] }: Habit, day: string): boolean =>
  (silentFrom !== null && day >= silentFrom) || silences.some(([from, until]) => day >= from && day < until)

const buttonsOf = (message: Message): Button[] => message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []))

function pressFor(habit: Habit, actions: HabitActions, message: Message, chance: number): Button | null {
  const all = buttonsOf(message)
  const oneOf = (names: readonly string[]): Button | null => {
    const fitting = all.filter(({ action }) => names.includes(action))
    return fitting[Math.floor(chance * fitting.length)] ?? null
  }
  switch (habit.kind) {
    case "steady":
    case "late":
    case "brief":
      return oneOf(actions.answer)
    case "skips":
      return oneOf(actions.skip) ?? oneOf(actions.answer)
    case "reads":
    case "slow":
      return firstOf(actions.read, all)
    default:
      return habit.kind satisfies never
  }
}

const firstOf = (names: readonly string[], all: readonly Button[]): Button | null =>
  names.map((name) => all.find(({ action }) => action === name)).find((button) => button !== undefined) ?? null

/** Fills what a form asks for, and whatever it complained of. */
export function fill(
  form: Form,
  flagged: readonly string[],
  words: string,
  today: string,
  varied: readonly string[],
  random: (name: string) => number,
): Values {
  const values: Record<string, string> = {}
  for (const field of form.fields) {
    const wanted = !field.optional || flagged.includes(field.name)
    const value = wanted ? valueFor(field, words, today, varied.includes(field.name) ? random(field.name) : null) : (field.initial ?? "")
    if (value !== "") values[field.name] = value
  }
  return values
}

function valueFor(field: Field, words: string, today: string, choice: number | null): string {
  switch (field.kind) {
    case "line":
    case "paragraph":
      return field.initial || words.slice(0, field.max)
    case "one_of": {
      const { options } = field
      const picked = choice === null ? undefined : options[Math.floor(choice * options.length)]
      return picked?.value ?? field.initial ?? options[0]?.value ?? ""
    }
    case "day":
      return field.initial || today
    default:
      return field satisfies never
  }
}

/** A reply from the list, by seed; who is brief keeps to the shortest third. */
export function replyFor(habit: Habit, list: readonly string[], chance: number): string {
  const pool = habit.kind === "brief" ? [...list].sort((a, b) => a.length - b.length).slice(0, Math.max(1, Math.ceil(list.length / 3))) : list
  return pool[Math.floor(chance * pool.length)] ?? ""
}

const minuteMs = 60_000
// What was left lying for longer, by someone who was played meanwhile, is not caught up on after a restart.
const staleMs = 8 * 24 * 60 * minuteMs
// People act on full five minutes: a clock that stops at each act stops the less often, and nobody can tell.
const togetherMs = 5 * minuteMs
const together = (at: number): number => Math.ceil(at / togetherMs) * togetherMs
// As many people at once as a small machine has use for.
const atOnce = 4
const tries = 3
// More answers than one adult ever has waiting; a message that always offers another press must end too.
const pressesMax = 80

/** `done`: prompts that were answered or skipped; what the bot says to that offers the same buttons again. */
type Place = { next: number; targets: Set<string>; done: Set<string>; readings: number }

type Step = { user: string; itemId: string; plan: Plan; dueAt: number }

const nowhere = (): Place => ({ next: 0, targets: new Set(), done: new Set(), readings: 0 })

export function createHabits({ mailbox, habits, actions, replies, varied, random }: HabitOptions): Habits {
  mailbox.enrol(new Set(habits.keys()))
  /** Where reading of a person's messages goes on, and the targets that were met before. */
  const read = new Map<string, Place>()
  const waiting: Step[] = []

  /** Turns the messages that came since the last call into plans. */
  async function look(user: string, habit: Habit): Promise<void> {
    const items = mailbox.messages(user)
    const place = read.get(user) ?? nowhere()
    read.set(user, place)
    if (items.length < place.next) Object.assign(place, nowhere())
    if (items.length === place.next) return
    const zone = (await mailbox.person(user))?.zone ?? "UTC"
    for (const item of items.slice(place.next)) {
      if (item.by !== "bot") continue
      const standing = stand(place, item)
      if (item.pressed.length > 0 || isSilent(habit, localDate(new Date(item.at), zone))) continue
      const seed = `${user} ${seedOf(item, actions)}`
      const plan = standing && planFor(habit, actions, item.message, seed, standing, random)
      for (const one of [...(plan ? [plan] : []), ...greetingsFor(habit, actions, item.message, seed, random)])
        waiting.push({ user, itemId: item.id, plan: one, dueAt: together(new Date(item.at).getTime() + one.afterMinutes * minuteMs) })
    }
    place.next = items.length
  }

  /** Counts a message among its kind; null where it asks for nothing. */
  function stand(place: Place, item: Extract<Item, { by: "bot" }>): Standing | null {
    const targets = targetsOf(item, actions.answer)
    if (targets.length > 0) {
      if (item.pressed.length > 0) for (const target of targets) place.done.add(target)
      if (targets.every((target) => place.done.has(target))) return null
      const reminded = targets.some((target) => place.targets.has(target))
      for (const target of targets) place.targets.add(target)
      return { nth: place.targets.size, reminded }
    }
    if (firstOf(actions.read, buttonsOf(item.message)) === null) return null
    place.readings += 1
    return { nth: place.readings, reminded: false }
  }

  /** One step whose time has come. Somebody may play this person now: then what was planned is theirs to do. */
  async function take({ user, itemId, plan, dueAt }: Step, now: Date): Promise<boolean> {
    const habit = habits.get(user)
    if (!habit || !mailbox.simulated(user) || dueAt < now.getTime() - staleMs) return false
    const acted = await carryOut(user, habit, itemId, plan, now)
    if (!plan.goesOn) read.get(user)?.done.add(plan.press.id)
    mailbox.seen(user)
    return acted
  }

  async function carryOut(user: string, habit: Habit, itemId: string, plan: Plan, now: Date): Promise<boolean> {
    let button: Button | null = plan.press
    let at = itemId
    let acted = false
    for (let index = 0; button !== null && index < pressesMax; index++) {
      // Read afresh each time: a press may have replaced the message, and a button that is gone is not pressed.
      if (!offers(shown(user, at), button)) return acted
      const id = plan.nth === undefined ? `habit-${itemId}-${index}` : `habit-${itemId}-hello-${plan.nth}-${index}`
      const happening: Happening = { kind: "pressed", action: button.action, target: button.id, value: null, messageId: at }
      const answer = await mailbox.act(user, id, happening, at)
      await finish(user, habit, plan, id, answer, at, now)
      acted = true
      // What was said beside the message is where it goes on.
      if (answer.kind === "say") at = mailbox.messages(user).at(-1)?.id ?? at
      const next = plan.goesOn ? actions.read : index === 0 && plan.closing ? [plan.closing] : []
      button = firstOf(next, shown(user, at))
    }
    return acted
  }

  function shown(user: string, itemId: string): readonly Button[] {
    const item = mailbox.messages(user).find(({ id }) => id === itemId)
    return item?.by === "bot" ? buttonsOf(item.message) : []
  }

  /** Fills and hands in the form that a press opened, until it is taken or has been refused often enough. */
  async function finish(user: string, habit: Habit, plan: Plan, id: string, first: Answer, origin: string, now: Date): Promise<void> {
    const person = await mailbox.person(user)
    const language = person?.language?.toLowerCase().startsWith("es") ? "es" : "en"
    let answer = first
    for (let attempt = 0; answer.kind === "ask" && attempt < tries; attempt += 1) {
      const { form, errors } = answer
      const words = replyFor(habit, replies(language, form), random(`${plan.seed} words`))
      const values = fill(form, Object.keys(errors), words, localDate(now, person?.zone ?? "UTC"), varied, (name) => random(`${plan.seed} ${name}`))
      answer = await mailbox.act(user, `${id}-${attempt}`, { kind: "submitted", action: form.action, target: form.id, values }, origin)
    }
  }

  return {
    async act(now) {
      mailbox.refresh()
      for (const [user, habit] of habits) await look(user, habit)
      const due = new Map<string, Step[]>()
      for (const step of waiting.filter(({ dueAt }) => dueAt <= now.getTime()).sort((a, b) => a.dueAt - b.dueAt)) {
        waiting.splice(waiting.indexOf(step), 1)
        due.set(step.user, [...(due.get(step.user) ?? []), step])
      }
      let acted = 0
      const people = due.values()
      const worker = async () => {
        for (const steps of people) for (const step of steps) if (await take(step, now)) acted += 1
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, due.size) }, worker))
      return acted
    },
    next() {
      const first = waiting
        .filter(({ user }) => mailbox.simulated(user))
        .reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY)
      return Number.isFinite(first) ? new Date(first) : null
    },
  }
}

const targetsOf = ({ message }: Extract<Item, { by: "bot" }>, actions: readonly string[]): readonly string[] => [
  ...new Set(
    buttonsOf(message)
      .filter(({ action }) => actions.includes(action))
      .map(({ id }) => id),
  ),
]

/** Two runs name their rows differently: the time a message came at tells it apart as well, and stays the same. */
const seedOf = (item: Extract<Item, { by: "bot" }>, actions: HabitActions): string =>
  `${item.at.slice(0, 13)} ${targetsOf(item, actions.answer).length > 0 ? "prompt" : "read"}`

const offers = (all: readonly Button[], { action, id }: Button): boolean => all.some((button) => button.action === action && button.id === id)

const localDate = (at: Date, zone: string): string => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at)
