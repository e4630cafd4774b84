import { sql } from "drizzle-orm"
import { boolean, check, date, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

export const school = pgTable("school", {
  id: uuid().primaryKey(),
  name: text().notNull(),
  language: text().notNull().default("en"),
  createdAt: at("created_at").notNull(),
  /**
   * Counts up whenever a site, a term, a day off, a setting, a staff role, a tie, an adult's absence, or a person's name, status or role changes: what
   * was read of these holds until then. Kept by triggers.
   */
  version: integer().notNull().default(0),
})

/** What a school changed from mission's defaults; keys and shapes are `src/roster/settings.ts`. */
export const setting = pgTable(
  "setting",
  { schoolId: schoolId(), key: text().notNull(), value: jsonb().notNull(), changedAt: at("changed_at").notNull() },
  (t) => [primaryKey({ columns: [t.schoolId, t.key] })],
)

export const site = pgTable(
  "site",
  { schoolId: schoolId(), id: uuid().notNull(), sourcedId: text("sourced_id").notNull(), name: text().notNull(), zone: text().notNull() },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), unique("site_sourced").on(t.schoolId, t.sourcedId)],
)

export const term = pgTable(
  "term",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    sourcedId: text("sourced_id").notNull(),
    title: text().notNull(),
    starts: date({ mode: "string" }).notNull(),
    ends: date({ mode: "string" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), unique("term_sourced").on(t.schoolId, t.sourcedId)],
)

/** A day on which students or staff are off, beside Saturdays and Sundays. source: ics, typed or closed (a snow day). */
export const dayOff = pgTable(
  "day_off",
  {
    schoolId: schoolId(),
    siteId: uuid("site_id").notNull(),
    date: date({ mode: "string" }).notNull(),
    students: boolean().notNull(),
    staff: boolean().notNull(),
    reason: text().notNull(),
    source: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.siteId, t.date] }), check("day_off_source", sql`${t.source} in ('ics', 'typed', 'closed')`)],
)

/**
 * `stoppedAt`: they typed stop. `pausedUntil`: no prompts before that day. Consent none: no message, nothing stored. `zone` and `chatLanguage`
 * are what their chat says of them, where it is not their site's zone: no roster import touches these two.
 */
export const person = pgTable(
  "person",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    sourcedId: text("sourced_id").notNull(),
    role: text().notNull(),
    givenName: text("given_name").notNull(),
    familyName: text("family_name").notNull(),
    preferredName: text("preferred_name"),
    pronouns: text(),
    email: text(),
    grade: text(),
    language: text(),
    siteId: uuid("site_id").notNull(),
    status: text().notNull().default("active"),
    consent: text().notNull().default("none"),
    consentAt: at("consent_at"),
    stoppedAt: at("stopped_at"),
    pausedUntil: date("paused_until", { mode: "string" }),
    zone: text(),
    chatLanguage: text("chat_language"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("person_sourced").on(t.schoolId, t.sourcedId),
    index("person_email").on(t.schoolId, sql`lower(btrim(${t.email}))`),
    check("person_role", sql`${t.role} in ('student', 'staff')`),
    check("person_status", sql`${t.status} in ('active', 'ended')`),
    check("person_consent", sql`${t.consent} in ('none', 'school', 'parent', 'own')`),
  ],
)

export const staffRole = pgTable("staff_role", { schoolId: schoolId(), personId: uuid("person_id").notNull(), role: text().notNull() }, (t) => [
  primaryKey({ columns: [t.schoolId, t.personId, t.role] }),
  check("staff_role_role", sql`${t.role} in ('counsellor', 'principal', 'admin')`),
])

export const schoolGroup = pgTable(
  "school_group",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    sourcedId: text("sourced_id").notNull(),
    siteId: uuid("site_id").notNull(),
    title: text().notNull(),
    kind: text().notNull(),
    status: text().notNull().default("active"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("school_group_sourced").on(t.schoolId, t.sourcedId),
    check("school_group_kind", sql`${t.kind} in ('advisory', 'class')`),
    check("school_group_status", sql`${t.status} in ('active', 'ended')`),
  ],
)

