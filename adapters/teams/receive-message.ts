// Messages: said, edited, taken back; commands typed, and buttons whose press comes as a message without words.
// Refuses to hear what was written where others read along, unless the bot itself was addressed.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import type { Happening, InboundEvent } from "../../src/platform/event.ts"
import { pressIn } from "./carried.ts"
import { answered, type Context, contextOf, directOf, eventOf, lacksContext, ownIdOf } from "./receive-context.ts"
import { ignored, type Known, type Received } from "./reply.ts"
import { type Heard, heardIn } from "./words.ts"

export function receivedMessage(activity: Body, known: Known): Received {
  const context = contextOf(activity, known)
  if (context === null) return lacksContext(activity)
  const { activityId } = context
  if (activityId === null) return ignored("incomplete")
  const id = ownIdOf(context, activityId)
  const heard = heardIn(activity, context.botId)
  const value = bodyIn(activity, "value")
  if (value !== null && heard.text === "") return pressed(value, id, context)
  if (context.where === "shared" && !heard.toBot) return ignored("not_addressed")
  const event: InboundEvent = { ...eventOf(context, id), ...happeningOf(heard, id, context) }
  return answered(context, { as: "message", event, typed: heard.text })
}

function happeningOf(heard: Heard, messageId: string, context: Context): Happening {
  const command = commandIn(heard, context.where)
  if (command === null) {
    const to = context.where === "direct" ? (context.replyToId ?? heard.quoted) : null
    return { kind: "said", messageId, text: heard.text, ...(to === null ? {} : { inReplyTo: ownIdOf(context, to) }) }
  }
  if (context.where === "direct" && /^(?:home|inicio)$/i.test(command.name)) return { kind: "opened_home" }
  const about = heard.about === null ? {} : { about: { platform: "teams" as const, tenant: context.tenant, user: heard.about.user } }
  return { kind: "commanded", command: command.name, text: command.text, ...about }
}

/** Words that begin with a slash; where others read along also words that speak of somebody. */
function commandIn({ text, about, toOthers }: Heard, where: Context["where"]): { name: string; text: string } | null {
  const isSlashed = /^\/\S/.test(text)
  if (!isSlashed && !(where === "shared" && toOthers)) return null
  const [, name = "", rest = ""] = /^\/?(\S*)\s*([\s\S]*)$/.exec(about?.text ?? text) ?? []
  return name === "" ? null : { name, text: rest }
}

/** Action.Submit, on a client that knows no Action.Execute. */
function pressed(value: Body, id: string, context: Context): Received {
  const press = pressIn(value, null)
  if (press === null) return ignored("unknown_press")
  const { conversationId, replyToId } = context
  const messageId = replyToId === null ? id : ownIdOf(context, replyToId)
  return answered(context, {
    as: "submit_action",
    event: { ...eventOf(context, id), kind: "pressed", ...press, messageId },
    origin: replyToId === null ? null : { conversationId, activityId: replyToId },
  })
}

/** An edit and its undoing keep the message's own id: the time tells one change from another. */
export function receivedChange(activity: Body, known: Known): Received {
  const context = contextOf(activity, known)
  if (context === null) return lacksContext(activity)
  const { activityId, at } = context
  if (activityId === null) return ignored("incomplete")
  const messageId = ownIdOf(context, activityId)
  const time = textIn(activity, "timestamp") === null ? "" : `/${at.toISOString()}`
  switch (textIn(bodyIn(activity, "channelData"), "eventType")) {
    case "editMessage":
    case "undeleteMessage": {
      const { text } = heardIn(activity, context.botId)
      const event: InboundEvent = { ...eventOf(context, `edited/${messageId}${time}`), kind: "edited", messageId, text }
      return answered(context, { as: "message", event, typed: text })
    }
    case "softDeleteMessage":
      return answered(context, { as: "message", event: { ...eventOf(context, `deleted/${messageId}${time}`), kind: "deleted", messageId } })
    default:
      return { kind: "ignored", why: "other_change", ...directOf(context) }
  }
}
