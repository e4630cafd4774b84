// What Slack sends, in the shapes that it sends it: one function a kind. Refuses to know how it gets there.
import { type Json, text } from "./json.ts"
import { dmOf, type Message, newTrigger, nextTs, type OpenView, type Person, type State, userObject } from "./state.ts"

/** `id` is the event's own, kept when it is sent again. */
export type Payload = { kind: "event" | "interaction" | "command"; id: string; body: Json }

const seconds = (state: State): number => Math.floor(state.now().getTime() / 1000)

/** An Events API body around one event. */
export function eventOf(state: State, event: Json): Payload {
  const id = `Ev${String(state.next()).padStart(9, "0")}`
  const { team } = state
  return {
    kind: "event",
    id,
    body: {
      token: "a-token-of-old",
      team_id: team.id,
      ...(team.enterprise === null ? {} : { enterprise_id: team.enterprise }),
      api_app_id: team.appId,
      event,
      type: "event_callback",
      event_id: id,
      event_time: seconds(state),
      authorizations: [{ enterprise_id: team.enterprise, team_id: team.id, user_id: team.botUser, is_bot: true, is_enterprise_install: false }],
      is_ext_shared_channel: false,
      event_context: `4-${id}`,
    },
  }
}

export function saidEvent(state: State, message: Message, extra: Json = {}): Payload {
  return eventOf(state, {
    ...messageObject(state, message),
    channel: message.channel,
    event_ts: message.ts,
    channel_type: message.channel.startsWith("D") ? "im" : "channel",
    ...extra,
  })
}

function messageObject(state: State, message: Message): Json {
  const { team } = state
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    ...(message.fromBot
      ? {
          bot_id: team.botId,
          app_id: team.appId,
          bot_profile: { id: team.botId, app_id: team.appId, name: "Rapport", deleted: false, team_id: team.id },
        }
      : { client_msg_id: `c-${message.ts}` }),
    text: message.text,
    team: team.id,
    ...(message.thread === null ? {} : { thread_ts: message.thread }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
  }
}

export function editedEvent(state: State, message: Message, before: Message): Payload {
  const ts = nextTs(state)
  return eventOf(state, {
    type: "message",
    subtype: "message_changed",
    message: { ...messageObject(state, message), edited: { user: message.user, ts } },
    previous_message: messageObject(state, before),
    channel: message.channel,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: "im",
  })
}

export function deletedEvent(state: State, message: Message): Payload {
  const ts = nextTs(state)
  return eventOf(state, {
    type: "message",
    subtype: "message_deleted",
    previous_message: messageObject(state, message),
    channel: message.channel,
    hidden: true,
    deleted_ts: message.ts,
    ts,
    event_ts: ts,
    channel_type: "im",
  })
}

export const homeEvent = (state: State, user: string, tab: "home" | "messages"): Payload =>
  eventOf(state, { type: "app_home_opened", user, channel: dmOf(user), tab, event_ts: nextTs(state) })

export const joinedEvent = (state: State, person: Person): Payload =>
  eventOf(state, { type: "team_join", user: userObject(person), cache_ts: seconds(state), event_ts: nextTs(state) })

export const changedEvent = (state: State, person: Person): Payload =>
  eventOf(state, { type: "user_change", user: userObject(person), cache_ts: seconds(state), event_ts: nextTs(state) })

export const uninstalledEvent = (state: State): Payload => eventOf(state, { type: "app_uninstalled", event_ts: nextTs(state) })

export const revokedEvent = (state: State): Payload =>
  eventOf(state, { type: "tokens_revoked", tokens: { oauth: [], bot: [state.team.botUser] }, event_ts: nextTs(state) })

const whoAndWhere = (state: State, user: string): Json => ({
  user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: state.team.id },
  api_app_id: state.team.appId,
  token: "a-token-of-old",
  team: { id: state.team.id, domain: "larkspur" },
  enterprise: state.team.enterprise === null ? null : { id: state.team.enterprise, name: "District" },
  is_enterprise_install: false,
})

/** What was pressed: an element of a block, with its own ids. */
export type Act = { type: string; blockId: string; actionId: string; value?: string; option?: Json }

