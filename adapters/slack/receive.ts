// One payload of Slack's, whatever its kind, as one neutral event and how its answer can be given.
// Refuses to trust a payload's shape: what is not wholly there is ignored with a code, and nothing here throws.
import { isBody, textIn } from "../../src/platform/body.ts"
import { receivedCommand } from "./receive-command.ts"
import { receivedFromEvents } from "./receive-events.ts"
import { receivedPress } from "./receive-press.ts"
import { receivedSubmission } from "./receive-submission.ts"
import type { Known, Received } from "./reply.ts"

export function receivedFrom(body: unknown, known: Known): Received {
  if (!isBody(body)) return { kind: "ignored", why: "no_payload" }
  // The receiver takes these without a signature: whatever else one says, nobody of ours said it.
  if (Object.hasOwn(body, "ssl_check")) return { kind: "ignored", why: "ssl_check" }
  switch (textIn(body, "type")) {
    case "event_callback":
      return receivedFromEvents(body, known)
    case "block_actions":
      return receivedPress(body, known)
    case "view_submission":
      return receivedSubmission(body, known)
    case null:
      return textIn(body, "command") === null ? { kind: "ignored", why: "unknown_type" } : receivedCommand(body, known)
    default:
      return { kind: "ignored", why: "unknown_type" }
  }
}
