// A school that is in Slack, and what its people do and see there.
import { botScopes } from "../../adapters/slack/scopes.ts"
import { openSlack } from "../../src/slack.ts"
import { json, text } from "../adapters/slack/vendor/json.ts"
import { dmOf, type Message, type Person } from "../adapters/slack/vendor/state.ts"
import { openSlackVendor, type SlackVendor, type VendorOptions } from "../adapters/slack/vendor/vendor.ts"
import { type ChatSchool, type ChatTown, type Listed, mailOf, openChatSchool, openChatTown, type Place, type TownOptions } from "./chat-town.ts"

export type { Listed } from "./chat-town.ts"

export const userOf = (key: string): string => `U0${key.toUpperCase()}`
export const tenant = "T0LARKSPUR"

type SlackOptions = {
  /** Who is in the workspace. */
  listed: readonly Listed[]
  /** What Slack says of them beside their name and e-mail, by key. */
  inSlack?: Readonly<Record<string, Partial<Person>>>
  /** Who is in the workspace and not on the roster. */
  besides?: VendorOptions["people"]
  now: () => Date
  trouble?: VendorOptions["trouble"]
  /** How long one call to Slack may take. */
  timeoutMs?: number
}

export async function slackPlace({ listed, inSlack = {}, besides = [], now, trouble, timeoutMs }: SlackOptions) {
  const people = listed.map(({ key, name }) => ({ id: userOf(key), name, email: mailOf(key), ...inSlack[key] }))
  const vendor = await openSlackVendor({
    ...{ transport: "http", scopes: botScopes, now, people: [...people, ...besides] },
    ...(trouble ? { trouble } : {}),
  })
  const place: Place = {
    name: "slack",
    env: { SLACK_API_URL: vendor.apiUrl, SLACK_BOT_TOKEN: vendor.team.botToken, SLACK_SIGNING_SECRET: vendor.signingSecret },
    path: "/slack/events",
    deliverTo: (url) => vendor.deliverTo(url),
    open(config, deps) {
      if (config.slack === null) throw new Error("Slack is not configured.")
      // `openSlack` hands on whatever stands in its configuration.
      return openSlack({ ...config.slack, ...(timeoutMs === undefined ? {} : { timeoutMs }) }, deps)
    },
    close: () => vendor.close(),
  }
  return { place, vendor }
}

export type SlackSchool = ChatSchool & { vendor: SlackVendor }

/** The school and its Slack; no process runs yet. */
export async function openSlackSchool(options: SlackOptions): Promise<SlackSchool> {
  const { place, vendor } = await slackPlace(options)
  return { ...(await openChatSchool(options.listed, [place], options.now)), vendor }
}

export type SlackTown = ChatTown & { vendor: SlackVendor }

export async function openSlackTown({
  start,
  between,
  ...options
}: Omit<SlackOptions, "now"> & Pick<TownOptions, "start" | "between">): Promise<SlackTown> {
  const opened: SlackVendor[] = []
  const town = await openChatTown({
    ...{ listed: options.listed, start },
    ...(between ? { between } : {}),
    async places(now) {
      const { place, vendor } = await slackPlace({ ...options, now })
      opened.push(vendor)
      return [place]
    },
  })
  const [vendor] = opened
  if (vendor === undefined) throw new Error("There is no Slack.")
  return { ...town, vendor }
}

/** What the bot wrote into this person's own conversation, oldest first. */
export const toldTo = ({ vendor }: { vendor: SlackVendor }, key: string): readonly Message[] =>
  vendor.seenBy(userOf(key)).filter((message) => message.fromBot && message.ephemeral === null && message.channel === dmOf(userOf(key)))

/** The delivery that a message, or a call that posts one, carries; null where it is an answer. */
export function deliveryIn({ metadata }: { readonly metadata?: unknown }): string | null {
  return text(json(json(metadata).event_payload).delivery_id)
}
