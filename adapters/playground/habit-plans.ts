// Decides what one person of the sample school does with one message: which button, when, and with what words in a form. Pure: by habit and seed.
// Refuses to know what any action means, and which messages there are.
import type { Field, Form, Values } from "../../src/platform/form.ts"
import type { Button, Message } from "../../src/platform/message.ts"

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

/** From a seed to a number from 0 up to, not including, 1: the same for the same seed. */
export type Random = (seed: string) => number

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

export const isSilent = ({ silentFrom, silences = [] }: Habit, day: string): boolean =>
  (silentFrom !== null && day >= silentFrom) || silences.some(([from, until]) => day >= from && day < until)

export const buttonsOf = (message: Message): Button[] => message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []))

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

export const firstOf = (names: readonly string[], all: readonly Button[]): Button | null =>
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
