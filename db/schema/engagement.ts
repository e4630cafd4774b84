import { sql } from "drizzle-orm"
import { check, date, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

/** One character a week from `start` (a Monday) on, kept on write; the letters are those of `src/engagement/history.ts`. */
export const history = pgTable(
  "history",
  {
    schoolId: schoolId(),
    studentId: uuid("student_id").notNull(),
    start: date({ mode: "string" }).notNull(),
    weeks: text().notNull(),
    lastAnsweredAt: at("last_answered_at"),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.studentId] })],
)

/**
 * A note to an adult about a student (or, kind group_*, about a group: `subjectId` is then the group). `facts` is its arithmetic.
 * `stage` is owner, brief (said once more) or counsellors. One open alert per student and kind.
 */
export const alert = pgTable(
  "alert",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    subjectId: uuid("subject_id").notNull(),
    kind: text().notNull(),
    level: text().notNull(),
    week: date({ mode: "string" }).notNull(),
    facts: jsonb().notNull(),
    ownerId: uuid("owner_id"),
    stage: text().notNull(),
    state: text().notNull().default("open"),
    openedAt: at("opened_at").notNull(),
    dueAt: at("due_at").notNull(),
    snoozedUntil: date("snoozed_until", { mode: "string" }),
    closedAt: at("closed_at"),
    closedBy: uuid("closed_by"),
    closedAs: text("closed_as"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    uniqueIndex("alert_open").on(t.schoolId, t.subjectId, t.kind).where(sql`state <> 'closed'`),
    index("alert_owner").on(t.schoolId, t.ownerId).where(sql`state <> 'closed'`),
    index("alert_subject").on(t.schoolId, t.subjectId, t.openedAt),
    check("alert_kind", sql`${t.kind} in ('silence', 'never_started', 'group_dip', 'group_never_started', 'prompts_not_working')`),
    check("alert_level", sql`${t.level} in ('alert', 'long')`),
    check("alert_stage", sql`${t.stage} in ('owner', 'brief', 'counsellors')`),
    check("alert_state", sql`${t.state} in ('open', 'snoozed', 'closed')`),
    check("alert_closed_as", sql`${t.closedAs} in ('useful', 'known', 'false', 'answered', 'stopped')`),
  ],
)
