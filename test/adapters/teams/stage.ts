// A stage whose core answers as a test says, and tells what it heard.
import { type Answer, quiet } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { DeliveryFailure, type Failure } from "../../../src/platform/failure.ts"
import { openTeamsStage, type StageOptions, type TeamsStage, teamsPeople } from "../teams-harness.ts"

export type { StageOptions }
export const { avery, jo, guest, without, nobody } = teamsPeople

export type Stage = TeamsStage & {
  events: InboundEvent[]
  /** What the core answers from now on; what it throws refuses the event. */
  answerWith(next: (event: InboundEvent) => Answer | Promise<Answer>): void
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const events: InboundEvent[] = []
  let answer: (event: InboundEvent) => Answer | Promise<Answer> = () => quiet
  const stage = await openTeamsStage(async (event) => {
    events.push(event)
    return answer(event)
  }, options)
  return Object.assign(stage, {
    events,
    answerWith(next: typeof answer) {
      answer = next
    },
  })
}

export const failureOf = async (trying: Promise<unknown>): Promise<Failure> => {
  const error = await trying.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  )
  if (error instanceof DeliveryFailure) return error.failure
  throw error
}
