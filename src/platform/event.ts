import type { Address, Workspace } from "./account.ts"
import type { Values } from "./form.ts"

/** What a vendor told us. A vendor's redelivery keeps its `id`; the bot's own messages never become events. */
export type InboundEvent = { id: string; at: Date; from: Address; where: "direct" | "shared" } & Happening

export type Happening =
  | { kind: "said"; messageId: string; text: string }
  | { kind: "edited"; messageId: string; text: string }
  | { kind: "deleted"; messageId: string }
  | { kind: "pressed"; action: string; target: string; value: string | null; messageId: string }
  | { kind: "submitted"; action: string; target: string; values: Values }
  | { kind: "commanded"; command: string; text: string }
  | { kind: "opened_home" }
  | { kind: "arrived" }
  | { kind: "left" }
  | { kind: "disconnected"; workspace: Workspace }
