// A Teams on loopback, driven as people drive theirs: what they do reaches the app as Teams sends it, and what the app does is what they see.
import {
  activityOf,
  deleteActivity,
  echoActivity,
  editActivity,
  installActivities,
  invokeActivity,
  mentionActivity,
  messageActivity,
  queryActivity,
  submitActivity,
  uninstallActivities,
} from "./activities.ts"
import { actionsIn, type Placed } from "./cards.ts"
import { adaptiveIn, answerDialog, answerExecute, filledIn, handedIn, hasSubmit } from "./dialogs.ts"
import { drawPreview } from "./draw.ts"
import { type BadToken, type Identity, openIdentity } from "./identity.ts"
import { type Json, json, list, parsed, text } from "./json.ts"
import { openServer, type Region, regions, showing } from "./server.ts"
import { type Call, channel, type Dialog, type Message, nextMessageId, type Person, type Preview, type State } from "./state.ts"

export type VendorOptions = {
  people: readonly (Partial<Person> & { id: string })[]
  tenant?: string
  appId?: string
  /** No token is asked for or sent, as with a local client. */
  anonymous?: boolean
  now?: () => Date
  /** How long a token of the bot's own is good for. */
  tokenSeconds?: number
  trouble?: (call: Call) => string | null
}

/** Whether Teams got its 2xx, and what rode in it. */
export type Delivered = { accepted: boolean; status: number | null; response: unknown }

export type TeamsVendor = {
  readonly origin: string
  readonly appId: string
  readonly appPassword: string
  readonly tenant: string
  /** What `endpoints` of the adapter is set to. */
  readonly endpoints: { loginUrl: string; openIdMetadataUrl: string; tokenIssuer: string; serviceUrls: readonly string[] }
  readonly identity: Identity
  readonly people: ReadonlyMap<string, Person>
  serviceUrl(region?: Region): string
  /** Where activities are posted to. */
  deliverTo(url: string): void
  /** From now on activities come from this region. */
  moveTo(region: Region): void

  say(user: string, words: string, extra?: Json): Promise<Delivered & { message: Message }>
  /** In the channel, with the bot named; `{NAME}` in the words names somebody else. */
  mention(user: string, words: string, others?: readonly string[]): Promise<Delivered & { message: Message }>
  edit(user: string, id: string, words: string, eventType?: "editMessage" | "undeleteMessage"): Promise<Delivered>
  remove(user: string, id: string): Promise<Delivered>
  /** Everything that can be pressed on a message, as it is shown now. */
  buttons(message: Message): readonly Placed[]
  /** Presses what `find` names on a card of the bot's; `typed` is what stands in the card's inputs. `old`: a client that knows no Execute. */
  press(
    user: string,
    message: Message,
    find: (placed: Placed) => boolean,
    typed?: Readonly<Record<string, string>>,
    old?: boolean,
  ): Promise<Delivered>
  /** A press of whatever action, whether or not anything shows it. */
  act(user: string, message: Message, action: Json, typed?: Json): Promise<Delivered>
  /** Hands in the dialog that this person has open, by input. */
  submit(user: string, typed: Readonly<Record<string, string>>): Promise<Delivered>
  /** The look-up above the compose box. */
  query(user: string, words: string): Promise<Delivered>
  install(user: string): Promise<Delivered>
  uninstall(user: string): Promise<Delivered>
  installInTeam(user: string): Promise<Delivered>
  uninstallFromTeam(user: string): Promise<Delivered>
  react(user: string, message: Message): Promise<Delivered>
  /** The bot's own last message comes back as an event. */
  echo(user: string): Promise<Delivered>
  /** Any activity of somebody's. */
  tell(user: string, own: Json): Promise<Delivered>
  /** The last deed again with the same body, as after 15 s. */
  redeliver(): Promise<Delivered>
  /** An activity as it is, with a token of one's own or with none. */
  post(activity: unknown, authorization: string | null, headers?: Readonly<Record<string, string>>): Promise<Delivered>
  badToken(kind: BadToken, region?: Region): Promise<string>
  activity(user: string, own?: Json): Json

  /** What this person sees: the channel first, then their own conversation. */
  seenBy(user: string): readonly Message[]
  /** The chat is left and opened anew: what only the answer to a press had shown is gone. */
  reopen(user: string): void
  message(conversation: string, id: string): Message | null
  dialog(user: string): Dialog | null
  previews(user: string): readonly Preview[]
  change(user: string, with_: Partial<Person>): Person
  /** Every request of the app's so far. */
  readonly calls: readonly Call[]
  /** Requests that would show or change a message. */
  requests(): number
  fail(name: string, kind?: Call["kind"]): void
  readonly state: State
  close(): Promise<void>
}

