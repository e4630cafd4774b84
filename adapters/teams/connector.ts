// The few calls to Teams that we make, by the SDK's client; each is one request. Throws `DeliveryFailure`, nothing else.
// Refuses an address that is not Teams'.
import type { Activity, ConversationParameters } from "botbuilder"
import type { ConnectorClient } from "botframework-connector"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { failureOf } from "./failures.ts"
import type { Framework } from "./framework.ts"
import { type Body, idIn, isBody } from "./narrow.ts"
import type { Rendered } from "./render.ts"
import type { Origin } from "./reply.ts"
import type { Place } from "./route.ts"
import { allows, type ServiceUrls } from "./service-urls.ts"

export type Connector = {
  /** The id of the activity that it became. */
  post(place: Place, activity: Rendered): Promise<string>
  update(place: Pick<Place, "serviceUrl" | "botId">, origin: Origin, activity: Rendered): Promise<void>
  /** The id of the bot's own conversation with somebody who has it. */
  open(at: Pick<Place, "serviceUrl" | "botId">, who: { tenant: string; user: string }): Promise<string>
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
    post: ({ serviceUrl, conversationId, botId }, activity) =>
      calling(serviceUrl, async ({ conversations }) =>
        named(await conversations.sendToConversation(conversationId, whole(activity, conversationId, botId))),
      ),
    async update({ serviceUrl, botId }, { conversationId, activityId }, activity) {
      await calling(serviceUrl, ({ conversations }) =>
        conversations.updateActivity(conversationId, activityId, { ...whole(activity, conversationId, botId), id: activityId }),
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
        if (failure.reason === "unreachable") return null
        throw error
      }
    },
  }
}

const whole = (activity: Rendered, conversationId: string, botId: string): Partial<Activity> & Rendered => ({
  ...activity,
  channelId: "msteams",
  from: { id: botId, name: "" },
  conversation: { id: conversationId, isGroup: false, conversationType: "personal", name: "" },
})
