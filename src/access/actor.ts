import type { PersonCard } from "../../db/queries/people.ts"
import type { Account } from "../platform/account.ts"
import type { Language } from "../words/phrasebook.ts"

export type StaffRole = "counsellor" | "principal" | "admin"

/** Who stands behind an account, loaded from rows at each event: never from what a button carried. */
export type Actor = {
  schoolId: string
  personId: string
  role: "student" | "staff"
  staffRoles: readonly StaffRole[]
  name: string
  language: Language
  siteId: string
  zone: string
  consent: "none" | "school" | "parent" | "own"
  /** Their row as this event found it. */
  card: PersonCard
  account: Account
}
