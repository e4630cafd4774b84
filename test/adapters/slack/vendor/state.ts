// The workspace behind the loopback Slack: who is in it, what was written, which windows are open.
import type { Json } from "./json.ts"

export type Person = {
  id: string
  name: string
  email: string | null
  emailConfirmed: boolean
  tz: string
  locale: string
  bot: boolean
  deleted: boolean
  guest: "none" | "single_channel" | "multi_channel" | "stranger"
  team: string
  /** The organisation's workspaces they are in; null where there is no organisation. */
  teams: readonly string[] | null
}

export type Message = {
  channel: string
  ts: string
  /** Who wrote it; the bot's own user for the bot. */
  user: string
  fromBot: boolean
  text: string
  blocks: readonly unknown[]
  metadata: Json | null
  thread: string | null
  /** Whom alone it is shown to; it is in no history. */
  ephemeral: string | null
  edited: boolean
  deleted: boolean
  /** Everything that came with it, such as `unfurl_links`. */
  args: Json
}

export type OpenView = { id: string; view: Json; errors: Readonly<Record<string, string>> }

export type Team = {
  id: string
  name: string
  enterprise: string | null
  /** Installed for the organisation as a whole, as Slack lets an org admin do. */
  whole: boolean
  botUser: string
  botId: string
  botToken: string
  appId: string
  installed: boolean
}

/** A call to the Web API or to a response_url, in the order they came. */
export type Call = { method: string; args: Json; token: string | null }

export type State = {
  team: Team
  people: Map<string, Person>
  messages: Message[]
  modals: Map<string, OpenView>
  homes: Map<string, OpenView>
  /** Trigger ids by whom they were given to; `used` once a view was opened with them. */
  triggers: Map<string, { user: string; used: boolean }>
  responseUrls: Map<string, { user: string; channel: string; message: Message | null; uses: number }>
  /** `content`: what was uploaded; null before. `asked`: how often somebody looked whether it is ready. */
  files: Map<string, { name: string; bytes: number; content: Buffer | null; asked: number; complete: boolean }>
  calls: Call[]
  now: () => Date
  /** Numbers for ids; never twice the same. */
  next: () => number
}

export const dmOf = (user: string): string => `D${user.slice(1)}`
export const userOfDm = (channel: string): string => `U${channel.slice(1)}`

/** Slack's timestamps name messages: seconds and six digits, in the order of writing. */
export function nextTs(state: State): string {
  const n = state.next()
  return `${Math.floor(state.now().getTime() / 1000)}.${String(n % 1_000_000).padStart(6, "0")}`
}

export function newTrigger(state: State, user: string): string {
  const id = `${state.next()}.${state.next()}.${Math.random().toString(16).slice(2, 18)}`
  state.triggers.set(id, { user, used: false })
  return id
}

export const found = (state: State, channel: string, ts: string): Message | undefined =>
  state.messages.find((message) => message.channel === channel && message.ts === ts && !message.deleted)

/** A user as users.list and users.info describe one. */
export const userObject = (person: Person): Json => ({
  id: person.id,
  team_id: person.team,
  name: person.name.toLowerCase().replaceAll(" ", "."),
  deleted: person.deleted,
  real_name: person.name,
  tz: person.tz,
  tz_label: "Some Time",
  tz_offset: -25_200,
  locale: person.locale,
  is_bot: person.bot,
  is_app_user: false,
  is_restricted: person.guest === "single_channel" || person.guest === "multi_channel",
  is_ultra_restricted: person.guest === "single_channel",
  ...(person.guest === "stranger" ? { is_stranger: true } : {}),
  ...(person.teams === null ? {} : { enterprise_user: { id: person.id, enterprise_id: "E0DISTRICT", teams: person.teams } }),
  is_email_confirmed: person.emailConfirmed,
  updated: 1_760_000_000,
  profile: {
    real_name: person.name,
    display_name: person.name,
    team: person.team,
    ...(person.email === null ? {} : { email: person.email }),
  },
})