function actionObject(state: State, { type, blockId, actionId, value, option }: Act): Json {
  return {
    type,
    action_id: actionId,
    block_id: blockId,
    ...(value === undefined ? {} : { value }),
    ...(option === undefined ? {} : { selected_option: option, placeholder: { type: "plain_text", text: "Which", emoji: true } }),
    action_ts: nextTs(state),
  }
}

export function pressPayload(state: State, user: string, message: Message, act: Act, responseUrl: string): Payload {
  const trigger = newTrigger(state, user)
  return {
    kind: "interaction",
    id: trigger,
    body: {
      type: "block_actions",
      ...whoAndWhere(state, user),
      container: { type: "message", message_ts: message.ts, channel_id: message.channel, is_ephemeral: message.ephemeral !== null },
      trigger_id: trigger,
      channel: { id: message.channel, name: message.channel.startsWith("D") ? "directmessage" : "general" },
      ...(message.ephemeral === null ? { message: messageObject(state, message) } : {}),
      state: { values: {} },
      response_url: responseUrl,
      actions: [actionObject(state, act)],
    },
  }
}

export function homePressPayload(state: State, user: string, home: OpenView, act: Act): Payload {
  const trigger = newTrigger(state, user)
  return {
    kind: "interaction",
    id: trigger,
    body: {
      type: "block_actions",
      ...whoAndWhere(state, user),
      container: { type: "view", view_id: home.id },
      trigger_id: trigger,
      view: viewObject(state, home),
      actions: [actionObject(state, act)],
    },
  }
}

export const viewObject = (state: State, { id, view }: OpenView, values?: Json): Json => ({
  ...view,
  id,
  team_id: state.team.id,
  app_id: state.team.appId,
  bot_id: state.team.botId,
  hash: `${seconds(state)}.abc`,
  private_metadata: text(view.private_metadata) ?? "",
  callback_id: text(view.callback_id) ?? "",
  state: { values: values ?? {} },
  root_view_id: id,
  previous_view_id: null,
  clear_on_close: false,
  notify_on_close: false,
  external_id: "",
})

export function submitPayload(state: State, user: string, modal: OpenView, values: Json): Payload {
  const trigger = newTrigger(state, user)
  return {
    kind: "interaction",
    id: trigger,
    body: {
      type: "view_submission",
      ...whoAndWhere(state, user),
      trigger_id: trigger,
      view: viewObject(state, modal, values),
      response_urls: [],
    },
  }
}

export function commandPayload(state: State, user: string, channel: string, command: string, words: string, responseUrl: string): Payload {
  const trigger = newTrigger(state, user)
  return {
    kind: "command",
    id: trigger,
    body: {
      token: "a-token-of-old",
      team_id: state.team.id,
      team_domain: "larkspur",
      ...(state.team.enterprise === null ? {} : { enterprise_id: state.team.enterprise, enterprise_name: "District" }),
      channel_id: channel,
      channel_name: channel.startsWith("D") ? "directmessage" : "general",
      user_id: user,
      user_name: user.toLowerCase(),
      command: `/${command}`,
      text: words,
      api_app_id: state.team.appId,
      is_enterprise_install: "false",
      response_url: responseUrl,
      trigger_id: trigger,
    },
  }
}

const emoji: readonly (readonly [string, string, string])[] = [
  ["🎉", "tada", "1f389"],
  ["👋", "wave", "1f44b"],
  ["🙂", "slightly_smiling_face", "1f642"],
]

/** What Slack makes of typed words: entities, bare links in angles, emoji by name, and rich text beside it. */
export function typed(words: string): { text: string; blocks: readonly Json[] } {
  let source = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  source = source.replace(/https?:\/\/[^\s<>|]+/g, (url) => `<${url}>`)
  const elements: Json[] = []
  let plain = ""
  const flush = () => {
    if (plain !== "") elements.push({ type: "text", text: plain })
    plain = ""
  }
  for (const point of words) {
    const known = emoji.find(([shown]) => shown === point)
    if (known === undefined) plain += point
    else {
      flush()
      elements.push({ type: "emoji", name: known[1], unicode: known[2] })
    }
  }
  flush()
  for (const [shown, name] of emoji) source = source.replaceAll(shown, `:${name}:`)
  return {
    text: source,
    blocks: elements.length === 0 ? [] : [{ type: "rich_text", block_id: "typed", elements: [{ type: "rich_text_section", elements }] }],
  }
}
