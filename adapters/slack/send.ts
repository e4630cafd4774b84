// Decides how a message that the bot owes leaves, and how one that may have left is found again. Refuses to know what it is for.
import type { ChatPostMessageArguments, WebClient } from "@slack/web-api"
import type { Account, Address, Receipt } from "../../src/platform/account.ts"
import { bodyIn, isBody, textIn } from "../../src/platform/body.ts"
import { clocksDifferMs } from "../../src/platform/clock.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Message } from "../../src/platform/message.ts"
import type { Found } from "../../src/platform/platform.ts"
import type { Api } from "./api.ts"
import type { Directs } from "./directs.ts"
import { failureOf } from "./failures.ts"
import { idIn } from "./narrow.ts"
import { rendered } from "./render.ts"

export type Mail = {
  /** One request. Throws `DeliveryFailure`. */
  send(to: Address, message: Message, deliveryId: string): Promise<Receipt>
  reach(account: Account): Promise<Address>
  find(to: Address, deliveryId: string, since: Date): Promise<Found>
}

/** Nothing that we write is read as a mention, a link or a channel's name, and nothing is fetched to be shown beside it. */
export const inert = { unfurl_links: false, unfurl_media: false, link_names: false, parse: "none" } as const

const eventType = "rapport_delivery"
/** What an app outside the Marketplace is given at most. */
const pageSize = 15
const mostPages = 4

export function createMail(api: Api, directs: Directs): Mail {
  async function calling<Result>(account: Account, call: (client: WebClient) => Promise<Result>): Promise<Result> {
    const client = await api.client(account.tenant)
    try {
      return await call(client)
    } catch (error) {
      throw new DeliveryFailure(failureOf(error))
    }
  }

  /** The direct conversation with somebody; asked for at most once a process. */
  async function open(account: Account): Promise<string> {
    const known = directs.of(account.tenant, account.user)
    if (known !== null) return known
    return calling(account, async (client) => {
      const { channel } = await client.conversations.open({ users: account.user })
      const id = channel?.id
      if (id === undefined) throw new DeliveryFailure({ reason: "unreachable", detail: "no_channel" })
      directs.keep({ ...account, channel: id })
      return id
    })
  }

  return {
    send: (to, message, deliveryId) =>
      calling(to.account, async (client) => {
        const args: ChatPostMessageArguments = {
          channel: channelIn(to),
          ...rendered(message),
          ...inert,
          metadata: { event_type: eventType, event_payload: { delivery_id: deliveryId } },
        }
        const { channel, ts } = await client.chat.postMessage(args)
        // Slack said yes, and not to what: it is there, and can be found.
        if (channel === undefined || ts === undefined) throw new DeliveryFailure({ reason: "uncertain", detail: "no_receipt" })
        return receiptOf(to.account, channel, ts)
      }),
    async reach(account) {
      return { account, route: await open(account) }
    },
    async find(to, deliveryId, since) {
      const channel = to.route.startsWith("user:") ? await open(to.account) : channelIn(to)
      return calling(to.account, async (client) => {
        let cursor: string | undefined
        for (let page = 0; page < mostPages; page++) {
          const found = await client.conversations.history({
            channel,
            oldest: String(Math.max(0, (since.getTime() - clocksDifferMs) / 1000)),
            limit: pageSize,
            include_all_metadata: true,
            ...(cursor === undefined ? {} : { cursor }),
          })
          for (const message of found.messages ?? []) {
            const ts = deliveredIn(message, deliveryId)
            if (ts !== null) return receiptOf(to.account, channel, ts)
          }
          cursor = found.response_metadata?.next_cursor
          if (cursor === undefined || cursor === "") return "absent"
        }
        return "unknowable"
      })
    },
  }

  function receiptOf(account: Account, channel: string, ts: string): Receipt {
    directs.keep({ ...account, channel })
    return { address: { account, route: channel }, messageId: `${channel}/${ts}` }
  }
}

/** The timestamp of a message that carries this delivery. */
function deliveredIn(message: unknown, deliveryId: string): string | null {
  if (!isBody(message)) return null
  const metadata = bodyIn(message, "metadata")
  if (textIn(metadata, "event_type") !== eventType || textIn(bodyIn(metadata, "event_payload"), "delivery_id") !== deliveryId) return null
  return idIn(message, "ts")
}

/** A direct conversation, or a user: chat.postMessage takes both. */
function channelIn({ route }: Address): string {
  const channel = route.startsWith("user:") ? route.slice("user:".length) : route
  if (!/^[DUW][A-Z0-9]{1,40}$/.test(channel)) throw new DeliveryFailure({ reason: "unreachable", detail: "no_such_route" })
  return channel
}
