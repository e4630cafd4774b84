// A school that is in Teams, alone or beside Slack, and what its people do and see there.
import { createHash } from "node:crypto"
import { expect } from "vitest"
import { messagesPath } from "../../adapters/teams/paths.ts"
import { openTeams } from "../../src/teams.ts"
import { drawCard, visibleText } from "../adapters/teams/vendor/draw.ts"
import { json, list } from "../adapters/teams/vendor/json.ts"
import type { Message, Person } from "../adapters/teams/vendor/state.ts"
import { type Delivered, openTeamsVendor, type TeamsVendor, type VendorOptions } from "../adapters/teams/vendor/vendor.ts"
import { type ChatTown, type Listed, mailOf, openChatTown, type Place, type TownOptions } from "./chat-town.ts"

/** A person's object id in Entra, by their key. */
export function entraOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex")
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-")
}

type TeamsOptions = {
  /** Who is in the tenant; the app is installed for nobody yet. */
  listed: readonly Listed[]
  /** What Teams says of them beside their name and e-mail, by key. */
  inTeams?: Readonly<Record<string, Partial<Person>>>
  /** Who is in the tenant and not on the roster. */
  besides?: readonly Pick<Listed, "key" | "name">[]
  now: () => Date
  trouble?: VendorOptions["trouble"]
}

export async function teamsPlace({ listed, inTeams = {}, besides = [], now, trouble }: TeamsOptions) {
  const people = [...listed, ...besides].map(({ key, name }) => ({
    ...{ id: entraOf(key), name, email: mailOf(key), zone: "America/New_York", installed: false, ...inTeams[key] },
  }))
  const vendor = await openTeamsVendor({ people, now, ...(trouble ? { trouble } : {}) })
  const place: Place = {
    name: "teams",
    env: { MicrosoftAppId: vendor.appId, MicrosoftAppPassword: vendor.appPassword, MicrosoftAppTenantId: vendor.tenant },
    endpoints: vendor.endpoints,
    path: messagesPath,
    deliverTo: (url) => vendor.deliverTo(url),
    open(config, deps) {
      if (config.teams === null) throw new Error("Teams is not configured.")
      return openTeams(config.teams, deps, vendor.endpoints)
    },
    close: () => vendor.close(),
  }
  return { place, vendor }
}

export type TeamsTown = ChatTown & { vendor: TeamsVendor }

export async function openTeamsTown({
  start,
  between,
  ...options
}: Omit<TeamsOptions, "now"> & Pick<TownOptions, "start" | "between">): Promise<TeamsTown> {
  const opened: TeamsVendor[] = []
  const town = await openChatTown({
    ...{ listed: options.listed, start },
    ...(between ? { between } : {}),
    async places(now) {
      const { place, vendor } = await teamsPlace({ ...options, now })
      opened.push(vendor)
      return [place]
    },
  })
  const [vendor] = opened
  if (vendor === undefined) throw new Error("There is no Teams.")
  return { ...town, vendor }
}

/** What a person of the school does in Teams and sees there, by key; each deed is over once everything it brought about is. */
export type InTeams = {
  /** What the bot wrote into this person's own conversation, oldest first. */
  told(key: string): readonly Message[]
  latest(key: string): string
  install(key: string): Promise<void>
  uninstall(key: string): Promise<void>
  say(key: string, words: string): Promise<Message>
  /** The last deed of anybody's again with the same body. */
  redeliver(): Promise<void>
  press(key: string, message: Message | undefined, action: string): Promise<void>
  submit(key: string, values: Readonly<Record<string, string>>): Promise<void>
  /** What stands in the dialog that this person has open. */
  dialog(key: string): string
}

export const seen = (message: Message | undefined): string => (message ? visibleText(message) : "")

export function inTeams(vendor: TeamsVendor, settled: () => Promise<void>): InTeams {
  const told: InTeams["told"] = (key) =>
    vendor.seenBy(entraOf(key)).filter((message) => message.by === null && message.conversation === vendor.people.get(entraOf(key))?.conversation)
  async function over(doing: Promise<Delivered>): Promise<void> {
    expect((await doing).accepted).toBe(true)
    await settled()
  }
  return {
    told,
    latest: (key) => seen(told(key).at(-1)),
    install: (key) => over(vendor.install(entraOf(key))),
    uninstall: (key) => over(vendor.uninstall(entraOf(key))),
    async say(key, words) {
      const said = vendor.say(entraOf(key), words)
      await over(said)
      return (await said).message
    },
    redeliver: () => over(vendor.redeliver()),
    async press(key, message, action) {
      if (!message) throw new Error(`${key} has no such message`)
      await over(vendor.press(entraOf(key), message, (placed) => json(placed.action.data).a === action))
    },
    submit: (key, values) =>
      over(vendor.submit(entraOf(key), Object.fromEntries(Object.entries(values).map(([name, value]) => [`f:${name}`, value])))),
    dialog: (key) => drawCard(vendor.dialog(entraOf(key))?.card ?? {}),
  }
}

/** Everything of a message that a lock screen, a banner or a voice gives away. */
export const lockScreen = (message: Message): string =>
  [message.summary, message.text, ...list(message.activity.attachments).map((one) => json(json(one).content).speak)].join("\n")
