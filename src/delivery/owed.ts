/** Every message the bot owes somebody, by kind; its letter (who composes it) is bound in `app.ts`, complete by type. */
export type DeliveryKind =
  | "welcome"
  | "prompt"
  | "reminder"
  | "read_receipt"
  | "line"
  | "reach_out"
  | "reach_out_news"
  | "reading_list"
  | "brief"
  | "safety_resources"
  | "safety_alert"
  | "notice"
  | "workspace_paused"

/** `dedupeKey` is what makes it owed once. Times in; ids and codes only, never words. */
export type Owed = {
  kind: DeliveryKind
  dedupeKey: string
  personId: string
  subjectId?: string
  detail?: Readonly<Record<string, string | number | boolean>>
  urgent?: boolean
  dueAt: Date
  expiresAt: Date
}
