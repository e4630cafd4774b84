import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core"
import { at, schoolId, sealed } from "./columns.ts"

/** What a vendor gave a workspace's installation, sealed; the workspace's own row says whose it is. `version` goes up with each. */
export const token = pgTable(
  "token",
  {
    schoolId: schoolId(),
    platform: text().notNull(),
    tenant: text().notNull(),
    version: integer().notNull(),
    sealed: sealed("sealed").notNull(),
    changedAt: at("changed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.schoolId, t.platform, t.tenant] })],
)
