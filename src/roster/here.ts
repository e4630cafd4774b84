// Decides where a person is written to from now on: where they said so, whatever they use besides.
// Refuses to move what has been sent, and to write in two places.
import { chooseAddress } from "../../db/queries/roster-choose.ts"
import { record } from "../access/record.ts"
import type { Turn } from "../deps.ts"
import type { PlatformName } from "../platform/account.ts"
import { type Answer, say as answer } from "../platform/answer.ts"
import { message, text } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { say } from "./phrases.ts"

/** What the typed word chooses: this account; whatever waits for another goes here too. */
export async function here(turn: Turn): Promise<Answer> {
  const { tx, schoolId, actor, event, now } = turn
  const { language } = actor
  const { account } = event.from
  const others = await chooseAddress(tx, { schoolId, personId: actor.personId, account, now })
  await record(turn, "address_chosen", actor.personId, { platform: account.platform })
  const [other] = others.filter((one) => one !== account.platform)
  const sentence =
    other === undefined
      ? say(language, "hereOnly")
      : say(language, "hereChosen", { here: placeName(account.platform, language), other: placeName(other, language) })
  return answer(message(sentence, [text(plain(sentence))]))
}

const placeName = (platform: PlatformName, language: Turn["actor"]["language"]): string => {
  switch (platform) {
    case "slack":
      return "Slack"
    case "teams":
      return "Teams"
    case "playground":
      return say(language, "playground")
    default:
      return platform satisfies never
  }
}
