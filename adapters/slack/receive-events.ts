// The events api: messages in the bot's own direct conversations, the home tab, people who come and go, the app's removal.
// Refuses to hear what any bot wrote, and what was written where others read along.

import { type Body, bodyIn, listIn, textIn } from "../../src/platform/body.ts"
import type { Happening, InboundEvent } from "../../src/platform/event.ts"
import { firstIn, idIn, isTrueIn, timeIn, tokenIn } from "./narrow.ts"
import { type Direct, ignored, type Known, type Received, type Reply, routeTo } from "./reply.ts"
import { typedWords } from "./words.ts"

/** What every event of one envelope shares. */
type Envelope = { id: string; at: Date; tenant: string; bot: string | null; app: string | null; known: Known }

export function receivedFromEvents(body: Body, known: Known): Received {
  const event = bodyIn(body, "event")
  const id = tokenIn(body, "event_id")
  const tenant = tenantOf(body)
  if (event === null || id === null || tenant === null) return ignored("incomplete")
  const authorization = firstIn(body, "authorizations")
  const bot = isTrueIn(authorization, "is_bot") ? idIn(authorization, "user_id") : null
  const envelope: Envelope = { id, at: timeIn(body, "event_time", known.now), tenant, bot, app: idIn(body, "api_app_id"), known }
  switch (textIn(event, "type")) {
    case "message":
      return message(event, envelope)
    case "app_home_opened":
      return homeOpened(event, envelope)
    case "team_join":
      return joined(event, envelope)
    case "user_change":
      return changed(event, envelope)
    case "app_uninstalled":
      return disconnected(envelope)
    case "tokens_revoked":
      return listIn(bodyIn(event, "tokens"), "bot").length === 0 ? ignored("user_tokens_revoked") : disconnected(envelope)
    default:
      return ignored("unknown_type")
  }
}

/** Where the app is installed: not always where the writer is at home. */
const tenantOf = (body: Body): string | null => idIn(firstIn(body, "authorizations"), "team_id") ?? idIn(body, "team_id")

function message(event: Body, envelope: Envelope): Received {
  const channel = idIn(event, "channel")
  if (textIn(event, "channel_type") !== "im") return ignored("not_direct")
  if (channel === null) return ignored("incomplete")
  switch (textIn(event, "subtype")) {
    case null:
    case "file_share":
    case "thread_broadcast":
    case "me_message":
      return said(event, channel, envelope)
    case "message_changed":
      return edited(event, channel, envelope)
    case "message_deleted":
      return deleted(bodyIn(event, "previous_message"), idIn(event, "deleted_ts"), channel, envelope)
    case "bot_message":
      return ignored(botCode(event, envelope))
    default:
      return ignored("other_subtype")
  }
}

function said(event: Body, channel: string, envelope: Envelope): Received {
  const author = authorOf(event, envelope)
  const ts = idIn(event, "ts")
  if (typeof author !== "string") return author
  if (ts === null) return ignored("incomplete")
  const text = wordsOf(event)
  const thread = threadOf(event, ts)
  const happening: Happening = {
    kind: "said",
    messageId: messageIdOf(channel, ts),
    text,
    ...(thread === null ? {} : { inReplyTo: messageIdOf(channel, thread) }),
  }
  return direct({ tenant: envelope.tenant, user: author, channel }, happening, envelope, { thread, typed: text })
}

function edited(event: Body, channel: string, envelope: Envelope): Received {
  const now = bodyIn(event, "message")
  const before = bodyIn(event, "previous_message")
  const ts = idIn(now, "ts")
  // A message that others answered in a thread leaves a stone behind when it is deleted.
  if (textIn(now, "subtype") === "tombstone") return deleted(before, ts, channel, envelope)
  if (now === null || ts === null) return ignored("incomplete")
  const author = authorOf(now, envelope)
  if (typeof author !== "string") return author
  const text = wordsOf(now)
  // An unfurled link, a file or a reply in the thread: the words are as they were.
  if (before !== null && wordsOf(before) === text) return ignored("same_words")
  const happening: Happening = { kind: "edited", messageId: messageIdOf(channel, ts), text }
  return direct({ tenant: envelope.tenant, user: author, channel }, happening, envelope, { thread: threadOf(now, ts), typed: text })
}

