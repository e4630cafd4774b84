import { sql } from "drizzle-orm"
import { check, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

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
 * `stage` is owner, brief (said once more) or counsellors. One open alert per student and kind. `handedAt`: the owner has it by hand, from
 * `handedBy` or (null) off the counsellor list, and not by their tie. `acknowledgedAt`: the owner has said "I have this". `before` is what the last
 * of these two found, for its undo.
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
    handedBy: uuid("handed_by"),
    handedAt: at("handed_at"),
    acknowledgedAt: at("acknowledged_at"),
    before: jsonb(),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    uniqueIndex("alert_open").on(t.schoolId, t.subjectId, t.kind).where(sql`state <> 'closed'`),
    index("alert_owner").on(t.schoolId, t.ownerId).where(sql`state <> 'closed'`),
    index("alert_subject").on(t.schoolId, t.subjectId, t.openedAt),
    check("alert_kind", sql`${t.kind} in ('silence', 'never_started', 'raised', 'group_dip', 'group_never_started', 'prompts_not_working')`),
    check("alert_level", sql`${t.level} in ('alert', 'long')`),
    check("alert_stage", sql`${t.stage} in ('owner', 'brief', 'counsellors')`),
    check("alert_state", sql`${t.state} in ('open', 'snoozed', 'closed')`),
    check("alert_closed_as", sql`${t.closedAs} in ('useful', 'known', 'false', 'answered', 'stopped')`),
  ],
)

/**
 * An adult's part in an alert: who raised it and who owned it before somebody else did (both hear how it ended, `toldAt`), who closed it. `words`: what
 * they noticed, or their note at closing, sealed as row `alertId:personId:role`, version `version`.
 */
export const alertParty = pgTable(
  "alert_party",
  {
    schoolId: schoolId(),
    alertId: uuid("alert_id").notNull(),
    personId: uuid("person_id").notNull(),
    role: text().notNull(),
    at: at("at").notNull(),
    words: sealed("words"),
    version: integer().notNull().default(0),
    toldAt: at("told_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.alertId, t.personId, t.role] }),
    index("alert_party_person").on(t.schoolId, t.personId, t.at),
    check("alert_party_role", sql`${t.role} in ('raised', 'owned', 'closed')`),
  ],
)
