// Reads the body of a request into a deed; whatever is not exactly one is refused with a sentence.
import { type Body, isBody } from "../../src/platform/body.ts"
import type { Happening } from "../../src/platform/event.ts"
import type { Chats, Place } from "./chats.ts"
import type { Deed } from "./receive.ts"

export type Parsed = { kind: "deed"; deed: Deed } | { kind: "malformed"; why: string }

/** `workspace` is whose disconnection the vendor could report. */
export function parseDeed(body: unknown, chats: Chats, tenant: string): Parsed {
  if (!isBody(body)) return malformed("The body must be one JSON object.")
  const { id, user, where = "direct", origin = null } = body
  if (typeof id !== "string" || !/^[\w-]{1,100}$/.test(id)) return malformed("`id` must be 1 to 100 letters, digits, - or _.")
  if (typeof user !== "string" || user === "") return malformed("`user` must name a person.")
  if (where !== "direct" && where !== "shared") return malformed("`where` must be direct or shared.")
  if (origin !== null && typeof origin !== "string") return malformed("`origin` must be a message or null.")
  const happening = happeningOf(body, id, user, chats, tenant)
  if (typeof happening === "string") return malformed(happening)
  return {
    kind: "deed",
    deed: { id, user, where: where satisfies Place, origin: happening.kind === "pressed" ? happening.messageId : origin, happening },
  }
}

function happeningOf(body: Body, id: string, user: string, chats: Chats, tenant: string): Happening | string {
  switch (body.kind) {
    case "said": {
      const { text } = body
      if (typeof text !== "string" || text.trim() === "") return "`text` must hold some words."
      return { kind: "said", messageId: `m-${id}`, text }
    }
    case "edited":
    case "deleted": {
      const { messageId, text } = body
      const item = typeof messageId === "string" ? chats.item(messageId) : null
      if (item?.by !== "person" || item.user !== user || item.command || item.deleted) return "`messageId` must be a message of this person's own."
      if (body.kind === "deleted") return { kind: "deleted", messageId: item.id }
      if (typeof text !== "string" || text.trim() === "") return "`text` must hold some words."
      return { kind: "edited", messageId: item.id, text }
    }
    case "pressed": {
      const { action, target, value = null, messageId } = body
      if (typeof action !== "string" || typeof target !== "string" || typeof messageId !== "string")
        return "`action`, `target` and `messageId` must be strings."
      if (value !== null && typeof value !== "string") return "`value` must be a string or null."
      return { kind: "pressed", action, target, value, messageId }
    }
    case "submitted": {
      const { action, target, values } = body
      if (typeof action !== "string" || typeof target !== "string") return "`action` and `target` must be strings."
      if (!isBody(values)) return "`values` must be an object of strings."
      const filled: [string, string][] = []
      for (const [name, value] of Object.entries(values)) {
        if (typeof value !== "string") return "`values` must be an object of strings."
        if (value !== "") filled.push([name, value])
      }
      return { kind: "submitted", action, target, values: Object.fromEntries(filled) }
    }
    case "commanded": {
      const { command, text = "" } = body
      if (typeof command !== "string" || !/^[\p{L}\p{M}\w-]{1,40}$/u.test(command)) return "`command` must be one word without its slash."
      if (typeof text !== "string") return "`text` must be a string."
      return { kind: "commanded", command, text }
    }
    case "opened_home":
    case "arrived":
    case "left":
      return { kind: body.kind }
    case "disconnected":
      return { kind: "disconnected", workspace: { platform: "playground", tenant } }
    default:
      return "`kind` must be a kind of event."
  }
}

const malformed = (why: string): Parsed => ({ kind: "malformed", why })
