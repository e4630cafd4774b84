// The three tables that are read before the school is known: ids and times only, no row-level security.
import { index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core"
import { at, schoolId } from "./columns.ts"

/** Which school a vendor's tenant belongs to. `paused` holds the vendor's code while it refuses us. */
export const workspace = pgTable("workspace", { platform: text().notNull(), tenant: text().notNull(), schoolId: schoolId(), paused: text() }, (t) => [
  primaryKey({ columns: [t.platform, t.tenant] }),
  index("workspace_school").on(t.schoolId),
])

/** Which person an account is: one account, one person. */
export const account = pgTable(
  "account",
  {
    platform: text().notNull(),
    tenant: text().notNull(),
    userId: text("user_id").notNull(),
    schoolId: schoolId(),
    personId: uuid("person_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.platform, t.tenant, t.userId] }), index("account_person").on(t.schoolId, t.personId)],
)

/** When a school's planner or sweep, or a workspace's lane or enrolment, next has work; kind is plan, sweep, lane or enrol. */
export const wake = pgTable(
  "wake",
  {
    schoolId: schoolId(),
    kind: text().notNull(),
    platform: text().notNull().default(""),
    tenant: text().notNull().default(""),
    nextAt: at("next_at").notNull(),
  },
  (t) => [unique("wake_once").on(t.schoolId, t.kind, t.platform, t.tenant), index("wake_due").on(t.nextAt)],
)
