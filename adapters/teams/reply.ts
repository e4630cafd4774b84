import type { InboundEvent } from "../../src/platform/event.ts"

/** What kind of HTTP response an activity takes. */
export type TakenAs = "message" | "execute" | "submit_action" | "task_fetch" | "task_submit" | "query"

/** A message of the bot's, by the two names that Teams asks for. */
export type Origin = { conversationId: string; activityId: string }

/** How the answer to one activity can be given; plain data. */
export type Reply = {
  tenant: string
  user: string
  /** The personal conversation, where the activity came from it or it is known. */
  route: string | null
  serviceUrl: string
  botId: string
  /** Where it was written or pressed, and the activity that it was. */
  conversationId: string
  activityId: string | null
  as: TakenAs
  /** The message whose button was pressed, also through a form. */
  origin: Origin | null
  where: "direct" | "shared"
  /** The words said, for a button that asks for a form in their stead. */
  typed: string | null
}

/** The bot's own personal conversation with somebody, as an activity named it. */
export type Direct = { tenant: string; user: string; route: string }

export type Received =
  | { kind: "event"; event: InboundEvent; reply: Reply }
  /** `why` is a snake_case code; `direct` is worth remembering even so. */
  | { kind: "ignored"; why: string; direct?: Direct }
  /** Answered 501: Teams tells the person that this is not available. */
  | { kind: "unknown_invoke" }

/** What the adapter knows beside the activity. `direct`: the route of the bot's own conversation with somebody. */
export type Known = { direct: (tenant: string, user: string) => string | null; now: Date }

export const ignored = (why: string): Received => ({ kind: "ignored", why })
