import { sql } from "drizzle-orm"
import { boolean, check, date, index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

/** Up to the last answer or skip. */
const engaged = (weeks: string): string => `rtrim(${weeks}, '-omgu.')`
const silent = (weeks: string): string => `substr(${weeks}, length(${engaged(weeks)}) + 1)`
const count = (text: string, letters: string): string => `(length(${text}) - length(translate(${text}, '${letters}', '')))`
// Misses behind the fifth of one silence: long known, they say nothing of the prompts (`groupRate` in src/engagement/detect.ts).
const known = (weeks: string): string =>
  `case when ${count(weeks, "m")} <= 5 then ${weeks} else regexp_replace(${weeks}, '(?<=m[^as]*m[^as]*m[^as]*m[^as]*m[^as]*)m', '-', 'g') end`

/** What the sweep reads of a student's weeks instead of the weeks, as SQL over a text of letters. */
const keptOf = {
  misses: (weeks: string): string => count(silent(weeks), "m"),
  since: (start: string, weeks: string): string => `case when ${engaged(weeks)} <> '' then ${start} + 7 * (length(${engaged(weeks)}) - 1) end`,
  until: (start: string, weeks: string): string => `${start} + 7 * length(${weeks})`,
  answered: (weeks: string): string => count(`right(${weeks}, 6)`, "as"),
  chances: (weeks: string): string => count(`right(${known(weeks)}, 6)`, "asm"),
  netted: (weeks: string): string => count(`right(${weeks}, 6)`, "g"),
} as const

/**
 * One character a week from `start` (a Monday) on, kept on write; the letters are those of `src/engagement/history.ts`. `groupId`: where the student
 * was asked, or would have been, when a week last closed; `asked`: not stopped, and with consent; `told`: the `since` of the silence that a note was last
 * opened about (a week before `start`: of never having started), null where it is not known. The rest follows from the letters, for the sweep:
 * counted `misses` after the last answer or skip, the Monday of which is `since`; `until` is the Monday after the last letter, and of the six weeks before it
 * `answered` and `chances` (as `groupRate` counts them) and how many the net took out.
 */
export const history = pgTable(
  "history",
  {
    schoolId: schoolId(),
    studentId: uuid("student_id").notNull(),
    start: date({ mode: "string" }).notNull(),
    weeks: text().notNull(),
    lastAnsweredAt: at("last_answered_at"),
    groupId: uuid("group_id"),
    asked: boolean().notNull().default(true),
    told: date({ mode: "string" }),
    misses: smallint().generatedAlwaysAs(sql.raw(keptOf.misses("weeks"))),
    since: date({ mode: "string" }).generatedAlwaysAs(sql.raw(keptOf.since("start", "weeks"))),
    until: date({ mode: "string" }).generatedAlwaysAs(sql.raw(keptOf.until("start", "weeks"))),
    answered: smallint().generatedAlwaysAs(sql.raw(keptOf.answered("weeks"))),
    chances: smallint().generatedAlwaysAs(sql.raw(keptOf.chances("weeks"))),
    netted: smallint().generatedAlwaysAs(sql.raw(keptOf.netted("weeks"))),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.studentId] })],
)

/** How a week closed at a site, for the net under the calendar: what was answered of what could be. */
export const siteWeek = pgTable(
  "site_week",
  {
    schoolId: schoolId(),
    siteId: uuid("site_id").notNull(),
    week: date({ mode: "string" }).notNull(),
    answered: integer().notNull(),
    chances: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.siteId, t.week] })],
)

/** What a school's own file says of a student's week: of `due` days or papers, `done` were attended or handed in. The newest file of a week and kind holds. */
export const signal = pgTable(
  "signal",
  {
    schoolId: schoolId(),
    studentId: uuid("student_id").notNull(),
    week: date({ mode: "string" }).notNull(),
    kind: text().notNull(),
    due: smallint().notNull(),
    done: smallint().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.schoolId, t.studentId, t.week, t.kind] }),
    check("signal_kind", sql`${t.kind} in ('attendance', 'submission')`),
    check("signal_done", sql`${t.due} > 0 and ${t.done} between 0 and ${t.due}`),
  ],
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
