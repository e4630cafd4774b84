// Which rights in a workspace the app asks for, and what each is for: a method that is called, an event that is taken, or a slash command.
// Refuses to hold any that nothing needs; a test reads this folder's sources against it.

/** Each Web API method that is called, with the bot scopes it needs (docs.slack.dev/reference/methods). */
export const methodScopes: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.open": ["im:write"],
  "conversations.history": ["im:history"],
  "users.list": ["users:read", "users:read.email"],
  "users.info": ["users:read", "users:read.email"],
  "views.open": [],
  "views.publish": [],
  "files.getUploadURLExternal": ["files:write"],
  "files.completeUploadExternal": ["files:write"],
  "files.info": ["files:read"],
  "apps.connections.open": [],
}

/** Each event that is subscribed to: the scopes it needs, and the inbound kinds that come of it. */
export const eventScopes: Readonly<Record<string, { scopes: readonly string[]; becomes: readonly string[] }>> = {
  "message.im": { scopes: ["im:history"], becomes: ["said", "edited", "deleted"] },
  app_home_opened: { scopes: [], becomes: ["opened_home"] },
  team_join: { scopes: ["users:read"], becomes: ["arrived"] },
  user_change: { scopes: ["users:read"], becomes: ["left"] },
  app_uninstalled: { scopes: [], becomes: ["disconnected"] },
  tokens_revoked: { scopes: [], becomes: ["disconnected"] },
}

/** What slash commands need, the inbound kind `commanded`. */
export const commandScopes = ["commands"] as const

/** What the app token of Socket Mode needs, for apps.connections.open. */
export const appTokenScope = "connections:write"

export const botEvents: readonly string[] = Object.keys(eventScopes)

export const botScopes: readonly string[] = [
  ...new Set([...Object.values(methodScopes).flat(), ...Object.values(eventScopes).flatMap(({ scopes }) => scopes), ...commandScopes]),
].sort()

/** What a scope is for, in Slack's own names. */
export const neededFor = (scope: string): string[] => [
  ...Object.keys(methodScopes).filter((method) => methodScopes[method]?.includes(scope)),
  ...botEvents.filter((event) => eventScopes[event]?.scopes.includes(scope)),
  ...(commandScopes.some((one) => one === scope) ? ["slash commands"] : []),
]
