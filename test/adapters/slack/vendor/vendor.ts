// A Slack on loopback, driven as people drive theirs: what they do reaches the app as Slack sends it, and what the app does is what they see.

import { type Json, json, list, text } from "./json.ts"
import { type Delivered, httpLine, type Line, type SocketLine, socketLine } from "./line.ts"
import {
  type Act,
  changedEvent,
  commandPayload,
  deletedEvent,
  editedEvent,
  homeEvent,
  homePressPayload,
  joinedEvent,
  type Payload,
  pressPayload,
  revokedEvent,
  saidEvent,
  submitPayload,
  typed,
  uninstalledEvent,
} from "./payloads.ts"
import { openServer, showing } from "./server.ts"
import { type Call, dmOf, type Message, newTrigger, nextTs, type OpenView, type Person, type State, type Team } from "./state.ts"
import { botMessage, messageFault } from "./web-api.ts"
import { answerModal, filledIn } from "./windows.ts"

export type VendorOptions = {
  transport: "http" | "socket"
  people: readonly (Partial<Person> & { id: string })[]
  team?: Partial<Team>
  scopes?: readonly string[]
  /** The time of Slack's own stamps; signatures are always of the machine's. */
  now?: () => Date
  historyMost?: number
  usersMost?: number
  fileLooks?: number
  /** Another host that an upload is sent to. */
  uploadOrigin?: string
  /** How often an event is sent again at once that was not taken; 0: by hand. */
  retries?: number
  /** Resolves once the app has nothing left to do. With it a Socket Mode refusal is known without waiting for Slack's three seconds. */
  settled?: () => Promise<void>
  trouble?: (method: string, args: Json) => string | null
}

export type SlackVendor = {
  /** What SLACK_API_URL is set to. */
  readonly apiUrl: string
  readonly team: Team
  readonly signingSecret: string
  readonly appToken: string
  readonly clientId: string
  readonly clientSecret: string
  readonly people: ReadonlyMap<string, Person>
  /** Where events are posted to; with Socket Mode the app comes by itself. */
  deliverTo(url: string): void
  readonly socket: SocketLine
  /** A new authorisation code, as Slack sends one back with. */
  authorise(): string

  say(user: string, words: string, extra?: { thread?: string; event?: Json }): Promise<Delivered & { message: Message }>
  edit(user: string, ts: string, words: string): Promise<Delivered>
  remove(user: string, ts: string): Promise<Delivered>
  /** Presses what `find` names in a message of the bot's, or in the person's home. */
  press(user: string, message: Message | "home", find: (element: Json, block: Json) => boolean, choice?: string): Promise<Delivered>
  /** A press of whatever ids, whether or not anything shows them. */
  act(user: string, message: Message, act: Act): Promise<Delivered>
  /** Hands in the modal that this person has open. */
  submit(user: string, values: Readonly<Record<string, string>>): Promise<Delivered>
  command(user: string, command: string, words: string, channel?: string): Promise<Delivered>
  openHome(user: string, tab?: "home" | "messages"): Promise<Delivered>
  join(user: string): Promise<Delivered>
  deactivate(user: string): Promise<Delivered>
  uninstall(): Promise<Delivered>
  revoke(): Promise<Delivered>
  /** The bot's own last message comes back as an event. */
  echo(): Promise<Delivered>
  send(payload: Payload): Promise<Delivered>
  /** The last payload again, marked as a retry. */
  redeliver(): Promise<Delivered>

  /** What this person sees: answers for them alone first, then their direct conversation. */
  seenBy(user: string): readonly Message[]
  message(channel: string, ts: string): Message | null
  home(user: string): OpenView | null
  modal(user: string): OpenView | null
  trigger(user: string): string
  /** Every call so far. */
  readonly calls: readonly Call[]
  /** Requests that would show or change a message. */
  requests(): number
  fail(name: string, method?: string): void
  readonly state: State
  close(): Promise<void>
}

const person = (given: Partial<Person> & { id: string }, team: string): Person => ({
  name: given.id.slice(1).toLowerCase(),
  email: `${given.id.toLowerCase()}@larkspur.example`,
  emailConfirmed: true,
  tz: "America/Los_Angeles",
  locale: "en-US",
  bot: false,
  deleted: false,
  guest: "none",
  team,
  teams: null,
  ...given,
})

