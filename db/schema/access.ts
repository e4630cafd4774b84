import { index, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

/** The audit: who did what to whom, why and when; insert only. `actorId` is null for the bot or a person at the terminal (`via`). */
export const deed = pgTable(
  "deed",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    at: at("at").notNull(),
    actorId: uuid("actor_id"),
    via: text().notNull(),
    act: text().notNull(),
    subjectId: uuid("subject_id"),
    detail: jsonb().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), index("deed_subject").on(t.schoolId, t.subjectId, t.at)],
)

/** A vendor's event acts once. */
export const eventSeen = pgTable(
  "event_seen",
  {
    schoolId: schoolId(),
    platform: text().notNull(),
    tenant: text().notNull(),
    eventId: text("event_id").notNull(),
    at: at("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.platform, t.tenant, t.eventId] })],
)
