// Decides whether an adult may do a deed to a student, from their standing on the day it is asked.
// Refuses to know how the standing was loaded, and what a refusal is worded like: it reads like "no such student".
import type { Actor } from "./actor.ts"

/**
 * What ties an adult to a student today. `advisorSince`: the first day of their advisor tie (their own, or the one they
 * cover for while its adult is away). `classTie`: they teach the student. `entrusted`: the note in question was given to them by hand.
 */
export type Standing = { advisorSince: string | null; classTie: boolean; entrusted?: boolean }

/**
 * read_words: what the student wrote, or adults about them. see_student: name, pronouns, ties, last contact. act: log a hello, take a reach-out.
 * act_on_note: whatever settles one note about the student. raise_note: say that something was noticed.
 */
export type Deed = "read_words" | "see_student" | "see_weeks" | "act" | "act_on_note" | "raise_note"

/** Whether the deed is allowed; for words also from which day on (null: from the first). */
export type Verdict = { allowed: true; since: string | null } | { allowed: false }

const refused: Verdict = { allowed: false }

export function may(actor: Pick<Actor, "role" | "staffRoles">, deed: Deed, standing: Standing): Verdict {
  if (actor.role !== "staff") return refused
  const counsellor = actor.staffRoles.includes("counsellor")
  const advisor = standing.advisorSince !== null
  switch (deed) {
    case "read_words":
      if (counsellor) return { allowed: true, since: null }
      return advisor ? { allowed: true, since: standing.advisorSince } : refused
    case "see_weeks":
    case "act":
      return counsellor || advisor ? { allowed: true, since: null } : refused
    case "act_on_note":
      return counsellor || advisor || (standing.classTie && standing.entrusted === true) ? { allowed: true, since: null } : refused
    case "see_student":
    case "raise_note":
      return counsellor || advisor || standing.classTie ? { allowed: true, since: null } : refused
    default:
      return deed satisfies never
  }
}
