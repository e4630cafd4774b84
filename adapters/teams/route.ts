// Decides how a conversation is written down so that it can be found again after a restart, and what a message is called.
// Refuses to trust what was written down: what is not wholly a conversation of Teams' is written to by nobody.

import { isBody, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { idIn } from "./narrow.ts"
import { allows, type ServiceUrls } from "./service-urls.ts"

/** A conversation, the address of Teams that it is reached by, and the bot's own id there. */
export type Place = { serviceUrl: string; conversationId: string; botId: string }

/** The address stands in the route, so that a changed one makes a changed route, which the core keeps. */
export const routeTo = ({ serviceUrl, conversationId, botId }: Place): string => JSON.stringify({ s: serviceUrl, c: conversationId, b: botId })

/** Somebody whose personal conversation is not known, as a shared place tells it: it is opened before anything is sent. The core keeps no such route. */
export const routeToUser = (user: string): string => `user:${user}`

/** Throws `DeliveryFailure` for what `routeTo` never made, and for an address that is not Teams'. */
export function placeOf(route: string, urls: ServiceUrls): Place {
  const place = placeIn(route)
  if (place === null || !allows(urls, place.serviceUrl)) throw new DeliveryFailure({ reason: "unreachable", detail: "no_such_route" })
  return place
}

/** The conversation of a route of ours, wherever it is reached. */
export const conversationIn = (route: string): string | null => placeIn(route)?.conversationId ?? null

function placeIn(route: string): Place | null {
  let value: unknown
  try {
    value = JSON.parse(route)
  } catch {
    return null
  }
  if (!isBody(value)) return null
  const serviceUrl = textIn(value, "s")
  const conversationId = idIn(value, "c")
  const botId = idIn(value, "b")
  return serviceUrl === null || conversationId === null || botId === null ? null : { serviceUrl, conversationId, botId }
}

/** What a message is called everywhere: its own id is unique in its conversation only. */
export const messageIdOf = (conversationId: string, activityId: string): string => `${conversationId}/${activityId}`

/** The two halves of a message's name; null for what is none. */
export function messageIn(messageId: string): { conversationId: string; activityId: string } | null {
  const at = messageId.lastIndexOf("/")
  return at <= 0 || at === messageId.length - 1 ? null : { conversationId: messageId.slice(0, at), activityId: messageId.slice(at + 1) }
}
