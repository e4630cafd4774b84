// A modal as its person has it open: what they may hand in, and what becomes of it by what the app acknowledged with.
import { viewFaults } from "./blocks.ts"
import { type Json, json, list, text } from "./json.ts"
import type { OpenView, State } from "./state.ts"

/** `view.state.values` of what was filled in; throws where Slack's own client would not let it go. */
export function filledIn(modal: OpenView, values: Readonly<Record<string, string>>): Json {
  const entries: [string, Json][] = []
  for (const block of list(modal.view.blocks).map(json)) {
    if (block.type !== "input") continue
    const name = text(block.block_id) ?? ""
    const element = json(block.element)
    const value = values[name]
    if (value === undefined && block.optional !== true) throw new Error(`Slack does not hand in a form without its ${name}`)
    if (value !== undefined && value.length > Number(element.max_length ?? 3_000)) throw new Error(`Slack lets nobody type that much into ${name}`)
    entries.push([name, { [text(element.action_id) ?? ""]: elementState(element, value) }])
  }
  return Object.fromEntries(entries)
}

/** What view.state says of one element. */
function elementState(element: Json, value: string | undefined): Json {
  const type = text(element.type) ?? ""
  switch (type) {
    case "static_select":
    case "radio_buttons": {
      const option = value === undefined ? null : (list(element.options).find((one) => json(one).value === value) ?? null)
      if (value !== undefined && option === null) throw new Error(`the list offers no ${value}`)
      return { type, selected_option: option }
    }
    case "datepicker":
      return { type, selected_date: value ?? null }
    default:
      return { type, value: value ?? null }
  }
}

/** A modal answers to what rode in the acknowledgement: it closes, shows errors or is another. */
export function answerModal(state: State, user: string, modal: OpenView, response: unknown): void {
  const { response_action: action, errors, view } = json(response)
  switch (action) {
    case undefined:
    case "clear":
      state.modals.delete(user)
      return
    case "errors": {
      const inputs = list(modal.view.blocks).map((block) => json(block).block_id)
      for (const [name, sentence] of Object.entries(json(errors)))
        if (!inputs.includes(name) || typeof sentence !== "string" || sentence === "")
          throw new Error(`Slack knows no input ${name} to show an error by`)
      state.modals.set(user, { ...modal, errors: Object.fromEntries(Object.entries(json(errors)).map(([name, words]) => [name, String(words)])) })
      return
    }
    case "update": {
      const faults = viewFaults(view)
      if (faults.length > 0) throw new Error(`Slack refuses the view: ${faults.join(", ")}`)
      state.modals.set(user, { id: modal.id, view: json(view), errors: {} })
      return
    }
    default:
      throw new Error(`Slack knows no response_action ${String(action)}`)
  }
}