/**
 * What the roster last said of who learns or teaches in a group; memberships and ties follow from these rows. `fromDate` and
 * `toDate` are the roster's own, null where it is silent; `since` is the day the row was first seen.
 */
export const enrolment = pgTable(
  "enrolment",
  {
    schoolId: schoolId(),
    sourcedId: text("sourced_id").notNull(),
    groupId: uuid("group_id").notNull(),
    personId: uuid("person_id").notNull(),
    role: text().notNull(),
    lead: boolean().notNull().default(false),
    fromDate: date("from_date", { mode: "string" }),
    toDate: date("to_date", { mode: "string" }),
    since: date({ mode: "string" }).notNull(),
    status: text().notNull().default("active"),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.sourcedId] }),
    index("enrolment_group").on(t.schoolId, t.groupId),
    check("enrolment_role", sql`${t.role} in ('student', 'teacher')`),
    check("enrolment_status", sql`${t.status} in ('active', 'ended')`),
  ],
)

/** `toDate` is the last day; null while current. */
export const membership = pgTable(
  "membership",
  {
    schoolId: schoolId(),
    groupId: uuid("group_id").notNull(),
    studentId: uuid("student_id").notNull(),
    fromDate: date("from_date", { mode: "string" }).notNull(),
    toDate: date("to_date", { mode: "string" }),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.groupId, t.studentId, t.fromDate] }), index("membership_student").on(t.schoolId, t.studentId)],
)

/** An adult's link to a student. An advisor tie reads words from `fromDate` on; a class tie never does. `lead`: asked first. */
export const tie = pgTable(
  "tie",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    studentId: uuid("student_id").notNull(),
    adultId: uuid("adult_id").notNull(),
    kind: text().notNull(),
    groupId: uuid("group_id"),
    lead: boolean().notNull().default(false),
    source: text().notNull(),
    fromDate: date("from_date", { mode: "string" }).notNull(),
    toDate: date("to_date", { mode: "string" }),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.id] }),
    unique("tie_once").on(t.schoolId, t.studentId, t.adultId, t.kind, t.groupId, t.fromDate).nullsNotDistinct(),
    index("tie_adult").on(t.schoolId, t.adultId),
    check("tie_kind", sql`${t.kind} in ('advisor', 'class')`),
    check("tie_source", sql`${t.source} in ('roster', 'caseload')`),
  ],
)

/** Who answers for an adult meanwhile; both days included. */
export const away = pgTable(
  "away",
  {
    schoolId: schoolId(),
    id: uuid().notNull(),
    adultId: uuid("adult_id").notNull(),
    coverId: uuid("cover_id").notNull(),
    fromDate: date("from_date", { mode: "string" }).notNull(),
    untilDate: date("until_date", { mode: "string" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.id] }), index("away_adult").on(t.schoolId, t.adultId)],
)

/**
 * Where a person's account can be written to: the one they chose, else the one used last. `chosenAt` is on one of a person's at most.
 * `trouble` is a vendor's code, for IT.
 */
export const address = pgTable(
  "address",
  {
    schoolId: schoolId(),
    platform: text().notNull(),
    tenant: text().notNull(),
    userId: text("user_id").notNull(),
    personId: uuid("person_id").notNull(),
    route: text(),
    usedAt: at("used_at"),
    chosenAt: at("chosen_at"),
    trouble: text(),
    troubleAt: at("trouble_at"),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.platform, t.tenant, t.userId] }), index("address_person").on(t.schoolId, t.personId)],
)

/**
 * An account that the app was installed for, or that wrote, and that is nobody's yet, where the vendor lists nobody: looked up again until it is
 * somebody's or gone. `greet`: it was installed for them, and nobody has said hello. Ids only, never a word of theirs.
 */
export const newcomer = pgTable(
  "newcomer",
  {
    schoolId: schoolId(),
    platform: text().notNull(),
    tenant: text().notNull(),
    userId: text("user_id").notNull(),
    route: text(),
    greet: boolean().notNull(),
    at: at("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.platform, t.tenant, t.userId] })],
)