/** `general`: the one shared channel; the bot is not in it, and slash commands may be typed there all the same. */
export const general = "C0GENERAL"

export async function openSlackVendor(options: VendorOptions): Promise<SlackVendor> {
  const team: Team = {
    id: "T0LARKSPUR",
    name: "Larkspur",
    enterprise: null,
    whole: false,
    botUser: "U0RAPPORT",
    botId: "B0RAPPORT",
    botToken: "xoxb-loopback",
    appId: "A0RAPPORT",
    installed: true,
    ...options.team,
  }
  let numbers = 100
  const state: State = {
    team,
    people: new Map(options.people.map((one) => [one.id, person(one, team.id)])),
    messages: [],
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    files: new Map(),
    calls: [],
    now: options.now ?? (() => new Date()),
    next: () => ++numbers,
  }
  const signingSecret = "a signing secret of the loopback"
  const codes = new Map<string, "fresh" | "used">()
  const socket = socketLine(options.settled ?? null, () => `envelope-${state.next()}`)
  let url = ""
  const line: Line = options.transport === "socket" ? socket : httpLine(() => url, signingSecret)
  const app = { appToken: "xapp-loopback", clientId: "1.2", clientSecret: "a client secret" }
  const server = await openServer(state, {
    api: {
      appToken: app.appToken,
      scopes: options.scopes ?? [
        ...["chat:write", "im:write", "im:history", "users:read", "users:read.email", "commands", "files:read", "files:write"],
      ],
      oauth: { clientId: app.clientId, clientSecret: app.clientSecret, codes },
      historyMost: options.historyMost ?? 15,
      usersMost: options.usersMost ?? 200,
      fileLooks: options.fileLooks ?? 1,
    },
    line: options.transport === "socket" ? socket : null,
    uploadOrigin: options.uploadOrigin ?? null,
    trouble: options.trouble ?? null,
  })

  let last: { payload: Payload; retry: number; taken: (delivered: Delivered) => void } | null = null

  async function send(payload: Payload, taken: (delivered: Delivered) => void = () => undefined): Promise<Delivered> {
    const sending = { payload, retry: 0, taken }
    last = sending
    let delivered = await line.deliver(payload, 0)
    while (!delivered.accepted && payload.kind === "event" && sending.retry < (options.retries ?? 0)) {
      sending.retry += 1
      delivered = await line.deliver(payload, sending.retry)
    }
    if (delivered.accepted) taken(delivered)
    return delivered
  }

  function responseUrl(user: string, channel: string, message: Message | null): string {
    const id = `r${state.next()}`
    state.responseUrls.set(id, { user, channel, message, uses: 0 })
    return `${server.origin}/response/${id}`
  }

  const mine = (user: string, ts: string): Message => {
    const message = state.messages.find((one) => one.ts === ts && one.user === user && !one.deleted)
    if (message === undefined) throw new Error(`${user} wrote no message ${ts}`)
    return message
  }

  function written(user: string, words: string, thread: string | null): Message {
    const ts = nextTs(state)
    const { text: source, blocks } = typed(words)
    const message: Message = {
      channel: dmOf(user),
      ts,
      user,
      fromBot: false,
      text: source,
      blocks,
      metadata: null,
      thread,
      ephemeral: null,
      edited: false,
      deleted: false,
      args: {},
    }
    state.messages.push(message)
    return message
  }

  const change = (user: string, with_: Partial<Person>): Person => {
    const known = state.people.get(user)
    if (known === undefined) throw new Error(`nobody is ${user}`)
    const next = { ...known, ...with_ }
    state.people.set(user, next)
    return next
  }

  return {
    apiUrl: `${server.origin}/api/`,
    team,
    signingSecret,
    ...app,
    people: state.people,
    state,
    socket,
    deliverTo(next) {
      url = next
    },
    authorise() {
      const code = `code-${state.next()}`
      codes.set(code, "fresh")
      return code
    },

    async say(user, words, { thread, event = {} } = {}) {
      const message = written(user, words, thread ?? null)
      return { ...(await send(saidEvent(state, message, event))), message }
    },
    async edit(user, ts, words) {
      const message = mine(user, ts)
      const before = { ...message }
      const { text: source, blocks } = typed(words)
      Object.assign(message, { text: source, blocks, edited: true })
      return send(editedEvent(state, message, before))
    },
    async remove(user, ts) {
      const message = mine(user, ts)
      message.deleted = true
      return send(deletedEvent(state, message))
    },
    async press(user, message, find, choice) {
      const shown = message === "home" ? list(state.homes.get(user)?.view.blocks) : message.blocks
      for (const [n, block] of shown.entries()) {
        for (const element of [...list(json(block).elements), json(block).accessory].map(json)) {
          if (text(element.action_id) === null || !find(element, json(block))) continue
          const option = choice === undefined ? undefined : list(element.options).find((one) => json(one).value === choice)
          if (choice !== undefined && option === undefined) throw new Error(`the list offers no ${choice}`)
          const act: Act = {
            type: text(element.type) ?? "button",
            blockId: text(json(block).block_id) ?? `made-up-${n}`,
            actionId: text(element.action_id) ?? "",
            ...(text(element.value) === null ? {} : { value: text(element.value) ?? "" }),
            ...(option === undefined ? {} : { option: json(option) }),
          }
          if (message !== "home") return send(pressPayload(state, user, message, act, responseUrl(user, message.channel, message)))
          const home = state.homes.get(user)
          if (home) return send(homePressPayload(state, user, home, act))
        }
      }
      throw new Error("nothing there can be pressed so")
    },
    act: (user, message, act) => send(pressPayload(state, user, message, act, responseUrl(user, message.channel, message))),
    async submit(user, values) {
      const modal = state.modals.get(user)
      if (modal === undefined) throw new Error(`${user} has no window open`)
      return send(submitPayload(state, user, modal, filledIn(modal, values)), ({ response }) => answerModal(state, user, modal, response))
    },
    command(user, command, words, channel) {
      const place = channel ?? dmOf(user)
      const source = typed(words).text.replace(/@(U\w+)/g, (whole, id: string) =>
        state.people.has(id) ? `<@${id}|${state.people.get(id)?.name}>` : whole,
      )
      return send(commandPayload(state, user, place, command, source, responseUrl(user, place, null)), ({ response }) => {
        if (response === null) return
        const message = typeof response === "string" ? { text: response } : json(response)
        const fault = messageFault(message)
        if (fault !== null) throw new Error(`Slack refuses the answer: ${JSON.stringify(fault.body)}`)
        state.messages.push(botMessage(state, place, message, message.response_type === "in_channel" ? null : user))
      })
    },
    openHome: (user, tab = "home") => send(homeEvent(state, user, tab)),
    join: (user) => send(joinedEvent(state, change(user, { deleted: false }))),
    deactivate: (user) => send(changedEvent(state, change(user, { deleted: true }))),
    uninstall() {
      team.installed = false
      return send(uninstalledEvent(state))
    },
    revoke() {
      team.installed = false
      return send(revokedEvent(state))
    },
    async echo() {
      const own = state.messages.findLast((message) => message.fromBot && message.ephemeral === null)
      return send(saidEvent(state, own ?? { ...botMessage(state, dmOf([...state.people.keys()][0] ?? ""), { text: "my own words" }) }))
    },
    send: (payload) => send(payload),
    async redeliver() {
      if (last === null) throw new Error("nothing was sent yet")
      last.retry += 1
      const { payload, retry, taken } = last
      const delivered = await line.deliver(payload, retry)
      if (delivered.accepted) taken(delivered)
      return delivered
    },

    seenBy: (user) => [
      ...state.messages.filter((message) => message.ephemeral === user && !message.deleted),
      ...state.messages.filter((message) => message.channel === dmOf(user) && message.ephemeral === null && !message.deleted),
    ],
    message: (channel, ts) => state.messages.find((message) => message.channel === channel && message.ts === ts) ?? null,
    home: (user) => state.homes.get(user) ?? null,
    modal: (user) => state.modals.get(user) ?? null,
    trigger: (user) => newTrigger(state, user),
    calls: state.calls,
    requests: () => state.calls.filter(({ method }) => showing(method)).length,
    fail: (name, method) => server.fail(name, method),
    close: () => server.close(),
  }
}
