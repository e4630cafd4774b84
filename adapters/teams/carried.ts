// What a button and a form of ours carry through Teams and back: the few members of an action's `data`.
// Refuses to trust what comes back: anybody can send anything under these names, and what is no text is nothing.

import { type Body, textIn } from "../../src/platform/body.ts"
import type { Values } from "../../src/platform/form.ts"
import { idIn } from "./narrow.ts"
import type { Origin } from "./reply.ts"

/** Of a button, and of the button beside a list: `i` names the list's input, whose value Teams puts beside it. */
export type ButtonData = { a: string; t: string; i?: string }

/** `input`: the id of the one list that the button sends, `selectInput` of its place in the message. */
export const buttonData = (action: string, id: string, input?: string): ButtonData => ({
  a: action,
  t: id,
  ...(input === undefined ? {} : { i: input }),
})

/** The list's own id: one card may hold several, and Teams sends the inputs of all of them. */
export const selectInput = (n: number): string => `v${n}`

export type Press = { action: string; target: string; value: string | null }

/** `verb` is an Action.Execute's own; null where neither it nor the data names an action. */
export function pressIn(data: Body | null, verb: string | null): Press | null {
  const action = textIn(data, "a") ?? verb
  if (action === null || action === "") return null
  const chosen = textIn(data, textIn(data, "i") ?? "v")
  return { action, target: textIn(data, "t") ?? "", value: chosen === "" ? null : chosen }
}

/** Of a form's own button: what it must know again when it is handed in. `o` is the pressed message, in the conversation that it comes from. */
export type FormData = { a: string; t: string; o?: string }

export const formData = (action: string, id: string, origin: Origin | null): FormData => ({
  a: action,
  t: id,
  ...(origin === null ? {} : { o: origin.activityId }),
})

const fieldPrefix = "f:"
/** The id of a field's input. */
export const fieldInput = (name: string): string => `${fieldPrefix}${name}`

export type Submission = { action: string; target: string; values: Values; origin: string | null }

/** What was left empty is absent. Null where the form does not even say which one it is. */
export function submissionIn(data: Body | null): Submission | null {
  const action = textIn(data, "a")
  if (data === null || action === null || action === "") return null
  const filled = Object.keys(data).flatMap((name): [string, string][] => {
    const value = name.startsWith(fieldPrefix) ? textIn(data, name) : null
    return value === null || value === "" ? [] : [[name.slice(fieldPrefix.length), value]]
  })
  return { action, target: textIn(data, "t") ?? "", values: Object.fromEntries(filled), origin: idIn(data, "o") }
}
