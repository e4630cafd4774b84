// Whose activity it is, where it happened and how to answer there: what every kind has in common.
// Refuses to say what happened.

import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { entraIdIn, idIn, timeIn } from "./narrow.ts"
import { type Direct, ignored, type Known, type Origin, type Received, type TakenAs } from "./reply.ts"
import { messageIdOf, routeTo, routeToUser } from "./route.ts"

/** `activityId` is null only where the kind has none. */
export type Context = {
  tenant: string
  user: string
  serviceUrl: string
  botId: string
  conversationId: string
  activityId: string | null
  /** The message that was answered or whose button was pressed. */
  replyToId: string | null
  where: "direct" | "shared"
  /** The personal conversation, where it is this one or known. */
  route: string | null
  at: Date
}

/** Null where something is missing that every activity has. `user` is whoever sent it, unless somebody else is named. */
export function contextOf(activity: Body, known: Known, user: string | null = senderOf(activity)): Context | null {
  const conversation = bodyIn(activity, "conversation")
  const conversationId = idIn(conversation, "id")
  const tenant = entraIdIn(conversation, "tenantId") ?? entraIdIn(bodyIn(bodyIn(activity, "channelData"), "tenant"), "id")
  const serviceUrl = textIn(activity, "serviceUrl")
  const botId = botOf(activity)
  if (conversationId === null || tenant === null || serviceUrl === null || botId === null || user === null) return null
  const where = isDirect(conversation, conversationId) ? "direct" : "shared"
  return {
    ...{ tenant, user, serviceUrl, botId, conversationId, where },
    activityId: idIn(activity, "id"),
    replyToId: idIn(activity, "replyToId"),
    route: where === "direct" ? routeTo({ serviceUrl, conversationId, botId }) : known.direct(tenant, user),
    at: timeIn(activity, "timestamp") ?? known.now,
  }
}

export const senderOf = (activity: Body): string | null => entraIdIn(bodyIn(activity, "from"), "aadObjectId")

/** The bot's own id, as whom an activity comes to. */
export const botOf = (activity: Body): string | null => idIn(bodyIn(activity, "recipient"), "id")

/** A conversation between two people is personal too, and its id says so; a personal one with a bot begins with `a:`. */
const isDirect = (conversation: Body | null, id: string): boolean => {
  const type = textIn(conversation, "conversationType")
  return (type === null ? id.startsWith("a:") : type === "personal") && !id.endsWith("@unq.gbl.spaces")
}

/** Why an activity has no context: nobody is named, or it is not whole. */
export const lacksContext = (activity: Body): Received => ignored(senderOf(activity) === null ? "no_account" : "incomplete")

export const directOf = ({ where, tenant, user, route }: Context): { direct?: Direct } =>
  where === "direct" && route !== null ? { direct: { tenant, user, route } } : {}

/** What every event says of itself. `id` is unique in the tenant. */
export const eventOf = ({ at, tenant, user, route, where }: Context, id: string): Omit<InboundEvent, "kind"> => ({
  id,
  at,
  from: { account: { platform: "teams", tenant, user }, route: route ?? routeToUser(user) },
  where,
})

/** A message's id says when it was written, to the millisecond: two people's may be the same, so the conversation stands before it. */
export const ownIdOf = ({ conversationId }: Context, activityId: string): string => messageIdOf(conversationId, activityId)

type Particular = { as: TakenAs; event: InboundEvent; typed?: string; origin?: Origin | null }

export const answered = (context: Context, { as, event, typed, origin = null }: Particular): Received => {
  const { tenant, user, route, serviceUrl, botId, conversationId, activityId, where } = context
  return {
    kind: "event",
    event,
    reply: { tenant, user, route, serviceUrl, botId, conversationId, activityId, as, origin, where, typed: typed ?? null },
  }
}
