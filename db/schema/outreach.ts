import { sql } from "drizzle-orm"
import { check, date, index, integer, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

/**
 * Who is to read a reply, by when, and who did. `stage` is first, second or counsellors (`ownerId` null: the whole list). `handedFrom`: who
 * was away and gave it to the owner.
 * `line` is the adult's one-line reply, sealed as row reply id, version `lineVersion`.
 */
export const reading = pgTable(
  "reading",
  {
    schoolId: schoolId(),
    replyId: uuid("reply_id").notNull(),
    studentId: uuid("student_id").notNull(),
    ownerId: uuid("owner_id"),
    handedFrom: uuid("handed_from"),
    stage: text().notNull(),
    dueAt: at("due_at").notNull(),
    readBy: uuid("read_by"),
    readAt: at("read_at"),
    line: sealed("line"),
    lineVersion: integer("line_version").notNull().default(0),
    lineAt: at("line_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.replyId] }),
    index("reading_unread").on(t.schoolId, t.ownerId).where(sql`read_at is null`),
    index("reading_due").on(t.schoolId, t.dueAt).where(sql`read_at is null`),
    index("reading_student").on(t.schoolId, t.studentId),
    check("reading_stage", sql`${t.stage} in ('first', 'second', 'counsellors')`),
  ],
)

/**
 * A student asked for a person. `asked` is mentor or someone, `toId` whom they picked; `stage` owner or counsellors. `asks`: how often the
 * counsellor list has been asked; 3 is that the principals know too. A reply has one wish that was not withdrawn.
 */
export const reachOut = pgTable(
  "reach_out",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    studentId: uuid("student_id").notNull(),
    replyId: uuid("reply_id"),
    asked: text().notNull(),
    toId: uuid("to_id"),
    ownerId: uuid("owner_id"),
    handedFrom: uuid("handed_from"),
    stage: text().notNull(),
    state: text().notNull().default("open"),
    createdAt: at("created_at").notNull(),
    dueAt: at("due_at").notNull(),
    asks: integer().notNull().default(0),
    answeredBy: uuid("answered_by"),
    answeredAt: at("answered_at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    uniqueIndex("reach_out_once").on(t.schoolId, t.replyId).where(sql`state <> 'withdrawn'`),
    index("reach_out_due").on(t.schoolId, t.dueAt).where(sql`state = 'open'`),
    check("reach_out_asked", sql`${t.asked} in ('mentor', 'someone')`),
    check("reach_out_stage", sql`${t.stage} in ('owner', 'counsellors')`),
    check("reach_out_state", sql`${t.state} in ('open', 'answered', 'withdrawn')`),
  ],
)

/**
 * One hello that happened. `source` is the event that logged it, so that a press counts once. `direction`: out, the adult went to the student, or in,
 * the student came. `about` is null where the adult did not say.
 */
export const contact = pgTable(
  "contact",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    studentId: uuid("student_id").notNull(),
    adultId: uuid("adult_id").notNull(),
    kind: text().notNull(),
    source: text().notNull(),
    at: at("at").notNull(),
    direction: text().notNull().default("out"),
    about: text(),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("contact_once").on(t.schoolId, t.studentId, t.source),
    index("contact_student").on(t.schoolId, t.studentId, t.at),
    index("contact_adult").on(t.schoolId, t.adultId, t.at),
    check("contact_kind", sql`${t.kind} in ('hello', 'reply', 'chat', 'hallway', 'call', 'home')`),
    check("contact_direction", sql`${t.direction} in ('out', 'in')`),
    check("contact_about", sql`${t.about} in ('hello', 'good', 'school', 'problem')`),
  ],
)

/** One brief an adult and week. */
export const brief = pgTable(
  "brief",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    adultId: uuid("adult_id").notNull(),
    week: date({ mode: "string" }).notNull(),
    at: at("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), unique("brief_once").on(t.schoolId, t.adultId, t.week)],
)

/** A name in a brief, and when the hello was said. */
export const briefName = pgTable(
  "brief_name",
  {
    schoolId: schoolId(),
    briefId: uuid("brief_id").notNull(),
    studentId: uuid("student_id").notNull(),
    rank: integer().notNull(),
    doneAt: at("done_at"),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.briefId, t.studentId] }), index("brief_name_student").on(t.schoolId, t.studentId)],
)

/**
 * Asked once a term whether an adult here believes in them. `answer` is null until they say; `until`: they may change it so long. `groupId`: the group
 * it was asked in, and is counted with. No adult sees a row: only counts of five and more leave this table.
 */
export const belief = pgTable(
  "belief",
  {
    schoolId: schoolId(),
    studentId: uuid("student_id").notNull(),
    termId: uuid("term_id").notNull(),
    groupId: uuid("group_id").notNull(),
    answer: text(),
    askedAt: at("asked_at").notNull(),
    until: at("until").notNull(),
    at: at("at"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.studentId, t.termId] }),
    index("belief_term").on(t.schoolId, t.termId),
    check("belief_answer", sql`${t.answer} in ('yes', 'unsure', 'no', 'skip')`),
  ],
)
