// A slash command: its name, its words, and the account that it mentions first.
// Refuses to take a conversation between two people for the bot's own.

import { type Body, textIn } from "../../src/platform/body.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { idIn } from "./narrow.ts"
import { actorOf } from "./receive-actor.ts"
import { ignored, type Known, type Received, routeTo } from "./reply.ts"
import { commandWords } from "./words.ts"

export function receivedCommand(body: Body, known: Known): Received {
  const actor = actorOf(body)
  const command = (textIn(body, "command") ?? "").replace(/^\//, "")
  if (actor === null || command === "") return ignored("incomplete")
  const { tenant, user, triggerId } = actor
  const channel = known.dmOf(tenant, user)
  const where = channel !== null && idIn(body, "channel_id") === channel ? "direct" : "shared"
  const { text, about } = commandWords(textIn(body, "text") ?? "")
  const event: InboundEvent = {
    id: triggerId,
    at: known.now,
    from: { account: { platform: "slack", tenant, user }, route: routeTo(channel, user) },
    where,
    kind: "commanded",
    command,
    text,
    ...(about === null ? {} : { about: { platform: "slack", tenant, user: about } }),
  }
  const responseUrl = textIn(body, "response_url")
  return {
    kind: "event",
    event,
    reply: { tenant, user, channel, thread: null, triggerId, responseUrl, origin: null, submission: false, where, typed: null },
  }
}
