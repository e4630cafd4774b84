// The methods of Slack's Web API that an app like ours calls, over the workspace in memory; each refuses what Slack refuses.
import { blockFaults, charactersIn, mostCharacters, viewFaults } from "./blocks.ts"
import { type Json, json, list, text } from "./json.ts"
import { dmOf, found, type Message, nextTs, type State, userObject, userOfDm } from "./state.ts"

export type Answered = { body: Json; headers?: Readonly<Record<string, string>> }

export type ApiOptions = {
  appToken: string
  scopes: readonly string[]
  oauth: { clientId: string; clientSecret: string; codes: Map<string, "fresh" | "used"> }
  /** Most objects of one page of history: 15 for apps that are distributed outside the Marketplace. */
  historyMost: number
  usersMost: number
  /** A file has no mimetype for this many looks. */
  fileLooks: number
  socketUrl: () => string
  uploadUrl: (file: string) => string
}

const refused = (error: string, messages: readonly string[] = []): Answered => ({
  body: { ok: false, error, ...(messages.length === 0 ? {} : { response_metadata: { messages }, errors: messages }) },
})

const done = (body: Json = {}): Answered => ({ body: { ok: true, ...body } })

/** What `token` may do here, else Slack's code for why not. */
function tokenFault(state: State, method: string, token: string | null, { appToken }: ApiOptions): string | null {
  if (method === "oauth.v2.access") return null
  if (token === null || token === "") return "not_authed"
  if (method === "apps.connections.open") return token === appToken ? null : "invalid_auth"
  if (token !== state.team.botToken) return "invalid_auth"
  return state.team.installed ? null : "account_inactive"
}

export function callApi(state: State, method: string, args: Json, token: string | null, options: ApiOptions): Answered {
  const fault = tokenFault(state, method, token, options)
  if (fault !== null) return refused(fault)
  const handler = methods[method]
  return handler === undefined ? refused("unknown_method") : handler(state, args, options)
}

type Method = (state: State, args: Json, options: ApiOptions) => Answered

