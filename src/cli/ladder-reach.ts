// Decides who of the safety ladder cannot be written to, and says it with what to do. Refuses to know how a message gets there.
import { unreachable } from "../../db/queries/connection.ts"
import type { Scene } from "../deps.ts"

/** A sentence a person, in the ladder's order. With the playground off its addresses reach nobody. */
export async function ladderGaps({ tx, settings }: Pick<Scene, "tx" | "settings">, playground: boolean): Promise<string[]> {
  const steps = settings["safety.ladder"]?.steps ?? []
  const found = new Map(
    (
      await unreachable(
        tx,
        steps.flatMap(({ personIds }) => personIds),
        playground,
      )
    ).map((one) => [one.id, one]),
  )
  return steps.flatMap(({ personIds }, i) =>
    personIds.flatMap((id) => {
      const one = found.get(id)
      if (!one) return []
      const why =
        one.trouble === null
          ? 'no account is known as theirs. While Rapport runs it finds them by e-mail, in Teams once they have the app; else run "rapport link PERSON ACCOUNT"'
          : `their account refuses us (${one.trouble}): let them write to the bot, or run "rapport link PERSON ACCOUNT" with another`
      return [`${one.name}, step ${i + 1} of the ladder, cannot be written to: ${why}`]
    }),
  )
}
