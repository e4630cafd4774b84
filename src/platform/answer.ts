import type { FieldErrors, Form } from "./form.ts"
import type { Message } from "./message.ts"

/**
 * What the bot returns to one event: a value, because a Teams dialog is the HTTP response and Slack's form errors
 * ride in the acknowledgement. In a shared place it is for the asker alone. `again` asks the adapter to show the
 * answer once per event id and then refuse the event, so that the vendor sends it again.
 */
export type Answer = (
  | { kind: "quiet" }
  | { kind: "say"; message: Message }
  | { kind: "replace"; message: Message }
  | { kind: "ask"; form: Form; errors: FieldErrors }
  | { kind: "home"; view: Message }
) & { again?: true }

/**
 * Where words cannot open a form (a chat message has no trigger), an adapter shows a button with this action instead, the words as
 * its id; pressed, the door takes them as the command that they were.
 */
export const commandAction = "command"

export const quiet: Answer = { kind: "quiet" }
export const say = (message: Message): Answer => ({ kind: "say", message })
export const replace = (message: Message): Answer => ({ kind: "replace", message })
export const ask = (form: Form, errors: FieldErrors = {}): Answer => ({ kind: "ask", form, errors })
export const home = (view: Message): Answer => ({ kind: "home", view })
