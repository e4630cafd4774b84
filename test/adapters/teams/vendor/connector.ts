// The connector's REST API over the tenant in memory: each request refuses what Teams refuses.
import { cardFaults, mostActivityBytes, mostCardBytes } from "./cards.ts"
import { adaptive } from "./dialogs.ts"
import { type Json, json, list, text } from "./json.ts"
import { type Call, channel, found, type Message, nextMessageId, type Person, personBy, personIn, type State } from "./state.ts"
import { errorBody } from "./trouble.ts"

export type Answered = { status: number; body: string }

const done = (status: number, body: Json = {}): Answered => ({ status, body: JSON.stringify(body) })
const refused = (status: number, code: string, message?: string): Answered => ({
  status,
  body: message === undefined ? errorBody(code) : JSON.stringify({ error: { code, message } }),
})

/** Which call a request under a region is. */
export function routed(method: string, path: string): Pick<Call, "kind" | "conversation" | "activity"> {
  const [, first, second, third, fourth, ...rest] = path.split("/").map(decodeURIComponent)
  const none = { conversation: null, activity: null }
  if (first !== "v3" || second !== "conversations" || rest.length > 1) return { kind: "unknown", ...none }
  if (third === undefined) return { kind: method === "POST" ? "open" : "unknown", ...none }
  const at = { conversation: third, activity: rest[0] ?? null }
  if (fourth === "members") return { kind: method === "GET" && at.activity !== null ? "member" : "unknown", ...at }
  if (fourth !== "activities") return { kind: "unknown", ...at }
  if (at.activity === null) return { kind: method === "POST" ? "send" : "unknown", ...at }
  const kinds: Readonly<Record<string, Call["kind"]>> = { POST: "reply", PUT: "update", DELETE: "delete" }
  return { kind: kinds[method] ?? "unknown", ...at }
}

export function callConnector(state: State, call: Call): Answered {
  if (!call.authorized) return refused(401, "BotNotRegistered")
  if (state.blockedByAdmin) return refused(403, "BotDisabledByAdmin")
  switch (call.kind) {
    case "open":
      return opened(state, json(call.body))
    case "send":
    case "reply":
      return sent(state, call)
    case "update":
    case "delete":
      return changed(state, call)
    case "member":
      return described(state, call)
    default:
      return refused(404, "NotFound")
  }
}

/** One conversation with one person of the tenant, who must have the app. */
function opened(state: State, body: Json): Answered {
  const members = list(body.members).map(json)
  const botId = text(json(body.bot).id)
  if (body.isGroup === true || members.length !== 1) return refused(400, "BadSyntax", "A conversation of a bot's own has one member.")
  if (botId !== state.botId) return refused(400, "BadSyntax", "Unknown bot.")
  const tenant = text(body.tenantId) ?? text(json(json(body.channelData).tenant).id)
  if (tenant === null) return refused(400, "BadSyntax", "A tenant is needed.")
  if (tenant.toLowerCase() !== state.tenant) return refused(403, "ForbiddenOperationException")
  const person = personBy(state, text(members[0]?.id) ?? "")
  if (person === undefined) return refused(404, "NotFound", "The user was not found in the tenant.")
  if (!person.installed) return refused(403, "ForbiddenOperationException", "The bot is not installed in user's personal scope.")
  if (body.activity === undefined) return done(201, { id: person.conversation })
  const fault = activityFault(json(body.activity))
  if (fault !== null) return fault
  const message = botMessage(state, person.conversation, json(body.activity), null)
  state.messages.push(message)
  return done(201, { id: person.conversation, activityId: message.id })
}

/** Null where the bot may write there. */
function placeFault(state: State, conversation: string): Answered | null {
  if (conversation.startsWith(channel)) return null
  const person = personIn(state, conversation)
  if (person === undefined) return refused(404, "ConversationNotFound")
  if (!person.installed) return refused(403, "BotNotInConversationRoster")
  return person.blocked ? { status: 403, body: errorBody("MessageWritesBlocked", true) } : null
}

