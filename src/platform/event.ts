import type { Account, Address, Workspace } from "./account.ts"
import type { Values } from "./form.ts"

/** What a vendor told us. A vendor's redelivery keeps its `id`; the bot's own messages never become events. */
export type InboundEvent = { id: string; at: Date; from: Address; where: "direct" | "shared" } & Happening

export type Happening =
  /** `inReplyTo`: the bot's message in whose thread it was written. */
  | { kind: "said"; messageId: string; text: string; inReplyTo?: string }
  | { kind: "edited"; messageId: string; text: string }
  | { kind: "deleted"; messageId: string }
  | { kind: "pressed"; action: string; target: string; value: string | null; messageId: string }
  | { kind: "submitted"; action: string; target: string; values: Values }
  /**
   * `about`: the first account that the text mentions, as the vendor names it; the text keeps no trace of the mention.
   * `typing`: the text may be unfinished, and comes again with each letter.
   */
  | { kind: "commanded"; command: string; text: string; about?: Account; typing?: true }
  | { kind: "opened_home" }
  | { kind: "arrived" }
  | { kind: "left" }
  | { kind: "disconnected"; workspace: Workspace }
