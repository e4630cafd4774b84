// Decides whether an adult may do a deed to a student, from their standing on the day it is asked.
// Refuses to know how the standing was loaded, and what a refusal is worded like: it reads like "no such student".
import type { Actor } from "./actor.ts"

/**
 * What ties an adult to a student today. `advisorSince`: the first day of their advisor tie (their own, or the one they
 * cover for while its adult is away). `classTie`: they teach the student.
 */
export type Standing = { advisorSince: string | null; classTie: boolean }

/** read_words: what the student wrote. see_student: name, pronouns, ties, last contact. act: log a hello, close an alert, take a reach-out. */
export type Deed = "read_words" | "see_student" | "see_weeks" | "act"

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
    case "see_student":
      return counsellor || advisor || standing.classTie ? { allowed: true, since: null } : refused
    default:
      return deed satisfies never
  }
}
