// What Teams asks and waits for: a button, a dialog opened or handed in, a look-up from the message extension.
// Refuses to answer: each takes another response, and the reply says which.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { type Press, pressIn, submissionIn } from "./carried.ts"
import { decoded } from "./html-words.ts"
import { bodiesIn } from "./narrow.ts"
import { answered, type Context, contextOf, eventOf, lacksContext, ownIdOf } from "./receive-context.ts"
import { ignored, type Known, type Received, type TakenAs } from "./reply.ts"

export function receivedInvoke(activity: Body, known: Known): Received {
  const taken = kinds.get(textIn(activity, "name") ?? "")
  if (taken === undefined) return { kind: "unknown_invoke" }
  const context = contextOf(activity, known)
  if (context === null) return lacksContext(activity)
  return context.activityId === null ? ignored("incomplete") : taken(bodyIn(activity, "value"), ownIdOf(context, context.activityId), context)
}

type Taken = (value: Body | null, id: string, context: Context) => Received

const kinds: ReadonlyMap<string, Taken> = new Map<string, Taken>([
  ["adaptiveCard/action", executed],
  ["task/fetch", (value, id, context) => pressed("task_fetch", pressIn(bodyIn(value, "data"), null), id, context)],
  ["task/submit", submitted],
  ["composeExtension/query", queried],
])

function executed(value: Body | null, id: string, context: Context): Received {
  const action = bodyIn(value, "action")
  return pressed("execute", pressIn(bodyIn(action, "data"), textIn(action, "verb")), id, context)
}

function pressed(as: TakenAs, press: Press | null, id: string, context: Context): Received {
  if (press === null) return ignored("unknown_press")
  const { replyToId } = context
  const event: InboundEvent = {
    ...eventOf(context, id),
    kind: "pressed",
    ...press,
    messageId: replyToId === null ? id : ownIdOf(context, replyToId),
  }
  return answered(context, { as, event, origin: originOf(context, replyToId) })
}

/** The form says which message it came from; a dialog's own invoke may not. */
function submitted(value: Body | null, id: string, context: Context): Received {
  const submission = submissionIn(bodyIn(value, "data"))
  if (submission === null) return ignored("unknown_form")
  const { action, target, values, origin } = submission
  const event: InboundEvent = { ...eventOf(context, id), kind: "submitted", action, target, values }
  return answered(context, { as: "task_submit", event, origin: originOf(context, origin ?? context.replyToId) })
}

/** Only ever in the conversation that the invoke comes from: no form can name a message in another's. */
const originOf = ({ conversationId }: Context, activityId: string | null) => (activityId === null ? null : { conversationId, activityId })

/** Asked from any conversation, also between others: seen by the asker alone, and never direct. Nothing is typed yet when it opens, and then each letter comes. */
function queried(value: Body | null, id: string, context: Context): Received {
  const [first = null] = bodiesIn(value, "parameters")
  const text = textIn(first, "name") === "initialRun" ? "" : decoded(textIn(first, "value") ?? "").trim()
  const elsewhere: Context = { ...context, where: "shared" }
  return answered(elsewhere, { as: "query", event: { ...eventOf(elsewhere, id), kind: "commanded", command: "mentee", text, typing: true } })
}
