// A dialog as its person has it open: what they may hand in, what stands beneath which field, and what becomes of it by the invoke's answer.
import { actionsIn, cardFaults, inputsIn } from "./cards.ts"
import { isJson, type Json, json, list, text } from "./json.ts"
import type { Dialog, Message, Person, State } from "./state.ts"

export const adaptive = "application/vnd.microsoft.card.adaptive"

/** The cards of an activity or an answer; throws where Teams would show nothing. */
export function adaptiveIn(attachment: unknown, surface: "message" | "dialog"): Json {
  const { contentType, content } = json(attachment)
  if (contentType !== adaptive) throw new Error(`Teams shows no ${String(contentType)} there`)
  const faults = cardFaults(content, surface)
  if (faults.length > 0) throw new Error(`Teams refuses the card: ${faults.join(", ")}`)
  return json(content)
}

/** What is typed in the inputs that are shown, with what they stood at; throws where Teams' own client would not let it go. */
export function filledIn(card: Json, typed: Readonly<Record<string, string>>, person: Person): Json {
  const inputs = inputsIn(card).map(({ input }) => input)
  for (const name of Object.keys(typed)) if (!inputs.some(({ id }) => id === name)) throw new Error(`the card shows no input ${name}`)
  const entries: [string, string][] = []
  for (const input of inputs) {
    const name = text(input.id) ?? ""
    const value = typed[name] ?? text(input.value) ?? ""
    if (value === "" && input.isRequired === true) throw new Error(`Teams does not hand in without ${name}`)
    if (value.length > Number(input.maxLength ?? Number.POSITIVE_INFINITY)) throw new Error(`Teams lets nobody type that much into ${name}`)
    if (input.type === "Input.ChoiceSet" && value !== "" && !list(input.choices).some((choice) => json(choice).value === value))
      throw new Error(`the list ${name} offers no ${value}`)
    if (value !== "" || person.device === "iOS") entries.push([name, value])
  }
  return Object.fromEntries(entries)
}

/** What the dialog's own button hands in. */
export function handedIn(dialog: Dialog, typed: Readonly<Record<string, string>>, person: Person): Json {
  const submit = actionsIn(dialog.card).find(({ action }) => action.type === "Action.Submit")
  if (submit === undefined) throw new Error("the dialog has nothing to hand it in by")
  return { ...json(submit.action.data), ...filledIn(dialog.card, typed, person) }
}

export const hasSubmit = ({ card }: Dialog): boolean => actionsIn(card).some(({ action }) => action.type === "Action.Submit")

/** Sentences by input, each the red line that stands right beneath it. */
export function errorsIn({ card }: Dialog): Readonly<Record<string, string>> {
  const found: [string, string][] = []
  for (const { input, next } of inputsIn(card)) {
    const runs = list(next.inlines).map(json)
    const isRed = runs.length > 0 && runs.every(({ color }) => text(color)?.toLowerCase() === "attention")
    if (next.type === "RichTextBlock" && isRed) found.push([text(input.id) ?? "", runs.map((run) => text(run.text) ?? "").join("")])
  }
  return Object.fromEntries(found)
}

const named: readonly unknown[] = ["small", "medium", "large"]

/** task/fetch and task/submit: a dialog stays or comes, says a word, or closes. */
export function answerDialog(state: State, person: Person, origin: Message | null, body: unknown): void {
  if (body === null || (isJson(body) && Object.keys(body).length === 0)) {
    state.dialogs.delete(person.id)
    return
  }
  const { type, value } = json(json(body).task)
  switch (type) {
    case "continue": {
      const { title, card, width, height } = json(value)
      if (typeof title !== "string" || title === "") throw new Error("Teams wants a dialog to have a title")
      for (const size of [width, height])
        if (size !== undefined && typeof size !== "number" && !named.includes(size)) throw new Error(`Teams knows no size ${JSON.stringify(size)}`)
      state.dialogs.set(person.id, { title, card: adaptiveIn(card, "dialog"), origin })
      return
    }
    case "message":
      if (typeof value !== "string") throw new Error("Teams shows only words as a message of a dialog")
      state.dialogs.delete(person.id)
      return
    default:
      throw new Error(`Teams says that it cannot reach the app: ${JSON.stringify(body)}`)
  }
}

/** adaptiveCard/action: what the answer shows in place of the card that was pressed. */
export function answerExecute(message: Message, body: unknown): void {
  if (body === null) throw new Error("Teams says that something went wrong: Action.Execute was answered with nothing")
  const { statusCode, type, value } = json(body)
  if (typeof statusCode !== "number") throw new Error("Teams wants a statusCode in the answer to Action.Execute")
  switch (type) {
    case adaptive:
      message.fresh = adaptiveIn({ contentType: adaptive, content: value }, "message")
      return
    case "application/vnd.microsoft.activity.message":
      if (typeof value !== "string") throw new Error("Teams shows only words as a message of an answer")
      return
    default:
      throw new Error(`Teams knows no answer of type ${String(type)}`)
  }
}
