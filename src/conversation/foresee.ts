// Decides what is asked about a student before it is known who writes: whoever an account was found to be last, it most likely is again.
// Refuses to answer anybody by a guess: what was asked about somebody else is forgotten.
import type { Tx } from "../../db/client.ts"
import type { PersonCard } from "../../db/queries/people.ts"
import type { Hot, Said } from "../deps.ts"
import type { InboundEvent } from "../platform/event.ts"
import { typedCommand } from "./commands.ts"

/** What the rooms are going to ask about a student who said something. */
export type Ask = (tx: Hot, studentId: string, said: Said, now: Date) => void

export type Foresight = {
  /** Who says words of their own, as far as can be told: the student, else the account; null for whatever else an event is. */
  speaker(event: InboundEvent): string | null
  /** Begins to ask; call what it returns with who it turned out to be. */
  foresee(tx: Tx, event: InboundEvent, now: Date): (person: PersonCard | null) => void
}

const studentsKept = 50_000

export function openForesight(ask: Ask): Foresight {
  const students = new Map<string, string>()
  return {
    speaker(event) {
      const said = spoken(event)
      const account = said && accountOf(said)
      return account && (students.get(account) ?? account)
    },
    foresee(tx, event, now) {
      const said = spoken(event)
      if (said === null) return () => {}
      const account = accountOf(said)
      const guess = students.get(account)
      if (guess !== undefined) ask(tx.ahead, guess, said, now)
      return (person) => {
        const student = person?.active && person.role === "student" ? person.id : undefined
        if (student === guess) return
        tx.forget()
        students.delete(account)
        if (student === undefined) return
        if (students.size >= studentsKept) students.clear()
        students.set(account, student)
        ask(tx.ahead, student, said, now)
      }
    },
  }
}

const accountOf = ({ from: { account } }: Said): string => `${account.platform}/${account.tenant}/${account.user}`

/** Words that, coming from a student, are looked for a place. */
const spoken = (event: InboundEvent): Said | null =>
  event.kind === "said" && event.where === "direct" && typedCommand(event.text, "student") === null ? event : null
