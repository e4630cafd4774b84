import type { InboundEvent } from "../../src/platform/event.ts"
import type { Picture } from "./picture.ts"

/** What was pressed, and so what a replacement replaces. */
export type Origin = { kind: "message"; channel: string; ts: string } | { kind: "ephemeral"; responseUrl: string } | { kind: "home" }

/** How the answer to one payload can be given; plain data. */
export type Reply = {
  tenant: string
  user: string
  /** The bot's own direct conversation with the user, where it is known. */
  channel: string | null
  /** `thread_ts` of what was written or pressed: the answer goes there too. */
  thread: string | null
  /** Opens a modal, for three seconds; null for words. */
  triggerId: string | null
  /** Five answers within 30 minutes, seen by the user alone. */
  responseUrl: string | null
  origin: Origin | null
  /** Errors can ride in the acknowledgement. */
  submission: boolean
  where: "direct" | "shared"
  /** The words said, for a button that asks for a form in their stead. */
  typed: string | null
}

/** The bot's own direct conversation with somebody, as a payload named it. */
export type Direct = { tenant: string; user: string; channel: string }

export type Received =
  | { kind: "event"; event: InboundEvent; reply: Reply }
  /** A press that is the adapter's own: nothing of it reaches the core. `id` is the press's. */
  | { kind: "picture"; id: string; picture: Picture; reply: Reply }
  /** `why` is a snake_case code; `direct` is worth remembering even so. */
  | { kind: "ignored"; why: string; direct?: Direct }

/** What the adapter knows beside the payload. `dmOf`: the bot's own direct conversation with a user. */
export type Known = { dmOf: (tenant: string, user: string) => string | null; now: Date }

export const ignored = (why: string): Received => ({ kind: "ignored", why })

/** The bot's own direct conversation, or the user: chat.postMessage takes both. */
export const routeTo = (channel: string | null, user: string): string => channel ?? `user:${user}`
