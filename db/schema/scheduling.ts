import { sql } from "drizzle-orm"
import { boolean, check, date, index, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

/** One plan a group. `rhythm` holds what the group changed from the school's; no prompt is planned before `since`. */
export const plan = pgTable(
  "plan",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    groupId: uuid("group_id").notNull(),
    active: boolean().notNull(),
    since: at("since").notNull(),
    rhythm: jsonb().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), unique("plan_group").on(t.schoolId, t.groupId)],
)

/**
 * One student's prompt of one week. `state` is open, answered, skipped or closed; `outcome` says what a closed one counts as:
 * missed, ours (the answer before it was never read) or no_chance (not delivered, paused, open too short).
 */
export const occurrence = pgTable(
  "occurrence",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    planId: uuid("plan_id").notNull(),
    groupId: uuid("group_id").notNull(),
    studentId: uuid("student_id").notNull(),
    localDate: date("local_date", { mode: "string" }).notNull(),
    week: date({ mode: "string" }).notNull(),
    opensAt: at("opens_at").notNull(),
    remindAt: at("remind_at"),
    closesAt: at("closes_at").notNull(),
    firstPrompt: text("first_prompt"),
    secondPrompt: text("second_prompt"),
    why: jsonb(),
    state: text().notNull().default("open"),
    outcome: text(),
    answeredAt: at("answered_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("occurrence_once").on(t.schoolId, t.planId, t.studentId, t.localDate),
    unique("occurrence_once_a_week").on(t.schoolId, t.studentId, t.week),
    index("occurrence_closing").on(t.schoolId, t.closesAt).where(sql`state = 'open'`),
    check("occurrence_state", sql`${t.state} in ('open', 'answered', 'skipped', 'closed')`),
    check("occurrence_outcome", sql`${t.outcome} in ('missed', 'ours', 'no_chance')`),
  ],
)