const methods: Readonly<Record<string, Method>> = {
  "auth.test": ({ team }, _args, { scopes }) => ({
    body: {
      ok: true,
      url: "https://larkspur.slack.com/",
      team: team.name,
      user: "rapport",
      team_id: team.id,
      user_id: team.botUser,
      bot_id: team.botId,
      ...(team.enterprise === null ? {} : { enterprise_id: team.enterprise }),
      is_enterprise_install: team.whole,
    },
    headers: { "x-oauth-scopes": scopes.join(",") },
  }),

  "apps.connections.open": (_state, _args, { socketUrl }) => done({ url: socketUrl() }),

  "oauth.v2.access": ({ team }, args, { oauth, scopes }) => {
    const code = text(args.code) ?? ""
    if (text(args.client_id) !== oauth.clientId) return refused("invalid_client_id")
    if (text(args.client_secret) !== oauth.clientSecret) return refused("bad_client_secret")
    const known = oauth.codes.get(code)
    if (known !== "fresh") return refused(known === "used" ? "code_already_used" : "invalid_code")
    oauth.codes.set(code, "used")
    team.installed = true
    return done({
      app_id: team.appId,
      authed_user: { id: "U0ADMIN" },
      scope: scopes.join(","),
      token_type: "bot",
      access_token: team.botToken,
      bot_user_id: team.botUser,
      team: team.whole ? null : { id: team.id, name: team.name },
      enterprise: team.enterprise === null ? null : { id: team.enterprise, name: "District" },
      is_enterprise_install: team.whole,
    })
  },

  "conversations.open": (state, args) => {
    const person = state.people.get(text(args.users) ?? "")
    if (person === undefined) return refused("user_not_found")
    if (person.deleted) return refused("user_disabled")
    if (person.bot) return refused("cannot_dm_bot")
    return done({ no_op: true, already_open: true, channel: { id: dmOf(person.id) } })
  },

  "conversations.history": (state, args, { historyMost }) => {
    const channel = text(args.channel) ?? ""
    if (channelFault(state, channel) !== null) return refused("channel_not_found")
    const limit = Math.min(Number(args.limit ?? 100), historyMost)
    if (!(limit >= 1)) return refused("invalid_limit")
    const oldest = Number(args.oldest ?? 0)
    const latest = Number(text(args.cursor)?.replace("before:", "") ?? args.latest ?? Number.POSITIVE_INFINITY)
    if (Number.isNaN(oldest)) return refused("invalid_ts_oldest")
    const within = state.messages
      .filter((message) => message.channel === channel && message.ephemeral === null && !message.deleted)
      .filter((message) => message.thread === null || message.thread === message.ts)
      .filter(({ ts }) => Number(ts) > oldest && Number(ts) < latest)
      .reverse()
    const page = within.slice(0, limit)
    const more = within.length > page.length
    const all = String(args.include_all_metadata) === "true"
    return done({
      messages: page.map((message) => historyItem(state, message, all)),
      has_more: more,
      ...(more ? { response_metadata: { next_cursor: `before:${page.at(-1)?.ts}` } } : {}),
    })
  },

  "users.info": (state, args) => {
    const person = state.people.get(text(args.user) ?? "")
    return person === undefined ? refused("user_not_found") : done({ user: localed(userObject(person), args) })
  },

  "users.list": (state, args, { usersMost }) => {
    const from = Number(text(args.cursor)?.replace("from:", "") ?? 0)
    const limit = Math.min(Number(args.limit ?? usersMost) || usersMost, usersMost)
    const all = [...state.people.values()]
    const to = from + limit
    return done({
      members: all.slice(from, to).map((person) => localed(userObject(person), args)),
      response_metadata: { next_cursor: to < all.length ? `from:${to}` : "" },
    })
  },

  "chat.postMessage": (state, args, { fileLooks }) => {
    const channel = postChannel(state, text(args.channel) ?? "")
    if (typeof channel !== "string") return refused(channel.fault)
    const fault = messageFault(args) ?? fileFault(state, args.blocks, fileLooks)
    if (fault !== null) return fault
    const thread = text(args.thread_ts)
    if (thread !== null && found(state, channel, thread) === undefined) return refused("thread_not_found")
    const metadata = args.metadata
    if (metadata !== undefined && (text(json(metadata).event_type) === null || !("event_payload" in json(metadata))))
      return refused("invalid_metadata_format")
    const message = botMessage(state, channel, args)
    state.messages.push(message)
    return done({ channel, ts: message.ts, message: historyItem(state, message, true) })
  },

  "chat.update": (state, args) => {
    const channel = text(args.channel) ?? ""
    const message = found(state, channel, text(args.ts) ?? "")
    if (message === undefined || message.ephemeral !== null) return refused("message_not_found")
    if (!message.fromBot) return refused("cant_update_message")
    const fault = messageFault(args)
    if (fault !== null) return fault
    rewrite(message, args)
    return done({ channel, ts: message.ts, text: message.text })
  },

  "views.open": (state, args) => {
    const trigger = state.triggers.get(text(args.trigger_id) ?? "")
    if (trigger === undefined) return refused("invalid_trigger_id")
    if (trigger.used) return refused("exchanged_trigger_id")
    const view = json(args.view)
    const faults = viewFaults(view)
    if (view.type !== "modal" || faults.length > 0) return refused("invalid_arguments", faults)
    trigger.used = true
    const opened = { id: `V${state.next()}`, view, errors: {} }
    state.modals.set(trigger.user, opened)
    return done({ view: { ...view, id: opened.id } })
  },

  "views.update": (state, args) => {
    const view = json(args.view)
    const faults = viewFaults(view)
    if (faults.length > 0) return refused("invalid_arguments", faults)
    const open = [...state.modals].find(([, { id }]) => id === text(args.view_id))
    if (open === undefined) return refused("not_found")
    state.modals.set(open[0], { id: open[1].id, view, errors: {} })
    return done({ view: { ...view, id: open[1].id } })
  },

  "views.publish": (state, args) => {
    const user = text(args.user_id) ?? ""
    if (!state.people.has(user)) return refused("user_not_found")
    const view = json(args.view)
    const faults = viewFaults(view)
    if (view.type !== "home" || faults.length > 0) return refused("invalid_arguments", faults)
    const id = state.homes.get(user)?.id ?? `V${state.next()}`
    state.homes.set(user, { id, view, errors: {} })
    return done({ view: { ...view, id } })
  },

  "files.getUploadURLExternal": (state, args, { uploadUrl }) => {
    const name = text(args.filename) ?? ""
    const length = Number(args.length)
    if (name === "" || !(length > 0)) return refused("invalid_arguments")
    const id = `F${state.next()}`
    state.files.set(id, { name, bytes: length, content: null, asked: 0, complete: false })
    return done({ upload_url: uploadUrl(id), file_id: id })
  },

  "files.completeUploadExternal": (state, args) => {
    const files = list(args.files).map((file) => text(json(file).id) ?? "")
    for (const id of files) {
      const file = state.files.get(id)
      if (file === undefined || file.content?.length !== file.bytes) return refused("file_not_found")
      file.complete = true
    }
    return done({ files: files.map((id) => ({ id, title: state.files.get(id)?.name })) })
  },

  "files.info": (state, args, { fileLooks }) => {
    const id = text(args.file) ?? ""
    const file = state.files.get(id)
    if (file === undefined || !file.complete) return refused("file_not_found")
    file.asked += 1
    return done({
      file: { id, name: file.name, mimetype: file.asked > fileLooks && file.content !== null ? mimetypeOf(file.content) : "", size: file.bytes },
    })
  },
}

