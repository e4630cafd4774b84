import { sql } from "drizzle-orm"
import { check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

/** Words that may mean danger: who has been told (`step`), who is told next (`nextAt`), who said "I have it". */
export const safetyEvent = pgTable(
  "safety_event",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    source: text().notNull(),
    studentId: uuid("student_id"),
    account: text(),
    level: text().notNull(),
    topics: jsonb().notNull(),
    words: sealed("words").notNull(),
    skipped: jsonb().notNull().default([]),
    state: text().notNull().default("open"),
    step: integer().notNull().default(0),
    openedAt: at("opened_at").notNull(),
    nextAt: at("next_at"),
    takenBy: uuid("taken_by"),
    takenAt: at("taken_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("safety_event_once").on(t.schoolId, t.source),
    index("safety_event_next").on(t.schoolId, t.nextAt).where(sql`state = 'open'`),
    index("safety_event_student").on(t.schoolId, t.studentId),
    check("safety_event_level", sql`${t.level} in ('concern', 'urgent')`),
    check("safety_event_state", sql`${t.state} in ('open', 'taken', 'closed')`),
  ],
)
