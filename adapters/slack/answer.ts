// Decides how an answer is given to what just happened: in the acknowledgement itself where Slack allows it, else by one call after it.
// Refuses to insist: an answer is a courtesy, and what must be said is a delivery.
import type { ModalView } from "@slack/types"
import { type Answer, commandAction } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Form } from "../../src/platform/form.ts"
import { cut, limits } from "../../src/platform/limits.ts"
import { buttons, type Message, message, text } from "../../src/platform/message.ts"
import type { Api } from "./api.ts"
import { failureOf } from "./failures.ts"
import { errorsOf, formView, metaOf } from "./form.ts"
import { homeView, rendered } from "./render.ts"
import type { Reply } from "./reply.ts"
import { inert } from "./send.ts"

/** One call to Slack. */
export type Step =
  | { kind: "post"; channel: string; thread: string | null; message: Message }
  | { kind: "update"; channel: string; ts: string; message: Message; otherwise: Step }
  | { kind: "respond"; url: string; replace: boolean; message: Message }
  | { kind: "open"; triggerId: string; view: ModalView }
  | { kind: "publish"; user: string; view: Message }

/** `body` rides in the acknowledgement, `step` comes after it. */
export type Given = { body: object | null; step: Step | null }

const nothing: Given = { body: null, step: null }

/** `canRide`: the event is going to be acknowledged, so that an answer may ride in that. */
export function given(answer: Answer, kind: InboundEvent["kind"], reply: Reply, canRide = true): Given {
  switch (answer.kind) {
    case "quiet":
      return nothing
    case "say":
      return said(answer.message, kind, reply, canRide)
    case "replace":
      return replaced(answer.message, kind, reply, canRide)
    case "ask":
      return asked(answer, kind, reply, canRide)
    case "home":
      return { body: null, step: { kind: "publish", user: reply.user, view: answer.view } }
    default:
      return answer satisfies never
  }
}

const privately = (message: Message) => ({ response_type: "ephemeral", ...rendered(message) })

function said(message: Message, kind: InboundEvent["kind"], reply: Reply, canRide: boolean): Given {
  if (reply.where === "direct") return { body: null, step: posted(message, reply) }
  if (kind === "commanded" && canRide) return { body: privately(message), step: null }
  const url = reply.responseUrl ?? (reply.origin?.kind === "ephemeral" ? reply.origin.responseUrl : null)
  // Nowhere to whisper there: in the direct conversation it is for the asker alone as well.
  return { body: null, step: url === null ? posted(message, reply) : { kind: "respond", url, replace: false, message } }
}

/** Said in the direct conversation, in the thread that was written in. */
export const posted = (message: Message, reply: Reply): Extract<Step, { kind: "post" }> => ({
  kind: "post",
  channel: reply.channel ?? reply.user,
  thread: reply.channel === null ? null : reply.thread,
  message,
})

function replaced(message: Message, kind: InboundEvent["kind"], reply: Reply, canRide: boolean): Given {
  const { origin } = reply
  switch (origin?.kind) {
    case "message":
      return { body: null, step: { kind: "update", channel: origin.channel, ts: origin.ts, message, otherwise: posted(message, reply) } }
    case "ephemeral":
      return { body: null, step: { kind: "respond", url: origin.responseUrl, replace: true, message } }
    case "home":
    case undefined:
      return said(message, kind, reply, canRide)
    default:
      return origin satisfies never
  }
}

function asked({ form, errors }: Extract<Answer, { kind: "ask" }>, kind: InboundEvent["kind"], reply: Reply, canRide: boolean): Given {
  const view = formView(form, metaOf(form, reply))
  if (reply.submission && canRide) {
    const shown = errorsOf(errors, form)
    return { body: Object.keys(shown).length > 0 ? { response_action: "errors", errors: shown } : { response_action: "update", view }, step: null }
  }
  if (reply.triggerId !== null) return { body: null, step: { kind: "open", triggerId: reply.triggerId, view } }
  return said(invitation(form, reply), kind, reply, canRide)
}

/** Words cannot open a window: a button can, and its press is taken as the command that the words were. */
const invitation = (form: Form, { typed }: Reply): Message =>
  message(cut(form.title, limits.summary), [
    ...form.intro.map(text),
    buttons({ action: commandAction, id: cut((typed ?? "").trim(), limits.id), label: form.title, style: "primary" }),
  ])

/** Codes with which Slack says that there is nothing to change any more. */
const gone: readonly string[] = ["message_not_found", "cant_update_message", "edit_window_closed"]

/** Takes the step; throws `DeliveryFailure`. */
export async function take(step: Step, api: Api, tenant: string): Promise<void> {
  try {
    switch (step.kind) {
      case "post": {
        const client = await api.client(tenant)
        await client.chat.postMessage({
          channel: step.channel,
          ...rendered(step.message),
          ...inert,
          ...(step.thread === null ? {} : { thread_ts: step.thread }),
        })
        return
      }
      case "update": {
        const client = await api.client(tenant)
        const { link_names, parse } = inert
        await client.chat.update({ channel: step.channel, ts: step.ts, ...rendered(step.message), link_names, parse })
        return
      }
      case "respond":
        await api.respond(step.url, { ...privately(step.message), replace_original: step.replace })
        return
      case "open": {
        const client = await api.client(tenant)
        await client.views.open({ trigger_id: step.triggerId, view: step.view })
        return
      }
      case "publish": {
        const client = await api.client(tenant)
        await client.views.publish({ user_id: step.user, view: homeView(step.view) })
        return
      }
      default:
        step satisfies never
    }
  } catch (error) {
    const failure = failureOf(error)
    if (step.kind === "update" && failure.reason === "invalid" && gone.includes(failure.detail)) return take(step.otherwise, api, tenant)
    throw new DeliveryFailure(failure)
  }
}
