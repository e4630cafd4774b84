import { sql } from "drizzle-orm"
import { check, index, integer, pgTable, primaryKey, smallint, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

/** What a student wrote to one prompt, or without one (`occurrenceId` null). `wants` is no, mentor or someone. */
export const reply = pgTable(
  "reply",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    studentId: uuid("student_id").notNull(),
    occurrenceId: uuid("occurrence_id"),
    promptId: text("prompt_id"),
    lens: text(),
    mood: smallint(),
    wants: text(),
    createdAt: at("created_at").notNull(),
    changedAt: at("changed_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("reply_once").on(t.schoolId, t.occurrenceId),
    index("reply_student").on(t.schoolId, t.studentId, t.createdAt),
    check("reply_wants", sql`${t.wants} in ('no', 'mentor', 'someone')`),
    check("reply_mood", sql`${t.mood} between 1 and 5`),
  ],
)

/**
 * A reply is kept as written: its parts are the form (`form`) and each message (its id), and every edit is a new version.
 * Words are null where the student deleted the message.
 */
export const replyPart = pgTable(
  "reply_part",
  {
    schoolId: schoolId(),
    replyId: uuid("reply_id").notNull(),
    part: text().notNull(),
    version: integer().notNull(),
    words: sealed("words"),
    at: at("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.replyId, t.part, t.version] }), index("reply_part_part").on(t.schoolId, t.part)],
)
