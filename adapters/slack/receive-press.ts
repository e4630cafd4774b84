// A button pressed or an option chosen: in a message, in an answer that only the asker saw, in the home view.
// Refuses to take for direct what stands in a conversation that is not the bot's own.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { firstIn, idIn, isTrueIn, timeIn } from "./narrow.ts"
import { pictureAction, pictureIn } from "./picture-value.ts"
import { actorOf } from "./receive-actor.ts"
import { actionIn, selectIdIn } from "./render.ts"
import { ignored, type Known, type Origin, type Received, type Reply, routeTo } from "./reply.ts"

export function receivedPress(body: Body, known: Known): Received {
  const actor = actorOf(body)
  const pressed = pressIn(firstIn(body, "actions"))
  if (actor === null || pressed === null) return ignored("incomplete")
  const place = placeOf(body, known.dmOf(actor.tenant, actor.user))
  if (place === null) return ignored("unknown_place")
  const { tenant, user, triggerId } = actor
  const { channel, thread, where, origin, messageId } = place
  const responseUrl = textIn(body, "response_url")
  const reply: Reply = { tenant, user, channel, thread, triggerId, responseUrl, origin, submission: false, where, typed: null }
  if (pressed.action === pictureAction) {
    const picture = pictureIn(pressed.target)
    return picture === null ? ignored("unreadable_picture") : { kind: "picture", id: triggerId, picture, reply }
  }
  const event: InboundEvent = {
    id: triggerId,
    at: timeIn(firstIn(body, "actions"), "action_ts", known.now),
    from: { account: { platform: "slack", tenant, user }, route: routeTo(channel, user) },
    where,
    kind: "pressed",
    ...pressed,
    messageId,
  }
  return { kind: "event", event, reply }
}

/** The action's name, its one opaque id, and what was chosen from a list. */
function pressIn(action: Body | null): { action: string; target: string; value: string | null } | null {
  const actionId = textIn(action, "action_id")
  if (actionId === null || actionId === "") return null
  switch (textIn(action, "type")) {
    case "button":
      return { action: actionIn(actionId), target: textIn(action, "value") ?? "", value: null }
    case "static_select":
      return {
        action: actionIn(actionId),
        target: selectIdIn(textIn(action, "block_id") ?? ""),
        value: textIn(bodyIn(action, "selected_option"), "value"),
      }
    default:
      return null
  }
}

type Place = { channel: string | null; thread: string | null; where: "direct" | "shared"; origin: Origin | null; messageId: string }

function placeOf(body: Body, own: string | null): Place | null {
  const container = bodyIn(body, "container")
  const view = bodyIn(body, "view")
  switch (textIn(container, "type")) {
    case "message":
      return messagePlace(body, container, own)
    case "view": {
      const viewId = idIn(container, "view_id") ?? idIn(view, "id")
      if (viewId === null || textIn(view, "type") !== "home") return null
      // Where the conversation is not known yet, the core must not remember the user's id in place of one that it knows.
      return { channel: own, thread: null, where: own === null ? "shared" : "direct", origin: { kind: "home" }, messageId: viewId }
    }
    default:
      return null
  }
}

function messagePlace(body: Body, container: Body | null, own: string | null): Place | null {
  const channel = idIn(container, "channel_id") ?? idIn(bodyIn(body, "channel"), "id")
  const ts = idIn(container, "message_ts")
  if (channel === null || ts === null) return null
  const thread = idIn(container, "thread_ts") ?? idIn(bodyIn(body, "message"), "thread_ts")
  const ephemeral = isTrueIn(container, "is_ephemeral")
  const responseUrl = textIn(body, "response_url")
  // Slack shows an ephemeral answer in any conversation, also in one between two people; a lasting message with buttons only in the bot's own.
  const isDirect = ephemeral ? channel === own : channel.startsWith("D")
  const origin: Origin | null = !ephemeral ? { kind: "message", channel, ts } : responseUrl === null ? null : { kind: "ephemeral", responseUrl }
  return {
    channel: isDirect ? channel : own,
    thread: isDirect && thread !== ts ? thread : null,
    where: isDirect ? "direct" : "shared",
    origin,
    messageId: `${channel}/${ts}`,
  }
}
