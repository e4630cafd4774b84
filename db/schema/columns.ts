// Column shapes every room shares. School first in every key; times are instants, dates are the school's own days.
import { customType, timestamp, uuid } from "drizzle-orm/pg-core"

export const schoolId = () => uuid("school_id").notNull()
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" })

/** Sealed words and tokens: written and read through `db/words.ts` alone. */
export const sealed = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" })
