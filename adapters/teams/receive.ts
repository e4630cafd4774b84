// One activity of Teams', whatever its kind, as one neutral event and how its answer can be given.
// Refuses to trust an activity's shape: what is not wholly there is ignored with a code, and nothing here throws.
import { type Body, bodyIn, textIn } from "../../src/platform/body.ts"
import { idIn } from "./narrow.ts"
import { botOf } from "./receive-context.ts"
import { receivedInstallation, receivedMembers } from "./receive-install.ts"
import { receivedInvoke } from "./receive-invoke.ts"
import { receivedChange, receivedMessage } from "./receive-message.ts"
import { ignored, type Known, type Received } from "./reply.ts"

export function receivedFrom(activity: Body, known: Known): Received {
  const type = textIn(activity, "type")
  // Who came and who went stands in the lists of members, whoever tells of it.
  if (type === "conversationUpdate") return receivedMembers(activity, known)
  if (isBots(activity)) return ignored("own_message")
  switch (type) {
    case "message":
      return receivedMessage(activity, known)
    case "messageUpdate":
    case "messageDelete":
      return receivedChange(activity, known)
    case "invoke":
      return receivedInvoke(activity, known)
    case "installationUpdate":
      return receivedInstallation(activity, known)
    case "messageReaction":
      return ignored("reaction")
    case "typing":
      return ignored("typing")
    case "event":
      return ignored("other_event")
    default:
      return ignored("unknown_type")
  }
}

/** What a bot did, this one or another: `28:` begins every bot's id, and no person's. */
function isBots(activity: Body): boolean {
  const from = bodyIn(activity, "from")
  const id = idIn(from, "id")
  return textIn(from, "role") === "bot" || (id !== null && (id.startsWith("28:") || id === botOf(activity)))
}