function sent(state: State, { conversation, activity: replyTo, body }: Call): Answered {
  const place = conversation ?? ""
  const activity = json(body)
  const fault = placeFault(state, place) ?? activityFault(activity)
  if (fault !== null) return fault
  if (activity.type === "typing") return done(202, {})
  if (replyTo !== null && found(state, place, replyTo) === undefined) return refused(404, "ActivityNotFoundInConversation")
  const message = botMessage(state, place, activity, replyTo)
  state.messages.push(message)
  return done(201, { id: message.id })
}

function changed(state: State, { kind, conversation, activity: id, body }: Call): Answered {
  const fault = placeFault(state, conversation ?? "")
  if (fault !== null) return fault
  const message = found(state, conversation ?? "", id ?? "")
  if (message === undefined) return refused(404, "ActivityNotFoundInConversation")
  if (message.by !== null) return refused(403, "ForbiddenOperationException", "A bot changes its own messages only.")
  if (kind === "delete") {
    message.deleted = true
    return done(200)
  }
  const wrong = activityFault(json(body))
  if (wrong !== null) return wrong
  Object.assign(message, shownOf(json(body)), { fresh: null, edited: true })
  return done(200, { id: message.id })
}

function described(state: State, { conversation, activity: id }: Call): Answered {
  const fault = placeFault(state, conversation ?? "")
  if (fault !== null) return fault
  const person = personBy(state, id ?? "")
  const isThere = person !== undefined && (conversation === person.conversation || (conversation ?? "").startsWith(channel))
  return isThere ? done(200, memberObject(state, person)) : refused(404, "MemberNotFoundInConversation")
}

export function memberObject(state: State, { teamsId, id, name, email, upn, role }: Person): Json {
  const [givenName = "", ...others] = name.split(" ")
  return {
    id: teamsId,
    name,
    aadObjectId: id,
    objectId: id,
    givenName,
    surname: others.join(" "),
    ...(email === null ? {} : { email }),
    userPrincipalName: upn,
    tenantId: state.tenant,
    userRole: role,
  }
}

/** Null where Teams takes the activity and shows it. */
export function activityFault(activity: Json): Answered | null {
  if (activity.type !== "message" && activity.type !== "typing") return refused(400, "BadSyntax", "Unknown activity type.")
  if (activity.type === "typing") return null
  if ("attachments" in activity && !Array.isArray(activity.attachments)) return refused(400, "BadSyntax", "Attachments are a list.")
  const attachments = list(activity.attachments).map(json)
  if ((text(activity.text) ?? "") === "" && attachments.length === 0)
    return refused(400, "BadSyntax", "Activity must include non empty 'text' field or at least 1 attachment")
  if (Buffer.byteLength(JSON.stringify(activity)) > mostActivityBytes) return refused(413, "MessageSizeTooBig")
  for (const { contentType, content } of attachments) {
    if (contentType !== adaptive) return refused(400, "BadSyntax", `Unknown attachment type: ${String(contentType)}`)
    if (Buffer.byteLength(JSON.stringify(content ?? null)) > mostCardBytes) return refused(413, "MessageSizeTooBig")
    const faults = cardFaults(content, "message")
    if (faults.length > 0) return refused(400, "BadSyntax", faults.join(", "))
  }
  return null
}

const shownOf = (activity: Json): Pick<Message, "activity" | "text" | "summary" | "cards"> => ({
  activity,
  text: text(activity.text) ?? "",
  summary: text(activity.summary),
  cards: list(activity.attachments).map((attachment) => json(json(attachment).content)),
})

export const botMessage = (state: State, conversation: string, activity: Json, replyTo: string | null): Message => ({
  conversation,
  id: nextMessageId(state, conversation),
  by: null,
  ...shownOf(activity),
  fresh: null,
  replyTo,
  edited: false,
  deleted: false,
})
