import { sql } from "drizzle-orm"
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

/**
 * A message that is owed: a kind and ids, never words; it is composed at send. `platform` is null where the person has no account,
 * and the row is then refused at once (`no_account`). `urgent` is safety: no quiet hours, no budget, repeated when uncertain.
 */
export const delivery = pgTable(
  "delivery",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    kind: text().notNull(),
    dedupeKey: text("dedupe_key").notNull(),
    personId: uuid("person_id").notNull(),
    subjectId: uuid("subject_id"),
    detail: jsonb().notNull().default({}),
    urgent: boolean().notNull().default(false),
    platform: text(),
    tenant: text(),
    userId: text("user_id"),
    dueAt: at("due_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    state: text().notNull().default("planned"),
    attempt: integer().notNull().default(0),
    leaseUntil: at("lease_until"),
    firstAttemptAt: at("first_attempt_at"),
    route: text(),
    messageId: text("message_id"),
    failure: text(),
    settledAt: at("settled_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("delivery_once").on(t.schoolId, t.dedupeKey),
    index("delivery_due").on(t.schoolId, t.platform, t.tenant, t.dueAt).where(sql`state = 'planned'`),
    index("delivery_leased").on(t.schoolId, t.leaseUntil).where(sql`state = 'sending'`),
    index("delivery_subject").on(t.schoolId, t.subjectId, t.kind),
    index("delivery_person").on(t.schoolId, t.personId, t.settledAt),
    check("delivery_state", sql`${t.state} in ('planned', 'sending', 'sent', 'refused', 'unknown', 'expired')`),
  ],
)
