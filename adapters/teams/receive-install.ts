// Installed for somebody, and removed: told once or twice by Teams, in one way or the other, and heard once.
// Refuses to take an admin who installs it for somebody for that somebody, and to hear who comes and goes in teams and group chats: the bot speaks with one person at a time.

import { type Body, textIn } from "../../src/platform/body.ts"
import type { Happening } from "../../src/platform/event.ts"
import { bodiesIn, entraIdIn } from "./narrow.ts"
import { answered, botOf, type Context, contextOf, directOf, eventOf, lacksContext, senderOf } from "./receive-context.ts"
import { ignored, type Known, type Received } from "./reply.ts"
import { conversationIn } from "./route.ts"

/** conversationUpdate: the bot's coming may be told by the members added alone; its going is told by the installation. */
export function receivedMembers(activity: Body, known: Known): Received {
  const bot = botOf(activity)
  const added = bodiesIn(activity, "membersAdded")
  const removed = bodiesIn(activity, "membersRemoved")
  if (added.length === 0 && removed.length === 0) return ignored("other_update")
  // The person is in the list beside the bot; who installed it for them may be somebody else.
  const person = [...added, ...removed].map((member) => entraIdIn(member, "aadObjectId")).find((user) => user !== null)
  const context = contextOf(activity, known, person ?? senderOf(activity))
  if (context?.where === "shared") return ignored("members_of_team")
  if (context === null) return lacksContext(activity)
  const isBot = (member: Body): boolean => bot !== null && textIn(member, "id") === bot
  if (added.some(isBot)) return arrived(activity, context, known, person !== undefined)
  return { kind: "ignored", why: removed.some(isBot) ? "told_by_installation" : "members", ...(removed.length > 0 ? {} : directOf(context)) }
}

/** installationUpdate. */
export function receivedInstallation(activity: Body, known: Known): Received {
  const context = contextOf(activity, known)
  if (context?.where === "shared") return ignored("installed_in_team")
  if (context === null) return lacksContext(activity)
  switch (textIn(activity, "action")) {
    case "add":
      return arrived(activity, context, known, false)
    case "add-upgrade":
    case "remove-upgrade":
      return { kind: "ignored", why: "upgraded", ...directOf(context) }
    case "remove":
      return isAnothers(context, known) ? ignored("of_another") : happened("left", activity, context)
    default:
      return ignored("unknown_installation")
  }
}

/**
 * Both tellings come by the same conversation. `isNamed`: the person is told beside the bot; who is only its sender, and has another conversation, has
 * installed it for somebody else.
 */
function arrived(activity: Body, context: Context, known: Known, isNamed: boolean): Received {
  const isKnown = known.direct(context.tenant, context.user) !== null
  if (!isAnothers(context, known))
    return isKnown ? { kind: "ignored", why: "told_before", ...directOf(context) } : happened("arrived", activity, context)
  return isNamed ? happened("arrived", activity, context) : ignored("of_another")
}

const isAnothers = ({ tenant, user, conversationId }: Context, known: Known): boolean => {
  const route = known.direct(tenant, user)
  return route !== null && conversationIn(route) !== conversationId
}

/** Neither has an id that can be counted on; told again it has the same time. */
function happened(kind: "arrived" | "left", activity: Body, context: Context): Received {
  const { conversationId, activityId, at } = context
  const time = textIn(activity, "timestamp") === null ? activityId : at.toISOString()
  if (time === null) return ignored("incomplete")
  const happening: Happening = { kind }
  return answered(context, { as: "message", event: { ...eventOf(context, `${kind}/${conversationId}/${time}`), ...happening } })
}
