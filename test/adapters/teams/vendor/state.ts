// The tenant behind the loopback Teams: who is in it, what was written, which dialogs are open.
import { randomUUID } from "node:crypto"
import type { Json } from "./json.ts"

export type Person = {
  /** The object id in Entra, and the id that Teams gives the same person for this one bot. */
  id: string
  teamsId: string
  name: string
  email: string | null
  upn: string
  role: "user" | "guest" | "anonymous"
  locale: string
  country: string
  zone: string | null
  /** Telephones hand in fields that were left empty, computers leave them out. */
  device: "Windows" | "iOS"
  /** Their client writes entities into plain text, as some do. */
  encodes: boolean
  /** The app is installed for them. */
  installed: boolean
  /** They blocked or muted the bot. */
  blocked: boolean
  /** Their own conversation with the bot. */
  conversation: string
}

export type Message = {
  conversation: string
  id: string
  /** Null for the bot. */
  by: string | null
  /** The activity that it last was; of a person's message what Teams told the bot. */
  activity: Json
  text: string
  summary: string | null
  cards: readonly Json[]
  /** What the answer to a press shows in its place, until the chat is opened anew or the message is updated. */
  fresh: Json | null
  replyTo: string | null
  edited: boolean
  deleted: boolean
}

/** A dialog that somebody has open; `origin` is the message whose button opened it. */
export type Dialog = { title: string; card: Json; origin: Message | null }

/** What a message extension shows somebody above their compose box, and what choosing it would post. */
export type Preview = { shown: string; inserted: Json }

/** A request that came in, in the order they came. */
export type Call = {
  method: string
  path: string
  kind: "metadata" | "keys" | "token" | "open" | "send" | "reply" | "update" | "delete" | "member" | "unknown"
  /** The region of the service address that it came by. */
  region: string | null
  conversation: string | null
  activity: string | null
  body: unknown
  authorized: boolean
}

export type State = {
  appId: string
  botId: string
  botName: string
  tenant: string
  /** No token is asked for or given, as with a local client. */
  anonymous: boolean
  /** An admin blocked the app in the whole tenant. */
  blockedByAdmin: boolean
  people: Map<string, Person>
  messages: Message[]
  dialogs: Map<string, Dialog>
  previews: Map<string, readonly Preview[]>
  calls: Call[]
  now: () => Date
}

/** The one team that the app is in, and its channel. */
export const team = { id: "19:team0larkspur@thread.tacv2", group: "5b1c3f4a-6f0e-4c3e-9d51-0d0f6a5f0001", name: "Larkspur staff" } as const
export const channel = team.id

/** Teams names messages by the millisecond they came in: never the same twice in one conversation, often the same in two. */
export function nextMessageId(state: State, conversation: string): string {
  const taken = state.messages.findLast((message) => message.conversation === conversation)
  const last = taken === undefined ? 0 : Number(taken.id)
  return String(Math.max(state.now().getTime(), last + 1))
}

/** Everything that is no message. */
export const nextActivityId = (): string => `f:${randomUUID()}`

export const found = (state: State, conversation: string, id: string): Message | undefined =>
  state.messages.find((message) => message.conversation === conversation && message.id === id && !message.deleted)

/** By either of their ids. */
export const personBy = (state: State, id: string): Person | undefined =>
  state.people.get(id.toLowerCase()) ?? [...state.people.values()].find(({ teamsId }) => teamsId === id)

export const personIn = (state: State, conversation: string): Person | undefined =>
  [...state.people.values()].find((person) => person.conversation === conversation)
