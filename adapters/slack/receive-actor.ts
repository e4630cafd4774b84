// Who pressed, submitted or commanded, and the trigger that is this deed's id.
// Refuses to say what they did.
import { type Body, bodyIn } from "../../src/platform/body.ts"
import { idIn, tokenIn } from "./narrow.ts"

export type Actor = { tenant: string; user: string; triggerId: string }

/** Null where one of the three is missing. A command says in flat members what interactivity says in objects. */
export function actorOf(body: Body): Actor | null {
  const person = bodyIn(body, "user")
  const tenant = idIn(bodyIn(body, "team"), "id") ?? idIn(body, "team_id") ?? idIn(person, "team_id")
  const user = idIn(person, "id") ?? idIn(body, "user_id")
  const triggerId = tokenIn(body, "trigger_id")
  return tenant === null || user === null || triggerId === null ? null : { tenant, user, triggerId }
}
