// What Teams sends the bot, in the shapes that it sends it: one function a kind. Refuses to know how it gets there.
import { type Json, json } from "./json.ts"
import { channel, type Message, nextActivityId, type Person, type State, team } from "./state.ts"

export type Place = { kind: "personal" } | { kind: "channel"; thread: string }

const personal: Place = { kind: "personal" }

const escaped = (words: string): string => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** The same moment on the wall of somebody's zone. */
function localTime(at: Date, zone: string | null): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone ?? "UTC",
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
    timeZoneName: "longOffset",
  }).formatToParts(at)
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? ""
  const offset = of("timeZoneName").replace("GMT", "")
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}:${of("second")}.${of("fractionalSecond")}${offset === "" ? "+00:00" : offset}`
}

/** What every activity of somebody's carries. */
export function activityOf(state: State, serviceUrl: string, person: Person, place: Place, own: Json): Json {
  const at = state.now()
  const shared = place.kind === "channel"
  return {
    timestamp: at.toISOString(),
    localTimestamp: localTime(at, person.zone),
    channelId: "msteams",
    serviceUrl,
    from: { id: person.teamsId, name: person.name, aadObjectId: person.id },
    conversation: shared
      ? { isGroup: true, conversationType: "channel", tenantId: state.tenant, id: `${channel};messageid=${place.thread}` }
      : { conversationType: "personal", tenantId: state.tenant, id: person.conversation },
    recipient: { id: state.botId, name: state.botName },
    locale: person.locale,
    ...(person.zone === null ? {} : { localTimezone: person.zone }),
    ...own,
    entities: [
      ...(Array.isArray(own.entities) ? own.entities : []),
      {
        locale: person.locale,
        country: person.country,
        platform: person.device,
        ...(person.zone === null ? {} : { timezone: person.zone }),
        type: "clientInfo",
      },
    ],
    channelData: {
      ...(shared ? { teamsChannelId: channel, teamsTeamId: team.id, channel: { id: channel }, team: { id: team.id } } : {}),
      tenant: { id: state.tenant },
      ...json(own.channelData),
    },
  }
}

/** `words` as typed. Plain text comes as it is or with entities in it, and always as HTML in an attachment beside it. */
export const messageActivity = (state: State, serviceUrl: string, person: Person, id: string, words: string, extra: Json = {}): Json =>
  activityOf(state, serviceUrl, person, personal, {
    type: "message",
    id,
    textFormat: "plain",
    text: person.encodes ? escaped(words) : words,
    attachments: [{ contentType: "text/html", content: `<p>${escaped(words).replaceAll("\n", "<br>")}</p>` }],
    ...extra,
  })

/** In a channel the bot hears what names it; `others` are named too, each where `{NAME}` stands. */
export function mentionActivity(state: State, serviceUrl: string, person: Person, id: string, words: string, others: readonly Person[]): Json {
  const at = (name: string): string => `<at>${name}</at>`
  const span = (name: string, n: number): string => `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${n}">${name}</span>`
  const naming = (source: string, as: (name: string, n: number) => string = at): string =>
    others.reduce((text, { name }, i) => text.replace(`{${name}}`, as(name, i + 1)), source)
  return activityOf(
    state,
    serviceUrl,
    person,
    { kind: "channel", thread: id },
    {
      type: "message",
      id,
      textFormat: "plain",
      text: `${at(state.botName)}\u00a0${naming(person.encodes ? escaped(words) : words)}\n`,
      attachments: [{ contentType: "text/html", content: `<div><div>${span(state.botName, 0)}&nbsp;${naming(escaped(words), span)}</div>\n</div>` }],
      entities: [
        { mentioned: { id: state.botId, name: state.botName }, text: at(state.botName), type: "mention" },
        ...others.map(({ teamsId, name, id: aadObjectId }) => ({ mentioned: { id: teamsId, name, aadObjectId }, text: at(name), type: "mention" })),
      ],
    },
  )
}

export const editActivity = (state: State, serviceUrl: string, person: Person, message: Message, eventType = "editMessage"): Json =>
  messageActivity(state, serviceUrl, person, message.id, message.text, { type: "messageUpdate", channelData: { eventType } })

export const deleteActivity = (state: State, serviceUrl: string, person: Person, message: Message): Json =>
  activityOf(state, serviceUrl, person, personal, { type: "messageDelete", id: message.id, channelData: { eventType: "softDeleteMessage" } })

/** An invoke of somebody's, from a message of the bot's or from none. */
export const invokeActivity = (state: State, serviceUrl: string, person: Person, name: string, value: Json, origin: Message | null): Json =>
  activityOf(state, serviceUrl, person, personal, {
    type: "invoke",
    name,
    id: nextActivityId(),
    value,
    ...(origin === null ? {} : { replyToId: origin.id, channelData: { source: { name: "message" }, legacy: { replyToId: `1:${origin.id}` } } }),
  })

/** Action.Submit of a card: a message without words. */
export const submitActivity = (state: State, serviceUrl: string, person: Person, id: string, value: Json, origin: Message): Json =>
  activityOf(state, serviceUrl, person, personal, {
    type: "message",
    id,
    value,
    replyToId: origin.id,
    channelData: { source: { name: "message" }, legacy: { replyToId: `1:${origin.id}` } },
  })

export function queryActivity(state: State, serviceUrl: string, person: Person, words: string, thread: string): Json {
  return activityOf(
    state,
    serviceUrl,
    person,
    { kind: "channel", thread },
    {
      type: "invoke",
      name: "composeExtension/query",
      id: nextActivityId(),
      value: { commandId: "mentee", parameters: [{ name: "name", value: words }], queryOptions: { skip: 0, count: 25 } },
      channelData: { source: { name: "compose" } },
    },
  )
}

/** Teams tells of an installation twice: that it was made, and who came into the conversation by it. */
export const installActivities = (state: State, serviceUrl: string, person: Person, place: Place = personal): readonly Json[] => [
  activityOf(state, serviceUrl, person, place, { type: "installationUpdate", action: "add", id: nextActivityId() }),
  activityOf(state, serviceUrl, person, place, {
    type: "conversationUpdate",
    id: nextActivityId(),
    membersAdded: [{ id: state.botId }, ...(place.kind === "personal" ? [] : [{ id: person.teamsId, aadObjectId: person.id }])],
    ...(place.kind === "personal" ? {} : { channelData: { eventType: "teamMemberAdded" } }),
  }),
]

export const uninstallActivities = (state: State, serviceUrl: string, person: Person, place: Place = personal): readonly Json[] => [
  activityOf(state, serviceUrl, person, place, {
    type: "conversationUpdate",
    id: nextActivityId(),
    membersRemoved: [{ id: state.botId }],
    ...(place.kind === "personal" ? {} : { channelData: { eventType: "teamMemberRemoved" } }),
  }),
  activityOf(state, serviceUrl, person, place, { type: "installationUpdate", action: "remove", id: nextActivityId() }),
]

/** Nothing of Teams' comes back to the bot that wrote it; other channels of the same service do that. */
export function echoActivity(state: State, serviceUrl: string, person: Person, message: Message | null): Json {
  const { from, recipient, ...rest } = messageActivity(state, serviceUrl, person, message?.id ?? nextActivityId(), message?.text ?? "my own words")
  return { ...rest, from: recipient, recipient: from }
}
