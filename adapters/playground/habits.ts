// The sample school's other people, acting as the clock moves: who has what before them, and whose time has come.
// Decides from seeds alone, so that the same weeks come out the same; refuses to know what any action means.
import type { Answer } from "../../src/platform/answer.ts"
import type { Happening } from "../../src/platform/event.ts"
import type { Form } from "../../src/platform/form.ts"
import type { Button } from "../../src/platform/message.ts"
import type { Item } from "./chats.ts"
import type { Mailbox } from "./entry.ts"
import {
  buttonsOf,
  fill,
  firstOf,
  greetingsFor,
  type Habit,
  type HabitActions,
  isSilent,
  type Plan,
  planFor,
  type Random,
  replyFor,
  type Standing,
} from "./habit-plans.ts"

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

export type Habits = {
  /** Does everything whose time has come by `now`; returns how many messages were acted on. */
  act(now: Date): Promise<number>
  /** When the next of what they mean to do is due; null: nothing is waiting. */
  next(): Date | null
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