function deleted(before: Body | null, ts: string | null, channel: string, envelope: Envelope): Received {
  if (before === null || ts === null) return ignored("incomplete")
  const author = authorOf(before, envelope)
  if (typeof author !== "string") return author
  return direct({ tenant: envelope.tenant, user: author, channel }, { kind: "deleted", messageId: messageIdOf(channel, ts) }, envelope)
}

/** Who wrote a message, or why it is not heard. */
function authorOf(message: Body, envelope: Envelope): string | Received {
  const user = idIn(message, "user")
  if (isBots(message) || user === "USLACKBOT" || (user !== null && user === envelope.bot)) return ignored(botCode(message, envelope))
  return user ?? ignored("incomplete")
}

const isBots = (message: Body): boolean =>
  textIn(message, "bot_id") !== null || bodyIn(message, "bot_profile") !== null || textIn(message, "subtype") === "bot_message"

function botCode(message: Body, { bot, app }: Envelope): string {
  const own = (bot !== null && idIn(message, "user") === bot) || (app !== null && idIn(message, "app_id") === app)
  return own ? "own_message" : "other_bot"
}

const wordsOf = (message: Body): string => typedWords(textIn(message, "text") ?? "", listIn(message, "blocks"))

const messageIdOf = (channel: string, ts: string): string => `${channel}/${ts}`

function threadOf(message: Body, ts: string): string | null {
  const thread = idIn(message, "thread_ts")
  return thread === ts ? null : thread
}

function homeOpened(event: Body, envelope: Envelope): Received {
  const user = idIn(event, "user")
  const channel = idIn(event, "channel")
  if (user === null) return ignored("incomplete")
  if (textIn(event, "tab") === "home") return about(user, channel, { kind: "opened_home" }, envelope, { origin: { kind: "home" } })
  return channel === null ? ignored("messages_tab") : { kind: "ignored", why: "messages_tab", direct: { tenant: envelope.tenant, user, channel } }
}

function joined(event: Body, envelope: Envelope): Received {
  const profile = bodyIn(event, "user")
  const user = idIn(profile, "id")
  if (user === null) return ignored("incomplete")
  return isBotUser(profile, user) ? ignored("other_bot") : about(user, null, { kind: "arrived" }, envelope)
}

function changed(event: Body, envelope: Envelope): Received {
  const profile = bodyIn(event, "user")
  const user = idIn(profile, "id")
  if (user === null) return ignored("incomplete")
  if (isBotUser(profile, user)) return ignored("other_bot")
  return isTrueIn(profile, "deleted") ? about(user, null, { kind: "left" }, envelope) : ignored("profile_changed")
}

const isBotUser = (profile: Body | null, user: string): boolean =>
  isTrueIn(profile, "is_bot") || isTrueIn(profile, "is_workflow_bot") || user === "USLACKBOT"

/** Nobody did this: the account is the workspace's, without a user. */
const disconnected = (envelope: Envelope): Received =>
  about("", null, { kind: "disconnected", workspace: { platform: "slack", tenant: envelope.tenant } }, envelope)

type Particular = Partial<Pick<Reply, "thread" | "typed" | "origin">>

const about = (user: string, channel: string | null, happening: Happening, envelope: Envelope, particular?: Particular): Received => {
  const known = channel ?? envelope.known.dmOf(envelope.tenant, user)
  return answered({ tenant: envelope.tenant, user }, known, happening, envelope, particular)
}

const direct = ({ tenant, user, channel }: Direct, happening: Happening, envelope: Envelope, particular?: Particular): Received =>
  answered({ tenant, user }, channel, happening, envelope, particular)

function answered(
  { tenant, user }: { tenant: string; user: string },
  channel: string | null,
  happening: Happening,
  { id, at }: Envelope,
  { thread = null, typed = null, origin = null }: Particular = {},
): Received {
  const event: InboundEvent = {
    id,
    at,
    from: { account: { platform: "slack", tenant, user }, route: routeTo(channel, user) },
    where: "direct",
    ...happening,
  }
  return {
    kind: "event",
    event,
    reply: { tenant, user, channel, thread, triggerId: null, responseUrl: null, origin, submission: false, where: "direct", typed },
  }
}
