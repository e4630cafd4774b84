// Decides how a message that the bot owes leaves, and how a conversation is opened for it. Refuses to know what it is for.
import type { Account, Address, Receipt } from "../../src/platform/account.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Message } from "../../src/platform/message.ts"
import type { Found } from "../../src/platform/platform.ts"
import type { Connector } from "./connector.ts"
import type { Directs, Reached } from "./directs.ts"
import { failureOf } from "./failures.ts"
import { rendered } from "./render.ts"
import { messageIdOf, placeOf, routeTo, routeToUser } from "./route.ts"
import type { ServiceUrls } from "./service-urls.ts"

export type Mail = {
  /** One request. Throws `DeliveryFailure`. */
  send(to: Address, message: Message, deliveryId: string): Promise<Receipt>
  reach(account: Account): Promise<Address>
  find(to: Address, deliveryId: string, since: Date): Promise<Found>
}

export type MailOptions = {
  connector: Connector
  directs: Directs
  urls: ServiceUrls
  /** Where a tenant is reached that nobody has written from yet, and as whom; null: nowhere. */
  usual: Reached | null
}

export function createMail({ connector, directs, urls, usual }: MailOptions): Mail {
  /** Nothing is said by it: where it is in doubt whether it is open, it is opened again. */
  async function open({ tenant, user }: Account): Promise<string> {
    const known = directs.of(tenant, user)
    if (known !== null) return known
    const reached = directs.reached(tenant) ?? usual
    if (reached === null) throw new DeliveryFailure({ reason: "unreachable", detail: "no_service_url" })
    try {
      const route = routeTo({ ...reached, conversationId: await connector.open(reached, { tenant, user }) })
      directs.keep({ tenant, user, route })
      return route
    } catch (error) {
      const failure = failureOf(error)
      throw new DeliveryFailure(failure.reason === "uncertain" ? { reason: "busy", retryAfterMs: 5_000 } : failure)
    }
  }

  return {
    async send(to, message) {
      // Written from a shared place before their own conversation was known.
      const route = to.route === routeToUser(to.account.user) ? await open(to.account) : to.route
      const place = placeOf(route, urls)
      try {
        const activityId = await connector.post(place, to.account, builtOf(message))
        return { address: { account: to.account, route }, messageId: messageIdOf(place.conversationId, activityId) }
      } catch (error) {
        // It is not there any more: whoever is written to next is asked for anew.
        if (failureOf(error).reason === "unreachable") directs.forget({ ...to.account, route })
        throw error
      }
    },
    async reach(account) {
      return { account, route: await open(account) }
    },
    // Teams has no list of what a bot wrote.
    find: async () => "unknowable",
  }
}

/** What no card can hold is a fault of ours, and is not sent. */
function builtOf(message: Message): ReturnType<typeof rendered> {
  try {
    return rendered(message)
  } catch {
    throw new DeliveryFailure({ reason: "invalid", detail: "not_built" })
  }
}