const mimetypeOf = (content: Buffer): string => (content.subarray(1, 4).toString() === "PNG" ? "image/png" : "text/plain")

/** A message may show a file once Slack has made out what it is. */
function fileFault(state: State, blocks: unknown, fileLooks: number): Answered | null {
  for (const block of list(blocks).map(json)) {
    if (block.type !== "image" || !("slack_file" in block)) continue
    const file = state.files.get(text(json(block.slack_file).id) ?? "")
    const shows = file?.complete === true && file.asked > fileLooks && file.content !== null && mimetypeOf(file.content) === "image/png"
    if (!shows) return refused("invalid_blocks", ["[ERROR] invalid slack file [json-pointer:/blocks]"])
  }
  return null
}

const localed = (user: Json, args: Json): Json => {
  if (String(args.include_locale) === "true") return user
  const { locale: _locale, ...rest } = user
  return rest
}

const channelFault = (state: State, channel: string): string | null => {
  if (!channel.startsWith("D")) return "channel_not_found"
  return state.people.has(userOfDm(channel)) ? null : "channel_not_found"
}

/** The bot is in no shared channel; a person's id opens the direct conversation. */
function postChannel(state: State, channel: string): string | { fault: string } {
  if (channel.startsWith("C")) return { fault: "not_in_channel" }
  if (channel.startsWith("U")) return state.people.has(channel) ? dmOf(channel) : { fault: "channel_not_found" }
  return channelFault(state, channel) === null ? channel : { fault: "channel_not_found" }
}

/** Null where Slack takes the words and blocks of `args`; `text` and `blocks` are as chat.postMessage has them. */
export function messageFault(args: Json): Answered | null {
  const words = text(args.text) ?? ""
  const blocks = args.blocks
  if (words === "" && list(blocks).length === 0) return refused("no_text")
  if (words.length > 40_000) return refused("msg_too_long")
  if (blocks === undefined) return null
  const faults = blockFaults(blocks, "message")
  if (faults.length > 0) return refused("invalid_blocks", faults)
  return charactersIn(blocks) > mostCharacters ? refused("msg_blocks_too_long") : null
}

export function botMessage(state: State, channel: string, args: Json, ephemeral: string | null = null): Message {
  return {
    channel,
    ts: nextTs(state),
    user: state.team.botUser,
    fromBot: true,
    text: text(args.text) ?? "",
    blocks: withIds(state, args.blocks),
    metadata: args.metadata === undefined ? null : json(args.metadata),
    thread: text(args.thread_ts),
    ephemeral,
    edited: false,
    deleted: false,
    args,
  }
}

export function rewrite(message: Message, args: Json): void {
  message.text = text(args.text) ?? message.text
  message.blocks = list(args.blocks)
  message.edited = true
  message.args = args
}

/** Slack gives every block an id that lacks one. */
const withIds = (state: State, blocks: unknown): readonly unknown[] =>
  list(blocks).map((block) => ("block_id" in json(block) ? block : { ...json(block), block_id: `b${state.next()}` }))

const historyItem = (state: State, message: Message, metadata: boolean): Json => ({
  type: "message",
  user: message.user,
  ...(message.fromBot ? { bot_id: state.team.botId, app_id: state.team.appId } : {}),
  ts: message.ts,
  text: message.text,
  blocks: message.blocks,
  ...(message.thread === null ? {} : { thread_ts: message.thread }),
  ...(metadata && message.metadata !== null ? { metadata: message.metadata } : {}),
})