/** Teams waits this long for a turn before it sends it again. */
const teamsWaitsMs = 15_000

const token = (id: string): string => Buffer.from(`teams ${id}`).toString("base64url")

const person = (given: Partial<Person> & { id: string }): Person => ({
  teamsId: `29:1${token(given.id)}`,
  name: "Somebody",
  email: null,
  upn: `${given.id.slice(0, 8)}@larkspur.example`,
  role: "user",
  locale: "en-US",
  country: "US",
  zone: "America/Los_Angeles",
  device: "Windows",
  encodes: false,
  installed: true,
  blocked: false,
  conversation: `a:1${token(given.id)}`,
  ...given,
})

export async function openTeamsVendor(options: VendorOptions): Promise<TeamsVendor> {
  const tenant = options.tenant ?? "6f3c9a52-8d1b-4a6e-9a55-4f1c0d2e7b10"
  const appId = options.appId ?? "1b7d0c3e-52f4-4f0a-8c11-7e2a90d4c6aa"
  const appPassword = "a client secret of the loopback"
  const state: State = {
    appId,
    botId: `28:${appId}`,
    botName: "Rapport",
    tenant,
    anonymous: options.anonymous === true,
    blockedByAdmin: false,
    people: new Map(options.people.map((one) => [one.id, person(one)])),
    messages: [],
    dialogs: new Map(),
    previews: new Map(),
    calls: [],
    now: options.now ?? (() => new Date()),
  }
  const identity = await openIdentity({ appId, tenant, issuer: "https://api.botframework.com", tokenSeconds: options.tokenSeconds ?? 3_599 })
  const server = await openServer(state, { identity, secret: appPassword, trouble: options.trouble ?? null })
  let url = ""
  let region: Region = "amer"
  const serviceUrl = (at: Region = region): string => `${server.origin}/${at}/`

  async function post(activity: unknown, authorization: string | null, headers: Readonly<Record<string, string>> = {}): Promise<Delivered> {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
          ...(authorization === null ? {} : { authorization }),
          ...headers,
        },
        body: typeof activity === "string" ? activity : JSON.stringify(activity),
        signal: AbortSignal.timeout(teamsWaitsMs),
      })
      const body = await response.text()
      return { accepted: response.ok, status: response.status, response: body === "" ? null : (parsed(body) ?? body) }
    } catch {
      return { accepted: false, status: null, response: null }
    }
  }

  /** One after the other, as Teams sends what belongs to one deed; `taken` has each answer that was a 2xx. */
  type Deed = { activities: readonly Json[]; taken: (delivered: Delivered) => void }
  let last: Deed | null = null
  async function deliver(deed: Deed): Promise<Delivered> {
    let whole: Delivered = { accepted: true, status: null, response: null }
    for (const activity of deed.activities) {
      const bearer = state.anonymous ? null : `Bearer ${await identity.token(text(activity.serviceUrl) ?? "")}`
      const delivered = await post(activity, bearer)
      if (delivered.accepted) deed.taken(delivered)
      whole = { ...delivered, accepted: whole.accepted && delivered.accepted }
    }
    return whole
  }
  function send(activities: Json | readonly Json[], taken: Deed["taken"] = () => undefined): Promise<Delivered> {
    last = { activities: Array.isArray(activities) ? activities : [activities], taken }
    return deliver(last)
  }

  const one = (user: string): Person => {
    const known = state.people.get(user)
    if (known === undefined) throw new Error(`nobody is ${user}`)
    return known
  }
  const change = (user: string, with_: Partial<Person>): Person => {
    const next = { ...one(user), ...with_ }
    state.people.set(user, next)
    return next
  }
  const mine = (user: string, id: string, conversation: string): Message => {
    const message = state.messages.find((each) => each.id === id && each.by === user && each.conversation === conversation)
    if (message === undefined) throw new Error(`${user} wrote no message ${id}`)
    return message
  }
  function written(user: string, conversation: string, words: string, id: string): Message {
    const message: Message = {
      ...{ conversation, id, by: user, activity: {}, text: words, summary: null, cards: [], fresh: null, replyTo: null },
      ...{ edited: false, deleted: false },
    }
    state.messages.push(message)
    return message
  }

  /** What one press comes to: an invoke, or a message without words. */
  function pressed(user: string, message: Message, action: Json, typed: Json): Promise<Delivered> {
    const who = one(user)
    const data = { ...json(action.data), ...(action.associatedInputs === "none" ? {} : typed) }
    if (action.type === "Action.Execute") {
      const { title, verb, id } = action
      const value = { action: { type: "Action.Execute", ...(id === undefined ? {} : { id }), title, verb, data }, trigger: "manual" }
      return send(invokeActivity(state, serviceUrl(), who, "adaptiveCard/action", value, message), ({ response }) => answerExecute(message, response))
    }
    if (action.type !== "Action.Submit") throw new Error(`${String(action.type)} tells the app nothing`)
    if (json(json(action.data).msteams).type === "task/fetch") {
      const value = { data, context: { theme: "default" } }
      return send(invokeActivity(state, serviceUrl(), who, "task/fetch", value, message), ({ response }) => {
        if (response === null) throw new Error("Teams says that it cannot reach the app: a dialog was asked for")
        answerDialog(state, who, message, response)
      })
    }
    return send(submitActivity(state, serviceUrl(), who, nextMessageId(state, who.conversation), data, message))
  }

  function answerQuery(user: string, response: unknown): void {
    const { type, attachments, text: words } = json(json(response).composeExtension)
    if (type === "message" && typeof words === "string") {
      state.previews.set(user, [{ shown: words, inserted: {} }])
      return
    }
    if (type !== "result") throw new Error(`Teams says that it cannot reach the app: ${JSON.stringify(response)}`)
    state.previews.set(
      user,
      list(attachments).map((attachment) => {
        const { contentType, content } = json(json(attachment).preview)
        if (!/^application\/vnd\.microsoft\.card\.(thumbnail|hero)$/.test(String(contentType))) throw new Error("Teams previews no such card")
        return { shown: drawPreview(json(content)), inserted: adaptiveIn(attachment, "message") }
      }),
    )
  }

  return {
    origin: server.origin,
    appId,
    appPassword,
    tenant,
    endpoints: {
      loginUrl: `${server.origin}/login/${tenant}`,
      openIdMetadataUrl: `${server.origin}/identity/v1/.well-known/openidconfiguration`,
      tokenIssuer: identity.issuer,
      serviceUrls: regions.map((each) => serviceUrl(each)),
    },
    identity,
    people: state.people,
    state,
    serviceUrl,
    deliverTo(next) {
      url = next
    },
    moveTo(next) {
      region = next
    },

    async say(user, words, extra = {}) {
      const who = one(user)
      const message = written(user, who.conversation, words, nextMessageId(state, who.conversation))
      return { ...(await send(messageActivity(state, serviceUrl(), who, message.id, words, extra))), message }
    },
    async mention(user, words, others = []) {
      const id = nextMessageId(state, channel)
      const message = written(user, channel, words, id)
      return { ...(await send(mentionActivity(state, serviceUrl(), one(user), id, words, others.map(one)))), message }
    },
    async edit(user, id, words, eventType) {
      const who = one(user)
      const message = mine(user, id, who.conversation)
      Object.assign(message, { text: words, edited: true, deleted: false })
      return send(editActivity(state, serviceUrl(), who, message, eventType))
    },
    async remove(user, id) {
      const who = one(user)
      const message = mine(user, id, who.conversation)
      message.deleted = true
      return send(deleteActivity(state, serviceUrl(), who, message))
    },
    buttons: (message) => actionsIn(message.fresh ?? message.cards[0] ?? {}),
    async press(user, message, find, typed = {}, old = false) {
      const card = message.fresh ?? message.cards[0] ?? {}
      const placed = actionsIn(card).find(find)
      if (placed === undefined) throw new Error("nothing there can be pressed so")
      const { action } = placed
      const acted = old && action.type === "Action.Execute" ? json(action.fallback) : action
      return pressed(user, message, acted, filledIn(card, typed, one(user)))
    },
    act: (user, message, action, typed = {}) => pressed(user, message, action, typed),
    async submit(user, typed) {
      const who = one(user)
      const dialog = state.dialogs.get(user)
      if (dialog === undefined || !hasSubmit(dialog)) throw new Error(`${user} has nothing to hand in`)
      const value = { data: handedIn(dialog, typed, who), context: { theme: "default" } }
      return send(invokeActivity(state, serviceUrl(), who, "task/submit", value, null), ({ response }) =>
        answerDialog(state, who, dialog.origin, response),
      )
    },
    query: (user, words) =>
      send(queryActivity(state, serviceUrl(), one(user), words, nextMessageId(state, channel)), ({ response }) => answerQuery(user, response)),
    install: (user) => send(installActivities(state, serviceUrl(), change(user, { installed: true }))),
    uninstall: (user) => send(uninstallActivities(state, serviceUrl(), change(user, { installed: false }))),
    installInTeam: (user) => send(installActivities(state, serviceUrl(), one(user), { kind: "channel", thread: nextMessageId(state, channel) })),
    uninstallFromTeam: (user) =>
      send(uninstallActivities(state, serviceUrl(), one(user), { kind: "channel", thread: nextMessageId(state, channel) })),
    react: (user, message) =>
      send(
        activityOf(
          state,
          serviceUrl(),
          one(user),
          { kind: "personal" },
          { type: "messageReaction", id: `f:${message.id}`, reactionsAdded: [{ type: "like" }], replyToId: message.id },
        ),
      ),
    echo: (user) => send(echoActivity(state, serviceUrl(), one(user), state.messages.findLast((message) => message.by === null) ?? null)),
    tell: (user, own) => send(activityOf(state, serviceUrl(), one(user), { kind: "personal" }, own)),
    async redeliver() {
      if (last === null) throw new Error("nothing was sent yet")
      return deliver(last)
    },
    post,
    badToken: (kind, at) => identity.bad(kind, serviceUrl(at)),
    activity: (user, own = {}) => messageActivity(state, serviceUrl(), one(user), "1700000000000", "let me in", own),

    seenBy: (user) => [
      ...state.messages.filter((message) => message.conversation.startsWith(channel) && !message.deleted),
      ...state.messages.filter((message) => message.conversation === one(user).conversation && !message.deleted),
    ],
    reopen(user) {
      for (const message of state.messages) if (message.conversation === one(user).conversation) message.fresh = null
    },
    message: (conversation, id) => state.messages.find((message) => message.conversation === conversation && message.id === id) ?? null,
    dialog: (user) => state.dialogs.get(user) ?? null,
    previews: (user) => state.previews.get(user) ?? [],
    change,
    calls: state.calls,
    requests: () => state.calls.filter(({ kind }) => showing(kind)).length,
    fail: (name, kind) => server.fail(name, kind),
    close: () => server.close(),
  }
}
