// A form handed in: its values, and where its answer goes by what the form itself carried.
// Refuses to drop words: a form that says nothing of itself still hands in what was written.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { type FormMeta, unpacked, valuesOf } from "./form.ts"
import { actorOf } from "./receive-actor.ts"
import { ignored, type Known, type Received, routeTo } from "./reply.ts"

export function receivedSubmission(body: Body, known: Known): Received {
  const actor = actorOf(body)
  const view = bodyIn(body, "view")
  const action = textIn(view, "callback_id")
  if (actor === null || action === null || action === "") return ignored("incomplete")
  const { tenant, user, triggerId } = actor
  const own = known.dmOf(tenant, user)
  const { id, where, channel, thread, origin } = unpacked(textIn(view, "private_metadata")) ?? blank
  const answerIn = channel ?? own
  const event: InboundEvent = {
    id: triggerId,
    at: known.now,
    from: { account: { platform: "slack", tenant, user }, route: routeTo(answerIn, user) },
    where,
    kind: "submitted",
    action,
    target: id,
    values: valuesOf(bodyIn(view, "state")),
  }
  return {
    kind: "event",
    event,
    reply: { tenant, user, channel: answerIn, thread, triggerId, responseUrl: null, origin, submission: true, where, typed: null },
  }
}

const blank: FormMeta = { id: "", where: "shared", channel: null, thread: null, origin: null }
