// The few calls to Teams that we make, by the SDK's client; each is one request. Throws `DeliveryFailure`, nothing else.
// Refuses an address that is not Teams'.

import type { ConnectorClient } from "botframework-connector"
import type { Activity, ConversationParameters } from "botframework-schema"
import { type Body, isBody } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { failureOf, ofOnePerson } from "./failures.ts"
import type { Framework } from "./framework.ts"
import { idIn } from "./narrow.ts"
import type { Rendered } from "./render.ts"
import type { Origin } from "./reply.ts"
import type { Place } from "./route.ts"
import { allows, type ServiceUrls } from "./service-urls.ts"

type At = Pick<Place, "serviceUrl" | "botId">
type Who = { tenant: string; user: string }

export type Connector = {
  /** The id of the activity that it became. */
  post(place: Place, to: Who, activity: Rendered): Promise<string>
  update(place: At, to: Who, origin: Origin, activity: Rendered): Promise<void>
  /** The id of the bot's own conversation with somebody who has it. */
  open(at: At, to: Who): Promise<string>
  /** Somebody as a conversation's member; null where they are none. */
  member(place: Place, user: string): Promise<Body | null>
}

export function createConnector(framework: Pick<Framework, "clientAt">, urls: ServiceUrls): Connector {
  async function calling<Result>(serviceUrl: string, call: (client: ConnectorClient) => Promise<Result>): Promise<Result> {
    if (!allows(urls, serviceUrl)) throw new DeliveryFailure({ reason: "unreachable", detail: "foreign_service_url" })
    try {
      return await call(await framework.clientAt(serviceUrl))
    } catch (error) {
      throw new DeliveryFailure(failureOf(error))
    }
  }

  /** Teams said yes, and not to what: it may well be there. */
  function named(answer: unknown): string {
    const id = isBody(answer) ? idIn(answer, "id") : null
    if (id === null) throw new DeliveryFailure({ reason: "uncertain", detail: "no_receipt" })
    return id
  }

  return {
    post: (place, to, activity) =>
      calling(place.serviceUrl, async ({ conversations }) =>
        named(await conversations.sendToConversation(place.conversationId, whole(activity, place, to))),
      ),
    async update(at, to, { conversationId, activityId }, activity) {
      await calling(at.serviceUrl, ({ conversations }) =>
        conversations.updateActivity(conversationId, activityId, { ...whole(activity, { ...at, conversationId }, to), id: activityId }),
      )
    },
    open: ({ serviceUrl, botId }, { tenant, user }) =>
      calling(serviceUrl, async ({ conversations }) => {
        // Teams knows people by Entra's id alone; the types want a name besides.
        const asked = {
          isGroup: false,
          bot: { id: botId, name: "" },
          members: [{ id: user, name: "" }],
          tenantId: tenant,
          channelData: { tenant: { id: tenant } },
        }
        return named(await conversations.createConversation(asked as unknown as ConversationParameters))
      }),
    async member({ serviceUrl, conversationId }, user) {
      try {
        return await calling(serviceUrl, async ({ conversations }) => ({ ...(await conversations.getConversationMember(conversationId, user)) }))
      } catch (error) {
        const failure = failureOf(error)
        // Whoever blocked the bot is still somebody.
        if (failure.reason === "unreachable" && !ofOnePerson.includes(failure.detail)) return null
        throw error
      }
    },
  }
}

/** Teams finds a person by these; without the tenant some of its regions answer 403. */
const whole = (activity: Rendered, { botId, conversationId }: Place, { tenant, user }: Who): Partial<Activity> & Rendered => ({
  ...activity,
  channelId: "msteams",
  from: { id: botId, name: "" },
  recipient: { id: user, name: "", aadObjectId: user },
  conversation: { id: conversationId, isGroup: false, conversationType: "personal", name: "", tenantId: tenant },
  channelData: { tenant: { id: tenant } },
})
